"""Where attacks are made: the real hub over a real folder, with the world's time, and lines to it in memory."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from broker.app import make_hub, open_ports
from broker.service.hub import Hub
from broker.settings import HubFolder
from schemas.encoding import encode_json
from schemas.errors import SeraiError
from schemas.ids import make_uuid7
from tests.support.hub import MemoryLine, admit_public, make_folder, resume_text
from tests.support.steady import Steady
from tests.support.world import Sent, World, digest_of

PATIENCE_S = 10.0
"""How long a test waits for what must come; only a failure takes so long."""

ROOM = 10_000
"""Frames that a peer may leave unread."""


class WorldClock(Steady):
    """The hub's time is the world's (port `broker.ports.Timekeeping`)."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._count = 0

    def now_ms(self) -> int:
        """Milliseconds since 1970 UTC."""
        return self._world.time_ms

    def new_jti(self) -> str:
        """A fresh UUIDv7."""
        self._count += 1
        return make_uuid7(self._world.time_ms, self._count.to_bytes(10))


class Peer:
    """The other end of a line to the hub.

    Attributes:
        items: everything that was delivered so far.
    """

    def __init__(self, line: MemoryLine) -> None:
        self.line = line
        self.items: list[dict[str, Any]] = []

    def send(self, text: str) -> None:
        """Send a frame, whatever it is."""
        self.line.to_hub.put_nowait(text)

    async def frame(self) -> dict[str, Any]:
        """The next frame of the hub."""
        try:
            async with asyncio.timeout(PATIENCE_S):
                text = await self.line.to_client.get()
        except TimeoutError:
            raise AssertionError("the hub says nothing") from None
        assert text is not None, f"the hub closed the line: {self.line.closed}"
        frame: dict[str, Any] = json.loads(text)
        self.items += frame["items"] if frame["type"] == "deliver" else []
        return frame

    async def answer(self) -> dict[str, Any]:
        """The next `accepted` or `refused`."""
        while (frame := await self.frame())["type"] not in ("accepted", "refused"):
            pass
        return frame

    async def ask(self, text: str) -> str:
        """Send a frame; ``accepted``, or the code with which it is refused."""
        self.send(text)
        frame = await self.answer()
        return "accepted" if frame["type"] == "accepted" else str(frame["problem"]["code"])

    async def submit(self, said: Sent | str, **changes: Any) -> str:
        """Submit a statement, a dispatch with its content; ``accepted``, or the code of the refusal."""
        return await self.ask(submit_text(said, **changes))

    async def delivered(self, digest: str) -> dict[str, Any]:
        """The item of a statement, once it has been delivered."""
        while (item := self.find(digest)) is None:
            await self.frame()
        return item

    async def first_answer(self, text: str) -> str:
        """Send a frame that is not answered if it is good, and one that always is; the code of the first answer."""
        self.send(text)
        return await self.ask('{"type":"submit","statement":"a.b.c"}')

    def find(self, digest: str) -> dict[str, Any] | None:
        """The item of a statement, if it has been delivered."""
        return next((item for item in self.items if digest_of(item.get("statement", "")) == digest), None)

    async def closed(self) -> tuple[int, str]:
        """Code and reason with which the hub closes the line."""
        try:
            async with asyncio.timeout(PATIENCE_S):
                while await self.line.to_client.get() is not None:
                    pass
        except TimeoutError:
            raise AssertionError("the hub keeps the line") from None
        assert self.line.closed is not None
        return self.line.closed


async def until(condition: Callable[[], bool]) -> None:
    """Wait until something holds that the hub tells nobody; it must."""
    try:
        async with asyncio.timeout(PATIENCE_S):
            while not condition():  # noqa: ASYNC110 - there is no event for it
                await asyncio.sleep(0.002)
    except TimeoutError:
        raise AssertionError("it does not happen") from None


def submit_text(said: Sent | str, **changes: Any) -> str:
    """A `submit` frame."""
    if isinstance(said, str):
        return encode_json({"type": "submit", "statement": said, **changes})
    return encode_json({"type": "submit", "statement": said.text, "sealed": said.sealed.to_json(), **changes})


class Arena:
    """A hub under attack.

    Attributes:
        hub: the real one, its clock the world's.
        world: whose network it is; what is admitted later is in the hub's ledger only.
    """

    def __init__(self, hub: Hub, world: World) -> None:
        self.hub = hub
        self.world = world
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def size(self) -> int:
        """Leaves of the hub's ledger."""
        return self.hub.mailroom.head.size

    async def knock(self, token: str) -> str:
        """Use a token; ``welcome``, or the code with which it is turned away."""
        try:
            await self.hub.admit_line(token)
        except SeraiError as error:
            return error.code.value
        except Exception as error:
            raise AssertionError(f"the hub stumbles: {error!r}") from error
        return "welcome"

    async def connect(self, iss: str = "KZ/NFP", *, room: int = ROOM, **claims: Any) -> Peer:
        """A line of a member or officer; it has been welcomed and has not resumed."""
        holder = await self.hub.admit_line(self.world.token(iss, **claims))
        peer = Peer(MemoryLine(room))
        self._tasks.append(asyncio.create_task(self.hub.serve(peer.line, holder)))
        assert (await peer.frame())["type"] == "welcome"
        return peer

    async def resume(self, iss: str = "KZ/NFP", **options: Any) -> Peer:
        """A live line of a member or officer, everything from the beginning asked for."""
        peer = await self.connect(iss, **options)
        peer.send(resume_text())
        assert (await peer.frame())["type"] == "deliver"
        return peer

    async def close(self) -> None:
        """End every line."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


def make_empty_folder(path: Path, world: World) -> HubFolder:
    """A folder without leaves: they are admitted at the world's time, not at the machine's."""
    log, world.log = world.log, []
    try:
        return make_folder(path, world)
    finally:
        world.log = log


@asynccontextmanager
async def open_arena(path: Path, world: World, *, started: bool = True) -> AsyncIterator[Arena]:
    """A hub that has admitted the public statements of a world.

    Args:
        path: an empty folder.
        world: whose network it is.
        started: whether the hub takes turns; if not, the test starts it.
    """
    folder = make_empty_folder(path / "hub", world)
    settings = folder.read_settings()
    with open_ports(folder, settings) as opened:
        ports: Any = replace(opened, clock=WorldClock(world))  # type: ignore[arg-type]  # any clock will do
        admit_public(ports, world)
        hub = make_hub(ports, settings)
        hub.load()
        if started:
            await hub.start()
        arena = Arena(hub, world)
        try:
            yield arena
        finally:
            await arena.close()
            await hub.stop()
