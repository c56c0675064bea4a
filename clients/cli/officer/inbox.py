"""``serai inbox``: what came."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from clients.cli.base import Command, client_options, wait_option
from clients.cli.ui import paint, show

MOST: Final = 10_000
"""The highest limit."""


@click.command(
    cls=Command,
    examples=(
        "serai inbox",
        "serai inbox --open --limit 100",
    ),
)
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, MOST), help="At most so many.")
@click.option("--open", "unanswered", is_flag=True, help="Only what no officer has answered, and is not cancelled.")
@click.option("--fetch", is_flag=True, help="Connect first, until nothing more comes.")
@wait_option
@client_options
def inbox(
    *, limit: int, unanswered: bool, fetch: bool, wait_s: float, home: Path, passphrase_fd: int | None, as_json: bool
) -> None:
    """Show what came, and how it was answered.

    What is urgent and waits for an officer stands first, flash above all; then everything else, the highest number
    first. The number is what officers say to each other; ! is urgent and unanswered, + acknowledged, - declined, x
    cancelled by its sender.
    """
    import asyncio

    from clients.actions.asof import read_as_of
    from clients.actions.lists import list_inbox
    from clients.cli.client import open_client
    from clients.cli.officer.dispatch_view import row
    from clients.documents.dispatches import delivery_json
    from clients.documents.handed import handed_text
    from clients.documents.lists import (
        as_of_json,
        as_of_text,
        left_out_json,
        left_out_lines,
        nothing_text,
    )
    from clients.documents.plain import wrap

    with open_client(home, passphrase_fd) as client:
        if fetch and client.holder is None:
            asyncio.run(client.fetch(wait_s))
        page, as_of = list_inbox(client, limit, unanswered=unanswered), read_as_of(client)
        lines = [row(each) for each in page.shown] or [nothing_text(as_of)]
        value = {"dispatches": [delivery_json(each) for each in page.shown], **left_out_json(page)}
        changed = client.store.handed.changed_count()
        lines += [paint(wrap(handed_text(changed)), bold=True)] if changed else []
        lines += [*left_out_lines(page, MOST), as_of_text(as_of)]
        show({**value, **as_of_json(as_of)}, lines, as_json=as_json)
