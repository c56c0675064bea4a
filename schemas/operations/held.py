"""What a client or a verifier holds of an operation: the input of the fold (PROTOCOL 16)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from schemas.addresses import Address
from schemas.claims import Dispatch
from schemas.operations.terms import MissingHow
from schemas.reports import ReadReport


@dataclass(frozen=True, slots=True)
class StepContent:
    """The opened content of a step.

    Attributes:
        members: as they were written; digests are computed over these.
        read: what is known of them.
    """

    members: Mapping[str, Any] = field(repr=False)
    read: ReadReport = field(repr=False)


@dataclass(frozen=True, slots=True)
class HeldStep:
    """A step, or a cancel or reseal, of which the cover is here.

    Attributes:
        digest: of the statement.
        number: in the ledger.
        accepted_ms: by the leaf, in milliseconds since 1970 UTC.
        cover: what was signed.
        roles: of the signer, as of then.
        content: what it says, or why that is not here.
    """

    digest: str
    number: int
    accepted_ms: int
    cover: Dispatch
    roles: frozenset[str]
    content: StepContent | MissingHow


@dataclass(frozen=True, slots=True)
class LeafOnly:
    """A step of which only the leaf is here: `GET` names it, and it was not sent to us or is not kept.

    Attributes:
        digest: of the statement.
        number: in the ledger.
        accepted_ms: by the leaf.
        how: why it is not here.
    """

    digest: str
    number: int
    accepted_ms: int
    how: MissingHow = MissingHow.NOT_SENT


@dataclass(frozen=True, slots=True)
class EpochStart:
    """An epoch of the ledger.

    Attributes:
        number: of its statement in the ledger: it holds from there on.
        stated_ms: when the statement was signed, in milliseconds since 1970 UTC.
    """

    number: int
    stated_ms: int


@dataclass(frozen=True, slots=True)
class HeldOperation:
    """All that is here of one operation, in any order.

    Attributes:
        id: digest of the open.
        steps: with covers.
        leaves: the others.
        epochs: of the ledger; without any nothing is repeated (rule F7).
        revoked: when a member was revoked that has no other good key, in milliseconds since 1970 UTC.
    """

    id: str
    steps: tuple[HeldStep, ...]
    leaves: tuple[LeafOnly, ...] = ()
    epochs: tuple[EpochStart, ...] = ()
    revoked: Mapping[Address, int] = field(default_factory=dict)
