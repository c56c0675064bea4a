"""Asking a desk, before a request goes out, whether somebody else is after the same (PROTOCOL 16)."""

# ruff: noqa: RUF001 - Russian words contain letters that look Latin

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from pydantic import ValidationError

from clients.actions.client import Client
from clients.actions.writing import Marking, check_recipients, reachable_members, send_report
from clients.errors import ClientError, LocalCode
from clients.mail.compose import Expectation
from clients.mail.cover import Cover
from clients.mail.deconfliction import read_questions
from clients.mail.sent import Sent
from schemas.addresses import Address
from schemas.claims import Handling, Precedence
from schemas.labels import CodedValue
from schemas.operations.deconfliction import DESK, AskedDesk
from schemas.operations.matters import matters_of, number_matters, point_matters
from schemas.reports.deconflict import (
    MOST_NUMBERS,
    MOST_POINTS,
    ComparedNumber,
    ComparedPoint,
    ComparisonResult,
    DeconflictReport,
)
from schemas.reports.parts import Identifier

ANSWER_MINUTES: Final = 30
"""By when a desk is asked to answer: its machine does in seconds; after that somebody has to call it."""

_LOOK_S: Final = 0.2
_HANDLING: Handling = "H2"
_PRECEDENCE: Precedence = "priority"


class QuestionFault(CodedValue):
    """Why nobody can ask."""

    NOTHING = (
        "nothing",
        "it names no number, and no border point with a day",
        "не указаны ни номер, ни пункт пропуска с датой",
    )
    TEST = "test", "a question is actual or of an exercise, never a test", "сверка не бывает проверкой связи"
    OWN = "own", "the desk is your own", "сверку проводите вы сами"


@dataclass(frozen=True, slots=True)
class PlanStanding:
    """How a plan stands to the desk: whether it was asked about all that could be compared, and what it answered.

    Attributes:
        desk: which.
        can_be_asked: whether it is in the directory, and is another member.
        question: what could be asked; ``None`` where the plan has nothing to compare.
        left: how many of its matters nobody has asked about.
        asked: the questions that concern it, which stand.
    """

    desk: Address
    can_be_asked: bool
    question: DeconflictReport | None = None
    left: int = 0
    asked: tuple[AskedDesk, ...] = ()

    @property
    def talk_to(self) -> tuple[Address, ...]:
        """Members that are after the same."""
        return tuple(dict.fromkeys(member for each in self.asked for member in each.talk_to))

    @property
    def result(self) -> ComparisonResult | None:
        """What was found of all that was asked; ``None`` while an answer is missing."""
        if self.talk_to:
            return ComparisonResult.TALK_TO
        results = {each.result for each in self.asked}
        order = (None, ComparisonResult.NOT_COMPARED, ComparisonResult.NONE)
        return next((each for each in order if each in results), None)


# What a plan has to compare


def question_of(members: Mapping[str, Any], asked: frozenset[str] = frozenset()) -> DeconflictReport | None:
    """The question that follows from a plan, or from what was typed of one: its numbers, its borders with their days.

    Args:
        members: of the plan, as in JSON; what cannot be read is left out.
        asked: matters about which was asked before; while there are others, the question is about those.

    Returns:
        The question; ``None`` if there is nothing to compare. It says nothing else of the plan but its reference.
    """
    numbers = dict.fromkeys(_numbers(members))
    points = dict.fromkeys(_points(members))
    fresh_numbers = [each for each in numbers if not asked.issuperset(number_matters((each,)))]
    fresh_points = [each for each in points if not asked.issuperset(point_matters((each,)))]
    if fresh_numbers or fresh_points:
        numbers, points = dict.fromkeys(fresh_numbers), dict.fromkeys(fresh_points)
    reference = members.get("our_reference")
    if not isinstance(reference, str) or not (numbers or points):
        return None
    try:
        form = DeconflictReport(
            our_reference=reference, numbers=tuple(numbers)[:MOST_NUMBERS], points=tuple(points)[:MOST_POINTS]
        )
    except ValidationError:
        return None
    return form if matters_of(form) else None


def _numbers(members: Mapping[str, Any]) -> Iterator[ComparedNumber]:
    found = [*members.get("identifiers", ())]
    found += [each for conveyance in members.get("conveyances", ()) for each in conveyance.get("identifiers", ())]
    for each in found:
        try:
            number = Identifier.model_validate(each)
        except ValidationError:
            continue
        yield ComparedNumber(kind=number.kind, value=number.value)


def _points(members: Mapping[str, Any]) -> Iterator[ComparedPoint]:
    """Border points of legs on the day on which they are expected, in UTC and as it was written."""
    for leg in members.get("legs", ()):
        place, enters = leg.get("border"), leg.get("enters")
        if not isinstance(place, Mapping) or not isinstance(enters, str):
            continue
        try:
            days = {enters[:10], datetime.fromisoformat(enters).astimezone(UTC).date().isoformat()}
            named = {key: place[key] for key in ("un_locode", "name") if place.get(key)}
            last = {"last_day": max(days)} if len(days) > 1 else {}
            yield ComparedPoint.model_validate({**named, "first_day": min(days), **last})
        except ValueError:
            continue


def next_question(client: Client, members: Mapping[str, Any], status: str, desk: Address) -> DeconflictReport | None:
    """The question that a plan leads to after those that stand: what one has no room for comes with the next.

    Args:
        client: whose.
        members: of the plan, as in JSON.
        status: within which is asked.
        desk: which.
    """
    standing = (each for each in read_questions(client.state, status) if each.desk == desk and not each.is_withdrawn)
    return question_of(members, frozenset(matter for each in standing for matter in each.matters))


def question_about(client: Client, members: Mapping[str, Any], status: str, desk: Address = DESK) -> DeconflictReport:
    """The question that a plan leads to now; see `next_question`.

    Raises:
        ClientError: ``question_unsent``: nothing can be compared.
    """
    if (found := next_question(client, members, status, desk)) is None:
        raise ClientError(LocalCode.QUESTION_UNSENT, why=QuestionFault.NOTHING)
    return found


def plan_standing(client: Client, members: Mapping[str, Any], status: str, desk: Address = DESK) -> PlanStanding:
    """How a plan stands to a desk.

    Args:
        client: whose.
        members: of the plan, as in JSON.
        status: within which it was asked.
        desk: which.
    """
    question = question_of(members)
    can_be_asked = desk in reachable_members(client)
    if question is None:
        return PlanStanding(desk, can_be_asked)
    matters = _all_matters(members)
    asked = tuple(
        each
        for each in read_questions(client.state, status)
        if each.desk == desk and not each.is_withdrawn and each.matters & matters
    )
    left = matters.difference(*(each.matters for each in asked))
    return PlanStanding(desk, can_be_asked, question, len(left), asked)


def _all_matters(members: Mapping[str, Any]) -> frozenset[str]:
    """What a plan has to compare, also what one question has no room for: that is not asked, and is told."""
    return frozenset((*number_matters(_numbers(members)), *point_matters(_points(members))))


# Asking


def check_question(report: DeconflictReport) -> DeconflictReport:
    """A question that asks something.

    Raises:
        ClientError: ``question_unsent``.
    """
    if not matters_of(report):
        raise ClientError(LocalCode.QUESTION_UNSENT, why=QuestionFault.NOTHING)
    return report


def question_cover(client: Client, marking: Marking, officer: Address | None, desk: Address = DESK) -> Cover:
    """The cover of a question: to one desk, with a clock.

    Args:
        client: whose.
        marking: how it is to be marked.
        officer: who signs; ``None`` if that is clear.
        desk: who compares.

    Raises:
        ClientError: ``question_unsent``; ``recipients_unknown``; what `Client.signer` raises.
    """
    status = marking.status or client.network_status
    if status == "test":
        raise ClientError(LocalCode.QUESTION_UNSENT, why=QuestionFault.TEST)
    if desk == client.member:
        raise ClientError(LocalCode.QUESTION_UNSENT, why=QuestionFault.OWN)
    return Cover(
        to=check_recipients(client, [desk]),
        signer=client.signer(officer),
        status=status,
        precedence=marking.precedence or _PRECEDENCE,
        handling=marking.handling or _HANDLING,
        expects=Expectation(client.state.system.clock.time_s() + 60 * ANSWER_MINUTES, (desk,)),
    )


def ask_desk(client: Client, report: DeconflictReport, cover: Cover, draft: str) -> Sent:
    """Put a question into the outbox.

    Args:
        client: whose.
        report: the question.
        cover: to which desk.
        draft: name of the draft that it ends.

    Raises:
        ClientError: ``question_unsent``; what `clients.actions.writing.send_report` raises.
    """
    return send_report(client, check_question(report), cover, draft)[0]


def find_question(client: Client, digest: str, status: str) -> AskedDesk | None:
    """A question of the own member, by its digest, as it stands now."""
    return next((each for each in read_questions(client.state, status) if each.digest == digest), None)


def wait_for_answer(client: Client, digest: str, status: str, wait_s: float) -> AskedDesk | None:
    """A question as it stands when the desk has answered, or the time is over.

    Args:
        client: whose.
        digest: of the question.
        status: of the question.
        wait_s: how long at most; that there is no line is no fault.
    """
    deadline = time.monotonic() + wait_s
    while True:
        client.reread()
        found = find_question(client, digest, status)
        left_s = deadline - time.monotonic()
        if left_s <= 0 or (found is not None and found.result is not None):
            return found
        client.catch_up(left_s, needed=lambda: True)
        time.sleep(_LOOK_S)
