"""`BlobFolder`: blobs as files of one folder (port `broker.ports.blobs.BlobFiles`).

A file has a fresh name that says nothing, and no name is ever used again: whatever a database of another day says,
no bytes come to stand under the name of others. Nothing here knows digests, members or dispatches.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from schemas.encoding import Digest
from schemas.errors import Code, SeraiError

READ_BYTES: Final = 1 << 18
"""How much of a file is in memory at once."""

SYNC_BYTES: Final = 8 << 20
"""How much is written before it is synced: one sync of a large file would hold up the database's on the same disk."""

_NAME: Final = re.compile(r"[0-9a-f]{32}")


class BlobFolder:
    """The blobs in a folder.

    Args:
        path: the folder; made when the first file is.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def new_name(self) -> str:
        """A name that no file had or will have."""
        return secrets.token_hex(16)

    def held(self, name: str) -> int:
        """How many bytes a file has; 0 if it is not there."""
        try:
            return self._at(name).stat().st_size
        except FileNotFoundError:
            return 0

    def write(self, name: str, at: int, pieces: Sequence[bytes]) -> None:
        """Put bytes at the end of a file, which is made if it is not there.

        Args:
            name: of the file.
            at: how long it is; what stands beyond, of a write that failed, is cut off.
            pieces: what is written.

        Raises:
            SeraiError: ``no_room`` if the disk is full, ``storage_failed``.
        """
        with _translated():
            self._path.mkdir(mode=0o700, parents=True, exist_ok=True)
            fd = os.open(self._at(name), os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
            try:
                os.ftruncate(fd, at)
                before = at
                for piece in pieces:
                    view = memoryview(piece)
                    while view:
                        written = os.pwrite(fd, view, at)
                        at, view = at + written, view[written:]
                if before // SYNC_BYTES != at // SYNC_BYTES:
                    os.fdatasync(fd)
            finally:
                os.close(fd)

    def seal(self, name: str) -> Digest:
        """Sync a file and its folder, then read it from the disk: its SHA-256.

        Raises:
            SeraiError: ``storage_failed``.
        """
        digest = hashlib.sha256()
        with _translated(), self._at(name).open("rb", buffering=0) as file:
            os.fsync(file.fileno())
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)  # from the disk, not from memory
            while piece := file.read(READ_BYTES):
                digest.update(piece)
        _sync_folder(self._path)
        return Digest(digest.digest())

    def read(self, name: str, start: int, end: int) -> bytes:
        """Bytes of a file.

        Raises:
            SeraiError: ``gone`` if it is not there, or shorter; ``storage_failed``.
        """
        try:
            with self._at(name).open("rb", buffering=0) as file:
                data = os.pread(file.fileno(), end - start, start)
        except FileNotFoundError:
            data = b""
        except OSError as error:
            raise SeraiError(Code.STORAGE_FAILED, "blobs") from error
        if len(data) != end - start:
            raise SeraiError(Code.GONE, "the hub has lost this attachment")
        return data

    def touched_ms(self, name: str) -> int:
        """When a file was written to last, milliseconds since 1970 UTC; 0 if it is not there."""
        try:
            return self._at(name).stat().st_mtime_ns // 1_000_000
        except FileNotFoundError:
            return 0

    def drop(self, name: str) -> None:
        """Delete a file; nothing if it is not there.

        Raises:
            SeraiError: ``storage_failed``.
        """
        with _translated(), suppress(FileNotFoundError):
            self._at(name).unlink()

    def names(self) -> Iterator[str]:
        """The names of all files."""
        try:
            with os.scandir(self._path) as found:
                yield from (each.name for each in found if _NAME.fullmatch(each.name))
        except FileNotFoundError:
            return

    def free_share(self) -> float:
        """Which share of the disk is free for this process."""
        path = self._path
        while not path.exists():
            path = path.parent
        disk = os.statvfs(path)
        return disk.f_bavail / disk.f_blocks if disk.f_blocks else 0.0

    def _at(self, name: str) -> Path:
        """Where a file is; of a damaged record's name, which `new_name` never made, there is no file."""
        if not _NAME.fullmatch(name):
            raise FileNotFoundError(errno.ENOENT, "a blob's file has no such name")
        return self._path / name


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        code = Code.NO_ROOM if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG) else Code.STORAGE_FAILED
        raise SeraiError(code, "blobs") from error


def _sync_folder(path: Path) -> None:
    with _translated():
        fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            os.fsync(fd)
        finally:
            os.close(fd)
