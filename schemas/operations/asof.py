"""An operation as of a moment: authority, what blocks, what is due, whose move it is (PROTOCOL 16)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import Final

from schemas.operations.fold import Folded
from schemas.operations.moments import HOUR_MS, MINUTE_MS
from schemas.operations.picture import Block, EndWarning, LegAuthority, OwedStep, Picture
from schemas.operations.results import Because, ControlSpan, PlanLeg, PlanState, SoilSpan
from schemas.operations.state import Contradiction, DueClock
from schemas.operations.terms import (
    AuthorityState,
    BlockKind,
    ClockKind,
    Colour,
    ContradictionKind,
    OwedKind,
    Phase,
    ResultPart,
    Rule,
)

WARN_MS: Final = (2 * HOUR_MS, 30 * MINUTE_MS)
"""How long before an authority ends people are warned."""

_OWED: Final = {
    AuthorityState.NOT_ASKED: OwedKind.DECIDE,
    AuthorityState.WAITING: OwedKind.DECIDE,
    AuthorityState.LEADS_WORD: OwedKind.DECIDE,
    AuthorityState.ENDED: OwedKind.DECIDE,
    AuthorityState.LAPSED: OwedKind.DECIDE,
    AuthorityState.DECIDE_AGAIN: OwedKind.DECIDE_AGAIN,
    AuthorityState.CONDITIONAL: OwedKind.CONFIRM_CONDITIONS,
}
"""What a state of authority asks for: of its member, but for conditions, which the lead confirms."""

_ASKED_BY_CONTRADICTION: Final = {
    ContradictionKind.ONE_SIDED_HANDOVER: OwedKind.SIGN_HANDOVER,
    ContradictionKind.CONTROL_LOST: OwedKind.FIND,
    ContradictionKind.NOT_COUNTED: OwedKind.COUNT,
}

_EVENTS: Final = (ClockKind.AUTHORITY_ENDS, ClockKind.ORAL_LAPSES, ClockKind.STOP_ENDS)
"""What ends by itself: nobody owes it, so it is never overdue."""


def picture_of(folded: Folded, moment_ms: int) -> Picture:
    """An operation as of a moment.

    Args:
        folded: the operation.
        moment_ms: in milliseconds since 1970 UTC.
    """
    state = folded.state
    plan = folded.plans.at(moment_ms)
    authority = tuple(_authority(folded, plan, moment_ms))
    control, soil = control_at(state.control, moment_ms), _soil_at(state.soil, moment_ms)
    blocks = tuple(_blocks(folded, plan, authority, control, soil, moment_ms))
    is_closed = _is_closed(folded, moment_ms)
    owing = [clock for clock in state.clocks if clock.kind not in _EVENTS and clock.owing(moment_ms)]
    events = [clock for clock in state.clocks if clock.kind in _EVENTS and not clock.met]
    return Picture(
        moment_ms=moment_ms,
        in_force=plan.step if plan is not None else None,
        authority=authority,
        may_go=not blocks,
        blocks=blocks,
        stops=tuple(stop for stop in state.stops if stop.stands_at(moment_ms)),
        control=control,
        soil=soil,
        running=tuple(clock for clock in sorted(owing + events, key=_due) if clock.due_ms > moment_ms),
        overdue=tuple(clock for clock in owing if clock.due_ms <= moment_ms and not is_closed),
        whose_move=tuple(_owed(folded, authority, control, owing, moment_ms))
        if state.phase is not Phase.CLOSED
        else (),
        warnings=tuple(_warnings(folded, authority, control, moment_ms)),
        unsure=tuple(part for part in ResultPart if part in state.uncertain),
    )


def _due(clock: DueClock) -> int:
    return clock.due_ms


def control_at(control: Sequence[ControlSpan], moment_ms: int) -> ControlSpan | None:
    """Whose hands the goods are in at a moment: exactly one span, or none before the beginning."""
    place = bisect_right(control, moment_ms, key=lambda span: span.since_ms)
    return control[place - 1] if place else None


def _soil_at(soil: Sequence[SoilSpan], moment_ms: int) -> SoilSpan | None:
    place = bisect_right(soil, moment_ms, key=lambda span: span.since_ms)
    return soil[place - 1] if place else None


def _authority(folded: Folded, plan: PlanState | None, moment_ms: int) -> Iterator[LegAuthority]:
    for leg in plan.legs if plan is not None else ():
        if plan is not None:
            yield folded.authorities.of_leg(plan, leg, moment_ms)
    for step in folded.thread.doing("move"):
        for member in step.parts():
            yield folded.authorities.of_move(member, step.digest, moment_ms)


def _is_closed(folded: Folded, moment_ms: int) -> bool:
    closed = folded.state.closed_by
    return closed is not None and folded.thread.steps[closed].effective_ms <= moment_ms


def _blocks(
    folded: Folded,
    plan: PlanState | None,
    authority: Sequence[LegAuthority],
    control: ControlSpan | None,
    soil: SoilSpan | None,
    moment_ms: int,
) -> Iterator[Block]:
    """Why the goods may not go on."""
    state = folded.state
    if state.phase is Phase.NOT_OPENED:
        yield Block(BlockKind.NOT_OPENED, Because(Rule.F8, (state.id,)))
    if state.closed_by is not None and _is_closed(folded, moment_ms):
        yield Block(BlockKind.CLOSED, Because(Rule.F1, (state.closed_by,)), step=state.closed_by)
    if plan is None:
        yield Block(BlockKind.NOT_CONFIRMED, Because(Rule.F1, (state.id,)), member=state.lead)
    else:
        yield from _legs_block(plan, authority, soil)
    for stop in state.stops:
        if stop.stands_at(moment_ms):
            yield Block(BlockKind.STOPPED, stop.because, member=stop.member, step=stop.step)
    if control is not None and control.lost_ms is not None:
        yield Block(BlockKind.LOST, control.because, member=control.holder, step=control.step)
    if control is not None and control.rivals:
        yield Block(BlockKind.TWO_CONTROLS, control.because, member=control.holder, step=control.step)


def _ahead(plan: PlanState, soil: SoilSpan | None) -> tuple[PlanLeg, ...]:
    """The leg on which the goods are, and those after it; all of them, where that is not known."""
    names = [leg.leg for leg in plan.legs]
    return plan.legs[names.index(soil.leg) :] if soil is not None and soil.leg in names else plan.legs


def _legs_block(plan: PlanState, authority: Sequence[LegAuthority], soil: SoilSpan | None) -> Iterator[Block]:
    """Legs that may not be used. Those that lie behind the goods are not asked for."""
    if not plan.is_readable:
        yield Block(BlockKind.NOT_SURE, Because(Rule.F8, (plan.step,)), step=plan.step)
    elif not plan.legs:
        yield Block(BlockKind.NO_LEGS, Because(Rule.F2, (plan.step,)), step=plan.step)
    entered = _entered(plan, soil)
    for each in authority:
        if each.move is None and each.leg in entered and not _is_open(each, entered[each.leg]):
            yield Block(BlockKind.NO_AUTHORITY, each.because, leg=each.leg, member=each.member, step=each.decision)


def _entered(plan: PlanState, soil: SoilSpan | None) -> dict[str, int | None]:
    """When the goods are expected on each leg that is still asked for; on the one on which they are they have come."""
    here = soil.leg if soil is not None else None
    return {leg.leg: None if leg.leg == here else leg.enters_ms for leg in _ahead(plan, soil)}


def _is_open(authority: LegAuthority, enters_ms: int | None) -> bool:
    """Whether a leg may be used: authority stands, or begins before the goods come onto it, and ends after that."""
    begins = authority.state is AuthorityState.NOT_YET and enters_ms is not None and authority.since_ms is not None
    is_in_time = authority.stands or (begins and (authority.since_ms or 0) <= (enters_ms or 0))
    return is_in_time and not _ends_before(authority, enters_ms)


def _ends_before(authority: LegAuthority, enters_ms: int | None) -> bool:
    """Whether an authority that stands, or is to begin, is over when the goods are expected on its leg."""
    has_end = authority.until_ms is not None and (authority.stands or authority.state is AuthorityState.NOT_YET)
    return has_end and enters_ms is not None and (authority.until_ms or 0) <= enters_ms


def _owed(
    folded: Folded,
    authority: Sequence[LegAuthority],
    control: ControlSpan | None,
    owing: Sequence[DueClock],
    moment_ms: int,
) -> Iterator[OwedStep]:
    """Whose move it is."""
    state = folded.state
    newest = state.plans[-1] if state.plans else None
    is_open = newest is not None and newest.confirmed_by is None
    if newest is not None and is_open and state.lead is not None:
        yield OwedStep(state.lead, OwedKind.CONFIRM_PLAN, (newest.step,))
    entered: dict[str, int | None] = {}
    due = {(member, clock.step): clock.due_ms for clock in owing for member in clock.owing(moment_ms)}
    if newest is not None:
        soil = _soil_at(state.soil, moment_ms)
        ahead = [folded.authorities.of_leg(newest, leg, moment_ms) for leg in _ahead(newest, soil)]
        authority = [*ahead, *(each for each in authority if each.move is not None)]
        entered = _entered(newest, soil)
    for each in authority:
        is_short = each.move is None and _ends_before(each, entered.get(each.leg))
        kind = OwedKind.DECIDE_AGAIN if is_short else _OWED.get(each.state)
        member = state.lead if kind is OwedKind.CONFIRM_CONDITIONS else each.member
        if kind is not None and member is not None and not (is_open and member == state.lead):
            due_ms = next((due[member, step] for step in each.because.steps if (member, step) in due), None)
            yield OwedStep(member, kind, each.because.steps, due_ms, each.leg)
    if control is not None and control.offered_to is not None:
        steps = (control.offer,) if control.offer is not None else ()
        yield OwedStep(control.offered_to, OwedKind.ACCEPT_HANDOVER, steps)
    for exhibit in state.custody.exhibits:
        if exhibit.offered_to is not None and exhibit.offer is not None:
            yield OwedStep(exhibit.offered_to, OwedKind.ACCEPT_HANDOVER, (exhibit.offer,), about=exhibit.name)
    yield from filter(None, map(_to_explain, state.contradictions))
    for clock in owing:
        asked = OwedKind.ANSWER if clock.kind is ClockKind.ANSWER else OwedKind.REPORT
        for member in clock.owing(moment_ms):
            yield OwedStep(member, asked, (clock.step,), clock.due_ms)


def _to_explain(found: Contradiction) -> OwedStep | None:
    if found.owner is None:
        return None
    kind = _ASKED_BY_CONTRADICTION.get(found.kind)
    if kind is None and found.colour is Colour.RED:
        kind = OwedKind.EXPLAIN
    return OwedStep(found.owner, kind, found.steps, about=found.about) if kind is not None else None


def _warnings(
    folded: Folded, authority: Sequence[LegAuthority], control: ControlSpan | None, moment_ms: int
) -> Iterator[EndWarning]:
    """Two hours and half an hour before an authority ends: to holder, lead and that country."""
    holder = control.holder if control is not None else None
    for each in authority:
        end = each.until_ms
        if end is None or end <= moment_ms or each.state in (AuthorityState.REFUSED, AuthorityState.WITHDRAWN):
            continue
        to = tuple(dict.fromkeys(member for member in (holder, folded.state.lead, each.member) if member is not None))
        for before in WARN_MS:
            yield EndWarning(end - before, end, each.leg, each.member, to)
