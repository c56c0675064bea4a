"""Stops, and what ends them (rule F3, PROTOCOL 16)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from heapq import heappush
from math import inf
from typing import Final

from schemas.addresses import Address
from schemas.operations.decisions import GRANTS, REFUSALS, Decisions
from schemas.operations.moments import DAY_MS, moment_or_none
from schemas.operations.plans import Plans
from schemas.operations.results import Because, DecisionState, PlanState, SoilSpan, StopState
from schemas.operations.terms import Rule, StopEnd
from schemas.operations.thread import CountedStep, Thread
from schemas.reports.operations import DecideForm, StopForm

LONGEST_MS: Final = DAY_MS
"""How long a stop may last by its own word; one that says more stands until it is cancelled."""


def soil_at(soil: Sequence[SoilSpan], moment_ms: int) -> Address | None:
    """On whose soil the goods are at a moment."""
    place = bisect_right(soil, moment_ms, key=lambda span: span.since_ms)
    return soil[place - 1].member if place else None


def stops_of(
    thread: Thread, plans: Plans, decisions: Decisions, soil: Sequence[SoilSpan], revoked: Mapping[Address, int]
) -> tuple[StopState, ...]:
    """Every stop, standing or ended, oldest first.

    Args:
        thread: of the operation.
        plans: of it.
        decisions: of it: a refusal or withdrawal with the goods on that soil is a stop.
        soil: where the goods are when.
        revoked: members that can sign no more, and since when.
    """
    ends = _LeadEnds(plans, soil, revoked)
    stops = [ends.applied(_stop(step, thread)) for step in thread.steps.values() if _is_stop(step)]
    stops += [ends.applied(each) for each in _by_decision(thread, decisions, soil)]
    return tuple(sorted(stops, key=lambda stop: (stop.since_ms, stop.step)))


class StopTimes:
    """At which moments a stop stands, found without looking at every stop.

    Args:
        stops: all of them.
    """

    def __init__(self, stops: Sequence[StopState]) -> None:
        ordered = sorted((stop for stop in stops if stop.stands_at(stop.since_ms)), key=lambda stop: stop.since_ms)
        ends = (stop.end_ms for stop in ordered)
        moments = sorted({*(stop.since_ms for stop in ordered), *(end for end in ends if end is not None)})
        self._turns: list[tuple[int, StopState | None]] = []
        longest: list[tuple[float, int]] = []  # the stop that stands longest is first
        begun = 0
        for moment in moments:
            while begun < len(ordered) and ordered[begun].since_ms <= moment:
                end = ordered[begun].end_ms
                heappush(longest, (-inf if end is None else -end, begun))
                begun += 1
            stop = ordered[longest[0][1]]
            self._turns.append((moment, stop if stop.stands_at(moment) else None))

    def at(self, moment_ms: int) -> StopState | None:
        """A stop that stands at a moment."""
        place = bisect_right(self._turns, moment_ms, key=lambda turn: turn[0])
        return self._turns[place - 1][1] if place else None


def _is_stop(step: CountedStep) -> bool:
    return step.do == "stop" and step.void is None


def _stop(step: CountedStep, thread: Thread) -> StopState:
    form = step.form if isinstance(step.form, StopForm) else None
    until = moment_or_none(form.until) if form is not None else None
    if until is not None and until > step.effective_ms + LONGEST_MS:
        until = None
    cancel = thread.steps[step.struck_out_by] if step.struck_out_by is not None else None
    ended = max(step.effective_ms, cancel.effective_ms) if cancel is not None else None
    how = StopEnd.STANDING if until is None else StopEnd.EXPIRED
    if ended is not None and (until is None or ended < until):
        how = StopEnd.CANCELLED
    steps = (step.digest, *((cancel.digest,) if cancel is not None else ()))
    return StopState(
        member=step.member,
        step=step.digest,
        since_ms=step.effective_ms,
        until_ms=until,
        ended_ms=ended,
        ended_by=cancel.digest if cancel is not None else None,
        how=how,
        is_decision=False,
        reason=form.reason.code.value if form is not None else None,
        wish=form.wish.value if form is not None and form.wish is not None else None,
        because=Because(Rule.F3, steps),
    )


def _by_decision(thread: Thread, decisions: Decisions, soil: Sequence[SoilSpan]) -> Iterator[StopState]:
    """A refusal or withdrawal while the goods are on that soil: until that country decides anew on what it refused."""
    for member, own in decisions.by_member.items():
        for step, of_step in _by_step(own):
            if of_step[0].decision not in REFUSALS:
                continue
            anew = _decided_anew(of_step, own, decisions.ranks)
            since = _first_on_soil(soil, member, of_step[0].effective_ms, anew.effective_ms if anew else None)
            if since is not None:
                yield _decision_stop(thread.steps[step], of_step[0], since, anew)


def _by_step(own: Sequence[DecisionState]) -> Iterator[tuple[str, list[DecisionState]]]:
    steps: dict[str, list[DecisionState]] = {}
    for each in own:
        steps.setdefault(each.step, []).append(each)
    yield from steps.items()


def _decided_anew(
    refused: Sequence[DecisionState], own: Sequence[DecisionState], ranks: Mapping[str, int]
) -> DecisionState | None:
    """The first grant after a refusal that covers what it refused."""
    legs = {each.leg for each in refused}
    rank = ranks[refused[0].step]
    granted: dict[str, set[str | None]] = {}
    first: dict[str, DecisionState] = {}
    for each in own:
        if each.decision in GRANTS and ranks[each.step] > rank:
            granted.setdefault(each.step, set()).add(each.leg)
            first.setdefault(each.step, each)
    covering = [first[step] for step, names in granted.items() if legs <= names or legs == {None}]
    return min(covering, key=lambda each: ranks[each.step], default=None)


def _first_on_soil(soil: Sequence[SoilSpan], member: Address, since_ms: int, until_ms: int | None) -> int | None:
    """The first moment in a stretch of time at which the goods are on a member's soil."""
    place = max(bisect_right(soil, since_ms, key=lambda span: span.since_ms) - 1, 0)
    for span in soil[place:]:
        if until_ms is not None and span.since_ms >= until_ms:
            return None
        if span.member == member:
            at = max(span.since_ms, since_ms)
            return at if until_ms is None or at < until_ms else None
    return None


def _decision_stop(step: CountedStep, decision: DecisionState, since_ms: int, anew: DecisionState | None) -> StopState:
    form = step.form if isinstance(step.form, DecideForm) else None
    return StopState(
        member=decision.member,
        step=decision.step,
        since_ms=since_ms,
        until_ms=None,
        ended_ms=anew.effective_ms if anew is not None else None,
        ended_by=anew.step if anew is not None else None,
        how=StopEnd.DECIDED_ANEW if anew is not None else StopEnd.STANDING,
        is_decision=True,
        reason=form.reason.code.value if form is not None and form.reason is not None else None,
        wish=None,
        because=Because(Rule.F3, (decision.step, *((anew.step,) if anew is not None else ()))),
    )


class _LeadEnds:
    """Ends of stops by the lead: of members that cannot end them, or that have no part any more.

    Args:
        plans: of the operation.
        soil: where the goods are when.
        revoked: members that can sign no more, and since when.
    """

    def __init__(self, plans: Plans, soil: Sequence[SoilSpan], revoked: Mapping[Address, int]) -> None:
        self._turns = plans.turns
        self._soil = soil
        self._revoked = revoked

    def applied(self, stop: StopState) -> StopState:
        """A stop, ended by the lead's next confirmed plan after its member was revoked or has left, if there is one."""
        end = self._end(stop)
        if end is None or not stop.stands_at(end[0]):
            return stop
        ended_ms, plan = end
        steps = (stop.step, plan.confirmed_by or plan.step)
        because = Because(Rule.F3, steps)
        return replace(stop, ended_ms=ended_ms, ended_by=steps[1], how=StopEnd.ENDED_BY_LEAD, because=because)

    def _end(self, stop: StopState) -> tuple[int, PlanState] | None:
        revoked_ms = self._revoked.get(stop.member)
        before: PlanState | None = None
        for turn_ms, plan in self._turns:
            if turn_ms > stop.since_ms:
                is_gone = before is not None and self._has_left(stop.member, before, turn_ms)
                if is_gone or (revoked_ms is not None and turn_ms > revoked_ms):
                    return turn_ms, plan
            before = plan
        return None

    def _has_left(self, member: Address, plan: PlanState, moment_ms: int) -> bool:
        answers = any(leg.member == member for leg in plan.legs) or not plan.is_readable
        return plan.parts.get(member) == "left" and not answers and soil_at(self._soil, moment_ms) != member
