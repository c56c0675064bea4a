"""What is due and when, and who has met it (PROTOCOL 16). The fold lists it; whoever asks brings the moment."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from schemas.addresses import Address
from schemas.operations.decisions import GRANTS, Decisions
from schemas.operations.facts import Fact
from schemas.operations.moments import moment_ms, moment_or_none
from schemas.operations.plans import Plans
from schemas.operations.results import Because, StopState
from schemas.operations.state import DueClock
from schemas.operations.table import is_answer
from schemas.operations.terms import ClockKind, Rule
from schemas.operations.thread import CountedStep, Thread
from schemas.reports.operations import HandForm, MoveForm, PlanContent
from schemas.reports.operations.codes import Movement

_FOR_EVER: Final = 2**62

_SEEN: Final = (Movement.AT, Movement.CROSSED, Movement.ARRIVED, Movement.FOUND)
"""Movements by which goods are somewhere."""


def clocks_of(
    thread: Thread, plans: Plans, decisions: Decisions, stops: Sequence[StopState], facts: Sequence[Fact]
) -> tuple[DueClock, ...]:
    """Everything that is or was due, the earliest first."""
    counted = [fact for fact in facts if fact.gives_way_to is None]
    moves = [fact for fact in counted if isinstance(fact.form, MoveForm)]
    found = [
        *_answers(thread),
        *_authorities(plans, decisions),
        *_stops(stops),
        *_reports(counted),
        *_arrival(thread, plans, moves),
    ]
    return tuple(sorted(found, key=lambda clock: (clock.due_ms, clock.kind.value, clock.step, clock.about)))


def _answers(thread: Thread) -> Iterator[DueClock]:
    """Answers that covers ask for: met only by the step that the table names."""
    namers: dict[str, list[CountedStep]] = defaultdict(list)
    for step in thread.steps.values():
        for digest in dict.fromkeys(step.refers("reply", "countersign")):
            namers[digest].append(step)
    ends = _ends(thread)
    for step in thread.steps.values():
        expects = step.held.cover.expects
        if expects is None or step.do is None:
            continue
        members = tuple(expects.members or [each for each in step.held.cover.to if each != step.member])
        met = tuple(
            (each.member, each.digest, each.effective_ms)
            for each in namers.get(step.digest, ())
            if each.void is None and _is_answer(each, step)
        )
        end = ends(step)
        if end is not None:
            met += tuple((member, end.digest, end.effective_ms) for member in members)
        yield DueClock(ClockKind.ANSWER, expects.by * 1_000, members, step.digest, _because(step.digest), met)


def _ends(thread: Thread) -> Callable[[CountedStep], CountedStep | None]:
    """What ends the asking of a step: its cancel, a plan that follows it and asks itself, a close after it."""
    closes = sorted(thread.doing("close"), key=_place)
    places = list(map(_place, closes))
    followers: dict[str, CountedStep] = {}
    for step in thread.doing("plan"):
        if step.held.cover.expects is not None:
            for digest in step.refers("update"):
                followers.setdefault(digest, step)

    def end_of(step: CountedStep) -> CountedStep | None:
        found = [followers[step.digest]] if step.digest in followers else []
        found += closes[bisect_right(places, _place(step)) :][:1]
        if step.struck_out_by is not None:
            found.append(thread.steps[step.struck_out_by])
        return min(found, key=lambda each: (each.effective_ms, each.digest), default=None)

    return end_of


def _place(step: CountedStep) -> tuple[int, int]:
    return step.effective_ms, step.held.number


def _is_answer(answer: CountedStep, asked: CountedStep) -> bool:
    rels = [ref.rel for ref in answer.held.cover.refs or () if ref.digest == asked.digest]
    own = answer.member == asked.member
    return any(is_answer(answer.do, rel, asked.do, own=own) for rel in rels)


def _because(*steps: str) -> Because:
    return Because(Rule.F5, steps)


def _authorities(plans: Plans, decisions: Decisions) -> Iterator[DueClock]:
    """Ends of what permits the legs of the plan in force."""
    plan = plans.in_force
    for leg in plan.legs if plan is not None else ():
        decision = decisions.newest(leg, plan.common, _FOR_EVER) if plan is not None else None
        if decision is not None and decision.decision in GRANTS and decision.valid_until_ms is not None:
            kind = ClockKind.ORAL_LAPSES if decision.is_oral else ClockKind.AUTHORITY_ENDS
            because = Because(Rule.F2, (decision.step,))
            yield DueClock(kind, decision.valid_until_ms, (leg.member,), decision.step, because, about=leg.leg)


def _stops(stops: Sequence[StopState]) -> Iterator[DueClock]:
    for stop in stops:
        if stop.until_ms is not None:
            met = ((stop.member, stop.ended_by, stop.ended_ms),) if stop.ended_by and stop.ended_ms is not None else ()
            yield DueClock(ClockKind.STOP_ENDS, stop.until_ms, (stop.member,), stop.step, stop.because, met)


def _reports(facts: Sequence[Fact]) -> Iterator[DueClock]:
    """Reports that who moves the goods has promised: met by its next movement or handover, whatever that says."""
    moves = [fact for fact in facts if isinstance(fact.form, MoveForm | HandForm)]
    following: dict[Address, list[CountedStep]] = defaultdict(list)
    for fact in sorted(moves, key=lambda fact: (fact.step.effective_ms, fact.step.rank)):
        following[fact.step.member].append(fact.step)
    places = {step.digest: at for steps in following.values() for at, step in enumerate(steps)}
    for fact in moves:
        due = moment_or_none(fact.form.next_report) if isinstance(fact.form, MoveForm) else None
        if due is None:
            continue
        own = following[fact.step.member]
        after = next(iter(own[places[fact.step.digest] + 1 :][:1]), None)
        met = ((after.member, after.digest, after.effective_ms),) if after is not None else ()
        step = fact.step.digest
        yield DueClock(ClockKind.NEXT_REPORT, due, (fact.step.member,), step, _because(step), met)


def _arrival(thread: Thread, plans: Plans, moves: Sequence[Fact]) -> Iterator[DueClock]:
    """The moment at which the goods are missed at the next point of the plan in force."""
    plan = plans.in_force
    form = thread.steps[plan.step].form if plan is not None else None
    if plan is None or not isinstance(form, PlanContent) or form.next_point.latest is None or thread.lead is None:
        return
    due, since = moment_ms(form.next_point.latest), moment_ms(form.next_point.earliest)
    seen = next((fact for fact in moves if fact.occurred_ms >= since and _is_seen(fact)), None)
    met = ((thread.lead, seen.step.digest, seen.step.effective_ms),) if seen is not None else ()
    yield DueClock(ClockKind.ARRIVAL, due, (thread.lead,), plan.step, Because(Rule.F1, (plan.step,)), met)


def _is_seen(fact: Fact) -> bool:
    return isinstance(fact.form, MoveForm) and fact.form.movement in _SEEN
