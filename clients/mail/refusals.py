"""What becomes of something that the hub has refused: one table over all codes; pure (PROTOCOL 13).

Nothing that a person has queued disappears: it goes again, goes to those who can get it, or comes back to a person
with its text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from enum import Enum
from typing import Any, Final

from clients.mail.compose import DispatchDraft, Expectation, ReceiptDraft, Ref, StepMark
from schemas import limits
from schemas.addresses import Address
from schemas.directory import Directory, NetworkEpoch, Position
from schemas.errors import Code, SeraiError


class Fate(Enum):
    """What is done after a refusal."""

    AGAIN = "again"
    """The same bytes are submitted again."""
    ANEW = "anew"
    """It is sealed and signed anew, as often as that takes."""
    OTHER_KEY = "other_key"
    """It is signed anew if another good key of its signer is held; else it comes back."""
    LESS = "less"
    """It goes without those who cannot get it, or without what cannot be named; that part comes back."""
    BACK = "back"
    """It comes back to a person, with its text."""
    DONE = "done"
    """What it says has been said: nobody needs to hear of it."""


_BY_FATE: Final[Mapping[Fate, frozenset[Code]]] = {
    Fate.AGAIN: frozenset(
        {
            Code.HUB_NOT_READY,
            Code.HUB_STOPPING,
            Code.STORAGE_FAILED,
            Code.INTERNAL,
            Code.RATE_LIMITED,
            Code.SLOW_READER,
            Code.QUOTA_EXCEEDED,
            Code.NO_ROOM,
            Code.OPERATION_UNKNOWN,
        }
    ),
    Fate.ANEW: frozenset({Code.STALE_KEY, Code.CLOCK_AHEAD}),
    Fate.OTHER_KEY: frozenset({Code.CREDENTIAL_REVOKED, Code.CREDENTIAL_EXPIRED, Code.UNKNOWN_KEY}),
    Fate.LESS: frozenset({Code.UNKNOWN_RECIPIENT, Code.UNJUDGED, Code.UNSUPPORTED_KEY}),
    Fate.DONE: frozenset({Code.RECEIPT_REPEATED}),
}

_LESS_OF_RECEIPTS: Final = frozenset({Code.UNKNOWN_REFERENCE, Code.NOT_A_RECIPIENT, Code.REFERENCE_NOT_PERMITTED})
"""Refusals of a receipt that one of the dispatches in it may have brought about."""

FATES: Final[Mapping[str, Fate]] = {
    code.value: next((fate for fate, codes in _BY_FATE.items() if code in codes), Fate.BACK) for code in Code
}
"""What becomes of something by the code of its refusal; what is not here comes back."""

MOST_TRIES: Final = 6
"""How often it is tried with less, or under another key, before it comes back."""


def fate_of(code: str, draft: Mapping[str, Any]) -> Fate:
    """What becomes of a row of the outbox.

    Args:
        code: of the refusal.
        draft: as it is stored.
    """
    fate, kind = FATES.get(code, Fate.BACK), draft.get("draft")
    if kind == "public" and fate is not Fate.AGAIN:
        return Fate.BACK  # somebody else may have signed it
    if kind != "receipt":
        return Fate.BACK if fate is Fate.DONE else fate
    if len(draft["digests"]) > 1 and code in _LESS_OF_RECEIPTS:
        return Fate.LESS
    if code == Code.NOT_A_RECIPIENT and is_automatic(draft):
        return Fate.DONE
    return Fate.BACK if fate is Fate.LESS else fate


def is_automatic(draft: Mapping[str, Any]) -> bool:
    """Whether a receipt went out by itself: no person has said it, so it comes back to none."""
    return draft.get("draft") == "receipt" and draft.get("outcome") in ("received", "rejected")


def part_for(draft: DispatchDraft, members: Sequence[Address], *also: Address) -> DispatchDraft:
    """The same dispatch for some of its recipients only; who is left out is asked for no answer.

    Args:
        draft: the whole.
        members: some of its recipients, in their order.
        also: others who still owe the answer that is asked of them.
    """
    asked = draft.expects
    if asked is not None and asked.members:
        owing = tuple(each for each in asked.members if each in (*members, *also))
        asked = Expectation(asked.by, owing) if owing else None
    return replace(draft, to=tuple(members), expects=asked)


def again_for(draft: DispatchDraft, members: Sequence[Address], digest: str) -> DispatchDraft:
    """The same content to some of its recipients; it repeats no effect, and what it asks has been asked.

    Args:
        draft: the whole.
        members: some of its recipients.
        digest: of the dispatch that it was.
    """
    mark = draft.operation
    again = None if mark is None else StepMark(mark.id or digest)
    return replace(part_for(draft, members), refs=(Ref("reseal", digest),), operation=again)


def halves(draft: ReceiptDraft) -> tuple[ReceiptDraft, ReceiptDraft]:
    """A receipt of several dispatches as two: what stands in the way of one keeps back no other for long."""
    middle = len(draft.digests) // 2
    return replace(draft, digests=draft.digests[:middle]), replace(draft, digests=draft.digests[middle:])


def unreached_by(members: Sequence[Address], directory: Directory, place: Position) -> dict[Address, SeraiError]:
    """Recipients to whom nothing can be sealed, each with the reason.

    Args:
        members: recipients.
        directory: where the keys stand.
        place: now.
    """
    found = {}
    for member in members:
        try:
            directory.encryption_key(member, place)
        except SeraiError as error:
            found[member] = error
    return found


def is_coming_back(epochs: Sequence[NetworkEpoch], place: Position) -> bool:
    """Whether what was lost with an earlier epoch may still be submitted again, a step that names the signer too.

    Args:
        epochs: of the network.
        place: now.
    """
    last = epochs[-1] if epochs else None
    return last is not None and last.number > 0 and place.time_s <= last.statement.claims.iat + limits.REPEATED_S


def cause_of(row: int) -> str:
    """What an alarm about a row of the outbox names as its cause."""
    return f"item {row}"


def known_code(code: str) -> Code:
    """A code of the hub's; ``internal`` for one that is not known here."""
    try:
        return Code(code)
    except ValueError:
        return Code.INTERNAL
