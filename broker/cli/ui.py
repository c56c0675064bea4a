"""How ``serai-hub`` speaks: results on standard output, faults on standard error with cause and remedy.

Exit codes: 0 done, 1 refused or failed (the stable code is printed), 2 wrong use, 3 the clock was moved while
the hub ran: start it again.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import wraps
from typing import Any, Final, NoReturn, TypeVar

import click

from broker.cli.language import read
from schemas.errors import SeraiError
from schemas.labels import Label

EXIT_MOVED: Final = 3

WHAT_TO_DO: Final = Label("What to do: {remedy}", "Что делать: {remedy}")

Command = TypeVar("Command", bound=Callable[..., Any])


def fail(error: SeraiError) -> NoReturn:
    """Say what went wrong and what to do, and exit with 1, or 3 if the clock was moved."""
    from broker.service.erasing import ErasureRefused
    from broker.service.timekeeper import ClockDoubted, WordRefused

    title, detail, remedy = error.problem.title, error.detail, WHAT_TO_DO.en.format(remedy=error.problem.remedy)
    if isinstance(error, ClockDoubted | WordRefused | ErasureRefused):  # told in the operator's language
        title, remedy = read(error.title), read(WHAT_TO_DO).format(remedy=read(error.remedy))
        detail = read(error.doubt.label) if isinstance(error, ClockDoubted) else detail
    click.echo(f"serai-hub: {title}", err=True)
    if detail:
        click.echo(f"  {detail}", err=True)
    click.echo(f"  {remedy} (code {error.code.value})", err=True)
    sys.exit(EXIT_MOVED if isinstance(error, ClockDoubted) and error.is_moved else 1)


class Listed(click.Command):
    """A command whose line in the list of commands is its whole first sentence."""

    def get_short_help_str(self, limit: int = 45) -> str:  # noqa: ARG002 - the line is never cut
        """The line of the list of commands."""
        return " ".join((self.help or "").partition("\n\n")[0].split())


class Group(click.Group):
    """Commands of that kind."""

    command_class = Listed
    group_class = type  # groups in it are of this kind, too


def reports_errors(command: Command) -> Command:
    """Turn our errors into messages and an exit code."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except SeraiError as error:
            fail(error)
        except OSError as error:
            click.echo(f"serai-hub: {error.filename or 'input or output'}: {error.strerror or error}", err=True)
            sys.exit(1)

    return run  # type: ignore[return-value]
