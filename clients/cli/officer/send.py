"""``serai send``: a warning, a seizure, a feedback."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from clients.cli.frame import (
    Command,
    F,
    Group,
    as_option,
    choice,
    client_options,
    reply_option,
    wait_option,
    yes_option,
)
from clients.cli.numbers import Spoken, parse_spoken
from clients.cli.texts import _
from schemas.labels import HandlingCode, Precedence, Status

_COVER = (
    "to",
    "precedence",
    "handling",
    "status",
    "reply_hours",
    "on_number",
    "file",
    "officer",
    "wait_s",
    "yes",
    "as_json",
)


class _Number(click.ParamType[Spoken]):
    """The number of a dispatch, and as what it was said."""

    name = "number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Spoken:
        """The number, however it is spoken."""
        found = parse_spoken(str(value))
        if found is None:
            self.fail(_("the number of a dispatch is due: 10423, or EX 10 423"), param, ctx)
        return found


def _cover_options(command: F) -> F:
    options = [
        click.option("--to", multiple=True, metavar="MEMBER", help="Recipient; may be repeated, or ALL."),
        click.option("--precedence", type=choice(Precedence), help="How urgent it is."),
        click.option("--handling", type=choice(HandlingCode), help="What recipients may do with it; H1 if not said."),
        click.option("--status", type=choice(Status), help="As the network says, if not said."),
        reply_option,
        click.option(
            "--on", "on_number", type=_Number(), metavar="N", help="Number of the dispatch that this answers."
        ),
        click.option(
            "--file", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="The report as JSON; no steps."
        ),
    ]
    for option in reversed(options):
        command = option(command)
    return as_option(wait_option(yes_option(client_options(command))))


@click.group(cls=Group)
def send() -> None:
    """Send a warning, a seizure report or a feedback.

    Without options it asks step by step, in your language. Before anything goes it shows who will receive it and how
    it is marked. What was typed survives a crash: start again, and it goes on.
    """


def _send(kind: str, values: dict[str, Any]) -> None:
    from clients.cli.desk import open_desk
    from clients.cli.officer.writing import write_and_send

    home, passphrase_fd = values.pop("home"), values.pop("passphrase_fd")
    given = {name: values.pop(name) for name in _COVER}
    with open_desk(home, passphrase_fd) as desk:
        write_and_send(desk, kind, {key: value for key, value in values.items() if value}, given)


@send.command(
    cls=Command,
    examples=(
        "serai send warning",
        "serai send warning --to UZ/NFP --precedence flash --reference KZ-412 \\",
        '    --action stop --summary "Blue lorry, false floor, Korday 03:00"',
    ),
)
@click.option("--reference", help="Your own number of it.")
@click.option("--action", help="What you ask for: control, observe, locate, stop, identify, inform, other.")
@click.option("--action-words", help="The same in words, with --action other.")
@click.option("--summary", help="The case in words.")
@click.option("--expected-from", help="Earliest arrival.")
@click.option("--plate", help="Number plate of the vehicle.")
@click.option("--container", help="Container number.")
@_cover_options
def warning(**values: Any) -> None:
    """Warn others of a consignment."""
    _send("warning", values)


@send.command(
    cls=Command,
    examples=(
        "serai send seizure --to ALL --reference KZ-77 --date 2026-11-24 \\",
        "    --country KZ --group heroin --goods Heroin --quantity 2.5 --unit kilogram",
    ),
)
@click.option("--reference", help="Your own number of it.")
@click.option("--date", help="Day of the seizure, 2026-11-24.")
@click.option("--country", help="Where it was made, KZ.")
@click.option("--group", help="Drug group: heroin, opium, cannabis_resin, ...")
@click.option("--goods", help="Its name, as you write it.")
@click.option("--quantity", help="How much, in figures only.")
@click.option("--unit", help="In what unit: kilogram, gram, litre, tablet, ...")
@click.option("--unit-words", help="The unit in words, with --unit other.")
@click.option("--summary", help="The case in words.")
@_cover_options
def seizure(**values: Any) -> None:
    """Report a seizure."""
    _send("seizure", values)


@send.command(cls=Command, examples=("serai send feedback --on 10423 --reference UZ-9 --outcome seizure_made",))
@click.option("--reference", help="Your own number of it.")
@click.option("--your-reference", help="Their number of what you answer.")
@click.option("--outcome", help="What came of it: nothing_found, seizure_made, ...")
@click.option("--outcome-words", help="The same in words, with --outcome other.")
@click.option("--date", help="When, 2026-11-24.")
@click.option("--summary", help="In words.")
@_cover_options
def feedback(**values: Any) -> None:
    """Tell what came of a warning or a seizure report."""
    _send("feedback", values)
