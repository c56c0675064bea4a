"""Which process of a store is connected: one at a time, by an exclusive lock beside the file.

Many processes may read and write one store; only the holder may move what is believed of the
ledger (directory, head, cursors), because it keeps that in memory. The lock is the kernel's
(``flock``), so it ends with the process, however that ends. What the holder writes into the
locked file is for people and programs that look, never for deciding who holds it.
"""

from __future__ import annotations

import fcntl
import json
import logging
import os
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Final, Protocol

from clients.errors import ClientError, LocalCode
from clients.tasks import StorageGuard, warns

log = logging.getLogger("serai.client")

_SUFFIX: Final = ".line"
_MOST_BYTES: Final = 4_096
_HEED_S: Final = 0.1


class Watched(Protocol):
    """A store, as far as it is watched."""

    @property
    def version(self) -> int:
        """A number that is another after another process has changed it."""


@dataclass(frozen=True, slots=True)
class Holder:
    """What the holder of a line says of itself.

    Attributes:
        pid: its process.
        what: the command that it runs.
        since_ms: when it took the line, milliseconds since 1970 UTC.
        live: whether the hub answers it.
        fault: why there was no line the last time there was none; empty if there was always one.
        offset_ms: what it adds to this machine's clock to have the hub's time.
        turned_ms: when the line last came or went, milliseconds since 1970 UTC; 0 if it never did.
        caught_up_ms: when everything that the hub had for this member was last here; 0 if it never was.
    """

    pid: int
    what: str
    since_ms: int
    live: bool = False
    fault: str = ""
    offset_ms: int = 0
    turned_ms: int = 0
    caught_up_ms: int = 0


class LineHeld(ClientError):  # noqa: N818 - a state of things, told like an error
    """Another process of this store is connected.

    Attributes:
        holder: what it says of itself; ``None`` if that could not be read.
    """

    def __init__(self, holder: Holder | None) -> None:
        who = f"{holder.what}, process {holder.pid}" if holder else "another process"
        super().__init__(LocalCode.LINE_HELD, holder=who)
        self.holder = holder


class HeldLine:
    """A line that this process holds; made by `hold_line`.

    Args:
        descriptor: of the locked file.
        holder: what is said at first.
    """

    def __init__(self, descriptor: int, holder: Holder) -> None:
        self._descriptor = descriptor
        self._holder = holder
        self._written: Holder | None = None
        self._is_failing = False
        self._write()

    def tell(self, *, live: bool, fault: str, offset_ms: int, now_ms: int = 0, caught_up_ms: int = 0) -> None:
        """Say how things are; nothing is written if that is what was written last.

        A status that cannot be written ends nothing: that is logged, and it is tried again at the next call.
        """
        turned_ms = self._holder.turned_ms if live == self._holder.live else now_ms
        caught_up_ms = caught_up_ms or self._holder.caught_up_ms
        self._holder = replace(
            self._holder, live=live, fault=fault, offset_ms=offset_ms, turned_ms=turned_ms, caught_up_ms=caught_up_ms
        )
        if self._holder != self._written:
            self._write()

    def _write(self) -> None:
        data = json.dumps(asdict(self._holder)).encode()
        try:
            os.pwrite(self._descriptor, data, 0)
            os.ftruncate(self._descriptor, len(data))
        except OSError as error:
            if not self._is_failing:
                log.warning("others cannot be told how the line is: %s", error)
            self._is_failing = True
        else:
            self._is_failing, self._written = False, self._holder


def line_file(store: Path) -> Path:
    """The file that the holder of a store's line has locked."""
    return store.with_name(store.name + _SUFFIX)


@contextmanager
def hold_line(store: Path, what: str, since_ms: int) -> Iterator[HeldLine]:
    """Hold the line of a store for as long as the block lasts.

    Args:
        store: the store's file.
        what: the command, for people.
        since_ms: now.

    Raises:
        LineHeld: another process, or another part of this one, holds it.
    """
    descriptor = os.open(line_file(store), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        if not _lock(descriptor):
            raise LineHeld(_read(descriptor))
        last = _read(descriptor)
        caught_up_ms = last.caught_up_ms if last else 0
        yield HeldLine(descriptor, Holder(os.getpid(), what[:200], since_ms, caught_up_ms=caught_up_ms))
    finally:
        os.close(descriptor)


def holder_of(store: Path) -> Holder | None:
    """Which process of a store is connected now, or tries to be, as far as it says; ``None`` if none does."""
    try:
        descriptor = os.open(line_file(store), os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    try:
        if _lock(descriptor, fcntl.LOCK_SH):
            return None
        return _read(descriptor) or Holder(0, "another process", 0)
    finally:
        os.close(descriptor)


def caught_up_ms(store: Path) -> int:
    """When everything that the hub had was last here, milliseconds since 1970 UTC; 0 if that is not known."""
    try:
        descriptor = os.open(line_file(store), os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return 0
    try:
        last = _read(descriptor)
        return last.caught_up_ms if last else 0
    finally:
        os.close(descriptor)


async def heed_others(store: Watched, sleep: Callable[[float], Awaitable[None]], heard: Callable[[], None]) -> None:
    """Notice, until cancelled, what other processes put into a store: what they said goes out at once.

    A store that cannot be looked at is looked at again.
    """
    guard = StorageGuard(warns("what other processes say is not seen"))
    seen: int | None = None
    while True:
        with guard:
            version = store.version
            if seen is not None and version != seen:
                heard()
            seen = version
        await sleep(_HEED_S)


def _lock(descriptor: int, kind: int = fcntl.LOCK_EX) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _read(descriptor: int) -> Holder | None:
    """What the holder says; ``None`` if it is just writing, or another version wrote it."""
    try:
        return Holder(**json.loads(os.pread(descriptor, _MOST_BYTES, 0)))
    except (ValueError, TypeError):
        return None
