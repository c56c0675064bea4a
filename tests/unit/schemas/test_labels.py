"""Codes and labels: every code has both labels, and the codes are those of the protocol."""

# ruff: noqa: RUF001 - Cyrillic and other letters that look Latin are part of the data

from __future__ import annotations

import re
from importlib import import_module
from pkgutil import walk_packages
from typing import Any, get_args

import pytest

import clients
import schemas
from schemas import claims, labels
from schemas.labels import CodedValue, DeclineReason, Label, Precedence, find_code

for package in (schemas, clients):
    for module in walk_packages(package.__path__, f"{package.__name__}."):
        if not module.name.endswith("__main__"):
            import_module(module.name)
CODED = sorted(CodedValue.__subclasses__(), key=lambda codes: (codes.__module__, codes.__name__))
GRADES = re.compile(r"Source|Information|Handling|Rule")
ABBREVIATIONS = {"TLS"}
"""The same in any language."""


def test_codes_of_every_package_are_seen() -> None:
    """The tests below see what the contract, the client and its screens define."""
    packages = {codes.__module__.rpartition(".")[0] for codes in CODED}
    assert {"schemas", "schemas.reports", "clients.formats", "clients.actions", "clients.desk.views"} <= packages


@pytest.mark.parametrize("codes", CODED, ids=lambda codes: codes.__name__)
def test_both_labels(codes: type[CodedValue]) -> None:
    """Every code has an English label without Cyrillic and a Russian one with it."""
    for code in codes:
        assert code.label.en.strip()
        assert not re.search("[а-яё]", code.label.en, re.IGNORECASE)
        assert code.label.ru in ABBREVIATIONS or re.search("[а-яё]{2}", code.label.ru, re.IGNORECASE)


@pytest.mark.parametrize("codes", CODED, ids=lambda codes: codes.__name__)
def test_labels_tell_codes_apart(codes: type[CodedValue]) -> None:
    """No two codes of a type read the same in either language."""
    assert len({code.label.en.casefold() for code in codes}) == len(codes)
    assert len({code.label.ru.casefold() for code in codes}) == len(codes)


@pytest.mark.parametrize("codes", CODED, ids=lambda codes: codes.__name__)
def test_spelling_of_codes(codes: type[CodedValue]) -> None:
    """A code is lower_snake, but for grades, whose letters and digits are not ours to choose."""
    form = r"[A-Z]?[0-9]?" if GRADES.match(codes.__name__) else r"[a-z][a-z0-9]*(_[a-z0-9]+)*"
    assert all(re.fullmatch(form, code.value) for code in codes)


@pytest.mark.parametrize(
    ("literal", "codes"),
    [
        (claims.Status, labels.Status),
        (claims.Precedence, labels.Precedence),
        (claims.Handling, labels.HandlingCode),
        (claims.Rel, labels.Relation),
        (claims.Outcome, labels.Outcome),
    ],
)
def test_agrees_with_claims(literal: Any, codes: type[CodedValue]) -> None:
    """Labels exist for exactly the words that covers and receipts may use."""
    assert get_args(literal) == tuple(code.value for code in codes)


def test_words_of_the_protocol() -> None:
    """Reasons to decline are those of PROTOCOL 6."""
    assert " ".join(DeclineReason) == "not_ours insufficient duplicate unlawful capacity other"


def test_code_is_its_text() -> None:
    """A coded value is the text that travels, and carries its labels."""
    assert Precedence("priority") is Precedence.PRIORITY
    assert str(Precedence.PRIORITY) == "priority"
    assert Precedence.PRIORITY.label == Label("Priority", "Срочное")


@pytest.mark.parametrize("text", ["priority", "PRIORITY", " Priority ", "срочное"])
def test_find_code(text: str) -> None:
    """A code is found by itself and by either label, in any case."""
    assert find_code(Precedence, text) is Precedence.PRIORITY


def test_find_no_code() -> None:
    """What spells no code finds none."""
    assert find_code(Precedence, "") is None
    assert find_code(Precedence, "prior") is None
