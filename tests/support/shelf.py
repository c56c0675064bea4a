"""Blobs of a scripted hub: what a member uploaded, in memory; a test cuts its lines, or bends what it answers."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable, Iterable

from clients.line.blobs import HeldBytes
from schemas.encoding import decode_digest
from schemas.errors import Code, SeraiError


class Shelf:
    """What a hub has; also the `clients.line.blobs.Blobs` of every client.

    Args:
        cut_bytes: after how many bytes a request breaks; never if ``None``.

    Attributes:
        kept: bytes by digest.
        refuse: answers to every request, if there are any, one after the other.
        slow_s: how long it takes to say what it has.
        before: called before every request.
        requests: what was asked for: method, digest, first byte.
    """

    def __init__(self, cut_bytes: int | None = None) -> None:
        self.cut_bytes = cut_bytes
        self.kept: dict[str, bytearray] = {}
        self.total: dict[str, int] = {}
        self.slow_s = 0.0
        self.refuse: list[SeraiError] = []
        self.before: Callable[[], None] = lambda: None
        self.requests: list[tuple[str, str, int]] = []

    def add(self, digest: str, data: bytes) -> None:
        """Have a blob, whole."""
        self.kept[digest], self.total[digest] = bytearray(data), len(data)

    def _begin(self, method: str, digest: str, begin: int) -> None:
        self.before()
        self.requests.append((method, digest, begin))
        if self.refuse:
            raise self.refuse.pop(0)

    def _answer(self, digest: str) -> HeldBytes:
        """As an answer says it."""
        data = self.kept.get(digest, bytearray())
        whole = len(data) == self.total.get(digest) and hashlib.sha256(data).digest() == decode_digest(digest)
        return HeldBytes(len(data), is_whole=whole)

    async def held(self, digest: str) -> HeldBytes:
        """The same as `HubBlobs.held`."""
        await asyncio.sleep(self.slow_s)
        self._begin("HEAD", digest, 0)
        return self._answer(digest)

    async def put(self, digest: str, begin: int, pieces: Iterable[bytes], end: int, total: int) -> HeldBytes:
        """As `HubBlobs.put`; what of a body arrives is kept."""
        self._begin("PUT", digest, begin)
        data = self.kept.setdefault(digest, bytearray())
        self.total[digest] = total
        if begin != len(data):
            return self._answer(digest)
        came = 0
        for piece in pieces:
            if self.cut_bytes is not None and came + len(piece) > self.cut_bytes:
                data += piece[: self.cut_bytes - came]
                raise OSError("the line broke")
            data += piece
            came += len(piece)
        assert len(data) == end
        return self._answer(digest)

    async def fetch(self, digest: str, begin: int, end: int) -> AsyncIterator[bytes]:
        """As `HubBlobs.fetch`."""
        self._begin("GET", digest, begin)
        if digest not in self.kept:
            raise SeraiError(Code.NOT_FOUND, digest)
        if begin >= len(self.kept[digest]):
            raise SeraiError(Code.MALFORMED_RANGE, "behind its end")
        data = bytes(self.kept[digest][begin:end])
        if self.cut_bytes is not None and len(data) > self.cut_bytes:
            yield data[: self.cut_bytes]
            raise OSError("the line broke")
        yield data

    async def close(self) -> None:
        """There is nothing to let go of."""
