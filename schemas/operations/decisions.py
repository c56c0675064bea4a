"""Decisions, and which of them counts for a leg when (rule F2, PROTOCOL 16)."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from schemas.addresses import Address
from schemas.operations.moments import moment_ms, moment_or_none
from schemas.operations.plans import Plans
from schemas.operations.results import Because, DecisionState, PlanLeg
from schemas.operations.state import Contradiction
from schemas.operations.terms import Colour, ContradictionKind, Rule
from schemas.operations.thread import PLANS, CountedStep, Thread
from schemas.reports.operations import DecideForm

GRANTS: Final = ("granted", "conditional")
REFUSALS: Final = ("refused", "withdrawn")

Turn = tuple[int, DecisionState]
"""From when on a decision is the newest one that counts."""


@dataclass(frozen=True, slots=True)
class Decisions:
    """All decisions of an operation.

    Attributes:
        all: of each step one for each leg that it names; of each member as they follow each other (rule F5).
        ranks: of their steps (rule F5).
        by_member: the same, of each member.
        cached: what was found of a leg before.
    """

    all: tuple[DecisionState, ...]
    ranks: dict[str, int]
    by_member: dict[Address, list[DecisionState]]
    cached: dict[tuple[str, ...], list[Turn]]

    def newest(self, leg: PlanLeg, common: str, at_ms: int) -> DecisionState | None:
        """The decision that counts for a leg at a moment: the newest by rule F5 of those that count at all.

        A grant counts where it repeats the digests of leg and common part. A refusal or withdrawal counts for the leg
        that it names, whatever it repeats, and for all legs of its member if it names none.
        """
        key = (leg.member, leg.leg, leg.digest, common)
        turns = self.cached.get(key)
        if turns is None:
            turns = self.cached[key] = self._turns(
                [each for each in self.by_member.get(leg.member, ()) if _counts(each, leg, common)]
            )
        return _at(turns, at_ms)

    def on_move(self, member: Address, move: str, at_ms: int) -> DecisionState | None:
        """The decision of a member that counts for a move at a moment."""
        key = (member, "", move)
        turns = self.cached.get(key)
        if turns is None:
            own = self.by_member.get(member, ())
            turns = self.cached[key] = self._turns([each for each in own if each.move == move or _is_general(each)])
        return _at(turns, at_ms)

    def _turns(self, decisions: Sequence[DecisionState]) -> list[Turn]:
        turns: list[Turn] = []
        for each in sorted(decisions, key=lambda each: (each.effective_ms, self.ranks[each.step])):
            if not turns or self.ranks[turns[-1][1].step] < self.ranks[each.step]:
                turns.append((each.effective_ms, each))
        return turns


def _at(turns: Sequence[Turn], at_ms: int) -> DecisionState | None:
    place = bisect_right(turns, at_ms, key=lambda turn: turn[0])
    return turns[place - 1][1] if place else None


def _is_general(decision: DecisionState) -> bool:
    return decision.decision in REFUSALS and decision.leg is None


def _counts(decision: DecisionState, leg: PlanLeg, common: str) -> bool:
    if decision.decision in REFUSALS:
        return decision.leg in (None, leg.leg) and decision.move is None
    return bool(leg.digest and common) and (decision.leg_digest, decision.common) == (leg.digest, common)


def decisions_of(thread: Thread, plans: Plans) -> tuple[Decisions, list[Contradiction]]:
    """All decisions, and what is wrong with them."""
    conditions = _conditions_met(thread)
    by_member: dict[Address, list[DecisionState]] = defaultdict(list)
    found: list[Contradiction] = []
    known = _Known(plans)
    steps = sorted(thread.doing("decide"), key=lambda step: (step.member, step.rank))
    for step in steps:
        of_step = list(_of_step(step, thread, conditions))
        by_member[step.member] += of_step
        found += [fault for each in of_step for fault in known.faults(each)]
    for decisions in by_member.values():
        _limit_oral(decisions)
    ranks = {step.digest: step.rank for step in steps}
    everything = tuple(each for member in sorted(by_member) for each in by_member[member])
    return Decisions(everything, ranks, dict(by_member), {}), found


def _conditions_met(thread: Thread) -> dict[str, int]:
    """When the lead confirmed the conditions of a decision, first."""
    met: dict[str, int] = {}
    for step in thread.doing("confirm"):
        for digest in step.refers("reply"):
            met[digest] = min(met.get(digest, step.effective_ms), step.effective_ms)
    return met


def _of_step(step: CountedStep, thread: Thread, conditions: dict[str, int]) -> Iterator[DecisionState]:
    named = [thread.steps[digest] for digest in step.refers("reply") if digest in thread.steps]
    move = next((each.digest for each in named if each.do == "move" and step.member in each.parts()), None)
    if move is None and not any(each.do in PLANS for each in named) and thread.is_whole:
        return
    form = step.form if isinstance(step.form, DecideForm) else None
    decision = step.decision or ""
    oral = form.oral if form is not None else None
    starts = moment_or_none(form.valid_from) if form is not None else None
    ends = [moment_or_none(form.valid_until)] if form is not None else []
    ends += [moment_ms(oral.confirmed_until)] if oral is not None else []
    whole = DecisionState(
        step=step.digest,
        member=step.member,
        leg=None,
        move=move,
        leg_digest="",
        common=(form.common or "") if form is not None else "",
        decision=decision,
        effective_ms=step.effective_ms,
        valid_from_ms=max(step.effective_ms, starts if starts is not None else step.effective_ms),
        valid_until_ms=min((end for end in ends if end is not None), default=None),
        is_oral=oral is not None,
        confirmed_ms=max(step.effective_ms, conditions[step.digest]) if step.digest in conditions else None,
    )
    legs = form.legs if form is not None and move is None else ()
    if not legs:
        yield whole
    for leg in legs:
        yield replace(whole, leg=leg.leg, leg_digest=leg.digest)


def _limit_oral(decisions: list[DecisionState]) -> None:
    """An oral grant that follows another for the same leg ends when that one does: it cannot be extended."""
    running: dict[tuple[str | None, str | None], int] = {}
    for at, each in enumerate(decisions):
        key = (each.leg, each.move)
        if each.decision not in GRANTS or not each.is_oral:
            running.pop(key, None)
            continue
        end = each.valid_until_ms
        if end is not None and key in running:
            end = min(end, running[key])
            decisions[at] = replace(each, valid_until_ms=end)
        if end is not None:
            running[key] = end


class _Known:
    """What plans have, to find decisions on what none has.

    Args:
        plans: all of them.
    """

    def __init__(self, plans: Plans) -> None:
        self._owners = {leg.digest: leg.member for plan in plans.all for leg in plan.legs}
        self._common = {plan.common for plan in plans.all if plan.common}
        self._is_whole = all(plan.is_readable for plan in plans.all)

    def faults(self, decision: DecisionState) -> Iterator[Contradiction]:
        """What is wrong with a decision: its digests are in no plan, or it is on another's leg."""
        if decision.leg is not None and (owner := self._owners.get(decision.leg_digest)) is not None:
            if owner != decision.member:
                yield self._fault(decision, ContradictionKind.NOT_ITS_LEG)
        elif decision.leg is not None or (decision.common and decision.common not in self._common):
            yield self._fault(decision, ContradictionKind.UNKNOWN_DIGEST)
            return
        if decision.leg is not None and decision.common not in self._common:
            yield self._fault(decision, ContradictionKind.UNKNOWN_DIGEST)

    def _fault(self, decision: DecisionState, kind: ContradictionKind) -> Contradiction:
        colour = Colour.RED if self._is_whole else Colour.AMBER
        because = Because(Rule.F2, (decision.step,))
        return Contradiction(kind, colour, (decision.step,), decision.member, because, about=decision.leg or "")
