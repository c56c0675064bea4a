"""What a line delivers: everything once, by lanes, in frames a client can take, and what is left of damaged texts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from broker.service import mailroom, session
from broker.service.head import LedgerHead
from broker.service.hub import Hub
from broker.service.pages import Page
from schemas import limits
from schemas.addresses import Address
from schemas.checkpoint import parse_note
from schemas.claims import Lane
from schemas.encoding import encode_json
from schemas.errors import Code
from tests.support.hub import resume_text
from tests.support.refusals import refused
from tests.support.world import KG, KZ, TJ, Sent, World
from tests.unit.broker.edges import (
    Peer,
    change,
    check_frame,
    enter,
    submit_all,
)

Item = dict[str, Any]


def places(items: Sequence[Item]) -> list[tuple[str, int]]:
    """Lane and index of items."""
    return [(item["lane"], item["index"]) for item in items]


def assert_in_order(items: Sequence[Item]) -> None:
    """Demand index order within each lane, and no public item after one of higher index."""
    for lane in ("public", "urgent", "normal"):
        indices = [item["index"] for item in items if item["lane"] == lane]
        assert indices == sorted(set(indices))
    for at, item in enumerate(items):
        if item["lane"] == "public":
            assert all(before["index"] < item["index"] for before in items[:at])


# Lanes


async def test_what_waits_comes_by_lanes(hub: Hub, world: World) -> None:
    """A newcomer gets all of `public`, then all of `urgent`, then `normal`, whatever the order of the ledger."""
    enter(
        hub,
        world.dispatch(KZ, [KG]),
        world.dispatch(KZ, [KG], precedence="flash"),
        world.revocation(world.party(f"{TJ}/DUTY-1")),
        world.dispatch(TJ, [KG], precedence="priority"),
        world.dispatch(TJ, [KG], precedence="immediate"),
        world.dispatch(TJ, [KZ], precedence="flash"),
    )
    start = len(world.log)
    peer = await Peer.dial(hub, world, KG)
    await peer.hear()
    peer.say(resume_text())
    items = await peer.hear_items(start + 5)
    public = [("public", index) for index in (*range(start), start + 2)]
    assert places(items) == [
        *public, ("urgent", start + 1), ("urgent", start + 4), ("normal", start), ("normal", start + 3),
    ]  # fmt: skip
    await peer.leave()


async def test_each_lane_resumes_at_its_own_cursor(hub: Hub, world: World) -> None:
    """What lies below the cursor of its lane is not sent again."""
    sent = [world.dispatch(KZ, [KG], precedence=p) for p in ("flash", "flash", "routine", "routine")]
    start = len(world.log)
    enter(hub, *sent)
    peer = await Peer.dial(hub, world, KG)
    await peer.hear()
    peer.say(resume_text((start - 1, start + 1, start + 3)))
    items = await peer.hear_items(3)
    assert places(items) == [("public", start - 1), ("urgent", start + 1), ("normal", start + 3)]
    await peer.leave()


@pytest.mark.parametrize("memory_bytes", [mailroom.RECENT_BYTES, 20_000, 0], ids=["memory", "both", "database"])
async def test_a_flash_overtakes_what_a_slow_reader_has_waiting(
    live: Hub, world: World, monkeypatch: pytest.MonkeyPatch, memory_bytes: int
) -> None:
    """Live or from the database, an urgent dispatch goes ahead of all normal ones that are not yet on the line."""
    monkeypatch.setattr(session, "DELIVER_BYTES", 5_000)
    monkeypatch.setattr(mailroom, "RECENT_BYTES", memory_bytes)
    start = len(world.log)
    peer = await Peer.resumed(live, world, KG, room=1)
    for precedence in (*["routine"] * 12, "flash"):
        await submit_all(live, world.dispatch(KZ, [KG], precedence=precedence))
    await submit_all(live, world.revocation(world.party(f"{TJ}/DUTY-1")))
    items = await peer.hear_items(14)
    lanes = [item["lane"] for item in items]
    assert lanes.index("urgent") <= 4
    assert abs(lanes.index("public") - lanes.index("urgent")) == 1
    assert sorted(item["index"] for item in items) == list(range(start, start + 14))
    for lane in ("public", "urgent", "normal"):
        indices = [item["index"] for item in items if item["lane"] == lane]
        assert indices == sorted(indices)
    await peer.leave()


@pytest.mark.parametrize("memory_bytes", [mailroom.RECENT_BYTES, 50_000, 0], ids=["memory", "both", "database"])
async def test_everything_comes_once_and_proven(
    live: Hub, world: World, monkeypatch: pytest.MonkeyPatch, memory_bytes: int
) -> None:
    """However far a reader lags, it gets each of its statements once, in the order of its lanes, every proof good."""
    monkeypatch.setattr(session, "DELIVER_BYTES", 12_000)
    monkeypatch.setattr(mailroom, "RECENT_BYTES", memory_bytes)
    peer = await Peer.dial(live, world, KG, room=1)
    before = parse_note(live.mailroom.head.note).checkpoint
    peer.say(resume_text((len(world.log),) * 3, live.mailroom.head.note))
    await peer.hear()
    size = len(world.log)
    for turn in range(6):
        urgent = "flash" if turn % 2 else "routine"
        await submit_all(live, *[world.dispatch(KZ, [KG], precedence=p) for p in ("routine", urgent, "priority")])
        await submit_all(live, world.credential(world.party(f"{TJ}/DUTY-1")), world.dispatch(TJ, [KZ]))
    items: list[Item] = []
    while len(items) < 24:
        frame = await peer.hear()
        before = check_frame(frame, before)
        items += frame["items"]
    expected = [size + 5 * turn + place for turn in range(6) for place in range(4)]
    assert sorted(item["index"] for item in items) == expected
    assert_in_order(items)
    await peer.leave()


async def test_a_commit_during_a_read_does_not_overtake_its_public_statements(
    live: Hub, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is committed while `public` is being read waits until `public` has been read up to it."""
    monkeypatch.setattr(mailroom, "RECENT_BYTES", 0)
    revocation = world.revocation(world.party(f"{TJ}/DUTY-1"))
    late: list[Sent | str] = [revocation, world.dispatch(KZ, [KG], precedence="flash")]
    read_page = live.pages.read

    async def read(head: LedgerHead, member: Address, lane: Lane, start: int, end: int, room_bytes: int) -> Page:
        page = await read_page(head, member, lane, start, end, room_bytes)
        if lane == "public" and late:
            await submit_all(live, late.pop(0), late.pop(0))
        return page

    peer = await Peer.resumed(live, world, KG)
    monkeypatch.setattr(live.pages, "read", read)
    await submit_all(live, world.dispatch(KZ, [KG]))
    items = await peer.hear_items(3)
    assert {item["lane"] for item in items} == {"public", "urgent", "normal"}
    assert_in_order(items)
    await peer.leave()


# Frames that a client can take


async def test_a_large_commit_is_cut_into_frames_that_fit(live: Hub, world: World) -> None:
    """What one commit brings to one member is delivered in frames within the limits of the contract."""
    peer = await Peer.resumed(live, world, KG)
    reports = [world.dispatch(KZ, [KG], b"x" * 120_000) for _ in range(24)]
    before = parse_note(live.mailroom.head.note).checkpoint
    await submit_all(live, *reports)
    items: list[Item] = []
    while len(items) < len(reports):
        frame = await peer.hear()
        assert len(encode_json(frame)) <= limits.FRAME_BYTES
        before = check_frame(frame, before)
        items += frame["items"]
    assert [item["statement"] for item in items] == [sent.text for sent in reports]
    await peer.leave()


@pytest.mark.parametrize("memory_bytes", [mailroom.RECENT_BYTES, 0], ids=["memory", "database"])
async def test_a_frame_has_no_more_items_than_allowed(
    live: Hub, world: World, monkeypatch: pytest.MonkeyPatch, memory_bytes: int
) -> None:
    """However many small statements wait, a `deliver` holds at most as many as the contract says."""
    monkeypatch.setattr(limits, "ITEMS", 5)
    monkeypatch.setattr(mailroom, "RECENT_BYTES", memory_bytes)
    peer = await Peer.resumed(live, world, KG)
    await submit_all(live, *[world.dispatch(KZ, [KG]) for _ in range(12)])
    counts: list[int] = []
    while sum(counts) < 12:
        counts.append(len((await peer.hear())["items"]))
    assert counts == [5, 5, 2]
    await peer.leave()


async def test_each_recipient_gets_its_own_entry_only(live: Hub, world: World) -> None:
    """Live and from the database the copy is the same: the shared content and the entry of the member that asks."""
    sent = world.dispatch(KZ, [KG, TJ])
    peers = {member: await Peer.resumed(live, world, member) for member in (KG, TJ)}
    await submit_all(live, sent)
    for member, peer in peers.items():
        [now] = await peer.hear_items(1)
        again = await Peer.dial(live, world, member, seat="again")
        await again.hear()
        again.say(resume_text((now["index"],) * 3))
        live.mailroom._forget()
        [later] = await again.hear_items(1)
        assert now == later
        assert now["sealed"] == sent.copy(member).to_json()
        await again.leave()
        await peer.leave()


# What is left of a damaged ledger


DAMAGES = {
    "text": ('UPDATE statement SET text = replace(text, ".", "x.") WHERE "index" = ?', True),
    "text erased": ('UPDATE statement SET text = NULL, body = NULL WHERE "index" = ?', True),
    "body": ('UPDATE statement SET body = CAST("x" || body AS BLOB) WHERE "index" = ?', True),
    "entry": ('UPDATE mailbox SET entry = CAST("x" || entry AS BLOB) WHERE "index" = ?', True),
    "entry proof": ('UPDATE mailbox SET entry_proof = zeroblob(32) WHERE "index" = ?', True),
    "public text": ('UPDATE statement SET text = text || "x" WHERE "index" = ? - 1', False),
}


@pytest.mark.parametrize("name", DAMAGES)
async def test_what_is_damaged_is_delivered_as_gone(hub: Hub, world: World, name: str) -> None:
    """Of a text or content that does not fit its leaf, leaf and proof are delivered, and everything else as ever."""
    enter(hub, world.dispatch(KZ, [KG]), world.dispatch(KZ, [KG], precedence="flash"))
    index = len(world.log)
    statement, private = DAMAGES[name]
    change(hub, statement, index)
    peer = await Peer.dial(hub, world, KG)
    await peer.hear()
    peer.say(resume_text())
    frames: list[dict[str, Any]] = []
    items: list[Item] = []
    while len(items) < index + 2:
        frames.append(await peer.hear())
        items += frames[-1]["items"]
    before = parse_note(frames[0]["checkpoint"]).checkpoint
    for frame in frames[1:]:
        check_frame(frame, before)
    gone = [item for item in items if item.get("gone")]
    assert [item["index"] for item in gone] == [index if private else index - 1]
    assert set(gone[0]) == {"lane", "index", "leaf", "gone", "proof"}
    await peer.leave()


async def test_a_leaf_that_does_not_fit_the_tree_is_not_delivered(live: Hub, world: World) -> None:
    """Nothing can be said of a damaged leaf: it is left out, the rest is delivered, the hub is not ready."""
    await submit_all(live, world.dispatch(KZ, [KG]), world.dispatch(KZ, [KG]))
    live.mailroom._forget()
    index = len(world.log)
    [leaf] = live.store.leaves(index, index + 1)
    change(live, 'UPDATE statement SET leaf = ? WHERE "index" = ?', leaf[:8] + bytes([leaf[8] ^ 1]) + leaf[9:], index)
    peer = await Peer.dial(live, world, KG)
    await peer.hear()
    peer.say(resume_text((index,) * 3))
    [item] = await peer.hear_items(1)
    assert item["index"] == index + 1
    with refused(Code.DAMAGED):
        live.check_ready()
    await peer.leave()


async def test_a_page_of_nothing_but_damage_does_not_stop_delivery(
    live: Hub, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What lies behind a whole page of damaged leaves is delivered."""
    monkeypatch.setattr(limits, "ITEMS", 2)
    await submit_all(live, *[world.dispatch(KZ, [KG]) for _ in range(5)])
    live.mailroom._forget()
    index = len(world.log)
    change(live, 'UPDATE statement SET leaf = zeroblob(43) WHERE "index" BETWEEN ? AND ?', index, index + 3)
    peer = await Peer.dial(live, world, KG)
    await peer.hear()
    peer.say(resume_text((index,) * 3))
    [item] = await peer.hear_items(1)
    assert item["index"] == index + 4
    await peer.leave()
