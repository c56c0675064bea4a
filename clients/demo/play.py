"""The demonstration from beginning to end."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from clients.audit import AuditResult
from clients.demo.exchange import Exchange
from clients.demo.hub import HubProcess
from clients.demo.network import FOCAL_POINTS, MEMBERS, Network, folder_of, make_network, open_stores
from clients.demo.officers import converse, prove, seat
from clients.demo.rows import Rows
from clients.demo.screen import Screen
from clients.demo.tally import InboxCount, count_inbox, percentile
from clients.focalpoint import FocalPoint
from clients.store import Store
from schemas.addresses import Address
from schemas.reports import SeizureReport


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was seen at the end.

    Attributes:
        reports: what was sent, by sender.
        counts: what each inbox holds.
        audits: what each member's audit of the ledger found.
        alarms: how many alarms each member has.
        evidence: what the offline verifier said; empty if the file does not hold.
        times_ms: from hand-over to arrival, of each delivery.
    """

    reports: Mapping[Address, list[SeizureReport]]
    counts: Mapping[Address, InboxCount]
    audits: Mapping[Address, AuditResult]
    alarms: Mapping[Address, int]
    evidence: str
    times_ms: list[float]

    @property
    def ledger(self) -> str:
        """``verified`` if every member followed every leaf up to its checkpoint and nobody has an alarm."""
        sound = not any(audit.faults for audit in self.audits.values()) and not any(self.alarms.values())
        return "verified" if sound and len(self.audits) == len(MEMBERS) else "not verified"

    def to_json(self) -> dict[str, Any]:
        """The line for programs; everything but ``sent`` and the times is counted from inboxes."""
        counts = self.counts.values()
        return {
            "sent": sum(len(reports) for reports in self.reports.values()),
            "accepted": len(frozenset[str]().union(*(count.digests for count in counts))),
            "delivered": sum(len(count.digests) for count in counts),
            "acknowledged": sum(count.acknowledged for count in counts),
            "duplicates": sum(count.duplicates for count in counts),
            "lost": sum(count.lost for count in counts),
            "ledger": self.ledger,
            "evidence": "verified" if self.evidence else "not verified",
            "p50_ms": percentile(self.times_ms, 50),
            "p99_ms": percentile(self.times_ms, 99),
        }

    @property
    def holds(self) -> bool:
        """Whether everything is as it must be."""
        said = self.to_json()
        sent, due = said["sent"], (len(MEMBERS) - 1) * said["sent"]
        numbers = [said[name] for name in ("accepted", "delivered", "acknowledged", "duplicates", "lost")]
        return numbers == [sent, due, due, 0, 0] and {said["ledger"], said["evidence"]} == {"verified"}


async def play(folder: Path, rows: Rows, screen: Screen) -> Outcome:
    """Make a network, exchange everything in it, check it, and stop.

    Args:
        folder: empty; everything is made in it.
        rows: what is sent.
        screen: shows progress.

    Raises:
        SeraiError: something did not work at all.
    """
    hub = HubProcess(folder / "hub", folder / "hub.log")
    screen.say("making root, hub and keys")
    network = await make_network(folder, hub)
    statements = folder / "public.jws"
    statements.write_text("\n".join(network.statements) + "\n")
    await hub.admit(statements)
    with open_stores(folder, network) as stores:
        try:
            await hub.start()
            return await _exchange(folder, rows, screen, hub, stores, network)
        finally:
            await hub.stop()


async def _exchange(
    folder: Path, rows: Rows, screen: Screen, hub: HubProcess, stores: Mapping[Address, Store], network: Network
) -> Outcome:
    async with _open_points(stores, hub.origin) as points:
        with screen.progress((len(MEMBERS) - 1) * rows.count) as tell:
            exchange = Exchange(points, rows.reports, hub, tell)
            await exchange.run()
        screen.say("every member follows the ledger, leaf by leaf")
        audits = await _audit(points)
        counts = {member: count_inbox(member, store, rows.reports) for member, store in stores.items()}
        alarms = {member: len(point.alarms()) for member, point in points.items()}
    screen.say("two officers at the command line; then a court, which knows the root's thumbprint only")
    evidence = await _officers(folder, screen, hub, stores, network)
    return Outcome(rows.reports, counts, audits, alarms, evidence, exchange.times_ms)


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


async def _officers(
    folder: Path, screen: Screen, hub: HubProcess, stores: Mapping[Address, Store], network: Network
) -> str:
    """Two officers write to each other, and one proves a seizure; gives what the verifier said."""
    sender = secrets.choice([member for member in FOCAL_POINTS if stores[member].items.sent(1)])
    other = secrets.choice([member for member in FOCAL_POINTS if member != sender])
    one, two = (
        seat(folder_of(folder, member), member, network.id, hub.origin, screen.show_typed) for member in (sender, other)
    )
    digest = stores[sender].items.sent(1)[0].digest
    await converse(one, two)
    return await prove(one, digest, folder / "evidence.json", network.root)
