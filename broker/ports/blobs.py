"""What the hub needs of the world for attachments: files for their bytes, and records of what is known of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from broker.core.quota import Quota
from schemas.addresses import Address
from schemas.encoding import Digest


@dataclass(frozen=True, slots=True)
class UploadedBlob:
    """An upload: what a member has brought under a digest.

    Attributes:
        row: by which the records know it.
        member: who uploads it.
        digest: its name.
        file: the name of its file.
        size: how long it is when whole, in bytes.
        whole: whether all of it is on the disk, and its digest holds.
    """

    row: int
    member: Address
    digest: Digest
    file: str
    size: int
    whole: bool


@dataclass(frozen=True, slots=True)
class BlobCount:
    """How many blobs there are, and their bytes; what is partial is counted as it will be."""

    whole: int = 0
    whole_bytes: int = 0
    partial: int = 0
    partial_bytes: int = 0


class BlobFiles(Protocol):
    """The bytes of blobs, in files with fresh names. Methods block: call them in a thread."""

    def new_name(self) -> str:
        """A name that no file had or will have."""

    def held(self, name: str) -> int:
        """How many bytes a file has; 0 if it is not there."""

    def write(self, name: str, at: int, pieces: Sequence[bytes]) -> None:
        """Put bytes at the end of a file of length ``at``, which is made if it is not there; perhaps not yet durable.

        Raises:
            SeraiError: ``no_room``, ``storage_failed``.
        """

    def seal(self, name: str) -> Digest:
        """The SHA-256 of a file, read from the disk; durable when it returns.

        Raises:
            SeraiError: ``storage_failed``.
        """

    def read(self, name: str, start: int, end: int) -> bytes:
        """Bytes of a file.

        Raises:
            SeraiError: ``gone``, ``storage_failed``.
        """

    def touched_ms(self, name: str) -> int:
        """When a file was written to last, milliseconds since 1970 UTC; 0 if it is not there."""

    def drop(self, name: str) -> None:
        """Delete a file; nothing if it is not there."""

    def names(self) -> Iterable[str]:
        """The names of all files."""

    def free_share(self) -> float:
        """Which share of the disk is free."""


class BlobRecords(Protocol):
    """What is known of blobs, in the ledger's database. What writes excludes a commit, and is durable when it returns.

    Methods block; those that write are called where commits are made, so that neither waits for a lock.
    """

    def find(self, member: Address, digest: Digest) -> UploadedBlob | None:
        """What a member has uploaded under a digest."""

    def begin(self, member: Address, digest: Digest, size: int, file: str, now_ms: int, quota: Quota) -> UploadedBlob:
        """Reserve what an upload needs; if it has begun already, that one as it is.

        Raises:
            SeraiError: ``quota_exceeded``.
        """

    def complete(self, blob: UploadedBlob, now_ms: int) -> None:
        """It is whole, and on the disk."""

    def restart(self, blob: UploadedBlob, file: str, now_ms: int) -> None:
        """Its file is lost, or has other bytes: it is uploaded anew, into another file; a link stays."""

    def forget(self, blob: UploadedBlob) -> None:
        """Drop the row of an upload that came to nothing, unless a dispatch names it."""

    def fetchable(self, member: Address, digest: Digest) -> UploadedBlob:
        """The blob that a member may fetch.

        Raises:
            SeraiError: ``not_found``; ``erased`` if its days are over; ``gone`` if it is lost.
        """

    def outlived(self, until_ms: int, limit: int) -> int:
        """Let go of attachments whose dispatch all had confirmed by a time; gives how many."""

    def take_unlinked(self, until_ms: int, limit: int) -> Sequence[UploadedBlob]:
        """Drop the rows of whole blobs that no dispatch names and that were whole by a time."""

    def partial(self, until_ms: int, limit: int) -> Sequence[UploadedBlob]:
        """Uploads that are not whole, that no dispatch names, and that began by a time."""

    def take_partial(self, blobs: Sequence[UploadedBlob]) -> Sequence[UploadedBlob]:
        """Drop the rows of some of these that are still not whole."""

    def all(self) -> Iterable[UploadedBlob]:
        """Every upload, whole or not."""

    def files(self, names: Sequence[str]) -> frozenset[str]:
        """Those of these names that are some upload's."""

    def count(self) -> BlobCount:
        """How many there are, and how large."""
