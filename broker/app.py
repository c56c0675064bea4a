"""The composition root: a hub from its folder, and the applications that serve it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from broker.adapters.blobs.folder import BlobFolder
from broker.adapters.db.store import SqlStore
from broker.adapters.life import FileLifeRecord
from broker.adapters.register import FileRegister
from broker.adapters.system import FileSigner, SystemClock
from broker.adapters.verifier import InlineVerifier, VerifierProcesses
from broker.ports import HubPorts
from broker.service.blobs import BlobLimits
from broker.service.hub import Hub
from broker.service.timekeeper import Timekeeper
from broker.settings import HubFolder, HubSettings
from broker.web import blobs, control, exchange, http, metrics
from schemas.errors import SeraiError


@dataclass(frozen=True, slots=True)
class Ports:
    """A hub's adapters, opened."""

    store: SqlStore
    register: FileRegister
    signer: FileSigner
    clock: Timekeeper
    files: BlobFolder


@contextmanager
def open_ports(folder: HubFolder, settings: HubSettings) -> Iterator[Ports]:
    """Open database, register and keys; the register's lock keeps other hubs out.

    Raises:
        SeraiError: ``hub_not_ready`` if another hub holds the folder; ``malformed_key``; ``storage_failed``.
    """
    register = FileRegister(folder.register)
    try:
        store = SqlStore(folder.database_url(settings))
        try:
            store.migrate()
            clock = Timekeeper(SystemClock(), FileLifeRecord(folder.alive), store.head().accepted_at)
            yield Ports(store, register, FileSigner(folder.keys), clock, BlobFolder(folder.blobs))
        finally:
            store.close()
    finally:
        register.close()


def make_hub(ports: Ports, settings: HubSettings) -> Hub:
    """The hub over opened ports."""
    origins, count = frozenset(settings.origins), settings.verifiers
    verifier = VerifierProcesses(settings.network, count) if count else InlineVerifier()
    blob_limits = BlobLimits(settings.blob_bytes, settings.quota)
    opened = HubPorts(ports.store, ports.register, ports.signer, ports.clock, verifier, ports.files)
    return Hub(opened, settings.network, origins, blob_limits)


def create_app(hub: Hub) -> FastAPI:
    """The application that members see; it starts and stops the hub."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await asyncio.to_thread(hub.load)
        await hub.start()
        yield
        with suppress(asyncio.CancelledError):
            await hub.stop()

    app = FastAPI(title="Serai hub", lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    app.state.hub = hub
    app.include_router(http.router)
    app.include_router(blobs.router)
    app.include_router(exchange.router)
    _answer_problems(app)
    return app


def create_control_app(hub: Hub) -> FastAPI:
    """The application that the operator sees, for a Unix socket."""
    app = FastAPI(title="Serai hub control", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.hub = hub
    app.include_router(control.router)
    _answer_problems(app)
    return app


def create_metrics_app(hub: Hub) -> FastAPI:
    """The application that a Prometheus server on this machine sees."""
    app = FastAPI(title="Serai hub metrics", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.hub = hub
    app.include_router(metrics.router)
    _answer_problems(app)
    return app


def _answer_problems(app: FastAPI) -> None:
    for kind in (SeraiError, HTTPException, RequestValidationError, Exception):
        app.add_exception_handler(kind, http.answer_problem)
