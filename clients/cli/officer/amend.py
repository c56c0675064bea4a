"""``serai correct`` and ``serai cancel``: what the own member sent as N is replaced or withdrawn."""

from __future__ import annotations

from typing import Any, Final

import click

from clients.actions.numbers import SpokenNumber
from clients.cli.base import Command
from clients.cli.officer.options import about_options, all_steps, answer_options, read_typed, report_options

_EXAMPLES: Final = (
    "serai correct 10423",
    'serai correct EX 10 423 --plate "777 ABC 03"',
    "serai correct 10423 --file newer.json",
)


def make_correct() -> click.Command:
    """``serai correct``, with an option for whatever a report of any kind is asked for."""
    make = click.command("correct", cls=Command, examples=_EXAMPLES)
    command: click.Command = make(answer_options(all_steps())(report_options(_correct)))
    return command


def _correct(number: SpokenNumber, **values: Any) -> None:
    """Send a new version of what we sent as N, to the same recipients.

    It opens with what N says, and asks only what is to change; options say the same without asking. An empty answer
    takes away what was there. Recipients see N as corrected, and the new version rings as N did.
    """
    from clients.cli.client import open_client
    from clients.cli.officer.correcting import correct

    typed = read_typed(values)
    with open_client(typed.home, typed.passphrase_fd) as client:
        correct(client, number, typed.answers, typed.cover, typed.options)


@click.command(
    cls=Command,
    examples=('serai cancel 10423 --reason "The lorry was stopped elsewhere."',),
)
@click.option("--reason", help="Why, in words.")
@about_options
def cancel(number: SpokenNumber, **values: Any) -> None:
    """Withdraw what we sent as N, with all its versions, from all who got it.

    Recipients see it as cancelled, and it rings no more; who has acknowledged it is called once more. It cannot be
    taken back.
    """
    from clients.cli.client import open_client
    from clients.cli.officer.correcting import cancel as send_cancellation

    typed = read_typed(values)
    with open_client(typed.home, typed.passphrase_fd) as client:
        send_cancellation(client, number, typed.answers.get("reason"), typed.cover, typed.options)
