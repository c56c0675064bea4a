"""``serai root``: what the root does, on a machine without a network."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Literal

import click

from clients.cli.frame import Command, F, Group, home_option, json_option, passphrase_option, yes_option
from clients.cli.texts import _
from clients.cli.ui import ask, field, show, wrap

_WHERE = "clients.cli.root"


def root_options(command: F) -> F:
    """What every command of the root has."""
    return home_option(passphrase_option(json_option(yes_option(command))))


@click.group(
    cls=Group,
    lazy={
        "certify": f"{_WHERE}.keys:certify",
        "revoke": f"{_WHERE}.keys:revoke",
        "epoch": f"{_WHERE}.epoch:epoch",
        "log": f"{_WHERE}.keys:log",
    },
)
def root() -> None:
    """Be the root of a network: certify and revoke, on a machine without a network.

    The root lives in the folder "root" of the client's folder (--home). Everything is shown in plain words before it
    is signed, and kept in a log.
    """


@root.command(cls=Command, examples=("serai root init caricc",))
@click.argument("name")
@root_options
def init(name: str, *, home: Path, passphrase_fd: int | None, as_json: bool, yes: bool) -> None:
    """Make the root of a network called NAME, and the root that will follow it.

    The second key, next-root.key, is needed when the first is lost or stolen: move it to another safe.
    """
    import re

    from clients.cli.home import Home
    from clients.cli.papers import fingerprint_lines
    from clients.cli.passphrase import ROOT, read_passphrase
    from clients.cli.root.folder import RootFolder
    from schemas.encoding import decode_base64url

    del yes
    if not re.fullmatch(r"[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])", name):
        raise click.BadParameter(_("a network's name is 2 to 32 of a-z 0-9 -"), param_hint="NAME")
    place = Home(home)
    folder = RootFolder(place.root)
    folder.refuse_existing()
    passphrase = read_passphrase(passphrase_fd, name=ROOT, new=True)
    place.make()
    first, following = folder.make(name, passphrase)
    network = f"{name}/{first.public.kid}"
    lines = [
        *field(_("Network"), network),
        _("Fingerprint of the root, to be read out to everybody who joins:"),
        *fingerprint_lines(decode_base64url(first.public.kid, 32)),
        *field(_("Next root"), str(folder.next_key)),
        wrap(_("Move it to another safe, and this folder to the first."), "  "),
    ]
    value = {"network": network, "root": first.public.kid, "next_root": following.public.kid}
    show({**value, "next_root_file": str(folder.next_key)}, lines, as_json=as_json)


@root.command(
    cls=Command,
    examples=(
        "serai-hub init /srv/serai --network caricc/... \\",
        "    --origin wss://hub.example > hub-keys.json",
        "serai root network hub-keys.json",
    ),
)
@click.argument("hub_keys", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--code", "codes", multiple=True, help="Code of an organisation, of 3 letters or more; CENTRE is there.")
@click.option("--exercise", is_flag=True, help="Nothing in this network is meant.")
@root_options
def network(hub_keys: Path, codes: tuple[str, ...], exercise: bool, *, home: Path, **given: Any) -> None:
    """Sign the network document: epoch 0, the first leaf of the ledger.

    HUB_KEYS is the file that serai-hub init printed. The result, network.jws, goes to the hub and to everybody who
    joins.
    """
    from clients.cli.faults import Fault
    from clients.cli.home import Home
    from clients.cli.papers import describe_network, network_json, stamp
    from clients.cli.root.folder import RootFolder
    from clients.root import make_document, sign_first_epoch
    from schemas.errors import Code
    from schemas.keys import Kid

    folder = RootFolder(Home(home).root)
    state = folder.read_state()
    if folder.epochs():
        raise Fault(
            Code.NOT_PERMITTED, _("epoch 0 was signed already"), _("A later one is signed with serai root epoch.")
        )
    keys = read_hub_keys(hub_keys)
    key = folder.open_key(given["passphrase_fd"])
    status: Literal["actual", "exercise"] = "exercise" if exercise else "actual"
    document = make_document(state["name"], key.public, Kid(state["next_root"]), keys, codes, status)
    lines = [_("The root will sign epoch 0:"), *describe_network(document, state["network"])]
    ask(lines, _("Sign this?"), yes=given["yes"])
    statement = sign_first_epoch(document, key, stamp())
    digest = folder.record(statement, lines)
    folder.add_epoch(statement)
    value = {**network_json(document, state["network"]), "file": str(folder.network), "digest": digest}
    show(value, field(_("Signed"), str(folder.network)), as_json=given["as_json"])


def read_hub_keys(path: Path) -> tuple[Any, Any]:
    """Ledger key and event key from what ``serai-hub init`` printed.

    Raises:
        SeraiError: ``malformed_key`` if that is something else.
    """
    from clients.cli.faults import Fault
    from schemas.errors import Code
    from schemas.keys import VerifyKey

    try:
        keys = json.loads(path.read_text())
        return VerifyKey.from_jwk(keys["ledger_key"]), VerifyKey.from_jwk(keys["event_key"])
    except (ValueError, KeyError, TypeError):
        raise Fault(
            Code.MALFORMED_KEY,
            _("{path} is not what serai-hub init prints").format(path=path),
            _("Is it the right file?"),
        ) from None
