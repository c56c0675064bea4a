"""Files that go with a report: looked at, cleaned, sealed into the spool; what has to wait for them (PROTOCOL 7)."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO, Final

from clients.errors import ClientError, LocalCode
from clients.formats.filenames import clean_name
from clients.formats.media import PROGRAMS, is_lie, type_of_name
from clients.formats.pictures import OutgoingFile, PictureError
from clients.formats.traces import Trace
from clients.mail.compose import BlobRef, DispatchDraft, Ref, StepMark
from clients.store import BlobState, Store, StoredBlob
from schemas.blobs import KEY_BYTES, BlobSealer, blob_size
from schemas.encoding import decode_object, encode_base64url, encode_json
from schemas.errors import Code, SeraiError
from schemas.limits import ATTACHED_BYTES, ATTACHMENTS, BLOB_CONTENT_BYTES
from schemas.padding import padded_size
from schemas.reports import MAX_REPORT_BYTES, ReportModel, encode_report, parse_report
from schemas.reports.attachments import Attachment
from schemas.reports.operations import NoteForm

_MIB: Final = 1 << 20
_NAME_BYTES: Final = 8


@dataclass(frozen=True, slots=True)
class FileToAttach:
    """A file that is to go with a report.

    Attributes:
        path: where it is.
        caption: what is to be seen, in one line.
        as_it_is: whether location and author stay in a picture, on purpose.
    """

    path: Path
    caption: str | None = None
    as_it_is: bool = False


@dataclass(frozen=True, slots=True)
class MeasuredFile:
    """What a file will be when it goes; nothing of it was encrypted yet.

    Attributes:
        file: which.
        name: under which it goes.
        media_type: by its content.
        size: of what goes, in bytes.
        sha256: of what goes, base64url.
        said: what a picture says beside what it shows: left out, or still in it where it goes as it is.
        is_cleaned: whether that was left out; a file of another kind cannot be cleaned.
        is_lie: whether its name stands for another type.
        is_program: whether a machine would run it.
    """

    file: FileToAttach
    name: str
    media_type: str
    size: int
    sha256: str
    said: frozenset[Trace]
    is_cleaned: bool
    is_lie: bool
    is_program: bool

    @property
    def as_it_is(self) -> bool:
        """Whether location and author stay in it, on purpose."""
        return self.file.as_it_is


def measure(file: FileToAttach) -> MeasuredFile:
    """Look at a file as it would go.

    Raises:
        ClientError: ``not_a_regular_file``, ``file_empty``, ``picture_unreadable``.
        OSError: it cannot be read.
    """
    with _open(file.path) as source, _read(file):
        outgoing = OutgoingFile(source, as_it_is=file.as_it_is)
        size, digest = 0, hashlib.sha256()
        for piece in outgoing.pieces():
            size += len(piece)
            digest.update(piece)
        said = outgoing.look() if file.as_it_is else outgoing.left_out
    if not size:
        raise ClientError(LocalCode.FILE_EMPTY, path=file.path)
    return MeasuredFile(
        file=file,
        name=clean_name(file.path.name),
        media_type=outgoing.media_type,
        size=size,
        sha256=encode_base64url(digest.digest()),
        said=frozenset(said),
        is_cleaned=outgoing.can_be_cleaned and not file.as_it_is,
        is_lie=is_lie(type_of_name(file.path.name), outgoing.media_type),
        is_program=outgoing.media_type in PROGRAMS,
    )


def check_files(files: Sequence[MeasuredFile], others: Sequence[Attachment], hub_bytes: int | None) -> None:
    """Refuse, before anything is encrypted, what could never go.

    Args:
        files: that are to go.
        others: attachments of the report that need no file.
        hub_bytes: largest padded file that the hub allows, as far as that is known.

    Raises:
        ClientError: ``too_many_attachments``, ``hub_takes_none``, ``attachment_over_limit`` or
            ``attachments_over_limit``.
    """
    if len(files) + len(others) > ATTACHMENTS:
        raise ClientError(LocalCode.TOO_MANY_ATTACHMENTS, count=len(files) + len(others))
    most = BLOB_CONTENT_BYTES if hub_bytes is None else min(hub_bytes, BLOB_CONTENT_BYTES)
    if files and not most:
        raise ClientError(LocalCode.HUB_TAKES_NONE)
    for each in files:
        if padded_size(each.size) > most:
            size, limit = -(-each.size // _MIB), most // _MIB
            raise ClientError(LocalCode.ATTACHMENT_OVER_LIMIT, path=each.file.path, size=size, limit=limit)
    if sum(padded_size(size) for size in (*(f.size for f in files), *(o.size for o in others))) > ATTACHED_BYTES:
        raise ClientError(LocalCode.ATTACHMENTS_OVER_LIMIT)


def seal_file(measured: MeasuredFile, store: Store, entropy: Callable[[int], bytes]) -> Attachment:
    """Encrypt a file into the spool; the blob is whole on the disk when this returns.

    Raises:
        ClientError: ``file_changed`` if it is another than the one that was looked at.
        SeraiError: ``storage_failed``.
        OSError: it cannot be read.
    """
    key = entropy(KEY_BYTES)
    sealer = BlobSealer(key, measured.size)
    with _open(measured.file.path) as source, _read(measured.file):
        outgoing = OutgoingFile(source, as_it_is=measured.file.as_it_is)
        sealed = sealer.seal(outgoing.pieces())
        blob = store.spool.make(_checked(sealed, sealer, measured), lambda: sealer.blob_digest, entropy(_NAME_BYTES))
    return Attachment(
        name=measured.name,
        media_type=measured.media_type,
        size=measured.size,
        sha256=encode_base64url(sealer.file_digest),
        blob=blob,
        key=encode_base64url(key),
        caption=measured.file.caption,
    )


def _checked(sealed: Iterator[bytes], sealer: BlobSealer, measured: MeasuredFile) -> Iterator[bytes]:
    """A blob that comes to its end only if its file is the one that somebody was shown."""
    yield from sealed
    if encode_base64url(sealer.file_digest) != measured.sha256:
        raise ClientError(LocalCode.ATTACHED_FILE_CHANGED, path=measured.file.path)


@contextmanager
def _open(path: Path) -> Iterator[BinaryIO]:
    with path.open("rb") as source:
        if not stat.S_ISREG(os.fstat(source.fileno()).st_mode):
            raise ClientError(LocalCode.NOT_A_REGULAR_FILE, path=path)
        yield source


@contextmanager
def _read(file: FileToAttach) -> Iterator[None]:
    try:
        yield
    except PictureError:
        raise ClientError(LocalCode.PICTURE_UNREADABLE, path=file.path) from None
    except SeraiError as error:
        if error.code is not Code.MALFORMED_ATTACHMENT:
            raise
        raise ClientError(LocalCode.ATTACHED_FILE_CHANGED, path=file.path) from None


# The report, with its files and before them


def with_attachments(report: ReportModel, attachments: Sequence[Attachment]) -> ReportModel:
    """The report with files beside those that it has.

    Raises:
        SeraiError: ``malformed_report``.
    """
    value = decode_object(encode_report(report), MAX_REPORT_BYTES)
    own = [each.model_dump(mode="json", exclude_none=True) for each in (*report.attachments, *attachments)]
    return parse_report(encode_json({**value, "attachments": own}).encode())


def split_urgent(draft: DispatchDraft, report: ReportModel) -> tuple[DispatchDraft, DispatchDraft]:
    """What goes at once, and the same with attachments, which follows it (PROTOCOL 7).

    Args:
        draft: with attachments.
        report: its report.

    Returns:
        The first has no attachments and says how many follow; of the second the reference is to be set, by
        `following`, when the first is in the outbox.
    """
    value = decode_object(encode_report(report), MAX_REPORT_BYTES)
    del value["attachments"]
    text = parse_report(encode_json({**value, "attachments_follow": len(report.attachments)}).encode())
    first = replace(draft, content=encode_report(text).decode(), attachments=())
    if draft.operation is not None:
        return first, _note_of_files(draft, draft.operation, report)
    return first, replace(draft, refs=(), expects=None)


def _note_of_files(draft: DispatchDraft, mark: StepMark, report: ReportModel) -> DispatchDraft:
    """Files of a step of an operation follow in a note: a step is not updated, and nobody is called twice for it."""
    names = ", ".join(each.name for each in report.attachments)
    note = NoteForm(our_reference=report.our_reference, summary=names, attachments=report.attachments)
    content = encode_report(note).decode()
    return replace(draft, content=content, operation=StepMark(mark.id, "note"), precedence="priority", expects=None)


def following(second: DispatchDraft, row: int) -> DispatchDraft:
    """The second of `split_urgent`, as an update of what is in a row of the outbox; of a step as related to it."""
    rel = "update" if second.operation is None else "related"
    return replace(second, refs=(Ref(rel, outgoing=row),))


# What has to wait


class Waiting:
    """Which blobs keep a dispatch back.

    Args:
        store: where both are.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def keep(self, draft: DispatchDraft, now_ms: int) -> None:
        """Upload what is here and was not uploaded; belongs into the transaction that keeps the draft."""
        for each in draft.attachments:
            known, size = self._get(each), self._store.spool.size(each.digest)
            if known is None and size is not None:
                self._put(each.digest, size, now_ms, urgent=draft.urgent)
            elif known is not None and known.state is BlobState.SENDING and draft.urgent and not known.urgent:
                self._store.attachments.put(replace(known, urgent=True))

    def is_there(self, draft: DispatchDraft) -> bool:
        """Whether nothing of a draft has to be uploaded."""
        blobs = [self._get(each) for each in draft.attachments]
        known = [blob.state is not BlobState.SENDING for blob in blobs if blob is not None]
        unknown = [each for each, blob in zip(draft.attachments, blobs, strict=True) if blob is None]
        return all(known) and all(self._store.spool.size(each.digest) is None for each in unknown)

    def is_ready(self, draft: DispatchDraft) -> bool:
        """Whether the hub has, as far as is known here, all blobs of a draft.

        Raises:
            SeraiError: one can never be sent, with the code that says why.
        """
        ready = True
        for each in draft.attachments:
            blob = self._get(each)
            if blob is not None and blob.state is BlobState.LOST and self._store.spool.size(each.digest) is not None:
                raise SeraiError(_code(blob.code), "an attachment could not be sent")
            ready = ready and not (blob is not None and blob.state is BlobState.SENDING)
        return ready

    def send_again(self, draft: DispatchDraft, now_ms: int) -> bool:
        """The hub does not have a blob of a draft: upload all that are here; whether any is."""
        found = [(each.digest, self._store.spool.size(each.digest)) for each in draft.attachments]
        for digest, size in found:
            if size is not None:
                self._put(digest, size, now_ms, urgent=draft.urgent)
        return any(size is not None for _, size in found)

    def _get(self, attachment: BlobRef) -> StoredBlob | None:
        return self._store.attachments.get(attachment.digest, blob_size(attachment.size))

    def _put(self, digest: str, size: int, now_ms: int, *, urgent: bool) -> None:
        self._store.attachments.put(StoredBlob(digest, BlobState.SENDING, urgent, size, now_ms))


def _code(word: str | None) -> Code:
    return next((code for code in Code if code.value == word), Code.ATTACHMENT_MISSING)
