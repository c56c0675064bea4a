"""Serving a hub: two uvicorn servers in one loop, one for members, one for the operator."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from schemas import limits

LINGER_S = 10.0
"""How long a peer may take to read the rest once its line has ended."""


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
        http="httptools",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=5,
        backlog=1024,
        **listen,  # type: ignore[arg-type]
    )


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
