"""Attachments as a person meets them: which a dispatch has, how far each has got, and the file itself."""

# ruff: noqa: RUF001 - Russian words contain letters that look Latin

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from clients.actions.client import Client
from clients.actions.numbers import SpokenNumber
from clients.actions.progress import Advance, Work
from clients.actions.reading import Original, find_original
from clients.errors import ClientError, LocalCode
from clients.focalpoint import FocalPoint
from clients.formats.filenames import clean_name, numbered
from clients.formats.media import PROGRAMS, is_lie, media_type_of
from clients.line.lock import LineHeld
from clients.mail.attached import AttachedFile, attached_files, open_file, want
from clients.mail.state import cover_of
from clients.store import BlobState
from schemas.errors import Code, SeraiError
from schemas.labels import CodedValue
from schemas.rules.attaching import Fit

_LOOK_S: Final = 0.1


class AttachmentState(CodedValue):
    """How far an attachment has got."""

    HERE = "here", "here", "получено"
    COMING = "coming", "being fetched", "загружается с узла"
    AT_HUB = "at_hub", "at the hub, not fetched", "на узле, не загружено"
    SENDING = "sending", "waiting to be uploaded", "ожидает загрузки на узел"
    SENT = "sent", "uploaded", "загружено на узел"
    LOST = "lost", "cannot be had", "недоступно"


class Mismatch(CodedValue):
    """How cover and report differ on an attachment."""

    DIFFERENT_SIZE = "different_size", "the cover names another size", "на обложке указан другой размер"
    NOT_IN_COVER = "not_in_cover", "the cover does not name it", "на обложке не указано"


def state_of(file: AttachedFile) -> AttachmentState:
    """How far an attachment has got."""
    state = file.blob.state if file.blob else None
    if state is BlobState.LOST:
        return AttachmentState.LOST
    if file.is_here:
        return {BlobState.SENDING: AttachmentState.SENDING, BlobState.SENT: AttachmentState.SENT}.get(
            state or BlobState.KEPT, AttachmentState.HERE
        )
    return AttachmentState.COMING if state is BlobState.WANTED else AttachmentState.AT_HUB


def mismatch_of(file: AttachedFile) -> Mismatch | None:
    """How cover and report differ on it; ``None`` if they do not."""
    return None if file.fit is Fit.SAME else Mismatch(file.fit.value)


def files_of(client: Client, digest: str) -> list[AttachedFile]:
    """The attachments of a stored dispatch; none if it cannot be read here."""
    item = client.store.items.get(digest)
    cover = cover_of(item) if item is not None else None
    if item is None or cover is None:
        return []
    return attached_files(cover, client.delivery(item).report, client.store)


@dataclass(frozen=True, slots=True)
class FileNature:
    """What a file is.

    Attributes:
        media_type: by its content.
        is_lie: whether its sender calls it something else.
        is_program: whether a machine would run it.
    """

    media_type: str
    is_lie: bool
    is_program: bool


def find_attachment(client: Client, spoken: SpokenNumber, which: int) -> tuple[Original, AttachedFile]:
    """Attachment ``which`` of dispatch N.

    Raises:
        ClientError: ``no_attachment``; what `clients.actions.reading.find_original` raises.
    """
    original = find_original(client, spoken)
    files = attached_files(original.cover, original.report, client.store)
    if not 1 <= which <= len(files):
        raise ClientError(LocalCode.NO_ATTACHMENT, number=original.number, which=which, index=original.index)
    return original, files[which - 1]


def place_for(original: Original, file: AttachedFile, to: Path | None, folder: Path) -> Path:
    """Where an attachment is saved: in no place that its sender could have chosen, and over nothing.

    Args:
        original: the dispatch that has it.
        file: the attachment.
        to: the file, or folder, that a person has named.
        folder: where it goes if nobody named one.

    Raises:
        ClientError: ``output_exists`` if what was named is there already.
    """
    status = original.cover.status
    if to is not None and not to.is_dir():
        path = to.with_name(clean_name(to.name, status=status)) if status != "actual" else to
        if path.exists() or path.is_symlink():
            raise ClientError(LocalCode.OUTPUT_EXISTS, path=path)
        return path
    name, folder = clean_name(file.attachment.name, status=status), to or folder
    names = [name, *(numbered(name, count) for count in range(2, 1000))]
    free = next((each for each in names if not (folder / each).exists() and not (folder / each).is_symlink()), None)
    if free is None:
        raise ClientError(LocalCode.OUTPUT_EXISTS, path=folder / name)
    return folder / free


def bring(client: Client, original: Original, file: AttachedFile, wait_s: float) -> AttachedFile:
    """An attachment whose blob is here; it is fetched if it is not.

    Args:
        client: whose.
        original: the dispatch that has it.
        file: the attachment.
        wait_s: how long to wait for it.

    Raises:
        ClientError: ``attachment_waits``, ``attachment_lost``.
    """
    if not file.is_here:
        with client.store.transaction():
            if file.blob is None or file.blob.state is not BlobState.WANTED or not file.blob.urgent:
                want(client.state, file, urgent=True)
        with client.progress(Work.FETCHING_FILE, file.size) as progress:
            _wait(client, file, wait_s, progress)
        file = next(each for each in files_of(client, original.digest) if each.number == file.number)
    facts = {"number": original.number, "which": file.number, "index": original.index}
    if file.is_here:
        return file
    if file.blob is not None and file.blob.state is BlobState.LOST:
        raise ClientError(LocalCode.ATTACHMENT_LOST, **facts, why=SeraiError(_code(file.blob.code)))
    raise ClientError(LocalCode.ATTACHMENT_WAITS, **facts)


def _code(word: str | None) -> Code:
    return next((code for code in Code if code.value == word), Code.NOT_FOUND)


def _wait(client: Client, file: AttachedFile, wait_s: float, progress: Advance) -> None:
    """Until the blob is here or lost, by whichever process is connected."""
    digest = file.attachment.blob

    def is_open() -> bool:
        blob = client.store.attachments.get(digest, file.size)
        progress.reach(client.store.spool.part_bytes(digest, file.size))
        return blob is not None and blob.state is BlobState.WANTED

    if wait_s and client.holder is None:
        with suppress(LineHeld):
            asyncio.run(_fetch(client, is_open, wait_s))
    deadline = time.monotonic() + wait_s
    while is_open() and client.holder is not None and time.monotonic() < deadline:
        time.sleep(_LOOK_S)


async def _fetch(client: Client, is_open: Callable[[], bool], wait_s: float) -> None:
    async with FocalPoint.open(client.store, client.settings.hubs, **client.holding) as point:
        with suppress(TimeoutError):
            async with asyncio.timeout(wait_s):
                await point.until(lambda: not is_open())


def nature_of(file: AttachedFile, head: bytes) -> FileNature:
    """What a file is, by its first `clients.formats.media.HEAD_BYTES` bytes."""
    media_type = media_type_of(head)
    return FileNature(media_type, is_lie(file.attachment.media_type, media_type), media_type in PROGRAMS)


def pieces_of(client: Client, file: AttachedFile) -> Iterator[bytes]:
    """The file; none of it is given before all of it was found to be the one that the report names.

    Raises:
        SeraiError: ``attachment_mismatch``; ``storage_failed``.
    """
    return open_file(file.attachment, client.store.spool)
