"""Entries of a form that cannot be right, named before anything is signed.

The hub never refuses a fact for what it says; a person who has mistyped one is asked to look again.
"""

# ruff: noqa: RUF001 - Russian words contain letters that look Latin

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from schemas import limits
from schemas.addresses import Address
from schemas.labels import CodedValue
from schemas.operations.moments import HOUR_MS, moment_or_none
from schemas.operations.table import GRANTS
from schemas.reports.operations import (
    DecideForm,
    FactForm,
    HandForm,
    MoveForm,
    OpenForm,
    OperationForm,
    PlanContent,
    StopForm,
)
from schemas.reports.operations.codes import Movement

_LONGEST_STOP_MS: Final = 24 * HOUR_MS


class EntryFault(CodedValue):
    """What cannot be right in a form, and what to do."""

    NOT_NAMED = (
        "not_named",
        "a member in the plan is no participant: name it with its part",
        "участник плана не назван: укажите его и его роль",
    )
    NOT_ACTIVE = (
        "not_active",
        "a member that left is asked, or answers for a leg: give it a part again, or name another",
        "вышедший участник упомянут в плане: верните ему роль или укажите другого",
    )
    STOP_TOO_LONG = (
        "stop_too_long",
        "a stop lasts 24 hours at most: renew it, or leave its end out",
        "стоп действует не более 24 часов: продлите его новым или не указывайте срок",
    )
    ENDS_TOO_SOON = (
        "ends_too_soon",
        "it would end before it begins: look at both times",
        "окончание раньше начала: проверьте оба времени",
    )
    ASKED_TOO_LATE = (
        "asked_too_late",
        "an answer is asked by a time that is over: name a later one",
        "срок ответа уже прошёл: укажите более поздний",
    )
    IN_THE_FUTURE = (
        "in_the_future",
        "it would have happened later than now: look at the time and its offset from UTC",
        "время факта ещё не наступило: проверьте время и смещение от UTC",
    )
    LEG_UNKNOWN = (
        "leg_unknown",
        "the plan has no such leg: see its legs",
        "в плане нет такого участка: посмотрите его участки",
    )
    LEG_OF_ANOTHER = (
        "leg_of_another",
        "another member answers for that leg: decide on your own",
        "за этот участок отвечает другой: принимайте решение по своим",
    )
    REASON_MISSING = (
        "reason_missing",
        "a refusal and a withdrawal have a reason",
        "для отказа и отзыва нужна причина",
    )
    SOIL_MISSING = (
        "soil_missing",
        "a crossing says whose soil was entered, or which leg",
        "для пересечения укажите, на чью территорию вошёл груз или какой это участок",
    )
    HANDED_TO_ITSELF = (
        "handed_to_itself",
        "the other side of a handover is another member",
        "другая сторона передачи должна быть другим участником",
    )
    NO_OFFER = (
        "no_offer",
        "nothing was offered that could be as offered: enter what came",
        "предложения не было: укажите, что получено",
    )
    NO_PROFILE = (
        "no_profile",
        "the request rests on no profile of yours: tick what you guarantee, each by itself",
        "запрос не опирается на ваш профиль: отметьте гарантии по отдельности",
    )


@dataclass(frozen=True, slots=True)
class ImpossibleEntry:
    """An entry that cannot be right.

    Attributes:
        fault: what is wrong.
        where: its path in the form.
        value: what it concerns: a member, a leg; empty if that is clear.
    """

    fault: EntryFault
    where: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class EntryContext:
    """What entries are held against.

    Attributes:
        member: whose step it is.
        now_ms: milliseconds since 1970 UTC.
        decision: of a ``decide``.
        parts: of the participants of a plan.
        legs: of the plan on which is decided: who answers for each, by its name; ``None`` if that is not here.
        has_offer: whether the handover answers an offer.
        has_profile: whether the plan on which is decided rests on a profile of the own member.
    """

    member: Address
    now_ms: int
    decision: str | None = None
    parts: Mapping[Address, str] | None = None
    legs: Mapping[str, Address] | None = None
    has_offer: bool = False
    has_profile: bool = False


def impossible_entries(form: OperationForm, context: EntryContext) -> list[ImpossibleEntry]:
    """What of a form cannot be right, in the order of the form."""
    found: list[ImpossibleEntry] = []
    if isinstance(form, PlanContent):
        found += _of_plan(form, context)
    elif isinstance(form, DecideForm):
        found += _of_decision(form, context)
    elif isinstance(form, StopForm):
        found += _of_stop(form, context)
    if isinstance(form, FactForm):
        found += _of_fact(form, context)
    return found


def _of_plan(form: PlanContent, context: EntryContext) -> Iterator[ImpossibleEntry]:
    parts = {context.member: "lead", **(context.parts or {})}
    named = [(f"asks[{at}].member", each.member) for at, each in enumerate(form.asks)]
    named += [(f"legs[{at}].member", each.member) for at, each in enumerate(form.legs)]
    named += [("stop_rule.decided_by", form.stop_rule.decided_by)]
    for where, member in named:
        if member not in parts:
            yield ImpossibleEntry(EntryFault.NOT_NAMED, where, member)
        elif parts[member] == "left":
            yield ImpossibleEntry(EntryFault.NOT_ACTIVE, where, member)
    for at, each in enumerate(form.asks if isinstance(form, OpenForm) else ()):  # a plan repeats what was asked before
        until_ms = moment_or_none(each.until)
        if until_ms is not None and until_ms <= context.now_ms:
            yield ImpossibleEntry(EntryFault.ASKED_TOO_LATE, f"asks[{at}].until", each.member)
    for at, leg in enumerate(form.legs):
        if _is_before(leg.leaves, leg.enters):
            yield ImpossibleEntry(EntryFault.ENDS_TOO_SOON, f"legs[{at}].leaves", leg.leg)
    if _is_before(form.next_point.latest, form.next_point.earliest):
        yield ImpossibleEntry(EntryFault.ENDS_TOO_SOON, "next_point.latest")


def _of_decision(form: DecideForm, context: EntryContext) -> Iterator[ImpossibleEntry]:
    for at, leg in enumerate(form.legs):
        owner = (context.legs or {}).get(leg.leg)
        if context.legs is not None and owner is None:
            yield ImpossibleEntry(EntryFault.LEG_UNKNOWN, f"legs[{at}].leg", leg.leg)
        elif context.legs is not None and owner != context.member:
            yield ImpossibleEntry(EntryFault.LEG_OF_ANOTHER, f"legs[{at}].leg", leg.leg)
    if context.decision not in GRANTS and form.reason is None:
        yield ImpossibleEntry(EntryFault.REASON_MISSING, "reason")
    if _is_before(form.valid_until, form.valid_from):
        yield ImpossibleEntry(EntryFault.ENDS_TOO_SOON, "valid_until")
    if form.as_in_profile and not context.has_profile:
        yield ImpossibleEntry(EntryFault.NO_PROFILE, "as_in_profile")
    if form.oral is not None and _is_before(form.oral.confirmed_until, form.oral.spoken_at):
        yield ImpossibleEntry(EntryFault.ENDS_TOO_SOON, "oral.confirmed_until")


def _of_stop(form: StopForm, context: EntryContext) -> Iterator[ImpossibleEntry]:
    until_ms = moment_or_none(form.until)
    if until_ms is not None and until_ms <= context.now_ms:
        yield ImpossibleEntry(EntryFault.ENDS_TOO_SOON, "until")
    elif until_ms is not None and until_ms > context.now_ms + _LONGEST_STOP_MS:
        yield ImpossibleEntry(EntryFault.STOP_TOO_LONG, "until")


def _of_fact(form: FactForm, context: EntryContext) -> Iterator[ImpossibleEntry]:
    occurred_ms = moment_or_none(form.occurred_at)
    if occurred_ms is not None and occurred_ms > context.now_ms + 1000 * limits.CLOCK_AHEAD_S:
        yield ImpossibleEntry(EntryFault.IN_THE_FUTURE, "occurred_at")
    if isinstance(form, MoveForm) and form.movement is Movement.CROSSED and form.soil is None and form.leg is None:
        yield ImpossibleEntry(EntryFault.SOIL_MISSING, "soil")
    if isinstance(form, HandForm) and form.other == (form.fact_of or context.member):
        yield ImpossibleEntry(EntryFault.HANDED_TO_ITSELF, "other")
    if isinstance(form, HandForm) and form.as_offered and not context.has_offer:
        yield ImpossibleEntry(EntryFault.NO_OFFER, "as_offered")


def _is_before(end: str | None, start: str | None) -> bool:
    end_ms, start_ms = moment_or_none(end), moment_or_none(start)
    return end_ms is not None and start_ms is not None and end_ms <= start_ms
