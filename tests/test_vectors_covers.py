"""What follows from covers is what their committed vectors say."""

from __future__ import annotations

import json

from schemas.addresses import Address
from schemas.claims import counted_precedence, lane_of
from schemas.limits import RECEIVED_DUE_S
from schemas.rules.expecting import ends_wait
from schemas.rules.handling import Use, handling_that_holds, is_permitted
from tests.vectors.covers import owing, read_cover
from tests.vectors.generate import DIRECTORY


def test_covers() -> None:
    """The stricter code holds, who is named owes, and only what is an answer ends that."""
    vector = json.loads((DIRECTORY / "covers.json").read_text(encoding="utf-8"))
    for case in vector["handling"]:
        assert handling_that_holds(case["cover"], case["report"]) == case["holds"]
    assert [owing(case["cover"]) for case in vector["owed"]] == [case["owed"] for case in vector["owed"]]
    for case in vector["ends"]:
        assert ends_wait(read_cover(case["cover"]), case["rel"], Address(case["asker"])) == case["ended"]
    for case in vector["precedence"]:
        due_s = RECEIVED_DUE_S[counted_precedence(case["precedence"])]
        assert (lane_of(case["precedence"]), due_s) == (case["lane"], case["received_due_s"])
    assert len({str(case["owed"]) for case in vector["owed"]}) > 4
    assert {case["ended"] for case in vector["ends"]} == {"KG/NFP", "KZ/NFP", "*", None}


def test_handling_uses() -> None:
    """What is permitted without asking follows from the code that holds and from the colour."""
    for vector in json.loads((DIRECTORY / "handling.json").read_text(encoding="utf-8"))["uses"]:
        colours = (vector["tlp"],) if vector["tlp"] else ()
        permitted = [use.value for use in Use if is_permitted(use, vector["holds"], colours)]
        assert permitted == vector["permitted"]
