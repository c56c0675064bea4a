"""The workload ``e2e``: real focal points, sealing, opening, proving, receipting, on disk at both ends."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from clients.focalpoint import FocalPoint
from schemas.reports import WarningReport
from tests.bench.measure import Result, Scale, window
from tests.bench.network import Bench, bench
from tests.bench.workloads import IN_FLIGHT, SEVEN, others_than
from tests.support.desk import cover_to, make_store, warning

_DRAIN_S = 180.0


def alert(number: int) -> WarningReport:
    """A report of 3 KB."""
    summary = "What an officer would write about a consignment. ".ljust(2_900, "w")
    return warning(f"W-{number}").model_copy(update={"summary": summary})


class Tally:
    """What all focal points have sent and got.

    Attributes:
        sent: digests of accepted alerts, by sender.
        delivered: alerts that a recipient has verified and opened.
    """

    def __init__(self) -> None:
        self.sent: dict[str, list[str]] = {name: [] for name in SEVEN}
        self.delivered = 0
        self.running = True

    @property
    def accepted(self) -> int:
        """Alerts that the hub has answered for, and the sender has verified."""
        return sum(len(digests) for digests in self.sent.values())


@asynccontextmanager
async def open_points(network: Bench, folder: Path) -> AsyncIterator[list[FocalPoint]]:
    """A live focal point for each member, with a store of its own."""
    await asyncio.to_thread(folder.mkdir, 0o700)
    async with AsyncExitStack() as stack:
        points = []
        for name in SEVEN:
            store = stack.enter_context(make_store(folder, network.world, name, f"{name}/DUTY-1"))
            points.append(await stack.enter_async_context(FocalPoint.open(store, [network.hub.origin])))
        for point in points:
            await point.wait_live()
            await point.until(lambda point=point: point.state.head.size >= network.size)  # type: ignore[misc]
        yield points


async def keep_sending(point: FocalPoint, tally: Tally, lane: int) -> None:
    """One of the alerts in flight: send, wait until it is accepted, again."""
    number = lane
    while tally.running:
        sent = await point.send(alert(number), cover_to(*others_than(point.member), signer=f"{point.member}/DUTY-1"))
        tally.sent[point.member].append(sent.digest)
        number += IN_FLIGHT


async def count_deliveries(point: FocalPoint, tally: Tally) -> None:
    """Take what comes; anything that a step refuses ends the run."""
    async for delivery in point.deliveries():
        assert delivery.report is not None, f"step {delivery.step}: {delivery.code}"
        tally.delivered += 1


def unreceived(points: Sequence[FocalPoint], tally: Tally) -> int:
    """Recipients from whom the sender has no signed ``received``."""
    return sum(
        recipient.state != "received"
        for point in points
        for digest in tally.sent[point.member]
        for recipient in point.status_of(digest).recipients.values()
    )


async def e2e(scale: Scale, folder: Path, stacks: Path | None = None) -> Result:
    """As ``w1``, with everything on at both ends; the seven focal points share one process."""
    tally = Tally()
    with bench(folder, SEVEN, officers=True) as network:
        async with open_points(network, folder / "stores") as points:
            taking = [asyncio.create_task(count_deliveries(point, tally)) for point in points]
            sending = [
                asyncio.create_task(keep_sending(point, tally, lane))
                for point in points[:6]
                for lane in range(IN_FLIGHT)
            ]
            await asyncio.sleep(scale.warm_s)
            before = (tally.accepted, tally.delivered)
            with window(network.pid, stacks, scale.seconds) as used:
                await asyncio.sleep(scale.seconds)
                accepted, delivered = tally.accepted - before[0], tally.delivered - before[1]
            tally.running = False
            async with asyncio.timeout(_DRAIN_S):
                await asyncio.gather(*sending)
                while tally.delivered < 6 * tally.accepted or unreceived(points, tally):  # noqa: ASYNC110 - two ends
                    await asyncio.sleep(0.5)
            for task in taking:
                task.cancel()
            await asyncio.gather(*taking, return_exceptions=True)
        total = tally.accepted
    line = {
        "accepted_per_s": round(accepted / used.seconds, 1),
        "deliveries_per_s": round(delivered / used.seconds, 1),
        "hub_us_per_alert": round(used.hub_s / accepted * 1e6, 1) if accepted else None,
    }
    facts = {"accepted": total, "lost": 6 * total - tally.delivered}
    return Result(line, {**used.describe(accepted), **facts})
