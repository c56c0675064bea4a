"""What the ledger already holds that a decision needs, as plain values.

The shell reads them for a whole batch inside the transaction, the core decides on them,
so no decision ever waits for a query.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from broker.core.verification import VerifiedSubmission
from schemas.addresses import Address, member_of
from schemas.claims import Dispatch, Lane, Receipt, Revocation, StatementType
from schemas.directory import Directory
from schemas.encoding import Digest, decode_digest
from schemas.errors import Code, SeraiError
from schemas.keys import Kid
from schemas.leaf import Leaf
from schemas.operations.steps import NotedOperation, NotedStep


@dataclass(frozen=True, slots=True)
class AcceptedStatement:
    """An accepted statement.

    Attributes:
        index: its place.
        leaf: its leaf.
        sender: member that signed it, or ``ROOT``.
        lane: the lane it went on.
        status: of a dispatch.
        origin: of a reseal, the place of what it brings again.
    """

    index: int
    leaf: Leaf
    sender: str
    lane: Lane
    status: str | None
    origin: int | None = None

    @property
    def asked_at(self) -> int:
        """Where an answer to it was asked for: a reseal asks for nothing anew."""
        return self.index if self.origin is None else self.origin


@dataclass(frozen=True, slots=True)
class Unreceived:
    """A dispatch that a member has not yet confirmed."""

    index: int
    digest: Digest
    sender: Address
    lane: Lane


@dataclass(frozen=True, slots=True)
class HeldBlob:
    """A whole blob that a member may name in a dispatch.

    Attributes:
        row: by which the store knows it.
        size: its length, in bytes.
    """

    row: int
    size: int


@dataclass(frozen=True, slots=True)
class Needs:
    """What facts a batch needs.

    Attributes:
        operations: digests of requests that open the operations of its steps.
        steps: digests of what may be steps, and is named.
        resealed: (dispatch, member) pairs of what is brought again, to whom.
    """

    digests: frozenset[Digest]
    jtis: frozenset[tuple[str, str]]
    readers: frozenset[tuple[Digest, Address]]
    outcomes: frozenset[tuple[Digest, Address, str]]
    ceasing: frozenset[Address]
    blobs: frozenset[tuple[Digest, Address]] = frozenset()
    operations: frozenset[Digest] = frozenset()
    steps: frozenset[Digest] = frozenset()
    resealed: frozenset[tuple[Digest, Address]] = frozenset()


@dataclass(frozen=True, slots=True)
class Facts:
    """What the ledger says to the `Needs` of a batch.

    Attributes:
        known: by digest.
        jtis: (issuing member, jti) to the digest that used it.
        readers: (dispatch, member) pairs in which the member is a recipient.
        outcomes: (dispatch, member, outcome) that have been given.
        unreceived: what a member that may cease has not confirmed.
        blobs: (blob, member) to the blob, where the member has uploaded it whole or may fetch it.
        blob_statuses: by blob, the status of the dispatches that name it.
        operations: by the digest of what opens them.
        steps: what is noted of steps, by place.
        entry_kids: (dispatch, member) to the key that the member's entry is under, where that can be delivered to it.
    """

    known: Mapping[Digest, AcceptedStatement] = field(default_factory=dict)
    jtis: Mapping[tuple[str, str], Digest] = field(default_factory=dict)
    readers: frozenset[tuple[Digest, Address]] = frozenset()
    outcomes: frozenset[tuple[Digest, Address, str]] = frozenset()
    unreceived: Mapping[Address, tuple[Unreceived, ...]] = field(default_factory=dict)
    blobs: Mapping[tuple[Digest, Address], HeldBlob] = field(default_factory=dict)
    blob_statuses: Mapping[Digest, str] = field(default_factory=dict)
    operations: Mapping[Digest, NotedOperation] = field(default_factory=dict)
    steps: Mapping[int, NotedStep] = field(default_factory=dict)
    entry_kids: Mapping[tuple[Digest, Address], Kid] = field(default_factory=dict)


def needs_of(digests: Iterable[Digest], submissions: Iterable[VerifiedSubmission], directory: Directory) -> Needs:
    """What a batch needs to know.

    Args:
        digests: of everything submitted, also of what did not verify: a repeat is
            recognised before any other check.
        submissions: what verified.
        directory: knows the units that would cease with a member.
    """
    known, jtis = set(digests), set()
    readers: set[tuple[Digest, Address]] = set()
    outcomes: set[tuple[Digest, Address, str]] = set()
    ceasing: set[Address] = set()
    blobs: set[tuple[Digest, Address]] = set()
    operations, steps = set[Digest](), set[Digest]()
    resealed: set[tuple[Digest, Address]] = set()
    for submission in submissions:
        claims = submission.statement.claims
        jtis.add((member_of(claims.iss), claims.jti))
        if isinstance(claims, Dispatch):
            readers |= {(decode_digest(ref.digest), member_of(claims.iss)) for ref in claims.refs or ()}
            reseals = [decode_digest(ref.digest) for ref in claims.refs or () if ref.rel == "reseal"]
            resealed |= {(digest, member) for digest in reseals for member in claims.to}
            steps |= {decode_digest(ref.digest) for ref in claims.refs or ()}
            if claims.operation is not None and claims.operation.id is not None:
                operations.add(decode_digest(claims.operation.id))
            blobs |= {(decode_digest(each.digest), member_of(claims.iss)) for each in claims.attachments or ()}
        elif isinstance(claims, Receipt):
            named = [decode_digest(digest) for digest in claims.digests]
            readers |= {(digest, member_of(claims.iss)) for digest in named}
            outcomes |= {(digest, member_of(claims.iss), claims.outcome) for digest in named}
            steps |= set(named) if claims.outcome == "declined" else set()
        elif isinstance(claims, Revocation):
            ceasing |= {member_of(claims.sub), *directory.units(member_of(claims.sub))}
    readers |= resealed
    known |= {digest for digest, _ in readers} | operations
    return Needs(
        frozenset(known), frozenset(jtis), frozenset(readers), frozenset(outcomes), frozenset(ceasing),
        frozenset(blobs), frozenset(operations), frozenset(steps), frozenset(resealed),
    )  # fmt: skip


def most_urgent(lanes: Iterable[Lane]) -> Lane:
    """The lane of something that names several others."""
    return "urgent" if "urgent" in set(lanes) else "normal"


def require_known(facts: Mapping[Digest, AcceptedStatement], digest: Digest) -> AcceptedStatement:
    """The accepted dispatch of a digest.

    Raises:
        SeraiError: ``unknown_reference`` if there is none.
    """
    known = facts.get(digest)
    if known is None or known.leaf.type is not StatementType.DISPATCH:
        raise SeraiError(Code.UNKNOWN_REFERENCE, "no accepted dispatch has this digest")
    return known
