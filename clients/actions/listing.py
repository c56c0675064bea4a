"""What stands first in every list of dispatches, and what a list leaves out that is cut; pure.

One order for all lists: what is urgent and open stands first, flash before all else, then what somebody waits for by a
clock, then everything else; of each the newest first, by its number in the ledger. The oldest that is urgent and open
is never cut off.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Generic, TypeVar

T = TypeVar("T")


class Rank(IntEnum):
    """Where a dispatch stands in a list; the lowest first."""

    FLASH = 0
    URGENT = 1
    DUE = 2
    OTHER = 3


@dataclass(frozen=True, slots=True)
class ListEntry:
    """A dispatch, as far as its order in a list goes.

    Attributes:
        digest: identity, base64url.
        index: its number; ``None`` if a new epoch has dropped it: it stands as the oldest.
        rank: ``FLASH`` and ``URGENT`` only while it is open.
        due_ms: of what is ``DUE``: by when, milliseconds since 1970 UTC; the soonest stands first.
    """

    digest: str
    index: int | None
    rank: Rank = Rank.OTHER
    due_ms: int = 0

    @property
    def is_urgent(self) -> bool:
        """Whether it is urgent and open."""
        return self.rank <= Rank.URGENT

    @property
    def order(self) -> tuple[int, int, int]:
        """What lists are sorted by."""
        return self.rank, self.due_ms if self.rank is Rank.DUE else 0, -self.age_index

    @property
    def age_index(self) -> int:
        """Its number, or one below all others."""
        return -1 if self.index is None else self.index


@dataclass(frozen=True, slots=True)
class CutList(Generic[T]):
    """A list, perhaps cut.

    Attributes:
        shown: what is in it, in its order.
        left_out: how many more there are.
        urgent_left_out: how many of these are urgent and open.
    """

    shown: tuple[T, ...]
    left_out: int = 0
    urgent_left_out: int = 0

    @property
    def total(self) -> int:
        """How many there are."""
        return len(self.shown) + self.left_out


def cut(entries: Iterable[ListEntry], limit: int) -> CutList[ListEntry]:
    """The first of a list, in the order of all lists.

    Args:
        entries: everything that could be in it, in any order.
        limit: at most so many; from 2 on the oldest that is urgent and open is among them.
    """
    every = sorted(entries, key=lambda entry: entry.order)
    urgent = [entry for entry in every if entry.is_urgent]
    shown = keep_oldest(every, min(urgent, key=lambda entry: entry.age_index, default=None), limit)
    left = len(urgent) - sum(entry.is_urgent for entry in shown)
    return CutList(shown, len(every) - len(shown), left)


def keep_oldest(ordered: Sequence[T], oldest: T | None, limit: int) -> tuple[T, ...]:
    """The beginning of a list, in which one thing has a place in any case, unless there is room for one only."""
    shown = [*ordered[:limit]]
    if oldest is not None and limit > 1 and oldest not in shown:
        shown[-1] = oldest
    return tuple(shown)


def fill(first: Iterable[ListEntry], newest: Sequence[str], total: int, limit: int) -> CutList[str]:
    """Digests of a list of which only the beginning was read.

    Args:
        first: everything that stands before the rest.
        newest: digests of the rest, the newest first: as many as may be shown.
        total: how many there are of both.
        limit: at most so many.
    """
    begun = cut(first, limit)
    shown = (*(entry.digest for entry in begun.shown), *newest[: limit - len(begun.shown)])
    return CutList(shown, total - len(shown), begun.urgent_left_out)
