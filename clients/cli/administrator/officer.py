"""``serai officer``: who acts for this member."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from clients.cli.frame import AddressType, Command, Group, choice, client_options, wait_option, yes_option
from clients.cli.texts import _, label_of
from clients.cli.ui import ask, field, wrap
from schemas.addresses import Address
from schemas.labels import RevocationReason


@click.group(cls=Group)
def officer() -> None:
    """Bring officers in, and let them go.

    An officer is a post, not a person: KZ/NFP/DUTY-2. Its credential is signed with this member's key.
    """


@officer.command(
    cls=Command,
    examples=(
        "serai officer add KZ/NFP/DUTY-1",
        "serai officer add KZ/NFP/DUTY-2 --request KZ-NFP-DUTY-2.request.jws",
    ),
)
@click.argument("address", type=AddressType(officer=True))
@click.option("--name", help="Name for people; that of the request, or the address, if nothing is said.")
@click.option("--role", "roles", multiple=True, help="Role or post; exchange and duty_officer if nothing is said.")
@click.option("--days", default=365, show_default=True, type=click.IntRange(1, 3660), help="How long it is valid.")
@click.option(
    "--request",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="The request of an officer who has a seat of its own; without it the key is made and kept here.",
)
@wait_option
@yes_option
@client_options
def add(address: Address, *, home: Path, passphrase_fd: int | None, **given: Any) -> None:
    """Certify the officer ADDRESS, or renew it."""
    from clients.cli.administrator.certifying import certify_here
    from clients.cli.desk import open_desk, tell_sent

    with open_desk(home, passphrase_fd) as desk:
        sent, value = certify_here(desk, address, given)
        done = _("{address} may act from place {place} on.").format(address=address, place="{place}")
        tell_sent(desk, sent, given["wait_s"], as_json=given["as_json"], done=done, value=value)


@officer.command(cls=Command, examples=("serai officer remove KZ/NFP/DUTY-1 --reason lost",))
@click.argument("address", type=AddressType(officer=True))
@click.option("--reason", type=choice(RevocationReason), default="ceased", show_default=True, help="Why.")
@wait_option
@yes_option
@client_options
def remove(address: Address, reason: Any, *, home: Path, passphrase_fd: int | None, **given: Any) -> None:
    """Revoke the officer ADDRESS: from then on nothing it signs is accepted, under any of its keys."""
    from clients.cli.administrator.certifying import revoke_here
    from clients.cli.desk import open_desk, tell_sent

    with open_desk(home, passphrase_fd) as desk:
        lines = [
            *field(_("Revoke"), address),
            *field(_("Because"), label_of(RevocationReason, reason)),
            wrap(_("What it has signed before stays as it is."), "  "),
        ]
        ask(lines, _("Revoke it?"), yes=given["yes"])
        *older, sent = revoke_here(desk, address, reason, given["wait_s"])
        done = _("{address} was revoked, place {place}.").format(address=address, place="{place}")
        value = {"address": address, "keys": 1 + len(older)}
        tell_sent(desk, sent, given["wait_s"], as_json=given["as_json"], done=done, value=value, before=older)
