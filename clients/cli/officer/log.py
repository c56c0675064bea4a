"""``serai log``: what was printed, exported and passed on from here."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from clients.cli.base import Command, client_options
from clients.cli.types import SpokenArgument
from clients.cli.ui import paint, show
from clients.documents.plain import clean, utc, wrap
from clients.documents.texts import _, label_of, plural

if TYPE_CHECKING:
    from clients.actions.client import Client
    from clients.actions.numbers import SpokenNumber
    from clients.store import HandedOut


@click.command(cls=Command, examples=("serai log", "serai log 10423"))
@click.argument("number", cls=SpokenArgument, required=False)
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True, help="At most so many.")
@client_options
def log(number: SpokenNumber | None, *, limit: int, home: Path, passphrase_fd: int | None, as_json: bool) -> None:
    """Show what was printed, exported and passed on from here: who, when, as what, and by whose permission.

    What its provider has cancelled or corrected since stands first, until it was shown here: tell whoever has it. An
    entry stays when the text is deleted.
    """
    from clients.actions.handing import list_handed
    from clients.cli.client import open_client
    from clients.store.handed import HandedState

    with open_client(home, passphrase_fd) as client:
        item = client.store.items.at(number.index) if number else None
        digest = (item.digest if item is not None else "") if number else None
        found = list_handed(client, limit, digest)
        lines: list[str] = []
        for each in found.shown:
            text = f"{_spell(each):>12}  {wrap(_text(client, each), ' ' * 14).lstrip()}"
            lines.append(paint(text, bold=True) if each.state is HandedState.CHANGED else text)
        lines = lines or [_("Nothing was printed, exported or passed on.")]
        if found.left:
            lines.append(plural("and {count} more; see --limit", "and {count} more; see --limit", found.left))
        show({"log": [_json(client, each) for each in found.shown], "left": found.left}, lines, as_json=as_json)


def _spell(each: HandedOut) -> str:
    from clients.actions.numbers import spell_number

    return spell_number(each.number, each.status) if each.number is not None else "?"


def _text(client: Client, each: HandedOut) -> str:
    from clients.actions.handing import HandedWay
    from schemas.rules.handling import Use

    form = f" ({each.form})" if each.way == HandedWay.EXPORT.value else ""  # of other ways there is one form only
    words = f"{utc(each.at_ms)}  {label_of(HandedWay, each.way)}{form}, {each.by}"
    if each.to:
        words += " " + _("to {members}").format(members=", ".join(each.to))
    words += f"; {label_of(Use, each.use)}"
    if each.permission:
        words += "; " + _("permitted: {words}").format(words=clean(each.permission))
    if each.changed_by:
        words += "; " + _("CHANGED SINCE by {numbers}: tell whoever has it").format(
            numbers=", ".join(_numbers(client, each))
        )
    return words


def _numbers(client: Client, each: HandedOut) -> Sequence[str]:
    from clients.actions.numbers import spell_number

    places = [client.store.items.place_of(digest) for digest in each.changed_by]
    return ["?" if place is None else spell_number(place, each.status) for place in places]


def _json(client: Client, each: HandedOut) -> dict[str, Any]:
    return {
        "number": each.number,
        "digest": each.digest,
        "status": each.status,
        "at_ms": each.at_ms,
        "by": each.by,
        "way": each.way,
        "form": each.form,
        "use": each.use,
        "permission": each.permission,
        "to": list(each.to),
        "changed_by": list(_numbers(client, each)),
        "state": each.state.value,
    }
