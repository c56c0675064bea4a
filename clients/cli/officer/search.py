"""``serai search``: what came and what was sent, by its words and by its cover."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from clients.cli.files.chosen import MomentType
from clients.cli.frame import AddressType, Command, choice, client_options
from clients.cli.texts import _
from clients.cli.ui import note, show
from schemas.labels import Kind

if TYPE_CHECKING:
    from clients.cli.desk import Desk
    from clients.cli.officer.matching import Query
    from clients.store import Glance, StoredItem


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
@click.option("--kind", "kinds", type=choice(Kind), multiple=True, help="Only this kind; may be repeated.")
@click.option("--drug", "drugs", multiple=True, help="Only with this drug: a group, or a part of its name.")
@click.option("--country", "countries", multiple=True, type=_CountryType(), help="Only what names this country.")
@click.option("--since", "since_ms", type=MomentType(), metavar="TIME", help="What was accepted then or later.")
@click.option(
    "--until", "until_ms", type=MomentType(end=True), metavar="TIME", help="What was accepted before; a day counts."
)
@click.option("--exercise", "status", flag_value="exercise", help="Only exercises.")
@click.option("--actual", "status", flag_value="actual", help="Only what is real.")
@click.option("--unacknowledged", is_flag=True, help="Only what waits: for our officer, or for one of a recipient's.")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 1000), help="At most so many.")
@client_options
def search(
    *,
    words: tuple[str, ...],
    since_ms: int | None,
    until_ms: int | None,
    unacknowledged: bool,
    limit: int,
    home: Path,
    passphrase_fd: int | None,
    as_json: bool,
    **filters: Any,
) -> None:
    """Find what came or was sent, the newest first.

    Every word must stand in the content, in any case; put a phrase into quotes. Codes are found by their labels too, in
    English and Russian. In the list > is what we sent, and to whom.
    """
    from clients.cli.desk import open_desk
    from clients.cli.officer.dispatch_view import delivery_json, row, sent_row
    from clients.cli.officer.matching import Query

    with open_desk(home, passphrase_fd) as desk:
        found = _Search(desk, Query(words, **filters), unacknowledged=unacknowledged)
        items = found.newest(limit, since_ms or 0, until_ms or 1 << 62)
        deliveries = [(desk.delivery(item), item.mine) for item in items]
        lines = [sent_row(each) if mine else row(each) for each, mine in deliveries]
        dispatches = [{**delivery_json(each), "direction": "sent" if mine else "received"} for each, mine in deliveries]
        value = {"dispatches": dispatches, "searched": found.searched, "more": found.more}
        show(value, lines or [_("Nothing.")], as_json=as_json)
    if found.more and not as_json:
        note(_("There are more; see them with --limit, or what is older with --until."))


class _Search:
    """One look through the store.

    Attributes:
        searched: how many were looked at.
        more: whether one more fits than were asked for.
    """

    def __init__(self, desk: Desk, query: Query, *, unacknowledged: bool) -> None:
        self._desk = desk
        self._query = query
        self._unacknowledged = unacknowledged
        self.searched = 0
        self.more = False

    def newest(self, limit: int, since_ms: int, until_ms: int) -> list[StoredItem]:
        """The newest that fit, newest first."""
        digests: list[str] = []
        for glance in self._desk.store.items.glances(since_ms, until_ms):
            self.searched += 1
            if not self._query.fits(glance) or (self._unacknowledged and not self._waits(glance)):
                continue
            if len(digests) == limit:
                self.more = True
                break
            digests.append(glance.digest)
        found = (self._desk.store.items.get(digest) for digest in digests)
        return [item for item in found if item is not None]

    def _waits(self, glance: Glance) -> bool:
        """Whether it is in force, and somebody who should has not answered it."""
        from clients.inbox import delivery_of, status_of

        store = self._desk.store
        item = store.items.get(glance.digest)
        delivery = delivery_of(item, store, store.keys.member) if item else None
        if delivery is None or delivery.marks.cancelled_by:
            return False
        if glance.inbox or delivery.cover is None:
            return not (delivery.acknowledged or delivery.declined)
        answered = {"acknowledged", "declined"}
        recipients = status_of(glance.digest, store).recipients.values()
        return any(answered.isdisjoint(said.outcome for said in each.answers) for each in recipients)
