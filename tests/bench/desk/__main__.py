"""Run workloads of the desk, one line of JSON each on standard output; see the README of `tests.bench`."""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from tests.bench.desk import endurance, hands, live, paint
from tests.bench.desk.stage import FULL, QUICK, Stage, set_up
from tests.bench.measure import busy_note

WORKLOADS: Final[dict[str, Callable[[Stage], dict[str, Any]]]] = {
    "desk-paint": paint.paint,
    "desk-bytes": paint.weight,
    "desk-live": live.live,
    "desk-hands": hands.hands,
    "desk-burst": live.burst,
    "desk-cuts": endurance.cuts,
    "desk-week": endurance.week,
}


def main() -> None:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.desk", description=__doc__)
    parser.add_argument("workloads", nargs="*", metavar="WORKLOAD", help=f"of {', '.join(WORKLOADS)}; all by default")
    parser.add_argument("--quick", action="store_true", help="small and short: only to see that it runs")
    asked = parser.parse_args()
    if unknown := set(asked.workloads) - set(WORKLOADS):
        parser.error(f"no such workload: {', '.join(sorted(unknown))}")
    if note := busy_note(os.getloadavg()[0]):
        print(note, file=sys.stderr)
    with (
        tempfile.TemporaryDirectory(prefix="serai-bench-desk-") as folder,
        set_up(Path(folder), QUICK if asked.quick else FULL) as stage,
    ):
        for name in asked.workloads or WORKLOADS:
            print(json.dumps({"workload": name, **WORKLOADS[name](stage)}), flush=True)


if __name__ == "__main__":
    main()
