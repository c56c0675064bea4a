"""``serai status``: how this client stands, at a glance."""

from __future__ import annotations

from pathlib import Path

import click

from clients.cli.base import Command, client_options
from clients.cli.ui import named_lines, show


@click.command(cls=Command, examples=("serai status", "serai status --json"))
@client_options
def status(*, home: Path, passphrase_fd: int | None, as_json: bool) -> None:
    """Show whether the client is connected, what waits to be sent, and what waits for an officer."""
    from clients.actions.status import read_status
    from clients.cli.client import open_client
    from clients.documents.status import client_status_json, client_status_texts

    with open_client(home, passphrase_fd) as client:
        found = read_status(client)
    show(client_status_json(found), named_lines(client_status_texts(found)), as_json=as_json)
