"""``python -m tests.attacks.prove``: every defence is switched off in turn, and its tests must go red.

First every test of attacks must pass in an untouched copy of the tree. One JSON line for each defence
follows, then one that says how many tests never went red: those are worthless, and so is the run.
Words of a defence's name as arguments choose some of them.
"""

from __future__ import annotations

import json
import queue
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from tests.attacks.defences import SWITCHES
from tests.attacks.table import modules
from tests.support.switching import Copy, Outcome, Switch, cases, verdict, worthless

ROOT: Final = Path(__file__).resolve().parent.parent.parent
WORKERS: Final = 2


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one defence.

    Attributes:
        switch: how it was switched off.
        red: the cases that went red.
        faults: what is wrong; empty if all is well.
        seconds: how long it took.
    """

    switch: Switch
    red: tuple[str, ...]
    faults: tuple[str, ...]
    seconds: float

    def line(self) -> str:
        """The result as a line of JSON."""
        said: dict[str, Any] = {"defence": self.switch.defence, "red": len(self.red), "seconds": round(self.seconds, 1)}
        return json.dumps({**said, "faults": list(self.faults)} if self.faults else said)


class Prover:
    """Copies of the tree, each used by one worker at a time.

    Args:
        path: an empty folder.
    """

    def __init__(self, path: Path) -> None:
        first = Copy(ROOT, path / "copy-0")
        copies = [first, *(Copy(first.path, path / f"copy-{number}") for number in range(1, WORKERS))]
        self._free: queue.Queue[Copy] = queue.Queue()
        for copy in copies:
            self._free.put(copy)

    def baseline(self, tests: Sequence[str]) -> dict[str, Outcome]:
        """How tests end while every defence is on."""
        copy = self._free.get()
        try:
            return copy.run(tests, compiles=True)
        finally:
            self._free.put(copy)

    def judge(self, switch: Switch) -> Result:
        """Switch a defence off and run its tests."""
        copy, began = self._free.get(), time.monotonic()
        try:
            with copy.switched(switch):
                outcomes = copy.run(switch.red)
            faults = verdict(switch, outcomes)
        except ValueError as error:
            outcomes, faults = {}, [str(error)]
        finally:
            self._free.put(copy)
        red = [name for test in switch.red for name in cases(outcomes, test) if outcomes[name].is_red]
        return Result(switch, tuple(red), tuple(faults), time.monotonic() - began)


def prove(switches: Sequence[Switch], files: Sequence[str]) -> Iterator[tuple[str, bool]]:
    """Lines to print, each with whether all is well.

    Args:
        switches: the defences.
        files: the test modules of which every case must go red; none if only some defences are tried.
    """
    with tempfile.TemporaryDirectory(prefix="serai-prove-") as path, ThreadPoolExecutor(WORKERS) as pool:
        prover = Prover(Path(path))
        green: dict[str, Outcome] = {}
        for outcomes in pool.map(prover.baseline, [[file] for file in files] or _by_module(switches)):
            green |= outcomes
        broken = [name for name, outcome in green.items() if outcome.outcome != "passed"]
        yield json.dumps({"untouched": len(green), "not passed": broken}), bool(green) and not broken
        red: set[str] = set()
        for result in pool.map(prover.judge, switches):
            red.update(result.red)
            yield result.line(), not result.faults
        never = worthless(green, red) if files else []
        yield json.dumps({"defences": len(switches), "red": len(red), "never red": never}), not never


def _by_module(switches: Sequence[Switch]) -> list[list[str]]:
    """The tests of some defences, those of one module together."""
    tests = sorted({test for switch in switches for test in switch.red})
    return [list(group) for _, group in groupby(tests, key=lambda test: test.partition("::")[0])]


def main(words: Sequence[str]) -> int:
    """Prove the defences in whose names a word is, or all."""
    chosen = [switch for switch in SWITCHES if not words or any(word in switch.defence for word in words)]
    well = bool(chosen)
    for line, good in prove(chosen, () if words else modules()):
        print(line, flush=True)
        well = well and good
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
