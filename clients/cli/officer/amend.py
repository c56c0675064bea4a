"""``serai correct`` and ``serai cancel``: what the own member sent as N, said anew or withdrawn."""

from __future__ import annotations

from typing import Any, Final

import click

from clients.cli.frame import Command, F
from clients.cli.officer.respond import about_options, divide, report_options
from clients.cli.officer.send import feedback, seizure, warning
from clients.cli.officer.steps import STEPS

_HELP: Final = {
    param.name: param.help
    for command in (warning, seizure, feedback)
    for param in command.params
    if isinstance(param, click.Option)
}


def _content_options(command: F) -> F:
    """What the steps of every kind of report ask for, as in serai send."""
    for key in reversed(dict.fromkeys(step.key for steps in STEPS.values() for step in steps)):
        command = click.option("--" + key.replace("_", "-"), help=_HELP[key])(command)
    return command


@click.command(
    cls=Command,
    examples=(
        "serai correct 10423",
        'serai correct EX 10 423 --plate "777 ABC 03"',
        "serai correct 10423 --file newer.json",
    ),
)
@_content_options
@report_options
def correct(**values: Any) -> None:
    """Send a new version of what we sent as N, to the same recipients.

    It opens with what N says, and asks only what is to change; options say the same without asking. An empty answer
    takes away what was there. Recipients see N as corrected, and the new version rings as N did.
    """
    from clients.cli.desk import open_desk
    from clients.cli.officer.amending import correct as send_correction

    home, passphrase_fd, spoken, given, changes = divide(values)
    with open_desk(home, passphrase_fd) as desk:
        send_correction(desk, spoken, changes, given)


@click.command(
    cls=Command,
    examples=('serai cancel 10423 --reason "The lorry was stopped elsewhere."',),
)
@click.option("--reason", help="Why, in words.")
@about_options
def cancel(**values: Any) -> None:
    """Withdraw what we sent as N, with all its versions, from all who got it.

    Recipients see it as cancelled, and it rings no more; who has acknowledged it is called once more. It cannot be
    taken back.
    """
    from clients.cli.desk import open_desk
    from clients.cli.officer.amending import cancel as send_cancellation

    home, passphrase_fd, spoken, given, answers = divide(values)
    with open_desk(home, passphrase_fd) as desk:
        send_cancellation(desk, spoken, answers.get("reason"), given)
