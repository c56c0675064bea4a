"""``serai feedback`` and ``serai reply``: what an officer says to whoever sent dispatch N."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import click

from clients.cli.frame import Command, F, as_option, choice, client_options, reply_option, wait_option, yes_option
from clients.cli.numbers import Spoken, SpokenArgument
from schemas.labels import HandlingCode, Precedence, Status

_COVER = ("precedence", "handling", "status", "reply_hours", "file", "officer", "wait_s", "yes", "as_json")


_FILE: Final = (
    reply_option,
    click.option(
        "--file", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="The report as JSON; no steps."
    ),
)


def about_options(command: F) -> F:
    """The options of every command that says something about dispatch N; how it is marked follows from N."""
    options = (
        click.argument("spoken", cls=SpokenArgument),
        click.option("--precedence", type=choice(Precedence), help="How urgent it is; as N, if not said."),
        click.option(
            "--handling", type=choice(HandlingCode), help="What recipients may do with it; as N, if not said."
        ),
        click.option("--status", type=choice(Status), help="Refuse, unless N is marked so."),
    )
    for option in reversed(options):
        command = option(command)
    return as_option(wait_option(yes_option(client_options(command))))


def report_options(command: F) -> F:
    """The same, where a report is written about N."""
    for option in reversed(_FILE):
        command = option(command)
    return about_options(command)


def divide(values: dict[str, Any]) -> tuple[Path, int | None, Spoken, dict[str, Any], dict[str, str]]:
    """What was typed: folder, passphrase descriptor, number, options of the cover, answers of the content."""
    home, passphrase_fd, spoken = values.pop("home"), values.pop("passphrase_fd"), values.pop("number")
    given = {name: values.pop(name, None) for name in (*_COVER, "to_all")}
    return home, passphrase_fd, spoken, given, {key: value for key, value in values.items() if value is not None}


def _all_option(command: F) -> F:
    return click.option("--all", "to_all", is_flag=True, help="To all others who got N, too.")(command)


@click.command(
    cls=Command,
    examples=(
        "serai feedback 10423",
        "serai feedback EX 10 423 --reference UZ-9 --outcome seizure_made",
    ),
)
@click.option("--reference", help="Your own number of it.")
@click.option("--your-reference", help="Their number of what you answer; as N says, if not said.")
@click.option("--outcome", help="What came of it: nothing_found, seizure_made, ...")
@click.option("--outcome-words", help="The same in words, with --outcome other.")
@click.option("--date", help="When, 2026-11-24.")
@click.option("--summary", help="In words.")
@_all_option
@report_options
def feedback(**values: Any) -> None:
    """Tell the sender of dispatch N what came of it.

    The same as send feedback, about N: it goes to whoever sent N, as urgent and marked as N is.
    """
    from clients.cli.desk import open_desk
    from clients.cli.officer.responding import give_feedback

    home, passphrase_fd, spoken, given, answers = divide(values)
    with open_desk(home, passphrase_fd) as desk:
        give_feedback(desk, spoken, answers, given)


@click.command(
    cls=Command,
    examples=(
        'serai reply 10423 --summary "Patrol is on its way."',
        'serai reply EX 10 423 --all --summary "Lorry seen at the border post."',
    ),
)
@click.option("--summary", help="Your answer.")
@click.option("--reference", help="Your own number of it; RE and the number of N, if not said.")
@click.option("--outcome", help="What came of it; information_given, if not said.")
@click.option("--outcome-words", help="The same in words, with --outcome other.")
@_all_option
@report_options
def reply(**values: Any) -> None:
    """Answer dispatch N in a few words.

    It goes to whoever sent N, as a feedback in the thread of N, as urgent and marked as N is.
    """
    from clients.cli.desk import open_desk
    from clients.cli.officer.responding import give_reply

    home, passphrase_fd, spoken, given, answers = divide(values)
    with open_desk(home, passphrase_fd) as desk:
        give_reply(desk, spoken, answers, given)
