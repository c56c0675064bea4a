"""Attachments at the hub: uploads of members, and what recipients fetch (PROTOCOL 7, 10).

An upload belongs to its member and digest: its bytes come from that member alone, and nothing that is said of it says
whether others have the same. A body is kept as far as it came, so a line may be cut at any time.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterable, Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial
from typing import Final, Protocol, TypeVar

import structlog

from broker.core.quota import FREE_LEAST, Quota
from broker.core.ranges import BlobPart
from broker.ports import HubClock
from broker.ports.blobs import BlobFiles, BlobRecords, UploadedBlob
from broker.service.metrics import Metrics
from schemas.addresses import Address
from schemas.blobs import padded_size_in
from schemas.encoding import Digest
from schemas.errors import Code, SeraiError

SLOW_S: Final = 30.0
"""How long a body may take for the next `SLOW_BYTES`."""

SLOW_BYTES: Final = 16 * 1024
"""How much of a body must come in `SLOW_S`."""

WRITE_BYTES: Final = 1 << 18
"""How much of a body is in memory before it is written."""

PIECE_BYTES: Final = 1 << 17
"""How much is read and sent at once."""

BODIES: Final = 4
"""Bodies of one member at a time, in each direction."""

log = structlog.get_logger("serai.blobs")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class BlobLimits:
    """What the hub allows.

    Attributes:
        blob_bytes: largest padded file; 0 where it takes none.
        quota: of each member.
    """

    blob_bytes: int
    quota: Quota


@dataclass(frozen=True, slots=True)
class Upload:
    """How far an upload has got.

    Attributes:
        held: bytes that the hub holds.
        size: of the whole; 0 if nothing has begun.
        whole: whether it is whole.
    """

    held: int = 0
    size: int = 0
    whole: bool = False


class OffsetError(SeraiError):
    """``upload_offset``: what comes does not begin where the hub's bytes end.

    Args:
        upload: how far it has got.
    """

    def __init__(self, upload: Upload) -> None:
        super().__init__(Code.UPLOAD_OFFSET, f"{upload.held} of {upload.size} bytes are held")
        self.upload = upload


class Write(Protocol):
    """Does something with the database where commits are made, in turn with them."""

    async def __call__(self, work: Callable[[], T], /) -> T:
        """What ``work`` gives."""


class _Body:
    """A body that is coming; a newer one of the same upload ends it."""

    def __init__(self) -> None:
        self.is_replaced = False
        self.deadline: asyncio.Timeout | None = None

    def replace(self) -> None:
        """End it now: what it was about goes on over another connection."""
        self.is_replaced = True
        if self.deadline is not None and not self.deadline.expired():
            self.deadline.reschedule(asyncio.get_running_loop().time())


class _UploadTurn:
    """Whose turn it is to write to an upload."""

    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.body: _Body | None = None
        self.waiting = 0


class BlobRoom:
    """The blobs of a hub.

    Args:
        files: their bytes.
        records: what is known of them.
        write: does what changes records.
        worker: where files are written and hashed, so that nothing else waits for that.
        clock: the hub's time.
        limits: what is allowed.
        metrics: counts.
    """

    def __init__(
        self,
        files: BlobFiles,
        records: BlobRecords,
        write: Write,
        worker: Executor,
        clock: HubClock,
        limits: BlobLimits,
        metrics: Metrics,
    ) -> None:
        self.files = files
        self.records = records
        self.limits = limits
        self._write = write
        self._worker = worker
        self._clock = clock
        self._metrics = metrics
        self._turns: dict[tuple[Address, Digest], _UploadTurn] = {}
        self._bodies: Counter[tuple[Address, str]] = Counter()

    def is_writing(self, blob: UploadedBlob) -> bool:
        """Whether an upload is under way."""
        return (blob.member, blob.digest) in self._turns

    async def _work(self, work: Callable[[], T]) -> T:
        """Do something with files; to its end, also when nobody waits for it any more."""
        task = asyncio.ensure_future(asyncio.get_running_loop().run_in_executor(self._worker, work))
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            await asyncio.wait([task])
            raise

    # Uploading

    async def look(self, member: Address, digest: Digest) -> Upload:
        """How far a member's upload has got; if all of it has come, it is finished first.

        Raises:
            SeraiError: ``not_found`` if this member has none; ``attachment_mismatch`` if all came, and was wrong.
        """
        async with self._turn(member, digest, _Body()):  # who asks has come back: an older line is dead
            blob = await asyncio.to_thread(self.records.find, member, digest)
            if blob is None:
                raise SeraiError(Code.NOT_FOUND, "no upload of this name by this member")
            return await self._finish(*await self._held(blob))

    async def receive(
        self, member: Address, digest: Digest, part: BlobPart, body: AsyncIterable[bytes], go_on: Callable[[], object]
    ) -> Upload:
        """Take a part of an upload.

        Args:
            member: whose it is.
            digest: name of the blob.
            part: which bytes come.
            body: they; no more is read of it than ``part`` says.
            go_on: called whenever it has gone on.

        Raises:
            OffsetError: it does not begin where the last one ended, or is of another length.
            SeraiError: ``malformed_attachment``, ``attachment_too_large``, ``no_room``, ``quota_exceeded``,
                ``rate_limited``, ``slow_reader``, ``attachment_mismatch``, ``storage_failed``, ``hub_not_ready``.
        """
        if padded_size_in(part.size) > self.limits.blob_bytes:
            raise SeraiError(Code.ATTACHMENT_TOO_LARGE, f"{self.limits.blob_bytes} bytes at most, padded")
        async with self._turn(member, digest, mine := _Body()):
            with self._counted(member, "up"):
                blob = await asyncio.to_thread(self.records.find, member, digest)
                if blob is None or not blob.whole:
                    await asyncio.to_thread(self._check_room)
                if blob is None:
                    blob = await self._begin(member, digest, part)
                blob, held = await self._held(blob)
                if blob.whole and part.size == blob.size:
                    return Upload(blob.size, blob.size, whole=True)
                if (part.start, part.size) != (held, blob.size):
                    raise OffsetError(await self._finish(blob, held))
                go_on()
                held = await self._take(blob, part, body, go_on, mine)
                return await self._finish(blob, held)

    def has_room(self) -> bool:
        """Whether enough of the disk is free for uploads."""
        return self.files.free_share() >= FREE_LEAST

    def _check_room(self) -> None:
        if not self.has_room():
            raise SeraiError(Code.NO_ROOM, "less than a tenth of the disk is free")

    async def _begin(self, member: Address, digest: Digest, part: BlobPart) -> UploadedBlob:
        if part.start:
            raise OffsetError(Upload())
        now_ms, file = self._clock.now_ms(), self.files.new_name()
        quota = self.limits.quota
        return await self._write(lambda: self.records.begin(member, digest, part.size, file, now_ms, quota))

    async def _held(self, blob: UploadedBlob) -> tuple[UploadedBlob, int]:
        """An upload, and how much of it is there; one that was whole and is lost begins anew."""
        held = await self._work(lambda: self.files.held(blob.file))
        if (blob.whole and held != blob.size) or held > blob.size:
            blob, held = await self._restart(blob), 0
        return blob, held

    async def _restart(self, blob: UploadedBlob) -> UploadedBlob:
        file, now_ms = self.files.new_name(), self._clock.now_ms()
        await self._write(lambda: self.records.restart(blob, file, now_ms))
        await self._work(lambda: self.files.drop(blob.file))
        return UploadedBlob(blob.row, blob.member, blob.digest, file, blob.size, whole=False)

    async def _take(
        self, blob: UploadedBlob, part: BlobPart, body: AsyncIterable[bytes], go_on: Callable[[], object], mine: _Body
    ) -> int:
        """Write what comes; gives how much is held then. A body that stops is kept as far as it came."""
        loop = asyncio.get_running_loop()
        at, kept = part.start, list[bytes]()
        waiting = since = 0
        try:
            async with asyncio.timeout(0 if mine.is_replaced else SLOW_S) as mine.deadline:
                async for piece in body:
                    taken = piece[: part.end - at - waiting]
                    kept.append(taken)
                    waiting, since = waiting + len(taken), since + len(taken)
                    if since >= SLOW_BYTES and not mine.is_replaced:
                        since = 0
                        mine.deadline.reschedule(loop.time() + SLOW_S)
                        go_on()
                    if waiting >= WRITE_BYTES:
                        pieces, kept = kept, []
                        at, waiting = at + waiting, 0
                        await self._keep(blob, at - sum(map(len, pieces)), pieces)
                    if at + waiting == part.end:
                        break
        except TimeoutError:
            raise SeraiError(Code.SLOW_READER, "too little came in half a minute, or it goes on elsewhere") from None
        finally:
            mine.deadline = None
            if kept:
                await self._keep(blob, at, kept)
        if at + waiting != part.end:
            raise SeraiError(Code.SLOW_READER, "the body ended early")
        return part.end

    async def _keep(self, blob: UploadedBlob, at: int, pieces: list[bytes]) -> None:
        await self._work(lambda: self.files.write(blob.file, at, pieces))
        self._metrics.blob_received.inc(sum(map(len, pieces)))

    async def _finish(self, blob: UploadedBlob, held: int) -> Upload:
        """Judge what has come, if it is all: only the digest of what is on the disk makes it whole."""
        if blob.whole or held < blob.size:
            return Upload(held, blob.size, whole=blob.whole)
        found = await self._work(lambda: self.files.seal(blob.file))
        if found != blob.digest:
            await self._restart(blob)
            await self._write(lambda: self.records.forget(blob))
            log.info("upload_mismatched", member=blob.member, size=blob.size)
            raise SeraiError(Code.ATTACHMENT_MISMATCH, "the bytes have another digest; nothing is held")
        now_ms = self._clock.now_ms()
        await self._write(lambda: self.records.complete(blob, now_ms))
        log.info("upload_whole", member=blob.member, size=blob.size)
        return Upload(blob.size, blob.size, whole=True)

    def _turn(self, member: Address, digest: Digest, body: _Body) -> _InTurn:
        return _InTurn(self._turns, (member, digest), body)

    def _counted(self, member: Address, way: str) -> _Counted:
        return _Counted(self._bodies, (member, way))

    # Fetching

    async def find(self, member: Address, digest: Digest) -> UploadedBlob:
        """The blob that a member may fetch.

        Raises:
            SeraiError: ``not_found``, ``erased``, ``gone``.
        """
        return await asyncio.to_thread(self.records.fetchable, member, digest)

    async def send(
        self, blob: UploadedBlob, reader: Address, part: BlobPart, go_on: Callable[[], object]
    ) -> AsyncGenerator[bytes, None]:
        """The bytes of a part, piece by piece.

        Args:
            blob: which.
            reader: who fetches it.
            part: of it.
            go_on: called whenever it has gone on.

        Raises:
            SeraiError: ``rate_limited``; ``gone``.
        """
        with self._counted(reader, "down"):
            for start in range(part.start, part.end, PIECE_BYTES):
                piece = await self._work(partial(self.files.read, blob.file, start, min(start + PIECE_BYTES, part.end)))
                go_on()
                yield piece
                self._metrics.blob_sent.inc(len(piece))


class _InTurn:
    """Waits until no other body of an upload is being taken; a newer body ends the one that is."""

    def __init__(
        self, turns: dict[tuple[Address, Digest], _UploadTurn], key: tuple[Address, Digest], body: _Body
    ) -> None:
        self._turns, self._key, self._body = turns, key, body
        self._turn = turns.setdefault(key, _UploadTurn())

    async def __aenter__(self) -> None:
        self._turn.waiting += 1
        if self._turn.body is not None:
            self._turn.body.replace()
        self._turn.body = self._body
        try:
            await self._turn.lock.acquire()
        except BaseException:
            self._leave()
            raise

    async def __aexit__(self, *_fault: object) -> None:
        self._turn.lock.release()
        self._leave()

    def _leave(self) -> None:
        self._turn.waiting -= 1
        if self._turn.body is self._body:
            self._turn.body = None
        if not self._turn.waiting:
            del self._turns[self._key]


class _Counted:
    """One more body of a member, while it goes on."""

    def __init__(self, bodies: Counter[tuple[Address, str]], key: tuple[Address, str]) -> None:
        self._bodies, self._key = bodies, key

    def __enter__(self) -> None:
        if self._bodies[self._key] >= BODIES:
            raise SeraiError(Code.RATE_LIMITED, f"{BODIES} bodies at a time")
        self._bodies[self._key] += 1

    def __exit__(self, *_fault: object) -> None:
        self._bodies[self._key] -= 1
        if not self._bodies[self._key]:
            del self._bodies[self._key]
