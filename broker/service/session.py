"""One line to one seat: reads submissions, sends answers and mail (PROTOCOL 9).

Two tasks: the reader parses, verifies and queues what comes, and reads no further while
too much is unanswered, and an answer that the peer has not taken is none; the sender wakes
up, sends answers, then mail, one frame at a time as the peer takes them. Nothing else is
kept for a session, so its memory is bounded by a frame in each direction and what is in
flight.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Protocol

import structlog

from broker.core.budget import Budget
from broker.core.verification import ReadSubmission
from broker.ports import HubClock, Read, Verifier
from broker.service.gate import Pass
from broker.service.mailroom import Mailroom
from broker.service.pages import PageReader, Pages
from broker.service.peer import PeerGone, PeerLine
from broker.service.sequencer import AcceptedAt, Candidate, Sequencer, Verdict
from schemas import limits
from schemas.addresses import Address
from schemas.checkpoint import parse_note
from schemas.claims import LANES, Lane
from schemas.directory import Directory
from schemas.encoding import encode_base64url
from schemas.errors import Code, SeraiError
from schemas.frames import (
    FEATURES,
    PROTOCOL,
    Limits,
    Resume,
    Welcome,
    encode_accepted_item,
    encode_batch,
    encode_frame,
    encode_refused,
    parse_frame,
)
from schemas.session import SessionState, step

SEND_TIMEOUT_S = 30.0
"""A peer that takes no byte for so long is a slow reader."""

RESUME_TIMEOUT_S = 20.0
IN_FLIGHT_BYTES = 4 * limits.FRAME_BYTES
"""Submissions without answer, by size."""

DELIVER_BYTES = 512 * 1024
"""About how much goes into one `deliver`."""

FAULTS = 256
"""Refusals, and acks to no `deliver`, in a burst before the line is closed."""

FAULTS_PER_S = 8
"""How many of them are forgiven in a second."""

log = structlog.get_logger("serai.session")


class SessionHub(Protocol):
    """What a session needs of its hub."""

    @property
    def network(self) -> str:
        """Network id."""

    @property
    def directory(self) -> Directory:
        """The directory as of the committed head."""

    @property
    def clock(self) -> HubClock:
        """The hub's time."""

    @property
    def verifier(self) -> Verifier:
        """Reads what comes over lines."""

    @property
    def sequencer(self) -> Sequencer:
        """Takes what is submitted."""

    @property
    def mailroom(self) -> Mailroom:
        """Who waits, and what was committed lately."""

    @property
    def blob_bytes(self) -> int:
        """Largest attachment that it takes, padded, in bytes; 0 for none."""

    @property
    def pages(self) -> Pages:
        """Reads what was committed before."""

    def check_session(self, session: HubSession) -> None:
        """End a session whose key is no longer good."""

    def note_verdict(self, digest: str, member: Address, verdict: Verdict) -> None:
        """Count and log what became of a submission."""

    def note_end(self, code: Code, member: Address, seat: str) -> None:
        """Count and log a line that the hub ends."""

    def note_damage(self, index: int, error: SeraiError) -> None:
        """Remember and report a leaf that does not fit the tree."""


class HubSession:
    """A session from welcome to close.

    Args:
        hub: the hub it is a session of.
        line: to the peer.
        holder: what its token stands for.
    """

    def __init__(self, hub: SessionHub, line: PeerLine, holder: Pass) -> None:
        self.holder = holder
        self._seat = f"{holder.holder} {holder.seat}"
        self._hub = hub
        self._line = line
        self._state = SessionState.OPENING
        self._awake = asyncio.Event()
        self._room = asyncio.Event()
        self._accepted: deque[AcceptedAt] = deque()
        self._refused: deque[str] = deque()
        self._pages = PageReader(hub.pages, holder.member)
        self._ended: SeraiError | None = None
        self._over = False
        self._in_flight = 0
        self._in_flight_bytes = 0
        self._faults = Budget(FAULTS, FAULTS_PER_S)
        self._unacknowledged = 0
        self._proven = 0
        self._next: dict[Lane, int] = dict.fromkeys(LANES, 0)
        self._owes_deliver = True

    # What the mailroom calls

    def wake(self) -> None:
        """There is something to send."""
        self._awake.set()

    def replace(self) -> None:
        """A newer session has the seat."""
        self.end(SeraiError(Code.REPLACED))

    def end(self, error: SeraiError) -> None:
        """Close the line for a reason that has a close code; the first one counts."""
        self._ended = self._ended or error
        self._awake.set()

    # Life

    async def run(self) -> None:
        """Serve the line until it ends."""
        sender: asyncio.Task[None] | None = None
        try:
            await self._greet()
            self._hub.mailroom.join(self.holder.member, self._seat, self)
            self._hub.check_session(self)
            sender = asyncio.create_task(self._send_all())
            self.wake()
            await self._read_all()
        except PeerGone:
            log.debug("line_closed", member=self.holder.member, seat=self.holder.seat)
        except SeraiError as error:
            await self._close(error)
        finally:
            self._hub.mailroom.leave(self.holder.member, self._seat, self)
            if sender is not None:
                sender.cancel()
                with suppress(asyncio.CancelledError):
                    await sender
            self._pages.close()

    async def _close(self, error: SeraiError) -> None:
        code = error.problem.close_code or 4400
        self._hub.note_end(error.code, self.holder.member, self.holder.seat)
        with suppress(PeerGone):
            await self._line.close(code, error.code.value)

    async def _greet(self) -> None:
        hub = self._hub
        welcome = Welcome(
            protocol=PROTOCOL,
            network=hub.network,
            epoch=hub.directory.epoch.number,
            time=hub.clock.now_ms(),
            limits=Limits(frame=limits.FRAME_BYTES, in_flight=limits.IN_FLIGHT, blob=hub.blob_bytes),
            features=sorted(FEATURES),
        )
        self._state = step(self._state, "hub", welcome)
        await self._put(encode_frame(welcome))
        try:
            async with asyncio.timeout(RESUME_TIMEOUT_S):
                frame = parse_frame(await self._line.receive())
        except TimeoutError:
            raise SeraiError(Code.SLOW_READER, "no resume") from None
        self._state = step(self._state, "client", frame)
        if isinstance(frame, Resume):
            self._resume(frame)

    def _resume(self, frame: Resume) -> None:
        hub = self._hub
        if frame.epoch > hub.directory.epoch.number:
            raise SeraiError(Code.WRONG_EPOCH, "the client has seen a later epoch")
        self._next = {lane: frame.cursors.of(lane) for lane in LANES}
        if max(self._next.values()) > hub.mailroom.head.size:
            raise SeraiError(Code.WRONG_EPOCH, "a cursor is beyond the ledger")
        if frame.checkpoint is not None:
            self._proven = parse_note(frame.checkpoint).checkpoint.size
        if self._proven > hub.mailroom.head.size:
            raise SeraiError(Code.WRONG_EPOCH, "the checkpoint is beyond the ledger")

    # Reading

    async def _read_all(self) -> None:
        while True:
            await self._wait_for_room()
            text = await self._line.receive()
            self._in_flight += 1
            self._in_flight_bytes += len(text)
            self._hub.verifier.read(text, partial(self._take, len(text)))

    def _take(self, size_bytes: int, read: Read) -> None:
        if isinstance(read, ReadSubmission):
            answer = self._answerer(size_bytes, encode_base64url(read.digest))
            self._hub.sequencer.submit(Candidate(read.digest, read.submission, self.holder.member, answer, size_bytes))
            return
        self._done(size_bytes)
        if isinstance(read, SeraiError):
            self._refuse(None, read)
            return
        if self._unacknowledged:
            self._unacknowledged -= 1
        else:
            self._count_fault()  # an ack says what was stored of a `deliver`: more of them say nothing
        log.debug("stored", member=self.holder.member, seat=self.holder.seat, below=read.cursors.model_dump())
        for lane in LANES:
            following = min(read.cursors.of(lane), self._hub.mailroom.head.size)
            self._hub.sequencer.keep_cursor(self.holder.member, self.holder.seat, lane, following)

    def _done(self, size_bytes: int) -> None:
        self._in_flight -= 1
        self._in_flight_bytes -= size_bytes
        self._room.set()

    async def _wait_for_room(self) -> None:
        while not self._over and (self._ended is not None or self._is_full()):
            self._room.clear()
            await self._room.wait()
        if self._over:
            raise PeerGone

    def _is_full(self) -> bool:
        unanswered = self._in_flight + len(self._accepted) + len(self._refused)
        return unanswered >= limits.IN_FLIGHT or self._in_flight_bytes > IN_FLIGHT_BYTES

    def _answerer(self, size_bytes: int, digest: str) -> Callable[[Verdict], None]:
        def answer(verdict: Verdict) -> None:
            self._done(size_bytes)
            self._hub.note_verdict(digest, self.holder.member, verdict)
            if isinstance(verdict, SeraiError):
                self._refuse(digest, verdict)
            else:
                self._accepted.append(verdict)
                self._awake.set()

        return answer

    def _refuse(self, digest: str | None, error: SeraiError) -> None:
        self._refused.append(encode_refused(digest, error))
        self._awake.set()
        self._count_fault()

    def _count_fault(self) -> None:
        if not self._faults.spend(1, asyncio.get_running_loop().time()):
            self.end(SeraiError(Code.RATE_LIMITED))

    # Sending

    async def _send_all(self) -> None:
        try:
            while True:
                await self._awake.wait()
                self._awake.clear()
                await self._send_due()
        except PeerGone:
            return
        except SeraiError as error:
            await self._close(error)
        except Exception:
            log.exception("session_failed", member=self.holder.member)
            await self._close(SeraiError(Code.INTERNAL))
        finally:
            self._over = True
            self._room.set()

    async def _send_due(self) -> None:
        while True:
            if self._ended is not None:
                raise self._ended
            if self._refused:
                await self._put(self._refused.popleft())
            elif self._accepted:
                await self._put(self._accepted_frame())
            elif (frame := await self._next_deliver()) is not None:
                await self._put(frame)
            else:
                return
            self._room.set()

    async def _put(self, text: str) -> None:
        try:
            async with asyncio.timeout(SEND_TIMEOUT_S):
                await self._line.send(text)
        except TimeoutError:
            raise SeraiError(Code.SLOW_READER) from None

    def _accepted_frame(self) -> str:
        head = self._hub.mailroom.head
        count = min(len(self._accepted), limits.ITEMS)
        verdicts = [self._accepted.popleft() for _ in range(count)]
        items = [
            encode_accepted_item(
                encode_base64url(v.digest), v.index, encode_base64url(v.leaf.to_bytes()), head.inclusion(v.index)
            )
            for v in verdicts
        ]
        return self._frame("accepted", items)

    def _frame(self, kind: str, items: list[str]) -> str:
        head = self._hub.mailroom.head
        consistency = head.consistency(self._proven)
        self._proven = head.size
        return encode_batch("accepted" if kind == "accepted" else "deliver", items, head.note, consistency)

    async def _next_deliver(self) -> str | None:
        """The next `deliver`, live from memory or, behind, from the database."""
        items = self._live_items()
        if items is None:
            items = await self._stored_items()
        if not items and not self._owes_deliver:
            return None
        self._owes_deliver = False
        self._unacknowledged += 1
        log.debug("delivered", member=self.holder.member, seat=self.holder.seat, items=len(items), below=self._next)
        return self._frame("deliver", items)

    def _live_items(self) -> list[str] | None:
        """What waits, if memory reaches back so far: a frame of it, the most urgent lane first."""
        mailroom, member = self._hub.mailroom, self.holder.member
        recent = mailroom.since(min(self._next.values()))
        if recent is None:
            return None
        found = (item for commit in recent for item in (*commit.public, *commit.by_member.get(member, ())))
        waiting = [item for item in found if item.index >= self._next[item.lane]]
        waiting.sort(key=lambda item: (LANES.index(item.lane), item.index))
        chosen: list[tuple[int, str]] = []
        size_bytes = 0
        following = dict.fromkeys(LANES, mailroom.head.size)
        for item in waiting:
            if size_bytes > DELIVER_BYTES or len(chosen) >= limits.ITEMS:
                later = LANES[LANES.index(item.lane) :]
                following |= {lane: self._next[lane] for lane in later} | {item.lane: item.index}
                break
            text = item.encode(member, mailroom.head)
            chosen.append((item.index, text))
            size_bytes += len(text)
        self._next = following
        return [text for _, text in sorted(chosen)]

    async def _stored_items(self) -> list[str]:
        """A page of the first lane that has something; `public` always first."""
        mailroom = self._hub.mailroom
        for lane in LANES:
            end = mailroom.head.size if lane == "public" else self._next["public"]
            while self._next[lane] < end:  # a page that was read ahead may end before what has come since
                page = await self._pages.read(mailroom.head, lane, self._next[lane], end, DELIVER_BYTES)
                self._next[lane] = page.following
                self._awake.set()
                for index, error in page.faults:
                    self._hub.note_damage(index, error)
                    if lane == "public":  # a client judges everything that follows by these
                        raise error
                if page.items or page.faults:
                    return page.texts(mailroom.head)
        return []
