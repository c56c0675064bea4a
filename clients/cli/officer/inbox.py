"""``serai inbox``: what came."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from clients.cli.frame import Command, client_options, wait_option
from clients.cli.texts import _
from clients.cli.ui import note, show


@click.command(
    cls=Command,
    examples=(
        "serai inbox",
        "serai inbox --open --limit 100",
    ),
)
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 10_000), help="At most so many.")
@click.option("--open", "unanswered", is_flag=True, help="Only what no officer has answered, and is not cancelled.")
@click.option("--fetch", is_flag=True, help="Hold the line first, until nothing more comes.")
@wait_option
@client_options
def inbox(
    *, limit: int, unanswered: bool, fetch: bool, wait_s: float, home: Path, passphrase_fd: int | None, as_json: bool
) -> None:
    """Show what came, the newest last, and how it was answered.

    The number is what officers say to each other; ! is urgent and unanswered, + acknowledged, - declined, x cancelled
    by its sender.
    """
    import asyncio

    from clients.cli.desk import open_desk
    from clients.cli.officer.dispatch_view import delivery_json, row

    with open_desk(home, passphrase_fd) as desk:
        if fetch and desk.holder is None:
            asyncio.run(desk.fetch(wait_s))
        elif desk.holder is None:
            note(_("Nobody holds the line: this is what came before. Start serai run, or use --fetch."))
        found = list(reversed(_newest(desk, limit, unanswered=unanswered)))
        lines = [row(each) for each in found]
        show({"dispatches": [delivery_json(each) for each in found]}, lines or [_("Nothing.")], as_json=as_json)


def _newest(desk: Any, limit: int, *, unanswered: bool) -> list[Any]:
    """The newest dispatches, newest first."""
    found: list[Any] = []
    before: int | None = None
    while len(found) < limit and (items := desk.store.items.inbox(100, before)):
        before = items[-1].seq
        deliveries = [desk.delivery(item) for item in items]
        found += [each for each in deliveries if not unanswered or _is_open(each)]
    return found[:limit]


def _is_open(delivery: Any) -> bool:
    return not (delivery.acknowledged or delivery.declined or delivery.marks.cancelled_by)
