"""Client and hub in one thread and in memory: the real hub, real focal points, a line that obeys the test.

The hub is `broker.app`'s application over a SQLite folder on disk; the focal points have stores on
disk. Not real are the line between them (`tests.support.line`) and, in a
`tests.support.virtual.VirtualLoop`, time: what takes days is done at once, and happens in the
same order in every run.

Every line is watched: frames must follow the session table, and nothing that is not urgent may be
sent before something urgent that was ready. What goes against that is in `Pair.faults`.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager, nullcontext
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

import httpx
from fastapi import FastAPI

from broker import app
from broker.adapters.verifier import InlineVerifier
from broker.app import create_app, open_ports
from broker.ports import HubPorts
from broker.service import mailroom, session
from broker.service.blobs import BlobLimits
from broker.service.hub import Hub
from broker.service.operator import make_candidate
from broker.service.sequencer import AcceptedAt
from clients import FocalPoint, LedgerReader, Sent, Store
from clients.system import Clock, System
from schemas.addresses import Address
from schemas.frames import Deliver, Frame, Submit
from schemas.ids import make_uuid7
from schemas.session import Side
from tests.support.desk import cover_to, make_store, unlock_officers, warning
from tests.support.hub import make_folder
from tests.support.line import PairLine
from tests.support.steady import Steady
from tests.support.virtual import InlineExecutor, VirtualLoop
from tests.support.world import HUB_ORIGIN, World

DUTY = "DUTY-1"
"""The officer whose key every desk holds."""


@contextmanager
def small_pages(memory_bytes: int = 100_000) -> Iterator[None]:
    """Let a few statements fill a page of the hub's, and its memory."""
    with patch.object(session, "DELIVER_BYTES", 12_000), patch.object(mailroom, "RECENT_BYTES", memory_bytes):
        yield


class Pair(Steady):
    """A hub, the focal points at it, and the lines between.

    Args:
        path: an empty folder.
        world: whose network it is.
        room: frames under way in each direction of a line before who sends has to wait.

    Attributes:
        hub: as it runs; ``None`` while it does not.
        seats: by name.
        faults: what must not happen and did.
    """

    def __init__(self, path: Path, world: World, room: int = 64) -> None:
        self.path = path
        self.world = world
        self.room = room
        self.hub: Hub | None = None
        self.app: FastAPI | None = None
        self.seats: dict[str, Seat] = {}
        self.faults: list[str] = []
        self._lines: list[PairLine] = []
        self._resources = ExitStack()
        self._loop = asyncio.get_running_loop()  # the hub asks for the time in threads too
        self._began_ms = world.time_ms - self._elapsed_ms()
        with patch.object(app, "Timekeeper", lambda *_: self):
            self.folder = make_folder(path / "hub", world)

    # Time

    def _elapsed_ms(self) -> int:
        return int(self._loop.time() * 1000)

    def now_ms(self) -> int:
        """The time of hub, clients and world, in milliseconds since 1970 UTC."""
        self.world.time_ms = self._began_ms + self._elapsed_ms()
        return self.world.time_ms

    def new_jti(self) -> str:
        """A fresh UUIDv7; with `now_ms` this makes the pair a `broker.ports.Timekeeping`."""
        return make_uuid7(self.now_ms(), self.world.entropy(10))

    def skip(self, seconds: float) -> None:
        """Let time pass in which nobody does anything."""
        self._began_ms += int(seconds * 1000)
        self.now_ms()

    # The hub

    async def start_hub(self) -> Hub:
        """Start the hub of the folder."""
        settings = self.folder.read_settings()
        ports = self._resources.enter_context(open_ports(self.folder, settings))
        origins = frozenset(settings.origins)
        opened = HubPorts(ports.store, ports.register, ports.signer, self, InlineVerifier(), ports.files)
        hub = Hub(opened, settings.network, origins, BlobLimits(settings.blob_bytes, settings.quota))
        if isinstance(asyncio.get_running_loop(), VirtualLoop):
            hub.sequencer._thread = hub.blobs._worker = InlineExecutor()
        hub.load()
        await hub.start()
        self.hub, self.app = hub, create_app(hub)
        return hub

    async def stop_hub(self) -> None:
        """Stop it as an operator does."""
        hub, self.hub, self.app = self.hub, None, None
        if hub is None:
            return
        await hub.stop()
        for line in self._lines:
            await line.ended()
        self._lines.clear()
        self._resources.close()

    async def crash_hub(self) -> None:
        """Let it die: nobody is told, nothing is written any more, what is under way is lost."""
        hub, self.hub, self.app = self.hub, None, None
        if hub is None:
            return
        work = hub._work
        assert work is not None
        work.cancel()
        for line in self._lines:
            line.abandon()
            await line.ended()
        self._lines.clear()
        await asyncio.gather(work, return_exceptions=True)
        hub.sequencer._thread.shutdown()
        self._resources.close()

    async def admit(self, text: str) -> int:
        """Let the operator admit a public statement; gives its place."""
        assert self.hub is not None
        verdict = await self.hub.decide(partial(make_candidate, text))
        assert isinstance(verdict, AcceptedAt), verdict
        return verdict.index

    # Seats

    def seat(self, name: str, member: str, *officers: str, store: Store | None = None) -> Seat:
        """A seat with a new store, not yet started.

        Args:
            name: of the seat in this pair and at the hub.
            member: whose mailbox; or an officer, for a seat that shows covers only.
            officers: whose keys are held too.
            store: one that exists.
        """
        path = self.path / name
        path.mkdir(mode=0o700)
        made = store or make_store(path, self.world, member, *officers)
        made.close()
        self.seats[name] = Seat(self, name, next(path.glob("*.db")))
        return self.seats[name]

    async def desk(self, member: str) -> Seat:
        """The desk of a member with its officer, started and live."""
        seat = self.seat(member.replace("/", "-").lower(), member, f"{member}/{DUTY}")
        await seat.start()
        await seat.point.wait_live()
        return seat

    def make_line(self, seat: Seat) -> PairLine:
        """A new line of a seat, not yet dialled."""
        line = PairLine(self.room, seat._watch, seat._complain)
        self._lines.append(line)
        return line

    # Rest

    async def settle(self, timeout_s: float = 900.0) -> None:
        """Wait until everything that was said has come to rest.

        Raises:
            AssertionError: it does not.
        """
        rest, deadline = 0, self._elapsed_ms() + timeout_s * 1000
        while rest < 3:
            assert self._elapsed_ms() < deadline, [seat.describe() for seat in self.seats.values()]
            await asyncio.sleep(0.4)
            running = [seat for seat in self.seats.values() if seat.is_running]
            rest = rest + 1 if all(seat.rests for seat in running) else 0

    async def close(self) -> None:
        """Stop everything and close every file."""
        for seat in self.seats.values():
            await seat.stop()
        await self.stop_hub()

    @classmethod
    @asynccontextmanager
    async def running(
        cls, path: Path, *members: Address, world: World | None = None, **options: Any
    ) -> AsyncIterator[Pair]:
        """A pair with a hub that serves, for members of a new network or for a world."""
        pair = cls(path, world or World(members), **options)
        await pair.start_hub()
        try:
            yield pair
        finally:
            await pair.close()
        assert pair.faults == []


class Seat:
    """A seat at the hub: a focal point over a store, and how it reaches the hub.

    It is the focal point's `clients.Transport`.

    Attributes:
        point: the focal point; another one after every start.
        line: the newest line.
        online: whether a hub can be reached at all.
        on_line: called with every new line before it is used.
        skew_s: how far this machine's clock is ahead of the hub's.
    """

    point: FocalPoint

    def __init__(self, pair: Pair, name: str, path: Path) -> None:
        self.name = name
        self.path = path
        self.line: PairLine | None = None
        self.online = True
        self.on_line: Callable[[PairLine], None] = lambda _: None
        self.skew_s = 0
        self.hubs = [HUB_ORIGIN]
        self._pair = pair
        self._store: Store | None = None
        self._task: asyncio.Task[None] | None = None
        self._sent = {"public": 0, "urgent": 0, "normal": 0}
        self._committed = 0

    # The program

    @property
    def store(self) -> Store:
        """The store, open while the seat runs."""
        assert self._store is not None
        return self._store

    @property
    def is_running(self) -> bool:
        """Whether the program runs."""
        return self._task is not None

    async def start(self) -> FocalPoint:
        """Start the program."""
        clock = Clock(lambda: self._pair.now_ms() + 1000 * self.skew_s)
        loop = asyncio.get_running_loop()
        system = System(clock, self._pair.world.entropy, monotonic=loop.time, sleep=asyncio.sleep)
        self._store = Store.open(self.path, "toy", system=system)
        if self._store.keys.signing:
            unlock_officers(self._store)
        options: dict[str, Any] = {"seat": self.name, "system": system, "make_reader": self._reader}
        self.point = FocalPoint(self._store, self.hubs, transport=self, audit_every_s=None, **options)
        self._task = asyncio.create_task(self.point.run())
        return self.point

    async def stop(self) -> None:
        """End the program, wherever it is."""
        task, self._task = self._task, None
        if task is None:
            return
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        self.point._end(asyncio.CancelledError())
        self.store.close()

    async def restart(self) -> FocalPoint:
        """End the program and start it over the same store."""
        await self.stop()
        return await self.start()

    def say(self, *to: str, reference: str = "W-1", **cover: Any) -> Sent:
        """Send a warning."""
        return self.point.send(warning(reference), cover_to(*to, **cover))

    # The line

    async def dial(self, hub: str, token: str) -> PairLine:
        """A line to the hub; see `clients.Transport.dial`."""
        if not self.online or self._pair.app is None or hub != HUB_ORIGIN:
            raise ConnectionRefusedError("no hub")
        line = self._pair.make_line(self)
        await line.dial(self._pair.app, token)
        self.line, self._committed = line, 0
        self._sent = self.point.state.cursors.model_dump()
        self.on_line(line)
        return line

    def cut(self, *, lose: bool = True) -> None:
        """Cut the line, if there is one."""
        if self.line is not None:
            self.line.cut(lose=lose)

    def _reader(self, hub: str, token: Callable[[], str]) -> LedgerReader:
        return LedgerReader(hub, token, transport=_Http(self._pair, self))

    # Watching

    def _complain(self, what: str) -> None:
        self._pair.faults.append(f"{self.name}: {what}")

    def _watch(self, line: PairLine, side: Side, frame: Frame) -> None:
        if isinstance(frame, Submit):
            self._watch_submit(frame)
        elif isinstance(frame, Deliver):
            self._watch_deliver(frame)

    def _watch_submit(self, frame: Submit) -> None:
        """Nothing urgent may wait in the outbox, ready to go, while something else goes."""
        sender, outbox = self.point._sender, self.store.outbox
        going = sender._in_flight
        ready = [row for row in outbox.waiting(1000) if row not in going.values() and row not in sender._held]
        late = [row for row in ready if (found := outbox.get(row)) is not None and found.urgent]
        mine = next(
            (found for row in going.values() if (found := outbox.get(row)) and found.statement == frame.statement), None
        )
        if late and mine is not None and not mine.urgent:
            self._complain(f"{mine.id} was sent while {late} were urgent and waited")

    def _watch_deliver(self, frame: Deliver) -> None:
        """What was committed before the last frame, and is urgent, may not wait while something else goes."""
        hub = self._pair.hub
        if hub is None:
            return
        for item in frame.items:
            self._sent[item.lane] = max(self._sent[item.lane], item.index + 1)
        if any(item.lane == "normal" for item in frame.items):
            start, member = self._sent["urgent"], self.point.member
            late = hub.store.mailbox(member, "urgent", start, self._committed, 100)
            if late:
                self._complain(f"normal items were delivered while {[item.index for item in late]} waited")
        self._committed = hub.mailroom.head.size

    @property
    def rests(self) -> bool:
        """Whether nothing is under way, owed or waiting."""
        line = self.line
        if not self.point.is_live or line is None or line.end is not None:
            return False
        quiet = not (line.up.under_way or line.down.under_way or self.point._sender.in_flight)
        return quiet and not self.store.outbox.waiting_count() and not self.store.outcomes.owed_count()

    def describe(self) -> str:
        """How it stands, for a failure."""
        if not self.is_running:
            return f"{self.name}: not running"
        waiting, owed = self.store.outbox.waiting_count(), self.store.outcomes.owed_count()
        live, fault = self.point.is_live, self.point.fault
        return f"{self.name}: live {live}, waiting {waiting}, owed {owed}, fault {fault}"


class _Http(httpx.AsyncBaseTransport):
    """HTTP to the pair's hub, for the reader of a seat."""

    def __init__(self, pair: Pair, seat: Seat) -> None:
        self._pair = pair
        self._seat = seat

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """One request, if the hub can be reached."""
        if not self._seat.online or self._pair.app is None:
            raise httpx.ConnectError("no hub")
        loop = asyncio.get_running_loop()
        with loop.real_time() if isinstance(loop, VirtualLoop) else nullcontext():
            return await httpx.ASGITransport(self._pair.app).handle_async_request(request)
