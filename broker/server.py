"""Serving a hub: two uvicorn servers in one loop, one for members, one for the operator."""

from __future__ import annotations

import asyncio
import gc
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import CloseCode, Frame

from schemas import limits

LINGER_S = 10.0
"""How long a peer may take to read the rest once its line has ended."""

REQUEST_S = 10.0
"""How long a request may take to come."""

HEAD_BYTES = 64 * 1024
"""About how long the head of a request may be."""

FRAGMENTS = 1_024
"""Most fragments of a message: each costs far more memory than its bytes."""


class _Http(HttpToolsProtocol):
    """An HTTP connection that a peer can neither hold by saying little nor fill by saying much.

    Nobody has shown a token yet, so a request that does not come in time, or whose head does
    not end, is cut without an answer.
    """

    _deadline: asyncio.TimerHandle | None = None
    _in_head = True
    _head_bytes = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._expect_request()

    def _expect_request(self) -> None:
        if self._deadline is None:
            self._deadline = self.loop.call_later(REQUEST_S, self.transport.abort)

    def connection_lost(self, exc: Exception | None) -> None:
        self._settle()
        super().connection_lost(exc)

    def _settle(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def data_received(self, data: bytes) -> None:
        self._head_bytes += len(data) if self._in_head else 0
        super().data_received(data)
        if self._in_head and self._head_bytes > HEAD_BYTES:
            self.transport.abort()

    def on_message_begin(self) -> None:
        self._expect_request()
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self._in_head = False
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._settle()
        self._in_head, self._head_bytes = True, 0
        super().on_message_complete()


class _Socket(WebSocketsSansIOProtocol):
    """A WebSocket that a peer who does not read can neither fill nor keep.

    A transport that is closed first sends what waits, for ever if the peer reads nothing. So
    the line is cut where it cannot be closed.
    """

    async def send(self, message: Any) -> None:
        if message["type"] == "websocket.close" and not self.writable.is_set():
            self.transport.abort()
        await super().send(message)
        if message["type"] == "websocket.http.response.body":
            self.handshake_complete = True  # an upgrade that was refused is no fault to be logged

    def handle_cont(self, event: Frame) -> None:
        if self.close_sent:
            return
        if len(self.frames) < FRAGMENTS:
            super().handle_cont(event)
        else:
            self.conn.fail(CloseCode.MESSAGE_TOO_BIG, "too many fragments")
            self.handle_parser_exception()

    def handle_ping(self) -> None:
        if self.writable.is_set():
            super().handle_ping()
        else:
            self.conn.data_to_send()  # the pong: one that waits for each ping would fill memory

    def keepalive_timeout(self) -> None:
        super().keepalive_timeout()
        self.transport.abort()

    def on_task_complete(self, task: asyncio.Task[None]) -> None:
        super().on_task_complete(task)
        self.loop.call_later(LINGER_S, self.transport.abort)


class Server(uvicorn.Server):
    """A uvicorn server that leaves signals to `serve`."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave them alone."""
        yield


def make_config(app: FastAPI, **listen: object) -> uvicorn.Config:
    """How Serai serves: no compression, frames bounded, pings, nothing told about the server.

    Args:
        app: what to serve.
        listen: where: ``host`` and ``port``, or ``uds``, or ``fd``; certificate files.
    """
    return uvicorn.Config(
        app,
        ws=_Socket,
        ws_max_size=limits.FRAME_BYTES,
        ws_per_message_deflate=False,
        ws_ping_interval=limits.PING_S,
        ws_ping_timeout=limits.PING_S,
        loop="uvloop",
        http=_Http,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=5,
        backlog=1024,
        **listen,  # type: ignore[arg-type]
    )


def calm_collector() -> None:
    """Look for cycles less often, and not in what was loaded at start: a hub makes hardly any."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
    gc.enable()


async def serve(public: uvicorn.Config, control: uvicorn.Config, started: Callable[[], None]) -> None:
    """Serve until a signal says stop, then end cleanly.

    Args:
        public: for members; its lifespan starts and stops the hub.
        control: for the operator, on a Unix socket.
        started: called once both answer.
    """
    servers = [Server(public), Server(control)]

    def stop() -> None:
        for server in servers:
            server.should_exit = True

    calm_collector()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop)
    tasks = [asyncio.create_task(server.serve()) for server in servers]
    # uvicorn says that it has started only by an attribute.
    while not all(server.started for server in servers) and not any(task.done() for task in tasks):  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    if all(server.started for server in servers):
        _close_to_others(control)
        started()
    for task in asyncio.as_completed(tasks):
        try:
            await task
        finally:
            stop()


def _close_to_others(control: uvicorn.Config) -> None:
    if control.uds:
        Path(control.uds).chmod(0o600)


def remove_stale_socket(path: Path) -> None:
    """Take away a socket that a hub that was killed left behind; the register's lock is held by us."""
    path.unlink(missing_ok=True)
