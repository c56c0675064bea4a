"""By when recipients are to confirm and to answer (PROTOCOL 6, ``overdue``)."""

from __future__ import annotations

from typing import Final

from schemas import limits
from schemas.claims import Dispatch, counted_precedence
from schemas.rules.expecting import owed_by

CONFIRMS: Final = ("received", "acknowledged", "declined")
"""Outcomes that say that a dispatch came and could be opened; a later word says nothing."""

ANSWERS_RECEIVED: Final = (*CONFIRMS, "rejected")
"""Outcomes after which ``received`` is not waited for any more."""


def received_due_ms(cover: Dispatch, from_ms: int) -> int:
    """When ``received`` receipts are due, by precedence.

    Args:
        cover: of the dispatch.
        from_ms: when it was accepted, in milliseconds; the answer is on the same clock.
    """
    return from_ms + 1000 * limits.RECEIVED_DUE_S[counted_precedence(cover.precedence)]


def answers_due_ms(cover: Dispatch) -> int | None:
    """When answers are due, in milliseconds by the ledger's time; ``None`` if nobody owes one."""
    return 1000 * cover.expects.by if cover.expects is not None and owed_by(cover) else None
