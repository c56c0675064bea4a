"""Attachments of what came or was sent: which there are, what to fetch, and the file in a blob (PROTOCOL 7)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from clients.mail.state import State
from clients.store import BlobState, Spool, Store, StoredBlob
from schemas.blobs import BlobOpener, blob_size
from schemas.claims import Dispatch
from schemas.errors import Code, SeraiError
from schemas.padding import padded_size
from schemas.reports import ReportModel, read_content
from schemas.reports.attachments import Attachment
from schemas.rules.attaching import Fit, compare_attached


@dataclass(frozen=True, slots=True)
class AttachedFile:
    """An attachment of a dispatch, as it stands here.

    Attributes:
        number: its number in the report, from 1.
        attachment: as the report names it.
        fit: whether the cover names the same.
        blob: what has to be done with its blob; ``None`` if nobody has asked for it.
        is_here: whether the blob is here, whole.
        moved: how many bytes of it have come, or were sent.
    """

    number: int
    attachment: Attachment
    fit: Fit
    blob: StoredBlob | None
    is_here: bool
    moved: int

    @property
    def size(self) -> int:
        """Length of its blob, in bytes, as its report says."""
        return _size(self.attachment)


def attached_files(cover: Dispatch, report: ReportModel | None, store: Store) -> list[AttachedFile]:
    """The attachments of a dispatch, in the order of its report."""
    attachments = report.attachments if report is not None else ()
    fits = compare_attached(cover, attachments).fits
    return [_file(number, *pair, store) for number, pair in enumerate(zip(attachments, fits, strict=True), 1)]


def _size(attachment: Attachment) -> int:
    return blob_size(padded_size(attachment.size))


def _file(number: int, attachment: Attachment, fit: Fit, store: Store) -> AttachedFile:
    size = _size(attachment)
    blob = store.attachments.get(attachment.blob, size)
    is_here = store.spool.size(attachment.blob) == size
    if blob is not None and blob.state is BlobState.WANTED:
        moved = store.spool.part_bytes(attachment.blob, size)
    else:
        moved = blob.moved if blob is not None else 0
    return AttachedFile(number, attachment, fit, blob, is_here, moved)


def want_attachments(state: State, cover: Dispatch, content: str | None, *, urgent: bool) -> None:
    """Fetch what came with a dispatch, as far as there is room for what nobody has asked for.

    Belongs into the transaction that keeps the dispatch.

    Args:
        state: of the client.
        cover: verified.
        content: its report as JSON text, opened.
        urgent: whether it came on the urgent lane.
    """
    if not cover.attachments or content is None:
        return
    form = read_content(content.encode(), cover).form
    for each in attached_files(cover, form, state.store):
        room = state.fetch_bytes - state.store.attachments.fetched_bytes()
        if each.fit is Fit.SAME and each.blob is None and not each.is_here and each.size <= room:
            want(state, each, urgent=urgent)


def want(state: State, file: AttachedFile, *, urgent: bool) -> None:
    """Let the blob of an attachment be fetched; also one that could not be had before."""
    at_ms = state.system.clock.time_ms()
    state.store.attachments.put(StoredBlob(file.attachment.blob, BlobState.WANTED, urgent, file.size, at_ms))


def is_wanted(file: AttachedFile, store: Store) -> bool:
    """Whether the blob of an attachment is still to be fetched."""
    blob = store.attachments.get(file.attachment.blob, file.size)
    return blob is not None and blob.state is BlobState.WANTED


def check_here(file: AttachedFile, store: Store) -> None:
    """Check that the blob of an attachment has come.

    Raises:
        SeraiError: why it cannot be had.
    """
    if store.spool.size(file.attachment.blob) != file.size:
        blob = store.attachments.get(file.attachment.blob, file.size)
        word = blob.code if blob is not None else None
        raise SeraiError(next((code for code in Code if code.value == word), Code.NOT_FOUND), "an attachment")


def open_file(attachment: Attachment, spool: Spool) -> Iterator[bytes]:
    """The file in a blob that is here, once all of it was opened and found to be the one that the report names.

    It is opened twice: first to the end, and nothing of it is given before that.

    Raises:
        SeraiError: ``attachment_mismatch``: it is cut, extended, in another order, not padded with zeros, or another
            file; nothing was given. ``storage_failed``.
    """
    for _ in _opened(attachment, spool):
        pass
    yield from _opened(attachment, spool)


def _opened(attachment: Attachment, spool: Spool) -> Iterator[bytes]:
    opener = BlobOpener(attachment.blob_key, attachment.size, attachment.file_digest, attachment.blob_digest)
    return opener.open(spool.read(attachment.blob))
