"""``serai time``: the hub's time and this machine's clock, and a person's word for which is right."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from clients.cli.base import Command, client_options
from clients.cli.types import ClockTime
from clients.cli.ui import FAILED, show
from clients.documents.plain import calendar, field, wrap
from clients.documents.texts import _

if TYPE_CHECKING:
    from clients.actions.clock import ClockState


@click.command(cls=Command, examples=("serai time", "serai time --confirm 2026-12-01T03:00"))
@click.option("--confirm", "said_ms", type=ClockTime(), help="What another clock says, in UTC.")
@client_options
def time(*, said_ms: int | None, home: Path, passphrase_fd: int | None, as_json: bool) -> None:
    """Compare this machine's clock with the hub's.

    A difference of up to a day is corrected without asking. Beyond that nothing is corrected and there is no
    connection before a person has looked at a third clock, a telephone or a wall. If this machine is wrong, set its
    clock. If you may not, say what the other clock says with --confirm: then the hub's time is used. Exit status 1
    while a person must look.
    """
    from clients.actions.clock import compare_clocks, confirm_time
    from clients.cli.client import open_client

    with open_client(home, passphrase_fd) as client:
        found = compare_clocks(client) if said_ms is None else confirm_time(client, said_ms)
    value = {
        "machine_ms": found.machine_ms,
        "hub_ms": found.hub_ms,
        "confirmed_ms": found.confirmed_ms,
        "corrected": found.is_corrected,
    }
    show(value, _lines(found), as_json=as_json)
    if not found.is_corrected:
        sys.exit(FAILED)


def _lines(found: ClockState) -> list[str]:
    lines = field(_("This machine"), _second(found.machine_ms))
    if found.hub_ms is None:
        return [*lines, *field(_("Hub"), _("tells no time, or is not reached: see serai doctor"))]
    lines = [*lines, *field(_("Hub"), _second(found.hub_ms))]
    if found.is_corrected:
        return [*lines, wrap(_("The hub's time is used."), "")]
    text = _(
        "They differ by more than a day. Look at another clock. If this machine is wrong, set it; if you may not, say "
        "what the other clock says: serai time --confirm. If this machine is right, tell the hub's operator."
    )
    return [*lines, wrap(text, "")]


def _second(time_ms: int) -> str:
    return calendar(time_ms).strftime("%Y-%m-%d %H:%M:%S UTC")
