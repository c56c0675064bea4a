"""How the hub's cost grows: with members, with the recipients of a dispatch, with the ledger; see README.md."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple

import uvloop

from tests.bench.alerts import Alerts
from tests.bench.growth_figures import draw
from tests.bench.ledgers import measure_size
from tests.bench.measure import QUICK, Result, Scale, Window, window
from tests.bench.members import Load, Member, check_complete, check_samples, open_all
from tests.bench.network import Bench, bench
from tests.bench.workloads import BACKLOG, IN_FLIGHT, run_for

PLOTS: Final = Path(__file__).parent / "plots"
_SENDERS: Final = 6
_COPIES: Final = 6 * _SENDERS * IN_FLIGHT
"""Copies in flight in ``w1``; kept, whatever the number of recipients."""

_DRAIN_S: Final = 180.0


@dataclass(frozen=True, slots=True)
class Sizes:
    """What is measured.

    Attributes:
        members: numbers of members, each alert to six of them.
        recipients: of an alert.
        ledgers: leaves.
        scale: how long.
    """

    members: tuple[int, ...]
    recipients: tuple[int, ...]
    ledgers: tuple[int, ...]
    scale: Scale


WHOLE: Final = Sizes(
    (7, 20, 60, 180),
    (1, 6, 30, 120, 500),
    (1_000, 10_000, 100_000, 1_000_000, 10_000_000),
    Scale(seconds=6.0, warm_s=1.5),
)
SMALL: Final = Sizes((7, 9), (1, 8), (300, 1_000), QUICK)
"""Only to see that it runs."""


class Shape(NamedTuple):
    """Who sends to how many, and how much at once.

    Attributes:
        members: connected.
        senders: of them, the first ones.
        recipients: of each alert: those that follow the sender, in a ring.
        in_flight: alerts of each sender.
    """

    members: int
    senders: int
    recipients: int
    in_flight: int

    def route(self, sender: int) -> list[int]:
        """The recipients of a sender, all by their numbers."""
        return [(sender + step) % self.members for step in range(1, self.recipients + 1)]


def shape_of_members(count: int) -> Shape:
    """As much in flight as in ``w1``, spread over all members, each alert to six."""
    return Shape(count, count, 6, max(1, _SENDERS * IN_FLIGHT // count))


def shape_of_recipients(count: int) -> Shape:
    """Six senders, as many copies in flight as in ``w1``, as far as whole alerts allow."""
    in_flight = min(IN_FLIGHT, max(1, _COPIES // (_SENDERS * count)))
    return Shape(max(_SENDERS + 1, count + 1), _SENDERS, count, in_flight)


# Fan-out of any shape


async def fan_out(shape: Shape, scale: Scale, folder: Path) -> Result:
    """As ``w1``, in another shape."""
    names = [f"KZ/UNIT-{number}" for number in range(shape.members)]
    with bench(folder, names) as network:
        alerts = _alerts(network, names, shape, scale)
        load = Load(shape.recipients + 1, BACKLOG)
        members = [Member(network, name, load, alerts[0].item_bytes) for name in names]
        await open_all(members)
        for member, own in zip(members, alerts, strict=False):
            member.start(own, shape.in_flight)
        await asyncio.sleep(scale.warm_s)
        before = (load.accepted, load.delivered)
        with window(network.pid) as used:
            await run_for(load, scale.seconds, sum(len(own.alerts) - shape.in_flight for own in alerts))
            accepted, delivered = load.accepted - before[0], load.delivered - before[1]
        for member in members:
            member.stop()
        await load.until(lambda: not load.outstanding and not any(m.waiting for m in members), _DRAIN_S)
        facts = finish(network, members, shape)
    return Result(_line(shape, used, accepted, delivered), {**used.describe(accepted), **facts})


def _alerts(network: Bench, names: Sequence[str], shape: Shape, scale: Scale) -> list[Alerts]:
    """More than can be sent in the time: the fewer, the more recipients each has."""
    per_s = min(scale.most_per_s, 14_000 // (shape.recipients + 1) + 100)
    each = int(per_s * (scale.seconds + scale.warm_s)) // shape.senders + shape.in_flight
    routes = ([names[to] for to in shape.route(number)] for number in range(shape.senders))
    return [Alerts(network.world, name, route, each) for name, route in zip(names, routes, strict=False)]


def _line(shape: Shape, used: Window, accepted: int, delivered: int) -> dict[str, Any]:
    to = shape.recipients  # the sender's own copy is not counted
    hub_us = used.hub_s / accepted * 1e6 if accepted else 0.0
    return {
        "accepted_per_s": round(accepted / used.seconds, 1),
        "deliveries_per_s": round(delivered / used.seconds * to / (to + 1), 1),
        "hub_us_per_alert": round(hub_us, 1),
        "hub_us_per_delivery": round(hub_us / to, 1),
    }


def finish(network: Bench, members: list[Member], shape: Shape) -> dict[str, int]:
    """Close every line, then demand that everybody got exactly what was for him."""
    for member in members:
        member.close()
    due: list[list[int]] = [list(member.accepted) for member in members]
    for number in range(shape.senders):
        for to in shape.route(number):
            due[to] += members[number].accepted
    for member, expected in zip(members, due, strict=True):
        check_complete([member], expected)
    accepted = sum(len(member.accepted) for member in members)
    return {"accepted": accepted, "lost": 0, "items_verified": check_samples(network, members)}


# What grows


def grow_fan_out(shapes: dict[int, Shape], scale: Scale, place: Path | None, last: float) -> dict[int, dict[str, Any]]:
    """A line for each size that there was time for."""

    def measure(size: int, folder: Path) -> Result:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            return runner.run(fan_out(shapes[size], scale, folder))

    return grow(list(shapes), measure, place, last, ratio=3)


def grow_ledger(sizes: Sequence[int], scale: Scale, place: Path | None, last: float) -> dict[int, dict[str, Any]]:
    """A line for each size of the ledger that there was time for."""

    def measure(size: int, folder: Path) -> Result:
        return Result(measure_size(scale, folder / "ledger", size))

    return grow(sizes, measure, place, last, ratio=9)


def grow(
    sizes: Sequence[int], measure: Callable[[int, Path], Result], place: Path | None, last: float, ratio: float
) -> dict[int, dict[str, Any]]:
    """Measure one size after the other, as long as there is time.

    Args:
        sizes: from small to large.
        measure: one size, in a new folder.
        place: where folders are made.
        last: when to be ready, by `time.monotonic`.
        ratio: how much longer a size may take than the one before it.
    """
    found: dict[int, dict[str, Any]] = {}
    took = 0.0
    for size in sizes:
        start = time.monotonic()
        if found and start + took * ratio > last:
            print(f"{size:,} and above left out: not enough time", file=sys.stderr)
            break
        folder = Path(tempfile.mkdtemp(prefix="serai-bench-", dir=place))
        try:
            result = measure(size, folder)
        finally:
            shutil.rmtree(folder)
        took = time.monotonic() - start
        print(json.dumps({"size": size, **result.line, **result.more}), file=sys.stderr, flush=True)
        found[size] = result.line
    return found


def line_of(workload: str, name: str, found: dict[int, dict[str, Any]], keys: Sequence[str]) -> dict[str, Any]:
    """One line for all sizes: lists in their order."""
    return {"workload": workload, name: list(found), **{key: [line[key] for line in found.values()] for key in keys}}


FAN_OUT_KEYS: Final = ("accepted_per_s", "deliveries_per_s", "hub_us_per_alert", "hub_us_per_delivery")
LEDGER_KEYS: Final = ("startup_s", "hub_mib", "append_us", "proof_median_ms", "proof_ms")


# Running


def measure_all(sizes: Sizes, place: Path | None, last: float) -> Iterator[dict[str, Any]]:
    """The three lines, each as soon as it is complete."""
    members = {count: shape_of_members(count) for count in sizes.members}
    recipients = {count: shape_of_recipients(count) for count in sizes.recipients}
    found = grow_fan_out(members, sizes.scale, place, last)
    yield line_of("growth-members", "members", found, FAN_OUT_KEYS)
    found = grow_fan_out(recipients, sizes.scale, place, last)
    yield line_of("growth-recipients", "recipients", found, FAN_OUT_KEYS)
    found = grow_ledger(sizes.ledgers, sizes.scale, place, last)
    yield line_of("growth-ledger", "leaves", found, LEDGER_KEYS)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.growth", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small and short, no figures: only to see that it runs")
    parser.add_argument("--seconds", type=float, default=600.0, help="what would take longer is left out (600)")
    parser.add_argument("--folder", type=Path, help="where the hub's folder is made; it should be on a disk")
    parser.add_argument("--plots", type=Path, help="where the figures go, instead of tests/bench/plots")
    asked = parser.parse_args(arguments)
    load = os.getloadavg()[0]
    for line in measure_all(SMALL if asked.quick else WHOLE, asked.folder, time.monotonic() + asked.seconds):
        print(json.dumps(line), flush=True)
        if asked.plots or not asked.quick:
            (asked.plots or PLOTS).joinpath(f"{line['workload']}.svg").write_text(draw(line, load))


if __name__ == "__main__":
    main()
