"""What becomes of blobs that nobody needs: the row goes first, then the file (PROTOCOL 7, 10).

If the hub dies in between, a file is left that no row names, and the next sweep takes it. A file that a row names and
that is not there is said to be lost: whoever uploaded it can bring it again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

import structlog

from broker.ports import HubClock
from broker.ports.blobs import BlobCount, BlobFiles, BlobRecords, UploadedBlob
from broker.service.blobs import BlobRoom, Write
from broker.service.metrics import Metrics
from schemas.errors import SeraiError
from schemas.limits import UNLINKED_S

SWEEP_S: Final = 3_600.0
"""How often it is swept."""

ORPHAN_MS: Final = 3_600_000
"""How old a file is that no row names before it is dropped: its row may be about to be written."""

_PAGE: Final = 100
_DAY_MS: Final = 86_400_000

log = structlog.get_logger("serai.blobs")


class BlobSweep:
    """Sweeps the blobs of a hub.

    Args:
        room: the blobs.
        write: does what changes records.
        clock: the hub's time.
        keep_days: for how many days the network keeps attachments; ``None`` for ever.
        metrics: counts.
    """

    def __init__(
        self, room: BlobRoom, write: Write, clock: HubClock, keep_days: Callable[[], int | None], metrics: Metrics
    ) -> None:
        self._room = room
        self._files: BlobFiles = room.files
        self._records: BlobRecords = room.records
        self._write = write
        self._clock = clock
        self._keep_days = keep_days
        self._metrics = metrics

    async def run(self) -> None:
        """Sweep for ever; a fault of the disk or of the clock is told, and the next sweep tries again."""
        is_first = True
        while True:
            try:
                if is_first:
                    await self.find_lost()
                    is_first = False
                await self.sweep()
            except SeraiError as error:
                log.warning("sweep_failed", code=error.code.value)
            await asyncio.sleep(SWEEP_S)

    async def sweep(self) -> None:
        """One sweep.

        Raises:
            SeraiError: ``storage_failed``, ``hub_not_ready``.
        """
        now_ms = self._clock.now_ms()
        await self._let_go(now_ms)
        until_ms = now_ms - UNLINKED_S * 1000
        while blobs := await self._write(partial(self._records.take_unlinked, until_ms, _PAGE)):
            await self._drop(blobs)
        await self._drop_partial(until_ms)
        await asyncio.to_thread(self._drop_orphans, now_ms - ORPHAN_MS)
        await asyncio.to_thread(self.measure)

    async def _let_go(self, now_ms: int) -> None:
        days = self._keep_days()
        if days is None:
            return
        over = partial(self._records.outlived, now_ms - days * _DAY_MS, _PAGE)
        while await self._write(over) == _PAGE:
            pass

    async def _drop_partial(self, until_ms: int) -> None:
        """Partial uploads count from their last byte, which the file knows."""
        found = await asyncio.to_thread(self._records.partial, until_ms, 10 * _PAGE)
        stale = [
            blob for blob in found if self._files.touched_ms(blob.file) <= until_ms and not self._room.is_writing(blob)
        ]
        for start in range(0, len(stale), _PAGE):
            await self._drop(await self._write(partial(self._records.take_partial, stale[start : start + _PAGE])))

    async def _drop(self, blobs: Sequence[UploadedBlob]) -> None:
        for blob in blobs:
            await asyncio.to_thread(self._files.drop, blob.file)
        if blobs:
            log.info("blobs_dropped", count=len(blobs), size=sum(blob.size for blob in blobs))

    def _drop_orphans(self, until_ms: int) -> None:
        names = [name for name in self._files.names() if self._files.touched_ms(name) <= until_ms]
        for start in range(0, len(names), _PAGE):
            page = names[start : start + _PAGE]
            for name in set(page) - self._records.files(page):
                self._files.drop(name)

    async def find_lost(self) -> None:
        """Say of blobs whose file is not there, or has another length, that they are not whole: after a restore."""
        lost = await asyncio.to_thread(
            lambda: [blob for blob in self._records.all() if blob.whole and self._is_lost(blob)]
        )
        for blob in lost:
            await self._write(partial(self._records.restart, blob, self._files.new_name(), self._clock.now_ms()))
        if lost:
            log.error("blobs_lost", count=len(lost))

    def _is_lost(self, blob: UploadedBlob) -> bool:
        return self._files.held(blob.file) != blob.size

    def measure(self) -> None:
        """Tell the metrics how much there is; blocks."""
        count = self._records.count()
        self._metrics.blobs.set(count.whole)
        self._metrics.blob_bytes.set(count.whole_bytes)
        self._metrics.blob_partial_bytes.set(count.partial_bytes)
        self._metrics.disk_free.set(self._files.free_share())


# For the operator


@dataclass(frozen=True, slots=True)
class BlobReport:
    """What a check of all blobs found.

    Attributes:
        count: how many there are.
        lost: files that are not there or are not whole.
        spoilt: files whose bytes have another digest.
    """

    count: BlobCount
    lost: int
    spoilt: int


def check_blobs(files: BlobFiles, records: BlobRecords) -> BlobReport:
    """Read every blob and compare it with its digest; blocks."""
    found = [_judge(files, blob) for blob in records.all() if blob.whole]
    return BlobReport(records.count(), found.count("lost"), found.count("spoilt"))


def _judge(files: BlobFiles, blob: UploadedBlob) -> str:
    if files.held(blob.file) != blob.size:
        return "lost"
    return "" if files.seal(blob.file) == blob.digest else "spoilt"
