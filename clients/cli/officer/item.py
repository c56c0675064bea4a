"""``serai item``: one thing that was queued: its text, and what becomes of it where it came back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from clients.cli.base import Command, LazyGroup, as_option, client_options, wait_option, yes_option
from clients.cli.types import AddressType
from clients.cli.ui import ask, show
from clients.documents.texts import _
from schemas.addresses import Address


@click.group(cls=LazyGroup)
def item() -> None:
    """Look at what was queued; send again, or discard, what came back.

    The number of an item is not the number of a dispatch: serai sent names it.
    """


@item.command(cls=Command, name="show", examples=("serai item show 7",))
@click.argument("number", type=click.IntRange(1))
@client_options
def show_item(number: int, *, home: Path, passphrase_fd: int | None, as_json: bool) -> None:
    """Show item NUMBER: what it says, to whom, how it stands, and why it came back."""
    from clients.actions.returned import find_item
    from clients.cli.client import open_client
    from clients.cli.officer.item_view import item_lines
    from clients.documents.items import item_json

    with open_client(home, passphrase_fd) as client:
        found = find_item(client, number)
        show(item_json(found), item_lines(client, found), as_json=as_json)


@item.command(cls=Command, examples=("serai item resend 7", "serai item resend 7 --to UZ/NFP --as KZ/NFP/DUTY-2"))
@click.argument("number", type=click.IntRange(1))
@click.option(
    "--to",
    "to",
    multiple=True,
    type=AddressType(officer=False),
    metavar="MEMBER",
    help="Other recipients than it had. May be repeated.",
)
@as_option
@wait_option
@yes_option
@client_options
def resend(
    number: int,
    *,
    to: tuple[Address, ...],
    officer: Address | None,
    wait_s: float,
    yes: bool,
    home: Path,
    passphrase_fd: int | None,
    as_json: bool,
) -> None:
    """Send again what came back as item NUMBER, after you have looked at it.

    It is sealed and signed anew, to those of its recipients who can be written to now.
    """
    from clients.actions.returned import prepare_again, send_again
    from clients.cli.client import open_client, show_sent
    from clients.cli.officer.item_view import again_lines

    with open_client(home, passphrase_fd) as client:
        again = prepare_again(client, number, to, officer)
        ask(again_lines(client, again), _("Send it again?"), yes=yes)
        sent = send_again(client, again)
        done = _("Sent again as {place}; accepted by the hub.")
        value: dict[str, Any] = {"again": number, "left_out": list(again.left_out)}
        show_sent(client, sent, wait_s, as_json=as_json, done=done, value=value)


@item.command(cls=Command, examples=('serai item discard 7 --reason "Told by telephone"',))
@click.argument("number", type=click.IntRange(1))
@click.option("--reason", required=True, metavar="TEXT", help="Why it is not sent; it is kept.")
@as_option
@yes_option
@client_options
def discard(
    number: int,
    *,
    reason: str,
    officer: Address | None,
    yes: bool,
    home: Path,
    passphrase_fd: int | None,
    as_json: bool,
) -> None:
    """Let be what came back as item NUMBER: it is not sent, and rings no more.

    It stays in the store, with who decided that, when and why.
    """
    from clients.actions.returned import discard as let_be
    from clients.actions.returned import find_returned
    from clients.cli.client import open_client
    from clients.cli.officer.item_view import item_lines
    from clients.documents.items import item_json

    with open_client(home, passphrase_fd) as client:
        ask(item_lines(client, find_returned(client, number)), _("Discard it?"), yes=yes)
        found = let_be(client, number, reason, officer)
        show(item_json(found), [_("Item {number} is discarded.").format(number=number)], as_json=as_json)
