"""What became of the steps of an operation: plans, decisions, stops, facts, control (PROTOCOL 16). Values only.

Times are milliseconds since 1970 UTC. Steps are named by the digests of their statements.
"""

from __future__ import annotations

from dataclasses import dataclass

from schemas.addresses import Address
from schemas.operations.terms import AuthorityState, Colour, Rule, StopEnd


@dataclass(frozen=True, slots=True)
class Because:
    """Why the fold decided so.

    Attributes:
        rule: by which.
        steps: that it decided from.
    """

    rule: Rule
    steps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StepRecord:
    """A step as the fold counts it.

    Attributes:
        digest: of the statement.
        number: in the ledger.
        do: what it does; as written, where it is not known here; ``None`` of a cancel or reseal.
        decision: of a ``decide``.
        signer: who signed.
        accepted_ms: when it was accepted.
        effective_ms: when it counts from: acceptance, or the signer's clock if it is repeated.
        repeated: whether it is by the signer's clock (rule F7).
        struck_out_by: the cancel that struck it out.
        void: why it has no effect, if it has none.
    """

    digest: str
    number: int
    do: str | None
    decision: str | None
    signer: Address
    accepted_ms: int
    effective_ms: int
    repeated: bool = False
    struck_out_by: str | None = None
    void: Because | None = None


@dataclass(frozen=True, slots=True)
class PlanLeg:
    """A leg of a plan.

    Attributes:
        leg: its name.
        member: who answers for it.
        digest: of the leg as written (RFC 8785).
        spoken_for: the country outside, sea, air or carrier for which that member speaks; empty on its own soil.
        enters_ms: when the goods are expected on it.
        leaves_ms: when they are expected to leave it.
    """

    leg: str
    member: Address
    digest: str
    spoken_for: str = ""
    enters_ms: int | None = None
    leaves_ms: int | None = None


@dataclass(frozen=True, slots=True)
class PlanState:
    """An open or a plan.

    Attributes:
        step: its digest.
        number: in the ledger.
        parts: of each member that it names.
        legs: in its order.
        common: digest of its common part; empty if its content is not here.
        held_by: whose hands the goods are in, as it says.
        confirmed_by: the confirm that made it count; ``None`` if there is none.
        confirmed_ms: from when it counts.
        is_readable: whether its content is here.
    """

    step: str
    number: int
    parts: dict[Address, str]
    legs: tuple[PlanLeg, ...]
    common: str
    held_by: Address | None = None
    confirmed_by: str | None = None
    confirmed_ms: int | None = None
    is_readable: bool = True


@dataclass(frozen=True, slots=True)
class DecisionState:
    """A decision for one leg, for a whole plan, or for a move.

    Attributes:
        step: its digest.
        member: who decides.
        leg: for which leg; ``None``: for all legs of that member, or for a move.
        move: the move that it answers, if it does.
        leg_digest: that it repeats.
        common: that it repeats.
        decision: its word.
        effective_ms: from when it counts.
        valid_from_ms: from when it permits.
        valid_until_ms: until when it permits; without end, if ``None``.
        is_oral: whether it lapses at its end unless it is confirmed.
        confirmed_ms: of a conditional one: when the lead confirmed the conditions.
    """

    step: str
    member: Address
    leg: str | None
    move: str | None
    leg_digest: str
    common: str
    decision: str
    effective_ms: int
    valid_from_ms: int
    valid_until_ms: int | None = None
    is_oral: bool = False
    confirmed_ms: int | None = None


@dataclass(frozen=True, slots=True)
class StopState:
    """A stop, standing or ended.

    Attributes:
        member: who stops.
        step: the stop; of a refusal or withdrawal with the goods on that soil: that decision.
        since_ms: from when it stands.
        until_ms: when its own time is over.
        ended_ms: when something ended it before that.
        ended_by: the step that did.
        how: what that was, or would be: `StopEnd.STANDING` if nothing ended it.
        is_decision: whether it follows from a refusal or withdrawal.
        reason: its code, if it is here.
        wish: its code, if it is here.
        because: why it stands, or stands no more.
    """

    member: Address
    step: str
    since_ms: int
    until_ms: int | None
    ended_ms: int | None
    ended_by: str | None
    how: StopEnd
    is_decision: bool
    reason: str | None
    wish: str | None
    because: Because

    @property
    def end_ms(self) -> int | None:
        """When it stands no more; ``None`` if nothing ends it."""
        return min((each for each in (self.until_ms, self.ended_ms) if each is not None), default=None)

    def stands_at(self, moment_ms: int) -> bool:
        """Whether it stands at a moment."""
        end = self.end_ms
        return self.since_ms <= moment_ms and (end is None or moment_ms < end)


@dataclass(frozen=True, slots=True)
class FactState:
    """A fact in its place in the order of facts (rule F5).

    Attributes:
        step: its digest.
        do: ``move``, ``hand``, ``exhibit`` or ``result``.
        member: whose fact it is.
        signer: who signed it.
        occurred_ms: when it happened, as it says.
        accepted_ms: when it was accepted.
        colour: amber for a fact of another.
        gives_way_to: the own fact that goes before it (rule F4).
        because: why.
    """

    step: str
    do: str
    member: Address
    signer: Address
    occurred_ms: int
    accepted_ms: int
    colour: Colour
    gives_way_to: str | None
    because: Because


@dataclass(frozen=True, slots=True)
class ControlSpan:
    """Who has the goods in his hands from a moment on.

    Attributes:
        since_ms: from when.
        holder: whose hands.
        step: from which this follows; the plan, at the beginning.
        colour: amber while one side alone signed; red if two hold it.
        rivals: who else holds it, by another step.
        offered_to: to whom it is offered.
        offer: the step that offers it.
        lost_ms: since when it is lost from sight.
        because: why.
    """

    since_ms: int
    holder: Address | None
    step: str
    colour: Colour
    because: Because
    rivals: tuple[Address, ...] = ()
    offered_to: Address | None = None
    offer: str | None = None
    lost_ms: int | None = None


@dataclass(frozen=True, slots=True)
class SoilSpan:
    """On whose soil the goods are from a moment on.

    Attributes:
        since_ms: from when.
        member: whose soil; ``None`` if no fact says so.
        leg: on which leg, if a fact says so.
        step: that says so; the plan, at the beginning.
        colour: amber for a fact of another.
    """

    since_ms: int
    member: Address | None
    leg: str | None
    step: str
    colour: Colour


@dataclass(frozen=True, slots=True)
class Crossing:
    """A border that was crossed, judged (rule F6).

    Attributes:
        step: the move.
        member: whose soil was entered.
        leg: which leg, if the move or the plan says so.
        occurred_ms: when.
        accepted_ms: when the move was accepted.
        colour: how it stands.
        authority: the state of authority then.
        decision: the decision that stood, or that was missing.
        ended_by: what ended it before the move was accepted.
        is_urgent: whether it says that it had no prior consent.
        because: why.
    """

    step: str
    member: Address | None
    leg: str | None
    occurred_ms: int
    accepted_ms: int
    colour: Colour
    authority: AuthorityState
    decision: str | None
    ended_by: str | None
    is_urgent: bool
    because: Because
