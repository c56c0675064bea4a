"""What a plan does not meet of what a country asks for in its profile (PROTOCOL 16). Nothing here refuses."""

# ruff: noqa: RUF001 - Russian words contain letters that look Latin

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from schemas.addresses import Address
from schemas.labels import CodedValue
from schemas.operations.moments import HOUR_MS, moment_ms
from schemas.reports.operations import PlanContent
from schemas.reports.profile import LetterOfRequest, ProfileReport


class DemandKind(CodedValue):
    """What a profile asks for."""

    NOTICE = "notice", "Less notice than is asked for, in hours", "Запрос позже, чем требуется, ч"
    VALIDITY = "validity", "Longer than an authority holds there, in hours", "Дольше, чем действует разрешение, ч"
    SUBSTITUTION = "substitution", "Substitution that is not permitted", "Замена, которая не допускается"
    STATED = "stated", "Not stated", "Не указано"
    LETTER = "letter", "Letter of request needed", "Нужен запрос о правовой помощи"
    INTERDICT = "interdict", "The goods must be seized there if", "Груз там изымается, если"
    NOT_KNOWN = "not_known", "No profile: not known, ask now", "Профиля нет: неизвестно, запросите сейчас"


@dataclass(frozen=True, slots=True)
class UnmetDemand:
    """Something that a country asks for, and a plan does not meet, or cannot be seen to meet.

    Attributes:
        member: whose profile asks.
        kind: what is asked for.
        words: what is asked, as the profile has it; a code where it is one; empty where the kind says all.
    """

    member: Address
    kind: DemandKind
    words: str = ""


def unmet_demands(
    plan: PlanContent, member: Address, profile: ProfileReport | None, asked_ms: int
) -> tuple[UnmetDemand, ...]:
    """What a plan does not meet of a country's profile, for its officer to see before it goes.

    A letter of request and the cases in which goods must be seized are named always: no program can see that they are
    met.

    Args:
        plan: the content, about to be sent.
        member: whose profile it is.
        profile: what counts; ``None`` if nothing does, or it cannot be read here.
        asked_ms: when the plan is sent, in milliseconds since 1970 UTC.
    """
    if profile is None:
        return (UnmetDemand(member, DemandKind.NOT_KNOWN),)
    found = (*_times(plan, member, profile, asked_ms), *_substitution(plan, profile), *_stated(plan, profile))
    letter = profile.letter_of_request
    if letter is not None and letter is not LetterOfRequest.NONE:
        found = (*found, (DemandKind.LETTER, letter.value))
    found = (*found, *((DemandKind.INTERDICT, each) for each in profile.must_interdict))
    return tuple(UnmetDemand(member, kind, words) for kind, words in found)


def _times(
    plan: PlanContent, member: Address, profile: ProfileReport, asked_ms: int
) -> Iterator[tuple[DemandKind, str]]:
    """Notice before the goods are on its soil, and how long they are there."""
    legs = [leg for leg in plan.legs if leg.member == member]
    enters = [moment_ms(leg.enters) for leg in legs if leg.enters is not None]
    leaves = [moment_ms(leg.leaves) for leg in legs if leg.leaves is not None]
    if profile.notice_hours is not None and (
        not enters or min(enters) - asked_ms < int(profile.notice_hours) * HOUR_MS
    ):
        yield DemandKind.NOTICE, profile.notice_hours
    longest = profile.longest_validity_hours
    if longest is not None and leaves and max(leaves) - min(enters, default=asked_ms) > int(longest) * HOUR_MS:
        yield DemandKind.VALIDITY, longest


def _substitution(plan: PlanContent, profile: ProfileReport) -> Iterator[tuple[DemandKind, str]]:
    wanted = plan.substitution
    if wanted is not None and profile.substitution and wanted not in profile.substitution:
        yield DemandKind.SUBSTITUTION, wanted.value


def _stated(plan: PlanContent, profile: ProfileReport) -> Iterator[tuple[DemandKind, str]]:
    """What a plan may leave open, and this country does not let it; and its own questions, by their labels."""
    open_items = plan.open_items
    yield from ((DemandKind.STATED, item.value) for item in profile.must_state if item.is_later or item in open_items)
    labels = {_fold(each.label) for each in plan.further}
    yield from ((DemandKind.STATED, each) for each in profile.must_state_further if _fold(each) not in labels)


def _fold(text: str) -> str:
    return " ".join(text.casefold().split())
