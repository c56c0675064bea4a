"""What follows in the content of a step from what is here of its operation."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from clients.actions.operations.known import KnownOperation
from clients.errors import ClientError, LocalCode
from clients.mail.compose import Expectation
from schemas.addresses import Address
from schemas.operations.moments import moment_ms
from schemas.operations.results import DecisionState, PlanState
from schemas.reports.operations import DecideForm, MoveForm, OperationForm, PlanContent, PlanForm
from schemas.reports.operations.parts import DecidedLeg, EarlierDecision

_MOST_EARLIER: Final = 128


def legs_owned(plan: PlanState) -> dict[str, Address]:
    """Who answers for each leg of a plan, by its name."""
    return {leg.leg: leg.member for leg in plan.legs}


def complete_form(form: OperationForm, member: Address, plan: PlanState | None, legs: tuple[str, ...]) -> OperationForm:
    """A decision with the digests of the legs and of the common part on which it decides; any other form as it is.

    Args:
        form: as it was entered.
        member: whose step it is.
        plan: on which it is, if it is on one.
        legs: names of the legs on which is decided; all of the member, if there are none.

    Raises:
        ClientError: ``plan_unreadable``: nobody decides on what cannot be read.
    """
    if not isinstance(form, DecideForm) or plan is None or form.legs:
        return form
    if not plan.is_readable:
        raise ClientError(LocalCode.PLAN_UNREADABLE)
    digests = {leg.leg: leg.digest for leg in plan.legs}
    chosen = legs or tuple(leg.leg for leg in plan.legs if leg.member == member)
    decided = tuple(DecidedLeg(leg=name, digest=digests.get(name, plan.common)) for name in chosen)
    return form.model_copy(update={"legs": decided, "common": plan.common})


def with_earlier_decisions(
    form: OperationForm, known: KnownOperation | None, parts: tuple[tuple[Address, str], ...]
) -> OperationForm:
    """A plan by which somebody joins, with the decisions that he was not sent: they are for him by the lead's word.

    Args:
        form: as it was entered; one that lists them already stays as it is.
        known: the operation; ``None`` of a request.
        parts: of all whom the plan names.
    """
    if known is None or not isinstance(form, PlanForm) or form.earlier_decisions:
        return form
    named = {*known.state.parts, known.state.lead}
    if all(member in named for member, _ in parts):
        return form
    by_step: dict[str, list[DecisionState]] = {}
    for each in known.state.decisions:
        by_step.setdefault(each.step, []).append(each)
    earlier = [_earlier(step, decisions) for step, decisions in by_step.items()]
    return form.model_copy(update={"earlier_decisions": tuple(earlier[-_MOST_EARLIER:])})


def _earlier(step: str, decisions: list[DecisionState]) -> EarlierDecision:
    first = decisions[0]
    until = None if first.valid_until_ms is None else instant_of(first.valid_until_ms)
    legs = tuple(each.leg for each in decisions if each.leg is not None)
    return EarlierDecision(member=first.member, decision=first.decision, digest=step, legs=legs, valid_until=until)


def instant_of(moment_ms: int) -> str:
    """A moment as forms have it, in UTC."""
    return datetime.fromtimestamp(moment_ms // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def expectation_of(
    form: OperationForm, member: Address, asked: Expectation | None, now_ms: int
) -> tuple[Expectation | None, tuple[Address, ...]]:
    """The clock of a step, and who is asked for something at another time than it has.

    A time that is over starts none: it would be overdue at once, and what is still to come would have no clock.

    Args:
        form: its content.
        member: whose step it is.
        asked: the clock that was chosen; what the form asks first, if ``None``.
        now_ms: milliseconds since 1970 UTC.
    """
    until = _asked_in(form, member)
    first = min((at_ms for at_ms in until.values() if at_ms > now_ms), default=None)
    if asked is None and first is not None:
        asked = Expectation(first // 1000, tuple(each for each, at_ms in until.items() if at_ms == first))
    if asked is None:
        return None, tuple(until)
    return asked, tuple(each for each, at_ms in until.items() if at_ms // 1000 != asked.by)


def _asked_in(form: OperationForm, member: Address) -> Mapping[Address, int]:
    """By when the form itself asks something of whom, the first of each, milliseconds since 1970 UTC."""
    if isinstance(form, MoveForm) and form.next_report is not None:
        return {member: moment_ms(form.next_report)}
    found: dict[Address, int] = {}
    for ask in form.asks if isinstance(form, PlanContent) else ():
        if ask.until is not None and ask.member != member:
            found[ask.member] = min(moment_ms(ask.until), found.get(ask.member, 1 << 62))
    return found
