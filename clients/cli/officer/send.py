"""``serai send``: a command for each kind of report, made from the registry of kinds."""

from __future__ import annotations

from typing import Any

import click

from clients.actions.numbers import SpokenNumber
from clients.cli.base import Command, LazyGroup
from clients.cli.officer.options import TypedCommand, answer_options, read_typed, sending_options
from schemas.reports.entry import ReportKind
from schemas.reports.kinds import sendable


class _Kinds(LazyGroup):
    """A command for each kind of report that somebody may send."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - the same everywhere
        """Their names."""
        return [kind.name for kind in sendable()]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - as above
        """The command of a kind, made from its steps."""
        return next((_command(kind) for kind in sendable() if kind.name == cmd_name), None)


@click.group(cls=_Kinds)
def send() -> None:
    """Send a warning, a seizure report or a feedback.

    Without options it asks step by step, in your language. Before anything goes it shows who will receive it and how
    it is marked. What was typed survives a crash: start again, and it goes on.
    """


def _command(kind: ReportKind) -> click.Command:
    def run(number: SpokenNumber | None, **values: Any) -> None:
        _send(kind.name, number, read_typed(values))

    typed = "\n".join(f"serai send {kind.name} {example}".rstrip() for example in kind.examples or ("",))
    make = click.command(kind.name, cls=Command, help=kind.purpose, examples=typed.splitlines())
    command: click.Command = make(answer_options(kind.steps)(sending_options(run)))
    return command


def _send(kind: str, number: SpokenNumber | None, typed: TypedCommand) -> None:
    from clients.actions.writing import learn_members
    from clients.cli.client import open_client
    from clients.cli.officer.composing import Composition, take_up, write_and_send

    with open_client(typed.home, typed.passphrase_fd) as client:
        learn_members(client, typed.options.wait_s)
        answers = {key: answer for key, answer in typed.answers.items() if answer}
        begun = take_up(client, kind, answers, typed.options)
        composition = Composition(kind, begun, typed.cover, draft=kind, to=typed.to, on=number)
        write_and_send(client, composition, typed.options)
