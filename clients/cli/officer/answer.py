"""``serai acknowledge`` and ``serai decline``: an officer's answer to a dispatch."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from clients.actions.numbers import SpokenNumber
from clients.cli.base import Command, as_option, client_options, wait_option
from clients.cli.types import CodeChoice, SpokenArgument
from clients.cli.ui import note, show
from clients.documents.plain import clean
from clients.documents.texts import _, label
from schemas.addresses import Address
from schemas.labels import DeclineReason

if TYPE_CHECKING:
    from clients.actions.answering import OfficerAnswer
    from clients.actions.client import Client


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
    number: SpokenNumber,
    *,
    officer: Address | None,
    wait_s: float,
    home: Path,
    passphrase_fd: int | None,
    as_json: bool,
) -> None:
    """Acknowledge dispatch N: an officer has read it and acts on it.

    The first acknowledgement counts for the whole member; the sender sees who gave it, and the alarm ends.
    """
    from clients.actions.answering import give_answer
    from clients.cli.client import open_client

    with open_client(home, passphrase_fd) as client:
        _tell_answer(client, give_answer(client, number, officer), wait_s, as_json=as_json)


@click.command(cls=Command, examples=("serai decline 10423 --reason not_ours",))
@click.argument("spoken", cls=SpokenArgument)
@click.option("--reason", required=True, type=CodeChoice(DeclineReason), help="Why.")
@as_option
@wait_option
@client_options
def decline(
    number: SpokenNumber,
    reason: str,
    *,
    officer: Address | None,
    wait_s: float,
    home: Path,
    passphrase_fd: int | None,
    as_json: bool,
) -> None:
    """Decline dispatch N, with a reason: the sender then knows to turn to somebody else."""
    from clients.actions.answering import give_answer
    from clients.cli.client import open_client

    with open_client(home, passphrase_fd) as client:
        _tell_answer(client, give_answer(client, number, officer, DeclineReason(reason)), wait_s, as_json=as_json)


def _tell_answer(client: Client, answer: OfficerAnswer, wait_s: float, *, as_json: bool) -> None:
    """Say what has become of an answer, and what a person should know of the dispatch."""
    from clients.cli.client import show_sent
    from clients.documents.answers import answered_text, beside_texts, noted_text, number_text
    from clients.store import NOTED

    delivery = answer.delivery
    number = number_text(answer)
    value = {"number": delivery.index, "outcome": answer.outcome.value, "by": answer.officer}
    if answer.noted:
        show({"state": "noted", **value, "outcome": NOTED}, [noted_text(answer)], as_json=as_json)
        return
    if answer.before is not None:
        value = {"state": "accepted", **value, "by": answer.before.by, "repeated": True}
        show(value, [answered_text(number, answer.before)], as_json=as_json)
        return
    for text in beside_texts(answer):
        note(text)
    done = _("{number} {sender}: {outcome} by {officer}, number {place}.").format(
        number=number,
        sender=clean(delivery.sender or "?"),
        outcome=label(answer.outcome),
        officer=answer.officer,
        place="{place}",
    )
    if answer.sent is not None:
        show_sent(client, answer.sent, wait_s, as_json=as_json, done=done, value=value)
