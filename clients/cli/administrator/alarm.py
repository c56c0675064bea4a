"""``serai alarms`` and ``serai alarm``: what a person must look at, and closing it."""

from __future__ import annotations

from pathlib import Path

import click

from clients.cli.base import Command, LazyGroup, as_option, client_options, yes_option
from clients.cli.ui import ask, show
from clients.documents.alarms import alarm_json, alarm_row, alarm_texts
from clients.documents.named import field_lines
from clients.documents.texts import _, plural
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
        "alarms": [alarm_json(each) for each in (*found.open, *found.closed)],
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
    show(
        {**alarm_json(found), "evidence": dict(found.alarm.evidence)}, field_lines(alarm_texts(found)), as_json=as_json
    )


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
        ask(field_lines(alarm_texts(check_closable(client, number))), _("Close it?"), yes=yes)
        found = close_alarm(client, number, reason, officer)
    done = _("Alarm {number} is closed.").format(number=number)
    show(alarm_json(found), [done], as_json=as_json)
