"""Connections as uvicorn makes them, where its settings do not reach: whose they are, how long, how much.

A connection of another user is closed before anything is read. One that says nothing, little or too much is cut: the
officer's own browser does none of that, and what another program of this machine holds open must not keep it out.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import uvicorn
from uvicorn import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from clients.desk.app import make_app
from clients.desk.listening import is_own

if TYPE_CHECKING:
    from clients.desk.desk import Desk

REQUEST_S: Final = 10.0
"""How long the head of a request may take to come."""

HEAD_BYTES: Final = 16 * 1024
"""How long the head of a request may be."""

BODY_S: Final = 120.0
"""How long its body may take, a file among them."""

IDLE_S: Final = 30
"""How long a connection may be kept without a request."""

MOST: Final = 256
"""Connections at a time."""

FRAME_BYTES: Final = 16 * 1024
"""The longest frame of a page."""

OwnPeer = Callable[[tuple[Any, ...], tuple[Any, ...]], bool]
"""Whether the other end of a connection, its address first, is a process of this user."""


class DeskServer(uvicorn.Server):
    """A uvicorn server that leaves signals to whoever serves."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave them alone."""
        yield


class DeskConnection(HttpToolsProtocol):
    """A connection of a browser.

    Args:
        is_own: whether the other end is this user's.
        config: as uvicorn hands it to a protocol; the others too.
    """

    def __init__(
        self, is_own: OwnPeer, config: Config, server_state: ServerState, app_state: dict[str, Any], **more: Any
    ) -> None:
        super().__init__(config, server_state, app_state, **more)
        self._is_own = is_own
        self._deadline: asyncio.TimerHandle | None = None
        self._is_head = True
        self._head_bytes = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Look whose it is; nothing has been read yet."""
        super().connection_made(transport)
        peer, own = transport.get_extra_info("peername"), transport.get_extra_info("sockname")
        if not peer or not self._is_own(peer, own):
            transport.abort()
            return
        self._wait(REQUEST_S)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget it."""
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what came, as long as the head is not too long."""
        if self.transport.is_closing():
            return
        self._head_bytes += len(data) if self._is_head else 0
        if self._head_bytes > HEAD_BYTES and self._is_head and b"\r\n\r\n" not in data[:HEAD_BYTES]:
            self.transport.abort()
            return
        super().data_received(data)

    def on_message_begin(self) -> None:
        """A request begins: its head has to come in time."""
        super().on_message_begin()
        self._is_head, self._head_bytes = True, 0
        self._wait(REQUEST_S)

    def on_headers_complete(self) -> None:
        """The head is whole: the body may take longer."""
        self._is_head = False
        self._wait(BODY_S)
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """The request is whole."""
        self._stop_waiting()
        super().on_message_complete()

    def handle_websocket_upgrade(self) -> None:
        """Hand the connection on, which may now be quiet."""
        self._stop_waiting()
        super().handle_websocket_upgrade()

    def _wait(self, seconds: float) -> None:
        self._stop_waiting()
        self._deadline = self.loop.call_later(seconds, self.transport.abort)

    def _stop_waiting(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None


async def serve(desk: Desk, sockets: list[socket.socket], is_own: OwnPeer = is_own) -> None:
    """Serve a desk, which is open, until cancelled.

    Args:
        desk: whose.
        sockets: on which it listens; they are closed at the end.
        is_own: whether the other end of a connection is this user's.
    """
    config = Config(
        make_app(desk),
        http=partial(DeskConnection, is_own),  # type: ignore[arg-type]  # uvicorn calls it, and asks nothing else of it
        ws="websockets-sansio",
        ws_max_size=FRAME_BYTES,
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=False,
        proxy_headers=False,
        timeout_keep_alive=IDLE_S,
        timeout_graceful_shutdown=1,
        limit_concurrency=MOST,
    )
    server = DeskServer(config)
    serving = asyncio.create_task(server.serve(sockets))
    try:
        await asyncio.shield(serving)
    except asyncio.CancelledError:
        server.should_exit = True
        await serving
        raise
