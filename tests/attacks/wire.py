"""The hub as a process, and peers that speak to it in raw bytes."""

from __future__ import annotations

import asyncio
import ssl
import struct
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import Final

from schemas.directory import Directory
from tests.attacks.arena import PATIENCE_S
from tests.support.hub import HubProcess, resume_text
from tests.support.world import KZ, UZ, World

TEXT: Final = 1
CLOSE: Final = 8
PING: Final = 9
PONG: Final = 10
CONTINUATION: Final = 0
COMPRESSED: Final = 0x40
"""RSV1, by which a message says that it is compressed (RFC 7692 section 6)."""


def world_of_today() -> World:
    """A network whose time is this machine's."""
    world = World(())
    world.time_ms = time.time_ns() // 1_000_000
    world.log.clear()
    world.directory = Directory(world.network)
    world.admit(world.epoch())
    for member in (KZ, UZ):
        world.enrol(member)
    return world


class Besieged:
    """A hub process under attack.

    Attributes:
        hub: the process.
        world: whose network it is.
    """

    def __init__(self, hub: HubProcess, world: World) -> None:
        self.hub = hub
        self.world = world
        self._seats = 0

    def token(self, iss: str = "KZ/NFP") -> str:
        """A token that is good now, for a seat of its own."""
        self.world.time_ms = time.time_ns() // 1_000_000
        self._seats += 1
        return self.world.token(iss, hub=self.hub.origin, seat=f"seat-{self._seats}")

    def memory_kib(self, name: str = "VmRSS") -> int:
        """What the process and its helpers hold now (``VmRSS``) or held at most (``VmHWM``)."""
        total = 0
        for folder in self._processes():
            status = (folder / "status").read_text()
            total += next(int(line.split()[1]) for line in status.splitlines() if line.startswith(f"{name}:"))
        return total

    def _processes(self) -> list[Path]:
        """The process and its helpers, below ``/proc``."""
        assert self.hub.process is not None
        first = Path(f"/proc/{self.hub.process.pid}")
        helpers = " ".join(file.read_text() for file in first.glob("task/*/children")).split()
        return [first, *(Path(f"/proc/{pid}") for pid in helpers)]

    def settle(self) -> None:
        """Wait until its helpers, which nobody waits for, have loaded what they need."""
        before, now = 0, self.memory_kib()
        while now > before + 64:
            time.sleep(0.5)
            before, now = now, self.memory_kib()

    @contextmanager
    def bounded(self, mib: int) -> Iterator[None]:
        """Demand that the process, with its helpers, needs at most so much more at any time in the block."""
        for folder in self._processes():
            (folder / "clear_refs").write_text("5")  # the peak begins anew
        before = self.memory_kib()
        yield
        grown = self.memory_kib("VmHWM") - before
        print(f"the hub has grown by {grown} KiB; {1024 * mib} are allowed")
        assert grown <= 1024 * mib, f"the hub has grown by {grown} KiB"

    def log_bytes(self) -> int:
        """How much it has logged."""
        return (self.hub.folder.path / "log").stat().st_size

    @contextmanager
    def quiet(self, kib: int) -> Iterator[None]:
        """Demand that it logs at most so much in the block."""
        before = self.log_bytes()
        yield
        grown = self.log_bytes() - before
        print(f"the hub has logged {grown} bytes; {1024 * kib} are allowed")
        assert grown <= 1024 * kib, f"the hub has logged {grown} bytes"

    @asynccontextmanager
    async def witnessed(self, within_s: float = 3.0) -> AsyncIterator[None]:
        """Demand that an honest line that was open before is answered in time, again and again, in the block."""
        async with self.line("UZ/NFP") as line:
            line.send(frame(resume_text()))
            slowest_s = 0.0

            async def ask() -> float:
                began = time.monotonic()
                line.send(frame("{}"))
                while b'"malformed_frame"' not in (await line.message())[1]:
                    pass
                return time.monotonic() - began

            async def go_on() -> None:
                nonlocal slowest_s
                while True:
                    slowest_s = max(slowest_s, await ask())
                    await asyncio.sleep(0.2)

            asking = asyncio.create_task(go_on())
            await asyncio.sleep(0.5)
            try:
                yield
                assert not asking.done(), asking.exception()
            finally:
                asking.cancel()
            print(f"the slowest answer took {slowest_s:.3f} s")
            assert slowest_s <= within_s, f"an honest line waited {slowest_s:.1f} s"

    async def serves(self) -> None:
        """Demand that the hub still welcomes an honest member."""
        async with self.line() as line:
            assert b'"welcome"' in (await line.message())[1]

    async def connect(self) -> Wire:
        """A connection on which nothing has been said."""
        return await self._dial(self.hub.trust)

    async def touch(self) -> Wire:
        """A connection on which nothing is said, not even to begin TLS."""
        return await self._dial(None)

    async def _dial(self, trust: ssl.SSLContext | None) -> Wire:
        limit = 8 * 1024 * 1024
        return Wire(*await asyncio.open_connection("127.0.0.1", self.hub.port, limit=limit, ssl=trust))

    @asynccontextmanager
    async def line(self, iss: str = "KZ/NFP", *, extra: str = "") -> AsyncIterator[Wire]:
        """A line that was upgraded, with other headers if they are given."""
        try:
            wire = await self.connect()
        except OSError as error:
            raise AssertionError(f"the hub lets nobody in: {error!r}") from error
        try:
            wire.send(upgrade(self.token(iss), extra))
            wire.head = await wire.until(b"\r\n\r\n")
            assert wire.head.startswith(b"HTTP/1.1 101"), wire.head
            yield wire
        finally:
            wire.abort()


@contextmanager
def besieged(path: Path, descriptors: int | None = None, **settings: str | int) -> Iterator[Besieged]:
    """A hub process of a network of two members, with a helper that reads large frames.

    Args:
        path: where its folder is made.
        descriptors: how many files it may open, if not as many as this process.
        settings: more of ``hub.toml``.
    """
    world = world_of_today()
    hub = HubProcess.make(path / "hub", world, verifiers=1, **settings).start(descriptors)
    try:
        siege = Besieged(hub, world)
        siege.settle()
        yield siege
    finally:
        hub.stop()


@asynccontextmanager
async def patience() -> AsyncIterator[None]:
    """Wait for what must come, and for a while only."""
    try:
        async with asyncio.timeout(PATIENCE_S):
            yield
    except TimeoutError:
        raise AssertionError("the hub neither answers nor closes") from None


class Wire:
    """The attacker's end of a connection.

    Attributes:
        head: of the answer to the upgrade.
    """

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self.head = b""

    def send(self, data: bytes) -> None:
        """Send bytes without waiting."""
        self._writer.write(data)

    async def flood(self, data: bytes, times: int, seconds: float = PATIENCE_S) -> bool:
        """Send bytes again and again; whether the hub took it all in that time and kept the connection."""
        try:
            async with asyncio.timeout(seconds):
                for _ in range(times):
                    self._writer.write(data)
                    await self._writer.drain()
        except (TimeoutError, ConnectionError):
            return False
        return True

    async def until(self, mark: bytes) -> bytes:
        """What comes up to a mark."""
        async with patience():
            try:
                return await self._reader.readuntil(mark)
            except (asyncio.IncompleteReadError, ConnectionError) as error:
                raise AssertionError(f"the hub ends the connection: {error!r}") from error

    async def message(self) -> tuple[int, bytes]:
        """Opcode and payload of the hub's next frame."""
        async with patience():
            first, second = await self._reader.readexactly(2)
            size = second & 0x7F
            if size > 125:
                size = int.from_bytes(await self._reader.readexactly(2 if size == 126 else 8))
            return first & 0x0F, await self._reader.readexactly(size)

    async def closed(self) -> int | None:
        """The close code of the hub, ``None`` if it just cut the connection."""
        try:
            while (message := await self.message())[0] != CLOSE:
                pass
        except (asyncio.IncompleteReadError, ConnectionError):
            return None
        return int(struct.unpack(">H", message[1][:2])[0])

    async def rest(self, seconds: float) -> bytes:
        """What comes until the hub ends the connection, or says no more for so long."""
        found = b""
        with suppress(TimeoutError, ConnectionError):
            while data := await asyncio.wait_for(self._reader.read(65_536), seconds if not found else 0.05):
                found += data
        return found

    async def ended(self, seconds: float) -> bool:
        """Whether the hub has ended the connection within a time."""
        try:
            async with asyncio.timeout(seconds):
                while await self._reader.read(65_536):
                    pass
        except TimeoutError:
            return False
        except ConnectionError:
            return True
        return True

    def deafen(self) -> None:
        """Read nothing more."""
        self._writer.transport.pause_reading()  # type: ignore[attr-defined]

    def abort(self) -> None:
        """Hang up."""
        self._writer.transport.abort()
        self._writer.close()


def upgrade(token: str, extra: str = "") -> bytes:
    """The head of an upgrade to the exchange."""
    lines = (
        "GET /v1/exchange HTTP/1.1",
        "Host: hub",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Protocol: serai.v1",
        f"Authorization: Bearer {token}",
    )
    return ("\r\n".join(lines) + f"\r\n{extra}\r\n").encode()


def frame(data: bytes | str, opcode: int = TEXT, *, fin: bool = True, reserved: int = 0) -> bytes:
    """A WebSocket frame of a client (RFC 6455 section 5.2), masked with zeros."""
    payload = data.encode() if isinstance(data, str) else data
    size = len(payload)
    first = bytes([(0x80 if fin else 0) | reserved | opcode])
    if size < 126:
        head = bytes([0x80 | size])
    elif size < 1 << 16:
        head = b"\xfe" + struct.pack(">H", size)
    else:
        head = b"\xff" + struct.pack(">Q", size)
    return first + head + bytes(4) + payload
