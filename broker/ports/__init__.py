"""What the hub's services need of the world, and what they are promised; of attachments in `broker.ports.blobs`.

Each port says which consistency and durability an adapter must give. Adapters live in
`broker.adapters`; nothing here does anything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from broker.core.admission.effects import Admitted, StepNote
from broker.core.admission.events import Due, Holding
from broker.core.facts import Facts, Needs
from broker.core.timekeeping import SignOfLife, TimeReport
from broker.core.tree import TileId, TileSource
from broker.core.verification import ReadSubmission
from broker.ports.blobs import BlobFiles, BlobRecords
from schemas.addresses import Address
from schemas.checkpoint import Checkpoint
from schemas.claims import Claims, Event, Lane
from schemas.directory import Directory
from schemas.encoding import Digest
from schemas.errors import SeraiError
from schemas.frames import Ack
from schemas.statements import VerifiedStatement

Kept = Literal["mail", "receipts"]
"""What the network document counts days for; texts of dispatches, and of receipts and events."""

Read = ReadSubmission | Ack | SeraiError
"""What a frame amounts to, or why it is none."""


@dataclass(frozen=True, slots=True)
class StoredHead:
    """The head of the ledger as committed.

    Attributes:
        epoch: number of the epoch in force.
        size: leaves.
        accepted_at: time of the newest leaf, milliseconds.
        note: the newest signed checkpoint; ``""`` before leaf 0.
    """

    epoch: int
    size: int
    accepted_at: int
    note: str


@dataclass(frozen=True, slots=True)
class StoredCopy:
    """What a mailbox holds of a dispatch besides the statement, as bytes.

    Attributes:
        body: what all recipients share.
        entry: this member's entry.
        entry_proof: its proof, hashes joined.
        position: its place among the entries.
        entries: how many entries there are.
        content_digest: the body's digest, as the cover says.
        entries_root: root over the entries, as the cover says.
    """

    body: bytes
    entry: bytes
    entry_proof: bytes
    position: int
    entries: int
    content_digest: Digest
    entries_root: Digest


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """An `erased` event as read with what it names; nothing of it has been compared with its leaf."""

    index: int
    leaf: bytes
    text: str


@dataclass(frozen=True, slots=True)
class LedgerItem:
    """A statement as read for a mailbox or a lane; nothing of it has been compared with its leaf.

    Attributes:
        statement: the compact JWS; ``None`` if it was erased.
        copy: of a dispatch; ``None`` if there is none for this reader.
        erased: the event that says why it was erased; ``None`` if there is none.
    """

    lane: Lane
    index: int
    leaf: bytes
    statement: str | None
    copy: StoredCopy | None
    erased: StoredEvent | None = None

    @property
    def size_bytes(self) -> int:
        """About what it takes in a frame."""
        event = len(self.erased.text) + 1_200 if self.erased else 0
        copy = len(self.copy.body) + len(self.copy.entry) if self.copy else 0
        return 1_200 + event + len(self.statement or "") + copy


@dataclass(frozen=True, slots=True)
class StoredStep:
    """A step of an operation, as read for a participant.

    Attributes:
        item: with the participant's own copy, if it went to it.
        shown: whether the participant may read more of it than its leaf: it went to it, or to all.
    """

    item: LedgerItem
    shown: bool


@dataclass(frozen=True, slots=True)
class StoredText:
    """A statement as read by its place; nothing of it has been compared with its leaf.

    Attributes:
        lane: the lane it is on.
        index: place.
        leaf: its leaf.
        text: the compact JWS; ``None`` if it was erased.
        body: of a dispatch, what recipients share.
        copies: of a dispatch, with their proofs: one for each mailbox it is in.
    """

    lane: Lane
    index: int
    leaf: bytes
    text: str | None
    body: bytes | None
    copies: tuple[StoredCopy, ...] = ()


class Transaction(Protocol):
    """The one writer's transaction: all of it is on disk when it has committed, or none.

    The head is locked from the beginning to the end, so two transactions never overlap.
    """

    @property
    def head(self) -> StoredHead:
        """The head as locked."""

    def facts(self, needs: Needs) -> Facts:
        """What the ledger holds, as of the head."""

    def due(self, now_ms: int, limit: int, after: str = "") -> Sequence[Due]:
        """Watches that have fallen due: the oldest of all if that is everything, else of the members in turn.

        Args:
            now_ms: by when they are due.
            limit: how many at most.
            after: member that was served last, so that it is the next one's turn.
        """

    def forget(self, due: Due) -> None:
        """Take a watch off."""

    def silent(self, due: Due) -> tuple[Address, ...]:
        """Who has not said what was due; found from the dispatch, never from a mailbox's contents."""

    def outlived(self, kind: Kept, until_ms: int, limit: int) -> Sequence[Holding]:
        """Texts that all have confirmed by a time, the longest ago first; none that was never confirmed by all.

        Args:
            kind: of texts.
            until_ms: the time, in milliseconds by the ledger.
            limit: how many at most.
        """

    def append(self, admitted: Sequence[Admitted], ceased: Iterable[tuple[Address, int]]) -> None:
        """Write statements with everything that follows; withdraw the dispatches a member had when it ceased.

        What an `erased` event names loses its text, content and entries; its row and place stay.
        """

    def advance(self, head: StoredHead, tiles: Mapping[TileId, bytes]) -> None:
        """Write the new head and the tiles that grew."""

    def keep_cursors(self, cursors: Mapping[tuple[Address, str, Lane], int]) -> None:
        """Write the hub's copy of cursors, a hint for the operator."""


class LedgerStore(TileSource, Protocol):
    """The ledger and the mailboxes. Reads see committed data only. Methods block: call them in a thread."""

    @property
    def blobs(self) -> BlobRecords:
        """What is known of attachments."""

    def head(self) -> StoredHead:
        """The committed head."""

    def transaction(self) -> AbstractContextManager[Transaction]:
        """Begin a transaction; leaving the context commits, an exception rolls back."""

    def public(self, start: int, end: int, limit: int, room_bytes: int = ...) -> Sequence[LedgerItem]:
        """Public statements with ``start <= index < end``, in order, no further than the one that passes the room."""

    def mailbox(
        self, member: Address, lane: Lane, start: int, end: int, limit: int, room_bytes: int = ...
    ) -> Sequence[LedgerItem]:
        """A member's statements on a lane with ``start <= index < end``, in order, no further than the room."""

    def find(self, digest: Digest, member: Address | None, *, auditor: bool) -> LedgerItem | None:
        """A statement by digest, if it is public, in the member's mailbox, or the reader an auditor."""

    def indices(self, digests: Sequence[Digest]) -> Mapping[Digest, int]:
        """Places of those digests that are in the ledger."""

    def holdings(self, digests: Sequence[Digest]) -> Sequence[Holding]:
        """Of those digests that are in the ledger, where they are held; each once."""

    def members(self) -> Sequence[Address]:
        """Every member that has a mailbox."""

    def backup(self, path: Path) -> None:
        """A consistent copy of the database in a new file, while it is in use.

        Raises:
            SeraiError: ``not_permitted`` if this database has tools of its own for that.
        """

    def leaves(self, start: int, end: int) -> Sequence[bytes]:
        """Leaves by place."""

    def texts(self, start: int, end: int) -> Sequence[StoredText]:
        """Statements by place, whoever they are for."""

    def compare(self, admitted: Sequence[Admitted], now_ms: int) -> Sequence[str]:
        """Where rows of consecutive statements are not what would be written with them now, for people.

        Args:
            admitted: the statements, without their entries.
            now_ms: time of the newest leaf.
        """

    def step_notes(self, start: int, end: int) -> Mapping[int, StepNote]:
        """What is noted of steps, by place."""

    def operation_steps(
        self, operation: Digest, member: Address, start: int, end: int, limit: int, room_bytes: int = ...
    ) -> Sequence[StoredStep] | None:
        """The steps of an operation with ``start <= index < end``, in order, no further than the room.

        Returns:
            ``None`` if the member was never named in an operation of this digest.
        """

    def compare_withdrawn(
        self,
        ceased: Iterable[tuple[Address, int]],
        kept_from: Iterable[tuple[Address, int]] = (),
        unknown: AbstractSet[int] = frozenset(),
    ) -> Sequence[str]:
        """Where mail is withdrawn, or not, against what follows.

        Args:
            ceased: members that have, and where.
            kept_from: members without a key, and the place of what was kept from them at once.
            unknown: places of what could not be recounted.
        """

    def compare_endings(
        self, ended: Mapping[tuple[int, Address], int | None], unknown: AbstractSet[int]
    ) -> Sequence[str]:
        """Where an answer is waited for, or not, against what the texts say.

        Args:
            ended: who owes an answer to the dispatch at which place, and the place of what ended that.
            unknown: places of what could not be recounted.
        """

    def use_token(self, kid: str, jti: str, expires_s: int, now_s: int) -> bool:
        """Mark a session token as used, for ever as far as it could still be valid.

        Returns:
            False if it had been used before. Durable before it returns.
        """

    def due_at(self) -> int | None:
        """When the next watch falls due, in milliseconds."""

    def backlog(self) -> Mapping[Lane, int]:
        """Statements addressed but not acknowledged as stored by any seat, by lane; for metrics."""


class Verifier(Protocol):
    """Reads the frames of live sessions and verifies what they submit. Called on the event loop only."""

    async def start(self) -> None:
        """Get ready."""

    async def stop(self) -> None:
        """Let go; what was not read yet is not answered."""

    def learn(self, directory: Directory) -> None:
        """Know the keys of a newer directory, for every frame that is handed over after."""

    def read(self, text: str, answer: Callable[[Read], None]) -> None:
        """Read a frame; ``answer`` is called once, at once or later, not always in order."""


class Register(Protocol):
    """The checkpoint outside the database. It only moves forward, by compare-and-swap."""

    def read(self) -> str:
        """The newest note; ``""`` if there never was one."""

    def swap(self, before: str, after: str) -> None:
        """Replace ``before`` by ``after``; durable when it returns.

        Raises:
            SeraiError: ``inconsistent_ledger`` if the register does not hold ``before``.
        """


class Signer(Protocol):
    """The hub's own keys."""

    @property
    def ledger_kid(self) -> str:
        """Thumbprint of the ledger key."""

    @property
    def event_kid(self) -> str:
        """Thumbprint of the event key."""

    def sign_checkpoint(self, checkpoint: Checkpoint) -> str:
        """The signed note of a checkpoint."""

    def sign_event(self, claims: Event) -> VerifiedStatement[Claims]:
        """A signed event."""


class MachineClock(Protocol):
    """The machine's clock, whatever it says."""

    def offset_ms(self) -> int:
        """Milliseconds since 1970 UTC, less those of `monotonic_ms`, both read at once."""

    def monotonic_ms(self) -> int:
        """Milliseconds of a clock that nobody moves."""

    def is_synchronised(self) -> bool:
        """Whether the system calls its clock synchronised; false if it does not say."""

    def new_jti(self) -> str:
        """A fresh UUIDv7."""


class LifeRecord(Protocol):
    """The last sign of life, outside the database."""

    def read(self) -> SignOfLife | None:
        """It, or ``None`` if there is none that can be read."""

    def write(self, sign: SignOfLife) -> None:
        """Replace it; durable when it returns.

        Raises:
            SeraiError: ``storage_failed``.
        """


class HubClock(Protocol):
    """The hub's time."""

    def now_ms(self) -> int:
        """Milliseconds since 1970 UTC.

        Raises:
            SeraiError: ``hub_not_ready`` while the clock may not be believed: then nothing is appended.
        """

    def new_jti(self) -> str:
        """A fresh UUIDv7."""


class Timekeeping(HubClock, Protocol):
    """The hub's time, with what its operator must know and may do about it."""

    def report(self) -> TimeReport:
        """How it stands."""

    def take_steps(self) -> Sequence[int]:
        """The steps forward that were gone over since the last call, in milliseconds."""

    def keep_life(self, newest_ms: int) -> None:
        """Leave a sign of life, if the clock is believed; blocks.

        Args:
            newest_ms: time of the newest leaf, milliseconds since 1970 UTC.

        Raises:
            SeraiError: ``hub_not_ready`` if it is not; ``storage_failed``.
        """

    def confirm(self, said_ms: int, newest_ms: int) -> None:
        """Believe the machine's clock, because the operator has compared it with another one; blocks.

        Args:
            said_ms: what the other clock said, milliseconds since 1970 UTC.
            newest_ms: time of the newest leaf, milliseconds since 1970 UTC.

        Raises:
            SeraiError: ``not_permitted`` if the two differ; ``hub_not_ready`` if only a new start helps;
                ``storage_failed``.
        """


@dataclass(frozen=True, slots=True)
class HubPorts:
    """Everything that a hub stands on, opened.

    Attributes:
        store: database.
        register: checkpoint outside it.
        signer: the hub's keys.
        clock: the hub's time.
        verifier: reads and verifies what comes over lines.
        files: the bytes of attachments.
    """

    store: LedgerStore
    register: Register
    signer: Signer
    clock: Timekeeping
    verifier: Verifier
    files: BlobFiles
