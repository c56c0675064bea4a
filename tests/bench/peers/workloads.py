"""The workloads `w1`, `w1b` and `w3` through a peer; what they measure is said as `tests.bench.workloads` does."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from tests.bench.latency import RATE
from tests.bench.measure import Result, Scale, percentile, window
from tests.bench.peers.traffic import Line, System, Tally, make_parcels, queue_of
from tests.bench.workloads import BACKLOG, IN_FLIGHT, SEVEN

_SENDERS: Final = SEVEN[:6]


async def w1(system: System, scale: Scale, pid: int) -> Result:
    """Fan-out: six senders with 64 alerts in flight each, each to the six others."""
    tally, parcels, running = Tally(BACKLOG), make_parcels(_SENDERS), True
    async with lines_of(system, tally) as lines:
        turns = itertools.takewhile(lambda _: running, itertools.repeat(None))
        pairs = zip(lines, parcels, strict=False)
        sending = [
            asyncio.create_task(tally.keep_sending(line, own, turns)) for line, own in pairs for _ in range(IN_FLIGHT)
        ]
        await asyncio.sleep(scale.warm_s)
        before = (tally.accepted, tally.delivered)
        with window(pid) as used:
            await asyncio.sleep(scale.seconds)
            accepted, delivered = tally.accepted - before[0], tally.delivered - before[1]
        running = False
        await asyncio.gather(*sending)
        await tally.drop_to(0)
    line = {
        "accepted_per_s": round(accepted / used.seconds, 1),
        "deliveries_per_s": round(delivered / used.seconds, 1),
        "hub_us_per_alert": round(used.hub_s / accepted * 1e6, 1),
    }
    return Result(line, {**used.describe(accepted), "accepted": tally.check(), "lost": 0})


async def w1b(system: System, scale: Scale, pid: int) -> Result:
    """Latency: 200 alerts a second to six each, whatever the peer does, from send to arrival."""
    tally, parcels = Tally(), make_parcels(_SENDERS)
    count, warm = int(RATE * (scale.seconds + scale.warm_s)), RATE * scale.warm_s
    async with lines_of(system, tally) as lines:
        with window(pid) as used:
            sending = []
            first = time.perf_counter() + 0.1
            for number in range(count):
                await asyncio.sleep(max(0.0, first + number / RATE - time.perf_counter()))
                sent = tally.send(lines[number % 6], parcels[number % 6], timed=number >= warm)
                sending.append(asyncio.create_task(sent))
            await asyncio.gather(*sending)
            await tally.drop_to(0)
    took = sorted(tally.took)
    line = {
        "p50_ms": round(percentile(took, 0.5) * 1e3, 2),
        "p99_ms": round(percentile(took, 0.99) * 1e3, 2),
        "max_ms": round(took[-1] * 1e3, 2),
    }
    return Result(line, {"deliveries": len(took), **used.describe(count), "accepted": tally.check(), "lost": 0})


async def w3(system: System, scale: Scale, pid: int) -> Result:
    """Catch-up: alerts wait for one recipient that comes back and takes them all."""
    sender, recipient = SEVEN[:2]
    tally, (parcels,) = Tally(), make_parcels([sender], [recipient])
    async with lines_of(system, tally, [sender], taking=False) as (line,):
        turns = iter(range(scale.waiting))
        start = time.perf_counter()
        await asyncio.gather(*(tally.keep_sending(line, parcels, turns) for _ in range(2 * IN_FLIGHT)))
        filled = time.perf_counter() - start
    await asyncio.sleep(0.5)
    with window(pid) as used:
        start = time.perf_counter()
        async with lines_of(system, tally, [recipient]):
            await tally.drop_to(0)
            drained = time.perf_counter() - start
    facts = {"filled_per_s": round(scale.waiting / filled, 1), **used.describe(scale.waiting)}
    return Result({"drained_per_s": round(scale.waiting / drained, 1)}, {**facts, "accepted": tally.check(), "lost": 0})


WORKLOADS: Final[dict[str, Callable[[System, Scale, int], Coroutine[None, None, Result]]]] = {
    "w1": w1,
    "w1b": w1b,
    "w3": w3,
}


async def measure(system: System, name: str, scale: Scale, folder: Path) -> Result:
    """Run a workload with a new server in a new folder."""
    with system.serve(folder) as pid:
        await system.prepare([queue_of(member) for member in SEVEN])
        result = await WORKLOADS[name](system, scale, pid)
    return Result({"workload": name, **result.line}, result.more)


@asynccontextmanager
async def lines_of(
    system: System, tally: Tally, members: Sequence[str] = SEVEN, *, taking: bool = True
) -> AsyncIterator[list[Line]]:
    """All of these members, connected, taking what comes or not."""
    async with asyncio.TaskGroup() as tasks:
        takers = {queue: tally.taker(queue) if taking else None for queue in map(queue_of, members)}
        lines = [await system.connect(queue, take, tasks) for queue, take in takers.items()]
        try:
            yield lines
        finally:
            await asyncio.gather(*(line.close() for line in lines))
