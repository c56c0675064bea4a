"""The vectors of a court's file of an operation, and of accounts."""

from __future__ import annotations

import json
from typing import Any

import pytest

from schemas.evidence import parse_evidence
from schemas.operations.account import account_of, judge_account
from schemas.operations.encode import state_json
from schemas.operations.proven import operations_in
from schemas.verification import verify_evidence
from tests.vectors.court import forge
from tests.vectors.generate import DIRECTORY
from tests.vectors.operations import held_of


def vector(name: str) -> dict[str, Any]:
    """A committed one."""
    read: dict[str, Any] = json.loads((DIRECTORY / f"{name}.json").read_text(encoding="utf-8"))
    return read


COURT, ACCOUNTS, OPERATIONS = vector("court"), vector("accounts"), vector("operations")


@pytest.mark.parametrize("case", COURT["files"], ids=lambda case: str(case["what"]))
def test_a_courts_file(case: dict[str, Any]) -> None:
    """What a file names and lacks is withheld, with who names it and what that could change; the rest is folded."""
    verified = verify_evidence(parse_evidence(case["file"].encode()), COURT["root"])
    assert [[each.digest, each.index, each.how] for each in verified.missing] == case["missing"]
    found = [
        {
            "operation": each.held.id,
            "steps": len(each.held.steps),
            "seen_up_to": each.seen_up_to,
            "withheld": [[one.digest, one.how.value, list(one.named_by)] for one in each.folded.state.missing],
            "unsure": [part.value for part in each.picture.unsure],
        }
        for each in operations_in(verified)
    ]
    assert found == case["operations"]


def test_only_what_nothing_names_can_be_left_out_unseen() -> None:
    """Of the files without a step, that alone names nothing missing of which the step was the last."""
    silent = [case["what"] for case in COURT["files"] if not case["missing"]]
    assert silent == ["whole", "without a note that had seen the movement and the stop"]


def test_an_account() -> None:
    """It is what the steps of the whole operation say."""
    held = held_of(OPERATIONS["whole"])
    assert json.loads(json.dumps(state_json(account_of(held)))) == ACCOUNTS["account"]
    assert state_json(judge_account(ACCOUNTS["account"], held)) == ACCOUNTS["judged"]
    assert judge_account(ACCOUNTS["account"], held).holds


@pytest.mark.parametrize("case", ACCOUNTS["forged"], ids=lambda case: str(case["what"]))
def test_a_forged_account(case: dict[str, Any]) -> None:
    """It differs where it says something else, leaves out a step, or cites what is not there; and never holds."""
    held = held_of(OPERATIONS["whole"])
    judged = judge_account(forge(ACCOUNTS["account"], tuple(case["path"]), case["value"]), held)
    assert state_json(judged) == case["judged"]
    assert not judged.holds
