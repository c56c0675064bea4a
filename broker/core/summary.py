"""Of what happens again and again the first is logged at once, the rest in summary: a flood fills no log."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Final

WINDOW_S: Final = 10.0
"""After one of a kind was logged, others of the kind are only counted for so long."""


class Summary:
    """Decides what is logged. Kinds are few: words or lines of the program."""

    __slots__ = ("_counted", "_until_s")

    def __init__(self) -> None:
        self._until_s: dict[Hashable, float] = {}
        self._counted: dict[Hashable, int] = {}

    def take(self, kind: Hashable, now_s: float) -> int | None:
        """Take one in: ``None`` if it is only counted, else how many of the kind were counted before it.

        Args:
            kind: what makes it the same as others.
            now_s: seconds of a clock that never goes back.
        """
        if now_s < self._until_s.get(kind, now_s):
            self._counted[kind] = self._counted.get(kind, 0) + 1
            return None
        self._until_s[kind] = now_s + WINDOW_S
        return self._counted.pop(kind, 0)
