"""The line to a hub: one method to dial it, so that tests can put their own in its place.

A `Line` carries texts both ways and knows nothing of frames. `WebSocketTransport` is the
real one (PROTOCOL 9); whatever else implements `Transport` will do.
"""

from __future__ import annotations

import ssl
from typing import Any, Final, Protocol
from urllib.parse import urlsplit

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus, InvalidURI
from websockets.typing import Subprotocol

from clients.line.tls import make_context
from schemas import limits
from schemas.encoding import decode_object
from schemas.errors import Code, SeraiError
from schemas.frames import PROTOCOL

PATH: Final = "/v1/exchange"
_PORTS: Final = {"ws": 80, "wss": 443}
_OPEN_TIMEOUT_S: Final = 10.0
_SERVER_FAULT: Final = 500
_PROBLEM_BYTES: Final = 16_384


class LineClosed(Exception):  # noqa: N818 - it is an end, not always an error
    """The line has ended.

    Attributes:
        code: WebSocket close code; 1006 if it just broke.
        reason: what the other side said.
    """

    def __init__(self, code: int, reason: str = "") -> None:
        super().__init__(code, reason)
        self.code = code
        self.reason = reason


class DialError(SeraiError):
    """A hub answered, and refused the line.

    Attributes:
        hub_time_ms: the hub's time, if it said it.
    """

    def __init__(self, code: Code, detail: str = "", hub_time_ms: int | None = None) -> None:
        super().__init__(code, detail)
        self.hub_time_ms = hub_time_ms


class Line(Protocol):
    """A line that is up."""

    async def send(self, text: str) -> None:
        """Send one frame.

        Raises:
            LineClosed: it has ended.
        """

    async def recv(self) -> str:
        """The next frame.

        Raises:
            LineClosed: it has ended.
        """

    async def close(self) -> None:
        """End it; more than once is fine."""


class Transport(Protocol):
    """Whatever can reach a hub."""

    async def dial(self, hub: str, token: str) -> Line:
        """A line to a hub.

        Args:
            hub: its origin, as `parse_hub` gives it.
            token: session token.

        Raises:
            DialError: the hub refused.
            OSError: nobody could be reached.
        """


def parse_hub(address: str) -> str:
    """The origin of a hub: scheme, host and port, as the session token names it.

    Args:
        address: ``wss://hub.example`` or ``ws://127.0.0.1:8443``; a path is dropped.

    Raises:
        SeraiError: ``malformed_address``.
    """
    try:
        parts = urlsplit(address)
        port = parts.port or _PORTS.get(parts.scheme)
    except ValueError as error:
        raise SeraiError(Code.MALFORMED_ADDRESS, "not the address of a hub") from error
    if parts.scheme not in _PORTS or not parts.hostname or parts.username is not None:
        raise SeraiError(Code.MALFORMED_ADDRESS, "a hub is written like wss://hub.example:443")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host}:{port}"


class _Connect(connect):
    """The connection of the library, which would follow a redirect with the token in its hand."""

    def process_redirect(self, exc: Exception) -> Exception | str:
        """None is followed: a hub is where its origin says."""
        return exc


class WebSocketTransport:
    """Lines over WebSocket (RFC 6455).

    Args:
        tls: how a ``wss`` hub is verified; the system's way if ``None``.
        open_timeout_s: how long to wait for the upgrade.
    """

    def __init__(self, tls: ssl.SSLContext | None = None, open_timeout_s: float = _OPEN_TIMEOUT_S) -> None:
        self._tls = tls
        self._open_timeout_s = open_timeout_s

    async def dial(self, hub: str, token: str) -> Line:
        """A line to a hub; see `Transport.dial`."""
        options: dict[str, Any] = {"ssl": self._tls or make_context()} if hub.startswith("wss:") else {}
        try:
            connection = await _Connect(
                hub + PATH,
                additional_headers={"Authorization": f"Bearer {token}"},
                subprotocols=[Subprotocol(PROTOCOL)],
                compression=None,
                max_size=limits.FRAME_BYTES,
                open_timeout=self._open_timeout_s,
                ping_interval=limits.PING_S,
                ping_timeout=limits.PING_S,
                close_timeout=2,
                user_agent_header=None,
                proxy=None,
                **options,
            )
        except InvalidStatus as error:
            raise parse_refusal(bytes(error.response.body or b""), error.response.status_code) from None
        except (InvalidHandshake, InvalidURI) as error:
            raise DialError(Code.UNSUPPORTED_PROTOCOL, type(error).__name__) from None
        if connection.subprotocol != PROTOCOL:
            await connection.close()
            raise DialError(Code.UNSUPPORTED_PROTOCOL, f"the hub does not speak {PROTOCOL}")
        return WebSocketLine(connection)


def parse_refusal(body: bytes, status: int) -> DialError:
    """The error in a refused upgrade (PROTOCOL 9, 12)."""
    other = Code.HUB_NOT_READY if status >= _SERVER_FAULT else Code.UNSUPPORTED_PROTOCOL
    try:
        problem = decode_object(body[:_PROBLEM_BYTES], 256)
        word, detail, time_ms = str(problem["code"])[:64], str(problem.get("detail", ""))[:1_000], problem.get("time")
    except (SeraiError, KeyError):
        return DialError(other, f"HTTP status {status}")
    hub_time_ms = time_ms if type(time_ms) is int else None
    if word not in set(Code):  # newer than this program: as the hub wrote it
        return DialError(other, f"{word}: {detail}", hub_time_ms)
    return DialError(Code(word), detail, hub_time_ms)


class WebSocketLine:
    """A line over one WebSocket connection."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection

    async def send(self, text: str) -> None:
        """Send one frame; see `Line.send`."""
        try:
            await self._connection.send(text)
        except ConnectionClosed as error:
            raise _closed(error) from None

    async def recv(self) -> str:
        """The next frame; a binary one is refused."""
        try:
            message = await self._connection.recv()
        except ConnectionClosed as error:
            raise _closed(error) from None
        if isinstance(message, bytes):
            await self._connection.close(1003)
            raise LineClosed(1003, "a binary frame")
        return message

    async def close(self) -> None:
        """End the line."""
        await self._connection.close()


def _closed(error: ConnectionClosed) -> LineClosed:
    if error.rcvd is None:
        return LineClosed(1006, "the line broke")
    return LineClosed(error.rcvd.code, error.rcvd.reason)
