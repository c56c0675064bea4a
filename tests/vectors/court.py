"""A court's file of an operation, whole and without each step; and an account, honest and forged (PROTOCOL 11, 16)."""

from __future__ import annotations

import json
from copy import deepcopy
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from schemas.addresses import Address
from schemas.checkpoint import parse_note
from schemas.claims import StatementType
from schemas.encoding import encode_base64url, sha256
from schemas.evidence import UnverifiedEvidence, encode_evidence
from schemas.operations.account import account_of, judge_account
from schemas.operations.encode import state_json
from schemas.operations.held import HeldOperation
from schemas.operations.proven import operations_in
from schemas.statements import parse_statement
from schemas.verification import verify_evidence
from tests.support.story import Story
from tests.vectors.operations import whole
from tests.vectors.scenario import KZ, NETWORK, UZ, Scenario, common, cover, sign, signing

Vector = dict[str, Any]

_FIRST = 7
_STEPS = ("the request", "a movement", "a stop", "a note that had seen the movement and the stop")


@dataclass(frozen=True)
class Court(Scenario):
    """The same ledger, longer: an operation, of which no file has the contents."""

    def _step(self, number: int, iss: Address, to: Address, claim: Vector) -> str:
        claims = {**cover(self.sealed[1]), **common(number, iss), "to": [to], "kind": "operation", "operation": claim}
        return sign(StatementType.DISPATCH, claims, signing(iss))

    @cached_property
    def statements(self) -> list[str]:
        """The ledger."""
        members = [{"member": KZ, "part": "origin"}, {"member": UZ, "part": "destination"}]
        steps = [self._step(21, KZ, UZ, {"do": "open", "participants": members})]
        named = encode_base64url(sha256(steps[0].encode()))
        for number, iss, to, do in ((22, KZ, UZ, "move"), (23, UZ, KZ, "stop"), (24, KZ, UZ, "note")):
            seen = [encode_base64url(sha256(text.encode())) for text in steps[1:]] if do == "note" else [named]
            steps.append(self._step(number, iss, to, {"id": named, "do": do, "after": seen}))
        return [*super().statements, *steps]

    def file(self, without: int | None = None) -> UnverifiedEvidence:
        """The court's file, without one of the steps."""
        places = [_FIRST + at for at in range(len(_STEPS)) if at != without]
        return UnverifiedEvidence(
            parse_note(self.note),
            (parse_statement(self.statements[0]),),
            tuple(map(self.item, (1, 2, 3, 4))),
            tuple(map(self.item, places)),
        )


def court_vector(made: Scenario) -> Vector:
    """A court's file, whole and without each step: what is withheld, who names it, and what that could change."""
    court = Court(made.entries)
    names = {"whole": None, **{f"without {name}": at for at, name in enumerate(_STEPS)}}
    return {
        "root": NETWORK.partition("/")[2],
        "files": [{"what": what, **_court_file(court.file(without))} for what, without in names.items()],
    }


def _court_file(evidence: UnverifiedEvidence) -> Vector:
    verified = verify_evidence(evidence, NETWORK.partition("/")[2])
    found = [
        {
            "operation": each.held.id,
            "steps": len(each.held.steps),
            "seen_up_to": each.seen_up_to,
            "withheld": [
                [missing.digest, missing.how.value, list(missing.named_by)] for missing in each.folded.state.missing
            ],
            "unsure": [part.value for part in each.picture.unsure],
        }
        for each in operations_in(verified)
    ]
    named = [[each.digest, each.index, each.how] for each in verified.missing]
    return {"file": encode_evidence(evidence).decode(), "missing": named, "operations": found}


FORGED: dict[str, tuple[tuple[str | int, ...], Any]] = {
    "another status": (("status",), "actual"),
    "less came in": (("custody", "balances", 0, "came_in"), "11.990"),
    "nothing is missing of it": (("custody", "balances", 0, "samples"), "0"),
    "a refusal that was none": (("countries", 1, "decisions", 0, "decision"), "granted"),
    "decided at once": (("countries", 1, "decisions", 0, "took_ms"), 0),
    "another's hands": (("countries", 2, "member"), "KZ/NFP"),
    "a contradiction that is none": (("contradictions",), [{"kind": "control_lost", "colour": "red"}]),
    "a step that nobody has": (("steps", 3, "digest"), "A" * 43),
    "a step that it will not have read": (("steps", 5, "is_read"), False),
    "of another operation": (("operation",), "A" * 43),
}
"""What a forger writes where, by its name."""


def held_whole() -> HeldOperation:
    """The whole operation of `operations.json`."""
    story = Story()
    whole(story)
    return story.held()


def forge(account: Vector, path: tuple[str | int, ...], value: Any) -> Vector:
    """An account in which another value stands at a path."""
    forged: Any = deepcopy(account)
    place = forged
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    result: Vector = forged
    return result


def account_vector() -> Vector:
    """The account of the whole operation of `operations.json`, and what is found of forged ones."""
    held = held_whole()
    account: Vector = json.loads(json.dumps(state_json(account_of(held))))
    short = {**account, "steps": [each for at, each in enumerate(account["steps"]) if at != 5]}
    forged = [
        {"what": what, "path": list(path), "value": value, "judged": _judged(forge(account, path, value), held)}
        for what, (path, value) in FORGED.items()
    ]
    left_out = {
        "what": "a refusal left out",
        "path": ["steps"],
        "value": short["steps"],
        "judged": _judged(short, held),
    }
    return {"account": account, "judged": _judged(account, held), "forged": [*forged, left_out]}


def _judged(account: Vector, held: HeldOperation) -> Vector:
    value: Vector = json.loads(json.dumps(state_json(judge_account(account, held))))
    return value
