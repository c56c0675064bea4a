"""A server whose connections are the hub's and whose application does what its path says, and peers in raw bytes."""

from __future__ import annotations

import asyncio
import base64
import ssl
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

import uvicorn

from broker.web.connections import Server, protocols
from broker.web.strangers import Cut, StrangerLimits, Strangers, Visit
from schemas.addresses import Address
from tests.support.world import KZ
from tests.unit.broker.edges import WAIT_S, port_of, until

GET = b"GET %s HTTP/1.1\r\nHost: hub\r\n%s\r\n"
PING, PONG, TEXT, CONTINUATION, CLOSE = 9, 10, 1, 0, 8
SHORT_S = 0.2
"""How long a server of tests waits for what does not come."""


class Rig:
    """A server with an application that does what its path says.

    Attributes:
        noted: why connections were cut.
        made: every connection that the application has been asked over.
        messages: what lines have brought to it.
        may_answer: ``/wait`` waits for it.
    """

    def __init__(self) -> None:
        self.noted: list[tuple[Cut, Address | None]] = []
        self.messages: list[str] = []
        self.may_answer = asyncio.Event()
        self.strangers = Strangers(time.monotonic, lambda *what: self.noted.append(what), StrangerLimits())
        self.server: Server
        self._raws: list[Raw] = []

    @property
    def port(self) -> int:
        """Where it listens."""
        return port_of(self.server)

    async def app(
        self, scope: Any, receive: Callable[[], Awaitable[Any]], send: Callable[[Any], Awaitable[None]]
    ) -> None:
        """The application."""
        if scope["path"] == "/known":
            visit: Visit = scope["state"]["visit"]
            visit.welcome(KZ)
        if scope["type"] == "websocket":
            await self._line(scope["path"], receive, send)
            return
        if scope["path"] == "/wait":
            await self.may_answer.wait()
        body = b"x" * (8_000_000 if scope["path"] == "/large" else 2)
        head = [(b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": head})
        await send({"type": "http.response.body", "body": body})

    async def _line(
        self, path: str, receive: Callable[[], Awaitable[Any]], send: Callable[[Any], Awaitable[None]]
    ) -> None:
        await receive()
        if path == "/refuse":
            await send({"type": "websocket.http.response.start", "status": 403, "headers": []})
            await send({"type": "websocket.http.response.body", "body": b"no"})
            return
        if path == "/judge":
            await self.may_answer.wait()
        await send({"type": "websocket.accept"})
        if path == "/full":
            await send({"type": "websocket.send", "text": "x" * 8_000_000})
            return
        while (message := await receive())["type"] == "websocket.receive":
            self.messages.append(message["text"])
            if message["text"] == "close":
                await send({"type": "websocket.close", "code": 4410, "reason": "replaced"})
                return
            if message["text"] == "fill":
                for _ in range(100):
                    await send({"type": "websocket.send", "text": "x" * 1_000_000})

    async def connect(self, *data: bytes) -> Raw:
        """A connection on which this has been sent."""
        raw = await self.dial()
        raw.send(*data)
        return raw

    async def dial(self, trust: ssl.SSLContext | None = None) -> Raw:
        """A connection, perhaps over TLS."""
        self._raws.append(Raw(*await asyncio.open_connection("127.0.0.1", self.port, ssl=trust)))
        return self._raws[-1]

    def hang_up(self) -> None:
        """End every connection."""
        for raw in self._raws:
            raw.hang_up()

    async def line(self, path: bytes = b"/known") -> Raw:
        """A WebSocket."""
        raw = await self.connect(upgrade(path))
        assert b" 101 " in await raw.head()
        return raw


class Raw:
    """A peer that sends bytes."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    def send(self, *data: bytes) -> None:
        """Send, each in a packet of its own if the system likes."""
        for each in data:
            self.writer.write(each)

    async def head(self) -> bytes:
        """The head of an answer."""
        async with asyncio.timeout(WAIT_S):
            return await self.reader.readuntil(b"\r\n\r\n")

    async def answer(self) -> bytes:
        """An answer of two bytes."""
        return await self.head() + await self.reader.readexactly(2)

    async def rest(self) -> bytes:
        """All that comes until the server ends the connection."""
        found = b""
        async with asyncio.timeout(WAIT_S):
            with suppress(ConnectionError):
                while data := await self.reader.read(1 << 16):
                    found += data
        return found

    def hang_up(self) -> None:
        """End it."""
        self.writer.transport.abort()
        self.writer.close()


def upgrade(path: bytes = b"/known") -> bytes:
    """A request to become a WebSocket."""
    key = base64.b64encode(bytes(16))
    lines = b"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: %s\r\n"
    return GET % (path, lines % key)


def frame(data: bytes = b"", opcode: int = TEXT, *, fin: bool = True) -> bytes:
    """A frame as a client sends it, under a mask of zeros."""
    size = bytes([0x80 | len(data)]) if len(data) < 126 else b"\xfe" + len(data).to_bytes(2)
    return bytes([(0x80 if fin else 0) | opcode]) + size + bytes(4) + data


def close_code(said: bytes) -> int:
    """The code of the close frame at the end of what a server said."""
    at = said.rindex(b"\x88")
    return int.from_bytes(said[at + 2 : at + 4])


@asynccontextmanager
async def serving(rig: Rig, context: ssl.SSLContext | None = None) -> AsyncIterator[Rig]:
    """The rig's application at a free port."""
    config = uvicorn.Config(
        rig.app,
        host="127.0.0.1",
        port=0,
        interface="asgi3",
        lifespan="off",
        log_config=None,
        access_log=False,
        ws_per_message_deflate=False,
        timeout_graceful_shutdown=2,
        **protocols(rig.strangers, context),
    )
    rig.server = Server(config)
    task = asyncio.create_task(rig.server.serve())
    await until(lambda: rig.server.started)
    try:
        yield rig
    finally:
        rig.server.should_exit = True
        await task
        rig.hang_up()
        await asyncio.sleep(0)
