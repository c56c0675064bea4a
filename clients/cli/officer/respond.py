"""``serai feedback`` and ``serai reply``: what an officer writes to the sender of dispatch N."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import click

from clients.actions.numbers import SpokenNumber
from clients.cli.base import Command, F
from clients.cli.officer.options import TypedCommand, answer_options, read_typed, report_options, steps_of

if TYPE_CHECKING:
    from clients.actions.client import Client
    from clients.actions.responding import Response
    from clients.cli.officer.composing import Begun

_THEIRS: Final = "Their number of what you answer; as N says by default."
_IN_A_REPLY: Final = {
    "summary": "Your answer.",
    "reference": "Your own number of it; RE and the number of N by default.",
    "outcome": "What came of it; information_given by default.",
}


def _all_option(command: F) -> F:
    return click.option("--all", "to_all", is_flag=True, help="To all others who got N, too.")(command)


@click.command(
    cls=Command,
    examples=(
        "serai feedback 10423",
        "serai feedback EX 10 423 --reference UZ-9 --outcome seizure_made",
    ),
)
@answer_options(steps_of("feedback", {"your_reference": _THEIRS}))
@_all_option
@report_options
def feedback(number: SpokenNumber, **values: Any) -> None:
    """Tell the sender of dispatch N what came of it.

    The same as send feedback, about N: it goes to whoever sent N, as urgent and marked as N is.
    """
    from clients.actions.responding import begin_feedback
    from clients.actions.writing import learn_members
    from clients.cli.client import open_client
    from clients.cli.officer.composing import take_up

    typed = read_typed(values)
    with open_client(typed.home, typed.passphrase_fd) as client:
        response = begin_feedback(client, number, typed.cover.marking.status, to_all=typed.to_all)
        _name_what_matters(response)
        learn_members(client, typed.options.wait_s)
        _send(client, response, take_up(client, response.draft, typed.answers, typed.options), typed)


@click.command(
    cls=Command,
    examples=(
        'serai reply 10423 --summary "Patrol is on its way."',
        'serai reply EX 10 423 --all --summary "Lorry seen at the border post."',
    ),
)
@answer_options(steps_of("feedback", _IN_A_REPLY, ("summary", "reference", "outcome", "outcome_words")))
@_all_option
@report_options
def reply(number: SpokenNumber, **values: Any) -> None:
    """Answer dispatch N in a few words.

    It goes to whoever sent N, as a feedback in the thread of N, as urgent and marked as N is.
    """
    from clients.actions.responding import begin_reply
    from clients.actions.writing import learn_members
    from clients.cli.client import open_client

    typed = read_typed(values)
    with open_client(typed.home, typed.passphrase_fd) as client:
        response = begin_reply(client, number, typed.cover.marking.status, to_all=typed.to_all)
        _name_what_matters(response)
        begun = _ask_words(client, response, typed)
        learn_members(client, typed.options.wait_s)
        _send(client, response, begun, typed)


def _name_what_matters(response: Response) -> None:
    """Say what has become of N since, and who got it too."""
    from clients.cli.ui import note
    from clients.documents.dispatches import amendment_text
    from clients.documents.texts import _

    original = response.original
    if text := amendment_text(original.amendments):
        note(f"{original.number}: {text}")
    if response.left_out:
        text = _("{number} went also to {members}; --all writes to them too.")
        note(text.format(number=original.number, members=", ".join(response.left_out)))


def _ask_words(client: Client, response: Response, typed: TypedCommand) -> Begun:
    """The answers of a reply: its words are asked for, if they were not typed."""
    from clients.actions.drafting import keep_draft
    from clients.cli.officer.asking import ask_step, may_ask
    from clients.cli.officer.composing import lacks, take_up
    from schemas.reports.base import Text
    from schemas.reports.steps import Step

    begun = take_up(client, response.draft, typed.answers, typed.options)
    if begun.answers.get("summary") or typed.options.file:
        return begun
    if not may_ask():
        raise lacks("--summary")
    begun = replace(begun, answers={**begun.answers, "summary": ask_step(Step("summary", "Your answer", Text))})
    keep_draft(client, response.draft, begun.answers, begun.files)
    return begun


def _send(client: Client, response: Response, begun: Begun, typed: TypedCommand) -> None:
    from clients.cli.officer.composing import Composition, write_and_send

    composition = Composition(
        "feedback",
        begun,
        typed.cover,
        draft=response.draft,
        to=response.to,
        on=SpokenNumber(response.original.index, None),
        known=response.known,
        value={"about": response.original.index, "rel": "reply"},
    )
    write_and_send(client, composition, typed.options)
