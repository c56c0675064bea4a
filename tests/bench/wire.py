"""A WebSocket client that costs almost nothing, so that the hub is what is measured.

RFC 6455 as far as a hub needs it: whole text frames, pings answered, masked with zeros (which
a server must undo like any other mask). Received frames are handed on where they lie in the
buffer, without a copy. Everything is checked after the measuring, not here.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from typing import Final, Self, cast

from schemas.frames import PROTOCOL

Take = Callable[[bytearray, int, int], None]
"""Called with a buffer, and where in it a text frame begins and ends."""

_TEXT: Final = 0x81
_CLOSE: Final = 0x88
_PING: Final = 0x89
_PONG: Final = 0x8A
_NO_MASK: Final = b"\0\0\0\0"
_FIRST_BYTES: Final = 65_536


class WireError(Exception):
    """The hub refused the upgrade, closed the line, or sent what no hub sends."""


def frame_head(size: int, opcode: int = _TEXT) -> bytes:
    """What comes before the text of a client's frame."""
    if size < 126:
        head = bytes((opcode, 0x80 | size))
    elif size < 65_536:
        head = bytes((opcode, 0xFE)) + size.to_bytes(2, "big")
    else:
        head = bytes((opcode, 0xFF)) + size.to_bytes(8, "big")
    return head + _NO_MASK


def make_frame(text: bytes, opcode: int = _TEXT) -> bytes:
    """A client's frame, ready to be written."""
    return frame_head(len(text), opcode) + text


class Wire(asyncio.BufferedProtocol):
    """One connection.

    Args:
        request: the upgrade, as written.
        take: gets each text frame.
    """

    def __init__(self, request: bytes, take: Take) -> None:
        self.opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.fault: WireError | None = None
        self._request = request
        self._take = take
        self._transport: asyncio.Transport | None = None
        self._upgraded = False
        self._leaving = False
        self._buffer = bytearray(_FIRST_BYTES)
        self._start = self._end = 0

    @classmethod
    async def dial(cls, port: int, token: str, take: Take, trust: ssl.SSLContext | None = None) -> Self:
        """A connection to the exchange of a hub on this machine.

        Raises:
            WireError: the hub refused.
        """
        lines = (
            "GET /v1/exchange HTTP/1.1",
            f"Host: 127.0.0.1:{port}",
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            "Sec-WebSocket-Version: 13",
            f"Sec-WebSocket-Protocol: {PROTOCOL}",
            f"Authorization: Bearer {token}",
        )
        request = "\r\n".join((*lines, "", "")).encode()
        loop = asyncio.get_running_loop()
        _, wire = await loop.create_connection(lambda: cls(request, take), "127.0.0.1", port, ssl=trust)
        await wire.opened
        return wire

    def send(self, *frames: bytes) -> None:
        """Write frames of `make_frame`."""
        assert self._transport is not None
        self._transport.write(frames[0] if len(frames) == 1 else b"".join(frames))

    def close(self) -> None:
        """End the connection without waiting for the other side."""
        self._leaving = True
        if self._transport is not None and not self._transport.is_closing():
            self.send(make_frame((1000).to_bytes(2, "big"), _CLOSE))
            self._transport.close()

    # What asyncio calls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The connection is up: ask for the upgrade."""
        self._transport = cast("asyncio.Transport", transport)  # uvloop's own is no subclass
        self.send(self._request)

    def get_buffer(self, sizehint: int) -> memoryview:
        """Where to put what comes; there is always room."""
        if self._end == len(self._buffer):
            rest = self._buffer[self._start : self._end]
            size = len(self._buffer) if len(rest) <= len(self._buffer) // 2 else 2 * len(self._buffer)
            self._buffer = rest + bytes(size - len(rest))
            self._start, self._end = 0, len(rest)
        return memoryview(self._buffer)[self._end :]

    def buffer_updated(self, nbytes: int) -> None:
        """Something came."""
        self._end += nbytes
        try:
            if self._upgraded or self._upgrade():
                while self._next_frame():
                    pass
        except WireError as error:
            self._fail(error)
        if self._start == self._end:
            self._start = self._end = 0

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is down."""
        if not self._leaving:
            self._fail(WireError(f"the line broke: {exc}"))

    def _fail(self, error: WireError) -> None:
        self.fault = self.fault or error
        self._leaving = True
        if not self.opened.done():
            self.opened.set_exception(error)
        if self._transport is not None:
            self._transport.close()

    def _upgrade(self) -> bool:
        end = self._buffer.find(b"\r\n\r\n", 0, self._end)
        if end < 0:
            return False
        if not self._buffer.startswith(b"HTTP/1.1 101 "):
            raise WireError(self._buffer[: self._end].decode(errors="replace"))
        self._start, self._upgraded = end + 4, True
        self.opened.set_result(None)
        return True

    def _next_frame(self) -> bool:
        """Hand the next frame on, if it is there as a whole."""
        buffer, at = self._buffer, self._start
        there = self._end - at
        if there < 2:
            return False
        size, head = buffer[at + 1], 2
        if size >= 126:
            head = 4 if size == 126 else 10
            if there < head:
                return False
            size = int.from_bytes(buffer[at + 2 : at + head], "big")
        if there < head + size:
            return False
        self._start = at + head + size
        if buffer[at] == _TEXT:
            self._take(buffer, at + head, at + head + size)
        else:
            self._control(buffer[at], bytes(buffer[at + head : at + head + size]))
        return True

    def _control(self, opcode: int, data: bytes) -> None:
        if opcode == _PING:
            self.send(make_frame(data, _PONG))
        elif opcode == _CLOSE:
            raise WireError(f"the hub closed the line: {int.from_bytes(data[:2], 'big')} {data[2:].decode()}")
        elif opcode != _PONG:
            raise WireError(f"a frame that no hub sends: {opcode:#x}")
