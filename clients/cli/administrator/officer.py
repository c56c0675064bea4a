"""``serai officer``: who acts for this member."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import click

from clients.cli.base import Command, LazyGroup, client_options, officer_passphrase_option, wait_option, yes_option
from clients.cli.types import AddressType, CodeChoice
from clients.cli.ui import ask
from clients.documents.plain import field, wrap
from clients.documents.texts import _, label_of
from schemas.addresses import Address
from schemas.labels import RevocationReason, Role


@click.group(cls=LazyGroup)
def officer() -> None:
    """Add and remove officers.

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
@click.option("--name", help="Name for people; that of the request, or the address, by default.")
@click.option(
    "--role",
    "roles",
    multiple=True,
    type=CodeChoice(Role),
    help="Role or post, may be repeated; exchange and duty_officer by default.",
)
@click.option("--days", default=365, show_default=True, type=click.IntRange(1, 3660), help="How long it is valid.")
@click.option(
    "--request",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="The request of an officer who has a seat of its own; without it the key is made and kept here.",
)
@wait_option
@yes_option
@officer_passphrase_option
@client_options
def add(
    address: Address,
    *,
    name: str | None,
    roles: tuple[str, ...],
    days: int,
    request: Path | None,
    wait_s: float,
    yes: bool,
    home: Path,
    passphrase_fd: int | None,
    as_json: bool,
) -> None:
    """Certify the officer ADDRESS, or renew it.

    The officer types a passphrase of his own, twice: nobody else can sign with the new key, not even somebody who opens
    the store. An officer who forgot the passphrase is renewed in the same way, and signs again what still waits.
    """
    from clients.actions.certifying import OfficerRequest, check_own_passphrase, prepare_grant, sign_grant
    from clients.cli.client import open_client, show_sent
    from clients.cli.passphrase import of_officer
    from clients.cli.signed_files import describe_grant, describe_request

    with open_client(home, passphrase_fd) as client:
        grant = prepare_grant(client, OfficerRequest(address, days, name, roles, request), wait_s)
        lines, question = describe_grant(grant.credential), _("Sign this?")
        if grant.made is None:
            lines = [*describe_request(grant.asked), *lines]
            question = _("Did you compare the fingerprint by telephone, and do you want to sign?")
        ask(lines, question, yes=yes)
        passphrase = None
        if grant.made is not None:
            passphrase = of_officer(address).new(partial(check_own_passphrase, client, address))
        sent = sign_grant(client, grant, passphrase)
        done = _("{address} may act from number {place} on.").format(address=address, place="{place}")
        value = {"address": address, "kid": grant.asked.kid, "exp": grant.credential.exp}
        show_sent(client, sent, wait_s, as_json=as_json, done=done, value=value)


@officer.command(cls=Command, examples=("serai officer remove KZ/NFP/DUTY-1 --reason lost",))
@click.argument("address", type=AddressType(officer=True))
@click.option("--reason", type=CodeChoice(RevocationReason), default="ceased", show_default=True, help="Why.")
@wait_option
@yes_option
@client_options
def remove(
    address: Address,
    *,
    reason: Any,
    wait_s: float,
    yes: bool,
    home: Path,
    passphrase_fd: int | None,
    as_json: bool,
) -> None:
    """Revoke the officer ADDRESS: from then on nothing it signs is accepted, under any of its keys."""
    from clients.actions.certifying import prepare_revocation, sign_revocations
    from clients.cli.client import open_client, show_sent

    with open_client(home, passphrase_fd) as client:
        revocation = prepare_revocation(client, address, reason, wait_s)
        lines = [
            *field(_("Revoke"), address),
            *field(_("Because"), label_of(RevocationReason, reason)),
            wrap(_("What it has signed before stays as it is."), "  "),
        ]
        if revocation.waiting:
            text = _("What it has signed and is not sent yet goes out first: {count}.")
            if not revocation.waits:
                text = _("What it has signed and is not sent yet will be refused, and comes back: {count}.")
            lines.append(wrap(text.format(count=revocation.waiting), "  "))
        ask(lines, _("Revoke it?"), yes=yes)
        *older, sent = sign_revocations(client, revocation)
        done = _("{address} was revoked, number {place}.").format(address=address, place="{place}")
        value = {"address": address, "keys": len(revocation.kids)}
        show_sent(client, sent, wait_s, as_json=as_json, done=done, value=value, before=older)
