"""What the hub's services need of the world, and what they are promised.

Each port says which consistency and durability an adapter must give. Adapters live in
`broker.adapters`; nothing here does anything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from broker.core.admission import Admitted, Due
from broker.core.facts import Facts, Needs
from broker.core.tree import TileId, TileSource
from broker.core.verification import ReadSubmission
from schemas.addresses import Address
from schemas.checkpoint import Checkpoint
from schemas.claims import Claims, Event, Lane
from schemas.directory import Directory
from schemas.encoding import Digest
from schemas.errors import SeraiError
from schemas.frames import Ack
from schemas.statements import VerifiedStatement

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
class StoredItem:
    """A statement as read for a mailbox or a lane; nothing of it has been compared with its leaf.

    Attributes:
        statement: the compact JWS; ``None`` if it was erased.
        copy: of a dispatch; ``None`` if there is none for this reader.
    """

    lane: Lane
    index: int
    leaf: bytes
    statement: str | None
    copy: StoredCopy | None

    @property
    def size_bytes(self) -> int:
        """About what it takes in a frame."""
        return 1_200 + len(self.statement or "") + (len(self.copy.body) + len(self.copy.entry) if self.copy else 0)


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

    def due(self, now_ms: int, limit: int) -> Sequence[Due]:
        """Watches that have fallen due, oldest first; they are taken off."""

    def append(self, admitted: Sequence[Admitted], ceased: Iterable[tuple[Address, int]]) -> None:
        """Write statements with everything that follows; withdraw the dispatches a member had when it ceased."""

    def advance(self, head: StoredHead, tiles: Mapping[TileId, bytes]) -> None:
        """Write the new head and the tiles that grew."""

    def keep_cursors(self, cursors: Mapping[tuple[Address, str, Lane], int]) -> None:
        """Write the hub's copy of cursors, a hint for the operator."""


class Store(TileSource, Protocol):
    """The ledger and the mailboxes. Reads see committed data only. Methods block: call them in a thread."""

    def head(self) -> StoredHead:
        """The committed head."""

    def transaction(self) -> AbstractContextManager[Transaction]:
        """Begin a transaction; leaving the context commits, an exception rolls back."""

    def public(self, start: int, end: int, limit: int, room_bytes: int = ...) -> Sequence[StoredItem]:
        """Public statements with ``start <= index < end``, in order, no further than the one that passes the room."""

    def mailbox(
        self, member: Address, lane: Lane, start: int, end: int, limit: int, room_bytes: int = ...
    ) -> Sequence[StoredItem]:
        """A member's statements on a lane with ``start <= index < end``, in order, no further than the room."""

    def find(self, digest: Digest, member: Address | None, *, auditor: bool) -> StoredItem | None:
        """A statement by digest, if it is public, in the member's mailbox, or the reader an auditor."""

    def indices(self, digests: Sequence[Digest]) -> Mapping[Digest, int]:
        """Places of those digests that are in the ledger."""

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

    def compare_withdrawn(self, ceased: Iterable[tuple[Address, int]]) -> Sequence[str]:
        """Where mail is withdrawn, or not, against what follows from members that ceased, and where."""

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


class Clock(Protocol):
    """The hub's time."""

    def now_ms(self) -> int:
        """Milliseconds since 1970 UTC.

        Raises:
            SeraiError: ``hub_not_ready`` if the wall clock and the monotonic one have drifted apart.
        """

    def new_jti(self) -> str:
        """A fresh UUIDv7."""
