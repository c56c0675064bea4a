"""``serai root certify``, ``revoke`` and ``log``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from clients.cli.base import Command, home_option, json_option
from clients.cli.root.commands import root_options
from clients.cli.types import AddressType, CodeChoice, Thumbprint
from clients.cli.ui import ask, show
from clients.documents.plain import field, utc, wrap
from clients.documents.texts import _, label_of
from schemas.addresses import Address
from schemas.labels import RevocationReason, Role


@click.command(cls=Command, examples=("serai root certify KZ-NFP.request.jws",))
@click.argument("request", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--role",
    "roles",
    multiple=True,
    type=CodeChoice(Role),
    help="What is granted; all that was asked for by default.",
)
@click.option("--days", default=730, show_default=True, type=click.IntRange(1, 3660), help="How long it is valid.")
@root_options
def certify(
    request: Path,
    roles: tuple[str, ...],
    *,
    days: int,
    home: Path,
    passphrase_fd: int | None,
    as_json: bool,
    yes: bool,
) -> None:
    """Certify the member whose REQUEST file this is.

    Before you agree, call the member by telephone, at a number that you had before, and compare the fingerprint.
    """
    from clients.actions.home import Home
    from clients.actions.root import draft_member, root_folder, sign_member
    from clients.actions.signed_files import read_statement
    from clients.cli.passphrase import of_root
    from clients.cli.signed_files import describe_grant, describe_request
    from schemas.enrolment import verify_request

    client_home = Home(home)
    folder = root_folder(client_home)
    asked = verify_request(read_statement(request), folder.read_state().network)
    key = of_root(passphrase_fd).open(lambda passphrase: folder.unlock(passphrase, folder.key))
    credential = draft_member(folder, asked, roles, days)
    grant = describe_grant(credential)
    lines = [*describe_request(asked), _("The root will sign:"), *grant]
    ask(lines, _("Did you compare the fingerprint by telephone, and do you want to sign?"), yes=yes)
    signed = sign_member(client_home, folder, key, credential, grant)
    value = {"address": credential.sub, "file": str(signed.path), "digest": signed.digests[0]}
    lines = [*field(_("Signed"), str(signed.path)), wrap(_("Carry it to the hub: serai-hub admit FOLDER FILE"), "  ")]
    show({**value, "kid": asked.kid, "exp": credential.exp}, lines, as_json=as_json)


@click.command(cls=Command, examples=("serai root revoke KZ/NFP --reason key_compromise",))
@click.argument("address", type=AddressType())
@click.option(
    "--kid", type=Thumbprint(), help="Thumbprint of one signing key; all that were certified here by default."
)
@click.option("--reason", type=CodeChoice(RevocationReason), default="ceased", show_default=True, help="Why.")
@root_options
def revoke(
    address: Address,
    kid: str | None,
    *,
    reason: Any,
    home: Path,
    passphrase_fd: int | None,
    as_json: bool,
    yes: bool,
) -> None:
    """Revoke the keys of ADDRESS, and with them what they certified.

    A key that was renewed is good for seven days more: all that were certified here and are in date are revoked, unless
    --kid names one.
    """
    from clients.actions.home import Home
    from clients.actions.root import keys_to_revoke, root_folder, sign_revocations
    from clients.cli.passphrase import of_root

    client_home = Home(home)
    folder = root_folder(client_home)
    folder.read_state()
    kids = keys_to_revoke(folder, address, kid)
    key = of_root(passphrase_fd).open(lambda passphrase: folder.unlock(passphrase, folder.key))
    lines = [
        _("The root will revoke, for ever:"),
        *field(_("Key of"), address),
        *[line for each in kids for line in field(_("Thumbprint"), each)],
        *field(_("Because"), label_of(RevocationReason, reason)),
        wrap(_("Everything that this key certified ends with it. What is under way to it is not delivered."), "  "),
    ]
    ask(lines, _("Sign this?"), yes=yes)
    signed = sign_revocations(client_home, folder, key, (address, kids), reason, lines)
    value = {"address": address, "kid": kids[0], "file": str(signed.path), "digest": signed.digests[0]}
    show({**value, "kids": kids, "digests": signed.digests}, field(_("Signed"), str(signed.path)), as_json=as_json)


@click.command(cls=Command, examples=("serai root log",))
@home_option
@json_option
def log(*, home: Path, as_json: bool) -> None:
    """Show everything that this root has signed."""
    from dataclasses import asdict

    from clients.actions.home import Home
    from clients.actions.root import root_folder

    folder = root_folder(Home(home))
    folder.read_state()
    signed = folder.signed()
    lines = [line for entry in signed for line in [f"{utc(entry.at_ms)}  {entry.digest}", *entry.said, ""]]
    value = {"signed": [asdict(entry) for entry in signed]}
    show(value, lines or [_("Nothing was signed yet.")], as_json=as_json)
