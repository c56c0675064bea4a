"""``serai show N``: everything about one dispatch on one screen."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from clients.cli.frame import Command, client_options
from clients.cli.numbers import NumberArgument
from clients.cli.texts import _, label_of
from clients.cli.ui import show
from schemas.labels import Kind, Relation

if TYPE_CHECKING:
    from clients.cli.desk import Desk
    from schemas.claims import Dispatch


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
    from clients.cli.desk import open_desk
    from clients.cli.officer.answering import find_dispatch
    from clients.cli.officer.dispatch_view import delivery_json, delivery_lines, sent_json, sent_lines
    from clients.inbox import status_of

    with open_desk(home, passphrase_fd) as desk:
        item = find_dispatch(desk, number)
        delivery = desk.delivery(item)
        if item.mine and not item.inbox:
            status = status_of(item.digest, desk.store)
            value, lines = sent_json(status, delivery.report), sent_lines(status, delivery.report)
        else:
            value, lines = delivery_json(delivery), delivery_lines(delivery)
        thread = _thread(desk, item.digest, delivery.cover)
        words = [_thread_line(number, delivery.cover, each) for each in thread]
        lines += [_("Thread:"), *(f"  {word}" for word in words)] if words else []
        show({**value, "thread": thread}, lines, as_json=as_json)


def _thread(desk: Desk, digest: str, cover: Dispatch | None) -> list[dict[str, Any]]:
    """What it refers to, and what refers to it, as far as it is in this store."""
    from clients.state import cover_of

    found = []
    for ref in (cover.refs or ()) if cover else ():
        item = desk.store.items.get(ref.digest)
        other = cover_of(item) if item else None
        if item is not None and other is not None:
            said = {"number": item.index, "rel": ref.rel, "kind": other.kind, "from": other.iss}
            found.append({**said, "by_this": True})
    for each in desk.store.references.to(digest):
        said = {"number": each.index, "rel": each.rel, "kind": each.kind, "from": each.iss}
        found.append({**said, "by_this": False})
    return found


def _thread_line(number: int, cover: Dispatch | None, other: dict[str, Any]) -> str:
    """``EX 10 425: Reply to EX 10 423 (Feedback, UZ/NFP)``; in brackets is the one that is not shown here."""
    from clients.cli.numbers import spell_number

    status = cover.status if cover else None
    places = (number, other["number"]) if other["by_this"] else (other["number"], number)
    source, target = ("?" if place is None else spell_number(place, status) for place in places)
    what = f"{label_of(Relation, other['rel'])} {target}"
    return f"{source}: {what} ({label_of(Kind, other['kind'])}, {other['from']})"
