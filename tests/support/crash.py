"""Processes that end by SIGKILL at a chosen step: the hub's own command, and a client at work.

The product has no hooks for this. A child process, forked from a server that has imported
everything once, puts itself between the program and its disk or line, and kills itself when the
n-th passage of a step comes. Nothing is flushed, closed or said.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import Connection, event

import broker.adapters.register
import broker.app
import broker.web.exchange
from broker.adapters.db.store import SqlStore
from broker.adapters.db.transaction import SqlTransaction
from broker.app import Ports
from broker.cli.commands import hub as hub_command
from broker.service.hub import Hub
from broker.settings import HubFolder, HubSettings
from clients.focalpoint import FocalPoint
from clients.line.transport import Line, WebSocketTransport
from clients.store.database import Database
from schemas.frames import parse_frame
from tests.support.desk import cover_to, open_store, warning
from tests.support.faulty import written
from tests.support.harbour import quick_system

HUB_STEPS = (
    "token", "begin", "statement", "mailbox", "outcome", "reference", "watch", "tile", "head", "cursor",
    "commit", "committed", "slot", "register", "accepting", "accepted", "delivering", "delivered",
)  # fmt: skip
"""Steps of a hub, in order: after each write; ``commit`` is before and ``committed`` after it; ``slot``
is between the register's write and its sync; ``accepting`` and ``delivering`` are before a frame."""


@dataclass
class Death:
    """Where a process ends.

    Attributes:
        step: the step; ``""`` for never.
        passage: at which passage of it, from 1.
    """

    step: str = ""
    passage: int = 1

    def at(self, step: str) -> None:
        """Pass a step, if this is not the end."""
        if step and step == self.step:
            self.passage -= 1
            if self.passage == 0:
                os.kill(os.getpid(), signal.SIGKILL)


def server() -> ForkServerContext:
    """The context whose processes are forked from one that has imported what they need."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["pytest", "tests.support.crash"])
    return context


# The hub


class DyingStore:
    """The real store, which a process does not survive a step of."""

    def __init__(self, store: SqlStore, death: Death) -> None:
        self._store = store
        self._death = death
        self._in_commit = False
        event.listen(store._engine, "after_cursor_execute", self._after)
        event.listen(store._engine, "commit", lambda _: death.at("commit") if self._in_commit else None)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def _after(self, connection: Connection, cursor: Any, statement: str, *_: Any) -> None:
        if table := written(statement):
            self._death.at(table)

    @contextmanager
    def transaction(self) -> Iterator[SqlTransaction]:
        """A transaction, from its lock to after its commit."""
        self._in_commit = True
        with self._store.transaction() as transaction:
            self._death.at("begin")
            yield transaction
        self._in_commit = False
        self._death.at("committed")


class _DyingRegister:
    def __init__(self, register: Any, death: Death) -> None:
        self._register = register
        self._death = death

    def read(self) -> str:
        return str(self._register.read())

    def swap(self, before: str, after: str) -> None:
        self._register.swap(before, after)
        self._death.at("register")


class _DyingFiles:
    """Files of blobs; steps are ``write`` and ``seal``, after each, and ``dropping``, before a file goes."""

    def __init__(self, files: Any, death: Death) -> None:
        self._files = files
        self._death = death

    def __getattr__(self, name: str) -> Any:
        return getattr(self._files, name)

    def write(self, *args: Any) -> None:
        self._files.write(*args)
        self._death.at("write")

    def seal(self, name: str) -> Any:
        digest = self._files.seal(name)
        self._death.at("seal")
        return digest

    def drop(self, name: str) -> None:
        self._death.at("dropping")
        self._files.drop(name)


class _DyingOs:
    def __init__(self, death: Death) -> None:
        self._death = death

    def __getattr__(self, name: str) -> Any:
        return getattr(os, name)

    def pwrite(self, *args: Any) -> int:
        count = os.pwrite(*args)
        self._death.at("slot")
        return count


_FRAMES = {'{"type":"accepted"': ("accepting", "accepted"), '{"type":"deliver","items":[{': ("delivering", "delivered")}


def _watch_hub(death: Death) -> None:
    """Put a death between this process's hub and its ports."""
    make_hub, send = broker.app.make_hub, broker.web.exchange.SocketLine.send

    def make(ports: Ports, settings: HubSettings) -> Hub:
        dying = replace(
            ports,
            store=DyingStore(ports.store, death),  # type: ignore[arg-type]
            register=_DyingRegister(ports.register, death),  # type: ignore[arg-type]
            files=_DyingFiles(ports.files, death),  # type: ignore[arg-type]
        )
        return make_hub(dying, settings)

    async def put(self: Any, text: str) -> None:
        before, after = next((steps for start, steps in _FRAMES.items() if text.startswith(start)), ("", ""))
        death.at(before)
        await send(self, text)
        death.at(after)

    broker.app.make_hub = make
    broker.web.exchange.SocketLine.send = put  # type: ignore[method-assign]
    vars(broker.adapters.register)["os"] = _DyingOs(death)


def _redirect(log: Path) -> None:
    fd = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(fd, 1)
    os.dup2(fd, 2)


def _serve(folder: Path, death: Death) -> None:
    _redirect(folder / "log")
    _watch_hub(death)
    hub_command(["serve", str(folder)], standalone_mode=False)


class MortalHub:
    """``serai-hub serve`` in a process of its own, which may die at a step.

    Args:
        folder: a hub's folder whose settings name ``port``.
        port: where it listens.
    """

    def __init__(self, folder: HubFolder, port: int) -> None:
        self.folder = folder
        self.port = port
        self._process: ForkServerProcess | None = None

    @property
    def origin(self) -> str:
        """As clients dial it."""
        return f"ws://127.0.0.1:{self.port}"

    def start(self, death: Death | None = None) -> None:
        """Start, and wait until it is ready or has died."""
        self._process = server().Process(target=_serve, args=(self.folder.path, death or Death()), daemon=True)
        self._process.start()
        deadline = time.monotonic() + 60
        while self._process.is_alive() and not self._is_ready():
            assert time.monotonic() < deadline, self.log[-2000:]
            time.sleep(0.02)

    def _is_ready(self) -> bool:
        try:
            return httpx.get(f"http://127.0.0.1:{self.port}/health/ready").status_code == 200
        except httpx.TransportError:
            return False

    @property
    def log(self) -> str:
        """What it has logged."""
        return (self.folder.path / "log").read_text()

    async def died(self) -> None:
        """Wait until it has died by SIGKILL."""
        assert self._process is not None
        await asyncio.to_thread(self._process.join, 60)
        assert self._process.exitcode == -signal.SIGKILL, (self._process.exitcode, self.log[-2000:])

    def kill(self) -> None:
        """SIGKILL."""
        assert self._process is not None
        self._process.kill()
        self._process.join(10)

    def stop(self) -> None:
        """SIGTERM; demands a clean end."""
        assert self._process is not None
        self._process.terminate()
        self._process.join(60)
        assert self._process.exitcode == 0, self.log[-2000:]


# A client

CLIENT_STEPS = (
    "drafting", "drafted", "submit before", "submit after", "accepted before", "accepted after",
    "deliver before", "deliver after", "ack before", "ack after", "shown",
)  # fmt: skip
"""Steps of a client: before and after the draft's commit; before and after a frame goes, or has come and was
taken in; after the application was shown a delivery. ``commit n`` and ``committed n`` stand beside them."""


@dataclass(frozen=True, slots=True)
class Errand:
    """What a client process is to do.

    Attributes:
        store: its file.
        hub: where to dial.
        references: what to send.
        to: to whom.
        journal: where it notes what it attempts and is shown.
    """

    store: Path
    hub: str
    references: tuple[str, ...]
    to: tuple[str, ...]
    journal: Path


def _watch_commits(database: Database, death: Death) -> None:
    """Make each commit of a client's store a step, before and after."""
    execute = database.execute

    def run(sql: str, *values: Any) -> Any:
        if sql != "COMMIT":
            return execute(sql, *values)
        death.at("commit")
        result = execute(sql, *values)
        death.at("committed")
        return result

    database.execute = run  # type: ignore[method-assign]


class _DyingLine:
    def __init__(self, line: Line, death: Death) -> None:
        self._line = line
        self._death = death
        self._came = ""

    async def send(self, text: str) -> None:
        kind = parse_frame(text).type
        self._death.at(f"{kind} before")
        await self._line.send(text)
        self._death.at(f"{kind} after")

    async def recv(self) -> str:
        self._death.at(f"{self._came} after")  # the one before has been taken in
        text = await self._line.recv()
        frame = parse_frame(text)
        self._came = "" if frame.type == "deliver" and not frame.items else frame.type
        self._death.at(f"{self._came} before")
        return text

    async def close(self) -> None:
        await self._line.close()


class _DyingTransport:
    def __init__(self, death: Death) -> None:
        self._death = death
        self._real = WebSocketTransport()

    async def dial(self, hub: str, token: str) -> Line:
        return _DyingLine(await self._real.dial(hub, token), self._death)


def _run_errand(errand: Errand, death: Death) -> None:
    _redirect(errand.journal.with_suffix(".log"))
    asyncio.run(_do(errand, death))


async def _do(errand: Errand, death: Death) -> None:
    journal = os.open(errand.journal, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def note(*words: str) -> None:
        os.write(journal, (" ".join(words) + "\n").encode())

    with open_store(errand.store) as store:
        _watch_commits(store._database, death)
        transport = _DyingTransport(death)
        async with FocalPoint.open(store, [errand.hub], transport=transport, system=quick_system()) as point:
            await point.wait_live()
            showing = asyncio.create_task(_show(point, note, death))
            for reference in errand.references:
                note("attempt", reference)
                death.at("drafting")
                assert point.send(warning(reference), cover_to(*errand.to)).id
                note("kept", reference)
                death.at("drafted")
                await asyncio.sleep(0)
            await showing


async def _show(point: FocalPoint, note: Callable[..., None], death: Death) -> None:
    async for delivery in point.deliveries():
        note("shown", delivery.digest)
        death.at("shown")


class MortalClient:
    """A focal point in a process of its own, which may die at a step; it runs until it is killed.

    Args:
        errand: what it is to do.
    """

    def __init__(self, errand: Errand) -> None:
        self.errand = errand
        self._process: ForkServerProcess | None = None

    def start(self, death: Death | None = None) -> None:
        """Start."""
        self._process = server().Process(target=_run_errand, args=(self.errand, death or Death()), daemon=True)
        self._process.start()

    async def died(self) -> None:
        """Wait until it has died by SIGKILL."""
        assert self._process is not None
        await asyncio.to_thread(self._process.join, 60)
        log = self.errand.journal.with_suffix(".log").read_text()
        assert self._process.exitcode == -signal.SIGKILL, (self._process.exitcode, log[-2000:])

    def kill(self) -> None:
        """SIGKILL."""
        assert self._process is not None
        self._process.kill()
        self._process.join(10)

    def notes(self) -> list[tuple[str, str]]:
        """What it noted: ``attempt``, ``kept`` or ``shown``, and the reference or digest."""
        lines = self.errand.journal.read_text().splitlines()
        return [(kind, name) for kind, _, name in (line.partition(" ") for line in lines)]
