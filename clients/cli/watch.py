"""``serai watch``: what comes, as it comes."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import click

from clients.cli.frame import Command, client_options
from clients.cli.texts import _
from clients.cli.ui import note

_LOOK_S = 0.2


@click.command(cls=Command)
@click.option(
    "--recent", default=10, show_default=True, type=click.IntRange(0, 1000), help="Begin with so many that came before."
)
@click.option("--count", type=click.IntRange(1), help="End after so many new ones.")
@client_options
def watch(*, recent: int, count: int | None, home: Path, passphrase_fd: int | None, as_json: bool) -> None:
    """Show what comes, as it comes; serai run must hold the line.

    Each dispatch is one line, as in serai inbox; with --json, one object a line. End with Ctrl-C.
    """
    from clients.cli.desk import open_desk

    with open_desk(home, passphrase_fd) as desk:
        if desk.holder is None:
            note(_("Nobody holds the line: nothing will come. Start serai run."))
        _follow(desk, recent, count, as_json=as_json)


def _follow(desk: Any, recent: int, count: int | None, *, as_json: bool) -> None:
    items = list(reversed(desk.store.items.inbox(recent))) if recent else []
    newest = desk.store.items.inbox(1)
    seq = newest[0].seq if newest else 0
    for item in items:
        _show(desk, item, as_json=as_json)
    shown = 0
    version = desk.store.version
    while count is None or shown < count:
        for item in reversed([each for each in desk.store.items.inbox(200) if each.seq > seq]):
            _show(desk, item, as_json=as_json)
            seq, shown = item.seq, shown + 1
            if shown == count:
                return
        while desk.store.version == version:
            time.sleep(_LOOK_S)
        version = desk.store.version


def _show(desk: Any, item: Any, *, as_json: bool) -> None:
    import json

    from clients.cli.dispatch_view import delivery_json, row

    delivery = desk.delivery(item)
    click.echo(json.dumps(delivery_json(delivery), ensure_ascii=False) if as_json else row(delivery))
