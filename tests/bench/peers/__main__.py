"""Measure the hub and its peers in turn, one line of JSON for each system and workload; see ../README.md."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import uvloop

from tests.bench.__main__ import run as run_serai
from tests.bench.measure import FULL, QUICK, Result, Scale
from tests.bench.peers.rabbit import Rabbit
from tests.bench.peers.report import draw, median_line, table
from tests.bench.peers.servers import MissingServerError
from tests.bench.peers.streams import Streams
from tests.bench.peers.traffic import System
from tests.bench.peers.workloads import WORKLOADS, measure

PLOTS: Final = Path(__file__).parent.parent / "plots"
SERAI: Final = "serai"
PEERS: Final[dict[str, System]] = {
    "rabbitmq": Rabbit("quorum"),
    "redis": Streams(),
    "rabbitmq-classic": Rabbit("classic"),
}
DEFAULT: Final = (SERAI, "rabbitmq", "redis")
_SCALE: Final = replace(FULL, seconds=10.0, most_per_s=3_000)


def run(system: str, workload: str, scale: Scale, place: Path | None) -> Result:
    """Run a workload once, with a new server in a new folder; says of which system it is."""
    if system == SERAI:
        result = run_serai(workload, scale, place)
    else:
        with (
            tempfile.TemporaryDirectory(prefix="serai-bench-", dir=place) as folder,
            asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
        ):
            result = runner.run(measure(PEERS[system], workload, scale, Path(folder)))
    return Result({"workload": workload, "system": system, **result.line}, result.more)


def describe(systems: Sequence[str]) -> dict[str, str]:
    """What each system is, its version and what makes it durable.

    Raises:
        MissingServerError: some are not installed; a line for each.
    """
    described, missing = {}, []
    for name in systems:
        try:
            described[name] = PEERS[name].describe() if name != SERAI else "one hub, SQLite, synchronous=FULL"
        except MissingServerError as error:
            missing.append(str(error))
    if missing:
        raise MissingServerError("\n".join(dict.fromkeys(missing)))
    return described


def measure_all(systems: Sequence[str], scale: Scale, rounds: int, place: Path | None) -> list[dict[str, Any]]:
    """Every line of every round; within a round the systems take turns at each workload."""
    lines = []
    for number in range(rounds):
        for workload in WORKLOADS:
            for system in systems:
                result = run(system, workload, scale, place)
                print(json.dumps({"round": number + 1, **result.line, **result.more}), file=sys.stderr, flush=True)
                lines.append(result.line)
    return lines


def medians(lines: Sequence[dict[str, Any]], systems: Sequence[str]) -> list[dict[str, Any]]:
    """One line for each workload and system."""
    pairs = [(workload, system) for workload in WORKLOADS for system in systems]
    return [median_line([line for line in lines if (line["workload"], line["system"]) == pair]) for pair in pairs]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what was asked for; 2 if a server is missing, before anything is measured."""
    asked = _parser().parse_args(arguments)
    if unknown := set(asked.systems) - {SERAI, *PEERS}:
        _parser().error(f"no such system: {', '.join(sorted(unknown))}")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the servers are ended then, too
    try:
        described = describe(asked.systems or DEFAULT)
    except MissingServerError as error:
        print(error, file=sys.stderr)
        return 2
    load, rounds = os.getloadavg()[0], 1 if asked.quick else asked.rounds
    lines = measure_all(list(described), QUICK if asked.quick else _SCALE, rounds, asked.folder)
    found = medians(lines, list(described))
    for line in found:
        print(json.dumps(line), flush=True)
    print(table(lines), file=sys.stderr)
    if asked.plots or not asked.quick:
        (asked.plots or PLOTS).joinpath("peers.svg").write_text(draw(found, described, rounds, load))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.peers", description=__doc__)
    choices = [SERAI, *PEERS]
    parser.add_argument(
        "systems", nargs="*", metavar="SYSTEM", help=f"of {', '.join(choices)}; by default {', '.join(DEFAULT)}"
    )
    parser.add_argument("--rounds", type=int, default=3, help="how often each is measured (3)")
    parser.add_argument(
        "--quick", action="store_true", help="small and short, one round, no figure: to see that it runs"
    )
    parser.add_argument("--folder", type=Path, help="where the servers' folders are made; it should be on a disk")
    parser.add_argument("--plots", type=Path, help="where the figure goes, instead of tests/bench/plots")
    return parser


if __name__ == "__main__":
    sys.exit(main())
