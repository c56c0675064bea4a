"""A line between a client and a hub's application, in memory, that breaks when a test says so.

`PairLine.dial` does what a WebSocket client and server do between them: it makes the upgrade, and
either there is a line or an HTTP answer that refuses it. Frames lie in two `Pipe`s, up to the hub
and down from it, where they can be held, delayed, carried one by one, and lost.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any

from clients.line.transport import PATH, DialError, LineClosed, parse_refusal
from schemas import limits
from schemas.errors import SeraiError
from schemas.frames import PROTOCOL, Frame, parse_frame
from schemas.session import SessionState, Side, step

Message = MutableMapping[str, Any]
App = Callable[[Message, Callable[[], Awaitable[Message]], Callable[[Message], Awaitable[None]]], Awaitable[None]]

TOO_BIG = 1009
"""WebSocket close code of a frame above the limit (RFC 6455 section 7.4.1)."""


class Pipe:
    """One direction of a line.

    Args:
        room: how many frames are under way before who sends has to wait.
        on_arrival: called whenever a frame arrives.

    Attributes:
        held: frames are not carried by themselves.
        delay_s: how long a frame is under way.
        arrived: how many frames have arrived.
    """

    def __init__(self, room: int, on_arrival: Callable[[], None]) -> None:
        self.held = False
        self.delay_s = 0.0
        self.arrived = 0
        self._room = room
        self._on_arrival = on_arrival
        self._under_way: deque[tuple[float, str]] = deque()
        self._there: deque[str] = deque()
        self._end: LineClosed | None = None
        self._changed = asyncio.Event()

    @property
    def under_way(self) -> int:
        """Frames that were sent and have not arrived."""
        return len(self._under_way)

    def _stir(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()

    async def send(self, text: str) -> None:
        """Put a frame under way; waits while there is no room.

        Raises:
            LineClosed: the line has ended.
        """
        while self._end is None and len(self._under_way) >= self._room:
            await self._changed.wait()
        if self._end is not None:
            raise self._end
        loop = asyncio.get_running_loop()
        self._under_way.append((loop.time() + self.delay_s, text))
        if self.delay_s:
            loop.call_later(self.delay_s, self._flow)
        else:
            self._flow()

    def _flow(self) -> None:
        now_s = asyncio.get_running_loop().time()
        while self._under_way and not self.held and self._under_way[0][0] <= now_s:
            self.carry()

    def carry(self, count: int = 1) -> None:
        """Let the next frames arrive, also where they are held."""
        while count and self._under_way:  # an arrival may cut the line
            count -= 1
            self._there.append(self._under_way.popleft()[1])
            self.arrived += 1
            self._stir()
            self._on_arrival()

    def release(self) -> None:
        """Hold nothing any longer."""
        self.held = False
        self._flow()

    async def recv(self) -> str:
        """The next frame that has arrived.

        Raises:
            LineClosed: there will be none.
        """
        while not self._there:
            if self._end is not None:
                raise self._end
            await self._changed.wait()
        return self._there.popleft()

    def close(self, end: LineClosed, *, lose: bool) -> None:
        """End it; what is under way arrives before, or is lost."""
        if self._end is not None:
            return
        if not lose:
            self.carry(len(self._under_way))
        self._under_way.clear()
        self._end = end
        self._stir()


class PairLine:
    """A line; the client's end is a `clients.line.transport.Line`, the other end the hub's application.

    Args:
        room: of each of its pipes.
        watch: called with each frame when it is sent, and by whom.
        complain: called with whatever must not happen on a line.

    Attributes:
        up: frames to the hub.
        down: frames to the client.
        end: how the line ended; ``None`` while it has not.
    """

    def __init__(
        self, room: int, watch: Callable[[PairLine, Side, Frame], None], complain: Callable[[str], None]
    ) -> None:
        self.up = Pipe(room, self._count)
        self.down = Pipe(room, self._count)
        self.end: LineClosed | None = None
        self._watch = watch
        self._complain = complain
        self._limits: dict[str, int] = {}
        self._state = SessionState.OPENING
        self._told = False
        self._answer: asyncio.Future[None] | None = None
        self._refusal: tuple[int, bytearray] = (0, bytearray())
        self._task: asyncio.Task[None] | None = None

    # Opening

    async def dial(self, app: App, token: str) -> None:
        """Make the upgrade.

        Raises:
            DialError: the hub refused.
        """
        self._answer = asyncio.get_running_loop().create_future()
        self._task = asyncio.create_task(self._serve(app, token))
        await self._answer

    async def _serve(self, app: App, token: str) -> None:
        headers = [(b"host", b"hub"), (b"authorization", f"Bearer {token}".encode())]
        scope: Message = {
            "type": "websocket",
            "asgi": {"version": "3.0"},
            "path": PATH,
            "raw_path": PATH.encode(),
            "query_string": b"",
            "root_path": "",
            "scheme": "ws",
            "headers": headers,
            "client": ("127.0.0.1", 1),
            "server": ("127.0.0.1", 8443),
            "subprotocols": [PROTOCOL],
            "state": {},
            "extensions": {"websocket.http.response": {}},
        }
        try:
            await app(scope, self._receive, self._send)
        except Exception as error:  # noqa: BLE001 - it is reported to the test
            self._complain(f"the hub's side failed: {error!r}")
        finally:
            self.cut(lose=False)

    async def _receive(self) -> Message:
        if not self._told:
            self._told = True
            return {"type": "websocket.connect"}
        try:
            return {"type": "websocket.receive", "text": await self.up.recv()}
        except LineClosed as end:
            return {"type": "websocket.disconnect", "code": end.code, "reason": end.reason}

    async def _send(self, message: Mapping[str, Any]) -> None:
        match message["type"]:
            case "websocket.accept":
                self._settle(None)
            case "websocket.send":
                await self._send_down(message["text"])
            case "websocket.close":
                self._finish(LineClosed(message.get("code", 1000), message.get("reason") or ""), lose=False)
            case "websocket.http.response.start":
                self._refusal = (message["status"], bytearray())
            case "websocket.http.response.body":
                self._refusal[1].extend(message.get("body", b""))
                if not message.get("more_body", False):
                    self._settle(parse_refusal(bytes(self._refusal[1]), self._refusal[0]))

    def _settle(self, refusal: DialError | None) -> None:
        assert self._answer is not None
        if self._answer.done():
            return
        if refusal is None:
            self._answer.set_result(None)
        else:
            self._answer.set_exception(refusal)

    # Frames

    def _meet(self, side: Side, text: str) -> None:
        try:
            frame = parse_frame(text)
            self._state = step(self._state, side, frame)
        except SeraiError as error:
            self._complain(f"the {side} sent {text[:100]}: {error}")
        else:
            self._watch(self, side, frame)

    async def _send_down(self, text: str) -> None:
        if self.end is not None:
            raise OSError("the line has ended")
        if len(text.encode()) > limits.FRAME_BYTES:
            self._finish(LineClosed(TOO_BIG, "frame too big"), lose=False)
            return
        self._meet("hub", text)
        try:
            await self.down.send(text)
        except LineClosed as end:
            raise OSError("the line has ended") from end

    async def send(self, text: str) -> None:
        """Send a frame to the hub."""
        if self.end is not None:
            raise self.end
        if len(text.encode()) > limits.FRAME_BYTES:
            self._finish(LineClosed(TOO_BIG, "frame too big"), lose=False)
            return
        self._meet("client", text)
        await self.up.send(text)

    async def recv(self) -> str:
        """The next frame from the hub."""
        return await self.down.recv()

    async def close(self) -> None:
        """End it from the client's side."""
        self._finish(LineClosed(1000), lose=False)

    # Breaking

    def cut_after(self, *, up: int | None = None, down: int | None = None) -> None:
        """Cut the line, losing what is under way, as soon as so many more frames have arrived."""
        self._limits = {
            name: pipe.arrived + count
            for name, pipe, count in (("up", self.up, up), ("down", self.down, down))
            if count is not None
        }
        self._count()

    def _count(self) -> None:
        arrived = {"up": self.up.arrived, "down": self.down.arrived}
        if any(arrived[name] >= limit for name, limit in self._limits.items()):
            self.cut()

    def cut(self, *, lose: bool = True) -> None:
        """Break the line; what is under way is lost, or arrives before."""
        self._finish(LineClosed(1006, "the line broke"), lose=lose)

    def _finish(self, end: LineClosed, *, lose: bool) -> None:
        if self.end is not None:
            return
        self.end = end
        self._limits = {}
        self._settle_dead()
        self.down.close(end, lose=lose)
        self.up.close(end, lose=lose)

    def _settle_dead(self) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(ConnectionResetError("the line broke"))

    async def ended(self) -> None:
        """Wait until the hub has let go of it."""
        if self._task is not None:
            await asyncio.gather(self._task, return_exceptions=True)

    def abandon(self) -> None:
        """End the hub's side without a word, as when its process dies."""
        self.cut()
        if self._task is not None:
            self._task.cancel()
