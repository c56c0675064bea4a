"""Programs of the operator's that are run when somebody must be called: one at a time for each cause, and not for ever.

Nothing here waits: a program is started, and looked after at each `Hooks.tick`. What it has started and left behind may
go on until its time is over, or the next call of the same cause, and is ended then: until that, the program itself is
not waited for, so that no other process gets the number of its group.
"""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

MOST_SECONDS: Final = 60.0
"""How long a program, and what it has started, may run; then all of it is ended."""

MOST_AT_ONCE: Final = 8
"""How many run beside each other, whatever the causes."""

_LOOK_S: Final = 0.05
_UNFIT: Final = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class HookEnd:
    """How a program ended.

    Attributes:
        key: the cause for which it ran.
        status: exit code; ``None`` if it could not be run, or was ended because it took too long.
        why: why it could not be run; empty if it could.
    """

    key: str
    status: int | None
    why: str = ""

    @property
    def is_good(self) -> bool:
        """Whether it did what it was to do, as far as it says."""
        return self.status == 0


@dataclass(slots=True)
class _Running:
    process: subprocess.Popen[bytes]
    until_s: float
    is_over: bool = False  # only what it has started goes on


class Hooks:
    """The programs of one command.

    Args:
        command: program and arguments, split as a shell splits them, and run without a shell; empty for none.
        monotonic: seconds.
        most_s: how long one may run.
    """

    def __init__(
        self, command: str, monotonic: Callable[[], float] = time.monotonic, most_s: float = MOST_SECONDS
    ) -> None:
        self._command = command
        self._monotonic = monotonic
        self._most_s = most_s
        self._running: dict[str, _Running] = {}
        self._ended: list[HookEnd] = []

    @property
    def is_set(self) -> bool:
        """Whether there is a program to run."""
        return bool(self._command)

    def has_room(self, key: str) -> bool:
        """Whether it may be run for a cause now."""
        running = self._running.get(key)
        return len(self._running) < MOST_AT_ONCE if running is None else running.is_over

    def start(self, key: str, facts: Mapping[str, str]) -> bool:
        """Run it for a cause; returns whether that was tried.

        Args:
            key: the cause.
            facts: what it learns, in its environment; never content.
        """
        if not self.is_set or not self.has_room(key):
            return False
        if (before := self._running.pop(key, None)) is not None:
            _end(before.process)
        try:
            process = subprocess.Popen(  # noqa: S603 - the operator's own command, without a shell
                shlex.split(self._command),
                stdin=subprocess.DEVNULL,
                env={**os.environ, **{name: _plain(fact) for name, fact in facts.items()}},
                start_new_session=True,
            )
        except (OSError, ValueError) as error:
            self._ended.append(HookEnd(key, None, str(error)))
        else:
            self._running[key] = _Running(process, self._monotonic() + self._most_s)
        return True

    def tick(self) -> list[HookEnd]:
        """End what runs too long, and tell what has ended since the last time."""
        for key, running in list(self._running.items()):
            if not running.is_over and (status := _status(running.process)) is not None:
                self._ended.append(HookEnd(key, status))
                running.is_over = True
            is_late = self._monotonic() >= running.until_s
            if is_late and not running.is_over:
                self._ended.append(HookEnd(key, None))
            if is_late or (running.is_over and not _has_left(running.process)):
                _end(running.process)
                del self._running[key]
        ended, self._ended = self._ended, []
        return ended

    def finish(self) -> list[HookEnd]:
        """Wait until all have ended by themselves with what they started, or are ended because they take too long."""
        ended = self.tick()
        while self._running:
            time.sleep(_LOOK_S)
            ended += self.tick()
        return ended

    def close(self) -> None:
        """End all that still run."""
        for running in self._running.values():
            _end(running.process)
        self._running.clear()


def _plain(fact: str) -> str:
    """A fact as an environment can hold it: nothing that a hub or a sender writes keeps a program from being run."""
    return _UNFIT.sub("?", fact)


def _status(process: subprocess.Popen[bytes]) -> int | None:
    """Exit code of a program that has ended, which is not waited for by this; ``None`` while it runs."""
    found = os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    if found is None:
        return None
    return found.si_status if found.si_code == os.CLD_EXITED else -found.si_status


def _has_left(process: subprocess.Popen[bytes]) -> bool:
    """Whether something that a program has started goes on in its group."""
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it has ended meanwhile
            state, _parent, group = path.read_bytes().rpartition(b")")[2].split()[:3]
            if int(group) == process.pid and state not in (b"Z", b"X"):
                return True
    return False


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a program and all that it has started: it has a group of its own, and is not waited for yet."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
