"""``serai watch``: what comes, as it comes."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from clients.cli.frame import Command, client_options
from clients.cli.texts import _
from clients.cli.ui import json_line, note

if TYPE_CHECKING:
    from clients.cli.desk import Desk
    from clients.store import StoredItem

_LOOK_S: Final = 0.2
_PAGE: Final = 200


@click.command(cls=Command, examples=("serai watch", "serai watch --lines --recent 100"))
@click.option(
    "--recent", default=10, show_default=True, type=click.IntRange(0, 1000), help="Begin with so many that came before."
)
@click.option("--count", type=click.IntRange(1), help="End after so many new ones.")
@click.option("--bell/--no-bell", default=True, show_default=True, help="Ring the terminal as long as something waits.")
@click.option("--lines", "as_lines", is_flag=True, help="One line for each, also at a terminal.")
@client_options
def watch(
    *,
    recent: int,
    count: int | None,
    bell: bool,
    as_lines: bool,
    home: Path,
    passphrase_fd: int | None,
    as_json: bool,
) -> None:
    """Show what comes, as it comes; serai run must hold the line.

    At a terminal it is a live screen: how the line is, what is urgent and waits for an officer, then everything else,
    the newest first. It rings until an officer has answered; q ends it. Elsewhere, or with --lines or --count, each
    dispatch is one line, as in serai inbox; with --json, one object a line. End with Ctrl-C.
    """
    from clients.cli.desk import open_desk
    from clients.cli.officer.screen import may_draw
    from clients.cli.officer.watching import watch_live

    with open_desk(home, passphrase_fd) as desk:
        if may_draw() and not (as_lines or as_json or count):
            watch_live(desk, bell=bell)
            return
        if desk.holder is None:
            note(_("Nobody holds the line: nothing will come. Start serai run."))
        try:
            _follow(desk, recent, count, as_json=as_json)
        except KeyboardInterrupt:
            return


def _follow(desk: Desk, recent: int, count: int | None, *, as_json: bool) -> None:
    newest = desk.store.items.inbox(1)
    seq = newest[0].seq if newest else 0
    for item in reversed(desk.store.items.inbox(recent, seq + 1)) if recent else []:
        _show(desk, item, as_json=as_json)
    shown = 0
    version = desk.store.version
    while count is None or shown < count:
        for item in _after(desk, seq):
            _show(desk, item, as_json=as_json)
            seq, shown = item.seq, shown + 1
            if shown == count:
                return
        while desk.store.version == version:
            time.sleep(_LOOK_S)
        version = desk.store.version


def _after(desk: Desk, seq: int) -> Iterator[StoredItem]:
    """What came after something, oldest first."""
    found: list[StoredItem] = []
    before = None
    while items := [item for item in desk.store.items.inbox(_PAGE, before) if item.seq > seq]:
        found += items
        before = items[-1].seq
    return reversed(found)


def _show(desk: Desk, item: StoredItem, *, as_json: bool) -> None:
    from clients.cli.officer.dispatch_view import delivery_json, row

    delivery = desk.delivery(item)
    click.echo(json_line(delivery_json(delivery)) if as_json else row(delivery))
