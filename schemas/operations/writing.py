"""What a client works out before a step is signed: what it names, to whom it goes, what comes after it (PROTOCOL 16).

Pure, and advice: what a hub asks for at least is in `schemas.operations.judging`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from schemas import limits
from schemas.addresses import Address, member_of
from schemas.encoding import decode_digest
from schemas.operations.held import HeldOperation, HeldStep
from schemas.operations.state import OperationState
from schemas.operations.steps import NotedStep, is_step, note_step
from schemas.operations.table import CANCEL, GRANTS, STEPS, reach_of
from schemas.reports.operations import HandForm, MoveForm, OperationForm
from schemas.reports.operations.codes import CrossingGround, Movement

USUAL: Final = "priority"
"""How urgent a step is where nothing makes it more so."""


@dataclass(frozen=True, slots=True)
class StepIntent:
    """A step that somebody is about to take.

    Attributes:
        member: whose step it is.
        do: what it does; ``None`` of a cancel.
        form: its content.
        decision: of a ``decide``.
        parts: of the members that it names.
        rests_on: what is noted of the step that it names.
        goods_are_here: whether the goods are on the own soil.
    """

    member: Address
    do: str | None
    form: OperationForm
    decision: str | None = None
    parts: Mapping[Address, str] = field(default_factory=dict)
    rests_on: NotedStep | None = None
    goods_are_here: bool = False

    @property
    def is_alarming(self) -> bool:
        """Whether everybody has to know at once."""
        if self.do == "stop" or (self.do is None and self.rests_on is not None and self.rests_on.do == "stop"):
            return True
        if self.do == "decide":
            return self.decision not in GRANTS and self.goods_are_here
        return isinstance(self.form, MoveForm) and (
            self.form.movement in (Movement.LOST, Movement.FOUND)
            or (self.form.movement is Movement.CROSSED and self.form.ground is CrossingGround.URGENT)
        )


def choose_after(held: HeldOperation, member: Address) -> tuple[str, ...]:
    """The steps that a new one of a member names in `after`: those that nothing names, its own newest first.

    Then come the oldest: what is left out is named by a later step.

    Args:
        held: what is here of the operation.
        member: who signs.
    """
    steps = [step for step in held.steps if is_step(step.cover)]
    named = {digest for step in steps for digest in _named_by(step)}
    free = sorted((step for step in steps if step.digest not in named), key=lambda step: step.number)
    own = [step for step in free if member_of(step.cover.iss) == member][-1:]
    chosen = [*own, *(step for step in free if step not in own)]
    return tuple(step.digest for step in chosen[: limits.AFTER])


def _named_by(step: HeldStep) -> set[str]:
    claim = step.cover.operation
    return {*((claim.after or ()) if claim else ()), *(ref.digest for ref in step.cover.refs or ())}


def advised_recipients(state: OperationState | None, intent: StepIntent) -> tuple[Address, ...]:
    """To whom a client sends a step, its own member aside, unless its officer names more.

    Args:
        state: of the operation; ``None`` of a request.
        intent: the step.
    """
    everybody = tuple(state.parts) if state is not None else ()
    lead = (state.lead,) if state is not None and state.lead is not None else ()
    found = [*_by_table(state, intent, everybody, lead), *_least(intent, lead), *_concerned(intent)]
    if intent.is_alarming:
        found += [*lead, *everybody]
    return tuple(each for each in dict.fromkeys(found) if each != intent.member)


def _by_table(
    state: OperationState | None, intent: StepIntent, everybody: tuple[Address, ...], lead: tuple[Address, ...]
) -> tuple[Address, ...]:
    advice = CANCEL.advice if intent.do is None else STEPS[intent.do].advice
    rests_on = intent.rests_on
    if advice == "named":
        return tuple(each for each, part in intent.parts.items() if part != "left")
    if advice == "everybody":
        return (*lead, *(each for each in everybody if state is None or state.parts[each] != "left"))
    if advice == "coordinator":
        parts = state.parts if state is not None else {}
        return (*lead, *(each for each, part in parts.items() if part == "coordinator"))
    if advice in ("plan", "receivers") and rests_on is not None:
        return (*lead, *rests_on.audience, rests_on.member)
    return ()


def _least(intent: StepIntent, lead: tuple[Address, ...]) -> tuple[Address, ...]:
    if intent.do is None or intent.rests_on is None:
        return ()
    reach = reach_of(intent.do, intent.decision, of_move=intent.rests_on.do == "move")
    return (*lead, *(intent.rests_on.audience if reach == "plan" else ()), *_mover(intent.rests_on, reach))


def _mover(rests_on: NotedStep, reach: str) -> tuple[Address, ...]:
    return (rests_on.member,) if reach == "lead_and_mover" else ()


def _concerned(intent: StepIntent) -> tuple[Address, ...]:
    """Members whom the content itself concerns, as far as it names them on the cover or as the other side."""
    joining = tuple(intent.parts) if intent.do == "move" else ()
    other = (intent.form.other,) if isinstance(intent.form, HandForm) else ()
    return (*joining, *other)


# Plans


def newer_plan(state: OperationState, step: str) -> str | None:
    """The newest plan that follows the one that a step names; ``None`` if that is the newest, or no plan."""
    plans = [plan.step for plan in state.plans]
    return plans[-1] if step in plans and plans[-1] != step else None


def decide_again(state: OperationState, legs: Mapping[str, str], common: str) -> tuple[tuple[str, Address], ...]:
    """Legs on which was decided, and on which has to be decided again under another plan: leg and member.

    Args:
        state: as it is.
        legs: of the other plan: the digest of each by its name.
        common: digest of its common part.
    """
    decided = {(each.leg, each.member): each for each in state.decisions if each.leg and each.decision in GRANTS}
    return tuple(
        (str(leg), member)
        for (leg, member), each in decided.items()
        if leg in legs and (legs[leg], common) != (each.leg_digest, each.common)
    )


def noted(held: HeldOperation) -> dict[str, NotedStep]:
    """What a hub has noted of each step that is here, by digest."""
    steps, found = {step.digest: step for step in held.steps}, {}
    for digest, step in steps.items():
        decided = next((ref.digest for ref in step.cover.refs or () if ref.rel == "reply"), "")
        first = steps.get(decided)
        before = note_step(first.cover, decode_digest(decided)) if first is not None else None
        if (note := note_step(step.cover, decode_digest(digest), before)) is not None:
            found[digest] = note
    return found
