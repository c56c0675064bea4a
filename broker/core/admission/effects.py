"""What follows from a statement that is admitted, as values: mail, deadlines, events, changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from broker.core.verification import StoredEntry, SubmittedContent
from schemas.addresses import Address
from schemas.claims import Claims, Lane
from schemas.directory import Directory
from schemas.encoding import Digest
from schemas.leaf import Leaf
from schemas.operations.steps import NotedStep
from schemas.statements import VerifiedStatement


@dataclass(frozen=True, slots=True)
class MailboxEntry:
    """A statement enters a mailbox.

    Attributes:
        member: whose mailbox.
        addressed: false for the copy of the signer's own member.
        entry: the member's entry, of a dispatch.
        withdrawn: whether the member has no key, so that it is not delivered to it.
    """

    member: Address
    addressed: bool
    entry: StoredEntry | None = None
    withdrawn: bool = False


class BlobLink(NamedTuple):
    """A dispatch names a blob.

    Attributes:
        digest: of the blob.
        row: by which the store knows it; ``None`` where that is not known.
    """

    digest: Digest
    row: int | None


class StepNote(NamedTuple):
    """A step enters its operation.

    Attributes:
        step: what is noted of it.
        joining: members that it names for the first time.
        to_all: whether it went to everybody whom it concerns, so that its cover is no secret among participants.
    """

    step: NotedStep
    joining: tuple[Address, ...]
    to_all: bool


class EndOfWait(NamedTuple):
    """An answer is not waited for any more.

    Attributes:
        target: place of the dispatch that asked for it.
        member: who owed it; ``None`` for everybody.
    """

    target: int
    member: Address | None


@dataclass(frozen=True, slots=True)
class Watch:
    """Something that is due: when, of which statement, and what is missing by then."""

    due_ms: int
    index: int
    missing: str


@dataclass(frozen=True, slots=True)
class EventDraft:
    """An event that the hub owes, not yet signed."""

    event: str
    to: tuple[Address, ...]
    digests: tuple[Digest, ...]
    lane: Lane
    member: Address | None = None
    members: tuple[Address, ...] = ()
    missing: str | None = None
    due_s: int | None = None
    reason: str | None = None


class Admission(NamedTuple):
    """What a decision says of a statement that is admitted.

    A tuple, because one is made for each statement.

    Attributes:
        lane: the lane it goes on.
        deliveries: mailboxes that it enters.
        references: places of what it refers to, and how.
        outcomes: places of what it answers for the first time, and the outcome.
        watches: what is due from now on.
        owing: members that owe an answer to it.
        endings: answers that are not waited for any more.
        origin: of a reseal, the place of what it brings again.
        links: blobs that it names.
        answered: digests of all that it answers.
        directory: the directory after it; ``None`` if it stays.
        ceased: members that have no key left.
        owed: events that the hub owes because of it.
        step: what is noted of it in an operation.
    """

    lane: Lane
    deliveries: tuple[MailboxEntry, ...] = ()
    references: tuple[tuple[int, str], ...] = ()
    outcomes: tuple[tuple[int, str], ...] = ()
    watches: tuple[Watch, ...] = ()
    owing: tuple[Address, ...] = ()
    endings: tuple[EndOfWait, ...] = ()
    origin: int | None = None
    links: tuple[BlobLink, ...] = ()
    answered: tuple[Digest, ...] = ()
    directory: Directory | None = None
    ceased: tuple[Address, ...] = ()
    owed: tuple[EventDraft, ...] = ()
    step: StepNote | None = None


@dataclass(frozen=True, slots=True)
class Admitted:
    """An admitted statement and everything that is written with it."""

    index: int
    leaf: Leaf
    statement: VerifiedStatement[Claims]
    sender: str
    lane: Lane
    content: SubmittedContent | None = None
    deliveries: tuple[MailboxEntry, ...] = ()
    references: tuple[tuple[int, str], ...] = ()
    outcomes: tuple[tuple[int, str], ...] = ()
    watches: tuple[Watch, ...] = ()
    owing: tuple[Address, ...] = ()
    endings: tuple[EndOfWait, ...] = ()
    origin: int | None = None
    links: tuple[BlobLink, ...] = ()
    step: StepNote | None = None
