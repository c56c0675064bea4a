"""Serving a hub: uvicorn servers in one loop, for members, for the operator, for metrics."""

from __future__ import annotations

import asyncio
import gc
import resource
import signal
import ssl
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, Final

import uvicorn
from fastapi import FastAPI

from broker.service.hub import Hub
from broker.web.connections import Server, protocols
from broker.web.strangers import StrangerLimits, Strangers, limits_for
from schemas import limits

DESCRIPTORS: Final = 65_536
"""Open files that are asked for: a line for each of ten thousand seats, and strangers beside them."""


def make_config(
    app: FastAPI,
    *,
    context: ssl.SSLContext | None = None,
    strangers: StrangerLimits | None = None,
    **listen: Any,
) -> uvicorn.Config:
    """How members are served: no compression, frames bounded, pings, nothing told about the server.

    Args:
        app: what to serve.
        context: certificate and key, if the hub speaks TLS itself.
        strangers: how many connections there may be; by default what the limit of open files allows.
        listen: where: ``host`` and ``port``.
    """
    hub: Hub = app.state.hub
    count = Strangers(time.monotonic, hub.note_cut, strangers or limits_for(descriptors()))
    hub.metrics.strangers.set_function(lambda: len(count))
    return uvicorn.Config(
        app,
        ws_max_size=limits.FRAME_BYTES,
        ws_per_message_deflate=False,
        ws_ping_interval=limits.PING_S,
        ws_ping_timeout=limits.PING_S,
        **_quiet(),
        **protocols(count, context),
        **listen,
    )


def make_local_config(app: FastAPI, **listen: Any) -> uvicorn.Config:
    """How this machine is served, the operator and whoever reads metrics: plain HTTP of uvicorn.

    Args:
        app: what to serve.
        listen: where: ``uds``, or ``host`` and ``port``.
    """
    return uvicorn.Config(app, http="httptools", ws="none", **_quiet(), **listen)


def _quiet() -> dict[str, Any]:
    return {
        "loop": "uvloop",
        "log_config": None,
        "access_log": False,
        "server_header": False,
        "proxy_headers": False,
        "timeout_graceful_shutdown": 5,
        "backlog": 1024,
    }


def make_context(certificate: Path, private_key: Path | None) -> ssl.SSLContext:
    """The context of TLS 1.3, never less; with X25519MLKEM768 where the library offers it, as OpenSSL 3.5 does.

    Args:
        certificate: file of the certificate chain.
        private_key: file of its key; ``None`` if it is in the same file.

    Raises:
        OSError: they cannot be read or used.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.load_cert_chain(certificate, private_key)
    return context


def descriptors() -> int:
    """How many files may be open."""
    soft = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return DESCRIPTORS if soft == resource.RLIM_INFINITY else soft


def raise_descriptors() -> int:
    """Raise the soft limit of open files as far as the hard one lets; gives what it is then."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = DESCRIPTORS if hard == resource.RLIM_INFINITY else min(DESCRIPTORS, hard)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    return descriptors()


def calm_collector() -> None:
    """Look for cycles less often, and not in what was loaded at start: a hub makes hardly any."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
    gc.enable()


async def serve(
    started: Callable[[], None], failed: Callable[[], Coroutine[Any, Any, None]], *configs: uvicorn.Config
) -> None:
    """Serve until a signal says stop, then end cleanly.

    Args:
        started: called once all answer.
        failed: waits until what is served cannot go on; what it raises ends serving.
        configs: what is served: for members (its lifespan starts and stops the hub), for the operator, for metrics.

    Raises:
        SeraiError: what ``failed`` raised.
    """
    servers = [Server(config) for config in configs]

    def stop() -> None:
        for server in servers:
            server.should_exit = True

    calm_collector()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop)
    failing = asyncio.create_task(failed())
    failing.add_done_callback(lambda _: stop())
    tasks = [asyncio.create_task(server.serve()) for server in servers]
    # uvicorn says that it has started only by an attribute.
    while not all(server.started for server in servers) and not any(task.done() for task in tasks):  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    if all(server.started for server in servers):
        for config in configs:
            _close_to_others(config)
        started()
    for task in asyncio.as_completed(tasks):
        try:
            await task
        finally:
            stop()
    if not failing.cancel():
        failing.result()


def _close_to_others(config: uvicorn.Config) -> None:
    if config.uds:
        Path(config.uds).chmod(0o600)


def remove_stale_socket(path: Path) -> None:
    """Take away a socket that a hub that was killed left behind; the register's lock is held by us."""
    path.unlink(missing_ok=True)
