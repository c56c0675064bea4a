"""The sequencer: the one writer of the ledger (PROTOCOL 8, 13; broker/README.md, "One transaction").

What is submitted queues up; each turn takes all that has queued (group commit) and, in
one transaction with the head locked: appends events that have fallen due, decides each
statement, writes leaves, tiles, checkpoint, mailboxes and effects. After the commit the
outside register moves on, and only then is anybody answered. If a crash comes

1. before the commit: nothing has happened, nobody was answered;
2. between commit and register: the database is ahead, which is legal, nobody was answered;
3. after the register: clients submit again and are told what had been accepted.

If the fate of a commit is unknown, the head is read again: it is the new one or the old.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, TypeVar

import structlog

from broker.core.admission.batch import Admitter
from broker.core.admission.effects import Admitted, EventDraft
from broker.core.admission.events import erasures, event_claims, overdue
from broker.core.facts import needs_of
from broker.core.tree import Growth, TileId, grow
from broker.core.verification import VerifiedSubmission
from broker.ports import HubClock, Kept, LedgerStore, Register, Signer, StoredHead, Transaction
from broker.service.state import LedgerState, load_state
from schemas import limits
from schemas.addresses import Address
from schemas.checkpoint import Checkpoint
from schemas.claims import Claims, Epoch, Lane
from schemas.directory import Directory
from schemas.encoding import Digest
from schemas.errors import Code, SeraiError
from schemas.keys import VerifyKey
from schemas.leaf import Leaf

MAX_BATCH = 256
"""Statements in one commit."""

MAX_BATCH_BYTES = 8 * 1024 * 1024
"""Sealed content in one commit, about."""

MAX_EVENTS = 64
"""Watches looked at in one commit."""

MAX_ERASED = 64
"""Texts of a kind that are erased in one commit because their days are over."""

MAX_ASKED = 4_096
"""Members of whom is asked, in one commit, what has come of them; the last watch may pass it."""

DAY_MS = 86_400_000
"""A day, in milliseconds."""

CURSORS_EVERY_S = 1.0
"""How often the hub's copy of cursors is written: a hint, which is not worth a row in each commit."""

log = structlog.get_logger("serai.sequencer")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class AcceptedAt:
    """The answer to a statement that is in the ledger, newly or from before."""

    digest: Digest
    index: int
    leaf: Leaf


Verdict = AcceptedAt | SeraiError


@dataclass(frozen=True, slots=True)
class Candidate:
    """A submitted statement on its way to a decision.

    Attributes:
        digest: its identity; a repeat is recognised by it before any other check.
        submission: verified, or what was wrong with it, or an event that the operator has the hub sign.
        submitter: member of the session; ``None`` for the operator.
        answer: called on the event loop once the verdict is durable.
        size_bytes: of the frame.
    """

    digest: Digest
    submission: VerifiedSubmission | SeraiError | EventDraft
    submitter: Address | None
    answer: Callable[[Verdict], None]
    size_bytes: int = 0


@dataclass(frozen=True, slots=True)
class Commit:
    """What one turn has put on disk.

    Attributes:
        start: size before.
        head: the head after.
        admitted: the statements, in order.
        directory: after them.
        tiles: that grew.
        verdicts: one for each candidate, in order.
        withdrawn: whether mail was withdrawn, perhaps of earlier commits.
    """

    start: int
    head: StoredHead
    admitted: Sequence[Admitted]
    directory: Directory
    tiles: Mapping[TileId, bytes]
    verdicts: Sequence[Verdict]
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class FailedTurn:
    """A turn of which nothing is on disk as far as is known; who submits again is answered then.

    Attributes:
        fault: why.
        verdicts: the fault, for each candidate.
    """

    fault: SeraiError
    verdicts: Sequence[Verdict]


TurnResult = Commit | FailedTurn


@dataclass(slots=True)
class _Turn:
    """The part of a turn that is computed inside the transaction."""

    verdicts: list[Verdict] = field(default_factory=list)
    admitter: Admitter | None = None
    growth: Growth | None = None
    head: StoredHead | None = None


class Sequencer:
    """The one writer.

    Args:
        store: the database.
        register: the checkpoint outside it.
        signer: the hub's keys.
        clock: the hub's time.
        network: network id.
        publish: called on the event loop with each commit, before its answers; also when the head
            turns out to have moved with a commit whose fate was unknown, then without statements.
        new_epoch: whether an epoch statement may be admitted: only while nobody is served.

    Attributes:
        fault: why the last turn failed; ``None`` if it did not.
        turned_s: when the last turn ended, with a fault or without, by the monotonic clock.
    """

    def __init__(
        self,
        store: LedgerStore,
        register: Register,
        signer: Signer,
        clock: HubClock,
        network: str,
        publish: Callable[[Commit], None],
        *,
        new_epoch: bool = False,
    ) -> None:
        self._store = store
        self._register = register
        self._signer = signer
        self._clock = clock
        self._network = network
        self._publish = publish
        self._new_epoch = new_epoch
        self._queue: asyncio.Queue[Candidate] = asyncio.Queue()
        self._left: Candidate | None = None
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="sequencer")
        self._state: LedgerState | None = None
        self._cursors: dict[tuple[Address, str, Lane], int] = {}
        self._cursors_due_s = 0.0
        self._served = ""
        self._began_ms: int | None = None
        self.fault: SeraiError | None = None
        self.turned_s = time.monotonic()

    @property
    def waiting(self) -> int:
        """Candidates in the queue."""
        return self._queue.qsize()

    def load(self) -> LedgerState:
        """Read the ledger's state and compare it with the register; blocks.

        Raises:
            SeraiError: ``inconsistent_ledger``, ``damaged``, ``storage_failed``.
        """
        self._state = load_state(self._store, self._register, self._network)
        self._began_ms = None
        return self._state

    def submit(self, candidate: Candidate) -> None:
        """Queue a candidate; it will be answered."""
        self._queue.put_nowait(candidate)

    def keep_cursor(self, member: Address, seat: str, lane: Lane, following: int) -> None:
        """Note where a seat stands; written with a commit of the next second."""
        self._cursors[member, seat, lane] = following

    async def use_token(self, kid: str, jti: str, expires_s: int, now_s: int) -> bool:
        """Mark a session token as used; false if it had been."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, self._store.use_token, kid, jti, expires_s, now_s)

    async def write(self, work: Callable[[], T], /) -> T:
        """Do something else that writes to the database, in turn with commits, so that neither waits for a lock."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    async def run(self, tick_s: float = 1.0) -> None:
        """Take turns until cancelled; never returns.

        Args:
            tick_s: how often watches are looked at when nothing is submitted.
        """
        loop = asyncio.get_running_loop()
        published = self._state.head.size if self._state else 0
        while True:
            batch = await self._gather(tick_s)
            result = await loop.run_in_executor(self._thread, self._turn, batch)
            self.turned_s = time.monotonic()
            if isinstance(result, Commit) and result.head.size > published:
                published = result.head.size
                _tell(self._publish, result)
            for candidate, verdict in zip(batch, result.verdicts, strict=True):
                _tell(candidate.answer, verdict)

    def take_turn(self, batch: Sequence[Candidate]) -> TurnResult:
        """One turn here and now, for an operator while the hub does not serve; blocks."""
        return self._turn(batch)

    async def stop(self) -> None:
        """Wait for the turn that is under way and write cursors."""
        loop = asyncio.get_running_loop()
        self._cursors_due_s = 0.0
        await loop.run_in_executor(self._thread, self._turn, [])
        self._thread.shutdown()

    async def _gather(self, tick_s: float) -> list[Candidate]:
        first, self._left = self._left, None
        if first is None:
            try:
                # Not wait_for, which may swallow a cancellation that comes together with a candidate.
                async with asyncio.timeout(tick_s):
                    first = await self._queue.get()
            except TimeoutError:
                return []
        batch, size_bytes = [first], first.size_bytes
        while len(batch) < MAX_BATCH and not self._queue.empty():
            candidate = self._queue.get_nowait()
            size_bytes += candidate.size_bytes
            if size_bytes > MAX_BATCH_BYTES:
                self._left = candidate
                break
            batch.append(candidate)
        return batch

    # In the sequencer's thread

    def _turn(self, batch: Sequence[Candidate]) -> TurnResult:
        """One transaction; whatever happens, every candidate gets a verdict."""
        try:
            self._clock.now_ms()
        except SeraiError as error:  # the state is as good as it was, and whoever watches the clock tells of it
            self.fault = error
            return FailedTurn(error, [error] * len(batch))
        try:
            state = self._state or self.load()
            commit = self._commit(state, batch)
        except SeraiError as error:
            return self._fail(error, batch)
        except Exception:
            log.exception("turn_failed")
            return self._fail(SeraiError(Code.INTERNAL), batch)
        self.fault = None
        return commit

    def _fail(self, fault: SeraiError, batch: Sequence[Candidate]) -> FailedTurn:
        self.fault = fault
        self._state = None
        log.error("turn_failed", code=fault.code.value, detail=fault.detail)
        return FailedTurn(fault, [fault] * len(batch))

    def _commit(self, state: LedgerState, batch: Sequence[Candidate]) -> Commit:
        turn = _Turn()
        cursors = self._due_cursors()
        try:
            with self._store.transaction() as transaction:
                _check_head(transaction.head, state.head)
                self._decide(transaction, state, batch, turn)
                self._write(transaction, state, turn)
                transaction.keep_cursors(cursors)
        except SeraiError as error:
            if error.code is not Code.STORAGE_FAILED or turn.head is None or self._store.head() != turn.head:
                raise
        return self._conclude(state, turn)

    def _due_cursors(self) -> dict[tuple[Address, str, Lane], int]:
        now_s = time.monotonic()
        if now_s < self._cursors_due_s:
            return {}
        self._cursors_due_s = now_s + CURSORS_EVERY_S
        cursors, self._cursors = self._cursors, {}
        return cursors

    def _decide(self, transaction: Transaction, state: LedgerState, batch: Sequence[Candidate], turn: _Turn) -> None:
        now_ms = max(self._clock.now_ms(), state.head.accepted_at)
        sound = [c.submission for c in batch if isinstance(c.submission, VerifiedSubmission)]
        facts = transaction.facts(needs_of((c.digest for c in batch), sound, state.directory))
        admitter = turn.admitter = Admitter(state.directory, state.head.size, now_ms, facts, new_epoch=self._new_epoch)
        # An epoch statement names the place that comes next, so nothing may come between.
        if state.directory.epochs and not self._new_epoch:
            self._fall_due(transaction, admitter, now_ms)
            self._erase_outlived(transaction, admitter, now_ms)
        for candidate in batch:
            turn.verdicts.append(self._judge(admitter, candidate, now_ms))
            while admitter.owed:
                self._append_event(admitter, admitter.owed.pop(0), now_ms)

    def _fall_due(self, transaction: Transaction, admitter: Admitter, now_ms: int) -> None:
        """Tell senders what has not come by now; of those that are suspended nobody is asked for anything.

        Of a ledger that was restored, what fell due before the start waits a little: members come back, and submit
        again what they had answered.
        """
        self._began_ms = now_ms if self._began_ms is None else self._began_ms
        is_restored = admitter.directory.epoch.number > 0
        is_early = is_restored and now_ms < self._began_ms + limits.RETURN_GRACE_S * 1000
        asked = 0
        for due in transaction.due(now_ms, MAX_EVENTS, self._served):
            if asked >= MAX_ASKED:
                break
            if is_early and due.watch.due_ms <= self._began_ms:
                continue
            self._served = due.sender
            transaction.forget(due)
            if admitter.directory.is_suspended(due.sender, admitter.place):
                continue
            asked += due.asked
            if (draft := overdue(due, transaction.silent(due))) is not None:
                self._append_event(admitter, draft, now_ms)

    def _erase_outlived(self, transaction: Transaction, admitter: Admitter, now_ms: int) -> None:
        """Erase what the network keeps no longer."""
        keep = admitter.directory.epoch.document.keep_days
        kinds: tuple[tuple[Kept, int | None], ...] = (
            (("mail", keep.mail), ("receipts", keep.receipts)) if keep is not None else ()
        )
        for kind, days in kinds:
            if days is not None:
                over = transaction.outlived(kind, now_ms - days * DAY_MS, MAX_ERASED)
                for draft in erasures(over, "retention"):
                    self._append_event(admitter, draft, now_ms)

    def _judge(self, admitter: Admitter, candidate: Candidate, now_ms: int) -> Verdict:
        known = admitter.repeat(candidate.digest)
        if known is not None:
            return AcceptedAt(candidate.digest, known.index, known.leaf)
        if isinstance(candidate.submission, SeraiError):
            return candidate.submission
        if isinstance(candidate.submission, EventDraft):
            event = self._append_event(admitter, candidate.submission, now_ms)
            return AcceptedAt(event.statement.digest, event.index, event.leaf)
        try:
            self._check_keys(candidate.submission.statement.claims)
            admitted = admitter.admit(candidate.submission, candidate.submitter)
        except SeraiError as error:
            return error
        return AcceptedAt(candidate.digest, admitted.index, admitted.leaf)

    def _check_keys(self, claims: Claims) -> None:
        """An epoch that names other keys than this hub's would be the last thing it could append."""
        if not isinstance(claims, Epoch):
            return
        named = [VerifyKey.from_jwk(jwk).kid for jwk in (claims.network.ledger_key, claims.network.event_key)]
        if named != [self._signer.ledger_kid, self._signer.event_kid]:
            raise SeraiError(Code.UNKNOWN_KEY, "the network document names other keys than this hub holds")

    def _append_event(self, admitter: Admitter, draft: EventDraft, now_ms: int) -> Admitted:
        claims = event_claims(draft, self._network, self._clock.new_jti(), now_ms // 1000)
        return admitter.append_event(self._signer.sign_event(claims), draft)

    def _write(self, transaction: Transaction, state: LedgerState, turn: _Turn) -> None:
        admitter = turn.admitter
        if admitter is None or not admitter.admitted:
            return
        turn.growth = grow(state.edge, (item.leaf.hash for item in admitter.admitted))
        epoch = admitter.directory.epoch
        size = turn.growth.edge.frontier.size
        note = self._signer.sign_checkpoint(Checkpoint(epoch.origin, size, turn.growth.root))
        turn.head = StoredHead(epoch.number, size, admitter.admitted[-1].leaf.accepted_at, note)
        transaction.append(admitter.admitted, admitter.ceased)
        transaction.advance(turn.head, turn.growth.tiles)

    def _conclude(self, state: LedgerState, turn: _Turn) -> Commit:
        """The commit is on disk: move the register, take the new state."""
        if turn.head is None or turn.growth is None or turn.admitter is None:
            return Commit(state.head.size, state.head, (), state.directory, {}, turn.verdicts)
        self._state = None
        self._register.swap(state.head.note, turn.head.note)
        self._state = LedgerState(turn.head, turn.growth.edge, turn.admitter.directory)
        return Commit(
            state.head.size,
            turn.head,
            turn.admitter.admitted,
            turn.admitter.directory,
            turn.growth.tiles,
            turn.verdicts,
            withdrawn=bool(turn.admitter.ceased),
        )


def _tell(hear: Callable[[Any], None], what: object) -> None:
    """A fault of whoever is told must not end the one writer."""
    try:
        hear(what)
    except Exception:
        log.exception("telling_failed")


def _check_head(locked: StoredHead, ours: StoredHead) -> None:
    if locked != ours:
        raise SeraiError(Code.HUB_NOT_READY, "the head moved without this hub")


def describe(verdict: Verdict) -> str:
    """A verdict in a word, for logs and metrics."""
    return verdict.code.value if isinstance(verdict, SeraiError) else "accepted"
