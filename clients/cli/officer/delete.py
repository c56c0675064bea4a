"""``serai delete``: the text of one dispatch, deleted here by order."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from clients.cli.base import Command, as_option, client_options, yes_option
from clients.cli.deletions import deleted_json, deleted_lines
from clients.cli.types import SpokenArgument
from clients.cli.ui import ask, show
from clients.documents.texts import _
from schemas.addresses import Address

if TYPE_CHECKING:
    from clients.actions.numbers import SpokenNumber


@click.command(cls=Command, examples=('serai delete 10423 --reason "Order 17 of the city court, 3 March"',))
@click.argument("number", cls=SpokenArgument)
@click.option("--reason", required=True, metavar="TEXT", help="By whose order, and why; it is kept in the log.")
@as_option
@yes_option
@client_options
def delete(
    number: SpokenNumber,
    *,
    reason: str,
    officer: Address | None,
    yes: bool,
    home: Path,
    passphrase_fd: int | None,
    as_json: bool,
) -> None:
    """Delete the text of dispatch N here, for good, because the law or an order demands it.

    Its number, its place in the ledger and who answered it stay, and an entry in the log: serai retention show. It is
    not fetched again. The hub, its sender and its other recipients still have theirs.
    """
    from clients.actions.retention import check_deletable, delete_dispatch
    from clients.cli.client import open_client
    from clients.cli.officer.dispatch_view import delivery_lines

    with open_client(home, passphrase_fd) as client:
        found = check_deletable(client, number)
        ask(delivery_lines(found), _("Delete it here for good?"), yes=yes)
        deleted = delete_dispatch(client, number, reason, officer)
        show(deleted_json(deleted), deleted_lines(deleted), as_json=as_json)
