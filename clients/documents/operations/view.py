"""What the screen of an operation is made of, and its lines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Self

from schemas.addresses import Address
from schemas.operations.held import HeldOperation, StepContent
from schemas.operations.picture import Picture
from schemas.operations.proven import ProvenOperation
from schemas.operations.results import PlanState
from schemas.operations.state import OperationState
from schemas.reports.operations import PlanContent
from schemas.reports.profile import ProfileReport

if TYPE_CHECKING:
    from clients.actions.operations.known import KnownOperation  # it reaches a hub; who verifies has none


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
        profiles: what counts of the profile of each country; ``None`` where nobody has looked.
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
    profiles: Mapping[Address, ProfileReport | None] | None = None
    _numbers: dict[str, int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        numbers = {each.digest: each.number for each in self.state.missing if each.number is not None}
        numbers |= {each.digest: each.number for each in self.state.steps}
        object.__setattr__(self, "_numbers", numbers)

    @classmethod
    def of(cls, own: Address, known: KnownOperation, *, why: bool = False) -> Self:
        """An operation as a client knows it."""
        plan = _plan_of(known.held, known.state, known.picture)
        marks = [each.draft.operation for each in known.waiting]
        waiting = tuple((mark.do or "cancel") if mark is not None else "" for mark in marks)
        return cls(own, known.state, known.picture, plan, why, waiting, known.is_dropped, known.read_ms)

    @classmethod
    def proven(cls, operation: ProvenOperation) -> Self:
        """An operation as a verified file has it, with the rules; its reader is no participant."""
        state, picture = operation.folded.state, operation.picture
        return cls(Address(""), state, picture, _plan_of(operation.held, state, picture), why=True)

    @property
    def now_ms(self) -> int:
        """The moment, in milliseconds since 1970 UTC."""
        return self.picture.moment_ms

    @property
    def shown_plan(self) -> PlanState | None:
        """The plan in force; while none is, the newest one."""
        in_force = self.state.plan(self.picture.in_force)
        return in_force or (self.state.plans[-1] if self.state.plans else None)

    def outside_area(self, leg: str | None) -> str:
        """Where a leg runs that is nobody's own soil: the sea, a carrier, another country; empty of any other leg."""
        plan = self.shown_plan
        return next((each.spoken_for for each in (plan.legs if plan else ()) if each.leg == leg), "")

    def number_of(self, step: str) -> int | None:
        """The number of a step in the ledger; ``None`` if that is not known here."""
        return self._numbers.get(step)


def _plan_of(held: HeldOperation, state: OperationState, picture: Picture) -> PlanContent | None:
    """What the plan in force says, or the newest one."""
    shown = state.plan(picture.in_force) or next(reversed(state.plans), None)
    content = next((each.content for each in held.steps if shown is not None and each.digest == shown.step), None)
    form = content.read.form if isinstance(content, StepContent) else None
    return form if isinstance(form, PlanContent) else None


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
