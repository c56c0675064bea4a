"""Session table, lanes and mailboxes under any order of events, with the real hub and real clients.

Hypothesis chooses who says what, which frames arrive and which are lost, who restarts, and when;
`tests.support.pair` plays it in memory and in a time of its own. Pages are small, so that a few
statements are a backlog.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from clients import OutState, Sent, StoredItem
from schemas.claims import Dispatch, StatementType
from schemas.encoding import encode_base64url
from schemas.leaf import Leaf, parse_leaf
from schemas.merkle import root_of
from schemas.statements import parse_statement
from tests.support.line import PairLine, Pipe
from tests.support.pair import DUTY, Pair, Seat, small_pages
from tests.support.virtual import VirtualLoop
from tests.support.world import KZ, ROOM, UZ, World

MEMBERS = {"kz": KZ, "uz": UZ, "room": ROOM}
NAMES = tuple(MEMBERS)
MOST = 1_000
"""More than any example says."""

NEWEST = 12
"""How much of an inbox is looked at after every step; the whole of it is at the end."""

names = st.sampled_from(NAMES)
receivers = st.lists(st.sampled_from(list(MEMBERS.values())), min_size=1, max_size=3, unique=True)
precedences = st.sampled_from(["routine", "routine", "priority", "immediate", "flash"])
directions = st.sampled_from(["up", "down"])
counts = st.integers(1, 6)
bursts = st.lists(precedences, min_size=2, max_size=6)


class Said(NamedTuple):
    """Something that a client has promised to send."""

    name: str
    row: int
    to: tuple[str, ...]


class Mailboxes(RuleBasedStateMachine):
    """Three desks at a hub, and everything that can happen between them."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = VirtualLoop()
        self.resources = ExitStack()
        self.resources.enter_context(small_pages())
        self.path = Path(self.resources.enter_context(tempfile.TemporaryDirectory()))
        self.sizes = dict.fromkeys(NAMES, 0)
        self.leaves: list[Leaf] = []
        self.due: dict[str, set[str]] = {member: set() for member in MEMBERS.values()}
        self.said: list[Said] = []
        self.acknowledged: set[tuple[str, str]] = set()
        self.loop.run_until_complete(self._begin())

    async def _begin(self) -> None:
        self.pair = Pair(self.path, World(list(MEMBERS.values())), room=2)
        await self.pair.start_hub()
        for name, member in MEMBERS.items():
            await self.pair.seat(name, member, f"{member}/{DUTY}").start()

    def do(self, what: Callable[[], Any]) -> None:
        """Do something, and let follow what follows at once."""

        async def run() -> None:
            async with asyncio.timeout(600):
                result = what()
                if asyncio.iscoroutine(result):
                    await result
                for _ in range(20):
                    await asyncio.sleep(0)

        self.loop.run_until_complete(run())

    def seat(self, name: str) -> Seat:
        """A desk."""
        return self.pair.seats[name]

    def pipe(self, name: str, direction: str) -> Pipe | None:
        """One direction of a desk's line, if it has one."""
        line = self.seat(name).line
        return None if line is None else {"up": line.up, "down": line.down}[direction]

    def note(self, name: str, sent: Sent, to: tuple[str, ...] = ()) -> None:
        """Remember what was promised."""
        self.said.append(Said(name, sent.id, to))

    # What people do

    @rule(name=names, to=receivers, precedence=precedences, count=st.sampled_from([1, 1, 5]))
    def say(self, name: str, to: list[str], precedence: str, count: int) -> None:
        """Somebody sends something, once or in a burst."""
        self.do(lambda: self.send(name, to, [precedence] * count))

    def send(self, name: str, to: list[str], each: list[str]) -> None:
        """Send something for each precedence."""
        for precedence in each:
            sent = self.seat(name).say(*to, reference=f"W-{len(self.said)}", precedence=precedence)
            self.note(name, sent, tuple(to))

    @rule(name=names)
    def renew(self, name: str) -> None:
        """An officer's credential is renewed: a statement for everybody."""
        officer = self.pair.world.party(f"{MEMBERS[name]}/{DUTY}")
        self.pair.now_ms()
        self.do(lambda: self.note(name, self.seat(name).point.publish(self.pair.world.credential(officer))))

    @rule(name=names)
    def acknowledge(self, name: str) -> None:
        """An officer acknowledges the newest thing in the inbox."""

        def run() -> None:
            for item in self.seat(name).store.items.inbox(1):
                if (name, item.digest) not in self.acknowledged:
                    self.acknowledged.add((name, item.digest))
                    self.note(name, self.seat(name).point.acknowledge(item.digest))

        self.do(run)

    # What the line does

    @rule(name=names, direction=directions)
    def hold(self, name: str, direction: str) -> None:
        """Frames of one direction stay under way."""
        if (pipe := self.pipe(name, direction)) is not None:
            pipe.held = True

    @rule(name=names, direction=directions, count=counts)
    def carry(self, name: str, direction: str, count: int) -> None:
        """Some frames arrive."""
        if (pipe := self.pipe(name, direction)) is not None:
            self.do(lambda: pipe.carry(count))

    @rule(name=names, direction=directions)
    def release(self, name: str, direction: str) -> None:
        """Everything arrives, and goes on arriving."""
        if (pipe := self.pipe(name, direction)) is not None:
            self.do(pipe.release)

    @rule(name=names, lose=st.booleans())
    def cut(self, name: str, lose: bool) -> None:
        """A line breaks; what was under way is lost or arrives."""
        self.do(lambda: self.seat(name).cut(lose=lose))

    @rule(name=names, direction=directions, count=counts)
    def cut_after(self, name: str, direction: str, count: int) -> None:
        """A line will break after some more frames."""
        line = self.seat(name).line
        if line is not None:
            self.do(lambda: line.cut_after(**{direction: count}))

    @rule(name=names)
    def go_offline(self, name: str) -> None:
        """A line breaks, and no hub can be reached."""
        self.seat(name).online = False
        self.do(self.seat(name).cut)

    @rule(name=names)
    def come_back(self, name: str) -> None:
        """The hub can be reached again."""
        self.seat(name).online = True

    @rule(seconds=st.sampled_from([0.01, 0.06, 1.0, 5.0, 31.0]))
    def wait(self, seconds: float) -> None:
        """Time passes."""
        self.do(lambda: asyncio.sleep(seconds))

    @rule(name=names, direction=directions, count=counts)
    def break_next(self, name: str, direction: str, count: int) -> None:
        """The next line will break after some frames, the one after it not."""
        seat = self.seat(name)

        def once(line: PairLine) -> None:
            seat.on_line = lambda _: None
            line.cut_after(**{direction: count})

        seat.on_line = once

    @rule(name=names, sender=names, each=bursts, count=counts)
    def miss(self, name: str, sender: str, each: list[str], count: int) -> None:
        """Somebody is away while mail comes in, and comes back over a line that breaks again."""
        self.go_offline(name)
        self.do(lambda: self.send(sender, [MEMBERS[name]], each))
        self.break_next(name, "down", count)
        self.come_back(name)

    @rule(name=names, to=receivers, each=bursts)
    def lose_answers(self, name: str, to: list[str], each: list[str]) -> None:
        """What somebody sends arrives, and the line breaks before an answer does."""
        self.hold(name, "down")
        self.do(lambda: self.send(name, to, each))
        self.cut(name, lose=True)

    # What programs do

    @rule(name=names)
    def restart_client(self, name: str) -> None:
        """A client's program ends, wherever it is, and starts over the same store."""
        self.do(self.seat(name).restart)

    @rule(crash=st.booleans())
    def restart_hub(self, crash: bool) -> None:
        """The hub stops or dies, and starts again."""

        async def run() -> None:
            await (self.pair.crash_hub() if crash else self.pair.stop_hub())
            await self.pair.start_hub()

        self.do(run)

    # What always holds

    def _follow(self) -> None:
        """Read what has been added to the hub's ledger."""
        hub = self.pair.hub
        assert hub is not None
        size = hub.mailroom.head.size
        assert size >= len(self.leaves)
        added = [parse_leaf(leaf) for leaf in hub.store.leaves(len(self.leaves), size)]
        for leaf in added:
            found = hub.store.find(leaf.digest, None, auditor=True)
            if leaf.type is StatementType.DISPATCH and found is not None and found.statement is not None:
                cover = hub.directory.verify(parse_statement(found.statement)).claims
                assert isinstance(cover, Dispatch)
                for member in cover.to:
                    self.due[member].add(encode_base64url(leaf.digest))
        self.leaves += added

    @invariant()
    def nothing_against_the_rules(self) -> None:
        """Frames follow the session table, nothing urgent waits behind what was not yet sent, and nobody alarms."""
        assert self.pair.faults == []
        for name in NAMES:
            assert {alarm.kind for alarm in self.seat(name).point.alarms()} <= {"overdue"}, name

    @invariant()
    def nothing_unexpected(self) -> None:
        """What is in an inbox is in the ledger, at its place, for that member, opened, and there once."""
        self._follow()
        for name, member in MEMBERS.items():
            held = self.seat(name).store.items.inbox(NEWEST)
            assert {item.digest for item in held} <= self.due[member]
            assert len({item.digest for item in held}) == len({item.index for item in held}) == len(held)
            for item in held:
                assert (item.step, item.code) == (None, None)
                assert item.index is not None
                assert self.leaves[item.index] == item.leaf

    @invariant()
    def one_ledger(self) -> None:
        """What a client trusts is a state of the hub's tree, beyond which it asks for nothing, and never goes back."""
        self._follow()
        hashes = [leaf.hash for leaf in self.leaves]
        for name in NAMES:
            state = self.seat(name).point.state
            size = state.head.size if state.head else 0
            assert self.sizes[name] <= size <= len(hashes)
            assert state.head is None or state.head.root == root_of(hashes[:size])
            assert max(state.cursors.model_dump().values()) <= size
            self.sizes[name] = size

    # What holds in the end

    def teardown(self) -> None:
        """Let every line come back, and everything come to rest."""
        try:
            self.loop.run_until_complete(self._end())
        finally:
            self.loop.run_until_complete(self.pair.close())
            self.loop.run_until_complete(self.loop.shutdown_default_executor())
            self.loop.close()
            self.resources.close()

    async def _end(self) -> None:
        for name in NAMES:
            self.seat(name).online = True
            self.seat(name).cut()
        await self.pair.settle()
        self._check_all_arrived()
        for name, member in MEMBERS.items():
            assert (await self.seat(name).point.audit()).faults == ()
            await self._check_like_never_cut(name, member)
        assert self.pair.faults == []

    def _check_all_arrived(self) -> None:
        """Everything that was promised stands in the ledger once, and in each recipient's inbox once."""
        self._follow()
        inboxes = {
            member: [item.digest for item in self.seat(name).store.items.inbox(MOST)]
            for name, member in MEMBERS.items()
        }
        for name, row, to in self.said:
            outgoing = self.seat(name).point.outgoing(row)
            assert outgoing.state is OutState.ACCEPTED, (outgoing.code, outgoing.detail)
            assert outgoing.index is not None
            assert encode_base64url(self.leaves[outgoing.index].digest) == outgoing.digest
            for member, inbox in inboxes.items():
                assert inbox.count(outgoing.digest or "") == (member in to)
        assert sum(map(len, inboxes.values())) == sum(len(said.to) for said in self.said)
        assert {member: set(inbox) for member, inbox in inboxes.items()} == self.due

    async def _check_like_never_cut(self, name: str, member: str) -> None:
        """A new seat, to which everything comes over one line, holds the same."""
        fresh = self.pair.seat(f"{name}-new", member, f"{member}/{DUTY}")
        await fresh.start()
        await self.pair.settle()
        assert holdings_of(fresh) == holdings_of(self.seat(name))
        await fresh.stop()


def holdings_of(seat: Seat) -> dict[str, tuple[Any, ...]]:
    """Everything that a client holds of the ledger, and what became of what its member sent."""
    end, items = seat.point.state.head.size if seat.point.state.head else 0, seat.store.items
    places = {**items.own_between(0, end), **items.public_between(0, end)}
    digests = {*places.values(), *(item.digest for item in items.inbox(MOST))}
    return {digest: _told(seat, item) for digest in digests if (item := items.get(digest)) is not None}


def _told(seat: Seat, item: StoredItem) -> tuple[Any, ...]:
    answers = {(answer.member, answer.outcome, answer.by) for answer in seat.store.outcomes.of(item.digest)}
    return (
        item.index,
        item.lane,
        item.sent_by_us,
        item.inbox,
        item.statement,
        item.content,
        item.step,
        item.leaf,
        answers,
    )


TestMailboxes = pytest.mark.slow(Mailboxes.TestCase)
TestMailboxes.settings = settings(
    max_examples=20, stateful_step_count=25, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
