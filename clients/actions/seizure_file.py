"""A file of seizures on a disk: the digest of its content, its rows, and why it is no such file."""

from __future__ import annotations

import hashlib
import stat
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final

from clients.actions.progress import ShowProgress, Work
from clients.errors import ClientError, LocalCode
from clients.formats.ids_rows import COLUMNS, BadRow, MissingColumnError, Row, open_file, read_rows

MAX_CONTENT_BYTES: Final = 1 << 30
"""Largest content of a file, unpacked: more than five times all seizures of the world in four years."""

_CHUNK: Final = 65_536
_UNREADABLE: Final = (EOFError, OSError, zlib.error)
_PACKED: Final = {b"PK\x03\x04", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd", b"7z\xbc\xaf"}


def stamp_of(path: Path) -> tuple[int, ...]:
    """What is another after a file was changed; the last of it nobody can set back."""
    seen = path.stat()
    return seen.st_dev, seen.st_ino, seen.st_size, seen.st_mtime_ns, seen.st_ctime_ns


def digest_file(path: Path, progress: ShowProgress) -> str:
    """SHA-256 of a file's content in hexadecimal, the same however the file is packed and called.

    Args:
        path: the file, plain or gzip.
        progress: shows how far it was read.

    Raises:
        ClientError: ``not_a_regular_file``, ``file_empty``, ``file_damaged``, ``file_too_large``.
    """
    if not stat.S_ISREG(path.stat().st_mode):
        raise ClientError(LocalCode.NOT_A_REGULAR_FILE, path=path)
    digest, size = hashlib.sha256(), 0
    with open_file(path) as stream, progress(Work.READING, path.stat().st_size) as shown:
        while chunk := _read(path, stream):
            digest.update(chunk)
            size += len(chunk)
            shown.reach(_position(stream))
            if size > MAX_CONTENT_BYTES:
                raise ClientError(LocalCode.FILE_TOO_LARGE, path=path, count=MAX_CONTENT_BYTES >> 20)
    if not size:
        raise ClientError(LocalCode.FILE_EMPTY, path=path)
    return digest.hexdigest()


def rows_of(path: Path, work: Work, progress: ShowProgress) -> Iterator[Row | BadRow]:
    """Every row of a file in order.

    Args:
        path: the file, plain or gzip.
        work: what the rows are read for.
        progress: shows how far it was read.

    Raises:
        ClientError: the first line is not that of such a file: ``file_not_csv``, ``file_not_utf8``,
            ``no_semicolons``, ``column_missing``.
    """
    with open_file(path) as stream, progress(work, path.stat().st_size) as shown:
        try:
            for row in read_rows(stream):
                shown.reach(_position(stream))
                yield row
        except MissingColumnError as error:
            raise _explain(path, error.column) from None


def _read(path: Path, stream: BinaryIO) -> bytes:
    """The next bytes. Half a file is not imported: whole, later, it would be another one, and sent again."""
    try:
        return stream.read(_CHUNK)
    except _UNREADABLE as error:
        raise ClientError(LocalCode.FILE_DAMAGED, path=path, why=error) from None


def _position(stream: BinaryIO) -> int:
    """How far the packed file was read."""
    raw: BinaryIO = getattr(stream, "fileobj", None) or stream
    return raw.tell()


def _explain(path: Path, column: str) -> ClientError:
    """Why the first line is not that of such a file, as far as can be told."""
    with open_file(path) as stream:
        line = stream.readline(_CHUNK)
    if any(line.startswith(magic) for magic in _PACKED):
        return ClientError(LocalCode.FILE_NOT_CSV, path=path)
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError:
        return ClientError(LocalCode.FILE_NOT_UTF8, path=path)
    if ";" not in text and any(mark in text for mark in (",", "\t")):
        return ClientError(LocalCode.NO_SEMICOLONS, path=path)
    return ClientError(LocalCode.COLUMN_MISSING, path=path, column=column, columns=" ".join(COLUMNS))
