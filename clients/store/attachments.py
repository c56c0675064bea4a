"""Blobs that go, come, or are here: what has to be done with each, and how far it has got.

A blob is known here by its digest and its length. Both are what somebody names who may lie: one digest has one true
length, and a wrong one, named by another, is a row of its own that keeps nobody from the right one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from clients.store.database import Database
from clients.store.rows import TableRows
from clients.store.schema import ATTACHMENT


class BlobState(StrEnum):
    """What has to be done with a blob."""

    SENDING = "sending"
    """It is here, and the hub has not confirmed that it has it."""

    SENT = "sent"
    """It is here, and the hub has it."""

    WANTED = "wanted"
    """It is to be fetched."""

    KEPT = "kept"
    """It was fetched, and is here."""

    LOST = "lost"
    """It cannot be sent, or fetched; the code says why."""


@dataclass(frozen=True, slots=True)
class StoredBlob:
    """A row.

    Attributes:
        digest: name of the blob, base64url.
        state: what has to be done.
        urgent: goes and comes before what is not.
        size: of the blob, in bytes.
        at_ms: milliseconds, when that began.
        moved: how many bytes the hub has of it.
        code: why it waits, or is lost.
    """

    digest: str
    state: BlobState
    urgent: bool
    size: int
    at_ms: int
    moved: int = 0
    code: str | None = None

    @property
    def key(self) -> tuple[str, int]:
        """Digest and size: what tells rows apart."""
        return self.digest, self.size


class Attachments:
    """The table."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._rows = TableRows(database, ATTACHMENT)

    def put(self, blob: StoredBlob) -> None:
        """Keep a row, in place of one of the same blob."""
        clear = {"state": blob.state.value, "rank": 0 if blob.urgent else 1, "size": blob.size, "at": blob.at_ms}
        value = {"moved": blob.moved, "code": blob.code}
        self._rows.put(self._id(*blob.key), value, digest=blob.digest, **clear)

    def get(self, digest: str, size: int) -> StoredBlob | None:
        """The row of a blob of a length in bytes."""
        return next((self._blob(*found) for found in self._rows.read("id = ?", self._id(digest, size))), None)

    def drop(self, digest: str) -> None:
        """Forget a blob, whatever length was named of it."""
        self._rows.drop_all("digest = ?", digest)

    def _id(self, digest: str, size: int) -> bytes:
        return self._database.name("attachment", digest, str(size))

    def next(self, state: BlobState, skip: Collection[tuple[str, int]] = ()) -> StoredBlob | None:
        """What comes next: urgent first, then the oldest.

        Args:
            state: what has to be done.
            skip: digest and size of what has to wait.
        """
        return next((blob for blob in self.all(state) if blob.key not in skip), None)

    def all(self, state: BlobState | None = None) -> Iterator[StoredBlob]:
        """Every row, or those of a state, urgent first, then the oldest."""
        where, values = ("state = ?", (state.value,)) if state else ("1", ())
        for found in self._rows.read(f"{where} ORDER BY rank, at, digest", *values):
            yield self._blob(*found)

    def is_moving(self) -> bool:
        """Whether something is to be uploaded, or is urgent and to be fetched, and nothing is in its way."""
        sending, wanted = self.next(BlobState.SENDING), self.next(BlobState.WANTED)
        going = [each for each in (sending, wanted) if each is not None and (each is sending or each.urgent)]
        return any(each.code is None for each in going)

    def fetched_bytes(self) -> int:
        """How much was fetched, or is to be."""
        sql = "SELECT coalesce(sum(size), 0) FROM attachment WHERE state IN ('wanted', 'kept')"
        return int(self._database.execute(sql).fetchone()[0])

    def _blob(self, row: Mapping[str, Any], value: Mapping[str, Any]) -> StoredBlob:
        state, urgent = BlobState(row["state"]), row["rank"] == 0
        return StoredBlob(row["digest"], state, urgent, row["size"], row["at"], value["moved"], value["code"])
