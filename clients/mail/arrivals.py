"""Dispatches that came and that the program has not taken yet."""

from __future__ import annotations

from collections import deque
from typing import Final

from clients.store.items import Items

_BATCH: Final = 64


class Arrivals:
    """A queue, urgent ones first, that remembers in the store what was taken.

    Args:
        items: where they are.
    """

    def __init__(self, items: Items) -> None:
        self._items = items
        self._lanes: dict[str, deque[str]] = {"urgent": deque(), "normal": deque()}
        self._taken: list[str] = []
        for lane, digest in items.untaken():
            self.add(lane, digest)

    def __bool__(self) -> bool:
        return any(self._lanes.values())

    def add(self, lane: str, digest: str) -> None:
        """One has come."""
        self._lanes[lane].append(digest)

    def first(self) -> str | None:
        """The digest of the next one; ``None`` if there is none."""
        return next((lane[0] for lane in self._lanes.values() if lane), None)

    def take(self) -> None:
        """Give the first one to nobody else in this run."""
        next(lane for lane in self._lanes.values() if lane).popleft()

    def mark(self, digest: str) -> None:
        """The program has taken this one; some of them may be forgotten if the program dies before `flush`."""
        self._taken.append(digest)
        if len(self._taken) >= _BATCH:
            self.flush()

    def flush(self) -> None:
        """All that was taken is on disk when this returns.

        Raises:
            SeraiError: ``storage_failed``; it may be called again.
        """
        if self._taken:
            self._items.mark_taken(self._taken)
            self._taken.clear()
