"""Whose hands the goods are in, and on whose soil, from moment to moment (rules F4 and F5, PROTOCOL 16)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from schemas.addresses import Address
from schemas.operations.facts import Fact
from schemas.operations.offers import Offers, colour_of, differs, who_owes
from schemas.operations.plans import Plans
from schemas.operations.results import Because, ControlSpan, SoilSpan
from schemas.operations.state import Contradiction
from schemas.operations.terms import Colour, ContradictionKind, Rule
from schemas.operations.thread import Thread
from schemas.reports.operations import HandForm, MoveForm, PlanContent
from schemas.reports.operations.codes import HandStage, Movement


@dataclass(frozen=True, slots=True)
class Way:
    """What became of the goods.

    Attributes:
        control: whose hands, oldest first.
        soil: whose soil, oldest first.
    """

    control: tuple[ControlSpan, ...]
    soil: tuple[SoilSpan, ...]


def way_of(thread: Thread, plans: Plans, facts: Sequence[Fact]) -> tuple[Way, list[Contradiction]]:
    """Control and soil at every moment.

    Args:
        thread: of the operation.
        plans: of it.
        facts: in their order; those that give way are passed over.
    """
    counted = [fact for fact in facts if fact.gives_way_to is None]
    hands = _Hands(thread, plans, counted)
    for fact in counted:
        hands.apply(fact)
    hands.finish()
    return Way(tuple(hands.spans), _soil(thread, plans, counted)), hands.found


class _Hands:
    """Control, as it moves from hand to hand: by a handover, and by nothing else.

    Args:
        thread: of the operation.
        plans: of it.
        facts: in their order.
    """

    def __init__(self, thread: Thread, plans: Plans, facts: Sequence[Fact]) -> None:
        self.found: list[Contradiction] = []
        self.spans: list[ControlSpan] = []
        self._offers = Offers(facts)
        first = plans.turns[0][1] if plans.turns else next(iter(plans.all), None)
        if first is not None:
            step = thread.steps[first.step]
            holder = first.held_by or thread.lead
            because = Because(Rule.F1, (first.step,))
            self.spans.append(ControlSpan(_begin(step.effective_ms, facts), holder, first.step, Colour.GREEN, because))

    def apply(self, fact: Fact) -> None:
        """What a fact does to control."""
        form = fact.form
        if isinstance(form, HandForm) and not form.exhibits:
            if form.stage is HandStage.ACCEPTED:
                self._accepted(fact, form)
            elif form.stage is HandStage.OFFERED:
                self._offered(fact, form)
        elif isinstance(form, MoveForm) and form.movement is Movement.LOST:
            self._span(fact, lost_ms=fact.occurred_ms)
        elif isinstance(form, MoveForm) and form.movement is Movement.FOUND:
            self._span(fact, lost_ms=None)

    def finish(self) -> None:
        """What is wrong at the end: goods that are lost still."""
        last = self.spans[-1] if self.spans else None
        if last is not None and last.lost_ms is not None:
            steps = (last.step,)
            self.found.append(_found(ContradictionKind.CONTROL_LOST, Colour.RED, steps, last.holder, Rule.F5))

    def _offered(self, fact: Fact, form: HandForm) -> None:
        last = self.spans[-1] if self.spans else None
        if last is not None and fact.member in (last.holder, *last.rivals):
            self._span(fact, offered_to=form.other, offer=fact.step.digest)
        else:
            self._not_held(fact)

    def _accepted(self, fact: Fact, form: HandForm) -> None:
        last = self.spans[-1] if self.spans else None
        if last is not None and last.holder == fact.member and not last.rivals:
            return  # it has them already
        offer = self._offers.answered_by(fact, form)
        colour = colour_of(fact, offer)
        steps = (fact.step.digest, *((offer.step.digest,) if offer is not None else ()))
        if colour is Colour.AMBER:
            owner = who_owes(fact, form)
            self.found.append(_found(ContradictionKind.ONE_SIDED_HANDOVER, Colour.AMBER, steps, owner, Rule.F4))
        if differs(form, offer):
            self.found.append(_found(ContradictionKind.HANDOVER_DIFFERS, Colour.RED, steps, form.other, Rule.F5))
        because = Because(Rule.F4 if colour is Colour.AMBER else Rule.F5, steps)
        new = ControlSpan(fact.occurred_ms, fact.member, fact.step.digest, colour, because)
        if last is None or last.holder is None:
            self.spans.append(new)
            return
        rivals = [each for each in (last.holder, *last.rivals) if each not in (form.other, fact.member)]
        if form.other not in (last.holder, *last.rivals):
            self._not_held(fact)
        if rivals:
            self.found.append(
                _found(ContradictionKind.TWO_CONTROLS, Colour.RED, (last.step, *steps), rivals[0], Rule.F5)
            )
            new = replace(new, holder=rivals[0], rivals=(*rivals[1:], fact.member), colour=Colour.RED)
        self.spans.append(replace(new, lost_ms=last.lost_ms))

    def _not_held(self, fact: Fact) -> None:
        steps = (fact.step.digest,)
        self.found.append(_found(ContradictionKind.HANDOVER_NOT_HELD, Colour.RED, steps, fact.member, Rule.F5))

    def _span(self, fact: Fact, **changes: int | str | None) -> None:
        if not self.spans:
            return
        because = Because(Rule.F5 if fact.is_own else Rule.F4, (fact.step.digest,))
        last = self.spans[-1]
        colour = last.colour if last.colour is not Colour.GREEN else fact.colour
        made = replace(last, since_ms=fact.occurred_ms, step=fact.step.digest, colour=colour, because=because)
        self.spans.append(replace(made, **changes))  # type: ignore[arg-type]


def _begin(plan_ms: int, facts: Sequence[Fact]) -> int:
    """The beginning of all spans: no fact is before it."""
    return min(plan_ms, facts[0].occurred_ms) if facts else plan_ms


def _soil(thread: Thread, plans: Plans, facts: Sequence[Fact]) -> tuple[SoilSpan, ...]:
    """On whose soil the goods are: as moves say, by member, leg or country; at the beginning, as the plan says."""
    first = plans.turns[0][1] if plans.turns else next(iter(plans.all), None)
    spans: list[SoilSpan] = []
    if first is not None:
        step = thread.steps[first.step]
        place = step.form.place if isinstance(step.form, PlanContent) else None
        country = place.country.code if place is not None and place.country is not None else None
        own = [leg for leg in first.legs if not leg.spoken_for]
        member = thread.domain_member(country) or (own[0].member if own else None)
        spans.append(SoilSpan(_begin(step.effective_ms, facts), member, None, first.step, Colour.GREEN))
    for fact in facts:
        if isinstance(fact.form, MoveForm):
            member, leg = soil_of(fact, fact.form, thread, plans)
            if member is not None or fact.form.movement is Movement.CROSSED:
                spans.append(SoilSpan(fact.occurred_ms, member, leg, fact.step.digest, fact.colour))
    return tuple(spans)


def soil_of(fact: Fact, form: MoveForm, thread: Thread, plans: Plans) -> tuple[Address | None, str | None]:
    """Whose soil a move says that the goods are on, and which leg."""
    plan = plans.at(fact.occurred_ms) or plans.in_force
    legs = {leg.leg: leg for leg in plan.legs} if plan is not None else {}
    leg = legs.get(form.leg or "")
    country = form.place.country.code if form.place is not None and form.place.country is not None else None
    member = form.soil or (leg.member if leg is not None else None) or thread.domain_member(country)
    if leg is None and member is not None:
        leg = next((each for each in legs.values() if each.member == member), None)
    return member, leg.leg if leg is not None else form.leg


def _found(
    kind: ContradictionKind, colour: Colour, steps: tuple[str, ...], owner: Address | None, rule: Rule
) -> Contradiction:
    return Contradiction(kind, colour, steps, owner, Because(rule, steps))
