"""What is noted of a step, so that later ones can be judged by it and clocks kept (PROTOCOL 16). It outlives texts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from schemas.addresses import Address, member_of
from schemas.claims import Dispatch
from schemas.encoding import Digest, decode_digest
from schemas.operations.table import FACTS_AND_STOPS, PLANS


@dataclass(frozen=True, slots=True)
class NotedStep:
    """A step that was admitted.

    Attributes:
        operation: digest of its ``open``.
        do: what it does; ``None`` of a cancel.
        decision: of a ``decide``.
        signer: who signed it.
        parts: as its cover names them.
        audience: whom what rests on it reaches: of a plan all that are not `left`, and the lead; of a decision those of
            what it decides; of a fact or a stop all that got it.
    """

    operation: Digest
    do: str | None
    decision: str | None
    signer: Address
    parts: Mapping[Address, str] = field(default_factory=dict)
    audience: tuple[Address, ...] = ()

    @property
    def member(self) -> Address:
        """Whose step it is."""
        return member_of(self.signer)


@dataclass(frozen=True, slots=True)
class NotedOperation:
    """An operation, as far as a step is judged by it.

    Attributes:
        lead: who has opened it.
        named: all members that were ever named in it, the lead among them.
    """

    lead: Address
    named: frozenset[Address]


def operation_of(cover: Dispatch, digest: Digest) -> Digest | None:
    """Digest of the ``open`` of the operation that a dispatch belongs to; ``None`` if it belongs to none.

    Args:
        cover: its cover.
        digest: its own, which is that of the operation where it opens one.
    """
    claim = cover.operation
    if claim is None:
        return None
    return digest if claim.id is None else decode_digest(claim.id)


def is_step(cover: Dispatch) -> bool:
    """Whether a dispatch is a step: one that does something, or a cancel; a reseal is none."""
    claim = cover.operation
    return claim is not None and (claim.do is not None or any(ref.rel == "cancel" for ref in cover.refs or ()))


def is_stop(cover: Dispatch) -> bool:
    """Whether a dispatch is a stop: what it refers to, and who cannot read it, is no reason to refuse it."""
    return cover.operation is not None and cover.operation.do == "stop"


def note_step(cover: Dispatch, digest: Digest, decided: NotedStep | None = None) -> NotedStep | None:
    """What is noted of a dispatch; ``None`` if it is no step.

    Args:
        cover: admitted, or judged.
        digest: its own.
        decided: of a ``decide``, what it names.
    """
    operation, claim = operation_of(cover, digest), cover.operation
    if operation is None or claim is None or not is_step(cover):
        return None
    audience = _audience(cover, claim.do, decided)
    return NotedStep(operation, claim.do, claim.decision, cover.iss, claim.parts(), audience)


def _audience(cover: Dispatch, do: str | None, decided: NotedStep | None) -> tuple[Address, ...]:
    member = member_of(cover.iss)
    if cover.operation is not None and do in PLANS:
        active = (each for each, part in cover.operation.parts().items() if part != "left")
        return tuple(dict.fromkeys((member, *active)))
    if do == "decide" and decided is not None:
        return (decided.member,) if decided.do == "move" else decided.audience
    return tuple(dict.fromkeys((member, *cover.to))) if do in FACTS_AND_STOPS else ()
