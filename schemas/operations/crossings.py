"""Borders that were crossed, judged (rule F6, PROTOCOL 16)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from schemas.addresses import Address
from schemas.operations.authority import Authorities
from schemas.operations.control import soil_of
from schemas.operations.facts import Fact
from schemas.operations.picture import LegAuthority
from schemas.operations.plans import Plans
from schemas.operations.results import Because, Crossing, StopState
from schemas.operations.state import Contradiction
from schemas.operations.stops import StopTimes
from schemas.operations.terms import AuthorityState, Colour, ContradictionKind, Rule
from schemas.operations.thread import Thread
from schemas.reports.operations import MoveForm
from schemas.reports.operations.codes import CrossingGround, Movement


@dataclass(frozen=True, slots=True)
class Judge:
    """What a crossing is judged by.

    Attributes:
        thread: of the operation.
        plans: of it.
        authorities: of it.
        stops: of it: when one stands.
    """

    thread: Thread
    plans: Plans
    authorities: Authorities
    stops: StopTimes

    def authority(self, member: Address | None, leg: str | None, move: str, at_ms: int) -> LegAuthority | None:
        """The authority of a member for a leg, or for a move, that stands at a moment; else the one that does not."""
        plan = self.plans.at(at_ms)
        found: list[LegAuthority] = []
        if plan is not None:
            legs = (each for each in plan.legs if each.member == member and leg in (None, each.leg))
            found += [self.authorities.of_leg(plan, each, at_ms) for each in legs]
        if member is not None and member in self.thread.steps[move].parts():
            found.append(self.authorities.of_move(member, move, at_ms))
        return next((each for each in found if each.stands), next(iter(found), None))

    def ender(self, since: LegAuthority | None, at_ms: int) -> str | None:
        """The step that ended an authority: the newest decision, or the plan that has the leg no more."""
        if since is not None and since.because.steps:
            return since.because.steps[-1]
        plan = self.plans.at(at_ms)
        return plan.confirmed_by if plan is not None else None


def crossings_of(judge: Judge, facts: Sequence[Fact]) -> tuple[tuple[Crossing, ...], list[Contradiction]]:
    """Every crossing that counts, and the contradictions that follow; and whatever set out while it was stopped."""
    crossings: list[Crossing] = []
    found: list[Contradiction] = []
    for fact in facts:
        form = fact.form
        if fact.gives_way_to is not None or not isinstance(form, MoveForm):
            continue
        stop = judge.stops.at(fact.occurred_ms)
        if form.movement in (Movement.CROSSED, Movement.DEPARTED) and stop is not None:
            steps = (fact.step.digest, stop.step)
            kind = ContradictionKind.MOVED_WHILE_STOPPED
            found.append(Contradiction(kind, Colour.RED, steps, fact.member, Because(Rule.F3, steps)))
        if form.movement is Movement.CROSSED:
            crossing = _judged(judge, fact, form, stop)
            crossings.append(crossing)
            found += _contradiction(crossing, fact)
    return tuple(crossings), found


def _judged(judge: Judge, fact: Fact, form: MoveForm, stop: StopState | None) -> Crossing:
    member, leg = soil_of(fact, form, judge.thread, judge.plans)
    entered_ms = fact.step.effective_ms
    then = judge.authority(member, leg, fact.step.digest, fact.occurred_ms)
    since = judge.authority(member, leg, fact.step.digest, max(entered_ms, fact.occurred_ms))
    later_stop = judge.stops.at(entered_ms)
    colour, ended_by = Colour.GREEN, None
    if then is None or not then.stands or stop is not None:
        colour = Colour.AMBER if then is not None and then.state is AuthorityState.LEADS_WORD else Colour.RED
    elif since is None or not since.stands or later_stop is not None:
        colour = Colour.AMBER
        ended_by = later_stop.step if later_stop is not None else judge.ender(since, entered_ms)
    state = then.state if then is not None else AuthorityState.NOT_ASKED
    decision = then.decision if then is not None else None
    steps = tuple(each for each in (fact.step.digest, decision, ended_by, stop.step if stop else None) if each)
    return Crossing(
        step=fact.step.digest,
        member=member,
        leg=leg,
        occurred_ms=fact.occurred_ms,
        accepted_ms=entered_ms,
        colour=fact.colour if colour is Colour.GREEN else colour,
        authority=state,
        decision=decision,
        ended_by=ended_by,
        is_urgent=form.ground is CrossingGround.URGENT,
        because=Because(Rule.F6, steps),
    )


def _contradiction(crossing: Crossing, fact: Fact) -> list[Contradiction]:
    if crossing.colour is Colour.RED:
        kind = ContradictionKind.CROSSING_UNAUTHORISED
    elif crossing.ended_by is not None:
        kind = ContradictionKind.CROSSING_ENDED_SINCE
    else:
        return []
    about = crossing.leg or ""
    return [Contradiction(kind, crossing.colour, crossing.because.steps, fact.member, crossing.because, about)]
