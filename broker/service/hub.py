"""The hub: state, sequencer and mailroom put together. What the web and the operator call."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import structlog

from broker.core.timekeeping import utc
from broker.ports import HubPorts
from broker.service.blob_sweep import BlobSweep
from broker.service.blobs import BlobLimits, BlobRoom
from broker.service.clock_watch import ClockWatch
from broker.service.gate import Pass, verify_token
from broker.service.mailroom import Mailroom
from broker.service.metrics import Metrics
from broker.service.operator import Answer
from broker.service.pages import Pages
from broker.service.peer import PeerLine
from broker.service.refusals import Refusals
from broker.service.sequencer import Candidate, Commit, Sequencer, Verdict, describe
from broker.service.session import HubSession
from broker.service.timekeeper import ClockDoubted
from schemas.addresses import Address
from schemas.directory import Directory, Position
from schemas.encoding import encode_base64url
from schemas.errors import Code, SeraiError
from schemas.merkle import hash_leaf

STUCK_S = 60.0
"""A turn of the sequencer takes less, whatever the disk does; it takes one each second."""

BLOB_WORKERS = 2
"""Threads in which files of attachments are written, hashed and read."""

log = structlog.get_logger("serai.hub")


class Hub:
    """A hub over its ports.

    Args:
        ports: what it stands on.
        network: network id.
        origins: scheme, host and port by which clients dial this hub.
        blob_limits: what is allowed of attachments.

    Attributes:
        blobs: attachments.
        newest_ms: time of the newest leaf, milliseconds since 1970 UTC; 0 if there is none.
    """

    def __init__(self, ports: HubPorts, network: str, origins: frozenset[str], blob_limits: BlobLimits) -> None:
        store, clock = ports.store, ports.clock
        self.verifier = ports.verifier
        self.store = store
        self.clock = clock
        self.network = network
        self.origins = origins
        self._signer = ports.signer
        self.metrics = Metrics()
        self.refusals = Refusals(time.monotonic)
        self.mailroom = Mailroom(store)
        self.pages = Pages(store)
        self.sequencer = Sequencer(store, ports.register, ports.signer, clock, network, self._publish)
        self.clock_watch = ClockWatch(clock, self.metrics, lambda: self.newest_ms, time.monotonic)
        self.newest_ms = 0
        self._blob_workers = ThreadPoolExecutor(max_workers=BLOB_WORKERS, thread_name_prefix="blobs")
        self.blobs = BlobRoom(
            ports.files, store.blobs, self.sequencer.write, self._blob_workers, clock, blob_limits, self.metrics
        )
        self.sweep = BlobSweep(self.blobs, self.sequencer.write, clock, self._keep_days, self.metrics)
        self._work: asyncio.Task[None] | None = None
        self._failed = asyncio.Event()
        self._failure = SeraiError(Code.INTERNAL, "a task of the hub has failed; the log says why")
        self._damaged: set[int] = set()
        self._stopping = False
        # One member's many upgrades wait for each other, not the one writer for them.
        self._upgrades: defaultdict[Address, asyncio.Semaphore] = defaultdict(lambda: asyncio.Semaphore(2))

    @property
    def directory(self) -> Directory:
        """The directory as of the committed head.

        Raises:
            SeraiError: ``hub_not_ready`` before the ledger has its first leaf.
        """
        if self.mailroom.directory is None or not self.mailroom.directory.epochs:
            raise SeraiError(Code.HUB_NOT_READY, "no network document yet")
        return self.mailroom.directory

    @property
    def blob_bytes(self) -> int:
        """Largest attachment that it takes, padded, in bytes; 0 for none."""
        return self.blobs.limits.blob_bytes

    def load(self) -> None:
        """Read the ledger; blocks.

        Raises:
            SeraiError: the ledger is not fit to go on; see `broker.service.state`.
        """
        state = self.sequencer.load()
        if state.directory.epochs:
            epoch = state.directory.epoch
            if (epoch.ledger_key.kid, epoch.event_key.kid) != (self._signer.ledger_kid, self._signer.event_kid):
                raise SeraiError(Code.UNKNOWN_KEY, "the network document names other keys than this hub holds")
        self.mailroom.load(state.head.size, state.head.note, state.directory)
        if self.mailroom.head.root != state.edge.frontier.root():
            raise SeraiError(Code.DAMAGED, "the tree does not have its root")
        self.verifier.learn(state.directory)
        self.metrics.size.set(state.head.size)
        self.newest_ms = state.head.accepted_at

    async def start(self) -> None:
        """Begin to take turns."""
        await self.verifier.start()
        self._work = asyncio.create_task(self._run(), name="hub")

    async def _run(self) -> None:
        """All that goes on by itself, until cancelled; if one task ends, all end, and the hub has failed."""
        try:
            async with asyncio.TaskGroup() as tasks:
                works = (self.sequencer.run, self._watch_sessions, self.clock_watch.run, self.sweep.run)
                for name, work in zip(("sequencer", "sessions", "clock", "blobs"), works, strict=True):
                    tasks.create_task(_keep(name, work), name=name)
        except* _TaskEnded as ended:
            self._failure = next((fault for fault in map(_cause, ended.exceptions) if fault), self._failure)
            self._failed.set()
            self._end_sessions()

    async def wait_failed(self) -> None:
        """Wait until a task of the hub has ended though nobody stopped it: it cannot go on, and must be started anew.

        Raises:
            ClockDoubted: its clock was moved too far.
            SeraiError: ``internal``, for any other reason.
        """
        await self._failed.wait()
        raise self._failure

    def _end_sessions(self) -> None:
        for session in self.mailroom.sessions():
            if isinstance(session, HubSession):
                session.end(SeraiError(Code.HUB_STOPPING))

    async def stop(self) -> None:
        """Tell every session, finish the turn under way, write cursors."""
        self._stopping = True
        self._end_sessions()
        if self._work is not None:
            self._work.cancel()
            with suppress(asyncio.CancelledError):
                await self._work
        await asyncio.to_thread(self._blob_workers.shutdown)
        await self.sequencer.stop()
        await asyncio.to_thread(self.clock_watch.leave_sign)
        await self.verifier.stop()

    def check_ready(self) -> None:
        """Whether the hub can append now.

        Raises:
            SeraiError: the reason why not.
        """
        if self._stopping:
            raise SeraiError(Code.HUB_STOPPING)
        if self.sequencer.fault is not None:
            raise self.sequencer.fault
        if self._work is None or self._work.done() or self._failed.is_set():
            raise SeraiError(Code.HUB_NOT_READY, "the sequencer does not run")
        if self._damaged:
            raise SeraiError(Code.DAMAGED, f"{len(self._damaged)} leaves")
        self.directory  # noqa: B018 - raises while there is none
        self.clock.now_ms()

    def is_working(self) -> bool:
        """Whether turns are taken, with faults or without; if not, only a new start helps."""
        return time.monotonic() - self.sequencer.turned_s < STUCK_S

    # Lines

    async def admit_line(self, token: str) -> Pass:
        """Judge the token of an upgrade, and use it up.

        Raises:
            SeraiError: see `verify_token`; ``token_replayed``.
        """
        if self._is_over():
            raise SeraiError(Code.HUB_STOPPING)
        place = self._place()
        holder = verify_token(token, "exchange", self.origins, self.directory, place, self.clock_watch.note_token)
        # Kept a while beyond its end, because the clock may be set back in between.
        keep_s = holder.expires_s + 600
        async with self._upgrades[holder.member]:
            if not await self.sequencer.use_token(holder.kid, holder.jti, keep_s, place.time_s):
                raise SeraiError(Code.TOKEN_REPLAYED)
        return holder

    def _is_over(self) -> bool:
        return self._stopping or self._failed.is_set()

    def admit_reader(self, token: str, use: str = "read") -> Pass:
        """Judge the token of a request over HTTP.

        Args:
            token: as it came.
            use: ``read``, or ``store`` for an upload.

        Raises:
            SeraiError: see `verify_token`.
        """
        note = self.clock_watch.note_token
        return verify_token(token, use, self.origins, self.directory, self._place(), note)

    def _keep_days(self) -> int | None:
        """For how many days the network keeps attachments."""
        if self.mailroom.directory is None or not self.mailroom.directory.epochs:
            return None
        keep = self.mailroom.directory.epoch.document.keep_days
        return None if keep is None else keep.blobs

    def _place(self) -> Position:
        return Position(self.mailroom.head.size, self.clock.now_ms() // 1000)

    async def serve(self, line: PeerLine, holder: Pass) -> None:
        """Serve a line until it ends."""
        self.metrics.sessions.inc()
        try:
            await HubSession(self, line, holder).run()
        finally:
            self.metrics.sessions.dec()

    async def decide(self, make: Callable[[Directory, Answer], Candidate]) -> Verdict:
        """Have a candidate of the operator's decided."""
        verdict: asyncio.Future[Verdict] = asyncio.get_running_loop().create_future()
        self.sequencer.submit(make(self.directory, verdict.set_result))
        return await verdict

    async def confirm_time(self, said_ms: int) -> None:
        """Believe the machine's clock by the operator's word.

        Args:
            said_ms: what another clock said, milliseconds since 1970 UTC.

        Raises:
            SeraiError: see `broker.ports.Timekeeping.confirm`.
        """
        await asyncio.to_thread(self.clock.confirm, said_ms, self.newest_ms)
        log.warning("clock_confirmed", clock=utc(self.clock.now_ms()))

    def time_ms(self) -> int | None:
        """The hub's time; ``None`` while its clock cannot be trusted."""
        try:
            return self.clock.now_ms()
        except SeraiError:
            return None

    def prove_inclusion(self, index: int, size: int) -> str:
        """Inclusion proof in the tree of a size; blocks.

        Raises:
            SeraiError: ``not_found``.
        """
        return encode_base64url(self.mailroom.head.prover(size).inclusion_bytes(index))

    def prove_consistency(self, start: int, end: int) -> str:
        """Consistency proof between two sizes; blocks.

        Raises:
            SeraiError: ``not_found``.
        """
        return encode_base64url(self.mailroom.head.prover(end).consistency_bytes(start))

    async def read_leaves(self, start: int, end: int) -> Sequence[bytes]:
        """Leaves from the database, compared with the tree.

        Raises:
            SeraiError: ``damaged``.
        """
        leaves = await asyncio.to_thread(self.store.leaves, start, end)
        hashes = [hash_leaf(leaf) for leaf in leaves]
        for index in range(start, end):
            if hashes[index - start : index - start + 1] != [self.mailroom.head.leaf_hash(index)]:
                error = SeraiError(Code.DAMAGED, f"leaf {index}")
                self.note_damage(index, error)
                raise error
        return leaves

    # What happened

    def _publish(self, commit: Commit) -> None:
        changed = self.mailroom.directory is None or commit.directory.version != self.mailroom.directory.version
        self.mailroom.publish(commit)
        self.newest_ms = commit.head.accepted_at
        self.metrics.note_commit(commit)
        for admitted in commit.admitted:
            log.info(
                "appended",
                digest=encode_base64url(admitted.statement.digest),
                index=admitted.index,
                type=admitted.statement.claims.type.name.lower(),
                sender=admitted.sender,
                lane=admitted.lane,
            )
        if changed:
            self.verifier.learn(commit.directory)
            self._check_sessions()

    def note_verdict(self, digest: str, member: Address, verdict: Verdict) -> None:
        """Count and log what became of a submission."""
        outcome = describe(verdict)
        self.metrics.verdicts.labels(outcome).inc()
        if isinstance(verdict, SeraiError):
            self.refusals.note("refused", outcome, digest=digest, member=member)

    def note_upload(self, outcome: str, member: Address) -> None:
        """Count what became of a part of an upload, and log why it was refused.

        Args:
            outcome: ``accepted``, or the code of the refusal.
            member: who uploads.
        """
        self.metrics.uploads.labels(outcome).inc()
        if outcome != "accepted":
            self.refusals.note("upload_refused", outcome, member=member)

    def note_cut(self, why: str, member: Address | None) -> None:
        """Count and log a connection that is ended without an answer, or a line that is flooded.

        Args:
            why: a word of the program.
            member: of its token; ``None`` if it has shown none.
        """
        self.metrics.cuts.labels(why).inc()
        self.refusals.note("connection_cut", why, **({"member": member} if member else {}))

    def note_end(self, code: Code, member: Address, seat: str) -> None:
        """Count and log a line that the hub ends."""
        self.metrics.ended.labels(code.value).inc()
        log.info("line_ended", member=member, seat=seat, code=code.value)

    def note_damage(self, index: int, error: SeraiError) -> None:
        """Remember and report a leaf that does not fit the tree."""
        self._damaged.add(index)
        self.metrics.damaged.set(len(self._damaged))
        log.critical("damaged", index=index, code=error.code.value, detail=error.detail)

    async def _watch_sessions(self) -> None:
        """Credentials run out while lines are open."""
        while True:
            await asyncio.sleep(30)
            self._check_sessions()

    def _check_sessions(self) -> None:
        if self.time_ms() is None:
            return  # what is in date cannot be said now; it is looked at again
        for session in self.mailroom.sessions():
            if isinstance(session, HubSession):
                self.check_session(session)

    def check_session(self, session: HubSession) -> None:
        """End a session whose key is no longer good or whose member is suspended; any, once the hub stops."""
        if self._is_over():
            session.end(SeraiError(Code.HUB_STOPPING))
            return
        place = self._place()
        try:
            self.directory.holder(session.holder.kid, place)
        except SeraiError as error:
            session.end(error)
        else:
            if self.directory.is_suspended(session.holder.member, place):
                session.end(SeraiError(Code.SUSPENDED))


class _TaskEnded(Exception):  # noqa: N818 - it has been logged where it happened
    """Work that was to go on has ended."""


def _cause(ended: BaseException) -> ClockDoubted | None:
    """The clock's fault, if that is why a task has ended."""
    return ended.__cause__ if isinstance(ended.__cause__, ClockDoubted) else None


async def _keep(name: str, work: Callable[[], Awaitable[None]]) -> None:
    """Do work that never ends by itself.

    Raises:
        _TaskEnded: it has.
    """
    try:
        await work()
    except ClockDoubted as error:  # the watch over the clock has logged it
        raise _TaskEnded(name) from error
    except Exception as error:
        log.exception("task_failed", task=name)
        raise _TaskEnded(name) from error
    log.error("task_failed", task=name)
    raise _TaskEnded(name)
