"""``serai operation list`` and ``show``: what is due, and one operation on one screen."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from clients.cli.base import Command, client_options, wait_option
from clients.cli.types import MomentType
from clients.cli.ui import paint, show

if TYPE_CHECKING:
    from clients.actions.client import Client
    from clients.documents.operations.view import PictureLine

_STYLES: Final[dict[str, dict[str, Any]]] = {
    "heading": {"bold": True},
    "red": {"fg": "red", "bold": True},
    "amber": {"fg": "magenta", "bold": True},
    "green": {"fg": "green", "bold": True},
    "marking": {"fg": "black", "bg": "yellow", "bold": True},
    "quiet": {"dim": True},
}

_FETCH: Final = click.option("--fetch", is_flag=True, help="Connect first, until nothing more comes.")


@click.command("list", cls=Command, examples=("serai operation list", "serai operation list --all"))
@click.option("--all", "with_closed", is_flag=True, help="Those that are closed, too.")
@_FETCH
@wait_option
@client_options
def list_all(
    *, with_closed: bool, fetch: bool, wait_s: float, home: Path, passphrase_fd: int | None, as_json: bool
) -> None:
    """List the operations that are open, the next clock first."""
    from clients.actions.asof import read_as_of
    from clients.actions.operations.overview import list_operations
    from clients.cli.client import open_client
    from clients.documents.lists import as_of_json, as_of_text, nothing_text
    from clients.documents.operations.list_text import row_line
    from clients.documents.operations.state_json import row_json
    from clients.documents.operations.viewing import view_of

    with open_client(home, passphrase_fd) as client:
        if fetch:
            _fetch(client, wait_s)
        views = [view_of(client, each.known) for each in list_operations(client, closed=with_closed)]
        true = read_as_of(client)
        lines = [painted(row_line(view)) for view in views] or [nothing_text(true)]
        rows = [row_json(view) for view in views]
        show({"operations": rows, **as_of_json(true)}, [*lines, as_of_text(true)], as_json=as_json)


@click.command(
    "show",
    cls=Command,
    examples=(
        "serai operation show TJ-CD-7",
        "serai operation show EX 10 423 --why",
        "serai operation show --at 14:05",
    ),
)
@click.argument("words", nargs=-1, metavar="[OPERATION]")
@click.option("--why", is_flag=True, help="Name the rules that each line follows from.")
@click.option("--at", "moment_ms", type=MomentType(), help="As of this time, in UTC; now by default.")
@_FETCH
@wait_option
@client_options
def show_operation(
    *,
    words: tuple[str, ...],
    why: bool,
    moment_ms: int | None,
    fetch: bool,
    wait_s: float,
    home: Path,
    passphrase_fd: int | None,
    as_json: bool,
) -> None:
    """Show an operation on one screen: what is wrong, whose move it is, by when, what may go on."""
    from clients.actions.asof import read_as_of
    from clients.actions.operations.known import read_operation
    from clients.cli.client import open_client
    from clients.cli.officer.operation.choosing import choose_operation
    from clients.documents.lists import as_of_json, as_of_text
    from clients.documents.operations.picture_text import picture_lines
    from clients.documents.operations.state_json import view_json
    from clients.documents.operations.viewing import view_of

    with open_client(home, passphrase_fd) as client:
        if fetch:
            _fetch(client, wait_s)
        known = read_operation(client, choose_operation(client, words), moment_ms)
        view, true = view_of(client, known, why=why), read_as_of(client)
        lines = [*(painted(line) for line in picture_lines(view)), as_of_text(true)]
        show({**view_json(view), **as_of_json(true)}, lines, as_json=as_json)


def _fetch(client: Client, wait_s: float) -> None:
    """Have what is at the hub, and its lists of steps, unless another process has the connection."""
    from clients.actions.operations.overview import read_lists

    if client.holder is None:
        asyncio.run(client.fetch(wait_s))
        read_lists(client, client.store.operations.all(), wait_s)


def painted(line: PictureLine) -> str:
    """A line of the picture in its colour, where colour is wanted."""
    style = _STYLES.get(line.weight.value)
    return line.text if style is None else paint(line.text, **style)
