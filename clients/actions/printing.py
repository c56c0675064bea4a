"""Which dispatches are printed, and by whom: paper is for the own agency's file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from clients.actions.client import Client
from clients.actions.handling import WantedUse, check_use
from clients.actions.numbers import spell_number
from clients.actions.reading import find_dispatch
from clients.errors import ClientError, LocalCode
from clients.mail.inbox import Delivery, handling_of
from schemas.addresses import Address
from schemas.claims import Dispatch
from schemas.rules.handling import Use


@dataclass(frozen=True, slots=True)
class PrintedDispatch:
    """A dispatch that goes on paper.

    Attributes:
        index: its number.
        delivery: as a program sees it.
        cover: verified.
        sent_by_us: whether it was sent from here, and did not come.
    """

    index: int
    delivery: Delivery
    cover: Dispatch
    sent_by_us: bool

    @property
    def number(self) -> str:
        """Its number as officers say it."""
        return spell_number(self.index, self.cover.status)

    @property
    def handling(self) -> str:
        """The handling code that holds."""
        return handling_of(self.cover, self.delivery.content)


@dataclass(frozen=True, slots=True)
class Printout:
    """What is printed.

    Attributes:
        dispatches: in the order in which they were named.
        by: the officer who prints; the member at a client without officers.
        at_ms: when, milliseconds since 1970 UTC.
        permission: where the provider has permitted that, in words; empty where nobody says so.
    """

    dispatches: tuple[PrintedDispatch, ...]
    by: Address
    at_ms: int
    permission: str


def choose_print(client: Client, numbers: Sequence[int], officer: Address | None, permission: str) -> Printout:
    """Look for what is to be printed.

    Args:
        client: whose.
        numbers: of dispatches that came or were sent.
        officer: who prints; ``None`` if that is clear.
        permission: where the provider has permitted that, in words; empty if nobody says so.

    Raises:
        ClientError: ``no_dispatch``; ``sender_unknown`` for one that could not be verified; ``use_not_permitted``; what
            `Client.signer` raises.
    """
    wanted, found = WantedUse(Use.OWN, permission), []
    for number in dict.fromkeys(numbers):
        item = find_dispatch(client, number)
        delivery = client.delivery(item)
        if delivery.cover is None:
            raise ClientError(LocalCode.SENDER_UNKNOWN, number=number)
        check_use(number, delivery.cover, delivery.content, wanted, client.member)
        found.append(PrintedDispatch(number, delivery, delivery.cover, item.sent_by_us and not item.inbox))
    return Printout(tuple(found), client.signer(officer), client.state.system.clock.time_ms(), permission)
