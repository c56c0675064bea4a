"""``serai-hub time``: how the hub's clock stands, and the operator's word for it."""

# ruff: noqa: RUF001 - Russian words contain letters that look Latin

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from broker.cli.door import ask_hub
from broker.cli.language import read
from broker.cli.ui import WHAT_TO_DO, Listed, reports_errors
from broker.settings import HubFolder
from schemas.errors import Code, SeraiError
from schemas.labels import Label
from schemas.rules.said_time import parse_said_time

if TYPE_CHECKING:
    from broker.web.control import TimeAnswer

_CLOCK: Final = Label("this machine's clock", "часы этой машины")
_SYNCHRONISED: Final = Label("synchronised", "синхронизированы")
_NOT_SYNCHRONISED: Final = Label("not synchronised", "не синхронизированы")
_LIFE: Final = Label("last sign of life", "последний признак работы")
_UNKNOWN: Final = Label("unknown", "неизвестен")
_NEWEST: Final = Label("newest leaf", "последняя запись журнала")
_EMPTY: Final = Label("none", "нет")
_TOKENS: Final = Label("members' clocks", "часы участников")
_AHEAD: Final = Label("{seconds} s ahead of it", "впереди на {seconds} с")
_BELIEVED: Final = Label("The hub believes its clock.", "Узел верит своим часам.")
_DOUBTED: Final = Label(
    "The hub does not believe its clock, and appends nothing:", "Узел не верит своим часам и ничего не записывает:"
)
_LEDGER_AHEAD: Final = Label(
    "From number {number} on the ledger is ahead of this clock. If the clock is right, the ledger was written with a "
    'wrong one: see "A ledger that is ahead of its time" in deploy/README.md.',
    "Начиная с номера {number} журнал опережает эти часы. Если часы верны, журнал записан с неверными часами: см. "
    "«A ledger that is ahead of its time» в deploy/README.md.",
)
_WIDTH: Final = 26


class SaidTime(click.ParamType):  # type: ignore[type-arg]  # generic in later versions of click only
    """A time that a person read from a clock."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Milliseconds since 1970 UTC."""
        try:
            return parse_said_time(str(value))
        except ValueError:
            self.fail(
                "say date and time in UTC, or with an offset: 2026-12-01T03:00, 2026-12-01T08:00+05:00", param, ctx
            )


@click.command("time", cls=Listed)
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--confirm", "said_ms", type=SaidTime(), metavar="TIME", help="What another clock says, in UTC.")
@reports_errors
def time(folder: Path, said_ms: int | None) -> None:
    """Show how the hub's clock stands, and believe it by your word if it says what another clock says.

    A hub that was away for long, or finds its clock behind, appends nothing before the time is confirmed. Read TIME
    from a clock that is not this machine's: a telephone, a wall. It is refused if the two are more than five minutes
    apart. Works on a hub that serves and on one that does not. Exit 1 while the clock is not believed.

      serai-hub time /srv/serai --confirm 2026-12-01T03:00
    """
    answer = _ask(HubFolder(folder), said_ms)
    for line in describe(answer, folder):
        click.echo(line)
    if answer.doubt:
        sys.exit(1)


def _ask(place: HubFolder, said_ms: int | None) -> TimeAnswer:
    from broker.app import open_ports
    from broker.service.timekeeper import WordRefused
    from broker.web.control import TimeAnswer, describe_time

    settings = place.read_settings()
    path, body = ("/time", {}) if said_ms is None else ("/time/confirm", {"said_ms": said_ms})
    try:
        served = ask_hub(place, path, body)
    except SeraiError as error:
        raise WordRefused(error.detail) if error.code is Code.NOT_PERMITTED else error from None
    if served is not None:
        return TimeAnswer.model_validate(served)
    with open_ports(place, settings) as ports:
        if said_ms is not None:
            ports.clock.confirm(said_ms, ports.store.head().accepted_at)
        return describe_time(ports.clock.report(), ports.store)


def describe(answer: TimeAnswer, folder: Path) -> list[str]:
    """What the operator reads.

    Args:
        answer: how the hub's time stands.
        folder: of the hub.
    """
    from broker.core.timekeeping import ClockDoubt, ClockWarning, utc
    from broker.service.timekeeper import ClockDoubted

    def row(name: Label, value: str) -> str:
        return f"{read(name) + ':':<{_WIDTH}}{value}"

    last = utc(answer.last_ms) if answer.last_ms is not None else read(_UNKNOWN)
    kept = read(_SYNCHRONISED if answer.synchronised else _NOT_SYNCHRONISED)
    lines = [
        row(_CLOCK, f"{utc(answer.now_ms)}, {kept}"),
        row(_LIFE, last),
        row(_NEWEST, utc(answer.newest_ms) if answer.newest_ms else read(_EMPTY)),
    ]
    if answer.token_difference_s:
        lines.append(row(_TOKENS, read(_AHEAD).format(seconds=answer.token_difference_s)))
    if answer.doubt:
        doubt = ClockDoubt(answer.doubt)
        remedy = read(WHAT_TO_DO).format(remedy=read(ClockDoubted(doubt).remedy))
        lines += [read(_DOUBTED), f"  {read(doubt.label)}", remedy]
        if doubt in (ClockDoubt.UNSYNCHRONISED, ClockDoubt.UNCONFIRMED):
            lines.append(f"  serai-hub time {folder} --confirm YYYY-MM-DDThh:mm")
    else:
        lines.append(read(_BELIEVED))
        lines += [f"  {read(ClockWarning(each).label)}" for each in answer.warnings]
    if answer.first_ahead is not None:
        lines.append(read(_LEDGER_AHEAD).format(number=answer.first_ahead))
    return lines
