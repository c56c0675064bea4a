"""An operation as of a moment (PROTOCOL 16). Values only; `schemas.operations.asof` computes them."""

from __future__ import annotations

from dataclasses import dataclass

from schemas.addresses import Address
from schemas.operations.results import Because, ControlSpan, SoilSpan, StopState
from schemas.operations.state import DueClock
from schemas.operations.terms import AuthorityState, BlockKind, OwedKind, ResultPart


@dataclass(frozen=True, slots=True)
class LegAuthority:
    """Authority for one leg at a moment.

    Attributes:
        leg: of the plan in force; of a move: empty.
        member: who answers for it.
        state: of the authority.
        stands: whether the goods may be on it.
        since_ms: since when it stands.
        until_ms: until when.
        decision: the step that decides it.
        move: the move that it is for, beside the plan.
        by_word_of: the participant by whose word it stands, where it speaks for a place that is not its soil.
        because: why.
    """

    leg: str
    member: Address
    state: AuthorityState
    stands: bool
    because: Because
    since_ms: int | None = None
    until_ms: int | None = None
    decision: str | None = None
    move: str | None = None
    by_word_of: Address | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """A reason why the goods may not go.

    Attributes:
        kind: what it is.
        leg: which leg it concerns.
        member: whom it concerns.
        step: from which it follows.
        because: by which rule.
    """

    kind: BlockKind
    because: Because
    leg: str = ""
    member: Address | None = None
    step: str | None = None


@dataclass(frozen=True, slots=True)
class OwedStep:
    """What somebody has to do next.

    Attributes:
        member: who.
        kind: what.
        steps: on which.
        due_ms: by when, if there is a clock.
        about: the leg or exhibit.
    """

    member: Address
    kind: OwedKind
    steps: tuple[str, ...]
    due_ms: int | None = None
    about: str = ""


@dataclass(frozen=True, slots=True)
class EndWarning:
    """Whom to warn that an authority ends.

    Attributes:
        at_ms: when to warn.
        ends_ms: when it ends.
        leg: of which leg.
        member: whose authority it is.
        to: holder of the goods, lead, and that country.
    """

    at_ms: int
    ends_ms: int
    leg: str
    member: Address
    to: tuple[Address, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """An operation as of a moment.

    Attributes:
        moment_ms: the moment.
        in_force: the plan in force then.
        authority: for each leg of that plan, then for moves beside it.
        may_go: whether the goods may go on; nothing blocks them.
        blocks: what does.
        stops: standing.
        control: whose hands.
        soil: on whose soil.
        running: clocks that somebody owes, the next due first.
        overdue: clocks that ran out.
        whose_move: who has to do what.
        warnings: before authorities end: those that are due, and those to come.
        unsure: results that something missing could change (rule F8).
    """

    moment_ms: int
    in_force: str | None
    authority: tuple[LegAuthority, ...]
    may_go: bool
    blocks: tuple[Block, ...]
    stops: tuple[StopState, ...]
    control: ControlSpan | None
    soil: SoilSpan | None
    running: tuple[DueClock, ...]
    overdue: tuple[DueClock, ...]
    whose_move: tuple[OwedStep, ...]
    warnings: tuple[EndWarning, ...]
    unsure: tuple[ResultPart, ...] = ()
