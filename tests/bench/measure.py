"""How much, for how long, and what is read at both ends of it."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from tests.bench.network import cpu_s, memory_kib, tree_cpu_s


@dataclass(frozen=True, slots=True)
class Scale:
    """How long and how large the workloads are.

    Attributes:
        seconds: measured, after a warm-up.
        warm_s: the warm-up.
        most_per_s: alerts prepared for each second of ``w1``; the run ends when they are used up.
        bulletin_to: recipients of a bulletin.
        bulletins: measured ones.
        waiting: alerts that wait for the recipient of ``w3``.
        clients: idle ones.
        ledgers: sizes of ledgers.
        texts: largest size at which the statements have texts.
        appends: statements appended to each ledger.
        blob: bytes of an attachment.
        operations: steps of operations.
    """

    seconds: float = 15.0
    warm_s: float = 2.0
    most_per_s: int = 5_000
    bulletin_to: int = 500
    bulletins: int = 10
    waiting: int = 20_000
    clients: int = 1_000
    ledgers: tuple[int, ...] = (1_000, 100_000, 10_000_000)
    texts: int = 100_000
    appends: int = 4_096
    blob: int = 64 << 20
    operations: tuple[int, ...] = (10, 100, 1_000)


FULL: Final = Scale()
QUICK: Final = Scale(0.5, 0.2, 1_000, 8, 2, 300, 10, (300, 1_000, 5_000), 1_000, 128, 1 << 20, (10, 50))
"""Only to see that everything runs."""


@dataclass(slots=True)
class Result:
    """What a workload gives.

    Attributes:
        line: printed on standard output.
        more: what helps to understand it, printed on standard error.
    """

    line: dict[str, Any]
    more: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Window:
    """What hub and clients used between two moments; of the hub, the time of its helpers too."""

    seconds: float = 0.0
    hub_s: float = 0.0
    client_s: float = 0.0
    hub_mib: float = 0.0

    def describe(self, alerts: float) -> dict[str, Any]:
        """For people, for each of so many alerts."""
        return {
            "seconds": round(self.seconds, 2),
            "hub_cores": round(self.hub_s / self.seconds, 2),
            "client_cores": round(self.client_s / self.seconds, 2),
            "hub_us": round(self.hub_s / alerts * 1e6, 1) if alerts else None,
            "client_us": round(self.client_s / alerts * 1e6, 1) if alerts else None,
            "hub_mib": round(self.hub_mib, 1),
        }


@contextmanager
def window(pid: int, stacks: Path | None = None, seconds: float = 10.0) -> Iterator[Window]:
    """Measure what happens inside the block.

    Args:
        pid: of the hub.
        stacks: file for a profile of the hub, if there is to be one; the profiler disturbs.
        seconds: how long the profile lasts.
    """
    found = Window()
    gc.collect()
    gc.freeze()  # what was prepared is not looked through again
    profiler = start_profiler(pid, stacks, seconds) if stacks else None
    start = (time.perf_counter(), tree_cpu_s(pid), cpu_s(os.getpid()))
    try:
        yield found
    finally:
        end = (time.perf_counter(), tree_cpu_s(pid), cpu_s(os.getpid()))
        found.seconds, found.hub_s, found.client_s = (after - before for before, after in zip(start, end, strict=True))
        found.hub_mib = memory_kib(pid) / 1024
        gc.unfreeze()
        if profiler is not None:
            profiler.wait(120)


def start_profiler(pid: int, stacks: Path, seconds: float) -> subprocess.Popen[bytes]:
    """Sample the hub's stacks into a file, one line for each, with its count."""
    spy = str(Path(sys.executable).with_name("py-spy"))
    command = [spy, "record", "--pid", str(pid), "--format", "raw", "--output", str(stacks), "--threads"]
    options = ["--rate", "100", "--duration", str(max(1, int(seconds))), "--full-filenames", "--native"]
    stacks.parent.mkdir(parents=True, exist_ok=True)
    with stacks.with_suffix(".log").open("wb") as log:
        return subprocess.Popen([*command, *options], stdout=log, stderr=log)


def percentile(ordered: list[float], part: float) -> float:
    """The value below which a part of an ordered list lies."""
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))]


def busy_note(load: float) -> str:
    """A warning for readers if the machine had other work; empty if it had not.

    Args:
        load: the load average before the run.
    """
    return f"The machine was busy with other work: load average {load:.1f} before the run." if load > 0.5 else ""
