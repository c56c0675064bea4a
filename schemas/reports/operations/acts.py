"""Forms of acts: open, plan, confirm, decide, stop, close, and of a cancel and a note (PROTOCOL 16)."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from schemas.addresses import MemberField
from schemas.claims.fields import DigestText
from schemas.reports.base import Coded, Instant, Line, Text
from schemas.reports.operations.codes import (
    ConsignmentVariant,
    DecisionManner,
    OperationOutcome,
    PersonsAtRisk,
    PlanItem,
    RefusalReason,
    StopReason,
    StopWish,
    SubstitutionPlan,
)
from schemas.reports.operations.forms import OperationForm
from schemas.reports.operations.parts import (
    Ask,
    DecidedLeg,
    DecidingAuthority,
    EarlierDecision,
    GoodsAmount,
    Guarantee,
    Leg,
    NextPoint,
    OralDecision,
    ParcelDetails,
    ProfileDemand,
    StopRule,
)
from schemas.reports.parts import Goods, Place

COMMON: tuple[str, ...] = (
    "offence",
    "goods",
    "quantity_at_most",
    "substitution",
    "persons_at_risk",
    "stop_rule",
)
"""Members of a plan that concern every leg: its common part."""


def _named_once(legs: tuple[Leg, ...]) -> tuple[Leg, ...]:
    if len({leg.leg for leg in legs}) != len(legs):
        raise ValueError("legs: named twice")
    return legs


class PlanContent(OperationForm):
    """What an open and a plan say. Whatever is not required may be not known yet.

    Attributes:
        goods: what it is about: drugs, cash, any illicit goods.
        place: where the goods are now.
        held_by: the member whose hands they are in; the lead's, if absent.
        next_point: where they go next, and when.
        asks: what is asked of whom, by when.
        persons_at_risk: whether anybody is.
        stop_rule: when it is stopped, and who decides when nobody can be reached.
        offence: what is investigated.
        quantity_at_most: more than that is not agreed to.
        variant: in what the goods travel.
        parcel: of a parcel.
        legs: the way, and who answers for each stretch of it.
        substitution: how much is replaced.
        grounds: why a controlled delivery and nothing else.
        profiles: country profiles that it rests on.
        earlier_decisions: for members that were not sent them.
        not_known: what is not known yet.
    """

    goods: tuple[Goods, ...] = Field(min_length=1, max_length=100)
    place: Place
    held_by: MemberField | None = None
    next_point: NextPoint
    asks: tuple[Ask, ...] = Field(min_length=1, max_length=64)
    persons_at_risk: PersonsAtRisk
    stop_rule: StopRule
    offence: Text | None = None
    quantity_at_most: tuple[GoodsAmount, ...] = Field(default=(), max_length=50)
    variant: Coded[ConsignmentVariant] | None = None
    parcel: ParcelDetails | None = None
    legs: Annotated[tuple[Leg, ...], AfterValidator(_named_once)] = Field(default=(), max_length=64)
    substitution: SubstitutionPlan | None = None
    grounds: Text | None = None
    profiles: tuple[ProfileDemand, ...] = Field(default=(), max_length=32)
    earlier_decisions: tuple[EarlierDecision, ...] = Field(default=(), max_length=128)
    not_known: tuple[PlanItem, ...] = Field(default=(), max_length=16)

    @property
    def open_items(self) -> tuple[PlanItem, ...]:
        """What it leaves open, whether or not it says so."""
        return tuple(item for item in PlanItem if not getattr(self, item.value))


class OpenForm(PlanContent):
    """A request for a controlled delivery: the first plan.

    Attributes:
        do: ``open``.
    """

    do: Literal["open"] = "open"


class PlanForm(PlanContent):
    """A plan that takes the place of an earlier one, when it is confirmed.

    Attributes:
        do: ``plan``.
        changes: what is different, in words.
    """

    do: Literal["plan"] = "plan"
    changes: Text | None = None


class ConfirmForm(OperationForm):
    """The lead's authorising officer confirms a plan, or that he keeps the conditions of a decision.

    Attributes:
        do: ``confirm``.
        authority: who confirms.
        conditions_met: how the conditions are kept.
    """

    do: Literal["confirm"] = "confirm"
    authority: DecidingAuthority | None = None
    conditions_met: Text | None = None


class DecideForm(OperationForm):
    """A country's decision. Which it is, granted or refused, stands on the cover alone.

    Attributes:
        do: ``decide``.
        legs: on which it decides, each with its digest; without any: the whole plan, or the move that it answers.
        common: digest of the plan's common part (RFC 8785).
        authority: who decided.
        legal_basis: under what law.
        manner: how it was made known.
        oral: of an oral one.
        valid_from: from when; from its acceptance, if absent.
        valid_until: until when.
        conditions: under which it holds.
        guarantees: ticked.
        as_in_profile: the guarantees are those of the country's profile.
        reason: of a refusal or withdrawal.
    """

    do: Literal["decide"] = "decide"
    legs: tuple[DecidedLeg, ...] = Field(default=(), max_length=64)
    common: DigestText | None = None
    authority: DecidingAuthority
    legal_basis: Text | None = None
    manner: DecisionManner
    oral: OralDecision | None = None
    valid_from: Instant | None = None
    valid_until: Instant | None = None
    conditions: tuple[Text, ...] = Field(default=(), max_length=32)
    guarantees: tuple[Guarantee, ...] = Field(default=(), max_length=32)
    as_in_profile: bool | None = Field(default=None, strict=True)
    reason: Coded[RefusalReason] | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.manner is DecisionManner.ORAL) != (self.oral is not None):
            raise ValueError("an oral decision, and only that, has oral")
        if len({leg.leg for leg in self.legs}) != len(self.legs):
            raise ValueError("legs: named twice")
        return self


class StopForm(OperationForm):
    """A stop. Its effect does not depend on what it says.

    Attributes:
        do: ``stop``.
        reason: why.
        wish: what its sender wishes to be done with the goods.
        until: when it ends by itself, at most 24 hours after it was signed; when it is cancelled, if absent.
    """

    do: Literal["stop"] = "stop"
    reason: Coded[StopReason]
    wish: StopWish | None = None
    until: Instant | None = None


class CloseForm(OperationForm):
    """The lead closes the operation.

    Attributes:
        do: ``close``.
        outcome: what came of it.
        lessons: what to do better.
    """

    do: Literal["close"] = "close"
    outcome: Coded[OperationOutcome]
    lessons: Text | None = None


class NoteForm(OperationForm):
    """Words to others; they count for nothing.

    Attributes:
        do: ``note``.
        summary: the words.
    """

    do: Literal["note"] = "note"
    summary: Text


class CancelForm(OperationForm):
    """A fact or a stop is struck out; the cover has no ``do``.

    Attributes:
        do: ``cancel``.
        reason: why, in words.
    """

    do: Literal["cancel"] = "cancel"
    reason: Line
