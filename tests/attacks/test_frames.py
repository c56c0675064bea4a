"""Frames that are strict, in their order, and not too many, at the real hub (PROTOCOL 9)."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from broker.service import session
from broker.service.session import FAULTS
from schemas.encoding import encode_json
from tests.attacks.arena import Arena, submit_text, until
from tests.support.hub import resume_text
from tests.support.world import UZ, World

CURSORS: dict[str, Any] = {"public": 0, "urgent": 0, "normal": 0}


@pytest.mark.parametrize(
    "frame",
    [
        pytest.param({"type": "ack", "cursors": CURSORS, "more": 1}, id="unknown member"),
        pytest.param({"type": "ack", "cursors": {**CURSORS, "flash": 0}}, id="unknown lane"),
        pytest.param({"type": "ack"}, id="missing member"),
        pytest.param({"type": "ack", "cursors": {**CURSORS, "public": True}}, id="true for one"),
        pytest.param({"type": "ack", "cursors": {**CURSORS, "public": 1.0}}, id="float for integer"),
        pytest.param({"type": "ack", "cursors": {**CURSORS, "public": "1"}}, id="text for integer"),
        pytest.param({"type": "ack", "cursors": {**CURSORS, "public": -1}}, id="negative"),
        pytest.param({"type": "submit", "statement": "a.b.c", "sealed": None}, id="null for absent"),
        pytest.param({"type": "frobnicate"}, id="unknown type"),
        pytest.param({"type": ["ack"], "cursors": CURSORS}, id="type no text"),
        pytest.param({"cursors": CURSORS}, id="no type"),
    ],
)
async def test_strict_frame(arena: Arena, frame: dict[str, Any]) -> None:
    """A frame with anything unknown, missing or of another type is refused."""
    peer = await arena.resume()
    assert await peer.first_answer(encode_json(frame)) == "malformed_frame"


@pytest.mark.parametrize("kind", ["resume", "welcome", "deliver"])
async def test_frame_out_of_turn(arena: Arena, kind: str) -> None:
    """A second `resume`, or a frame that only a hub sends, is refused and changes nothing."""
    peer = await arena.resume()
    note = arena.hub.mailroom.head.note
    texts = {
        "resume": resume_text(),
        "welcome": encode_json(
            {
                "type": "welcome",
                "protocol": "serai.v1",
                "network": arena.world.network,
                "epoch": 0,
                "time": 0,
                "limits": {"frame": 1, "in_flight": 1, "blob": 1},
                "features": [],
            }
        ),
        "deliver": encode_json({"type": "deliver", "items": [], "checkpoint": note, "consistency": ""}),
    }
    assert await peer.first_answer(texts[kind]) == "unexpected_frame"


async def test_submission_before_resume(arena: Arena, world: World) -> None:
    """A line that does not begin with `resume` ends."""
    peer = await arena.connect()
    peer.send(submit_text(world.dispatch("KZ/NFP", [UZ])))
    assert await peer.closed() == (4409, "unexpected_frame")


@pytest.mark.parametrize(
    "text", [resume_text((99, 0, 0)), resume_text((0, 0, 99)), resume_text(epoch=1)], ids=["public", "normal", "epoch"]
)
async def test_resuming_from_beyond_the_ledger(arena: Arena, text: str) -> None:
    """A client that says it has seen more than there is does not get a session."""
    peer = await arena.connect()
    peer.send(text)
    assert await peer.closed() == (4411, "wrong_epoch")


async def test_statement_too_large(arena: Arena) -> None:
    """A statement above the limit is refused unread, and the line goes on."""
    peer = await arena.resume()
    assert await peer.submit("a" * 98_305) == "statement_too_large"
    assert await peer.submit("a.b.c") == "malformed_statement"


async def test_flood_of_bad_frames(arena: Arena) -> None:
    """Whoever sends nothing but rubbish loses the line."""
    peer = await arena.resume()
    for _ in range(2_000):
        peer.send("{}")
    assert await peer.closed() == (4429, "rate_limited")


@pytest.mark.parametrize("text", ["{}", '{"type":"submit","statement":"a.b.c"}'], ids=["frames", "statements"])
async def test_flood_that_is_not_read(arena: Arena, text: str) -> None:
    """Whoever sends and does not read the answers is not read any further, though it is not to be cut off yet."""
    peer = await arena.connect(room=2)
    peer.send(resume_text())
    for _ in range(FAULTS - 6):
        peer.send(text)
    assert await left(peer.line.to_hub) > 100


async def test_repeats_that_are_not_read(arena: Arena, world: World) -> None:
    """Whoever repeats a good statement and does not read the answers is not read any further."""
    sent = world.dispatch("KZ/NFP", [UZ])
    peer = await arena.connect(room=2)
    peer.send(resume_text())
    for _ in range(2_000):
        peer.send(submit_text(sent))
    assert await left(peer.line.to_hub) > 1_000


async def left(queue: asyncio.Queue[str | None]) -> int:
    """What is left of a queue once nobody has taken anything from it for a while."""
    before, still = queue.qsize(), 0
    while still < 20 and queue.qsize():
        await asyncio.sleep(0.02)
        still = still + 1 if queue.qsize() == before else 0
        before = queue.qsize()
    return queue.qsize()


async def test_too_much_in_flight(arena: Arena, world: World) -> None:
    """More submissions without answer than allowed are left on the line, and read once there is room."""
    peer = await arena.resume()
    arena.hub.sequencer.submit, answers = _held(arena)  # type: ignore[method-assign]
    for _ in range(300):
        peer.send(submit_text(world.dispatch("KZ/NFP", [UZ])))
    assert await left(peer.line.to_hub) >= 300 - 129
    assert len(answers) <= 128


def _held(arena: Arena) -> tuple[Any, list[Any]]:
    """A sequencer that takes submissions and does not answer."""
    held: list[Any] = []
    return held.append, held


async def test_line_that_does_not_resume(arena: Arena, monkeypatch: pytest.MonkeyPatch) -> None:
    """A line on which nothing is said after the welcome ends."""
    monkeypatch.setattr(session, "RESUME_TIMEOUT_S", 0.05)
    peer = await arena.connect()
    assert await peer.closed() == (4408, "slow_reader")


async def test_line_that_is_not_read(arena: Arena, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A peer that takes nothing loses the line; nothing is kept for it but its mailbox."""
    monkeypatch.setattr(session, "SEND_TIMEOUT_S", 0.05)
    sender, peer = await arena.resume(), await arena.connect("UZ/NFP", room=1)
    peer.send(resume_text())
    for _ in range(3):
        assert await sender.submit(world.dispatch("KZ/NFP", [UZ])) == "accepted"
    await until(lambda: peer.line.closed is not None)
    assert peer.line.closed == (4408, "slow_reader")


async def test_seat_taken_over(arena: Arena) -> None:
    """A second session of a seat ends the first: a thief with the key is noticed by whom it throws out."""
    owner = await arena.resume()
    await arena.resume()
    assert await owner.closed() == (4410, "replaced")


async def test_seats_without_number(arena: Arena) -> None:
    """A member that opens one seat after the other is stopped, and the seats that it has go on."""
    peers = [await arena.resume(seat=f"seat-{number}") for number in range(32)]
    one_more = await arena.connect(seat="one-more")
    one_more.send(resume_text())
    assert await one_more.closed() == (4429, "rate_limited")
    assert [await peer.first_answer("{}") for peer in peers] == ["malformed_frame"] * 32
