"""What waits to be sent, and what came back: apart by whether it is an exercise, with what stands first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from clients.actions.client import Client
from clients.actions.marked_lists import MarkedLists
from clients.actions.returned import Returned, find_item, list_returned
from clients.mail.compose import DispatchDraft, Draft, ReceiptDraft
from schemas.rules.signers import OFFICERS_SAY
from schemas.rules.status import may_be_real

MOST = 1_000
"""So many items of each are looked at; a person deals with fewer."""


@dataclass(frozen=True, slots=True)
class OutgoingItem:
    """An item of the outbox that a person has to know of.

    Attributes:
        returned: the item.
        is_exercise: whether it is certainly not real.
    """

    returned: Returned
    is_exercise: bool


@dataclass(frozen=True, slots=True)
class OutgoingItems:
    """What a person has to know of the outbox.

    Attributes:
        returned: what came back, urgent first.
        waiting: what waits, urgent first.
        left_out: how much more there is of either.
    """

    returned: Sequence[OutgoingItem] = ()
    waiting: Sequence[OutgoingItem] = ()
    left_out: int = 0

    def of(self, *, exercise: bool) -> list[OutgoingItem]:
        """Those of one marking: what came back first."""
        return [each for each in (*self.returned, *self.waiting) if each.is_exercise is exercise]


def look_at_outgoing(client: Client, lists: MarkedLists) -> OutgoingItems:
    """What waits, and what came back.

    Args:
        client: whose.
        lists: how dispatches are marked that a receipt is about.
    """
    back = list_returned(client, MOST)
    rows = client.store.outbox.waiting(MOST + 1)
    found = (_waiting(client, row) for row in rows[:MOST])
    waiting = [each for each in found if each is not None and _is_for_people(each.draft)]

    def marked(each: Returned) -> OutgoingItem:
        return OutgoingItem(each, is_exercise(client, each.draft, lists))

    left_out = back.left + len(rows[MOST:])
    return OutgoingItems([marked(each) for each in back.items], [marked(each) for each in waiting], left_out)


def _waiting(client: Client, row: int) -> Returned | None:
    outgoing = client.store.outbox.get(row)
    return find_item(client, row) if outgoing is not None and outgoing.is_open else None


def _is_for_people(draft: Draft) -> bool:
    """Whether an officer has said it; what a member confirms by itself goes out by itself."""
    return isinstance(draft, DispatchDraft) or (isinstance(draft, ReceiptDraft) and draft.outcome in OFFICERS_SAY)


def is_exercise(client: Client, draft: Draft, lists: MarkedLists) -> bool:
    """Whether something of the outbox is certainly not real: as marked, or as what it answers is marked."""
    if isinstance(draft, DispatchDraft):
        return not may_be_real(draft.status or client.network_status)
    if isinstance(draft, ReceiptDraft):
        return bool(draft.digests) and all(lists.is_exercise(each) for each in draft.digests)
    return False
