"""``serai seat``: the name of this seat, and who acts at it."""

from __future__ import annotations

from pathlib import Path

import click

from clients.cli.frame import AddressType, Command, SeatName, home_option, json_option
from clients.cli.texts import _
from clients.cli.ui import field, show
from schemas.addresses import Address, member_of


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
    from clients.cli.faults import not_ours
    from clients.cli.home import Home, Settings

    place = Home(home)
    settings = place.read_settings()
    if officer is not None and member_of(officer) != settings.member:
        raise not_ours(officer, settings.member)
    changes = {"seat": name, "officer": officer}
    values = {**settings.model_dump(), **{key: value for key, value in changes.items() if value is not None}}
    changed = Settings.model_validate(values)
    if changed != settings:
        place.write_settings(changed)
    value = {"member": changed.member, "seat": changed.seat, "officer": changed.officer}
    lines = [*field(_("Seat"), changed.seat), *field(_("Member"), changed.member)]
    show(value, [*lines, *field(_("Officer"), changed.officer or _("as named"))], as_json=as_json)
