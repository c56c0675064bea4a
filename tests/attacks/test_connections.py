"""Connections that hang, trickle or do not listen, at the real server over real sockets; its patience made short."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from broker.app import create_app
from broker.server import make_config
from broker.service import session
from broker.web import connections, strangers
from schemas import limits
from schemas.encoding import encode_base64url
from tests.attacks.arena import PATIENCE_S, Arena, until
from tests.attacks.wire import Wire, frame, upgrade
from tests.support.hub import resume_text
from tests.support.world import UZ, World

SHORT_S = 0.3


class Served:
    """The arena's hub behind the real server."""

    def __init__(self, arena: Arena, port: int) -> None:
        self._arena = arena
        self._port = port
        self._wires: list[Wire] = []

    async def connect(self, receive_bytes: int | None = None) -> Wire:
        """A connection on which nothing has been said, perhaps with a small buffer for what comes."""
        raw = socket.socket()
        if receive_bytes is not None:
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_bytes)
        raw.setblocking(False)
        await asyncio.get_running_loop().sock_connect(raw, ("127.0.0.1", self._port))
        self._wires.append(Wire(*await asyncio.open_connection(sock=raw, limit=1 << 22)))
        return self._wires[-1]

    async def line(self, iss: str = "KZ/NFP") -> Wire:
        """A live line."""
        wire = await self.connect()
        wire.send(upgrade(self._arena.world.token(iss)))
        assert (await wire.until(b"\r\n\r\n")).startswith(b"HTTP/1.1 101")
        wire.send(frame(resume_text()))
        for kind in (b'"welcome"', b'"deliver"'):
            assert kind in (await wire.message())[1]
        return wire

    async def close(self) -> None:
        """Hang up everywhere."""
        for wire in self._wires:
            wire.abort()
        await asyncio.sleep(0)


@asynccontextmanager
async def serving(arena: Arena) -> AsyncIterator[Served]:
    """The arena's hub at a free port."""
    config = make_config(create_app(arena.hub), host="127.0.0.1", port=0, lifespan="off")
    running = connections.Server(config)
    task = asyncio.create_task(running.serve())
    while not running.started:  # noqa: ASYNC110 - uvicorn says that it has started only by an attribute
        await asyncio.sleep(0.005)
    served = Served(arena, int(running.servers[0].sockets[0].getsockname()[1]))
    try:
        yield served
    finally:
        await served.close()
        running.force_exit = running.should_exit = True
        await task


async def answers(wire: Wire) -> None:
    """Demand that the hub still listens on a line."""
    wire.send(frame("{}"))
    assert b'"malformed_frame"' in (await wire.message())[1]


async def ended(wire: Wire, seconds: float = PATIENCE_S) -> None:
    """Demand that the hub ends a connection."""
    assert await wire.ended(seconds), "the hub keeps the connection"


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hub that waits for nobody for long."""
    monkeypatch.setattr(connections, "REQUEST_S", SHORT_S)


async def test_connections_that_say_nothing(arena: Arena, world: World, impatient: None) -> None:
    """Two hundred connections on which nothing comes, or half a head, are cut; an honest line goes on meanwhile."""
    async with serving(arena) as served:
        honest = await served.line()
        hanging = [await served.connect() for _ in range(200)]
        for wire in hanging[::2]:
            wire.send(upgrade("nothing")[:60])
        await answers(await served.line("UZ/NFP"))
        await asyncio.gather(*(ended(wire) for wire in hanging))
        await answers(honest)


@pytest.mark.parametrize(
    "said",
    [
        pytest.param(b"GET /v1/network HTTP/1.1\r\nHost: hub\r\nX: ", id="head"),
        pytest.param(b"GET /v1/network HTTP/1.1\r\nHost: hub\r\nContent-Length: 1000000\r\n\r\n", id="body"),
    ],
)
async def test_request_that_trickles(arena: Arena, impatient: None, said: bytes) -> None:
    """A request that comes byte by byte does not hold its connection by that."""
    async with serving(arena) as served:
        wire = await served.connect()
        wire.send(said)
        assert not await trickle(wire)


async def trickle(wire: Wire) -> bool:
    """Send a byte now and then, while the hub takes it and for two seconds at most; whether it took them all."""
    until = time.monotonic() + 2.0
    ending = asyncio.create_task(wire.ended(PATIENCE_S))
    while time.monotonic() < until and not ending.done():
        wire.send(b"a")
        await asyncio.sleep(0.05)
    kept = not ending.done()
    ending.cancel()
    wire.abort()
    return kept


async def test_more_requests_than_strangers_may_ask(
    arena: Arena, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Strangers are answered so often, even where a signature must be checked; then members get in again."""
    monkeypatch.setattr(strangers, "REQUESTS_BURST", 20)
    monkeypatch.setattr(strangers, "REQUESTS_PER_S", 5)
    async with serving(arena) as served:
        honest = await served.line()
        began, answered = time.monotonic(), 0
        bad = f"{world.token('KZ/NFP').rpartition('.')[0]}.{encode_base64url(bytes(64))}"
        for number in range(200):
            wire = await served.connect()
            wire.send(upgrade(bad) if number % 2 else b"GET /v1/network HTTP/1.1\r\nHost: hub\r\n\r\n")
            answered += b"HTTP/1.1" in await wire.rest(2)
        assert answered <= 20 + 5 * (time.monotonic() - began) + 1
        await answers(honest)
        await asyncio.sleep(0.5)
        await answers(await served.line("UZ/NFP"))


async def test_half_open_line(arena: Arena, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A line whose other end has gone without a word is found by its silence."""
    monkeypatch.setattr(limits, "PING_S", 0.1)
    async with serving(arena) as served:
        await ended(await served.line())


async def test_frame_that_trickles(arena: Arena, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A frame that comes byte by byte keeps its sender from answering pings, and so ends its line."""
    monkeypatch.setattr(limits, "PING_S", 0.1)
    async with serving(arena) as served:
        wire = await served.line()
        wire.send(frame(b" " * 1_000_000)[:500_000])
        assert not await trickle(wire)


async def test_peer_that_does_not_read(arena: Arena, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A peer that asks for all its mail and reads none of it loses line and seat, though nothing can be written."""
    monkeypatch.setattr(session, "SEND_TIMEOUT_S", SHORT_S)
    sender = await arena.resume()
    for _ in range(40):
        assert await sender.submit(world.dispatch("KZ/NFP", [UZ], b"x" * 190_000)) == "accepted"
    async with serving(arena) as served:
        wire = await served.connect(4_096)
        wire.deafen()
        wire.send(upgrade(world.token("UZ/NFP")))
        await asyncio.sleep(0.2)  # its answer is not read either, so nothing else tells that there is a line
        wire.send(frame(resume_text()))
        await until(lambda: arena.hub.mailroom.count() == 2)
        await until(lambda: arena.hub.mailroom.count() == 1)
