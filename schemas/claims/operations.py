"""What a cover says of a step of an operation (PROTOCOL 16)."""

from __future__ import annotations

from typing import Annotated, Final, Literal, get_args

from pydantic import AfterValidator, Field

from schemas import limits
from schemas.addresses import Address, MemberField
from schemas.claims.base import ClaimPart
from schemas.claims.fields import DigestText, closed, unique

Do = Literal["open", "plan", "confirm", "decide", "stop", "move", "hand", "exhibit", "result", "note", "close"]
"""What a step does; the first ones and ``close`` are acts, ``move`` to ``result`` are facts."""

Decision = Literal["granted", "conditional", "refused", "withdrawn"]
Part = Literal["origin", "transit", "destination", "coordinator", "observer", "left"]

ACTS: Final = frozenset({"open", "plan", "confirm", "decide", "stop", "close"})
"""Steps that carry authority: an officer signs them."""

FACTS: Final = frozenset({"move", "hand", "exhibit", "result"})
"""Steps that say what happened: they are never refused for what they say."""

DoWord = Annotated[str, *closed(get_args(Do))]
DecisionWord = Annotated[str, *closed(get_args(Decision))]
PartWord = Annotated[str, *closed(get_args(Part))]


class Participant(ClaimPart):
    """A member in an operation, and its part.

    Attributes:
        member: of the network.
        part: ``origin``, ``transit`` or ``destination`` where the goods begin, pass and arrive; ``coordinator``;
            ``observer``; ``left`` if it takes part no more.
    """

    member: MemberField
    part: PartWord


def _each_once(participants: list[Participant]) -> list[Participant]:
    unique([participant.member for participant in participants])
    return participants


class OperationClaim(ClaimPart):
    """The claim ``operation`` of a cover; what of it goes together is in `schemas.rules.operating`.

    Attributes:
        id: digest of the ``open``; ``None`` in the ``open`` itself.
        do: what the step does; ``None`` in a cancel and in a reseal.
        decision: of a ``decide``.
        participants: of an ``open`` or ``plan`` all whom it names; of a ``move`` the one member that it adds.
        after: digests of steps that the signer held and that nothing else it held names.
    """

    id: DigestText | None = None
    do: DoWord | None = None
    decision: DecisionWord | None = None
    participants: (
        Annotated[list[Participant], Field(min_length=1, max_length=limits.PARTICIPANTS), AfterValidator(_each_once)]
        | None
    ) = None
    after: Annotated[list[DigestText], Field(min_length=1, max_length=limits.AFTER), AfterValidator(unique)] | None = (
        None
    )

    def parts(self) -> dict[Address, str]:
        """The part of each member that it names."""
        return {participant.member: participant.part for participant in self.participants or ()}
