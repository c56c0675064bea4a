"""How dispatches are written to a file that is handed out, and the count of what came of them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from clients.actions.exporting import Exported


class LeftOut(StrEnum):
    """Why a dispatch is not in a file."""

    NO_SEIZURE = "no_seizure"
    SUPERSEDED = "superseded"
    UNVERIFIED = "unverified"
    NOT_PERMITTED = "not_permitted"


@dataclass(slots=True)
class ExportTally:
    """What came of the dispatches.

    Attributes:
        count: how many are in the file.
        handling: how many of them under which handling code.
        left_out: how many are not, by why.
        holds_more: how many say more than the file has room for.
        digests: of those that are in the file.
        amended: those that are in the file as they were sent, though corrected or cancelled since, in words.
    """

    count: int = 0
    handling: Counter[str] = field(default_factory=Counter)
    left_out: Counter[LeftOut] = field(default_factory=Counter)
    holds_more: int = 0
    digests: list[str] = field(default_factory=list)
    amended: list[str] = field(default_factory=list)

    def keep(self, each: Exported) -> None:
        """Count a dispatch that is in the file."""
        self.count += 1
        self.digests.append(each.item.digest)
        self.handling[each.handling] += 1


class ExportFormat(Protocol):
    """How a file is written, piece by piece."""

    def begin(self, status: str, newest_ms: int) -> bytes:
        """What stands before the first dispatch.

        Args:
            status: of all of them, ``mixed`` or ``none``.
            newest_ms: when the newest was accepted, milliseconds since 1970 UTC.
        """

    def write(self, each: Exported, tally: ExportTally) -> bytes:
        """A dispatch; empty, and counted as left out, if such a file has no room for it."""

    def end(self) -> bytes:
        """What stands after the last."""
