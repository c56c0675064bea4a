"""Where an alarm happened, in the language of the screen."""

# ruff: noqa: RUF001 - Russian words contain letters that look Latin

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import clients
from clients.documents.alarm_details import AlarmDetail, detail_of, detail_text
from clients.documents.alarms import alarm_text
from clients.store import Alarm

SOURCE = Path(clients.__file__).parent
LOCAL = {"refused"}  # what the hub said, by item and code, is shown as it came


def details() -> Iterator[str]:
    """Every detail that stands in the program where an alarm is raised, with something for what is filled in."""
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "alarm":
                kind, detail = node.args[:2]
                if not (isinstance(kind, ast.Constant) and kind.value in LOCAL):
                    yield from text_of(detail)


def text_of(node: ast.expr) -> Iterator[str]:
    """A text of the source; nothing where it is computed."""
    if isinstance(node, ast.Constant):
        yield str(node.value)
    elif isinstance(node, ast.JoinedStr):
        yield "".join(str(each.value) if isinstance(each, ast.Constant) else "7" for each in node.values)


@pytest.mark.parametrize("detail", sorted({*details()}))
def test_every_detail_has_a_form(detail: str) -> None:
    """Whoever adds an alarm gives its detail a code, and words in both languages."""
    if "7: 7 7" not in detail:  # of one that is silent, its words are those of the outcome
        assert detail_of(detail) is not None


@pytest.mark.parametrize("code", list(AlarmDetail))
def test_form_is_known_again_and_filled_alike(code: AlarmDetail, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a form makes has its code, and the Russian names the same facts."""
    names = re.findall(r"\{([a-z]+)\}", code.label.en)
    assert sorted(names) == sorted(re.findall(r"\{([a-z]+)\}", code.label.ru))
    facts = {name: f"F{number}" for number, name in enumerate(names)}
    assert detail_of(code.label.en.format(**facts)) == (code, facts)
    monkeypatch.setenv("SERAI_LANG", "ru")
    shown = detail_text(code.label.en.format(**facts))
    assert re.search("[а-я]", shown)
    assert all(fact in shown for fact in facts.values())


def test_russian_screen_has_no_english_detail(monkeypatch: pytest.MonkeyPatch) -> None:
    """An alarm is read in one language; what has no form stands as it was found."""
    alarm = Alarm("epoch", "epoch 1 goes on from 5, known was 8", 1)
    assert alarm_text(alarm).endswith("epoch 1 goes on from 5, known was 8")
    monkeypatch.setenv("SERAI_LANG", "ru")
    assert alarm_text(alarm).endswith("эпоха 1 продолжает с 5, известно было 8")
    assert detail_text("something else") == "something else"
