"""The vectors of deconfliction: canonical forms, and what a desk answers."""

from __future__ import annotations

import json
from typing import Any

from schemas.operations.matters import canonical_number, matters_of
from schemas.reports import parse_report
from tests.support.deconflicting import form_of, question
from tests.vectors.deconfliction import answers_in, held_of, result
from tests.vectors.generate import DIRECTORY


def vectors() -> dict[str, Any]:
    """The file."""
    found: dict[str, Any] = json.loads((DIRECTORY / "deconfliction.json").read_text(encoding="utf-8"))
    return found


def test_canonical_forms() -> None:
    """Each number has the canonical form and the matter of its line."""
    for each in vectors()["canonical"]:
        number = {"kind": each["kind"], "value": each["value"]}
        assert canonical_number(**number) == each["canonical"]
        assert list(matters_of(form_of(question(numbers=[number])))) == ([each["matter"]] if each["matter"] else [])


def test_what_a_desk_answers() -> None:
    """Of each case the desk finds and says what stands there, whatever the order in which it holds the questions."""
    for case in vectors()["cases"]:
        held = [held_of(each) for each in case["dispatches"]]
        for status, expected in case["results"].items():
            for order in (held, held[::-1]):
                assert result(order, status, case["moment_ms"]) == expected, case["name"]


def test_answers_have_their_form() -> None:
    """Every answer of the vectors is one that a composer writes."""
    found = answers_in(vectors()["cases"])
    assert {each["result"] for each in found} == {"none", "talk_to", "not_compared"}
    for each in found:
        parse_report(json.dumps(each).encode())
