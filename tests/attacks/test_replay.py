"""Statements that come twice, from the wrong door, or too late to count, at the real hub (PROTOCOL 3, 9)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.attacks.arena import Arena, Peer, open_arena, submit_text, until
from tests.support.world import KZ, RU, UZ, Party, World


async def until_queued(arena: Arena, count: int) -> None:
    """Wait until so many submissions have been verified and wait for a turn."""
    await until(lambda: arena.hub.sequencer.waiting >= count)


async def test_replayed_statement(arena: Arena, world: World) -> None:
    """The same bytes again get the same place: the ledger does not grow, the recipient gets them once."""
    peer, recipient, sent = await arena.resume(), await arena.resume("UZ/NFP"), world.dispatch("KZ/NFP", [UZ])
    assert await peer.submit(sent) == "accepted"
    size = arena.size
    peer.send(submit_text(sent))
    again = await peer.answer()
    assert again["type"] == "accepted", again
    assert again["items"][0]["index"] == size - 1
    assert await peer.submit(world.dispatch("KZ/NFP", [UZ])) == "accepted"
    assert arena.size == size + 1
    await recipient.delivered(sent.digest)
    assert [item["statement"] for item in recipient.items].count(sent.text) == 1


async def test_copied_jti(arena: Arena, world: World) -> None:
    """The identity of one statement under the bytes of another is refused, and the first stands."""
    peer, sent = await arena.resume(), world.dispatch("KZ/NFP", [UZ], jti="01990000-0000-7000-8000-000000000001")
    assert await peer.submit(sent) == "accepted"
    other = world.dispatch("KZ/NFP/DUTY-1", [RU], jti="01990000-0000-7000-8000-000000000001")
    assert await peer.submit(other) == "jti_reused"
    assert await peer.submit(sent) == "accepted"


async def test_copied_jti_in_one_commit(tmp_path: Path, world: World) -> None:
    """Two statements with one ``jti`` that are decided in the same commit are not both admitted."""
    async with open_arena(tmp_path, world, started=False) as arena:
        peer = await arena.resume()
        for to in (UZ, RU):
            peer.send(submit_text(world.dispatch("KZ/NFP", [to], jti="01990000-0000-7000-8000-000000000001")))
        await until_queued(arena, 2)
        await arena.hub.start()
        kinds = [(await peer.answer())["type"] for _ in range(2)]
        assert sorted(kinds) == ["accepted", "refused"]


async def test_verified_under_an_old_directory(tmp_path: Path, world: World) -> None:
    """What was verified before a revocation, and is decided after it, is refused."""
    async with open_arena(tmp_path, world, started=False) as arena:
        thief, owner = await arena.resume("KZ/NFP", seat="thief"), await arena.resume("KZ/NFP/DUTY-1")
        owner.send(submit_text(world.revocation(world.party("KZ/NFP/DUTY-1"))))
        await until_queued(arena, 1)
        thief.send(submit_text(world.dispatch("KZ/NFP/DUTY-1", [UZ])))
        await until_queued(arena, 2)
        await arena.hub.start()
        answer = await thief.answer()
        assert answer["type"] == "refused", answer
        assert answer["problem"]["code"] == "credential_revoked"


async def test_sealed_before_a_rotation(tmp_path: Path, world: World) -> None:
    """What was sealed and verified before the recipient's key was revoked is not admitted after."""
    async with open_arena(tmp_path, world, started=False) as arena:
        sender, recipient = await arena.resume("KZ/NFP"), await arena.resume("UZ/NFP")
        sent = world.dispatch("KZ/NFP", [UZ])
        recipient.send(submit_text(world.credential(Party.of(UZ, 1))))
        recipient.send(submit_text(world.revocation(world.party(UZ))))
        await until_queued(arena, 2)
        sender.send(submit_text(sent))
        await until_queued(arena, 3)
        await arena.hub.start()
        answer = await sender.answer()
        assert answer["type"] == "refused", answer
        assert answer["problem"]["code"] == "stale_key"


async def test_officer_of_another_member(arena: Arena, world: World) -> None:
    """A good dispatch of another member's officer is not taken from whoever got hold of it."""
    peer = await arena.resume("RU/NFP")
    assert await peer.submit(world.dispatch("KZ/NFP/DUTY-1", [UZ])) == "not_your_statement"


async def overdue(peer: Peer, world: World, missing: str = "reply") -> dict[str, Any]:
    """The first event that says that something has not come, and its place as ``index``."""
    while True:
        for item in peer.items:
            claims = world.verified(item["statement"]).claims.model_dump(exclude_none=True)
            if claims.get("event") == "overdue" and claims["missing"] == missing:
                return {**claims, "index": item["index"]}
        await peer.frame()


async def test_answer_that_is_none(arena: Arena, world: World) -> None:
    """A reply that does not go to the asker, or is by another recipient, takes nothing off what is owed."""
    asker, owing, other = [await arena.resume(f"{member}/NFP") for member in ("KZ", "UZ", "RU")]
    asked = world.dispatch("KZ/NFP", [UZ, RU], expects={"by": world.time_s + 60, "from": [UZ]})
    refs = [{"rel": "reply", "digest": asked.digest}]
    assert await asker.submit(asked) == "accepted"
    assert await owing.submit(world.dispatch(UZ, [RU], refs=refs)) == "accepted"
    assert await other.submit(world.dispatch(RU, [KZ], refs=refs)) == "accepted"
    world.wait(60)
    event = await overdue(asker, world)
    assert (event["digests"], event["members"]) == ([asked.digest], [UZ])


async def test_flood_of_deadlines(arena: Arena, world: World) -> None:
    """A hundred deadlines of one member, all older, keep nobody from hearing of its own with the next commit."""
    flood, victim = await arena.resume(), await arena.resume("RU/NFP")
    for _ in range(100):
        assert await flood.submit(world.dispatch(KZ, [UZ], expects={"by": world.time_s + 59})) == "accepted"
    assert await victim.submit(world.dispatch(RU, [UZ], expects={"by": world.time_s + 60})) == "accepted"
    size = arena.size
    world.wait(60)
    assert (await overdue(victim, world))["index"] < size + 64


async def test_repeated_receipt(arena: Arena, world: World) -> None:
    """A receipt that says again what was said, under a fresh identity, is refused."""
    sender, recipient = await arena.resume(), await arena.resume("UZ/NFP")
    sent = world.dispatch("KZ/NFP", [UZ])
    assert await sender.submit(sent) == "accepted"
    assert await recipient.submit(world.receipt("UZ/NFP", KZ, [sent.digest])) == "accepted"
    assert await recipient.submit(world.receipt("UZ/NFP", KZ, [sent.digest])) == "receipt_repeated"


async def test_receipt_of_a_stranger(arena: Arena, world: World) -> None:
    """Who was not sent a dispatch confirms nothing about it."""
    sender, stranger = await arena.resume(), await arena.resume("RU/NFP")
    sent = world.dispatch("KZ/NFP", [UZ])
    assert await sender.submit(sent) == "accepted"
    assert await stranger.submit(world.receipt("RU/NFP", KZ, [sent.digest])) == "not_a_recipient"


async def test_acknowledged_by_a_machine(arena: Arena, world: World) -> None:
    """The member's own key, which a machine holds, does not acknowledge: an officer does."""
    sender, recipient = await arena.resume(), await arena.resume("UZ/NFP")
    sent = world.dispatch("KZ/NFP", [UZ])
    assert await sender.submit(sent) == "accepted"
    receipt = world.receipt("UZ/NFP", KZ, [sent.digest], "acknowledged")
    assert await recipient.submit(receipt) == "not_permitted"


async def test_reference_of_a_stranger(arena: Arena, world: World) -> None:
    """Who was neither sender nor recipient refers to nothing."""
    sender, stranger = await arena.resume(), await arena.resume("RU/NFP")
    sent = world.dispatch("KZ/NFP", [UZ])
    assert await sender.submit(sent) == "accepted"
    for rel in ("reply", "cancel"):
        refs = [{"rel": rel, "digest": sent.digest}]
        assert await stranger.submit(world.dispatch("RU/NFP", [UZ], refs=refs)) == "reference_not_permitted"


async def test_cancelling_what_another_sent(arena: Arena, world: World) -> None:
    """A recipient does not cancel or amend what it was sent."""
    sender, recipient = await arena.resume(), await arena.resume("UZ/NFP")
    sent = world.dispatch("KZ/NFP", [UZ])
    assert await sender.submit(sent) == "accepted"
    refs = [{"rel": "cancel", "digest": sent.digest}]
    assert await recipient.submit(world.dispatch("UZ/NFP", [KZ], refs=refs)) == "reference_not_permitted"


async def test_clock_ahead(arena: Arena, world: World) -> None:
    """A statement dated more than two minutes ahead is refused, however well it is signed."""
    peer = await arena.resume()
    assert await peer.submit(world.dispatch("KZ/NFP", [UZ], iat=world.time_s + 121)) == "clock_ahead"


async def test_critical_claim(arena: Arena, world: World) -> None:
    """A statement that says it must not be read without a claim that nobody here knows is refused."""
    peer = await arena.resume()
    sent = world.dispatch("KZ/NFP", [UZ], critical=["blinded"], blinded=True)
    assert await peer.submit(sent) == "unsupported_critical"


async def test_view_with_more_than_the_hubs_line(arena: Arena, world: World) -> None:
    """A statement that carries a checkpoint with lines of others, for everybody to keep, is refused."""
    peer, note = await arena.resume(), world.checkpoint()
    line = note.split("\n\n")[1]
    for view in (note + line.replace("serai", "witness", 1), note + line):
        assert await peer.submit(world.dispatch("KZ/NFP", [UZ], view=view)) == "malformed_statement"
    assert await peer.submit(world.dispatch("KZ/NFP", [UZ], view=note)) == "accepted"
