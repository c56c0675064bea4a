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
    key = folder.open_key(given["passphrase_fd"])
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
    "--kid", type=Thumbprint(), help="Thumbprint of one signing key; all that were certified here if not said."
)
@click.option("--reason", type=choice(RevocationReason), default="ceased", show_default=True, help="Why.")
@root_options
def revoke(address: Address, kid: str | None, reason: Any, *, home: Path, **given: Any) -> None:
    """Revoke the keys of ADDRESS, and with them what they certified.

    A key that was renewed is good for seven days more: all that were certified here and are in date are revoked, unless
    --kid names one.
    """
    from clients.cli.faults import Fault
    from clients.cli.home import Home, paper_name
    from clients.cli.papers import now_ms, stamp
    from clients.cli.root.folder import RootFolder
    from clients.root import sign_revocation
    from schemas.addresses import ROOT
    from schemas.errors import Code
    from schemas.keys import Kid

    place = Home(home)
    folder = RootFolder(place.root)
    network = folder.read_state()["network"]
    targets = [kid] if kid else open_kids(folder.signed(), address, now_ms() // 1000)
    if not targets:
        raise Fault(
            Code.NOT_FOUND,
            _("no key of {address} was certified here").format(address=address),
            _("Name it with --kid; serai directory --json shows it."),
        )
    key = folder.open_key(given["passphrase_fd"])
    lines = [
        _("The root will revoke, for ever:"),
        *field(_("Key of"), address),
        *[line for each in targets for line in field(_("Thumbprint"), each)],
        *field(_("Because"), label_of(RevocationReason, reason)),
        wrap(_("Everything that this key certified ends with it. What is under way to it is not delivered."), "  "),
    ]
    ask(lines, _("Sign this?"), yes=given["yes"])
    texts = [sign_revocation(key, ROOT, network, (address, Kid(each)), reason, stamp()) for each in targets]
    digests = [folder.record(text, lines) for text in texts]
    file = place.write_paper(paper_name(address, "revoked"), "\n".join(texts))
    value: dict[str, Any] = {"address": address, "kid": targets[0], "file": str(file), "digest": digests[0]}
    value |= {"kids": targets, "digests": digests}
    show(value, field(_("Signed"), str(file)), as_json=given["as_json"])


def open_kids(signed: list[dict[str, Any]], address: Address, now_s: int) -> list[str]:
    """Thumbprints of the keys of an address that the log says were certified, newest first.

    Args:
        signed: the log, oldest first.
        address: whose.
        now_s: now, seconds since 1970 UTC; what is out of date, or revoked in the log, is left out.
    """
    from clients.cli.statements import claims_in
    from schemas.claims import Credential, Revocation
    from schemas.keys import VerifyKey

    said = [claims_in(entry["statement"]) for entry in reversed(signed)]
    revoked = {each.kid for each in said if isinstance(each, Revocation)}
    granted = [each for each in said if isinstance(each, Credential) and each.sub == address and now_s < each.exp]
    kids = dict.fromkeys(VerifyKey.from_jwk(each.key.sig).kid for each in granted)
    return [kid for kid in kids if kid not in revoked]


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
