"""``serai root epoch``: the ledger goes on after a restore, or under other keys."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from clients.cli.frame import Command
from clients.cli.root.commands import read_hub_keys, root_options
from clients.cli.texts import _
from clients.cli.ui import ask, field, show, wrap


@click.command(
    cls=Command,
    examples=(
        "serai-hub restore /srv/serai /backup > need.json",
        "serai root epoch need.json",
    ),
)
@click.argument("need", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--hub-keys", type=click.Path(path_type=Path, exists=True), help="New keys of the hub, as it printed them."
)
@click.option(
    "--next-root", "succeed", is_flag=True, help="The next root takes over; another one is made to follow it."
)
@root_options
def epoch(need: Path, hub_keys: Path | None, *, succeed: bool, home: Path, **given: Any) -> None:
    """Sign the next epoch, so that a restored hub may go on.

    NEED is the file that serai-hub restore printed: it says at which place, and over which root hash. Ask the members
    for the newest checkpoint that they hold before you sign: what lies beyond the place is dropped from the ledger.
    """
    import secrets

    from clients.cli.home import Home
    from clients.cli.papers import describe_network, stamp
    from clients.cli.passphrase import ROOT, read_passphrase
    from clients.cli.root.folder import RootFolder
    from clients.root import make_document, sign_later_epoch
    from schemas.encoding import decode_digest
    from schemas.keys import Kid, SigningKey, VerifyKey

    folder = RootFolder(Home(home).root)
    state, wanted, epochs = folder.read_state(), _read_need(need), folder.epochs()
    old = _document_before(wanted["epoch"], epochs, folder.network)
    passphrase = read_passphrase(given["passphrase_fd"], name=ROOT)
    key = folder.unlock(passphrase, folder.next_key if succeed else folder.key)
    fresh = SigningKey.from_seed(secrets.token_bytes(32)) if succeed else None
    same = VerifyKey.from_jwk(old.ledger_key), VerifyKey.from_jwk(old.event_key)
    keys = read_hub_keys(hub_keys) if hub_keys else same
    following = fresh.public.kid if fresh else state["next_root"]
    document = make_document(old.name, key.public, Kid(following), keys, old.codes, old.status)
    at, last = (wanted["index"], decode_digest(wanted["root"])), wanted["last"]
    statement = sign_later_epoch(epochs[-1], document, key, at, last, stamp())
    lines = [
        _("The root will sign epoch {number}:").format(number=wanted["epoch"]),
        *field(_("Goes on from"), str(wanted["index"])),
        *field(_("Root hash"), wanted["root"]),
        wrap(_("What stands in the ledger from there on is dropped; members offer again what they hold."), "  "),
        *describe_network(document, state["network"]),
    ]
    ask(lines, _("Sign this?"), yes=given["yes"])
    digest = folder.record(statement, lines)
    if fresh is not None:
        folder.succeed(fresh, passphrase)
    folder.add_epoch(statement)
    folder.write_state({**state, "next_root": following})
    file = Home(home).write_paper(f"epoch-{wanted['epoch']}.jws", statement)
    show(
        {"epoch": wanted["epoch"], "file": str(file), "digest": digest},
        [*field(_("Signed"), str(file)), *field("", str(folder.network))],
        as_json=given["as_json"],
    )


def _document_before(wanted: int, epochs: list[str], network: Path) -> Any:
    """The document in force before the epoch that is wanted, which must be the one that comes next here.

    Raises:
        SeraiError: ``not_found`` if no epoch was signed yet; ``wrong_epoch``, for what is shown must be what is signed.
    """
    from clients.cli.faults import Fault
    from clients.cli.statements import claims_in
    from schemas.claims import Epoch
    from schemas.errors import Code

    claims = claims_in(epochs[-1]) if epochs else None
    if not isinstance(claims, Epoch):
        raise Fault(Code.NOT_FOUND, _("no epoch was signed here yet"), _("Begin with serai root network."))
    if wanted != len(epochs):
        text = _("the hub needs epoch {wanted}, and epoch {following} comes next here")
        hint = _("Is it the right file? What never reached the hub is undone by removing its line from {path}.")
        told = text.format(wanted=wanted, following=len(epochs))
        raise Fault(Code.WRONG_EPOCH, told, hint.format(path=network))
    return claims.network


def _read_need(path: Path) -> dict[str, Any]:
    """What must be signed.

    Raises:
        SeraiError: ``malformed_json`` if the file says something else.
    """
    from clients.cli.faults import Fault
    from schemas.errors import Code

    try:
        value = json.loads(path.read_text().splitlines()[0])
        need = value.get("needs_epoch", value)
        return {"epoch": int(need["epoch"]), "index": int(need["index"]), "root": need["root"], "last": need["last"]}
    except (ValueError, KeyError, TypeError, AttributeError, IndexError):
        raise Fault(
            Code.MALFORMED_JSON,
            _("{path} is not what serai-hub restore prints").format(path=path),
            _("Is it the right file?"),
        ) from None
