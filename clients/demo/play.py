"""The demonstration from beginning to end."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from clients.demo.exchange import Exchange
from clients.demo.officers import DemoOfficer, converse, prove
from clients.demo.outcome import DemoOutcome
from clients.demo.parties import FOCAL_POINTS, MEMBERS, PLAN
from clients.demo.rows import Rows
from clients.demo.screen import DemoScreen
from clients.demo.tally import count_inbox
from clients.documents.outfile import open_private
from clients.focalpoint import FocalPoint
from clients.line.audit import AuditResult
from clients.network.maker import MadeNetwork, make_network
from clients.store import Store
from clients.system import System
from schemas.addresses import Address


async def play(folder: Path, rows: Rows, screen: DemoScreen) -> DemoOutcome:
    """Make a network, exchange everything in it, check it, and stop.

    Args:
        folder: empty; everything is made in it.
        rows: what is sent.
        screen: shows progress.

    Raises:
        SeraiError: something did not work at all.
    """
    screen.say("making root, hub and keys")
    network = await make_network(folder, PLAN, System())
    with network.open_stores() as stores:
        try:
            await network.hub.start()
            return await _exchange(rows, screen, network, stores)
        finally:
            await network.hub.stop()


async def _exchange(
    rows: Rows, screen: DemoScreen, network: MadeNetwork, stores: Mapping[Address, Store]
) -> DemoOutcome:
    async with _open_points(stores, network.hub.origin) as points:
        with screen.progress((len(MEMBERS) - 1) * rows.count) as tell:
            exchange = Exchange(points, rows.reports, network.hub, tell)
            await exchange.run()
        screen.say("every member follows the ledger, leaf by leaf")
        audits = await _audit(points)
        counts = {member: count_inbox(member, store, rows.reports) for member, store in stores.items()}
        alarms = {member: len(point.alarms()) for member, point in points.items()}
    screen.say("two officers at the command line; then a court, which knows the root's thumbprint only")
    evidence = await _officers(screen, network, stores)
    return DemoOutcome(rows.reports, counts, audits, alarms, evidence, exchange.times_ms)


@asynccontextmanager
async def _open_points(stores: Mapping[Address, Store], hub: str) -> AsyncIterator[dict[Address, FocalPoint]]:
    async with AsyncExitStack() as stack:
        points = {
            member: await stack.enter_async_context(FocalPoint.open(store, [hub])) for member, store in stores.items()
        }
        for point in points.values():
            await point.wait_live()
        yield points


async def _audit(points: Mapping[Address, FocalPoint]) -> dict[Address, AuditResult]:
    """Everybody by itself, up to the newest checkpoint that it has verified."""
    results = await asyncio.gather(*(point.audit() for point in points.values()))
    return dict(zip(points, results, strict=True))


async def _photographs(network: MadeNetwork, stores: Mapping[Address, Store], digest: str) -> None:
    """Each of these has the photograph of a warning, and it is the one that the report names.

    Raises:
        SeraiError: one of them has another, or none.
    """
    async with _open_points(stores, network.hub.origin) as points:
        for member, point in points.items():
            await point.until(lambda items=point.state.store.items: items.has(digest))  # type: ignore[misc]
            with open_private(network.home(member).path / "EX-photo.jpg") as file:
                await point.fetch_attachment(digest, 1, file)


async def _officers(screen: DemoScreen, network: MadeNetwork, stores: Mapping[Address, Store]) -> str:
    """Two officers write to each other, and one proves it; gives what the verifier said."""
    sender = secrets.choice([member for member in FOCAL_POINTS if stores[member].items.sent(1)])
    other = secrets.choice([member for member in FOCAL_POINTS if member != sender])
    one, two = (DemoOfficer(member, network.home(member), screen.show_typed) for member in (sender, other))
    number, digest = await converse(one, two)
    screen.say("every other recipient has the photograph that was sent")
    await _photographs(network, {each: store for each, store in stores.items() if each not in (sender, other)}, digest)
    return await prove(one, number, digest, network.path / "evidence.json", network.root)
