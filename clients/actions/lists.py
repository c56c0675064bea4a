"""Lists of dispatches: what came, what was sent, in the one order of `clients.actions.listing`."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from clients.actions.client import Client
from clients.actions.listing import CutList, ListEntry, Rank, fill
from clients.actions.reaching import Unreachable, unreachable
from clients.actions.ringing import Urgent
from clients.actions.tracking import NOT_THERE, Tally, tally_of
from clients.mail.amendments import CHANGES
from clients.mail.inbox import Delivery, DispatchStatus, status_of
from clients.mail.state import cover_of
from clients.store import NOTED, Store
from schemas.addresses import Address
from schemas.reports import ReadReport

_ALL: Final = 1 << 62


def inbox_entries(store: Store, urgent: Urgent | None = None) -> list[ListEntry]:
    """What came and stands before the rest: urgent, waiting for an officer; then what owes an answer, by its time.

    Args:
        store: where it is.
        urgent: what keeps count of what is urgent; a new count if ``None``.
    """
    urgent = urgent or Urgent(store)
    first = urgent.entries(urgent.look())
    known = {entry.digest for entry in first}
    owed = store.outcomes.missing("owed").items()
    return first + [_due(store, digest, due_ms) for digest, due_ms in owed if digest not in known]


def sent_entries(store: Store) -> list[ListEntry]:
    """What was sent and is not done (`clients.mail.undone`): urgent, flash first; then the rest."""
    return [_sent(store, digest) for digest in store.outcomes.missing("done")]


def _sent(store: Store, digest: str) -> ListEntry:
    item = store.items.get(digest)
    cover = cover_of(item) if item is not None else None
    if item is None or cover is None or cover.lane() != "urgent":
        return ListEntry(digest, store.items.place_of(digest), Rank.DUE)
    return ListEntry(digest, item.index, Rank.FLASH if cover.precedence == "flash" else Rank.URGENT)


def _due(store: Store, digest: str, due_ms: int) -> ListEntry:
    return ListEntry(digest, store.items.place_of(digest), Rank.DUE, due_ms)


def list_inbox(client: Client, limit: int, *, unanswered: bool = False) -> CutList[Delivery]:
    """What came.

    Args:
        client: whose.
        limit: at most so many.
        unanswered: only what no officer has answered and its sender has not cancelled.
    """
    items, first = client.store.items, inbox_entries(client.store)
    apart = frozenset(entry.digest for entry in first)
    if unanswered:
        rest = [digest for digest in items.inbox_beside(apart, _ALL) if _is_unanswered(client, digest)]
        total = len(first) + len(rest)
    else:
        rest, total = items.inbox_beside(apart, limit), items.inbox_count()
    page = fill(first, rest, total, limit)
    return CutList(tuple(deliveries(client, page.shown)), page.left_out, page.urgent_left_out)


def deliveries(client: Client, digests: tuple[str, ...]) -> Iterator[Delivery]:
    """Stored dispatches as they are shown."""
    found = (client.store.items.get(digest) for digest in digests)
    return (client.delivery(item) for item in found if item is not None)


def _is_unanswered(client: Client, digest: str) -> bool:
    """As `is_open`, without reading what it is, where that is not needed: there may be very many."""
    store, member = client.store, client.member
    if any(store.outcomes.has(digest, member, outcome) for outcome in ("acknowledged", "declined")):
        return False
    is_changed = store.outcomes.has(digest, member, NOTED) or store.references.has(digest, *CHANGES)
    item = None if is_changed else store.items.get(digest)
    if item is not None and item.lane != "urgent":  # what is urgent may be another once more, with attachments
        return True
    return any(is_open(each) for each in deliveries(client, (digest,)))


def is_open(delivery: Delivery) -> bool:
    """Whether it is in force, and no officer of ours has answered it, or noted what cannot be answered.

    What came once more with its attachments is open there, not here.
    """
    amendments = delivery.amendments
    is_over = amendments.cancelled_by is not None or amendments.completed_by is not None
    return not (delivery.acknowledged or delivery.declined or delivery.noted or is_over)


@dataclass(frozen=True, slots=True)
class SentReport:
    """What was sent, and what became of it.

    Attributes:
        status: at each recipient.
        content: the report as it was read; ``None`` if this seat cannot read it.
        tally: how far its recipients have got.
        is_done: whether all that was asked was done.
        unreachable: who has not got it and could not read it now, and why.
    """

    status: DispatchStatus
    content: ReadReport | None
    tally: Tally
    is_done: bool = True
    unreachable: Mapping[Address, Unreachable] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SentList:
    """What was sent, what is not done first.

    Attributes:
        page: both, in their order.
        undone: how many are not done.
    """

    page: CutList[SentReport]
    undone: int


def list_sent(client: Client, limit: int) -> SentList:
    """What was sent; at most so many."""
    items, first = client.store.items, sent_entries(client.store)
    apart = frozenset(entry.digest for entry in first)
    page = fill(first, items.sent_beside(apart, limit), items.sent_count(), limit)
    found = tuple(sent_reports(client, page.shown, apart))
    return SentList(CutList(found, page.left_out, page.urgent_left_out), len(first))


def sent_reports(client: Client, digests: tuple[str, ...], undone: Container[str]) -> Iterator[SentReport]:
    """Dispatches of the own member as they are shown.

    Args:
        client: whose.
        digests: which.
        undone: digests of those that are not done.
    """
    for delivery in deliveries(client, digests):
        yield sent_report(client, delivery, is_done=delivery.digest not in undone)


def sent_report(client: Client, delivery: Delivery, *, is_done: bool) -> SentReport:
    """A dispatch of the own member as it is shown.

    Args:
        client: whose.
        delivery: the dispatch.
        is_done: whether all that was asked was done.
    """
    status = status_of(delivery.digest, client.store)
    tally = tally_of(status)
    waits = [member for member, standing in tally.standings.items() if standing in NOT_THERE]
    return SentReport(status, delivery.content, tally, is_done, unreachable(client.state, waits))
