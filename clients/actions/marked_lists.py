"""Lists in which what is real and what is an exercise never stand together; each knows what it leaves out.

The order is that of all lists (`clients.actions.listing`), and the number that stands at a lane is the length of the
list that the lane opens. How a dispatch is marked stands in its cover, which lies encrypted in the store: it is read
once and remembered, so that a store of ten thousand is listed in milliseconds.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from clients.actions.listing import ListEntry, Rank
from clients.actions.lists import inbox_entries, sent_entries
from clients.actions.ringing import Urgent
from clients.actions.searching import cover_in
from clients.mail.state import cover_of
from clients.store import Store
from schemas.rules.status import may_be_real

_AT_ONCE = 64
"""So many covers are read one by one; for more the whole store is looked through once, which is quicker."""


class ListLane(StrEnum):
    """Where in a list a dispatch stands, and why."""

    URGENT = "urgent"
    OWED = "owed"
    UNDONE = "undone"
    OTHERS = "others"


@dataclass(frozen=True, slots=True)
class PlacedDispatch:
    """A dispatch in a list of one marking.

    Attributes:
        entry: what it is sorted by.
        lane: why it stands there.
        is_exercise: whether it is certainly not real.
        follows: cursor of what stands before the gap behind which it is shown; empty if there is no gap.
    """

    entry: ListEntry
    lane: ListLane
    is_exercise: bool
    follows: str = ""

    @property
    def digest(self) -> str:
        """Identity, base64url."""
        return self.entry.digest

    @property
    def key(self) -> tuple[int, int, int, str]:
        """Its place: no two have the same."""
        return (*self.entry.order, self.entry.digest)

    @property
    def cursor(self) -> str:
        """From where a list goes on after it, as a text: its place, or the gap before it.

        What comes after it is found though it has moved, or is gone.
        """
        return self.follows or ".".join(map(str, self.key))


@dataclass(frozen=True, slots=True)
class PlacedPage:
    """A part of a list.

    Attributes:
        shown: in the order of the list.
        left_out: how many stand after it.
        urgent_left_out: how many of these are urgent and open.
        total: how many are in the list.
        next: cursor of the last before which nothing is left out; ``None`` if nothing comes after it.
    """

    shown: tuple[PlacedDispatch, ...]
    left_out: int
    urgent_left_out: int
    total: int
    next: str | None


class MarkedLists:
    """What came and what was sent, apart by whether it is an exercise.

    Args:
        store: where it is.

    Attributes:
        inbox: what came, by whether it is an exercise, in the order of all lists.
        sent: what was sent.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._urgent = Urgent(store)
        self._exercise: dict[str, bool] = {}
        self._unverified: set[str] = set()
        self._placed: Mapping[str, PlacedDispatch] = {}
        self._others: dict[str, PlacedDispatch] = {}
        self.inbox: Mapping[bool, Sequence[PlacedDispatch]] = {}
        self.sent: Mapping[bool, Sequence[PlacedDispatch]] = {}

    def look(self) -> None:
        """Read what there is now."""
        items = self._store.items
        came, went = items.inbox_places(), items.sent_places()
        first, undone = inbox_entries(self._store, self._urgent), sent_entries(self._store)
        self._learn([digest for digest, _place in (*came, *went)])
        lanes = [(each, ListLane.URGENT if each.is_urgent else ListLane.OWED) for each in first]
        self.inbox = self._apart(lanes, came)
        self.sent = self._apart([(each, ListLane.UNDONE) for each in undone], went)
        every = (each for listed in (*self.inbox.values(), *self.sent.values()) for each in listed)
        self._placed = {each.digest: each for each in every}

    def is_exercise(self, digest: str) -> bool:
        """Whether a dispatch is certainly not real; what nobody can judge has to be taken for real."""
        self._learn([digest])
        return self._exercise.get(digest, False)

    def place_of(self, digest: str) -> PlacedDispatch:
        """Where a dispatch stands as of the last look; what has come since is among the others."""
        found = self._placed.get(digest)
        entry = ListEntry(digest, self._store.items.place_of(digest))
        return found or PlacedDispatch(entry, ListLane.OTHERS, self.is_exercise(digest))

    def count(self, lane: ListLane, *, exercise: bool) -> int:
        """How many stand in a lane: as many as `page` gives of it in all."""
        listed = self.sent if lane is ListLane.UNDONE else self.inbox
        return sum(each.lane is lane for each in listed.get(exercise, ()))

    def _learn(self, digests: Iterable[str]) -> None:
        """Learn how these are marked; what could not be verified is looked at again, for it may be one day."""
        unknown = [digest for digest in digests if digest not in self._exercise]
        if sum(digest not in self._unverified for digest in unknown) > _AT_ONCE:
            for glance in self._store.items.glances():
                if status := cover_in(glance).get("status"):
                    self._exercise[glance.digest] = not may_be_real(str(status))
            unknown = [digest for digest in unknown if digest not in self._exercise]
            self._unverified.update(unknown[_AT_ONCE:])
        again = [digest for digest in unknown if digest in self._unverified][:_AT_ONCE]
        for digest in (*(each for each in unknown if each not in self._unverified), *again):
            item = self._store.items.get(digest)
            cover = cover_of(item) if item is not None else None
            if cover is None:
                self._unverified.add(digest)
            else:
                self._exercise[digest] = not may_be_real(cover.status)

    def _apart(
        self, first: Sequence[tuple[ListEntry, ListLane]], places: Iterable[tuple[str, int | None]]
    ) -> Mapping[bool, Sequence[PlacedDispatch]]:
        """Both lists: what stands first, sorted, then the rest, which the store gives in its order."""
        known = {entry.digest for entry, _lane in first}
        found: defaultdict[bool, list[PlacedDispatch]] = defaultdict(list)
        made = (self._make(entry, lane) for entry, lane in first)
        for each in sorted(made, key=lambda one: one.key):
            found[each.is_exercise].append(each)
        dropped: list[PlacedDispatch] = []
        for digest, index in places:
            if digest not in known:
                each = self._other(digest, index)
                (dropped if index is None else found[each.is_exercise]).append(each)
        for each in sorted(dropped, key=lambda one: one.key):
            found[each.is_exercise].append(each)
        return found

    def _other(self, digest: str, index: int | None) -> PlacedDispatch:
        """One of the rest: the same as at the last look, unless it has another number or another marking."""
        before = self._others.get(digest)
        is_exercise = self._exercise.get(digest, False)
        if before is None or before.entry.index != index or before.is_exercise is not is_exercise:
            before = self._others[digest] = PlacedDispatch(ListEntry(digest, index), ListLane.OTHERS, is_exercise)
        return before

    def _make(self, entry: ListEntry, lane: ListLane) -> PlacedDispatch:
        is_exercise = self._exercise.get(entry.digest, False)
        return PlacedDispatch(entry, lane, is_exercise)


def page_of(listed: Sequence[PlacedDispatch], limit: int, lane: ListLane | None = None, after: str = "") -> PlacedPage:
    """A part of a list; of its beginning the oldest that is urgent and open is one in any case.

    Args:
        listed: the list, in its order.
        limit: at most so many, at least 1.
        lane: only what stands in this one.
        after: cursor of what stands before it; empty: the beginning.
    """
    every = [each for each in listed if lane is None or each.lane is lane]
    start = bisect_right(every, key_of(after), key=lambda each: each.key) if after else 0
    shown, rest = every[start : start + limit], every[start + limit :]
    following = shown[-1].cursor if rest and shown else None
    urgent = [each for each in rest if each.entry.is_urgent]
    if urgent and not after and limit > 1:
        oldest = min((each for each in every if each.entry.is_urgent), key=lambda each: each.entry.age_index)
        if oldest not in shown:
            following = shown[-2].cursor
            shown = [*shown[:-1], replace(oldest, follows=following)]
    left = len(every) - start - len(shown)
    return PlacedPage(tuple(shown), left, len(urgent), len(every), following)


def key_of(cursor: str) -> tuple[int, int, int, str]:
    """The place that a cursor names; the end of every list if it is none."""
    rank, _dot, rest = cursor.partition(".")
    due, _dot, rest = rest.partition(".")
    index, _dot, digest = rest.partition(".")
    try:
        return int(rank), int(due), int(index), digest
    except ValueError:
        return len(Rank), 0, 0, ""
