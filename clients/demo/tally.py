"""Counting what is in the inboxes; nobody's own counter is believed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from clients.mail.inbox import Delivery, delivery_of
from clients.store import Store
from schemas.addresses import Address
from schemas.reports import SeizureReport

_PAGE: Final = 500


@dataclass(frozen=True, slots=True)
class InboxCount:
    """What one inbox holds.

    Attributes:
        digests: of the dispatches in it that were opened and have a place in the ledger.
        acknowledged: how many of them an officer has acknowledged.
        duplicates: reports that are in it more than once.
        lost: reports that should be in it and are not.
    """

    digests: frozenset[str]
    acknowledged: int
    duplicates: int
    lost: int


def count_inbox(member: Address, store: Store, reports: Mapping[Address, list[SeizureReport]]) -> InboxCount:
    """Compare an inbox with what its member was sent.

    Args:
        member: whose inbox.
        store: its store.
        reports: everything that was sent, by sender.
    """
    due = {(sender, report.our_reference) for sender, sent in reports.items() if sender != member for report in sent}
    found = [each for each in _deliveries(member, store) if each.report is not None and each.index is not None]
    held = Counter((each.sender, each.report.our_reference) for each in found if each.report is not None)
    return InboxCount(
        digests=frozenset(each.digest for each in found),
        acknowledged=sum(each.acknowledged for each in found),
        duplicates=held.total() - len(held),
        lost=len(due - set(held)),
    )


def _deliveries(member: Address, store: Store) -> Iterator[Delivery]:
    before: int | None = None
    while page := store.items.inbox(_PAGE, before):
        yield from (delivery_of(item, store, member) for item in page)
        before = page[-1].seq


def percentile(times_ms: list[float], percent: int) -> float:
    """The time within which so many of a hundred came, in milliseconds; 0 if nothing did."""
    ordered = sorted(times_ms)
    return round(ordered[min(len(ordered) - 1, len(ordered) * percent // 100)], 1) if ordered else 0.0
