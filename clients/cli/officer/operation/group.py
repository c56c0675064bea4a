"""``serai operation``: the list of its commands."""

from __future__ import annotations

from typing import Final

import click

from clients.cli.base import LazyGroup

_WHERE: Final = "clients.cli.officer.operation"
_STEPS: Final = (
    "open",
    "plan",
    "confirm",
    "decide",
    "stop",
    "move",
    "hand",
    "exhibit",
    "result",
    "note",
    "close",
    "cancel",
)


class _Operation(LazyGroup):
    """Commands that show, and one for each step."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Their names."""
        return [*super().list_commands(ctx), *_STEPS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """A command by its name; those of steps are made from the registry of kinds."""
        if cmd_name not in _STEPS:
            return super().get_command(ctx, cmd_name)
        from clients.cli.officer.operation.commands import make_step

        return make_step(cmd_name)


@click.group(
    cls=_Operation,
    lazy={
        "list": f"{_WHERE}.show:list_all",
        "show": f"{_WHERE}.show:show_operation",
        "watch": f"{_WHERE}.watch:watch",
        "account": f"{_WHERE}.account:account",
        "print": f"{_WHERE}.print_:print_operation",
        "evidence": f"{_WHERE}.evidence:evidence",
        "deconflict": f"{_WHERE}.deconflict:deconflict",
        "compare": f"{_WHERE}.compare:compare",
    },
)
def operation() -> None:
    """Controlled deliveries, from request to closing.

    OPERATION is the number of any of its steps, or the lead's own reference; nothing, if one alone is open. Without
    options each command asks step by step, shows what it would send and to whom, and sends nothing before you agree.
    """
