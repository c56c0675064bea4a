"""The service of a client beside something else: in a thread of its own, whenever no other process is connected."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from clients.actions.client import Client
from clients.actions.home import Home
from clients.cli.administrator.service import Service
from clients.cli.administrator.siren import CallOptions
from clients.documents.texts import _
from clients.line.lock import LineHeld
from clients.store import Store
from schemas.errors import Code, SeraiError

log = logging.getLogger("serai.run")

_AGAIN_S: Final = 1.0


class LineKeeper:
    """Keeps a client connected, and rings, as ``serai run`` does.

    While another process is connected it waits, and takes the line when that ends. What a page must not wait for, the
    verifying of a large mailbox among it, is done in the keeper's thread, over a connection to the store of its own.

    Args:
        home: the client's folder.
        open_store: opens its store in the thread that calls it.
        options: how an officer is called.

    Attributes:
        is_waiting: whether another process was connected when this looked last.
    """

    def __init__(self, home: Home, open_store: Callable[[], Store], options: CallOptions) -> None:
        self._home = home
        self._open_store = open_store
        self._options = options
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None
        self._is_over = threading.Event()
        self.is_waiting = False

    async def run(self) -> None:
        """Keep it until cancelled.

        Raises:
            Exception: what ended the line before its time, or one of its jobs; a seat that was lost ends nothing.
        """
        keeping = asyncio.create_task(asyncio.to_thread(self._keep))
        try:
            await asyncio.shield(keeping)
        finally:
            self._is_over.set()
            if self._loop is not None and self._stop is not None:
                with suppress(RuntimeError):  # its loop has ended by itself
                    self._loop.call_soon_threadsafe(self._stop.set)
            await keeping

    def _keep(self) -> None:
        with self._open_store() as store:
            asyncio.run(self._serve(store))

    async def _serve(self, store: Store) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        while not self._is_over.is_set():
            client = Client(self._home, self._home.read_settings(), store, "serai desk")
            service = Service(client, self._options, stop=self._stop)
            try:
                await service.serve()
            except LineHeld as error:
                if not self.is_waiting:
                    who = error.holder.what if error.holder else _("another process")
                    log.info(_("{holder} is connected; the line is taken over when it ends").format(holder=who))
                self.is_waiting = True
                await self._pause()
            except SeraiError as error:
                if error.code is not Code.REPLACED:
                    raise
                log.error(  # noqa: TRY400 - a state of things
                    _("Another session took this seat ({detail}); give each machine a seat of its own.").format(
                        detail=error.detail
                    )
                )
                await self._stop.wait()

    async def _pause(self) -> None:
        assert self._stop is not None  # noqa: S101 - set before anything waits
        with suppress(TimeoutError):
            async with asyncio.timeout(_AGAIN_S):
                await self._stop.wait()
