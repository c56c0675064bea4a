"""What meets a clock in an operation, and what ends one (PROTOCOL 16)."""

from __future__ import annotations

from schemas.addresses import Address, member_of
from schemas.claims import Dispatch
from schemas.operations.table import is_answer
from schemas.rules import expecting
from schemas.rules.expecting import EVERYBODY

NO_STEP = ""
"""What a dispatch does that is no step."""


def ends_asking(cover: Dispatch, rel: str, asker: Address, asked_do: str | None) -> str | None:
    """Whose answer a dispatch makes unnecessary, of what it refers to, in an operation and elsewhere.

    Args:
        cover: of the dispatch.
        rel: how it refers.
        asker: member that sent what it refers to.
        asked_do: what that does as a step; ``None`` of a cancel, `NO_STEP` of what is no step.

    Returns:
        As `schemas.rules.expecting.ends_wait`. A step is met only by the answer that the table names.
    """
    if asked_do == NO_STEP:
        return expecting.ends_wait(cover, rel, asker)
    if expecting.is_reseal(cover) or cover.operation is None:
        return None
    member = member_of(cover.iss)
    if is_answer(cover.operation.do, rel, asked_do, own=member == asker):
        return member if member == asker or asker in cover.to else None
    return EVERYBODY if expecting.ends_wait(cover, rel, asker) == EVERYBODY else None


def asked_do(cover: Dispatch) -> str | None:
    """What a dispatch does, for `ends_asking`: `NO_STEP` if it is no step."""
    return NO_STEP if cover.operation is None else cover.operation.do
