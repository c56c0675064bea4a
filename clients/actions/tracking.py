"""How far each recipient of a dispatch of ours has got, in numbers that are kept apart; pure."""

# ruff: noqa: RUF001 - Russian words contain letters that look Latin

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from clients.mail.inbox import DispatchStatus, RecipientStatus
from schemas.addresses import Address
from schemas.labels import CodedValue
from schemas.rules.expecting import owed_by


class RecipientStanding(CodedValue):
    """How far one recipient has got."""

    DECLINED = "declined", "DECLINED", "ОТКЛОНЕНО"
    REFUSED = "refused", "NOT DELIVERED", "НЕ ДОСТАВЛЕНО"
    SILENT = "silent", "SILENT", "МОЛЧИТ"
    DONE = "done", "acknowledged", "принято"
    ARRIVED = "arrived", "arrived", "получено"
    SENT = "sent", "sent", "отправлено"


BAD: Final = (RecipientStanding.DECLINED, RecipientStanding.REFUSED, RecipientStanding.SILENT)
"""What a sender must see first."""

NOT_THERE: Final = (RecipientStanding.REFUSED, RecipientStanding.SILENT, RecipientStanding.SENT)
"""These have not confirmed that they got it."""

_SAID: Final = ("acknowledged", "answered", "declined")
_CAME: Final = frozenset({"received", *_SAID})


def standing_of(recipient: RecipientStatus, *, owes_answer: bool) -> RecipientStanding:
    """How far a recipient has got; of what its officers said the last counts.

    Args:
        recipient: what it did.
        owes_answer: whether it is done only once it has answered.
    """
    outcomes = [answer.outcome for answer in recipient.answers]
    said = [outcome for outcome in outcomes if outcome in _SAID]
    if said and said[-1] == "declined":
        return RecipientStanding.DECLINED
    if "answered" in said or (said and not owes_answer):
        return RecipientStanding.DONE
    came = not _CAME.isdisjoint(outcomes)
    if not came and ("undeliverable" in outcomes or "rejected" in outcomes):
        return RecipientStanding.REFUSED
    if not {"silent_reply", "overdue_reply"}.isdisjoint(outcomes):
        return RecipientStanding.SILENT
    if not came and not {"silent", "overdue"}.isdisjoint(outcomes):
        return RecipientStanding.SILENT
    return RecipientStanding.ARRIVED if came else RecipientStanding.SENT


@dataclass(frozen=True, slots=True)
class Tally:
    """How far the recipients of a dispatch have got.

    Attributes:
        standings: by recipient, in the order of the cover.
    """

    standings: Mapping[Address, RecipientStanding]

    def count(self, *which: RecipientStanding) -> int:
        """How many recipients stand so."""
        return sum(standing in which for standing in self.standings.values())

    def members(self, which: RecipientStanding) -> list[Address]:
        """Those that stand so."""
        return [member for member, standing in self.standings.items() if standing is which]


def tally_of(status: DispatchStatus) -> Tally:
    """How far the recipients of a dispatch have got."""
    asked = owed_by(status.cover)
    found = status.recipients.items()
    return Tally({member: standing_of(each, owes_answer=member in asked) for member, each in found})
