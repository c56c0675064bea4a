"""``serai directory``: who is in the network, as this client computed it from the ledger."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from clients.cli.base import Command, client_options
from clients.cli.ui import note, show
from clients.documents.directory import posts_of
from clients.documents.plain import calendar, clean
from clients.documents.texts import _, label

if TYPE_CHECKING:
    from clients.actions.directory import DirectoryEntry
    from schemas.reports.profile import ProfileReport


@click.command(cls=Command, name="directory", examples=("serai directory", "serai directory --officers --all"))
@click.option("--officers", is_flag=True, help="Officers too.")
@click.option("--all", "everybody", is_flag=True, help="Also who is no longer in force.")
@client_options
def directory(*, officers: bool, everybody: bool, home: Path, passphrase_fd: int | None, as_json: bool) -> None:
    """Show the members of the network, until when their keys are valid, and whom to call there.

    Nobody is believed for it: it is computed from the signed public statements in this client's store.
    """
    from dataclasses import asdict

    from clients.actions.directory import list_directory
    from clients.actions.profiles import stated_forms
    from clients.cli.client import open_client
    from clients.documents.profiles import contacts_json

    with open_client(home, passphrase_fd) as client:
        if not client.state.directory.epochs:
            note(_("Nothing has come from the hub yet."))
        entries = list_directory(client.state, officers=officers, everybody=everybody)
        stated = stated_forms(client, client.network_status)
        members = [asdict(entry) | {"contacts": contacts_json(stated.get(entry.address))} for entry in entries]
        lines = [line for entry in entries for line in (*_lines(entry), *_telephones(stated.get(entry.address)))]
        show({"size": client.state.place.index, "members": members}, lines, as_json=as_json)


def _lines(entry: DirectoryEntry) -> list[str]:
    """An address; beneath it, what is not a right: an officer's posts, and words that this program does not know."""
    until = calendar(entry.exp * 1000).strftime("%Y-%m-%d")
    line = f"{entry.address:<20} {label(entry.standing):<13} {until}  {clean(entry.name)[:32]}"
    posts = posts_of(entry)
    return [line, f"{'':20} {', '.join(posts)}"] if posts else [line]


def _telephones(profile: ProfileReport | None) -> list[str]:
    """Whom to call there, as its profile has it; nothing, where there is none."""
    from clients.documents.profiles import contact_lines

    return contact_lines(profile, " " * 21) if profile is not None else []
