"""A report opened again, and changed."""

from __future__ import annotations

from typing import Any

import pytest

from clients.actions.forms import build_report
from clients.actions.revision import answers_of, revise
from schemas.encoding import encode_json
from schemas.reports import parse_report
from schemas.reports.kinds import forms
from tests.unit.clients.actions.test_forms import ANSWERS

RICH: dict[str, Any] = {
    "report": "seizure",
    "version": 1,
    "our_reference": "KZ-2",
    "date": "2026-11-24",
    "country": "KZ",
    "goods": [
        {"group": "heroin", "name": "Heroin", "quantity": "2.50", "unit": "kilogram", "purity_percent": "61"},
        {"group": "opium", "name": "Opium"},
    ],
    "place": {"name": "Korday"},
}
WARNED: dict[str, Any] = {
    "report": "warning",
    "version": 1,
    "our_reference": "KZ-1",
    "requested_action": {"code": "other", "as_written": "Weigh it"},
    "summary": "Blue lorry",
    "identifiers": [
        {"kind": "vin", "value": "X"},
        {"kind": "vehicle_plate", "value": "A 1", "country": "KZ"},
        {"kind": "vehicle_plate", "value": "B 2"},
    ],
}


@pytest.mark.parametrize("kind", forms())
def test_report_opens_with_its_answers(kind: str) -> None:
    """The answers of a report are those that made it; nothing changed is nothing changed."""
    report = build_report(kind, ANSWERS[kind])
    assert answers_of(kind, report) == ANSWERS[kind]
    assert revise(kind, report, {}) == report


@pytest.mark.parametrize(("kind", "report"), [("seizure", RICH), ("warning", WARNED)])
def test_what_is_not_changed_stays_to_the_letter(kind: str, report: dict[str, Any]) -> None:
    """What no step asks for, and what was not answered anew, is as it was."""
    changed = revise(kind, report, {"reference": "KZ-3"})
    assert changed == {**report, "our_reference": "KZ-3"}
    parse_report(encode_json(changed).encode())


def test_first_goods_change_within_what_was_said_of_them() -> None:
    """A new quantity keeps purity and the second kind of goods; without a quantity there is no unit."""
    (first, second) = revise("seizure", RICH, {"quantity": "3"})["goods"]
    assert (first, second) == ({**RICH["goods"][0], "quantity": "3"}, RICH["goods"][1])
    (first, second) = revise("seizure", RICH, {"quantity": ""})["goods"]
    assert first == {"group": "heroin", "name": "Heroin", "purity_percent": "61"}


def test_words_fall_with_their_code() -> None:
    """The words that explained ``other`` do not explain another code."""
    assert revise("warning", WARNED, {"action": "stop"})["requested_action"] == {"code": "stop"}
    changed = revise("warning", WARNED, {"action_words": "Scan it"})
    assert changed["requested_action"] == {"code": "other", "as_written": "Scan it"}


def test_numbers_are_replaced_added_and_taken_away() -> None:
    """The first plate changes and keeps its country; a container is added; an empty answer takes away."""
    changed = revise("warning", WARNED, {"plate": "C 3", "container": "CSQU3054383"})["identifiers"]
    assert [each["value"] for each in changed] == ["X", "C 3", "B 2", "CSQU3054383"]
    assert changed[1]["country"] == "KZ"
    assert [each["value"] for each in revise("warning", WARNED, {"plate": ""})["identifiers"]] == ["X", "B 2"]
    assert "identifiers" not in revise("warning", {**WARNED, "identifiers": WARNED["identifiers"][1:2]}, {"plate": ""})


def test_empty_answer_takes_away() -> None:
    """What is answered with nothing is not said any more."""
    assert "summary" not in revise("warning", WARNED, {"summary": ""})
