"""Carrying blobs to and from the hub, beside the line: urgent first, in parts, on from where the last one ended.

A part is as long as some two seconds carried last time, so that something urgent never waits long behind something
large. Nothing is lost by a cut: what the hub has of an upload it says, what has come of a download is on the disk.
"""

from __future__ import annotations

import asyncio
import logging
import shutil
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from clients.line.blobs import Blobs
from clients.mail.state import State
from clients.store import BlobState, StoredBlob
from clients.system import full_jitter_s
from schemas.errors import Code, SeraiError

log = logging.getLogger("serai.client")

_TICK_S: Final = 1.0
_LEAST_BYTES: Final = 1 << 16
_FIRST_BYTES: Final = 1 << 18
_MOST_BYTES: Final = 1 << 23
_GOAL_S: Final = 2.0
_LEFT_S: Final = 24 * 3600.0
_FREE_BYTES: Final = 1 << 28
"""So much of the disk stays free of what others send."""

_FOR_GOOD: Final = frozenset(
    (
        Code.NOT_FOUND,
        Code.GONE,
        Code.ERASED,
        Code.NOT_PERMITTED,
        Code.ATTACHMENT_TOO_LARGE,
        Code.ATTACHMENT_MISMATCH,
        Code.MALFORMED_ATTACHMENT,
        Code.MALFORMED_RANGE,
    )
)
"""Refusals after which nothing is tried again by itself."""


class Carrier:
    """Works off what is to be uploaded, and fetched.

    Args:
        state: what the client believes.
        make_blobs: reaches the hub that was dialled last.
        may_go: whether there is a hub to go to.
        moved: called after every part and every change.
    """

    def __init__(
        self, state: State, make_blobs: Callable[[], Blobs], may_go: Callable[[], bool], moved: Callable[[], None]
    ) -> None:
        self._state = state
        self._make_blobs = make_blobs
        self._may_go = may_go
        self._moved = moved
        self._held_s: dict[tuple[str, int], float] = {}
        self._attempts: dict[tuple[str, int], int] = {}
        self._begun_again: set[tuple[str, int]] = set()
        self._open: dict[BlobState, Blobs] = {}
        self._part = {BlobState.SENDING: _FIRST_BYTES, BlobState.WANTED: _FIRST_BYTES}

    async def run(self) -> None:
        """Carry until cancelled; nothing that a hub or a disk does ends it."""
        self._sweep()
        async with asyncio.TaskGroup() as group:
            for state in self._part:
                group.create_task(self._carry(state))

    def _sweep(self) -> None:
        """Remove what a crash has left a day ago: a file that is being made has no row yet."""
        store = self._state.store
        known = {blob.digest for blob in store.attachments.all()} | store.drafts.blobs()
        try:
            store.spool.sweep(known, self._state.system.clock.local_ms() / 1000 - _LEFT_S)
        except OSError as error:
            log.warning("what was left of attachments stays: %s", error)

    async def _carry(self, state: BlobState) -> None:
        while True:
            try:
                while self._may_go() and (blob := self._next(state)):
                    await self._try(blob)
            except SeraiError as error:  # the store cannot be read or written now
                log.warning("attachments wait: %s", error)
            finally:
                await self._let_go(state)
            await asyncio.sleep(_TICK_S)

    def _next(self, state: BlobState) -> StoredBlob | None:
        now_s = self._state.system.monotonic()
        waiting = [key for key, until_s in self._held_s.items() if until_s > now_s]
        return self._state.store.attachments.next(state, waiting)

    async def _try(self, blob: StoredBlob) -> None:
        """One part; the one place where every fault ends."""
        blobs = self._open[blob.state] = self._open.get(blob.state) or self._make_blobs()
        began_s = self._state.system.monotonic()
        try:
            await (self._upload(blob, blobs) if blob.state is BlobState.SENDING else self._fetch(blob, blobs))
            self._attempts.pop(blob.key, None)
            self._adapt(blob.state, self._state.system.monotonic() - began_s)
        except OSError as error:
            self._part[blob.state] = max(_LEAST_BYTES, self._part[blob.state] // 2)
            await self._let_go(blob.state)
            self._wait(blob, Code.HUB_NOT_READY, str(error))
        except SeraiError as error:
            await self._let_go(blob.state)
            self._refused(blob, error)
        finally:
            self._moved()

    async def _let_go(self, state: BlobState) -> None:
        if blobs := self._open.pop(state, None):
            await blobs.close()

    def _adapt(self, state: BlobState, took_s: float) -> None:
        fit = self._part[state] * _GOAL_S / max(took_s, 0.01)
        self._part[state] = int(max(_LEAST_BYTES, min(fit, 2 * self._part[state], _MOST_BYTES)))

    # Up

    async def _upload(self, blob: StoredBlob, blobs: Blobs) -> None:
        spool = self._state.store.spool
        if spool.size(blob.digest) != blob.size:
            raise SeraiError(Code.ATTACHMENT_MISMATCH, "the blob is not on the disk any more")
        held = await blobs.held(blob.digest)
        begin = min(held.bytes, blob.size)
        if not held.is_whole:
            end = min(begin + self._part[BlobState.SENDING], blob.size)
            held = await blobs.put(blob.digest, begin, spool.read(blob.digest, begin, end), end, blob.size)
        if held.is_whole:
            self._put(replace(blob, state=BlobState.SENT, moved=blob.size, code=None))
        else:
            self._put(replace(blob, moved=min(held.bytes, blob.size), code=None))

    # Down

    async def _fetch(self, blob: StoredBlob, blobs: Blobs) -> None:
        spool = self._state.store.spool
        if (whole := spool.size(blob.digest)) is not None:  # another dispatch has named it too
            if whole != blob.size:
                self._begun_again.add(blob.key)
                raise SeraiError(Code.ATTACHMENT_MISMATCH, "the blob has another length")
            self._put(replace(blob, state=BlobState.KEPT, moved=blob.size, code=None))
            return
        begin = spool.part_bytes(*blob.key)
        if begin < blob.size:
            if not blob.urgent and shutil.disk_usage(self._state.store.path.parent).free < blob.size + _FREE_BYTES:
                raise SeraiError(Code.STORAGE_FAILED, "the disk is nearly full")
            end = min(begin + self._part[BlobState.WANTED], blob.size)
            with spool.append(*blob.key) as file:
                async for piece in blobs.fetch(blob.digest, begin, end):
                    file.write(piece)
            begin = spool.part_bytes(*blob.key)
        if begin < blob.size:
            self._put(replace(blob, moved=begin, code=None))
        elif begin == blob.size and await asyncio.to_thread(spool.complete, *blob.key):
            self._put(replace(blob, state=BlobState.KEPT, moved=blob.size, code=None))
        else:
            spool.drop_part(*blob.key)
            raise SeraiError(Code.ATTACHMENT_MISMATCH, "another blob than was named")

    # Faults

    def _refused(self, blob: StoredBlob, error: SeraiError) -> None:
        if error.code is Code.ATTACHMENT_MISMATCH and blob.key not in self._begun_again:
            self._begun_again.add(blob.key)  # once from the beginning; then it is no accident
            self._wait(blob, error.code, error.detail)
        elif error.code in _FOR_GOOD:
            log.warning("attachment %s: %s", blob.digest, error)
            self._put(replace(blob, state=BlobState.LOST, code=error.code.value))
            if blob.state is BlobState.SENDING:
                self._state.alarm("refused", f"attachment {blob.digest}: {error.code.value} {error.detail}".rstrip())
        else:
            self._wait(blob, error.code, error.detail)

    def _wait(self, blob: StoredBlob, code: Code, detail: str) -> None:
        log.debug("attachment %s waits: %s %s", blob.digest, code.value, detail)
        attempt = self._attempts.get(blob.key, 0)
        self._attempts[blob.key] = attempt + 1
        delay_s = full_jitter_s(attempt, self._state.system.fraction())
        self._held_s[blob.key] = self._state.system.monotonic() + delay_s
        self._put(replace(blob, code=code.value))

    def _put(self, blob: StoredBlob) -> None:
        """Keep how far it has got, unless somebody has changed meanwhile what is to be done with it."""
        with self._state.change():
            known = self._state.store.attachments.get(*blob.key)
            if known is not None and known != blob:
                self._state.store.attachments.put(replace(blob, urgent=blob.urgent or known.urgent))
