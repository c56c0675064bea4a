"""Run workloads, one line of JSON each on standard output; see README.md."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
from collections.abc import Coroutine
from pathlib import Path
from typing import Protocol

import uvloop

from tests.bench import blobs, ledgers, steps, whole, workloads
from tests.bench.measure import FULL, QUICK, Result, Scale
from tests.bench.strangers import strangers


class Workload(Protocol):
    """Something that can be measured."""

    def __call__(self, scale: Scale, folder: Path, stacks: Path | None = None) -> Coroutine[None, None, Result]:
        """Measure it in a folder of its own."""


WORKLOADS: dict[str, Workload] = {
    "w1": workloads.w1,
    "w1b": workloads.w1b,
    "w2": workloads.w2,
    "w3": workloads.w3,
    "idle": workloads.idle,
    "strangers": strangers,
    "blob": blobs.blob,
    "e2e": whole.e2e,
    "ledger": ledgers.ledger,
    "operation": steps.operation,
}


def run(name: str, scale: Scale, place: Path | None, stacks: Path | None = None) -> Result:
    """Run a workload with a new hub in a new folder."""
    with (
        tempfile.TemporaryDirectory(prefix="serai-bench-", dir=place) as folder,
        asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
    ):
        result = runner.run(WORKLOADS[name](scale, Path(folder), stacks))
    return Result({"workload": name, **result.line}, result.more)


def main() -> None:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("workloads", nargs="*", metavar="WORKLOAD", help=f"of {', '.join(WORKLOADS)}; all by default")
    parser.add_argument("--quick", action="store_true", help="small and short: only to see that it runs")
    parser.add_argument("--folder", type=Path, help="where the hub's folder is made; it should be on a disk")
    parser.add_argument("--stacks", type=Path, help="folder for profiles of the hub; the rates are then too low")
    asked = parser.parse_args()
    if unknown := set(asked.workloads) - set(WORKLOADS):
        parser.error(f"no such workload: {', '.join(sorted(unknown))}")
    for name in asked.workloads or WORKLOADS:
        stacks = asked.stacks / f"{name}.stacks" if asked.stacks else None
        result = run(name, QUICK if asked.quick else FULL, asked.folder, stacks)
        print(json.dumps(result.more), file=sys.stderr)
        print(json.dumps(result.line), flush=True)


if __name__ == "__main__":
    main()
