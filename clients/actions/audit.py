"""Following the ledger when somebody asks for it."""

from __future__ import annotations

import asyncio
import time
from typing import Final

from clients.actions.client import Client
from clients.errors import ClientError, LocalCode
from clients.focalpoint import FocalPoint
from clients.line.audit_report import AuditReport, audit_once, last_audit

_LOOK_S: Final = 0.1


def audit_ledger(client: Client, wait_s: float) -> AuditReport:
    """Follow every leaf since the last time, now.

    Only the connected process may move what is believed: if there is one, it is asked.

    Args:
        client: which client.
        wait_s: how long to wait for a connection, or for whoever was asked.

    Raises:
        ClientError: ``audit_not_done`` by whoever was asked, ``no_line``.
        SeraiError: why there is no line.
    """
    return asyncio.run(_audit_here(client, wait_s)) if client.holder is None else _ask(client, wait_s)


def _ask(client: Client, wait_s: float) -> AuditReport:
    store, asked_ms = client.store, client.state.system.clock.time_ms()
    store.trust.ask_audit(asked_ms)
    deadline = time.monotonic() + wait_s
    while time.monotonic() < deadline:
        if (found := last_audit(store)) is not None and found.at_ms >= asked_ms:
            return found
        time.sleep(_LOOK_S)
    raise ClientError(LocalCode.AUDIT_NOT_DONE)


async def _audit_here(client: Client, wait_s: float) -> AuditReport:
    async with FocalPoint.open(client.store, client.settings.hubs, **client.holding) as point:
        try:
            async with asyncio.timeout(wait_s):
                await point.wait_live()
        except TimeoutError:
            raise point.fault or ClientError(LocalCode.NO_LINE) from None
        return await audit_once(point.state, point.audit)
