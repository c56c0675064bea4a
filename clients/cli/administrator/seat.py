"""``serai seat``: the name of this seat, and who acts at it."""

from __future__ import annotations

from pathlib import Path

import click

from clients.cli.base import Command, home_option, json_option
from clients.cli.types import AddressType, SeatName
from clients.cli.ui import show
from clients.documents.plain import field
from clients.documents.texts import _
from schemas.addresses import Address


@click.command(cls=Command, examples=("serai seat duty-room --as KZ/NFP/DUTY-1",))
@click.argument("name", type=SeatName(), required=False)
@click.option("--as", "officer", type=AddressType(officer=True), help="The officer who acts here if nobody is named.")
@home_option
@json_option
def seat(name: str | None, officer: Address | None, *, home: Path, as_json: bool) -> None:
    """Show the name of this seat, or call it NAME.

    Each machine that serves the same mailbox needs a name of its own: a newer session of the same seat replaces the
    older one. It takes effect when serai run is started anew.
    """
    from clients.actions.home import Home
    from clients.actions.seat import change_seat

    changed = change_seat(Home(home), name, officer)
    value = {"member": changed.member, "seat": changed.seat, "officer": changed.officer}
    lines = [*field(_("Seat"), changed.seat), *field(_("Member"), changed.member)]
    show(value, [*lines, *field(_("Officer"), changed.officer or _("as named"))], as_json=as_json)
