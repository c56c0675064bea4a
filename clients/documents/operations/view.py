"""What the screen of an operation is made of, and its lines."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Self

from clients.actions.operations.known import KnownOperation
from schemas.addresses import Address
from schemas.operations.held import StepContent
from schemas.operations.picture import Picture
from schemas.operations.results import PlanState
from schemas.operations.state import OperationState
from schemas.reports.operations import PlanContent


@dataclass(frozen=True, slots=True)
class OperationView:
    """An operation as one member sees it at a moment.

    Attributes:
        own: the member that looks.
        state: what follows from its steps.
        picture: the same as of the moment.
        plan: what the plan in force says, or the newest one while none is; ``None`` if that is not here.
        why: whether lines name the rules that they follow from.
        waiting: what own steps do that the hub has not accepted yet.
        is_dropped: whether a new epoch has dropped steps that nobody has offered again yet.
        read_ms: when the hub's list of its steps was read last, in milliseconds since 1970 UTC; 0 if never.
        goes_on_from: operations that it goes on from, because their lead is gone, as they are called.
        goes_on_in: operations that go on from it, as they are called.
    """

    own: Address
    state: OperationState
    picture: Picture
    plan: PlanContent | None
    why: bool = False
    waiting: tuple[str, ...] = ()
    is_dropped: bool = False
    read_ms: int = 0
    goes_on_from: tuple[str, ...] = ()
    goes_on_in: tuple[str, ...] = ()
    _numbers: dict[str, int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        numbers = {each.digest: each.number for each in self.state.missing if each.number is not None}
        numbers |= {each.digest: each.number for each in self.state.steps}
        object.__setattr__(self, "_numbers", numbers)

    @classmethod
    def of(cls, own: Address, known: KnownOperation, *, why: bool = False) -> Self:
        """An operation as a client knows it."""
        shown = known.state.plan(known.picture.in_force) or next(reversed(known.state.plans), None)
        step = known.step(shown.step) if shown is not None else None
        content = step.content.read.form if step is not None and isinstance(step.content, StepContent) else None
        plan = content if isinstance(content, PlanContent) else None
        marks = [each.draft.operation for each in known.waiting]
        waiting = tuple((mark.do or "cancel") if mark is not None else "" for mark in marks)
        return cls(own, known.state, known.picture, plan, why, waiting, known.is_dropped, known.read_ms)

    @property
    def now_ms(self) -> int:
        """The moment, in milliseconds since 1970 UTC."""
        return self.picture.moment_ms

    @property
    def shown_plan(self) -> PlanState | None:
        """The plan in force; while none is, the newest one."""
        in_force = self.state.plan(self.picture.in_force)
        return in_force or (self.state.plans[-1] if self.state.plans else None)

    def number_of(self, step: str) -> int | None:
        """The number of a step in the ledger; ``None`` if that is not known here."""
        return self._numbers.get(step)


class Weight(Enum):
    """What a line is, for whoever gives it a colour."""

    PLAIN = "plain"
    HEADING = "heading"
    RED = "red"
    AMBER = "amber"
    GREEN = "green"
    MARKING = "marking"
    QUIET = "quiet"


@dataclass(frozen=True, slots=True)
class PictureLine:
    """A line of the screen.

    Attributes:
        text: at most 80 columns.
        weight: what it is.
    """

    text: str
    weight: Weight = Weight.PLAIN
