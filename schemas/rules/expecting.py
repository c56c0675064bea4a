"""Who owes an answer, what is one, and what ends the wait for it (PROTOCOL 6, ``expects``)."""

from __future__ import annotations

from typing import Final

from schemas import limits
from schemas.addresses import Address, member_of
from schemas.claims import Dispatch
from schemas.errors import Code, SeraiError

EVERYBODY: Final = "*"
"""All who owe an answer."""


def is_reseal(cover: Dispatch) -> bool:
    """Whether a dispatch brings again, under newer keys, what was sent before: it repeats no effect."""
    return any(ref.rel == "reseal" for ref in cover.refs or ())


def owed_by(cover: Dispatch) -> tuple[Address, ...]:
    """Members that owe an answer, in the order of the cover; none where nothing is asked, or nothing anew."""
    return () if is_reseal(cover) else asked_of(cover)


def asked_of(cover: Dispatch) -> tuple[Address, ...]:
    """Members of whom a cover asks an answer; what a reseal asks, the dispatch asks that it brings again."""
    return () if cover.expects is None else tuple(cover.expects.members or cover.to)


def check_expects(cover: Dispatch) -> None:
    """Answers are asked of recipients and the own member, of 64 at most.

    Raises:
        SeraiError: ``malformed_statement``.
    """
    if cover.expects is None:
        return
    asked = asked_of(cover)
    if len(asked) > limits.ANSWERS:
        raise SeraiError(Code.MALFORMED_STATEMENT, f"expects: {len(asked)} would owe an answer")
    strangers = set(asked) - {*cover.to, member_of(cover.iss)}
    if strangers:
        raise SeraiError(Code.MALFORMED_STATEMENT, f"expects: {', '.join(sorted(strangers))} is no recipient")


def ends_wait(cover: Dispatch, rel: str, asker: Address) -> str | None:
    """Whose answer a dispatch makes unnecessary, of what it refers to.

    Args:
        cover: of the dispatch.
        rel: how it refers.
        asker: member that sent what it refers to.

    Returns:
        The member that has answered; `EVERYBODY` where its sender has cancelled it, or asks anew by a correction;
        ``None`` if it ends nothing.
    """
    if is_reseal(cover):
        return None
    member = member_of(cover.iss)
    if rel == "reply" and (member == asker or asker in cover.to):
        return member
    if member == asker and (rel == "cancel" or (rel == "update" and cover.expects is not None)):
        return EVERYBODY
    return None
