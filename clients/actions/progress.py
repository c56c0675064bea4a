"""How far something has got, for whoever shows it; nothing here does."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from enum import StrEnum
from typing import Protocol


class Work(StrEnum):
    """What takes its time."""

    AUDITING = "auditing"
    CHECKING = "checking"
    COPYING = "copying"
    EXPORTING = "exporting"
    FETCHING = "fetching"
    FETCHING_FILE = "fetching_file"
    MAKING = "making"
    PROVING = "proving"
    QUEUEING = "queueing"
    READING = "reading"
    RESTORING = "restoring"
    SENDING = "sending"
    UPLOADING = "uploading"
    WAITING = "waiting"


class Advance(Protocol):
    """Work under way."""

    def reach(self, done: int, /) -> None:
        """So much is done now."""

    def advance(self, count: int = 1, /) -> None:
        """So much more is done."""


class ShowProgress(Protocol):
    """Begins to show how far something has got; the block ends it."""

    def __call__(self, work: Work, total: int | None = None, /) -> AbstractContextManager[Advance]:
        """Begin.

        Args:
            work: what is going on.
            total: how much there is: bytes of a file, or things; ``None`` if nobody knows.
        """


class Silent:
    """Progress that nobody sees."""

    def reach(self, done: int, /) -> None:
        """So much is done now."""

    def advance(self, count: int = 1, /) -> None:
        """So much more is done."""


def silent(work: Work, total: int | None = None, /) -> AbstractContextManager[Advance]:  # noqa: ARG001 - as a protocol
    """Show nothing."""
    return nullcontext(Silent())
