"""A blob: one file, padded and sealed in chunks, as a hub keeps it (PROTOCOL 7, Attachments).

Both directions stream: whatever the size of a file, a chunk of it is in memory. A blob is sealed with nothing beside
its key, so that it may be sent on, and one blob can open to two files under two keys: what names a file is the digest
in the report, and nothing of it counts before `BlobOpener` has come to its end.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Iterator
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from schemas.encoding import Digest
from schemas.errors import Code, SeraiError
from schemas.limits import BLOB_CONTENT_BYTES, CHUNK_BYTES
from schemas.padding import is_padded, padded_size

KEY_BYTES: Final = 32
"""Length of a blob's key."""

TAG_BYTES: Final = 16
"""What sealing adds to each chunk."""

_SEALED_CHUNK: Final = CHUNK_BYTES + TAG_BYTES


def blob_size(padded_bytes: int) -> int:
    """Length of the blob of a padded file, both in bytes."""
    return padded_bytes + TAG_BYTES * -(-padded_bytes // CHUNK_BYTES)


def padded_size_in(blob_bytes: int) -> int:
    """Length of the padded file in a blob of this length, both in bytes.

    Raises:
        SeraiError: ``malformed_attachment`` if no blob has this length.
    """
    padded = blob_bytes - TAG_BYTES * -(-blob_bytes // _SEALED_CHUNK)
    if padded > BLOB_CONTENT_BYTES or blob_size(padded) != blob_bytes or not is_padded(padded):
        raise SeraiError(Code.MALFORMED_ATTACHMENT, f"no blob has {blob_bytes} bytes")
    return padded


class BlobSealer:
    """Seals one file, once.

    Args:
        key: 32 random bytes, used for this file only.
        size_bytes: of the file.

    Raises:
        SeraiError: ``attachment_too_large``; ``malformed_attachment`` for an empty file.
    """

    def __init__(self, key: bytes, size_bytes: int) -> None:
        if size_bytes < 1:
            raise SeraiError(Code.MALFORMED_ATTACHMENT, "an empty file")
        if padded_size(size_bytes) > BLOB_CONTENT_BYTES:
            raise SeraiError(Code.ATTACHMENT_TOO_LARGE, f"{size_bytes} bytes")
        self.padded_bytes: Final = padded_size(size_bytes)
        self._size = size_bytes
        self._cipher = AESGCM(_checked(key))
        self._file, self._blob = hashlib.sha256(), hashlib.sha256()

    def seal(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """The blob, chunk by chunk.

        Args:
            pieces: the file, in pieces of any length.

        Raises:
            SeraiError: ``malformed_attachment`` if the file has another size than was stated: it changed meanwhile.
        """
        read = 0

        def padded() -> Iterator[bytes]:
            nonlocal read
            for piece in pieces:
                read += len(piece)
                if read > self._size:
                    break
                self._file.update(piece)
                yield piece
            if read != self._size:
                raise SeraiError(Code.MALFORMED_ATTACHMENT, "the file changed while it was read")
            yield from _zeros(self.padded_bytes - self._size)

        for number, (chunk, is_last) in enumerate(_chunks(padded(), CHUNK_BYTES)):
            sealed = self._cipher.encrypt(_nonce(number, is_last=is_last), chunk, None)
            self._blob.update(sealed)
            yield sealed

    @property
    def file_digest(self) -> Digest:
        """SHA-256 of the file, when all of it was sealed."""
        return Digest(self._file.digest())

    @property
    def blob_digest(self) -> Digest:
        """SHA-256 of the blob, which is its name, when all of it was sealed."""
        return Digest(self._blob.digest())


class BlobOpener:
    """Opens one blob, once.

    Args:
        key: as the report names it.
        size_bytes: of the file, as the report names it.
        file_digest: SHA-256 of the file, as the report names it.
        blob_digest: name of the blob.
    """

    def __init__(self, key: bytes, size_bytes: int, file_digest: Digest, blob_digest: Digest) -> None:
        self._cipher = AESGCM(_checked(key))
        self._size = size_bytes
        self._names = file_digest, blob_digest

    def open(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """The file, piece by piece: **nothing of it may be shown, or kept under its name, before the iterator ends**.

        Args:
            pieces: the blob, in pieces of any length.

        Raises:
            SeraiError: ``attachment_mismatch`` if it is cut, extended or in another order, its padding is not zero,
                or it is another file or blob than was named.
        """
        file, blob = hashlib.sha256(), hashlib.sha256()
        padded = 0
        for number, (sealed, is_last) in enumerate(_chunks(pieces, _SEALED_CHUNK)):
            blob.update(sealed)
            try:
                chunk = self._cipher.decrypt(_nonce(number, is_last=is_last), sealed, None)
            except (InvalidTag, ValueError):
                raise SeraiError(Code.ATTACHMENT_MISMATCH, "a chunk does not open") from None
            if not chunk:
                raise SeraiError(Code.ATTACHMENT_MISMATCH, "an empty chunk")
            kept = chunk[: max(0, self._size - padded)]
            if chunk.count(0, len(kept)) != len(chunk) - len(kept):
                raise SeraiError(Code.ATTACHMENT_MISMATCH, "padding that is not zero")
            padded += len(chunk)
            if padded > padded_size(self._size):
                raise SeraiError(Code.ATTACHMENT_MISMATCH, "longer than its file when padded")
            file.update(kept)
            if kept:
                yield kept
        if padded != padded_size(self._size):
            raise SeraiError(Code.ATTACHMENT_MISMATCH, "shorter than its file when padded")
        for digest, named in zip((file.digest(), blob.digest()), self._names, strict=True):
            if not hmac.compare_digest(digest, named):
                raise SeraiError(Code.ATTACHMENT_MISMATCH, "another file or blob than was named")


def _checked(key: bytes) -> bytes:
    if len(key) != KEY_BYTES:
        raise SeraiError(Code.MALFORMED_KEY, "a blob's key has 32 bytes")
    return key


def _nonce(number: int, *, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([is_last])


def _zeros(count: int) -> Iterator[bytes]:
    for begin in range(0, count, CHUNK_BYTES):
        yield bytes(min(CHUNK_BYTES, count - begin))


def _chunks(pieces: Iterable[bytes], length: int) -> Iterator[tuple[bytes, bool]]:
    """Chunks of ``length``, each with whether it is the last; the last may be shorter, and none is empty."""
    held = bytearray()
    for piece in pieces:
        held += piece
        while len(held) > length:
            yield bytes(held[:length]), False
            del held[:length]
    if held:
        yield bytes(held), True
