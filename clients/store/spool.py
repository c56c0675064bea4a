"""Blobs on the disk: each one a file of its own, sealed as it travels, beside the store.

A blob that is made here is whole on the disk before its first byte goes. One that comes grows as a part, one for each
length that was named of it, and gets its name when its digest holds. Nothing in this folder can be read without the
key that a report has.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

from clients.errors import ClientError, LocalCode
from clients.keys.wrapping import sync_directory
from schemas.encoding import Digest, decode_digest, encode_base64url
from schemas.errors import Code, SeraiError

_BLOCK: Final = 1 << 16
_WHOLE, _PART, _MAKING = ".blob", ".part", ".making"


def spool_folder(store: Path) -> Path:
    """The folder of the blobs of a store, beside its file."""
    return store.with_suffix(".spool")


class Spool:
    """The folder.

    Args:
        folder: made 0700 when it is first needed.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def _prepare(self) -> Path:
        self.folder.mkdir(mode=0o700, exist_ok=True)
        if self.folder.stat().st_mode & 0o077:
            raise ClientError(LocalCode.OPEN_TO_OTHERS, path=self.folder, mode="700")
        return self.folder

    def _path(self, digest: str, ending: str) -> Path:
        return self.folder / f"{decode_digest(digest).hex()}{ending}"

    def _part(self, digest: str, size: int) -> Path:
        return self._path(digest, f".{size}{_PART}")

    # What is made here

    def make(self, pieces: Iterable[bytes], name: Callable[[], Digest], entropy: bytes) -> str:
        """Write a blob; it is whole on the disk when this returns.

        Args:
            pieces: the blob.
            name: its digest, asked for when all pieces were taken.
            entropy: a few random bytes, for a name until then.

        Returns:
            Its digest, base64url.

        Raises:
            SeraiError: ``storage_failed``; ``not_permitted`` if the folder is open to others.
        """
        with _storing():
            making = self._prepare() / f"{entropy.hex()}{_MAKING}"
            try:
                with _create(making) as file:
                    for piece in pieces:
                        file.write(piece)
                    _sync(file)
                digest = encode_base64url(name())
                making.replace(self._path(digest, _WHOLE))
            finally:
                making.unlink(missing_ok=True)
            sync_directory(self.folder)
        return digest

    # What comes

    def part_bytes(self, digest: str, size: int) -> int:
        """How much has come of a blob that somebody says is ``size`` bytes long."""
        path = self._part(digest, size)
        return path.stat().st_size if path.is_file() else 0

    @contextmanager
    def append(self, digest: str, size: int) -> Iterator[BinaryIO]:
        """The part of a blob, to be written on; on disk after, as far as it came. Arguments as for `part_bytes`.

        Raises:
            SeraiError: ``storage_failed``.
        """
        with _storing():
            self._prepare()
            descriptor = os.open(
                self._part(digest, size), os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, 0o600
            )
            with os.fdopen(descriptor, "ab") as file:
                try:
                    yield file
                finally:
                    _sync(file)

    def complete(self, digest: str, size: int) -> bool:
        """Give a part its name, if it is the blob that it should be; else it is dropped. Arguments as for `part_bytes`.

        Raises:
            SeraiError: ``storage_failed``.
        """
        with _storing():
            part = self._part(digest, size)
            if not hmac.compare_digest(_digest_of(part), decode_digest(digest)):
                part.unlink()
                return False
            part.replace(self._path(digest, _WHOLE))
            sync_directory(self.folder)
        return True

    def drop_part(self, digest: str, size: int) -> None:
        """Begin anew. Arguments as for `part_bytes`."""
        self._part(digest, size).unlink(missing_ok=True)

    # What is here

    def size(self, digest: str) -> int | None:
        """Length of a blob that is here whole; ``None`` if it is not."""
        path = self._path(digest, _WHOLE)
        return path.stat().st_size if path.is_file() else None

    def read(self, digest: str, begin: int = 0, end: int | None = None) -> Iterator[bytes]:
        """A blob that is here whole, or a part of it.

        Args:
            digest: which.
            begin: first byte.
            end: behind the last one; to its end if ``None``.

        Raises:
            SeraiError: ``storage_failed``.
        """
        with _storing(), self._path(digest, _WHOLE).open("rb") as file:
            file.seek(begin)
            left = (1 << 62) if end is None else end - begin
            while left and (piece := file.read(min(_BLOCK, left))):
                left -= len(piece)
                yield piece

    def holds(self, digest: str) -> bool:
        """Whether a blob that is here is still the one that it should be; it is read through."""
        path = self._path(digest, _WHOLE)
        return path.is_file() and hmac.compare_digest(_digest_of(path), decode_digest(digest))

    def drop(self, digest: str) -> None:
        """Remove a blob, whole or in part, whatever length was named of it."""
        for path in self.folder.glob(f"{decode_digest(digest).hex()}.*"):
            path.unlink(missing_ok=True)

    def copy_to(self, folder: Path, digests: Iterable[str]) -> list[str]:
        """Copy blobs that are here into a new folder.

        Returns:
            Those that were not here.

        Raises:
            SeraiError: ``storage_failed``.
        """
        target, missing = Spool(folder), []
        with _storing():
            for digest in digests:
                if self.size(digest) is None:
                    missing.append(digest)
                    continue
                target._prepare()
                with _create(target._path(digest, _WHOLE)) as file:
                    for piece in self.read(digest):
                        file.write(piece)
                    _sync(file)
        return missing

    def sweep(self, known: set[str], before_s: float) -> int:
        """Remove what a crash has left: files that no row of the store names, last written before a time.

        Args:
            known: digests that the store names.
            before_s: seconds since 1970, by this machine.

        Returns:
            How many.
        """
        names = {decode_digest(digest).hex() for digest in known}
        found = 0
        for path in self.folder.iterdir() if self.folder.is_dir() else ():
            if (path.name.partition(".")[0] not in names or path.suffix == _MAKING) and path.stat().st_mtime < before_s:
                path.unlink(missing_ok=True)
                found += 1
        return found


def _create(path: Path) -> BinaryIO:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600), "wb")


def _sync(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())


def _digest_of(path: Path) -> Digest:
    with path.open("rb") as file:
        return Digest(hashlib.file_digest(file, "sha256").digest())


@contextmanager
def _storing() -> Iterator[None]:
    """A disk that is full or fails is the store's fault, wherever it shows."""
    try:
        yield
    except OSError as error:
        raise SeraiError(Code.STORAGE_FAILED, f"attachments: {error.strerror or type(error).__name__}") from error
