"""Connections as uvicorn makes them, where its public settings do not reach: all overrides of its classes.

A peer may not hold a connection by saying little, nor fill memory by saying much or reading nothing, nor use up
processor time. Until it has shown a good token it is a stranger (`broker.web.strangers`).
Each override has a test that fails where uvicorn's internals change their meaning.
"""

from __future__ import annotations

import asyncio
import os
import re
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any, Final, cast

import uvicorn
from httptools import HttpParserError, HttpParserUpgrade
from uvicorn import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from uvicorn.server import ServerState
from websockets.frames import CloseCode, Frame

from broker.core.budget import Budget
from broker.web.strangers import Cut, Strangers, Visit
from schemas.errors import PROBLEMS, Code

LINGER_S: Final = 10.0
"""How long a peer may take to read the rest once its line has ended."""

REQUEST_S: Final = 10.0
"""How long a TLS handshake, and how long a request may take to come."""

ANSWER_S: Final = 120.0
"""How long an answer may take to be made and read, and how long a connection may then be kept."""

REQUEST_BYTES: Final = 8 * 1024
"""How long a request may be, with its head; only an upload has a body beside."""

DROPPED_BYTES: Final = 1 << 20
"""How much of a body is read and dropped once it was refused, so that the peer may read why."""

_UPLOAD: Final = re.compile(r"/v1/blobs/[A-Za-z0-9_-]{43}")

REFUSED_S: Final = 2.0
"""How long a connection is kept whose body was refused, so that the peer may read why."""

HEADERS: Final = 64
"""Most headers of a request: each costs far more memory than its bytes."""

SLICE_BYTES: Final = 4 * 1024
"""How much of what comes on a line is looked at before it is asked again whether the line goes on."""

FRAGMENT_BYTES: Final = 1024
"""A fragment below this, but the last of its message, costs as much as a ping."""

CONTROL_BURST: Final = 64
"""Pings, pongs and small fragments of a line that are taken at once; a client pings once in twenty seconds."""

CONTROL_PER_S: Final = 2
"""Pings, pongs and small fragments of a line that are taken in a second after that."""

LATE: Final = 256
"""Messages that may come after the hub has closed a line: the peer had sent them before it knew."""


class Server(uvicorn.Server):
    """A uvicorn server that leaves signals to whoever serves."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave them alone."""
        yield


class TlsConnection(asyncio.Protocol):
    """A connection that is to speak TLS: it is counted, and after the handshake HTTP goes on.

    uvicorn's own way to TLS knows of a connection only after its handshake, so that nobody could count those that
    hang, or end them.

    Args:
        context: certificate and key.
        strangers: all connections.
        config: as uvicorn hands it to a protocol; the others too.
    """

    def __init__(
        self,
        context: ssl.SSLContext,
        strangers: Strangers,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        self._context = context
        self._strangers = strangers
        self._loop = _loop or asyncio.get_running_loop()
        self._make_http = partial(HttpConnection, strangers, config, server_state, _loop=self._loop)
        self._app_state = app_state
        self._connections = cast("set[Any]", server_state.connections)
        self._sock: socket.socket
        self._visit: Visit
        self._deadline: asyncio.TimerHandle
        self._task: asyncio.Task[None]

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take the socket, from which nothing has been read, and wait until the peer begins."""
        try:
            self._sock = socket.socket(fileno=os.dup(transport.get_extra_info("socket").fileno()))
        except OSError:  # the machine has no more descriptors, or the peer has gone
            transport.abort()
            return
        self._sock.setblocking(False)  # noqa: FBT003 - the library's signature
        self._connections.add(self)
        self._visit = self._strangers.enter(transport.get_extra_info("peername"), self.shutdown)
        transport.abort()
        self._loop.add_reader(self._sock, self._begin)
        self._deadline = self._loop.call_later(REQUEST_S, self._visit.cut, Cut.TOO_LATE)

    def shutdown(self) -> None:
        """End it; what waits for the socket is called."""
        with suppress(OSError):  # of a peer that has gone
            self._sock.shutdown(socket.SHUT_RDWR)

    def _begin(self) -> None:
        """Something has come, or the connection has ended: a handshake costs what a request costs."""
        self._loop.remove_reader(self._sock)
        self._deadline.cancel()
        if not self._visit.is_cut and not self._visit.may_ask():
            self._visit.cut(Cut.TOO_OFTEN)
        if self._visit.is_cut:
            self._forget()
        else:
            self._task = self._loop.create_task(self._shake_hands())

    async def _shake_hands(self) -> None:
        try:
            await self._loop.connect_accepted_socket(
                partial(self._make_http, {**self._app_state, "visit": self._visit}),
                self._sock,
                ssl=self._context,
                ssl_handshake_timeout=REQUEST_S,
                ssl_shutdown_timeout=LINGER_S,
            )
        except OSError:  # of TLS, of the connection, or that it took too long
            self._visit.note(Cut.HANDSHAKE)
            self._forget()
        finally:
            self._connections.discard(self)

    def _forget(self) -> None:
        self._connections.discard(self)
        self._visit.leave()
        self._sock.close()


class HttpConnection(HttpToolsProtocol):
    """An HTTP connection: one request at a time, short and in time.

    What breaks these rules is cut without an answer. The application finds the connection's `Visit` as ``visit``
    in the scope's ``state``, and says there that a request has shown a good token.

    Args:
        strangers: all connections.
        config: as uvicorn hands it to a protocol; the others too.
    """

    def __init__(
        self, strangers: Strangers, config: Config, server_state: ServerState, app_state: dict[str, Any], **more: Any
    ) -> None:
        super().__init__(config, server_state, app_state, **more)
        self._strangers = strangers
        self._visit: Visit
        self._deadline: asyncio.TimerHandle | None = None
        self._is_coming = True
        self._size_bytes = 0
        self._is_upload = False
        self._dropped_bytes = 0
        self._is_refused = False
        self._may_stay = True
        self._why: Cut | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Count it, and expect a request."""
        super().connection_made(transport)
        visit: Visit | None = self.app_state.get("visit")
        self._visit = visit or self._strangers.enter(transport.get_extra_info("peername"), transport.abort)
        self._visit.ends_by(transport.abort)
        self._visit.goes_on_by(self._go_on)
        self.app_state = {**self.app_state, "visit": self._visit}
        self._wait(REQUEST_S)

    def _wait(self, seconds: float) -> None:
        """From now on it has so long to come to the next step."""
        self._stop_waiting()
        self._deadline = self.loop.call_later(seconds, self._visit.cut, Cut.TOO_LATE)

    def _stop_waiting(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _go_on(self) -> None:
        """A body comes, or an answer is read: who does that judges how slow it may be."""
        if not self._is_refused:
            self._wait(ANSWER_S)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget it."""
        self._stop_waiting()
        self._visit.leave()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Parse what came, unless the connection is being cut."""
        if self.transport.is_closing():
            return
        self._unset_keepalive_if_required()
        if not self._is_coming and self.cycle.response_complete:
            self._is_coming, self._is_upload, self._size_bytes = True, False, 0
            self._wait(REQUEST_S)
        while data and not self.transport.is_closing():
            if self._is_refused:
                self._drop(data)
                return
            is_bounded = self._is_coming and not self._is_upload
            room = REQUEST_BYTES - self._size_bytes if is_bounded else len(data)
            if not room:
                self._visit.cut(Cut.TOO_LARGE)
                return
            part, data = data[:room], data[room:]
            self._size_bytes += len(part) if is_bounded else 0
            try:
                self.parser.feed_data(part)
            except HttpParserUpgrade:
                self._upgrade()
                return
            except HttpParserError:
                self._visit.cut(self._why or Cut.MALFORMED)
                return

    def _drop(self, data: bytes) -> None:
        """The body was refused: what the peer has sent before it knew is dropped, so much of it."""
        self._dropped_bytes += len(data)
        if self._dropped_bytes > DROPPED_BYTES:
            self._visit.abort()

    def _upgrade(self) -> None:
        """Only to a WebSocket; another upgrade is no request of ours."""
        if self._should_upgrade():
            self.handle_websocket_upgrade()
        else:
            self._visit.cut(Cut.UPGRADE)

    def _stop(self, why: Cut) -> _StopParsing:
        self._why = why
        return _StopParsing()

    def on_message_begin(self) -> None:
        """A request begins: not before the last one is answered, because it would wait in memory with all others."""
        before: RequestResponseCycle | None = self.cycle
        if before is not None and not before.response_complete:
            raise self._stop(Cut.PIPELINED)
        super().on_message_begin()

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header; only so many."""
        if len(self.headers) >= HEADERS:
            raise self._stop(Cut.TOO_LARGE)
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """The head is whole: it is answered, unless strangers have asked too often."""
        if not self._visit.may_ask():
            raise self._stop(Cut.TOO_OFTEN)
        super().on_headers_complete()
        names = {name for name, _ in self.headers}
        path = self.scope.get("path", "")  # not there if it is to be upgraded
        if self.scope["method"] == "PUT" and _UPLOAD.fullmatch(path) and {b"content-length", b"authorization"} <= names:
            if not self._visit.may_bring():
                raise self._stop(Cut.TOO_MANY)
            self._is_upload = True
            self.flow.pause_reading()  # until the application has judged the token, and reads
            self._may_stay = self.cycle.keep_alive
            self.cycle.keep_alive = False  # as long as the body comes: an answer before its end refuses it
            self.cycle.transport = cast("asyncio.Transport", _Lingering(self.transport, lambda: self._is_coming))

    def on_message_complete(self) -> None:
        """The request is whole."""
        self._is_coming = False
        self._wait(ANSWER_S)
        if self._is_upload:
            self.cycle.keep_alive = self._may_stay
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """The answer is made; if its request is still coming, that was refused, and no other follows."""
        super().on_response_complete()
        if self._is_upload and self._is_coming and not self.transport.is_closing():
            self._is_refused = True
            self._unset_keepalive_if_required()
            self._stop_waiting()
            self._deadline = self.loop.call_later(REFUSED_S, self.transport.close)

    def handle_websocket_upgrade(self) -> None:
        """Hand the connection on, and let go of it."""
        self._stop_waiting()
        self._visit.goes_on_by(_nothing)  # a line has its own ways, and nothing holds this object
        super().handle_websocket_upgrade()
        self.parser = None  # type: ignore[assignment]  # it holds this object, and this object holds it


def _nothing() -> None:
    """A line is given no time anew."""


class _Lingering:
    """A transport that is not closed while a body comes: the peer would lose the answer that refuses it.

    Args:
        transport: the transport.
        is_coming: whether the body still comes.
    """

    def __init__(self, transport: asyncio.Transport, is_coming: Callable[[], bool]) -> None:
        self._transport = transport
        self._is_coming = is_coming

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def close(self) -> None:
        """Close it, unless the body comes."""
        if not self._is_coming():
            self._transport.close()


class _StopParsing(Exception):  # noqa: N818 - it reaches nobody
    """Raised inside a callback of the parser, which then parses no further."""


class LineConnection(WebSocketsSansIOProtocol):
    """A WebSocket that a peer can neither fill nor keep, whether it reads nothing or sends frames without end.

    A transport that is closed first sends what waits, for ever if the peer reads nothing. So
    the line is cut where it cannot be closed.

    Args:
        config: as uvicorn hands it to a protocol; the others too.
        app_state: of the HTTP connection that it was.
    """

    def __init__(self, config: Config, server_state: ServerState, app_state: dict[str, Any], **more: Any) -> None:
        super().__init__(config, server_state, app_state, **more)
        self._visit: Visit = app_state["visit"]
        self._control = Budget(CONTROL_BURST, CONTROL_PER_S)
        self._late = Budget(LATE, 0)
        self._end: asyncio.TimerHandle | None = None
        self._is_lost = False

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget it."""
        self._is_lost = True
        self._visit.leave()
        if self._end is not None:
            self._end.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Parse what came, a slice at a time: whatever a flood brings is looked at only while the line goes on."""
        for at in range(0, len(data), SLICE_BYTES):
            if self.transport.is_closing():
                return
            super().data_received(data[at : at + SLICE_BYTES])

    def send_receive_event_to_app(self) -> None:
        """A message is whole; once the line is closed only those may come that were on their way."""
        if self.close_sent and not self._late.spend(1, self.loop.time()):
            self._visit.cut(Cut.FLOOD)
            return
        super().send_receive_event_to_app()

    async def send(self, message: Any) -> None:
        """Send; a line that cannot be closed is cut."""
        if message["type"] == "websocket.close" and not self.writable.is_set():
            self._visit.abort()
        await super().send(message)
        if message["type"] == "websocket.http.response.body":
            self.handshake_complete = True  # an upgrade that was refused is no fault to be logged

    def handle_cont(self, event: Frame) -> None:
        """Take a fragment; small ones cost more than their bytes."""
        if event.fin or len(event.data) >= FRAGMENT_BYTES or self._may_control():
            super().handle_cont(event)

    def handle_ping(self) -> None:
        """Answer a ping, unless the peer does not read, or sends more than a line needs."""
        if not self._may_control():
            return
        if self.writable.is_set():
            super().handle_ping()
        else:
            self.conn.data_to_send()  # the pong: one that waits for each ping would fill memory

    def handle_pong(self, event: Frame) -> None:
        """Take a pong."""
        if self._may_control():
            super().handle_pong(event)

    def _may_control(self) -> bool:
        """Whether one of the frames is taken of which a line needs few; a flood of them ends it."""
        if self.transport.is_closing():
            return False
        if self._control.spend(1, self.loop.time()):
            return True
        if self.handshake_complete and not self.close_sent:
            self._fail(Code.RATE_LIMITED)
        else:
            self._visit.cut(Cut.FLOOD)
        return False

    def _fail(self, code: Code) -> None:
        """Close the line, and read no more of it."""
        self._visit.note(Cut.FLOOD)
        self.conn.data_to_send()  # answers to the flood
        self.conn.fail(PROBLEMS[code].close_code or CloseCode.POLICY_VIOLATION, code.value)
        self.handle_parser_exception()
        self._linger()

    def _linger(self) -> None:
        """What waits has a while to be read."""
        if self._end is None and not self._is_lost:
            self._end = self.loop.call_later(LINGER_S, self._visit.abort)

    def keepalive_timeout(self) -> None:
        """The peer answers no pings: it reads no close frame either."""
        super().keepalive_timeout()
        self._visit.abort()

    def on_task_complete(self, task: asyncio.Task[None]) -> None:
        """The line has ended; what waits has a while to be read."""
        super().on_task_complete(task)
        self._linger()


def protocols(strangers: Strangers, context: ssl.SSLContext | None) -> dict[str, Any]:
    """Arguments of `uvicorn.Config`: the classes above, which share one count of connections.

    Args:
        strangers: the count.
        context: certificate and key, if the hub speaks TLS itself.
    """
    http = partial(TlsConnection, context, strangers) if context else partial(HttpConnection, strangers)
    return {"http": http, "ws": LineConnection}
