"""Pages of a lane from the database: read, checked and encoded in a thread, one page ahead of what is sent.

A page is everything of a lane that goes into one `deliver`. While one is on its way to the
peer, the next is being read; there are `AHEAD` such pages in a hub at most, so memory is
bounded however many sessions lag behind.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from broker.ports import LedgerItem, LedgerStore
from broker.service.head import LedgerHead
from broker.service.items import can_be_shown, close_item, encode_event, open_stored
from schemas import limits
from schemas.addresses import Address
from schemas.claims import Lane
from schemas.errors import SeraiError

READERS = 2
"""Pages read at the same time: more would only keep each other from the interpreter."""

AHEAD = 16
"""Pages that wait in memory for a session to come for them."""


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a lane.

    Attributes:
        lane: of which.
        start: the place from which it was read.
        following: the place from which the next is to be read.
        end: the place before which it was read.
        head: to which its proofs belong.
        items: places, items without their proofs, and these.
        faults: leaves that do not fit the tree, and why.
        erased: items that go with the event that says why they are gone, by place.
    """

    lane: Lane
    start: int
    following: int
    end: int
    head: LedgerHead
    items: list[tuple[int, str, str]] = field(default_factory=list)
    faults: list[tuple[int, SeraiError]] = field(default_factory=list)
    erased: dict[int, LedgerItem] = field(default_factory=dict)

    def texts(self, head: LedgerHead) -> list[str]:
        """The items as a member gets them, with their proofs at a head that is no older than the page's."""
        if head.size == self.head.size:
            return [close_item(text, proof, self._event(index, head)) for index, text, proof in self.items]
        return [close_item(text, head.inclusion(index), self._event(index, head)) for index, text, _ in self.items]

    def _event(self, index: int, head: LedgerHead) -> str:
        item = self.erased.get(index)
        return "" if item is None else encode_event(item, head)


def read_page(
    store: LedgerStore, head: LedgerHead, member: Address, lane: Lane, start: int, end: int, room_bytes: int
) -> Page:
    """Read, check and encode a page; blocks.

    Args:
        store: where the lane is.
        head: for the proofs; it covers ``end``.
        member: whose mailbox.
        lane: which.
        start: first place.
        end: place before which to stop.
        room_bytes: about how much goes into a page.
    """
    limit = limits.ITEMS
    if lane == "public":
        found = store.public(start, end, limit, room_bytes)
    else:
        found = store.mailbox(member, lane, start, end, limit, room_bytes)
    whole = len(found) < limit and sum(item.size_bytes for item in found) <= room_bytes
    following = end if whole else found[-1].index + 1
    early = next((at for at, item in enumerate(found) if not can_be_shown(item, head)), None)
    if early is not None:  # its turn comes with the next head
        following, found = found[early].index, found[:early]
    page = Page(lane, start, following, end, head)
    for item in found:
        _add(page, item)
    return page


def _add(page: Page, item: LedgerItem) -> None:
    try:
        page.items.append((item.index, open_stored(item, page.head), page.head.inclusion(item.index)))
        if item.erased is not None and item.statement is None:
            page.erased[item.index] = item
    except SeraiError as error:
        page.faults.append((item.index, error))


class Pages:
    """Where all sessions of a hub have their pages read.

    Args:
        store: the database.
    """

    def __init__(self, store: LedgerStore) -> None:
        self.ahead = 0
        self._store = store
        self._readers = asyncio.Semaphore(READERS)

    async def read(self, head: LedgerHead, member: Address, lane: Lane, start: int, end: int, room_bytes: int) -> Page:
        """`read_page` in a thread, when it is its turn."""
        async with self._readers:
            return await asyncio.to_thread(read_page, self._store, head, member, lane, start, end, room_bytes)


class PageReader:
    """The pages of one session, one after the other.

    Args:
        pages: of the hub.
        member: whose mailbox.
    """

    def __init__(self, pages: Pages, member: Address) -> None:
        self._pages = pages
        self._member = member
        self._wanted: tuple[Lane, int] | None = None
        self._next: asyncio.Task[Page] | None = None

    async def read(self, head: LedgerHead, lane: Lane, start: int, end: int, room_bytes: int) -> Page:
        """The page of a lane at a place; the one that follows is begun."""
        ahead = self._take() if self._wanted == (lane, start) else None
        page = await (ahead or self._pages.read(head, self._member, lane, start, end, room_bytes))
        if page.following < page.end and self._next is None and self._pages.ahead < AHEAD:
            self._pages.ahead += 1
            self._wanted = (lane, page.following)
            following = self._pages.read(head, self._member, lane, page.following, page.end, room_bytes)
            self._next = asyncio.create_task(following)
        return page

    def _take(self) -> asyncio.Task[Page] | None:
        taken, self._next, self._wanted = self._next, None, None
        self._pages.ahead -= taken is not None
        return taken

    def close(self) -> None:
        """Let go of what was read ahead."""
        if (task := self._take()) is not None and not task.cancel():
            task.exception()  # looked at, so that nobody misses it
