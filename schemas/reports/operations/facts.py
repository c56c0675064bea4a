"""Forms of facts: move, hand, exhibit, result (PROTOCOL 16)."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from schemas.addresses import MemberField
from schemas.reports.base import Coded, Instant, Line, Reference, Text
from schemas.reports.operations.codes import (
    CrossingGround,
    ExhibitEvent,
    GoodsState,
    HandStage,
    Movement,
    OperationOutcome,
)
from schemas.reports.operations.forms import FactForm
from schemas.reports.operations.parts import ExhibitName, ExhibitPart, GoodsAmount, LegName


class MoveForm(FactForm):
    """Where the goods are, or went.

    Attributes:
        do: ``move``.
        movement: what happened.
        soil: the member on whose soil the goods are then; of a crossing: whose soil they entered.
        leg: of the plan, on which they are then.
        ground: of a crossing.
        state: of the goods, as seen.
        next_report: by when the sender reports again.
    """

    do: Literal["move"] = "move"
    movement: Movement
    soil: MemberField | None = None
    leg: LegName | None = None
    ground: CrossingGround | None = None
    state: Coded[GoodsState] | None = None
    next_report: Instant | None = None


class HandForm(FactForm):
    """One side of a handover.

    Attributes:
        do: ``hand``.
        stage: offered by who gives, accepted by who receives.
        other: the member on the other side.
        exhibits: which ones; the whole consignment, if none.
        as_offered: what came is what was offered.
        differences: what differs.
        seals: numbers of the seals.
    """

    do: Literal["hand"] = "hand"
    stage: HandStage
    other: MemberField
    exhibits: tuple[ExhibitName, ...] = Field(default=(), max_length=100)
    as_offered: bool | None = Field(default=None, strict=True)
    differences: Text | None = None
    seals: tuple[Reference, ...] = Field(default=(), max_length=50)


class ExhibitForm(FactForm):
    """What happened to an exhibit.

    Attributes:
        do: ``exhibit``.
        event: what happened.
        exhibit: to which one.
        amounts: how much: in it when it is registered or weighed; of it when it is removed, seized, destroyed or lost.
        not_counted_because: why nobody knows how much.
        parts: exhibits that come of it: pieces, samples, what was removed; of a substitution, the dummy.
        holder: in whose hands; the member's whose fact it is, if absent.
        seals: numbers of the seals.
        laboratory_reference: of the laboratory.
    """

    do: Literal["exhibit"] = "exhibit"
    event: ExhibitEvent
    exhibit: ExhibitName
    amounts: tuple[GoodsAmount, ...] = Field(default=(), max_length=50)
    not_counted_because: Line | None = None
    parts: tuple[ExhibitPart, ...] = Field(default=(), max_length=100)
    holder: MemberField | None = None
    seals: tuple[Reference, ...] = Field(default=(), max_length=50)
    laboratory_reference: Reference | None = None


class ResultForm(FactForm):
    """What came of it in one country. Arrests stand in ``persons``.

    Attributes:
        do: ``result``.
        outcome: what came of it.
        seized: how much.
        laboratory_reference: of the laboratory.
        losses: what was lost or damaged.
        injuries: who was hurt.
        lessons: what to do better.
    """

    do: Literal["result"] = "result"
    outcome: Coded[OperationOutcome]
    seized: tuple[GoodsAmount, ...] = Field(default=(), max_length=50)
    laboratory_reference: Reference | None = None
    losses: Text | None = None
    injuries: Text | None = None
    lessons: Text | None = None
