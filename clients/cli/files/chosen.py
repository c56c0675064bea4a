"""Which dispatches of the store are exported, oldest first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import click

from clients.cli.desk import Desk
from clients.cli.faults import Fault
from clients.cli.numbers import parse_number
from clients.cli.officer.answering import find_dispatch
from clients.cli.texts import _, label_of
from clients.state import cover_of
from clients.store import StoredItem
from schemas.claims import Dispatch
from schemas.errors import Code
from schemas.labels import Status


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is wanted.

    Attributes:
        numbers: places of single dispatches; all that fit the rest if there is none.
        since_ms: what the hub accepted then or later, milliseconds since 1970 UTC.
        until_ms: what it accepted before.
        kinds: kinds of report; any if there is none.
        direction: ``sent`` or ``received``; both if ``None``.
        status: ``actual``, ``exercise``, ``test``; any if ``None``.
    """

    numbers: tuple[int, ...] = ()
    since_ms: int = 0
    until_ms: int = 1 << 62
    kinds: tuple[str, ...] = ()
    direction: str | None = None
    status: str | None = None

    def fits(self, cover: Dispatch, *, mine: bool) -> bool:
        """Whether a dispatch is wanted by what its cover says."""
        return (
            (not self.kinds or cover.kind in self.kinds)
            and (self.direction is None or (self.direction == "sent") is mine)
            and (self.status is None or cover.status == self.status)
        )


@dataclass(frozen=True, slots=True)
class Choice:
    """What there is of it.

    Attributes:
        digests: of the dispatches, oldest first.
        statuses: how many of them are marked how.
        unverified: how many were left out because a check of theirs failed, or their text is gone.
    """

    digests: tuple[str, ...]
    statuses: Counter[str] = field(default_factory=Counter)
    unverified: int = 0

    @property
    def status(self) -> str:
        """How all of them are marked; ``mixed`` if not all are marked the same, ``none`` if there is nothing."""
        return next(iter(self.statuses), "none") if len(self.statuses) < 2 else "mixed"


def choose(desk: Desk, wanted: Wanted, *, mixed: bool) -> Choice:
    """Look for what is wanted.

    Args:
        desk: where.
        wanted: what.
        mixed: whether exercise and actual may stand in one file.

    Raises:
        SeraiError: ``not_found`` for a number that is not here, ``status_mismatch`` if it would be mixed.
    """
    found: list[tuple[int, str]] = []
    choice = Choice(())
    unverified = 0
    for item in _items(desk, wanted):
        cover = None if item.step is not None else cover_of(item)
        if cover is None:
            unverified += 1
        elif wanted.numbers or wanted.fits(cover, mine=item.mine):
            found.append((item.seq, item.digest))
            choice.statuses[cover.status] += 1
    if len(choice.statuses) > 1 and not mixed:
        raise _mixed(choice.statuses)
    return Choice(tuple(digest for _seq, digest in sorted(found)), choice.statuses, unverified)


def _items(desk: Desk, wanted: Wanted) -> Any:
    if wanted.numbers:
        yield from (find_dispatch(desk, number) for number in dict.fromkeys(wanted.numbers))
        return
    for glance in desk.store.items.glances(wanted.since_ms, wanted.until_ms):
        item: StoredItem | None = desk.store.items.get(glance.digest)
        if item is not None:
            yield item


def _mixed(statuses: Counter[str]) -> Fault:
    said = ", ".join(f"{label_of(Status, status)} {count}" for status, count in sorted(statuses.items()))
    return Fault(
        Code.STATUS_MISMATCH,
        _("exercise and actual would stand in one file ({said})").format(said=said),
        _("Choose one of them with --status, or say --mixed."),
    )


class NumberType(click.ParamType[int]):
    """The number of a dispatch; one that is spoken in several words needs quotes."""

    name = "number"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The place in the ledger."""
        found = parse_number(value)
        if found is None:
            self.fail(_("the number of a dispatch is due: 10423, or EX 10 423"), param, ctx)
        return found


class MomentType(click.ParamType[int]):
    """A day or a time in UTC, as milliseconds since 1970.

    Args:
        end: whether a day means its end.
    """

    name = "time"

    def __init__(self, *, end: bool = False) -> None:
        self._end = end

    def convert(self, value: str | int, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The time."""
        if isinstance(value, int):
            return value
        try:
            return _moment_ms(value.strip(), end=self._end)
        except (ValueError, OverflowError):
            self.fail(_("a day or a time in UTC is due: 2026-11-24, or 2026-11-24T03:00Z"), param, ctx)


def _moment_ms(text: str, *, end: bool) -> int:
    if len(text) == len("2026-11-24"):
        day = date.fromisoformat(text) + timedelta(days=end)
        moment = datetime(day.year, day.month, day.day, tzinfo=UTC)
    else:
        moment = datetime.fromisoformat(text)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return int(moment.timestamp() * 1000)


def check_filters(numbers: Sequence[int], given: dict[str, Any]) -> None:
    """Refuse filters beside numbers: a number says all.

    Raises:
        click.UsageError: there are both.
    """
    if numbers and any(given.values()):
        raise click.UsageError(_("numbers of dispatches need no filters"))
