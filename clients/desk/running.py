"""The file by which a desk that runs is found: its address, and the code of the next window.

It stands in the member's folder, mode 0600, and is locked as long as the desk runs (flock(2)): what an ended desk left
behind counts for nothing. Who can read it could read the whole folder; a code opens no more than the unlock page.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from clients.errors import ClientError, LocalCode

_NAME: Final = "desk.json"
_MOST_BYTES: Final = 4_096


@dataclass(frozen=True, slots=True)
class RunningDesk:
    """A desk that runs.

    Attributes:
        origin: where its pages are.
        code: opens the next window.
    """

    origin: str
    code: str


class DeskMark:
    """The mark of the desk that this process is.

    Args:
        descriptor: of the locked file.
    """

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def write(self, desk: RunningDesk) -> None:
        """Say where it is, and what opens the next window."""
        data = json.dumps(asdict(desk)).encode()
        os.pwrite(self._descriptor, data, 0)
        os.ftruncate(self._descriptor, len(data))


@contextmanager
def mark_running(folder: Path) -> Iterator[DeskMark]:
    """Be the desk of a member's folder for as long as the block lasts.

    Raises:
        ClientError: ``desk_runs`` if another process is.
    """
    descriptor = os.open(folder / _NAME, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        os.fchmod(descriptor, 0o600)
        if not _lock(descriptor, fcntl.LOCK_EX):
            raise ClientError(LocalCode.DESK_RUNS)
        os.ftruncate(descriptor, 0)
        yield DeskMark(descriptor)
        os.ftruncate(descriptor, 0)
    finally:
        os.close(descriptor)


def find_running(folder: Path) -> RunningDesk | None:
    """The desk of a member's folder that runs now; ``None`` if none does, or it has only begun."""
    try:
        descriptor = os.open(folder / _NAME, os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW)
    except OSError:
        return None
    try:
        if _lock(descriptor, fcntl.LOCK_SH):
            return None
        return RunningDesk(**json.loads(os.pread(descriptor, _MOST_BYTES, 0)))
    except (ValueError, TypeError):
        return None
    finally:
        os.close(descriptor)


def _lock(descriptor: int, kind: int) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
