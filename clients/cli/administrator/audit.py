"""``serai audit``: follow every leaf of the ledger since the last time."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

import click

from clients.cli.frame import Command, client_options, wait_option
from clients.cli.texts import _
from clients.cli.ui import FAILED, clean, field, show

_LOOK_S = 0.1


@click.command(cls=Command, examples=("serai audit",))
@wait_option
@client_options
def audit(*, wait_s: float, home: Path, passphrase_fd: int | None, as_json: bool) -> None:
    """Follow every leaf of the ledger since the last audit.

    Recomputes the tree, demands every public statement, finds each own statement at its place, and compares what
    others have seen. serai run does it daily. Exit status 1 if anything does not fit.
    """
    from clients.cli.desk import open_desk
    from clients.cli.progress import Progress

    with open_desk(home, passphrase_fd) as desk:
        with Progress(_("Following the ledger")):
            found = _ask(desk, wait_s) if desk.holder is not None else _audit_here(desk, wait_s)
        bad = bool(found.get("faults") or found.get("error"))
        show({**found, "holds": not bad}, _lines(found), as_json=as_json)
        if bad:
            sys.exit(FAILED)


def _ask(desk: Any, wait_s: float) -> dict[str, Any]:
    """Let whoever holds the line do it: only that one may move what is believed."""
    from clients.cli.faults import Fault
    from schemas.errors import Code

    trust, asked_ms = desk.store.trust, desk.state.system.clock.time_ms()
    trust.ask_audit(asked_ms)
    deadline = time.monotonic() + wait_s
    while time.monotonic() < deadline:
        if (found := trust.audit_result).get("at_ms", 0) >= asked_ms:
            return dict(found)
        time.sleep(_LOOK_S)
    raise Fault(
        Code.HUB_NOT_READY,
        _("the audit was asked for, and was not done within the time"),
        _("It will be done when there is a line; see serai status."),
    )


def _audit_here(desk: Any, wait_s: float) -> dict[str, Any]:
    import asyncio

    from clients.cli.administrator.service import audit_once
    from clients.cli.faults import no_line
    from clients.focalpoint import FocalPoint

    async def work() -> dict[str, Any]:
        async with FocalPoint.open(desk.store, desk.settings.hubs, **desk.holding) as point:
            try:
                async with asyncio.timeout(wait_s):
                    await point.wait_live()
            except TimeoutError:
                raise point.fault or no_line() from None
            return await audit_once(point)

    return asyncio.run(work())


def _lines(found: dict[str, Any]) -> list[str]:
    if found.get("error"):
        return [*field(_("Not done"), clean(found["error"]))]
    lines = [
        *field(_("Followed"), _("from {start} to {end}").format(start=found["start"], end=found["size"])),
        *field(_("Public"), str(found["public"])),
        *field(_("Own, found"), str(found["own"])),
        *field(_("Views"), str(found["views"])),
    ]
    faults = [line for fault in found["faults"] for line in field(_("FAULT"), clean(fault))]
    return [*lines, *(faults or [_("The ledger holds.")])]
