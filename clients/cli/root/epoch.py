"""``serai root epoch``: the ledger goes on after a restore, or under other keys."""

from __future__ import annotations

from pathlib import Path

import click

from clients.cli.base import Command
from clients.cli.root.commands import bounds_option, keep_days_option, read_bounds, root_options
from clients.cli.ui import ask, show
from clients.documents.plain import field, wrap
from clients.documents.texts import _
from schemas.claims import KeepDays


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
@bounds_option
@keep_days_option
@root_options
def epoch(
    need: Path,
    hub_keys: Path | None,
    *,
    succeed: bool,
    bounds: tuple[int, int] | None,
    keep_days: KeepDays | None,
    home: Path,
    passphrase_fd: int | None,
    as_json: bool,
    yes: bool,
) -> None:
    """Sign the next epoch, so that a restored hub may go on.

    NEED is the file that serai-hub restore printed: it says at which number of the ledger, and over which root hash.
    Ask the members for the newest checkpoint that they have before you sign: what lies beyond that number is dropped
    from the ledger.
    """
    from clients.actions.home import Home
    from clients.actions.root import (
        EpochDraft,
        document_before,
        draft_epoch,
        read_hub_keys,
        read_need,
        root_folder,
        sign_epoch,
    )
    from clients.cli.passphrase import of_root
    from clients.cli.signed_files import describe_network

    client_home = Home(home)
    folder = root_folder(client_home)
    state, wanted = folder.read_state(), read_need(need)
    old = document_before(folder, wanted)
    keys = read_hub_keys(hub_keys) if hub_keys else None
    more = {"succeed": succeed, "bounds": read_bounds(bounds), "keep_days": keep_days}

    def unlock(passphrase: str) -> tuple[str, EpochDraft]:
        return passphrase, draft_epoch(folder, wanted, old, passphrase, keys, **more)  # type: ignore[arg-type]

    passphrase, draft = of_root(passphrase_fd).open(unlock)
    lines = [
        _("The root will sign epoch {number}:").format(number=wanted.epoch),
        *field(_("Goes on from"), str(wanted.index)),
        *field(_("Root hash"), wanted.root),
        wrap(_("What stands in the ledger from there on is dropped; members offer again what they have."), "  "),
        *describe_network(draft.document, state.network),
    ]
    ask(lines, _("Sign this?"), yes=yes)
    signed = sign_epoch(client_home, folder, draft, passphrase, lines)
    show(
        {"epoch": wanted.epoch, "file": str(signed.path), "digest": signed.digests[0]},
        [*field(_("Signed"), str(signed.path)), *field("", str(folder.network))],
        as_json=as_json,
    )
