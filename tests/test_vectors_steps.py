"""What becomes of steps of operations is what their committed vectors say, read from them alone."""

from __future__ import annotations

import json
from typing import Any

from schemas.addresses import Address, member_of
from schemas.encoding import Digest, decode_digest
from schemas.errors import SeraiError
from schemas.operations.judging import NamedDispatch, judge_step
from schemas.operations.steps import NotedOperation, NotedStep, is_stop, note_step, operation_of
from schemas.operations.table import STEPS, is_answer
from schemas.rules.references import check_reference
from tests.vectors.covers import read_cover
from tests.vectors.generate import DIRECTORY
from tests.vectors.steps import refusal


def _vector() -> dict[str, Any]:
    vector: dict[str, Any] = json.loads((DIRECTORY / "steps.json").read_text(encoding="utf-8"))
    return vector


class Reading:
    """A case as a stranger's program would read it.

    Args:
        unreachable: members that nothing can be sent to.
    """

    def __init__(self, unreachable: list[str]) -> None:
        self.unreachable = unreachable
        self.covers: dict[str, Any] = {}
        self.steps: dict[str, NotedStep | None] = {}
        self.operations: dict[Digest, NotedOperation] = {}

    def take(self, said: dict[str, Any]) -> None:
        """Judge a dispatch and take it in.

        Raises:
            SeraiError: why it is refused.
        """
        cover, digest = read_cover(said["cover"]), decode_digest(said["digest"])
        member = member_of(cover.iss)
        refs = () if is_stop(cover) else cover.refs or ()
        for ref in refs:
            by = self.covers[ref.digest]
            check_reference(ref.rel, by_sender=member_of(by.iss) == member, by_recipient=member in by.to)
        named = [NamedDispatch(ref.rel, self.steps[ref.digest]) for ref in refs]
        opened = operation_of(cover, digest)
        operation = self.operations.get(opened) if opened else None
        joining = judge_step(
            cover, frozenset(said["roles"]), operation, named, lambda each: each not in self.unreachable
        )
        replied = next((each.step for each in named if each.rel == "reply"), None)
        step = note_step(cover, digest, replied)
        self.covers[said["digest"]], self.steps[said["digest"]] = cover, step
        if step is not None:
            before = self.operations.get(step.operation, NotedOperation(step.member, frozenset()))
            if step.do == "open" or step.operation in self.operations:
                self.operations[step.operation] = NotedOperation(before.lead, before.named.union(joining))


def test_cases() -> None:
    """Each is admitted, or refused with its code, and names whom it does not reach."""
    vector = _vector()
    for case in vector["cases"]:
        reading = Reading(vector["unreachable"])
        for said in case["before"]:
            reading.take(said)
        code, missing = None, list[str]()
        try:
            reading.take(case["step"])
        except SeraiError as error:
            code = error.code.value
            missing = error.detail.split(", ") if code == "participants_missing" else []
        assert (code, missing) == (case["code"], case["missing"]), case["says"]


def test_malformed() -> None:
    """A cover whose form is not whole is refused before anything else is asked."""
    assert [refusal(each["cover"]) for each in _vector()["malformed"]] == [
        each["code"] for each in _vector()["malformed"]
    ]
    assert {each["code"] for each in _vector()["malformed"]} == {"malformed_statement", "status_not_allowed"}


def test_answers() -> None:
    """A clock is met by what the vector has, and by nothing else."""
    said = {(each["do"], each["rel"], each["asked"], each["own"]) for each in _vector()["answers"]}
    for do in STEPS:
        for rel in ("reply", "countersign", "related", "update"):
            for asked in (*STEPS, None):
                for own in (True, False):
                    assert is_answer(do, rel, asked, own=own) == ((do, rel, asked, own) in said)


def test_every_member_is_an_address() -> None:
    """Whoever a case names as missing is a member."""
    for case in _vector()["cases"]:
        assert [member_of(Address(each)) for each in case["missing"]] == case["missing"]
