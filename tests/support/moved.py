"""A program under a moved clock: ``python -m tests.support.moved FILE MODULE ARGUMENTS``.

The wall clock of the process is this machine's plus what FILE says, which a test may change while the program runs;
FILE also says whether the system calls its clock synchronised. The monotonic clock is left alone, as it is by whoever
sets a clock.
"""

from __future__ import annotations

import mmap
import runpy
import struct
import sys
import time
from pathlib import Path
from typing import Any, Final, Self

_FORM: Final = struct.Struct("<qq")


class MovedClock:
    """The hands of such a program's clock.

    Args:
        path: the file.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._synchronised = False
        self._ahead_ms = 0

    @classmethod
    def make(cls, path: Path, ahead_ms: int = 0, *, synchronised: bool = False) -> Self:
        """A new file."""
        path.write_bytes(bytes(_FORM.size))
        clock = cls(path)
        clock.set(ahead_ms, synchronised=synchronised)
        return clock

    def set(self, ahead_ms: int, *, synchronised: bool | None = None) -> None:
        """Set the clock, also of a program that runs.

        Args:
            ahead_ms: how far ahead of this machine's it is.
            synchronised: what the system says of it; ``None`` leaves that as it is.
        """
        self._ahead_ms = ahead_ms
        self._synchronised = self._synchronised if synchronised is None else synchronised
        with self.path.open("r+b") as file:
            file.write(_FORM.pack(ahead_ms, self._synchronised))

    def now_ms(self) -> int:
        """What such a program takes for the time."""
        return time.time_ns() // 1_000_000 + self._ahead_ms

    def command(self, module: str) -> list[str]:
        """How a module is run under this clock; its arguments follow."""
        return [sys.executable, "-m", "tests.support.moved", str(self.path), module]


def _move(path: Path) -> None:
    """Move the clock of this process, before it has imported anything that might keep the real one."""
    with path.open("rb") as file:
        view = mmap.mmap(file.fileno(), _FORM.size, access=mmap.ACCESS_READ)
    real_ns, real_s = time.time_ns, time.time

    def ahead_ms() -> int:
        return int(_FORM.unpack_from(view)[0])

    time.time_ns = lambda: real_ns() + ahead_ms() * 1_000_000
    time.time = lambda: real_s() + ahead_ms() / 1000

    from broker.adapters.system import SystemClock  # noqa: PLC0415 - only now

    vars_of: Any = SystemClock
    vars_of.is_synchronised = lambda _: bool(_FORM.unpack_from(view)[1])


if __name__ == "__main__":
    _move(Path(sys.argv[1]))
    module = sys.argv[2]
    sys.argv = [module, *sys.argv[3:]]
    runpy.run_module(module, run_name="__main__", alter_sys=True)
