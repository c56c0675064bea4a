"""``serai passphrase``: another passphrase, for an officer's key or for the store."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import click

from clients.cli.base import Command, as_option, client_options
from clients.cli.ui import note, show
from clients.documents.texts import _
from schemas.addresses import Address


@click.command(
    cls=Command, examples=("serai passphrase", "serai passphrase --as KZ/NFP/DUTY-2", "serai passphrase --store")
)
@click.option("--store", "of_all", is_flag=True, help="The passphrase of the store, which opens the mail here.")
@click.option("--new-passphrase-fd", type=int, metavar="N", help="Read the new passphrase from this file descriptor.")
@as_option
@client_options
def passphrase(
    *,
    of_all: bool,
    new_passphrase_fd: int | None,
    officer: Address | None,
    home: Path,
    passphrase_fd: int | None,
    as_json: bool,
) -> None:
    """Change an officer's own passphrase, or with --store that of the store.

    An officer's passphrase opens the officer's signing key and nothing else; that of the store opens what came and
    what was sent. Copies that were made before, and backups, still open with the old one.
    """
    from clients.actions.passphrases import change_officer_passphrase, change_store_passphrase, check_new_passphrase
    from clients.cli.client import open_client
    from clients.cli.passphrase import of_new

    if of_all and officer is not None:
        raise click.UsageError(_("--store and --as exclude each other"))
    with open_client(home, passphrase_fd) as client:
        whose = None if of_all or not client.store.keys.signing else client.officer(officer)
        if whose is not None:
            client.unlock(whose)
        fresh = of_new(new_passphrase_fd, whose).new(partial(check_new_passphrase, client, whose))
        if whose is not None:
            change_officer_passphrase(client, whose, fresh)
            text = _("{officer} has another passphrase.").format(officer=whose)
        else:
            change_store_passphrase(client, fresh)
            text = _("The store has another passphrase.")
        show({"officer": whose}, [text], as_json=as_json)
        note(_("Backups that were made before still open with the old one: make a new one, and destroy them."))
        if whose is None and client.holder is not None:
            note(
                _("{what} goes on as it is; it needs the new one when it is started again.").format(
                    what=client.holder.what
                )
            )
