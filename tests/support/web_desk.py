"""Desks for tests: over the store of a member of a whole network, in this loop or as a server for a browser.

`network_of_desks` makes the network once for a session, and each test copies it. `open_desk` has a desk whose
application is asked without a socket (`Window`); `serve_desk` has one that listens, in a thread of its own.
"""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import socket
import threading
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from concurrent.futures import Future
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, Self, TypeVar

import httpx
import pytest
from websockets import ConnectionClosed, Origin
from websockets.asyncio.client import ClientConnection
from websockets.asyncio.client import connect as connect_socket

from clients.actions.client import Client
from clients.actions.home import Home
from clients.desk.app import make_app
from clients.desk.connections import OwnPeer, serve
from clients.desk.desk import Desk
from clients.desk.feed import Looking
from clients.desk.listening import is_own, listen, port_of
from clients.desk.looking import DeskLooking
from clients.focalpoint import FocalPoint
from clients.keys.keystore import CHEAP
from clients.network.hub import HubProcess, free_port
from clients.network.maker import MadeNetwork, make_network
from clients.network.plan import MemberPlan, NetworkPlan, OfficerPlan
from clients.store import Store
from clients.system import System
from schemas.addresses import Address
from tests.support.once import made_once

T = TypeVar("T")

KZ, UZ, ROOM = Address("KZ/NFP"), Address("UZ/NFP"), Address("CENTRE/ROOM")
DUTY_1, DUTY_2 = Address("KZ/NFP/DUTY-1"), Address("KZ/NFP/DUTY-2")
STORE: Final = "passphrase of the stores"
OFFICERS: Final = "passphrase of the officers"

_POSTS: Final = (
    ("DUTY-1", ("exchange", "duty_officer")),
    ("DUTY-2", ("exchange", "duty_officer")),
    ("CHIEF", ("exchange", "authorising_officer")),
)


def _member(address: Address) -> MemberPlan:
    officers = tuple(OfficerPlan(Address(f"{address}/{post}"), roles) for post, roles in _POSTS)
    roles = ("exchange", "certify", *(("audit", "coordinate") if address == ROOM else ()))
    return MemberPlan(address, f"Focal point {address}", roles, officers)


PLAN: Final = NetworkPlan("desks", tuple(map(_member, (KZ, UZ, ROOM))), STORE, OFFICERS, cost=CHEAP)
"""Two focal points and the room, with two duty officers and an authorising one each; an exercise."""


def network_of_desks(factory: pytest.TempPathFactory, plan: NetworkPlan = PLAN) -> Path:
    """The folder of a network that nobody has used, made once for the session; it is only copied."""

    def make(path: Path) -> None:
        asyncio.run(make_network(path, plan, System()))

    return made_once(factory, f"network-{plan.name}", make)


def copy_network(template: Path, path: Path, plan: NetworkPlan = PLAN) -> MadeNetwork:
    """A network of its own for a test; its hub gets a free port, and does not serve yet.

    Args:
        template: from `network_of_desks`.
        path: a folder that is not there.
        plan: of which it was made.
    """
    shutil.copytree(template, path)
    found = re.search(r"ws://127\.0\.0\.1:(\d+)", (path / "kz-nfp" / "config.toml").read_text())
    assert found is not None
    port = free_port()
    for file in (*path.glob("*/config.toml"), *path.glob("*/hub.toml")):
        file.write_text(re.sub(rf"\b{found[1]}\b", str(port), file.read_text()))
    made = MadeNetwork(path, plan, "", HubProcess(path / "hub", path / "hub.log", port))
    return replace(made, network=made.home(KZ).read_settings().network)


@contextmanager
def open_member(home: Home, *, system: System | None = None) -> Iterator[Client]:
    """The client of a folder, as a desk opens it."""
    with Store.open(home.store, STORE, check=False, system=system) as store:
        yield Client(home, home.read_settings(), store, "serai desk")


@asynccontextmanager
async def hold_line(made: MadeNetwork, member: Address = KZ) -> AsyncIterator[FocalPoint]:
    """Be connected for a member, as ``serai run`` beside a desk is; its officers are locked in it."""
    with Store.open(made.home(member).store, STORE) as store:
        async with FocalPoint.open(store, [made.hub.origin]) as point:
            await point.wait_live()
            yield point


class Window:
    """A window of a browser that asks a desk's application, without a socket by default.

    Args:
        desk: open.
        cookies: of another window of the same browser.
        served: whether it asks over a socket after all, of a desk that listens.
    """

    def __init__(self, desk: Desk, cookies: httpx.Cookies | None = None, *, served: bool = False) -> None:
        self.desk = desk
        headers = {"Origin": desk.origin, **({"Host": desk.host} if served else {})}
        self.http = httpx.AsyncClient(
            transport=None if served else httpx.ASGITransport(make_app(desk)),
            base_url=f"http://127.0.0.1:{desk.port}" if served else desk.origin,
            headers=headers,
            cookies=cookies,
            trust_env=False,
            limits=httpx.Limits(max_keepalive_connections=0),
        )
        self.token = ""

    async def open(self) -> Self:
        """Open it by the code of the desk."""
        answer = await self.post("/api/session/open", code=self.desk.sessions.code)
        assert answer.status_code == httpx.codes.OK, answer.text
        self.token = answer.json()["token"]
        self.http.headers["Serai-Page"] = self.token
        return self

    async def unlock(self, officer: Address = DUTY_1, passphrase: str = OFFICERS) -> Self:
        """Let an officer in."""
        answer = await self.post("/api/session/unlock", officer=officer, passphrase=passphrase)
        assert answer.status_code == httpx.codes.OK, answer.text
        return self

    async def get(self, path: str, **query: Any) -> httpx.Response:
        """Ask."""
        return await self.http.get(path, params=query)

    async def post(self, path: str, **value: Any) -> httpx.Response:
        """Do something; what is named is the body."""
        return await self.http.post(path, json=value)

    async def code_of(self, path: str, **query: Any) -> str:
        """The stable code of the fault that is the answer; empty if it is none."""
        return fault(await self.get(path, **query))


def fault(answer: httpx.Response) -> str:
    """The stable code that an answer tells; empty if all is well."""
    return str(answer.json()["error"]["code"]) if answer.is_error else ""


@asynccontextmanager
async def open_desk(
    home: Home,
    *,
    system: System | None = None,
    looking: Callable[[], Looking] = DeskLooking,
    port: int = 7317,
) -> AsyncIterator[Desk]:
    """A desk of a member's folder in this loop; nothing listens."""
    system = system or System()
    async with Desk(lambda: open_member(home), system, looking(), port) as desk:
        yield desk


@dataclass(frozen=True, slots=True)
class ServedDesk:
    """A desk that listens, in a thread of its own.

    Attributes:
        desk: itself; only its loop may use it, by `call`.
        loop: of the thread.
        port: where it listens.
    """

    desk: Desk
    loop: asyncio.AbstractEventLoop
    port: int

    @property
    def origin(self) -> str:
        """Where a browser finds it."""
        return self.desk.origin

    @property
    def code(self) -> str:
        """What opens the next window."""
        return self.desk.sessions.code

    def call(self, work: Coroutine[Any, Any, T]) -> T:
        """Let the desk's loop do something, and wait for it."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(60)


@contextmanager
def serve_desk(
    home: Home,
    *,
    system: System | None = None,
    looking: Callable[[], Looking] = DeskLooking,
    beside: Callable[[], Coroutine[Any, Any, None]] | None = None,
    is_own: OwnPeer = is_own,
) -> Iterator[ServedDesk]:
    """A desk of a member's folder that listens at a free port.

    Args:
        home: the member's folder.
        system: its clock and chance.
        looking: what there is to see.
        beside: runs in its loop as long as it serves, as who holds the line does.
        is_own: whose connections are taken.
    """
    started: Future[ServedDesk] = Future()
    stop: Future[None] = Future()

    async def run() -> None:
        sockets = listen(0)
        desk = open_desk(home, system=system, looking=looking, port=port_of(sockets))
        async with desk as opened, asyncio.TaskGroup() as group:
            jobs = [group.create_task(serve(opened, sockets, is_own))]
            if beside is not None:
                jobs.append(group.create_task(beside()))
            await _until_served(port_of(sockets))
            started.set_result(ServedDesk(opened, asyncio.get_running_loop(), port_of(sockets)))
            await asyncio.wrap_future(stop)
            for job in jobs:
                job.cancel()

    def main() -> None:
        try:
            asyncio.run(run())
        except BaseException as error:
            if not started.done():
                started.set_exception(error)
            raise

    thread = threading.Thread(target=main, name="desk")
    thread.start()
    try:
        yield started.result(60)
    finally:
        stop.set_result(None)
        thread.join(60)


async def _until_served(port: int) -> None:
    """Until a connection is taken; the listening socket takes it before the server does, so something is asked."""
    async with httpx.AsyncClient(trust_env=False) as http:
        for _attempt in range(200):
            with suppress(httpx.TransportError):
                await http.get(f"http://127.0.0.1:{port}/")
                return
            await asyncio.sleep(0.02)
    raise AssertionError("the desk does not serve")


def connect(address: str, port: int) -> socket.socket:
    """A connection of this process to a desk."""
    return socket.create_connection((address, port), timeout=20)


@asynccontextmanager
async def open_socket(desk: ServedDesk, window: Window, *, first: str | None = None) -> AsyncIterator[ClientConnection]:
    """The socket of a window at a desk that serves; nothing has been read of it.

    Args:
        desk: that serves.
        window: open.
        first: what it says first; its token if ``None``.
    """
    cookie = f"serai_desk={window.http.cookies['serai_desk']}"
    uri = f"ws://{desk.desk.host}/api/live"
    async with connect_socket(
        uri, host="127.0.0.1", port=desk.port, origin=Origin(desk.origin), additional_headers={"Cookie": cookie}
    ) as socket:
        await socket.send(json.dumps({"token": window.token}) if first is None else first)
        yield socket


async def next_frame(socket: ClientConnection, kind: str) -> dict[str, Any]:
    """The next frame of a type; others are passed over."""
    async with asyncio.timeout(20):
        while True:
            frame: dict[str, Any] = json.loads(await socket.recv())
            if frame["type"] == kind:
                return frame


async def closed_by(socket: ClientConnection) -> int:
    """The code with which a desk ends a socket; frames before that are passed over; 0 if it does not end it."""
    with suppress(ConnectionClosed, TimeoutError):
        async with asyncio.timeout(20):
            while True:
                await socket.recv()
    return socket.close_code or 0
