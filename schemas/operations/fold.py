"""The fold: from the steps that are here to the state of the operation (rules F1 to F8, PROTOCOL 16).

It never raises, whatever steps say, and does not depend on the order in which they are handed in. Each rule has a
module; this one puts them in their order.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from schemas.addresses import Address
from schemas.operations.authority import Authorities
from schemas.operations.books import Custody, Measure
from schemas.operations.clocks import clocks_of
from schemas.operations.control import way_of
from schemas.operations.crossings import Judge, crossings_of
from schemas.operations.custody import custody_of
from schemas.operations.decisions import decisions_of
from schemas.operations.exhibits import measured
from schemas.operations.facts import facts_of
from schemas.operations.held import HeldOperation
from schemas.operations.missing import missing_of, newer_of
from schemas.operations.plans import Plans, plans_of
from schemas.operations.results import Because
from schemas.operations.state import Contradiction, OperationState
from schemas.operations.stops import StopTimes, stops_of
from schemas.operations.terms import Colour, ContradictionKind, Phase, Rule
from schemas.operations.thread import CountedStep, Thread, thread_of
from schemas.reports.operations import PlanContent


@dataclass(frozen=True, slots=True)
class Folded:
    """The state of an operation, and what answers questions about a moment (`schemas.operations.asof`).

    Attributes:
        state: what follows whenever it is looked at.
        thread: steps as they are counted.
        plans: and which is in force when.
        authorities: for legs and moves at any moment.
    """

    state: OperationState
    thread: Thread
    plans: Plans
    authorities: Authorities


def fold(held: HeldOperation) -> Folded:
    """What follows from the steps that are here.

    Args:
        held: in any order.
    """
    thread, found = thread_of(held)
    plans = plans_of(thread)
    decisions, faults = decisions_of(thread, plans)
    facts, fact_faults = facts_of(thread)
    way, way_faults = way_of(thread, plans, facts)
    stops = stops_of(thread, plans, decisions, way.soil, held.revoked)
    authorities = Authorities(thread, plans, decisions)
    crossings, crossing_faults = crossings_of(Judge(thread, plans, authorities, StopTimes(stops)), facts)
    custody, custody_faults = custody_of(facts, _agreed(thread, plans))
    closed = _closed_by(thread, plans)
    found += [*faults, *fact_faults, *way_faults, *crossing_faults, *custody_faults]
    found += _unbalanced(closed, custody, thread)
    first = thread.steps.get(thread.id)
    state = OperationState(
        id=thread.id,
        lead=thread.lead,
        status=_status(thread),
        phase=_phase(first, plans, closed),
        closed_by=closed.digest if closed is not None else None,
        plans=plans.all,
        in_force=plans.in_force.step if plans.in_force is not None else None,
        parts=_parts(thread, plans),
        decisions=decisions.all,
        stops=stops,
        facts=tuple(fact.state() for fact in facts),
        control=way.control,
        soil=way.soil,
        crossings=crossings,
        custody=custody,
        clocks=clocks_of(thread, plans, decisions, stops, facts),
        contradictions=_sorted(found),
        missing=missing_of(held, thread),
        newer=newer_of(thread),
        steps=tuple(step.record() for step in thread.steps.values()),
    )
    return Folded(state, thread, plans, authorities)


def _status(thread: Thread) -> str:
    first = thread.steps.get(thread.id) or next(iter(thread.steps.values()), None)
    return first.held.cover.status if first is not None else ""


def _phase(first: CountedStep | None, plans: Plans, closed: CountedStep | None) -> Phase:
    if closed is not None:
        return Phase.CLOSED
    if plans.in_force is not None:
        return Phase.CONFIRMED
    return Phase.REQUESTED if first is not None else Phase.NOT_OPENED


def _closed_by(thread: Thread, plans: Plans) -> CountedStep | None:
    """The last close of the lead, unless a later plan of the lead opens the operation again (rule F5)."""
    last = max(thread.doing("close"), key=lambda step: step.rank, default=None)
    newest = max((thread.steps[plan.step].rank for plan in plans.all), default=-1)
    return last if last is not None and last.rank > newest else None


def _parts(thread: Thread, plans: Plans) -> dict[Address, str]:
    """The part of everybody ever named: in the plan in force, else where it was named last."""
    parts: dict[Address, str] = {} if thread.lead is None else {thread.lead: ""}
    for step in thread.doing("move"):
        parts |= {member: part for member, part in step.parts().items() if member in thread.named}
    for plan in plans.all:
        parts |= plan.parts
    in_force = plans.in_force.parts if plans.in_force is not None else {}
    return dict(sorted((parts | in_force).items()))


def _agreed(thread: Thread, plans: Plans) -> dict[Measure, Decimal]:
    form = thread.steps[plans.in_force.step].form if plans.in_force is not None else None
    return measured(form.quantity_at_most) if isinstance(form, PlanContent) else {}


def _unbalanced(closed: CountedStep | None, custody: Custody, thread: Thread) -> Iterator[Contradiction]:
    """Goods that are accounted for nowhere when the operation is closed, and nobody says why."""
    open_ = tuple(
        (balance.measure, balance.difference)
        for balance in custody.balances
        if balance.difference and not balance.not_counted
    )
    if closed is not None and open_:
        steps = (closed.digest,)
        kind, because = ContradictionKind.DOES_NOT_BALANCE, Because(Rule.F5, steps)
        yield Contradiction(kind, Colour.RED, steps, thread.lead, because, difference=open_)


def _sorted(found: Iterable[Contradiction]) -> tuple[Contradiction, ...]:
    """Red first; each once."""
    return tuple(sorted(dict.fromkeys(found), key=lambda each: (each.colour is not Colour.RED, each.kind, each.steps)))
