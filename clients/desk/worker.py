"""The one thread that has the member's store: everything that reads or writes it takes its turn there.

SQLite, the keys and a passphrase's Argon2 would hold up the loop; the loop has to beat every second. So the loop
asks, and the thread answers, one after another, in the order of asking.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack
from contextvars import copy_context
from typing import TypeVar

from clients.actions.client import Client

T = TypeVar("T")

OpenClient = Callable[[], AbstractContextManager[Client]]
"""Opens the member's client; the block has it until its end."""


class Worker:
    """A thread with a client.

    Args:
        open_client: called in the thread, which then owns the client.
        monotonic: seconds that never go back.

    Attributes:
        turned_s: when it last finished a turn, by ``monotonic``: what stands still is stuck.
    """

    def __init__(self, open_client: OpenClient, monotonic: Callable[[], float]) -> None:
        self._open_client = open_client
        self._monotonic = monotonic
        self._thread = ThreadPoolExecutor(1, "serai-desk-store")
        self._stack = ExitStack()
        self._client: Client | None = None
        self.turned_s = monotonic()

    async def start(self) -> None:
        """Open the client.

        Raises:
            SeraiError: it cannot be opened.
        """
        await self._turn(self._open)

    async def do(self, work: Callable[[Client], T]) -> T:
        """Let something be done with the client, in the language of who asks.

        Args:
            work: is called in the thread; it must not wait for the line.

        Raises:
            Exception: what ``work`` raises.
        """

        def use() -> T:
            assert self._client is not None, "the worker has not started"  # noqa: S101 - a fault of the program
            return work(self._client)

        return await self._turn(use)

    async def stop(self) -> None:
        """Close the client, once what was asked for is done."""
        try:
            await self._turn(self._stack.close)
        finally:
            self._thread.shutdown()

    def _open(self) -> None:
        self._client = self._stack.enter_context(self._open_client())

    async def _turn(self, work: Callable[[], T]) -> T:
        context = copy_context()

        def turn() -> T:
            try:
                return context.run(work)
            finally:
                self.turned_s = self._monotonic()

        return await asyncio.get_running_loop().run_in_executor(self._thread, turn)
