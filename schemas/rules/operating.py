"""What a cover of an operation is made of: what composer and hub keep, and no reader asks for (PROTOCOL 16)."""

from __future__ import annotations

from typing import Final

from schemas.claims import Dispatch, OperationClaim
from schemas.errors import Code, SeraiError

KIND: Final = "operation"
"""The kind of dispatches that have the claim ``operation``."""

STATUSES: Final = frozenset({"actual", "exercise"})
"""What an operation may be."""

MEANINGFUL: Final = frozenset({"reply", "update", "cancel", "countersign", "reseal", "translation", "interrupts"})
"""Relations by which a step names only what the table has for it; any other is like ``related``."""

_NAMING: Final = frozenset({"open", "plan", "move"})


def check_operation(cover: Dispatch) -> None:
    """Check that kind and claim come together, and that the claim is whole.

    Raises:
        SeraiError: ``malformed_statement``; ``status_not_allowed`` for a test.
    """
    claim = cover.operation
    if (cover.kind == KIND) != (claim is not None):
        raise _malformed("a dispatch of this kind, and no other, has the claim")
    if claim is None:
        return
    if cover.status not in STATUSES:
        raise SeraiError(Code.STATUS_NOT_ALLOWED, f"an operation is actual or an exercise, not {cover.status}")
    _check_claim(claim)
    rels = {ref.rel for ref in cover.refs or ()}
    if claim.do is None and len(rels & {"cancel", "reseal"}) != 1:
        raise _malformed("without do it is a cancel or a reseal")
    if claim.do == "stop" and rels & MEANINGFUL:  # nothing of it is judged later
        raise _malformed("a stop is related to things, and names nothing otherwise")


def _check_claim(claim: OperationClaim) -> None:
    if (claim.do == "open") != (claim.id is None):
        raise _malformed("every dispatch of an operation but its open has id")
    if (claim.do == "decide") != (claim.decision is not None):
        raise _malformed("a decide, and only that, has a decision")
    named = claim.participants
    if (claim.do in ("open", "plan") and named is None) or (claim.do not in _NAMING and named is not None):
        raise _malformed("an open and a plan name participants, a move may, nothing else does")
    parts = [each.part for each in named or ()]
    if claim.do == "move" and parts not in ([], ["transit"]):
        raise _malformed("a move adds one member, as transit")
    if claim.do == "open" and "left" in parts:
        raise _malformed("nobody has left what begins")


def _malformed(what: str) -> SeraiError:
    return SeraiError(Code.MALFORMED_STATEMENT, f"operation: {what}")
