"""A line from welcome to close: the session table, refusals, bounds, and why a line ends."""

from __future__ import annotations

import asyncio
import json

import pytest

from broker.service import session
from broker.service.hub import Hub
from schemas import limits
from schemas.checkpoint import parse_note
from schemas.claims import LANES
from tests.support.hub import resume_text
from tests.support.world import KG, KZ, TJ, World, digest_of
from tests.unit.broker.edges import (
    ALL,
    Peer,
    ack_text,
    check_frame,
    running,
    submit_text,
    until,
)

NOTE = "serai/toy/x/0\n1\nAAAA\n\n"
PROBLEM = {"code": "internal", "title": "t", "detail": ""}
DIGEST = digest_of("nothing")
FOREIGN = {
    "welcome": {
        "type": "welcome",
        "protocol": "serai.v1",
        "network": f"toy/{DIGEST}",
        "epoch": 0,
        "time": 1,
        "limits": {"frame": 1, "in_flight": 1, "blob": 1},
        "features": [],
    },
    "accepted": {
        "type": "accepted",
        "items": [{"digest": DIGEST, "index": 0, "leaf": "A" * 58, "proof": ""}],
        "checkpoint": NOTE,
        "consistency": "",
    },
    "refused": {"type": "refused", "digest": None, "problem": PROBLEM},
    "deliver": {"type": "deliver", "items": [], "checkpoint": NOTE, "consistency": ""},
}
"""Well-formed frames that only a hub may send."""

MALFORMED = {
    "no JSON": "{",
    "not an object": "[]",
    "empty": "",
    "no type": "{}",
    "unknown type": '{"type":"hello"}',
    "unknown member": '{"type":"ack","cursors":{"public":0,"urgent":0,"normal":0},"more":1}',
    "missing member": '{"type":"ack"}',
    "lane missing": '{"type":"ack","cursors":{"public":0,"urgent":0}}',
    "number as text": '{"type":"ack","cursors":{"public":"0","urgent":0,"normal":0}}',
    "negative cursor": '{"type":"ack","cursors":{"public":-1,"urgent":0,"normal":0}}',
    "name twice": '{"type":"ack","type":"ack","cursors":{"public":0,"urgent":0,"normal":0}}',
    "no number": '{"type":"ack","cursors":{"public":NaN,"urgent":0,"normal":0}}',
    "too deep": '{"type":"submit","statement":"","sealed":' + '{"a":' * 40 + "1" + "}" * 40 + "}",
    "too many members": '{"type":"submit","statement":"' + "," * limits.FRAME_MEMBERS + '"}',
}


# From welcome to resume


async def test_the_hub_speaks_first(live: Hub, world: World) -> None:
    """`welcome` names protocol, network, epoch, time and limits, before anything was sent."""
    peer = await Peer.dial(live, world)
    assert await peer.hear() == {
        "type": "welcome",
        "protocol": "serai.v1",
        "network": world.network,
        "epoch": 0,
        "time": pytest.approx(live.clock.now_ms(), abs=60_000),
        "limits": {"frame": limits.FRAME_BYTES, "in_flight": limits.IN_FLIGHT, "blob": limits.BLOB_CONTENT_BYTES},
        "features": [],
    }
    await peer.leave()


async def test_resume_is_answered_though_nothing_waits(live: Hub, world: World) -> None:
    """Whoever has everything gets an empty `deliver` with the checkpoint, and then nothing more."""
    peer = await Peer.dial(live, world)
    await peer.hear()
    peer.say(resume_text((len(world.log),) * 3))
    assert await peer.hear() == {
        "type": "deliver",
        "items": [],
        "checkpoint": live.mailroom.head.note,
        "consistency": "",
    }
    peer.say("{}")
    assert (await peer.hear())["type"] == "refused"
    await peer.leave()


async def test_only_resume_follows_welcome(live: Hub, world: World) -> None:
    """Any other frame before `resume` ends the line as out of order."""
    for frame in (submit_text("x"), ack_text(ALL), *(json.dumps(frame) for frame in FOREIGN.values())):
        peer = await Peer.dial(live, world)
        peer.say(frame, resume_text())
        assert (frame, *await peer.ended()) == (frame, 4409, "unexpected_frame")
        assert live.mailroom.count() == 0


async def test_a_malformed_first_frame_ends_the_line(live: Hub, world: World) -> None:
    """Whoever cannot write its first frame is not served."""
    for name, frame in MALFORMED.items():
        peer = await Peer.dial(live, world)
        peer.say(frame)
        assert (name, *await peer.ended()) == (name, 4400, "malformed_frame")


async def test_whoever_never_resumes_is_sent_away(live: Hub, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A client that says nothing after `welcome` keeps its line for a bounded time and never has the seat."""
    monkeypatch.setattr(session, "RESUME_TIMEOUT_S", 0.01)
    peer = await Peer.dial(live, world)
    assert live.mailroom.count() == 0
    assert await peer.ended() == (4408, "slow_reader")


@pytest.mark.parametrize(
    "ahead", [{"epoch": 1}, *({lane: 1} for lane in LANES), {"checkpoint": 1}], ids=["epoch", *LANES, "checkpoint"]
)
async def test_what_is_ahead_of_the_hub_is_of_another_epoch(live: Hub, world: World, ahead: dict[str, int]) -> None:
    """An epoch, a cursor on any lane or a checkpoint beyond the hub's ledger gets ``wrong_epoch``."""
    size = len(world.log)
    cursors = (size + ahead.get("public", 0), size + ahead.get("urgent", 0), size + ahead.get("normal", 0))
    world.suspend(TJ)
    note = world.checkpoint(size + ahead.get("checkpoint", 0))
    peer = await Peer.dial(live, world)
    peer.say(resume_text(cursors, note, ahead.get("epoch", 0)))
    assert await peer.ended() == (4411, "wrong_epoch")


async def test_a_checkpoint_that_is_no_note_ends_the_line(live: Hub, world: World) -> None:
    """A `resume` whose checkpoint cannot be read is not served."""
    peer = await Peer.dial(live, world)
    peer.say(resume_text(ALL, "no note"))
    assert await peer.ended() == (4400, "bad_checkpoint")


async def test_each_checkpoint_is_proven_from_the_one_before(live: Hub, world: World) -> None:
    """Consistency is proven from the checkpoint in `resume`, then from that of the frame before; all proofs hold."""
    peer = await Peer.dial(live, world)
    before = parse_note(live.mailroom.head.note).checkpoint
    peer.say(resume_text(ALL, live.mailroom.head.note))
    await peer.hear()
    before = check_frame(await peer.hear(), before)
    for precedence in ("routine", "flash"):
        peer.say(submit_text(world.dispatch(KZ, [KG], precedence=precedence)))
        for kind in ("accepted", "deliver"):
            frame = await peer.hear()
            assert frame["type"] == kind
            before = check_frame(frame, before)
    assert before.size == len(world.log) + 2
    await peer.leave()


# Order on a live line


async def test_a_frame_out_of_order_changes_nothing(live: Hub, world: World) -> None:
    """On a live line a second `resume` and the hub's own frames are refused, and the line goes on."""
    peer = await Peer.resumed(live, world)
    for frame in (resume_text(), *(json.dumps(frame) for frame in FOREIGN.values())):
        peer.say(frame)
        refused = await peer.hear()
        assert (frame, refused["type"], refused["digest"]) == (frame, "refused", None)
        assert (frame, refused["problem"]["code"]) == (frame, "unexpected_frame")
    sent = world.dispatch(KZ, [KG])
    peer.say(submit_text(sent))
    assert (await peer.hear())["items"][0]["digest"] == sent.digest
    await peer.leave()


async def test_a_malformed_frame_is_refused_and_the_line_goes_on(live: Hub, world: World) -> None:
    """A live line survives every frame that nobody can read."""
    peer = await Peer.resumed(live, world)
    for name, frame in MALFORMED.items():
        peer.say(frame)
        refused = await peer.hear()
        assert (name, refused["type"], refused["digest"]) == (name, "refused", None)
        assert (name, refused["problem"]["code"]) == (name, "malformed_frame")
    sent = world.dispatch(KZ, [KG])
    peer.say(submit_text(sent))
    assert (await peer.hear())["items"][0]["digest"] == sent.digest
    await peer.leave()


# Submissions


async def test_a_refusal_names_the_statement_and_the_reason(live: Hub, world: World) -> None:
    """Each submission is answered by the digest of what it called its statement, readable or not."""
    peer = await Peer.resumed(live, world)
    foreign, late = world.dispatch(KG, [KZ]), world.dispatch(KZ, [KG], iat=world.time_s + 600)
    bare = world.dispatch(KZ, [TJ])
    peer.say(submit_text(foreign), submit_text(late), submit_text(bare.text), submit_text("a.b"))
    token = world.token(KZ)
    peer.say(submit_text("a" * (limits.STATEMENT_BYTES + 1)), submit_text(token))
    answers = [await peer.hear() for _ in range(6)]
    said = {(answer["digest"], answer["problem"]["code"]) for answer in answers}
    assert said == {
        (foreign.digest, "not_your_statement"),
        (late.digest, "clock_ahead"),
        (bare.digest, "malformed_sealed"),
        (digest_of(token), "unsupported_type"),
        (digest_of("a.b"), "malformed_statement"),
        (digest_of("a" * (limits.STATEMENT_BYTES + 1)), "statement_too_large"),
    }
    await peer.leave()


async def test_a_repeat_gets_the_same_place_and_a_fresh_proof(live: Hub, world: World) -> None:
    """The same bytes again are answered with the first index, proven under the newest checkpoint."""
    peer = await Peer.resumed(live, world)
    first, other = world.dispatch(KZ, [KG]), world.dispatch(KZ, [TJ])
    before = parse_note(live.mailroom.head.note).checkpoint
    answers = []
    for sent in (first, other):
        peer.say(submit_text(sent))
        answers.append(await peer.hear())
        before = check_frame(answers[-1], before)
        before = check_frame(await peer.hear(), before)
    peer.say(submit_text(first))
    answers.append(await peer.hear())
    check_frame(answers[-1], before)
    answers = [answer["items"][0] for answer in answers]
    assert [item["index"] for item in answers] == [7, 8, 7]
    assert answers[0]["proof"] != answers[2]["proof"]
    await peer.leave()


async def test_every_seat_of_the_sender_sees_what_was_sent(live: Hub, world: World) -> None:
    """An accepted statement is delivered to the recipient and to all seats of the sender's member, to nobody else."""
    sender, desk, recipient, stranger = [
        await Peer.resumed(live, world, iss, seat=seat)
        for iss, seat in ((KZ, "main"), (KZ, "desk"), (KG, "main"), (TJ, "main"))
    ]
    sent = world.dispatch(KZ, [KG])
    sender.say(submit_text(sent))
    assert (await sender.hear())["type"] == "accepted"
    for peer in (sender, desk, recipient):
        [item] = await peer.hear_items(1)
        assert item["statement"] == sent.text
    stranger.say("{}")
    assert (await stranger.hear())["type"] == "refused"
    for peer in (sender, desk, recipient, stranger):
        await peer.leave()


async def test_a_public_statement_may_come_from_anybody(live: Hub, world: World) -> None:
    """A session may bring another member's revocation, and everybody gets it."""
    peer, other = await Peer.resumed(live, world, KZ), await Peer.resumed(live, world, KG)
    text = world.revocation(world.party(f"{TJ}/DUTY-1"))
    peer.say(submit_text(text))
    assert (await peer.hear())["type"] == "accepted"
    [item] = await other.hear_items(1)
    assert (item["lane"], item["statement"]) == ("public", text)
    await peer.leave()
    await other.leave()


# Bounds


async def test_the_hub_reads_no_further_than_it_may_leave_unanswered(hub: Hub, world: World) -> None:
    """While as many submissions as allowed have no answer, the next frame stays unread; then all are answered."""
    peer = await Peer.dial(hub, world, room=400)
    await peer.hear()
    peer.say(resume_text((len(world.log),) * 3))
    texts = [world.receipt(KZ, KG, [DIGEST]) for _ in range(limits.IN_FLIGHT + 40)]
    peer.say(*(submit_text(text) for text in texts))
    await until(lambda: hub.sequencer.waiting >= limits.IN_FLIGHT)
    await settled()
    assert (hub.sequencer.waiting, peer.line.to_hub.qsize()) == (limits.IN_FLIGHT, 40)
    async with running(hub):
        assert (await peer.hear())["type"] == "deliver"
        answers = [(await peer.hear())["digest"] for _ in texts]
        assert sorted(answers) == sorted(digest_of(text) for text in texts)
        await peer.leave()


async def test_large_submissions_fill_the_bound_sooner(hub: Hub, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is unanswered is bounded by size as well as by number."""
    sent = [world.dispatch(KZ, [KG]) for _ in range(8)]
    monkeypatch.setattr(session, "IN_FLIGHT_BYTES", 2 * len(submit_text(sent[0])))
    peer = await Peer.dial(hub, world)
    await peer.hear()
    peer.say(resume_text((len(world.log),) * 3), *(submit_text(each) for each in sent))
    await until(lambda: hub.sequencer.waiting == 3)
    await settled()
    assert (hub.sequencer.waiting, peer.line.to_hub.qsize()) == (3, 5)
    await peer.cancel()


async def settled() -> None:
    """Let everything that can run without an answer run."""
    for _ in range(50):
        await asyncio.sleep(0)


@pytest.mark.parametrize("kind", ["refused", "repeated"])
async def test_answers_that_are_not_read_are_bounded(live: Hub, world: World, kind: str) -> None:
    """A peer that asks and asks and never reads is not read either; what waits for it stays below the bound."""
    peer = await Peer.dial(live, world, room=1)
    sent = world.dispatch(KZ, [KG])
    frame = submit_text(sent) if kind == "repeated" else "{}"
    peer.say(resume_text((len(world.log),) * 3), *[frame] * 2_000)
    most = 0
    for _ in range(400):
        await asyncio.sleep(0)
        most = max(most, queued(peer))
    await until(lambda: queued(peer) >= limits.IN_FLIGHT - 1)
    assert most <= limits.IN_FLIGHT
    assert peer.line.to_hub.qsize() > 1_000
    peer.break_off()
    await peer.forgotten()


def queued(peer: Peer) -> int:
    """Everything that a session holds for its peer."""
    held = peer.session
    return held._in_flight + len(held._accepted) + len(held._refused)


async def test_whoever_does_not_read_is_sent_away(live: Hub, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A frame that the peer does not take in time ends the line, and the seat is free again."""
    monkeypatch.setattr(session, "SEND_TIMEOUT_S", 0.02)
    peer = await Peer.dial(live, world, room=1)
    peer.say(resume_text(), *["{}"] * 400)
    await until(lambda: peer.is_gone)
    assert peer.line.closed == (4408, "slow_reader")
    assert live.mailroom.count() == 0


async def test_a_line_that_breaks_while_it_is_full_is_left(live: Hub, world: World) -> None:
    """A session whose peer goes while its answers wait unsent ends and leaves nothing behind."""
    peer = await Peer.dial(live, world, room=1)
    peer.say(resume_text(), *["{}"] * 400)
    await until(lambda: queued(peer) >= limits.IN_FLIGHT - 1)
    peer.break_off()
    await peer.forgotten()
    assert live.mailroom.count() == 0


async def test_refusals_without_end_end_the_line(live: Hub, world: World) -> None:
    """A peer that reads every refusal and goes on is closed for it, having had some patience."""
    peer = await Peer.resumed(live, world)
    refusals = 0
    peer.say(*["{}"] * 2_000)
    async with asyncio.timeout(60):
        while (text := await peer.line.to_client.get()) is not None:
            assert json.loads(text)["problem"]["code"] == "malformed_frame"
            refusals += 1
    assert peer.line.closed == (4429, "rate_limited")
    assert 128 <= refusals <= 512


# The hub's copy of cursors


async def test_ack_moves_the_hubs_copy_of_the_cursors(live: Hub, world: World) -> None:
    """What a seat has acknowledged no longer counts as waiting; a cursor beyond the ledger counts as its end."""
    peer = await Peer.resumed(live, world, KG)
    sender = await Peer.resumed(live, world)
    for precedence in ("flash", "routine"):
        sender.say(submit_text(world.dispatch(KZ, [KG], precedence=precedence)))
    await peer.hear_items(2)
    assert live.store.backlog() == {"public": 0, "urgent": 1, "normal": 1}
    size = live.mailroom.head.size
    peer.say(ack_text((size, size, 0)))
    await until(lambda: live.store.backlog() == {"public": 0, "urgent": 0, "normal": 1})
    peer.say(ack_text((10**9, 10**9, 10**9)))
    await until(lambda: live.store.backlog() == {"public": 0, "urgent": 0, "normal": 0})
    sender.say(submit_text(world.dispatch(KZ, [KG])))
    await peer.hear_items(1)
    assert live.store.backlog()["normal"] == 1
    await peer.leave()
    await sender.leave()
