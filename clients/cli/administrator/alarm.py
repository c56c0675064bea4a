"""``serai alarms`` and ``serai alarm``: what a person must look at, and closing it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from clients.cli.alarm_details import detail_of, detail_text
from clients.cli.alarms import alarm_row, alarm_text, closing_text, kind_text
from clients.cli.base import Command, LazyGroup, as_option, client_options, yes_option
from clients.cli.ui import ask, show
from clients.documents.plain import clean, field, utc
from clients.documents.texts import _, plural
from clients.store import KeptAlarm
from schemas.addresses import Address


@click.command(cls=Command, examples=("serai alarms", "serai alarms --all --limit 100"))
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 10_000), help="At most so many.")
@click.option("--all", "closed", is_flag=True, help="Those that somebody has closed too.")
@client_options
def alarms(*, limit: int, closed: bool, home: Path, passphrase_fd: int | None, as_json: bool) -> None:
    """List the alarms that are open, the newest first.

    An alarm stays open until a person closes it. Many of one kind and cause are one line, with how many they are.
    """
    from clients.actions.alarms import list_alarms
    from clients.cli.client import open_client

    with open_client(home, passphrase_fd) as client:
        found = list_alarms(client, limit, closed=closed)
    lines = [line for each in (*found.open, *found.closed) for line in alarm_row(each)] or [_("No open alarms.")]
    if found.open_left:
        lines.append(
            plural(
                "{count} older open alarm is not shown.", "{count} older open alarms are not shown.", found.open_left
            )
            + " "
            + _("See them: --limit {count}").format(count=limit + found.open_left)
        )
    if found.closed_left:
        lines.append(
            plural("{count} closed alarm is not shown.", "{count} closed alarms are not shown.", found.closed_left)
            + " "
            + _("See them: --all")
        )
    value = {
        "alarms": [_json(each) for each in (*found.open, *found.closed)],
        "open_left": found.open_left,
        "closed_left": found.closed_left,
    }
    show(value, lines, as_json=as_json)


@click.group(cls=LazyGroup)
def alarm() -> None:
    """Look at one alarm, or close it."""


@alarm.command(cls=Command, name="show", examples=("serai alarm show 3", "serai alarm show 3 --json"))
@click.argument("number", type=click.IntRange(1))
@client_options
def show_alarm(number: int, *, home: Path, passphrase_fd: int | None, as_json: bool) -> None:
    """Show alarm NUMBER: what happened, since when, how often, and who has closed it.

    With --json also the evidence, as it came.
    """
    from clients.actions.alarms import find_alarm
    from clients.cli.client import open_client

    with open_client(home, passphrase_fd) as client:
        found = find_alarm(client, number)
    show({**_json(found), "evidence": dict(found.alarm.evidence)}, _lines(found), as_json=as_json)


@alarm.command(cls=Command, examples=('serai alarm close 3 --reason "The Centre knows, restored from its backup"',))
@click.argument("number", type=click.IntRange(1))
@click.option("--reason", required=True, metavar="TEXT", help="Why it needs nobody any more; it is kept.")
@as_option
@yes_option
@client_options
def close(
    number: int,
    *,
    reason: str,
    officer: Address | None,
    yes: bool,
    home: Path,
    passphrase_fd: int | None,
    as_json: bool,
) -> None:
    """Close alarm NUMBER, with a reason.

    It stays in the store, with who closed it, when and why. If the same happens again, it is a new alarm.
    """
    from clients.actions.alarms import check_closable, close_alarm
    from clients.cli.client import open_client

    with open_client(home, passphrase_fd) as client:
        ask(_lines(check_closable(client, number)), _("Close it?"), yes=yes)
        found = close_alarm(client, number, reason, officer)
    done = _("Alarm {number} is closed.").format(number=number)
    show(_json(found), [done], as_json=as_json)


def _lines(found: KeptAlarm) -> list[str]:
    lines = [
        *field(_("Alarm"), f"{found.number}, {found.alarm.kind}"),
        *field(_("Meaning"), kind_text(found.alarm.kind)),
        *field(_("Where"), clean(detail_text(found.alarm.detail))),
        *field(_("Since"), utc(found.alarm.at_ms)),
    ]
    if found.count > 1:
        lines += field(
            _("How often"), _("{count} times, the last {time}").format(count=found.count, time=utc(found.last_ms))
        )
    if found.is_further:
        lines += field(_("Note"), _("many of this kind are counted together; shown is the last"))
    return lines + (field(_("Closed"), closing_text(found.closing)) if found.closing else [])


def _json(found: KeptAlarm) -> dict[str, Any]:
    closing, detail = found.closing, detail_of(found.alarm.detail)
    return {
        "number": found.number,
        "kind": found.alarm.kind,
        "text": alarm_text(found.alarm),
        "detail": found.alarm.detail,
        "detail_code": None if detail is None else detail[0].value,
        "at_ms": found.alarm.at_ms,
        "count": found.count,
        "last_ms": found.last_ms,
        "further": found.is_further,
        "differing": found.differing,
        "closed": None if closing is None else {"by": closing.by, "at_ms": closing.at_ms, "reason": closing.reason},
    }
