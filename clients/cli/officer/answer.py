"""``serai acknowledge`` and ``serai decline``: an officer's answer to a dispatch."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from clients.cli.frame import Command, as_option, choice, client_options, wait_option
from clients.cli.numbers import Spoken, SpokenArgument
from schemas.labels import DeclineReason


@click.command(
    cls=Command,
    examples=(
        "serai acknowledge 10423",
        "serai acknowledge EX 10 423 --as KZ/NFP/DUTY-2",
    ),
)
@click.argument("spoken", cls=SpokenArgument)
@as_option
@wait_option
@client_options
def acknowledge(
    number: Spoken, *, officer: Any, wait_s: float, home: Path, passphrase_fd: int | None, as_json: bool
) -> None:
    """Acknowledge dispatch N: an officer has read it and acts on it.

    The first acknowledgement counts for the whole member; the sender sees who gave it, and the alarm ends.
    """
    from clients.cli.officer.answering import answer

    answer(number, officer, home, passphrase_fd, wait_s=wait_s, as_json=as_json, reason=None)


@click.command(cls=Command, examples=("serai decline 10423 --reason not_ours",))
@click.argument("spoken", cls=SpokenArgument)
@click.option("--reason", required=True, type=choice(DeclineReason), help="Why.")
@as_option
@wait_option
@client_options
def decline(
    number: Spoken, reason: str, *, officer: Any, wait_s: float, home: Path, passphrase_fd: int | None, as_json: bool
) -> None:
    """Decline dispatch N, with a reason: the sender then knows to turn to somebody else."""
    from clients.cli.officer.answering import answer

    answer(number, officer, home, passphrase_fd, wait_s=wait_s, as_json=as_json, reason=reason)
