"""What a cover of an operation is made of: the hub refuses another, a reader keeps it."""

from __future__ import annotations

from typing import Any

import pytest

from schemas.claims import Dispatch, StatementType, parse_claims
from schemas.errors import Code
from schemas.rules.operating import check_operation
from tests.support.operations import OPEN, Rules
from tests.support.refusals import refused
from tests.support.world import UZ

HERE = "A" * 43
PART = {"member": UZ, "part": "transit"}


def cover(**changes: Any) -> Dispatch:
    """The cover of a request, changed, as a reader takes it."""
    claims = Rules().cover(OPEN).model_dump(mode="json", by_alias=True, exclude_none=True)
    payload = {name: value for name, value in {**claims, **changes}.items() if value is not None}
    read = parse_claims(StatementType.DISPATCH, payload, lenient=True)
    assert isinstance(read, Dispatch)
    return read


@pytest.mark.parametrize(
    "claim",
    [
        None,
        {"do": "open", "id": HERE, "participants": [PART]},
        {"do": "move"},
        {"do": "open"},
        {"do": "open", "participants": [{**PART, "part": "left"}]},
        {"do": "plan", "id": HERE},
        {"do": "decide", "id": HERE},
        {"do": "stop", "id": HERE, "decision": "granted"},
        {"do": "stop", "id": HERE, "participants": [PART]},
        {"do": "move", "id": HERE, "participants": [{**PART, "part": "origin"}]},
        {"do": "move", "id": HERE, "participants": [PART, {**PART, "member": "RU/NFP"}]},
        {"id": HERE},
    ],
)
def test_what_does_not_go_together(claim: dict[str, Any] | None) -> None:
    """Each rule of the cover, broken by itself; who only reads takes it as it is."""
    with refused(Code.MALFORMED_STATEMENT, "operation"):
        check_operation(cover(operation=claim))


def test_what_does_nothing_takes_back_or_brings_again() -> None:
    """A dispatch without ``do`` has one of the two relations."""
    for rels, good in ((["cancel"], True), (["reseal"], True), (["cancel", "reseal"], False), (["related"], False)):
        written = cover(operation={"id": HERE}, refs=[{"rel": rel, "digest": HERE} for rel in rels])
        if good:
            check_operation(written)
        else:
            with refused(Code.MALFORMED_STATEMENT):
                check_operation(written)


def test_a_stop_names_nothing() -> None:
    """What a stop refers to is judged by nobody, so by no relation does it do anything else."""
    claim = {"id": HERE, "do": "stop"}
    for rel in ("related", "succeeds"):
        check_operation(cover(operation=claim, refs=[{"rel": rel, "digest": HERE}]))
    for rel in ("reply", "cancel", "reseal", "update", "countersign", "interrupts"):
        with refused(Code.MALFORMED_STATEMENT, "stop"):
            check_operation(cover(operation=claim, refs=[{"rel": rel, "digest": HERE}]))


def test_a_reader_keeps_words_of_a_later_version() -> None:
    """A step, decision or part that is not known is read, and nothing is made of it."""
    later = cover(operation={"id": HERE, "do": "seize", "decision": "perhaps", "participants": [{**PART, "part": "x"}]})
    assert later.operation is not None
    assert (later.operation.do, later.operation.decision) == ("seize", "perhaps")
    assert later.operation.parts() == {UZ: "x"}
