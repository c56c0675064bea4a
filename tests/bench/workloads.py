"""The workloads: what is sent to whom, and what is measured of it (README.md says more)."""

from __future__ import annotations

import asyncio
import statistics
import time
from pathlib import Path

from tests.bench.alerts import Alerts
from tests.bench.latency import Latency
from tests.bench.measure import Result, Scale, window
from tests.bench.members import Load, Member, finish, open_all
from tests.bench.network import bench, memory_kib
from tests.support.world import MEMBERS

SEVEN = MEMBERS[:7]
IN_FLIGHT = 64
BACKLOG = 6 * 12 * IN_FLIGHT
"""Undelivered copies beyond which senders pause; the rigs of the peers have the same rule."""

_DRAIN_S = 120.0


def others_than(member: str) -> list[str]:
    """The other six."""
    return [each for each in SEVEN if each != member]


async def w1(scale: Scale, folder: Path, stacks: Path | None = None) -> Result:
    """Fan-out: six senders with 64 alerts in flight each, each to the six others."""
    with bench(folder, SEVEN, officers=True) as network:
        each = int(scale.most_per_s * (scale.seconds + scale.warm_s)) // 6
        alerts = [Alerts(network.world, f"{name}/DUTY-1", others_than(name), each) for name in SEVEN[:6]]
        load = Load(len(SEVEN), BACKLOG)
        members = [Member(network, name, load, alerts[0].item_bytes) for name in SEVEN]
        await open_all(members)
        for member, own in zip(members, alerts, strict=False):
            member.start(own, IN_FLIGHT)
        await asyncio.sleep(scale.warm_s)
        before = (load.accepted, load.delivered)
        commits = await asyncio.to_thread(network.hub.counted, "serai_commits_total")
        with window(network.pid, stacks, scale.seconds) as used:
            await run_for(load, scale.seconds, len(SEVEN[:6]) * (each - IN_FLIGHT))
            accepted, delivered = load.accepted - before[0], load.delivered - before[1]
        commits = await asyncio.to_thread(network.hub.counted, "serai_commits_total") - commits
        for member in members:
            member.stop()
        await load.until(lambda: not load.outstanding and not any(m.waiting for m in members), _DRAIN_S)
        facts = finish(network, members)
    line = {
        "accepted_per_s": round(accepted / used.seconds, 1),
        # The seventh copy is the sender's own.
        "deliveries_per_s": round(delivered / used.seconds * 6 / 7, 1),
        "hub_us_per_alert": round(used.hub_s / accepted * 1e6, 1),
    }
    return Result(line, {**used.describe(accepted), "per_commit": round(accepted / max(1, commits), 1), **facts})


async def run_for(load: Load, seconds: float, supply: int) -> None:
    """Let the time pass, or what was prepared run out."""
    try:
        await load.until(lambda: load.accepted >= supply, seconds)
    except TimeoutError:
        return


async def w1b(scale: Scale, folder: Path, stacks: Path | None = None) -> Result:
    """Latency: 200 alerts a second to six each, whatever the hub does, from send to arrival."""
    with bench(folder, SEVEN, officers=True) as network:
        victims = Latency(network, SEVEN, scale.warm_s + scale.seconds)
        await open_all(victims.members)
        with window(network.pid, stacks, scale.seconds) as used:
            await victims.measure(scale.warm_s)
            took = await victims.measure(scale.seconds)
        facts = finish(network, victims.members)
    line = {"p50_ms": took.ms(0.5), "p99_ms": took.ms(0.99), "max_ms": took.ms(1)}
    return Result(line, {"deliveries": len(took.seconds), **used.describe(victims.sent), **facts})


async def w2(scale: Scale, folder: Path, stacks: Path | None = None) -> Result:
    """Bulletin: one sender, every recipient connected, until the last has acknowledged."""
    sender, *to = names = [f"KZ/UNIT-{number}" for number in range(scale.bulletin_to + 1)]
    with bench(folder, names) as network:
        alerts = [Alerts(network.world, sender, to, 1) for _ in range(scale.bulletins + 1)]
        load = Load(len(names))
        members = [Member(network, name, load, alerts[0].item_bytes) for name in names]
        await open_all(members)
        await _bulletin(load, members, alerts[0], 1)  # warms up
        took = []
        with window(network.pid, stacks, scale.bulletins * 0.4) as used:
            for number, own in enumerate(alerts[1:], 2):
                took.append(await _bulletin(load, members, own, number))
                await asyncio.sleep(0.1)
        facts = finish(network, members)
    line = {"last_receipt_ms": round(statistics.median(took) * 1e3, 1)}
    spread = {"min_ms": round(min(took) * 1e3, 1), "max_ms": round(max(took) * 1e3, 1)}
    return Result(line, {**spread, **used.describe(scale.bulletins), **facts})


async def _bulletin(load: Load, members: list[Member], alerts: Alerts, number: int) -> float:
    start = time.perf_counter()
    members[0].send(alerts, alerts.alerts[0])
    await load.until(lambda: load.acks == number * len(members) and load.accepted == number, _DRAIN_S)
    return time.perf_counter() - start


async def w3(scale: Scale, folder: Path, stacks: Path | None = None) -> Result:
    """Catch-up: alerts wait for one recipient that comes back and takes them all."""
    sender, recipient = SEVEN[:2]
    with bench(folder, (sender, recipient), officers=True) as network:
        alerts = Alerts(network.world, f"{sender}/DUTY-1", [recipient], scale.waiting)
        load = Load(2)
        members = [Member(network, name, load, alerts.item_bytes) for name in (sender, recipient)]
        await members[0].open()
        start = time.perf_counter()
        members[0].start(alerts, 2 * IN_FLIGHT)
        await load.until(lambda: load.accepted == load.delivered == scale.waiting, _DRAIN_S)
        filled = time.perf_counter() - start
        await asyncio.sleep(0.5)
        with window(network.pid, stacks, scale.waiting / 3_000) as used:
            start = time.perf_counter()
            await members[1].open()
            await load.until(lambda: not load.outstanding, _DRAIN_S)
            drained = time.perf_counter() - start
        facts = finish(network, members)
    line = {"drained_per_s": round(scale.waiting / drained, 1)}
    return Result(line, {"filled_per_s": round(scale.waiting / filled, 1), **used.describe(scale.waiting), **facts})


async def idle(scale: Scale, folder: Path, stacks: Path | None = None) -> Result:
    """Memory: a hub that knows many members, before and after all of them are on the line."""
    names = [f"KZ/UNIT-{number}" for number in range(scale.clients)]
    with bench(folder, names) as network:
        load = Load(1)
        warm = Member(network, names[0], load)
        await warm.open()
        warm.close()
        await asyncio.sleep(1)
        empty = memory_kib(network.pid)
        members = [Member(network, name, load) for name in names]
        await open_all(members)
        await asyncio.sleep(1)
        full = memory_kib(network.pid)
        facts = finish(network, members)
    line = {"hub_mib": round(empty / 1024, 1), "kib_per_client": round((full - empty) / scale.clients, 1)}
    return Result(line, {"clients": scale.clients, **facts})
