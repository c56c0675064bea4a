"""``serai show N``: everything about one dispatch on one screen."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from clients.cli.frame import Command, client_options
from clients.cli.numbers import NumberArgument
from clients.cli.texts import _, label_of
from clients.cli.ui import show
from schemas.labels import Kind, Relation


@click.command(
    cls=Command,
    examples=(
        "serai show 10423",
        "serai show EX 10 423",
    ),
    name="show",
)
@click.argument("number", cls=NumberArgument)
@client_options
def show_dispatch(number: int, *, home: Path, passphrase_fd: int | None, as_json: bool) -> None:
    """Show dispatch N: content, thread, marking, and for each recipient arrived, acknowledged by whom, silent since.

    N is its number in the ledger, as it is spoken.
    """
    from clients.cli.answering import find_dispatch
    from clients.cli.desk import open_desk
    from clients.cli.dispatch_view import delivery_json, delivery_lines, sent_json, sent_lines
    from clients.inbox import status_of

    with open_desk(home, passphrase_fd) as desk:
        item = find_dispatch(desk, number)
        delivery = desk.delivery(item)
        if item.mine and not item.inbox:
            status = status_of(item.digest, desk.store)
            value, lines = sent_json(status, delivery.report), sent_lines(status, delivery.report)
        else:
            value, lines = delivery_json(delivery), delivery_lines(delivery)
        related = _thread(desk, item.digest, delivery.cover)
        thread = [{"number": place, "rel": rel, "kind": kind, "from": sender} for place, rel, kind, sender in related]
        words = [
            f"{label_of(Relation, rel)} {place}: {label_of(Kind, kind)}, {who}" for place, rel, kind, who in related
        ]
        lines += [_("Thread:"), *(f"  {word}" for word in words)] if words else []
        show({**value, "thread": thread}, lines, as_json=as_json)


def _thread(desk: Any, digest: str, cover: Any) -> list[tuple[int | None, str, str, str]]:
    """What it refers to, and what refers to it, as far as it is in this store."""
    from clients.state import cover_of

    found: list[tuple[int | None, str, str, str]] = []
    for ref in (cover.refs or ()) if cover else ():
        item = desk.store.items.get(ref.digest)
        other = cover_of(item) if item else None
        if item is not None and other is not None:
            found.append((item.index, ref.rel, other.kind, other.iss))
    seen = set()
    for item in (*desk.store.items.inbox(1000), *desk.store.items.sent(1000)):
        other = cover_of(item)
        if other is None or item.digest in seen:
            continue
        seen.add(item.digest)
        found += [(item.index, ref.rel, other.kind, other.iss) for ref in other.refs or () if ref.digest == digest]
    return found
