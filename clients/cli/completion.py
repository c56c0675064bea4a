"""``serai completion``: the shell completes commands and options."""

from __future__ import annotations

import click

from clients.cli.base import Command


@click.command(cls=Command, examples=("serai completion bash > ~/.local/share/bash-completion/completions/serai",))
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    """Print what lets a SHELL complete the commands of serai."""
    from click.shell_completion import get_completion_class

    found = get_completion_class(shell)
    if found is not None:
        click.echo(found(ctx.find_root().command, {}, "serai", "_SERAI_COMPLETE").source())
