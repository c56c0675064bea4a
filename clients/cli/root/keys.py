"""``serai root certify``, ``revoke`` and ``log``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from clients.cli.frame import AddressType, Command, Thumbprint, choice, home_option, json_option
from clients.cli.root.commands import root_options
from clients.cli.texts import _, label_of
from clients.cli.ui import ask, field, show, utc, wrap
from schemas.addresses import Address
from schemas.labels import RevocationReason


@click.command(cls=Command, examples=("serai root certify KZ-NFP.request.jws",))
@click.argument("request", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--role", "roles", multiple=True, help="What is granted; all that was asked for if nothing is said.")
@click.option("--days", default=730, show_default=True, type=click.IntRange(1, 3660), help="How long it is valid.")
@root_options
def certify(request: Path, roles: tuple[str, ...], days: int, *, home: Path, **given: Any) -> None:
    """Certify the member whose REQUEST file this is.

    Before you agree, telephone the member, at a number that you had before, and compare the fingerprint.
    """
    from clients.cli.home import Home, paper_name
    from clients.cli.papers import DAY_S, describe_grant, describe_request, now_ms, read_statement, stamp
    from clients.cli.root.folder import RootFolder
    from clients.root import check_enrolment, draft_credential, sign_credential
    from schemas.addresses import ROOT

    place = Home(home)
    folder = RootFolder(place.root)
    asked = check_enrolment(read_statement(request), folder.read_state()["network"])
    key = folder.unlock(given["passphrase_fd"])
    now_s = now_ms() // 1000
    dates = now_s - 3600, now_s + days * DAY_S
    credential = draft_credential(asked, ROOT, dates, roles or asked.claims.roles, stamp())
    lines = [*describe_request(asked), _("The root will sign:"), *describe_grant(credential)]
    ask(lines, _("Did you compare the fingerprint by telephone, and do you want to sign?"), yes=given["yes"])
    statement = sign_credential(credential, key)
    digest = folder.record(statement, describe_grant(credential))
    file = place.write_paper(paper_name(credential.sub, "credential"), statement)
    value = {"address": credential.sub, "file": str(file), "digest": digest, "kid": asked.kid, "exp": credential.exp}
    lines = [*field(_("Signed"), str(file)), wrap(_("Carry it to the hub: serai-hub admit FOLDER FILE"), "  ")]
    show(value, lines, as_json=given["as_json"])


@click.command(cls=Command, examples=("serai root revoke KZ/NFP --reason key_compromise",))
@click.argument("address", type=AddressType())
@click.option(
    "--kid", type=Thumbprint(), help="Thumbprint of the signing key; of the newest certified here if not said."
)
@click.option("--reason", type=choice(RevocationReason), default="ceased", show_default=True, help="Why.")
@root_options
def revoke(address: Address, kid: str | None, reason: Any, *, home: Path, **given: Any) -> None:
    """Revoke the key of ADDRESS, and with it what it certified."""
    from clients.cli.faults import Fault
    from clients.cli.home import Home, paper_name
    from clients.cli.papers import stamp
    from clients.cli.root.folder import RootFolder
    from clients.root import sign_revocation
    from schemas.addresses import ROOT
    from schemas.errors import Code
    from schemas.keys import Kid

    place = Home(home)
    folder = RootFolder(place.root)
    network = folder.read_state()["network"]
    target = kid or newest_kid(folder.signed(), address)
    if target is None:
        raise Fault(
            Code.NOT_FOUND,
            _("no key of {address} was certified here").format(address=address),
            _("Name it with --kid; serai directory --json shows it."),
        )
    key = folder.unlock(given["passphrase_fd"])
    lines = [
        _("The root will revoke, for ever:"),
        *field(_("Key of"), address),
        *field(_("Thumbprint"), target),
        *field(_("Because"), label_of(RevocationReason, reason)),
        wrap(_("Everything that this key certified ends with it. What is under way to it is not delivered."), "  "),
    ]
    ask(lines, _("Sign this?"), yes=given["yes"])
    statement = sign_revocation(key, ROOT, network, (address, Kid(target)), reason, stamp())
    digest = folder.record(statement, lines)
    file = place.write_paper(paper_name(address, "revoked"), statement)
    value = {"address": address, "kid": target, "file": str(file), "digest": digest}
    show(value, field(_("Signed"), str(file)), as_json=given["as_json"])


def newest_kid(signed: list[dict[str, Any]], address: Address) -> str | None:
    """Thumbprint of the newest key of an address that the log says was certified."""
    from clients.cli.statements import claims_in
    from schemas.claims import Credential
    from schemas.keys import VerifyKey

    for entry in reversed(signed):
        claims = claims_in(entry["statement"])
        if isinstance(claims, Credential) and claims.sub == address:
            return VerifyKey.from_jwk(claims.key.sig).kid
    return None


@click.command(cls=Command, examples=("serai root log",))
@home_option
@json_option
def log(*, home: Path, as_json: bool) -> None:
    """Show everything that this root has signed."""
    from clients.cli.home import Home
    from clients.cli.root.folder import RootFolder

    folder = RootFolder(Home(home).root)
    folder.read_state()
    signed = folder.signed()
    lines = [line for entry in signed for line in [f"{utc(entry['at_ms'])}  {entry['digest']}", *entry["said"], ""]]
    show({"signed": signed}, lines or [_("Nothing was signed yet.")], as_json=as_json)
