"""The socket of a page: a snapshot, then what changes, numbered without a gap; a beat every second.

The page says its token first, and nothing is said before it is right. A locked screen is told of the line and of the
counts, and of nothing else. Where the screen locks, the socket ends with 4401: the page clears itself and comes again.
"""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from fastapi import APIRouter, WebSocket
from starlette.websockets import WebSocketDisconnect

from clients.desk.feed import Parts
from clients.desk.host import cookie_of
from clients.desk.sessions import DeskSession
from clients.errors import ClientError

if TYPE_CHECKING:
    from clients.desk.desk import Desk

LOCKED: Final = 4401
"""Close code: the screen was locked, or unlocked by another officer."""

UNKNOWN: Final = 4403
"""Close code: the desk does not know this page."""

SLOW: Final = 4408
"""Close code: the page did not read for too long."""

BEAT_S: Final = 1.0
_FIRST_S: Final = 5.0
_SEND_S: Final = 10.0
_MOST_CHARACTERS: Final = 4_096
WITHOUT_CONTENT: Final = frozenset({"line", "counts"})
"""Parts that a locked screen is told."""

router = APIRouter()


@router.websocket("/api/live")
async def live(socket: WebSocket) -> None:
    """Tell a page what there is, for as long as it stays and its screen is as it was."""
    desk: Desk = socket.app.state.desk
    await socket.accept()
    try:
        session = await _session_of(desk, socket)
    except (ClientError, TimeoutError, ValueError):
        await socket.close(UNKNOWN)
        return
    except WebSocketDisconnect:
        return
    page = LivePage(desk, session, socket)
    desk.feed.want(session.language)
    try:
        await page.run()
    finally:
        desk.feed.leave(page.language)


async def _session_of(desk: Desk, socket: WebSocket) -> DeskSession:
    async with asyncio.timeout(_FIRST_S):
        frame = _read(await socket.receive_text())
    return desk.sessions.find(cookie_of(socket.headers), str(frame.get("token", "")))


def _read(text: str) -> dict[str, Any]:
    """A frame of the page.

    Raises:
        ValueError: it is none.
    """
    frame = json.loads(text) if len(text) <= _MOST_CHARACTERS else None
    if not isinstance(frame, dict):
        raise ValueError("not a frame")  # noqa: TRY004 - whatever is wrong with a frame is one fault
    return frame


class LivePage:
    """A page that is told what changes.

    Args:
        desk: whose.
        session: of its browser.
        socket: accepted.
    """

    def __init__(self, desk: Desk, session: DeskSession, socket: WebSocket) -> None:
        self._desk = desk
        self._session = session
        self._socket = socket
        self._officer = session.officer
        self._signing = session.signing
        self.language = session.language
        self._known: Parts | None = None
        self._seq = 0
        self._beat_s = 0.0
        self._has_left = False

    async def run(self) -> None:
        """Tell until the page leaves, or its screen is another's."""
        reading = asyncio.create_task(self._read())
        try:
            while not self._has_left:
                if (code := self._end()) is not None:
                    await self._socket.close(code)
                    return
                await self._tell()
                await self._desk.feed.wait(self._beat_s + BEAT_S - self._desk.system.monotonic())
        except TimeoutError:
            with suppress(RuntimeError):
                await self._socket.close(SLOW)
        except (WebSocketDisconnect, RuntimeError):  # it left while it was told
            return
        finally:
            reading.cancel()
            with suppress(asyncio.CancelledError):
                await reading

    def _end(self) -> int | None:
        """Why the socket has to end; ``None`` if it goes on."""
        is_same = self._session.signing is self._signing and self._session.language == self.language
        return None if is_same else LOCKED

    async def _read(self) -> None:
        """The page says one thing only: that it lost count."""
        with suppress(WebSocketDisconnect, ValueError, RuntimeError, KeyError):
            while _read(await self._socket.receive_text()).get("type") == "resync":
                self._known = None
                await self._desk.feed.wake()
        self._has_left = True
        await self._desk.feed.wake()

    async def _tell(self) -> None:
        parts = await self._parts()
        if self._known is None:
            self._seq += 1
            await self._send({"type": "snapshot", "seq": self._seq, "state": parts})
        else:
            for event in self._desk.feed.looking.diff(self._known, parts):
                self._seq += 1
                await self._send({"type": "event", "seq": self._seq, **event})
        self._known = parts
        if self._desk.system.monotonic() - self._beat_s >= BEAT_S:
            self._beat_s = self._desk.system.monotonic()
            await self._send(self._beat(parts))

    async def _parts(self) -> dict[str, Any]:
        parts = await self._desk.feed.parts(self.language)
        shown = parts if self._signing is not None else {name: parts[name] for name in WITHOUT_CONTENT & parts.keys()}
        return {**shown, "session": session_json(self._session)}

    def _beat(self, parts: Parts) -> dict[str, Any]:
        line = parts.get("line", {})
        return {
            "type": "beat",
            "seq": self._seq,
            "now_ms": self._desk.system.clock.time_ms(),
            "hub": {"connected": line.get("connected", False), "since_ms": line.get("since_ms", 0)},
            "version": self._desk.version,
            "desk_ms": int(1000 * self._desk.worker.turned_s),
        }

    async def _send(self, frame: dict[str, Any]) -> None:
        async with asyncio.timeout(_SEND_S):
            await self._socket.send_text(json.dumps(frame, ensure_ascii=False, separators=(",", ":")))


def session_json(session: DeskSession) -> dict[str, Any]:
    """Who is at the screen, and until when it stays open."""
    return {
        "unlocked": session.is_unlocked,
        "officer": session.officer,
        "locks_at_ms": session.locks_at_ms,
        "why": session.why,
        "language": session.language,
    }
