"""Which plan is in force, and since when (rule F1, PROTOCOL 16)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from schemas.operations.digests import common_digest, legs_of
from schemas.operations.held import StepContent
from schemas.operations.moments import moment_or_none
from schemas.operations.results import PlanLeg, PlanState
from schemas.operations.thread import PLANS, CountedStep, Thread
from schemas.reports.operations import PlanContent


@dataclass(frozen=True, slots=True)
class Plans:
    """Every plan, and which was in force when.

    Attributes:
        all: the open first, then as they follow each other (rule F5).
        turns: moments from which a plan is in force, and that plan.
        by_digest: every plan.
    """

    all: tuple[PlanState, ...]
    turns: tuple[tuple[int, PlanState], ...]
    by_digest: dict[str, PlanState]

    @property
    def in_force(self) -> PlanState | None:
        """The last confirmed one."""
        return self.turns[-1][1] if self.turns else None

    def at(self, moment_ms: int) -> PlanState | None:
        """The plan in force at a moment."""
        place = bisect_right(self.turns, moment_ms, key=lambda turn: turn[0])
        return self.turns[place - 1][1] if place else None


def plans_of(thread: Thread) -> Plans:
    """The plans of an operation.

    A confirm by a second person of the lead, who has the post, makes a plan count from then on; of the plans that
    count, the last of the lead's by rule F5 is in force, whatever is confirmed after it.
    """
    steps = sorted(thread.doing(*PLANS), key=lambda step: (step.digest != thread.id, step.rank))
    confirms: dict[str, CountedStep] = {}
    for step in sorted(thread.doing("confirm"), key=lambda step: (step.effective_ms, step.rank)):
        for digest in step.refers("countersign"):
            confirms.setdefault(digest, step)
    plans = tuple(_plan(step, confirms.get(step.digest)) for step in steps)
    ranks = {plan.step: rank for rank, plan in enumerate(plans)}
    turns: list[tuple[int, PlanState]] = []
    for moment_ms, _rank, plan in sorted(
        (plan.confirmed_ms, ranks[plan.step], plan) for plan in plans if plan.confirmed_ms is not None
    ):
        if not turns or ranks[turns[-1][1].step] < ranks[plan.step]:
            turns.append((moment_ms, plan))
    return Plans(plans, tuple(turns), {plan.step: plan for plan in plans})


def _plan(step: CountedStep, confirm: CountedStep | None) -> PlanState:
    form = step.form if isinstance(step.form, PlanContent) else None
    legs: Sequence[PlanLeg] = ()
    common = ""
    if form is not None and isinstance(step.held.content, StepContent):
        digests = legs_of(step.held.content.members)
        common = common_digest(step.held.content.members)
        legs = [
            PlanLeg(
                leg.leg,
                leg.member,
                digests.get(leg.leg, ""),
                leg.spoken_for.name if leg.spoken_for is not None else "",
                moment_or_none(leg.enters),
                moment_or_none(leg.leaves),
            )
            for leg in form.legs
        ]
    return PlanState(
        step=step.digest,
        number=step.held.number,
        parts=step.parts(),
        legs=tuple(legs),
        common=common,
        held_by=form.held_by if form is not None else None,
        confirmed_by=confirm.digest if confirm is not None else None,
        confirmed_ms=max(confirm.effective_ms, step.effective_ms) if confirm is not None else None,
        is_readable=form is not None,
    )
