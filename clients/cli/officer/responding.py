"""Feedback on dispatch N, and a short answer in its thread."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from clients.cli.desk import Desk
from clients.cli.numbers import Spoken
from clients.cli.officer.about import About, find_about, heed_marks
from clients.cli.officer.answering import find_delivery
from clients.cli.officer.asking import ask_step, may_ask
from clients.cli.officer.steps import Step
from clients.cli.officer.writing import keep_draft, unfinished, write_and_send
from clients.cli.texts import _
from clients.cli.ui import note
from schemas.addresses import Address
from schemas.reports.base import Text

_ANSWER = Step("summary", "Your answer", Text)


def give_feedback(desk: Desk, spoken: Spoken, answers: dict[str, str], given: dict[str, Any]) -> None:
    """Tell what came of a dispatch.

    Args:
        desk: where.
        spoken: the number of the dispatch.
        answers: what the options have said of the content.
        given: options of `clients.cli.officer.respond`.

    Raises:
        SeraiError: what `clients.cli.officer.about.find_about` and `clients.cli.officer.writing.write_and_send` raise.
        click.UsageError: something is missing, and there is nobody to ask.
    """
    about = _came(desk, spoken, given)
    known = {"your_reference": about.reference()}
    write_and_send(desk, "feedback", answers, _about(desk, about, given, "feedback"), known)


def give_reply(desk: Desk, spoken: Spoken, answers: dict[str, str], given: dict[str, Any]) -> None:
    """Answer a dispatch in a few words: a feedback in which only the words need to be said.

    Args, raises: as `give_feedback`.
    """
    about = _came(desk, spoken, given)
    given = _about(desk, about, given, "reply")
    known = {"reference": f"RE {about.spoken}", "your_reference": about.reference(), "outcome": "information_given"}
    answers = unfinished(desk, given["draft"], answers, given)
    if not answers.get("summary") and not given["file"]:
        if not may_ask():
            raise click.UsageError(_("missing: {options}").format(options="--summary"))
        answers = {**answers, "summary": ask_step(_ANSWER)}
        keep_draft(desk, given["draft"], answers)
    write_and_send(desk, "feedback", answers, {**given, "taken_up": True}, known)


def _came(desk: Desk, spoken: Spoken, given: Mapping[str, Any]) -> About:
    """The dispatch, which must have come for us."""
    about = find_about(desk, spoken, given["status"])
    find_delivery(desk, about.number)
    heed_marks(about)
    return about


def _about(desk: Desk, about: About, given: dict[str, Any], rel: str) -> dict[str, Any]:
    """The options of what is said about it."""
    others = [each for each in about.cover.to if each not in (about.sender, desk.state.member)]
    if others and not given["to_all"]:
        text = _("{number} went also to {members}; --all writes to them too.")
        note(text.format(number=about.spoken, members=", ".join(others)))
    to: list[Address] = [about.sender, *(others if given["to_all"] else ())]
    draft, value = f"{rel} {about.digest}", {"about": about.number, "rel": "reply"}
    return {**given, "to": to, "on_number": Spoken(about.number, None), "draft": draft, "value": value}
