"""Groups of which the forms of operations are made (PROTOCOL 16).

No group asks for call signs, means of surveillance, numbers of trackers or informants, and none for a name of a person.
"""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from schemas.addresses import MemberField
from schemas.claims.fields import DigestText
from schemas.claims.operations import DecisionWord
from schemas.reports.base import Coded, DecimalText, Instant, Line, Part, Reference, Text
from schemas.reports.drugs import DrugGroup, Unit
from schemas.reports.operations.codes import GuaranteeKind, OutsideArea, RequestedStep
from schemas.reports.parts import Place
from schemas.reports.places import TransportMode

LegName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9-]{0,15}$")]
"""Name of a leg in a plan, 1 to 16 letters, digits and hyphens: ``1``, ``KZ-2``."""

ExhibitName = Reference
"""Name of an exhibit, once in an operation: the number on its label."""


class FurtherItem(Part):
    """What a national form asks besides.

    Attributes:
        label: what is asked.
        value: the answer.
    """

    label: Line
    value: Text


class GoodsAmount(Part):
    """So much of one kind of goods. Amounts of other kinds or units are never added.

    Attributes:
        group: the kind.
        name: the kind in words, where ``group`` is ``other``: cash, weapons.
        quantity: amount in ``unit``.
        unit: of the quantity.
        unit_as_written: the word for the unit, where it is ``other``.
    """

    group: DrugGroup
    name: Line | None = None
    quantity: DecimalText
    unit: Unit
    unit_as_written: Line | None = None

    @model_validator(mode="after")
    def _explained(self) -> Self:
        if self.group is DrugGroup.OTHER and self.name is None:
            raise ValueError("other needs name")
        if self.unit is Unit.OTHER and self.unit_as_written is None:
            raise ValueError("other needs unit_as_written")
        return self


class NextPoint(Part):
    """Where the goods go next, and when.

    Attributes:
        place: where.
        earliest: when they may be there.
        latest: when they are missed there.
    """

    place: Place
    earliest: Instant
    latest: Instant | None = None


class Ask(Part):
    """What is asked of a participant, and by when. The clock is the cover's ``expects``.

    Attributes:
        member: of whom.
        what: what is asked.
        until: by when.
    """

    member: MemberField
    what: Coded[RequestedStep]
    until: Instant | None = None


class StopRule(Part):
    """When the operation is stopped, and who decides that when nobody can be reached.

    Attributes:
        when: in words.
        decided_by: the member that decides alone.
        post: its post, in words.
    """

    when: Text
    decided_by: MemberField
    post: Line | None = None


class SpokenFor(Part):
    """Where a leg runs that is no soil of a member: its participant speaks for it.

    Attributes:
        area: what kind of place.
        name: which one.
    """

    area: OutsideArea
    name: Line


class Leg(Part):
    """A stretch of the way for which one member answers.

    Attributes:
        leg: its name in the plan.
        member: who answers for it.
        spoken_for: where it is not that member's own soil.
        origin: where it begins.
        destination: where it ends.
        border: the border point by which the goods come onto it.
        mode: how they travel.
        enters: when they are expected on it.
        leaves: when they are expected to leave it.
    """

    leg: LegName
    member: MemberField
    spoken_for: SpokenFor | None = None
    origin: Place | None = None
    destination: Place | None = None
    border: Place | None = None
    mode: Coded[TransportMode] | None = None
    enters: Instant | None = None
    leaves: Instant | None = None


class ParcelDetails(Part):
    """A parcel or air waybill; its number stands in ``identifiers``.

    Attributes:
        operator: post or carrier.
        hold_until: until when it is held.
        release: when it is let go.
        delivery_from: earliest delivery.
        delivery_until: latest delivery.
    """

    operator: Line | None = None
    hold_until: Instant | None = None
    release: Instant | None = None
    delivery_from: Instant | None = None
    delivery_until: Instant | None = None


class ProfileDemand(Part):
    """A country profile that a plan rests on.

    Attributes:
        member: whose it is.
        digest: of the dispatch that brought it.
        not_met: what it demands and the plan does not meet.
    """

    member: MemberField
    digest: DigestText
    not_met: tuple[Line, ...] = Field(default=(), max_length=32)


class EarlierDecision(Part):
    """A decision that who joins later was not sent: by the lead's word, until the country decides anew.

    Attributes:
        member: who decided.
        decision: its word.
        digest: of the step.
        legs: for which.
        valid_until: until when.
    """

    member: MemberField
    decision: DecisionWord
    digest: DigestText
    legs: tuple[LegName, ...] = Field(default=(), max_length=64)
    valid_until: Instant | None = None


class DecidedLeg(Part):
    """A leg, as the plan has it on which was decided.

    Attributes:
        leg: its name.
        digest: of the leg in the plan (RFC 8785).
    """

    leg: LegName
    digest: DigestText


class DecidingAuthority(Part):
    """Who decided within his country.

    Attributes:
        post: the office.
        rank: of who holds it.
        reference: number of the decision.
    """

    post: Line
    rank: Line | None = None
    reference: Reference | None = None


class OralDecision(Part):
    """A decision by word of mouth: it lapses unless it is confirmed, and cannot be extended.

    Attributes:
        spoken_by: post of who decided.
        received_by: post of who wrote it down.
        spoken_at: when.
        confirmed_until: when it lapses.
    """

    spoken_by: Line
    received_by: Line
    spoken_at: Instant
    confirmed_until: Instant


class Guarantee(Part):
    """One guarantee.

    Attributes:
        kind: what is guaranteed or demanded.
        by: the member that sees to it.
        as_written: in words; ``other`` needs them.
    """

    kind: GuaranteeKind
    by: MemberField | None = None
    as_written: Line | None = None

    @model_validator(mode="after")
    def _other_is_explained(self) -> Self:
        if self.kind is GuaranteeKind.OTHER and self.as_written is None:
            raise ValueError("other needs as_written")
        return self


class ExhibitPart(Part):
    """An exhibit that comes of another, or takes its place.

    Attributes:
        exhibit: its name.
        amounts: how much is in it.
        not_counted_because: why nobody knows how much.
        note: what it looks like.
    """

    exhibit: ExhibitName
    amounts: tuple[GoodsAmount, ...] = Field(default=(), max_length=50)
    not_counted_because: Line | None = None
    note: Line | None = None
