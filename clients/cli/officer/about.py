"""Dispatch N, about which something is to be said: found, and checked to be what the person takes it for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from clients.cli.desk import Desk
from clients.cli.faults import Fault
from clients.cli.numbers import Spoken, spell_number
from clients.cli.officer.answering import check_status, find_dispatch
from clients.cli.officer.dispatch_view import mark_text
from clients.cli.texts import _
from clients.cli.ui import note
from clients.follow import ReportModel
from clients.marks import Marks
from clients.store import StoredItem
from schemas.addresses import Address, member_of
from schemas.claims import Dispatch
from schemas.errors import Code
from schemas.reports import parse_report


@dataclass(frozen=True, slots=True)
class About:
    """A stored dispatch.

    Attributes:
        number: its place in the ledger.
        item: as it is stored.
        cover: as it was signed.
        report: its content; ``None`` if this seat cannot read it.
        marks: what its sender has made of it since.
    """

    number: int
    item: StoredItem
    cover: Dispatch
    report: ReportModel | None
    marks: Marks

    @property
    def digest(self) -> str:
        """Identity, base64url."""
        return self.item.digest

    @property
    def spoken(self) -> str:
        """Its number as it is spoken."""
        return spell_number(self.number, self.cover.status)

    @property
    def sender(self) -> Address:
        """The member that sent it."""
        return member_of(self.cover.iss)

    def reference(self) -> str:
        """Its sender's own number of it, or else its number."""
        return self.report.our_reference if self.report else self.spoken


def find_about(desk: Desk, spoken: Spoken, status: str | None) -> About:
    """The dispatch at a place.

    Args:
        desk: where.
        spoken: its number, as a person said it.
        status: how what is said about it should be marked, if that was said.

    Raises:
        SeraiError: ``not_found``; ``bad_signature`` if nobody can be named as its sender; ``status_mismatch`` if the
            person takes it for an exercise and it is none, or the other way round.
    """
    item = find_dispatch(desk, spoken.place)
    delivery = desk.delivery(item)
    if delivery.cover is None:
        raise Fault(
            Code.BAD_SIGNATURE,
            _("{number} could not be verified: nobody can be named as its sender").format(number=spoken.place),
            _("See serai show {number}, and tell the Centre.").format(number=spoken.place),
        )
    about = About(spoken.place, item, delivery.cover, delivery.report or _drafted(desk, item), delivery.marks)
    for said in (spoken.status, status):
        check_status(about.number, about.cover.status, said)
    return about


def _drafted(desk: Desk, item: StoredItem) -> ReportModel | None:
    """The content of what was sent just now, whose own copy has not come yet."""
    outgoing = desk.store.outbox.find(item.digest) if item.mine and item.step is None else None
    content: Any = outgoing.draft.get("content") if outgoing else None
    return parse_report(content.encode()) if content else None


def heed_marks(about: About) -> None:
    """Tell a person that the sender has cancelled or corrected it."""
    if text := mark_text(about.marks):
        note(f"{about.spoken}: {text}")
