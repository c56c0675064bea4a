"""The hub: state, sequencer and mailroom put together. What the web and the operator call."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import suppress

import structlog

from broker.ports import Clock, Register, Signer, Store, Verifier
from broker.service.gate import Pass, verify_token
from broker.service.mailroom import Mailroom
from broker.service.metrics import Metrics
from broker.service.operator import Answer
from broker.service.pages import Pages
from broker.service.refusals import Refusals
from broker.service.sequencer import Candidate, Commit, Sequencer, Verdict, describe
from broker.service.session import HubSession, Line
from schemas.addresses import Address
from schemas.directory import Directory, Place
from schemas.encoding import encode_base64url
from schemas.errors import Code, SeraiError
from schemas.merkle import hash_leaf

log = structlog.get_logger("serai.hub")


class Hub:
    """A hub over its ports.

    Args:
        store: database.
        register: checkpoint outside it.
        signer: the hub's keys.
        clock: the hub's time.
        network: network id.
        origins: scheme, host and port by which clients dial this hub.
        verifier: reads and verifies what comes over lines.
    """

    def __init__(
        self,
        store: Store,
        register: Register,
        signer: Signer,
        clock: Clock,
        network: str,
        origins: frozenset[str],
        verifier: Verifier,
    ) -> None:
        self.verifier = verifier
        self.store = store
        self.clock = clock
        self.network = network
        self.origins = origins
        self._signer = signer
        self.metrics = Metrics()
        self.refusals = Refusals(time.monotonic)
        self.mailroom = Mailroom(store)
        self.pages = Pages(store)
        self.sequencer = Sequencer(store, register, signer, clock, network, self._publish)
        self._tasks: list[asyncio.Task[None]] = []
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

    async def start(self) -> None:
        """Begin to take turns."""
        await self.verifier.start()
        self._tasks = [asyncio.create_task(self.sequencer.run()), asyncio.create_task(self._watch_sessions())]

    async def stop(self) -> None:
        """Tell every session, finish the turn under way, write cursors."""
        self._stopping = True
        for session in self.mailroom.sessions():
            if isinstance(session, HubSession):
                session.end(SeraiError(Code.HUB_STOPPING))
        for task in self._tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        await self.sequencer.stop()
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
        if not self._tasks or any(task.done() for task in self._tasks):
            raise SeraiError(Code.HUB_NOT_READY, "the sequencer does not run")
        if self._damaged:
            raise SeraiError(Code.DAMAGED, f"{len(self._damaged)} leaves")
        self.directory  # noqa: B018 - raises while there is none
        self.clock.now_ms()

    # Lines

    async def admit_line(self, token: str) -> Pass:
        """Judge the token of an upgrade, and use it up.

        Raises:
            SeraiError: see `verify_token`; ``token_replayed``.
        """
        if self._stopping:
            raise SeraiError(Code.HUB_STOPPING)
        place = self._place()
        holder = verify_token(token, "exchange", self.origins, self.directory, place)
        # Kept a while beyond its end, because the clock may be set back in between.
        keep_s = holder.expires_s + 600
        async with self._upgrades[holder.member]:
            if not await self.sequencer.use_token(holder.kid, holder.jti, keep_s, place.time_s):
                raise SeraiError(Code.TOKEN_REPLAYED)
        return holder

    def admit_reader(self, token: str) -> Pass:
        """Judge the token of a request over HTTP.

        Raises:
            SeraiError: see `verify_token`.
        """
        return verify_token(token, "read", self.origins, self.directory, self._place())

    def _place(self) -> Place:
        return Place(self.mailroom.head.size, self.clock.now_ms() // 1000)

    async def serve(self, line: Line, holder: Pass) -> None:
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
        self.metrics.note_commit(commit)
        for admitted in commit.admitted:
            log.info(
                "appended",
                digest=encode_base64url(admitted.statement.digest),
                index=admitted.index,
                type=admitted.leaf.type.name.lower(),
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
        if self._stopping:
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
