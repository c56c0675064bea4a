"""The sequencer: one writer, group commit, nobody answered before it is on disk, no fate left unknown."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from broker.service.operator import make_suspension
from broker.service.sequencer import AcceptedAt, Candidate, Sequencer, Verdict, describe
from schemas.addresses import Address
from schemas.encoding import sha256
from schemas.errors import Code, SeraiError
from schemas.leaf import Leaf, parse_leaf
from tests.support.world import KG, KZ, RU, UZ, Sent, World
from tests.unit.broker.service.notary import Notary, codes, digest_bytes, founded

WAIT_S = 10.0
"""How long a test waits for what must come; only a failure takes so long."""


@pytest.fixture
def notary(tmp_path: Path) -> Iterator[Notary]:
    """The notary of a network of four."""
    with founded(tmp_path, World([KZ, UZ, RU, KG])) as made:
        yield made


@pytest.fixture
def world(notary: Notary) -> World:
    """Its world."""
    return notary.world


# One turn


def test_commit(notary: Notary, world: World) -> None:
    """What a turn admits stands next to each other in the ledger, with checkpoint and register moved on."""
    start = notary.store.head().size
    first, second = world.dispatch(KZ, [UZ]), world.dispatch(UZ, [KZ])
    commit = notary.turn(first, second)
    digests = [digest_bytes(first), digest_bytes(second)]
    assert commit.verdicts == [notary.at(digest, start + at) for at, digest in enumerate(digests)]
    assert [parse_leaf(leaf).digest for leaf in notary.leaves()[start:]] == digests
    assert (commit.start, commit.head) == (start, notary.store.head())
    assert [admitted.statement.text for admitted in commit.admitted] == [first.text, second.text]
    assert all(notary.store.tile(*tile) == hashes for tile, hashes in commit.tiles.items())
    assert commit.tiles
    notary.assert_whole()


def test_bad_items_do_not_fail_the_rest(notary: Notary, world: World) -> None:
    """Each candidate gets its own verdict: what did not verify, what is refused, what is accepted."""
    unsigned = world.dispatch(KZ, [UZ]).text[:-4] + "AAAA"
    sealless = world.dispatch(KZ, [UZ]).text
    ahead = world.dispatch(KZ, [UZ], iat=world.time_s + 121)
    verdicts = notary.submit(unsigned, sealless, ahead, world.dispatch(KZ, [UZ]))
    assert codes(verdicts) == [Code.BAD_SIGNATURE, Code.MALFORMED_SEALED, Code.CLOCK_AHEAD, None]
    assert notary.sequencer.fault is None
    notary.assert_whole()


def test_nothing_to_admit(notary: Notary, world: World) -> None:
    """A turn in which nothing is admitted leaves ledger and register as they were."""
    head = notary.store.head()
    commit = notary.turn(world.dispatch(KZ, [UZ], iat=world.time_s + 999))
    assert (commit.start, commit.head, list(commit.admitted), dict(commit.tiles)) == (head.size, head, [], {})
    assert (notary.store.head(), notary.register.read()) == (head, head.note)


def test_time_never_goes_back(notary: Notary, world: World) -> None:
    """While the clock is behind the newest leaf, statements get that leaf's time."""
    newest = notary.store.head().accepted_at
    world.wait(-60)
    (accepted,) = notary.accept(world.dispatch(KZ, [UZ], iat=world.time_s))
    assert accepted.leaf.accepted_at == newest
    world.wait(120)
    (accepted,) = notary.accept(world.dispatch(KZ, [UZ]))
    assert accepted.leaf.accepted_at == world.time_ms > newest


# Repeats


def _revoked(notary: Notary, sent: Sent) -> Candidate:
    notary.accept(notary.world.revocation(notary.world.party(KZ)))
    return notary.candidate(sent)


def _suspended(notary: Notary, sent: Sent) -> Candidate:
    notary.sequencer.take_turn([_suspension(KZ)])
    return notary.candidate(sent)


def _long_ago(notary: Notary, sent: Sent) -> Candidate:
    notary.world.wait(5 * 365 * 24 * 3600)
    return notary.candidate(sent)


def _other_session(notary: Notary, sent: Sent) -> Candidate:
    return notary.candidate(sent, by=RU)


def _other_content(notary: Notary, sent: Sent) -> Candidate:
    return notary.candidate(sent.text)


def _suspension(member: Address, answer: Any = lambda _: None) -> Candidate:
    return make_suspension(member, answer)


@pytest.mark.parametrize("make", [_revoked, _suspended, _long_ago, _other_session, _other_content])
def test_repeat_before_any_other_check(notary: Notary, world: World, make: Any) -> None:
    """The same bytes get the same place, though by now they would be refused; they are not stored again."""
    sent = world.dispatch(KZ, [UZ])
    (accepted,) = notary.accept(sent)
    candidate = make(notary, sent)
    assert list(notary.sequencer.take_turn([candidate]).verdicts) == [accepted]
    assert notary.mail(UZ) == [sent.text]


def test_repeat_in_one_turn(notary: Notary, world: World) -> None:
    """A statement that comes twice in one turn is admitted once."""
    sent = world.dispatch(KZ, [UZ])
    first, second = notary.accept(sent, sent)
    assert first == second
    assert notary.mail(UZ) == [sent.text]


def test_jti_with_other_bytes(notary: Notary, world: World) -> None:
    """The jti of an accepted statement under another digest is refused, in a later turn and in the same."""
    first = world.dispatch(KZ, [UZ])
    jti = world.verified(first.text).claims.jti
    second, third = (world.dispatch(KZ, [UZ], jti=jti) for _ in range(2))
    assert codes(notary.submit(first, second)) == [None, Code.JTI_REUSED]
    assert codes(notary.submit(third)) == [Code.JTI_REUSED]


# Answers


@asynccontextmanager
async def _running(sequencer: Sequencer, tick_s: float = 60.0) -> AsyncIterator[None]:
    task = asyncio.create_task(sequencer.run(tick_s))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        await sequencer.stop()


async def _answered(verdicts: list[Verdict], count: int) -> None:
    async with asyncio.timeout(WAIT_S):
        while len(verdicts) < count:  # noqa: ASYNC110 - answers come by a plain call
            await asyncio.sleep(0.001)


async def test_group_commit(notary: Notary, world: World) -> None:
    """All that has queued while the disk was busy goes into one commit, answered in its order."""
    verdicts: list[Verdict] = []
    items = [world.dispatch(KZ, [UZ]) for _ in range(5)]
    for item in items:
        notary.sequencer.submit(notary.candidate(item, verdicts.append))
    assert notary.sequencer.waiting == 5
    turns = notary.store.turns
    async with _running(notary.sequencer):
        await _answered(verdicts, 5)
    assert notary.store.turns == turns + 2  # and the one that stops
    assert [verdict.digest for verdict in verdicts if isinstance(verdict, AcceptedAt)] == [*map(digest_bytes, items)]
    assert [len(commit.admitted) for commit in notary.published] == [5]


async def test_answer_after_disk_and_register(notary: Notary, world: World) -> None:
    """When an answer is given, commit and register are on disk and the commit has been published."""
    seen: list[tuple[int, str, str, int]] = []
    verdicts: list[Verdict] = []

    def answer(verdict: Verdict) -> None:
        head = notary.store.head()
        seen.append((head.size, head.note, notary.register.read(), len(notary.published)))
        verdicts.append(verdict)

    before = notary.store.head()
    async with _running(notary.sequencer):
        notary.sequencer.submit(notary.candidate(world.dispatch(KZ, [UZ]), answer))
        await _answered(verdicts, 1)
        notary.sequencer.submit(notary.candidate(world.dispatch(KZ, [UZ], iat=world.time_s + 999), answer))
        await _answered(verdicts, 2)
    after = notary.store.head()
    assert seen == [(before.size + 1, after.note, after.note, 1)] * 2


@pytest.mark.parametrize(
    ("count", "size_bytes", "turns"),
    [(257, 0, 2), (256, 0, 1), (5, 3 << 20, 3), (3, 9 << 20, 3), (2, 4 << 20, 1)],
)
async def test_bounded_commits(notary: Notary, count: int, size_bytes: int, turns: int) -> None:
    """A commit takes up to 256 statements and about 8 MiB, and always one; the rest follows in order."""
    verdicts: list[Verdict] = []
    faults = [SeraiError(Code.BAD_SIGNATURE, str(number)) for number in range(count)]
    for fault in faults:
        digest = sha256(fault.detail.encode())
        notary.sequencer.submit(Candidate(digest, fault, KZ, verdicts.append, size_bytes))
    before = notary.store.turns
    async with _running(notary.sequencer):
        await _answered(verdicts, count)
        assert notary.store.turns == before + turns
    assert verdicts == faults


async def test_looks_at_watches_unasked(notary: Notary, world: World) -> None:
    """What falls due is noticed though nobody submits anything."""
    notary.accept(world.dispatch(KZ, [UZ], precedence="flash"))
    world.wait(301)
    async with _running(notary.sequencer, tick_s=0.001), asyncio.timeout(WAIT_S):
        while len(notary.published) < 2:  # noqa: ASYNC110 - commits are published by a plain call
            await asyncio.sleep(0.001)
    assert [event.event for event in notary.events(notary.published[1])] == ["overdue"]


async def test_cursors_are_kept(notary: Notary, world: World) -> None:
    """Where a seat stands is written with a later commit, at the latest when the hub stops."""
    notary.accept(world.dispatch(KZ, [UZ]), world.dispatch(KZ, [UZ], precedence="flash"))
    assert notary.store.backlog() == {"public": 0, "urgent": 1, "normal": 1}
    notary.sequencer.keep_cursor(UZ, "main", "normal", 1)
    notary.sequencer.keep_cursor(UZ, "main", "normal", notary.store.head().size)
    await notary.sequencer.stop()
    assert notary.store.backlog() == {"public": 0, "urgent": 1, "normal": 0}


def test_cursors_are_written_once_a_second(notary: Notary, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commits within a second of the last writing of cursors write none; the first one after it does."""
    now_s = [100.0]
    monkeypatch.setattr("broker.service.sequencer.time", SimpleNamespace(monotonic=lambda: now_s[0]))
    waiting = []
    for moment_s in (100.0, 100.5, 101.0):
        now_s[0] = moment_s
        notary.accept(world.dispatch(KZ, [UZ]))
        notary.sequencer.keep_cursor(UZ, "main", "normal", notary.store.head().size)
        notary.sequencer.take_turn([])
        waiting.append(notary.store.backlog()["normal"])
    assert waiting == [1, 2, 1]
    now_s[0] = 102.0
    notary.sequencer.take_turn([])
    assert notary.store.backlog()["normal"] == 0


async def test_token_is_used_once(notary: Notary, world: World) -> None:
    """A session token counts once; another one of the same key, or its jti with another key, is not it."""
    kid = world.party(KZ).sig.kid
    pairs = [(kid, "a"), (kid, "a"), (kid, "b"), (world.party(UZ).sig.kid, "a")]
    used = [await notary.sequencer.use_token(*pair, world.time_s + 60, world.time_s) for pair in pairs]
    assert used == [True, False, True, True]


# Faults


@pytest.mark.parametrize("fault", ["lost", "kept"])
def test_commit_of_unknown_fate(notary: Notary, world: World, fault: Any) -> None:
    """A commit that failed is looked at again: what is on disk is accepted, what is not is refused."""
    before = notary.store.head()
    notary.store.fault = fault
    sent = world.dispatch(KZ, [UZ])
    verdicts = notary.submit(sent, world.dispatch(KZ, [UZ], iat=world.time_s + 999))
    if fault == "kept":
        assert codes(verdicts) == [None, Code.CLOCK_AHEAD]
        assert notary.sequencer.fault is None
    else:
        assert codes(verdicts) == [Code.STORAGE_FAILED] * 2
        assert (notary.store.head(), notary.register.read()) == (before, before.note)
        assert notary.sequencer.fault is not None
    (accepted,) = notary.accept(sent)
    assert accepted.index == before.size
    assert notary.sequencer.fault is None
    notary.assert_whole()


def test_fate_that_cannot_be_seen(notary: Notary, world: World) -> None:
    """While the head cannot be read nobody is told accepted; later the statement has its place, once."""
    size = notary.store.head().size
    notary.store.fault, notary.store.blind = "kept", 2
    sent = world.dispatch(KZ, [UZ])
    assert codes(notary.submit(sent)) == [Code.STORAGE_FAILED]
    assert codes(notary.submit(sent)) == [Code.STORAGE_FAILED]
    assert notary.accept(sent, world.dispatch(KZ, [UZ]))[0].index == size
    assert len(notary.mail(UZ)) == 2
    notary.assert_whole()


async def test_unseen_commit_is_published(notary: Notary, world: World) -> None:
    """A commit whose fate was unknown is published once it is seen, though nothing new came with it."""
    verdicts: list[Verdict] = []
    sent = world.dispatch(KZ, [UZ])
    size = notary.store.head().size
    async with _running(notary.sequencer):
        notary.store.fault, notary.store.blind = "kept", 1
        notary.sequencer.submit(notary.candidate(sent, verdicts.append))
        await _answered(verdicts, 1)
        notary.sequencer.submit(notary.candidate(sent, verdicts.append))
        await _answered(verdicts, 2)
    assert codes(verdicts) == [Code.STORAGE_FAILED, None]
    assert [(commit.head.size, list(commit.admitted)) for commit in notary.published] == [(size + 1, [])]


def test_failure_with_nothing_to_write(notary: Notary, world: World) -> None:
    """A commit that was to write nothing is never taken for one that is on disk."""
    notary.store.fault = "kept"
    assert codes(notary.submit(world.dispatch(KZ, [UZ], iat=world.time_s + 999))) == [Code.STORAGE_FAILED]


def test_register_fails(notary: Notary, world: World) -> None:
    """Nobody is told accepted while the register lags; the next turn moves it on and knows the statement."""
    before = notary.store.head()
    notary.register.fails = True
    sent = world.dispatch(KZ, [UZ])
    assert codes(notary.submit(sent)) == [Code.STORAGE_FAILED]
    assert (notary.store.head().size, notary.register.read()) == (before.size + 1, before.note)
    assert notary.accept(sent)[0].index == before.size
    notary.assert_whole()


def test_register_moved_without_this_hub(notary: Notary, world: World) -> None:
    """A register that another hub has moved on is not overwritten, and this hub appends nothing more."""
    before = notary.store.head()
    elsewhere = world.checkpoint().replace(f"\n{len(world.log)}\n", f"\n{len(world.log) + 5}\n")
    notary.register.swap(before.note, elsewhere)
    for _ in range(2):
        assert codes(notary.submit(world.dispatch(KZ, [UZ]))) == [Code.INCONSISTENT_LEDGER]
        assert notary.register.read() == elsewhere
    assert notary.store.head().size == before.size + 1


def test_head_moved_without_this_hub(notary: Notary, world: World) -> None:
    """A head that another hub has moved on is noticed before anything is decided, and then read again."""
    other = notary.make_sequencer()
    foreign, sent = world.dispatch(RU, [UZ]), world.dispatch(KZ, [UZ])
    assert codes(other.take_turn([notary.candidate(foreign)]).verdicts) == [None]
    assert codes(notary.submit(sent)) == [Code.HUB_NOT_READY]
    assert len(notary.mail(UZ)) == 1
    assert codes(notary.submit(sent)) == [None]
    assert notary.mail(UZ) == [foreign.text, sent.text]
    notary.assert_whole()


def test_clock_that_was_moved(notary: Notary, world: World) -> None:
    """While the clock cannot be trusted nothing is appended, repeats included; after that all is well."""
    (accepted,) = notary.accept(sent := world.dispatch(KZ, [UZ]))
    size = notary.store.head().size
    notary.clock.fault = SeraiError(Code.HUB_NOT_READY, "the clock was moved")
    assert codes(notary.submit(sent, world.dispatch(KZ, [UZ]))) == [Code.HUB_NOT_READY] * 2
    assert notary.store.head().size == size
    notary.clock.fault = None
    assert notary.accept(sent) == [accepted]


def test_fault_of_its_own(notary: Notary, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault of the program itself answers everybody, names no internals and writes nothing."""
    before = notary.store.head()

    def fail(_: object) -> str:
        raise RuntimeError("a secret")

    with monkeypatch.context() as patch:
        patch.setattr(notary.signer, "sign_checkpoint", fail)
        (verdict,) = notary.submit(world.dispatch(KZ, [UZ]))
    assert isinstance(verdict, SeraiError)
    assert (verdict.code, verdict.detail) == (Code.INTERNAL, "")
    assert notary.store.head() == before
    notary.accept(world.dispatch(KZ, [UZ]))
    notary.assert_whole()


def test_reads_the_ledger_when_first_asked(notary: Notary, world: World) -> None:
    """A sequencer that nobody has told to load reads the ledger with its first turn."""
    fresh = notary.make_sequencer()
    assert codes(fresh.take_turn([notary.candidate(world.dispatch(KZ, [UZ]))]).verdicts) == [None]


def test_describe() -> None:
    """A verdict in a word: the code of a refusal, or accepted."""
    assert describe(SeraiError(Code.STALE_KEY, "whose")) == "stale_key"
    assert describe(AcceptedAt(sha256(b""), 1, Leaf(2, 4, False, sha256(b"")))) == "accepted"
