"""Real hub and real focal points in one event loop, the hub's ports open to faults.

A `Harbour` is where focal points dial. The hub behind it can be ended and opened again, over the
same folder, while they go on; a test may put its own ports between the hub and the disk.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import httpx

from broker.app import Ports, create_app, make_hub, open_ports
from broker.service.hub import Hub
from broker.service.operator import LedgerReport, check_ledger, make_candidate
from broker.service.sequencer import AcceptedAt, Sequencer
from broker.service.state import load_state
from broker.settings import HubFolder
from clients.focalpoint import FocalPoint
from clients.line.ledger import LedgerReader, Reader
from clients.line.transport import DialError, Line, LineClosed
from clients.mail.compose import Expectation, Ref
from clients.mail.sent import Acceptance
from clients.store import OutState, Store
from clients.system import System
from schemas.addresses import Address
from schemas.errors import SeraiError
from tests.support.desk import cover_to, make_store, warning
from tests.support.history import History, Judgement, reference_of
from tests.support.hub import MemoryLine
from tests.support.world import HUB_ORIGIN, KZ, TJ, UZ, World

Bend = Callable[[Ports], Ports]
"""Puts something between a hub and its ports."""

PARTIES = (KZ, UZ, TJ)


def present_world(members: Iterable[Address] = PARTIES) -> World:
    """A world whose time is now, for hubs and clients that read the machine's clock."""
    world = World([])
    world.time_ms = int(time.time() * 1000) - 60_000
    for member in members:
        world.enrol(member)
        world.enrol(f"{member}/DUTY-1")
    return world


def make_stores(path: Path, world: World, members: Iterable[Address] = PARTIES) -> dict[Address, Store]:
    """A store for each member, each in a folder of its own, with the key of its officer."""
    stores = {}
    for member in members:
        folder = path / member.replace("/", "-")
        folder.mkdir(mode=0o700, parents=True)
        stores[member] = make_store(folder, world, member, f"{member}/DUTY-1")
    return stores


def lengthen(folder: HubFolder, world: World, start: int) -> None:
    """Admit the public statements of a world's log from a place on, in one commit."""
    settings = folder.read_settings()
    with open_ports(folder, settings) as ports:
        sequencer = Sequencer(
            ports.store, ports.register, ports.signer, ports.clock, world.network, lambda _: None, new_epoch=True
        )
        directory = sequencer.load().directory
        batch = [make_candidate(logged.text, directory, lambda _: None) for logged in world.log[start:]]
        assert all(isinstance(verdict, AcceptedAt) for verdict in sequencer.take_turn(batch).verdicts)


async def _nap(seconds: float) -> None:
    """Back off, but not for as long as between continents."""
    await asyncio.sleep(min(seconds, 0.02))


def quick_system() -> System:
    """The machine, but for waits between two lines, so that tests need not wait."""
    return System(sleep=_nap)


class _ClientEnd:
    """The client's end of a line in memory."""

    def __init__(self, line: MemoryLine) -> None:
        self._line = line
        self._ended = False

    async def send(self, text: str) -> None:
        if self._line.closed is not None:
            raise LineClosed(*self._line.closed)
        self._line.to_hub.put_nowait(text)

    async def recv(self) -> str:
        text = await self._line.to_client.get()
        if text is None:
            raise LineClosed(*(self._line.closed or (1006, "the line broke")))
        return text

    async def close(self) -> None:
        if not self._ended:
            self._ended = True
            self._line.to_hub.put_nowait(None)


class Harbour:
    """Where focal points dial (a `clients.line.transport.Transport`).

    Args:
        folder: of the hub.
        bend: puts something between the hub and its ports.

    Attributes:
        hub: the hub that serves now; ``None`` while there is none.
    """

    def __init__(self, folder: HubFolder, bend: Bend = lambda ports: ports) -> None:
        self.folder = folder
        self.bend = bend
        self.hub: Hub | None = None
        self._open = AsyncExitStack()
        self._lines: dict[asyncio.Task[None], MemoryLine] = {}

    async def start(self) -> None:
        """Open the hub over its folder and serve."""
        settings = self.folder.read_settings()
        ports = self._open.enter_context(open_ports(self.folder, settings))
        hub = make_hub(self.bend(ports), settings)
        hub.load()
        await hub.start()
        self.hub = hub

    async def stop(self) -> None:
        """End every line, then the hub; what is not on disk is forgotten."""
        hub, self.hub = self.hub, None
        for task, line in list(self._lines.items()):
            await line.close(1006, "the hub is gone")
            task.cancel()
        await asyncio.gather(*self._lines, return_exceptions=True)
        self._lines.clear()
        if hub is not None:
            with suppress(SeraiError):
                await hub.stop()
        await self._open.aclose()

    async def dial(self, hub: str, token: str) -> Line:
        """A line to the hub, if there is one."""
        if self.hub is None:
            raise ConnectionRefusedError(hub)
        serving = self.hub
        try:
            holder = await serving.admit_line(token)
        except SeraiError as error:
            raise DialError(error.code, error.detail, serving.time_ms()) from None
        line = MemoryLine()
        task = asyncio.create_task(serving.serve(line, holder))
        self._lines[task] = line
        task.add_done_callback(lambda done: self._lines.pop(done, None))
        return _ClientEnd(line)

    def reader(self, hub: str, token: Callable[[], str]) -> Reader:
        """Reads the hub's ledger through its real HTTP application."""
        if self.hub is None:
            raise ConnectionRefusedError(hub)
        return LedgerReader(hub, token, transport=httpx.ASGITransport(app=create_app(self.hub)))


@asynccontextmanager
async def points_at(where: Harbour | str, stores: dict[Address, Store]) -> AsyncIterator[dict[Address, FocalPoint]]:
    """A focal point for each store at a harbour or a hub's address, looking for work all the time."""
    options: dict[str, Any] = {"system": quick_system()}
    if isinstance(where, Harbour):
        options |= {"transport": where, "make_reader": where.reader}
    hub = HUB_ORIGIN if isinstance(where, Harbour) else where
    async with AsyncExitStack() as stack:
        points = {
            member: await stack.enter_async_context(FocalPoint.open(store, [hub], **options))
            for member, store in stores.items()
        }
        poke = asyncio.create_task(_poke(points))
        stack.callback(poke.cancel)
        yield points


@asynccontextmanager
async def showing(points: dict[Address, FocalPoint], history: History) -> AsyncIterator[None]:
    """An application at each focal point takes what comes, as long as the block lasts."""

    async def show(member: Address, point: FocalPoint) -> None:
        while True:  # a full disk ends the iteration; the application goes on
            with suppress(SeraiError):
                async for delivery in point.deliveries():
                    history.shown[member, delivery.digest] += 1
            await asyncio.sleep(0.02)

    tasks = [asyncio.create_task(show(member, point)) for member, point in points.items()]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


_LATE_S = 4_102_444_800
"""A deadline that no test sees, in seconds since 1970 UTC: the year 2100."""


async def talk(points: dict[Address, FocalPoint], history: History, number: int) -> None:
    """A warning, an answer to it and everything that confirms them: each table of the hub is written."""
    asked = Expectation(_LATE_S, (UZ,))
    digest = await send(points[KZ], history, f"W-{number}", [UZ, TJ], precedence="flash", expects=asked)
    await points[KZ].wait_answer(digest, UZ, "received")
    await send(points[UZ], history, f"R-{number}", [KZ], refs=(Ref("reply", digest),), precedence="flash")


async def check_points(points: dict[Address, FocalPoint], history: History) -> None:
    """Wait until all is delivered and confirmed; then let every member audit every leaf."""
    await settle(points, history)
    for point in points.values():
        assert (await point.audit()).faults == ()


def check_all(folder: HubFolder, stores: dict[Address, Store], history: History) -> Judgement:
    """With the hub stopped: nothing lost, duplicated or unexpected, no alarm, and the whole ledger recomputed."""
    check_folder(folder)
    settings = folder.read_settings()
    with open_ports(folder, settings) as ports:
        judgement = history.judge(ports.store, stores)
    assert judgement.is_clean, judgement
    check_members(stores)
    return judgement


async def _poke(points: dict[Address, FocalPoint]) -> None:
    """Clients look at what they hold back after a while; here they do so at once."""
    while True:
        await asyncio.sleep(0.02)
        for point in points.values():
            point._sender._held.clear()
            point._link.wake.set()


async def send(point: FocalPoint, history: History, reference: str, to: Iterable[Address], **cover: object) -> str:
    """Send a warning and hear where it stands, all of it noted; gives its digest."""
    recipients = list(to)
    history.attempt(reference, recipients)
    sent = point.send(warning(reference), cover_to(*recipients, **cover))
    history.kept.add(reference)
    told = await sent
    history.told[reference] = told
    return told.digest


async def settle(points: dict[Address, FocalPoint], history: History) -> None:
    """Wait until everything kept has arrived and is confirmed, and no outbox has anything left to say."""
    for reference in sorted(history.kept):
        told = history.told[reference]
        sender = next(point for point in points.values() if _sent_here(point, told.digest))
        for member in history.attempted[reference]:
            await sender.wait_answer(told.digest, member, "received")
    for point in points.values():
        await point.until(lambda point=point: not point.state.store.outbox.waiting_count())  # type: ignore[misc]


def _sent_here(point: FocalPoint, digest: str) -> bool:
    return point.state.store.outbox.find(digest) is not None


def is_told(store: Store) -> bool:
    """Whether everything said was answered, and the own copies have come back, so that they can be read."""
    return not store.outbox.waiting_count() and all(item.content is not None for item in store.items.sent(1 << 20))


def note_told(history: History, store: Store) -> None:
    """What a store says of the reports that died before anybody was told."""
    for outgoing in store.outbox.all(1 << 20):
        if outgoing.state is OutState.ACCEPTED and outgoing.draft["draft"] == "dispatch":
            item = store.items.get(outgoing.digest or "")
            reference = reference_of(item) if item is not None else None
            if reference is not None and outgoing.index is not None:
                history.kept.add(reference)  # it was on disk, though nobody had been told
                history.told[reference] = Acceptance(outgoing.digest or "", outgoing.index)


def check_folder(folder: HubFolder) -> LedgerReport:
    """``serai-hub ledger check`` of a hub that does not serve; demands that nothing is wrong."""
    settings = folder.read_settings()
    with open_ports(folder, settings) as ports:
        load_state(ports.store, ports.register, settings.network)
        report = check_ledger(ports.store, settings.network)
    assert (report.faults, report.gone) == ((), ()), report
    return report


def check_members(stores: dict[Address, Store]) -> None:
    """Demand that no member has an alarm, and that everything it said was accepted."""
    for member, store in stores.items():
        assert store.alarms.raised() == [], f"{member}: {store.alarms.raised()}"
        assert {row.state for row in store.outbox.all(1 << 20)} <= {OutState.ACCEPTED}, member
