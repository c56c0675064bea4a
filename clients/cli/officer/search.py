"""``serai search``: what came and what was sent, by its words and by its cover."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import click

from clients.cli.base import Command, client_options
from clients.cli.types import AddressType, KindType, MomentType
from clients.cli.ui import show
from clients.documents.texts import _

MOST: Final = 10_000
"""The highest limit."""


class _CountryType(click.ParamType[str]):
    """A country, by its code or its name in English or Russian."""

    name = "country"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Its code."""
        from schemas.reports.countries import COUNTRIES, find_country

        found = value.upper() if value.upper() in COUNTRIES else find_country(value)
        if found is None:
            self.fail(_("a country is due: KZ, or its name"), param, ctx)
        return found


@click.command(
    cls=Command,
    examples=(
        "serai search lorry korday",
        'serai search "false floor" --from KZ/NFP --since 2026-11-01',
        "serai search --drug heroin --country KZ --unacknowledged",
    ),
)
@click.argument("words", nargs=-1, metavar="[WORDS]...")
@click.option("--from", "senders", multiple=True, type=AddressType(), help="Only of this member or officer.")
@click.option("--to", "recipients", multiple=True, type=AddressType(officer=False), help="Only to this member.")
@click.option(
    "--kind", "kinds", type=KindType(), multiple=True, help="Only this kind (another word lists them); may be repeated."
)
@click.option("--drug", "drugs", multiple=True, help="Only with this drug: a group, or a part of its name.")
@click.option("--country", "countries", multiple=True, type=_CountryType(), help="Only what names this country.")
@click.option("--since", "since_ms", type=MomentType(), metavar="TIME", help="What was accepted then or later.")
@click.option(
    "--until", "until_ms", type=MomentType(end=True), metavar="TIME", help="What was accepted before; a day counts."
)
@click.option("--exercise", "status", flag_value="exercise", help="Only exercises.")
@click.option("--actual", "status", flag_value="actual", help="Only what is real.")
@click.option("--unacknowledged", is_flag=True, help="Only what waits: for our officer, or for one of a recipient's.")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, MOST), help="At most so many.")
@client_options
def search(
    *,
    words: tuple[str, ...],
    limit: int,
    home: Path,
    passphrase_fd: int | None,
    as_json: bool,
    **filters: Any,
) -> None:
    """Find what came or was sent.

    What is urgent and waits for an officer stands first, then everything else, the highest number first.
    Every word must stand in the content, in any case; put a phrase into quotes. Codes are found by their labels too, in
    English and Russian. In the list > is what we sent, and to whom.
    """
    from clients.actions.asof import read_as_of
    from clients.actions.searching import Query, find
    from clients.cli.client import open_client
    from clients.cli.officer.dispatch_view import row, sent_row
    from clients.documents.dispatches import delivery_json
    from clients.documents.lists import as_of_json, as_of_text, left_out_json, left_out_lines, nothing_text

    bounds = {name: filters.pop(name) for name in ("since_ms", "until_ms")}
    query = Query(words, **filters, **{name: bound for name, bound in bounds.items() if bound is not None})
    with open_client(home, passphrase_fd) as client:
        found = find(client.store, query, limit)
        lines, dispatches = [], []
        for item in found.page.shown:
            delivery = client.delivery(item)
            lines.append(sent_row(delivery) if item.sent_by_us else row(delivery))
            dispatches.append({**delivery_json(delivery), "direction": "sent" if item.sent_by_us else "received"})
        counts = {"searched": found.searched, "more": bool(found.page.left_out), **left_out_json(found.page)}
        as_of = read_as_of(client)
        lines = [*(lines or [nothing_text(as_of)]), *left_out_lines(found.page, MOST), as_of_text(as_of)]
        show({"dispatches": dispatches, **counts, **as_of_json(as_of)}, lines, as_json=as_json)
