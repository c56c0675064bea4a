"""The state of an operation: what follows from its steps (PROTOCOL 16). Values only; `fold` computes them.

Times are milliseconds since 1970 UTC. Steps are named by the digests of their statements. What depends on a
moment is in `schemas.operations.picture`; everything here holds whenever it is looked at.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from schemas.addresses import Address
from schemas.operations.books import Custody, Measure
from schemas.operations.results import (
    Because,
    ControlSpan,
    Crossing,
    DecisionState,
    FactState,
    PlanState,
    SoilSpan,
    StepRecord,
    StopState,
)
from schemas.operations.terms import ClockKind, Colour, ContradictionKind, MissingHow, Phase, ResultPart


@dataclass(frozen=True, slots=True)
class DueClock:
    """Something that is due.

    Attributes:
        kind: what.
        due_ms: when.
        members: of whom.
        step: from which it follows.
        met: who met it, by which step, and when.
        about: the leg, if it concerns one.
        because: why.
    """

    kind: ClockKind
    due_ms: int
    members: tuple[Address, ...]
    step: str
    because: Because
    met: tuple[tuple[Address, str, int], ...] = ()
    about: str = ""

    def owing(self, moment_ms: int) -> tuple[Address, ...]:
        """Who has not met it at a moment."""
        done = {member for member, _step, at_ms in self.met if at_ms <= moment_ms}
        return tuple(member for member in self.members if member not in done)


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Statements that do not fit together, or a fact that does not fit what was permitted. It cannot be hidden.

    Attributes:
        kind: what it is.
        colour: red or amber.
        steps: the statements.
        owner: the member that has to explain it.
        about: the leg or exhibit that it concerns.
        difference: by how much, of an amount.
        because: by which rule.
    """

    kind: ContradictionKind
    colour: Colour
    steps: tuple[str, ...]
    owner: Address | None
    because: Because
    about: str = ""
    difference: tuple[tuple[Measure, Decimal], ...] = ()


@dataclass(frozen=True, slots=True)
class MissingStep:
    """Something that is not here, and what it could change (rule F8).

    Attributes:
        digest: of the statement.
        number: in the ledger, if that is known.
        how: why it is not here.
        named_by: steps that name it.
        could_change: which results.
    """

    digest: str
    number: int | None
    how: MissingHow
    named_by: tuple[str, ...]
    could_change: tuple[ResultPart, ...]


@dataclass(frozen=True, slots=True)
class NewerWord:
    """Something of a later version: kept, shown as written, without effect.

    Attributes:
        step: where it stands.
        where: ``do``, ``decision``, ``part``, or the path in the content.
        word: as written, if it is a word.
    """

    step: str
    where: str
    word: str = ""


@dataclass(frozen=True, slots=True)
class OperationState:
    """What follows from the steps that are here, whenever it is looked at.

    Attributes:
        id: digest of the open.
        lead: who leads; ``None`` if the open is not here.
        status: ``actual`` or ``exercise``; as written, if it is another word.
        phase: where it is.
        closed_by: the close that stands, if one does.
        plans: the open first, then as they follow each other (rule F5).
        in_force: the plan that is.
        parts: of every member ever named: its part in the plan in force, or where it was named last.
        decisions: all of them, as they follow each other (rule F5).
        stops: all of them, standing or ended.
        facts: in their order (rule F5).
        control: who had the goods when, oldest first.
        soil: where they were when, oldest first.
        crossings: judged.
        custody: exhibits and balances.
        clocks: everything that is or was due.
        contradictions: red first.
        missing: what is not here.
        newer: what is of a later version.
        steps: every step, by number.
    """

    id: str
    lead: Address | None
    status: str
    phase: Phase
    closed_by: str | None
    plans: tuple[PlanState, ...]
    in_force: str | None
    parts: dict[Address, str]
    decisions: tuple[DecisionState, ...]
    stops: tuple[StopState, ...]
    facts: tuple[FactState, ...]
    control: tuple[ControlSpan, ...]
    soil: tuple[SoilSpan, ...]
    crossings: tuple[Crossing, ...]
    custody: Custody
    clocks: tuple[DueClock, ...]
    contradictions: tuple[Contradiction, ...]
    missing: tuple[MissingStep, ...]
    newer: tuple[NewerWord, ...]
    steps: tuple[StepRecord, ...]

    @property
    def uncertain(self) -> frozenset[ResultPart]:
        """Results that something missing could change (rule F8)."""
        return frozenset(part for each in self.missing for part in each.could_change)

    def plan(self, step: str | None) -> PlanState | None:
        """The plan of a digest."""
        return next((plan for plan in self.plans if plan.step == step), None)
