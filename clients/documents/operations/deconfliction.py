"""Deconfliction as a person reads it: how a plan stands to the desk, what it has answered, what a desk holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from clients.actions.numbers import spell_number
from clients.actions.operations.comparing import GivenAnswer
from clients.actions.operations.deconflicting import PlanStanding
from clients.documents.columns import shorten
from clients.documents.plain import WIDTH, clean, field, utc, wrap
from clients.documents.profiles import number_lines
from clients.documents.texts import _, label, plural
from schemas.addresses import Address
from schemas.operations.deconfliction import AskedDesk, Comparison, DeskView
from schemas.reports.deconflict import ComparisonResult
from schemas.reports.profile import ProfileReport

Stated = Mapping[Address, ProfileReport | None]
"""What counts of the profile of each country."""


def result_text(result: ComparisonResult | None, talk_to: Sequence[Address]) -> str:
    """What a desk has answered, in a line."""
    if result is None:
        return _("no answer yet")
    return " ".join((label(result), ", ".join(talk_to))).rstrip()


def asked_text(asked: AskedDesk, status: str) -> str:
    """A question and what became of it, in a line."""
    number = spell_number(asked.number, status)
    text = f"{number}: {asked.desk}: {result_text(asked.result, asked.talk_to)}"
    return _("{question} (withdrawn)").format(question=text) if asked.is_withdrawn else text


def standing_lines(standing: PlanStanding, status: str, stated: Stated) -> list[str]:
    """How a plan stands to the desk: who left it out, and whom to call, is seen before it is signed.

    Args:
        standing: of the plan.
        status: of the operation.
        stated: what counts of the profile of each country.
    """
    if standing.question is None:
        return field(_("Deconfliction"), _("nothing to compare: no number, and no border point with a day"))
    lines = [line for each in standing.asked for line in field(_("Deconfliction"), asked_text(each, status))]
    if standing.left:
        text = _("NOT ALL ASKED: {desk}") if standing.asked else _("NOT ASKED: {desk}")
        text = text if standing.can_be_asked else _("NOT ASKED: {desk} cannot be written to from here")
        lines += field(_("Deconfliction"), text.format(desk=standing.desk))
    if standing.talk_to:
        text = _("TALK TO {members} before this goes: they are after the same.")
        lines += [wrap(text.format(members=", ".join(standing.talk_to))), *number_lines(standing.talk_to, stated)]
    return lines


def answer_lines(asked: AskedDesk | None, talk_to: Sequence[Address], stated: Stated) -> list[str]:
    """Beneath an answer that came: whom to call, or that it is none.

    Args:
        asked: the own question that it answers; ``None`` if it is not by the desk that was asked.
        talk_to: members that it names.
        stated: what counts of the profile of each country.
    """
    if asked is None:
        text = _("NOT AN ANSWER OF THE DESK THAT WAS ASKED: it counts for nothing. Call the desk.")
        return wrap(text).splitlines()
    return number_lines(talk_to, stated)


def asked_json(asked: AskedDesk) -> dict[str, Any]:
    """A question and what became of it, for programs."""
    return {
        "number": asked.number,
        "digest": asked.digest,
        "desk": asked.desk,
        "reference": asked.reference,
        "matters": len(asked.matters),
        "result": asked.result.value if asked.result is not None else None,
        "talk_to": list(asked.talk_to),
        "withdrawn": asked.is_withdrawn,
    }


def standing_json(standing: PlanStanding) -> dict[str, Any]:
    """How a plan stands to the desk, for programs."""
    return {
        "desk": standing.desk,
        "not_asked": standing.left,
        "result": standing.result.value if standing.result is not None else None,
        "talk_to": list(standing.talk_to),
        "questions": [each.number for each in standing.asked],
    }


# At the desk


def desk_lines(views: Mapping[str, DeskView], given: Sequence[GivenAnswer]) -> list[str]:
    """What a desk holds of each status, and what it has answered just now.

    Args:
        views: what was found, by the status.
        given: the answers that were put into the outbox.
    """
    lines = [_found_line(each, status) for status, view in views.items() for each in view.standing]
    lines = lines or [_("Nobody has asked us.")]
    text = plural("{count} answer given.", "{count} answers given.", len(given))
    return [*lines, text]


def _found_line(found: Comparison, status: str) -> str:
    number, when = spell_number(found.question.number, status), utc(found.question.accepted_ms)[5:16]
    text = f"{number:>12} {when} {found.question.member:<12} {clean(result_text(found.result, found.meets))}"
    return shorten(text, WIDTH)


def desk_json(views: Mapping[str, DeskView], given: Sequence[GivenAnswer]) -> dict[str, Any]:
    """The same for programs."""
    return {
        "standing": [
            {
                "number": each.question.number,
                "member": each.question.member,
                "status": status,
                "accepted_ms": each.question.accepted_ms,
                "result": each.result.value,
                "talk_to": list(each.meets),
            }
            for status, view in views.items()
            for each in view.standing
        ],
        "answers": [
            {
                "on": each.due.question.number,
                "to": each.due.question.member,
                "result": each.due.form.result.value,
                "talk_to": list(each.due.form.talk_to),
                "outbox": each.sent.id,
            }
            for each in given
        ],
    }
