"""What takes long, beside the worker: with a client of its own, so that the desk stays as quick as it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from clients.actions.client import Client
from clients.desk.desk import Desk
from clients.desk.worker import Worker

T = TypeVar("T")


async def do_aside(desk: Desk, work: Callable[[Client], T]) -> T:
    """Let something be done with another client of the same store, in a thread of its own; no officer's key is open.

    Args:
        desk: whose.
        work: may wait for the hub, or read all of the store.

    Raises:
        Exception: what ``work`` raises; why the client cannot be opened.
    """
    worker = Worker(desk.open_client, desk.system.monotonic)
    await worker.start()
    try:
        return await worker.do(work)
    finally:
        await worker.stop()
