"""Why a line ends, and what its end tells the peer: the reason's code, and no word of what went wrong inside."""

from __future__ import annotations

import pytest

from broker.service.hub import Hub
from broker.service.operator import make_suspension
from schemas.errors import Code, SeraiError
from tests.support.hub import resume_text
from tests.support.world import KG, KZ, World
from tests.unit.broker.edges import Peer, submit_text


async def test_a_newer_session_of_a_seat_replaces_the_older(live: Hub, world: World) -> None:
    """The older line of the seat is closed as replaced, other seats stay, and the newer one keeps the seat."""
    old, desk = await Peer.resumed(live, world), await Peer.resumed(live, world, seat="desk")
    new = await Peer.resumed(live, world)
    assert await old.ended() == (4410, "replaced")
    assert live.mailroom.count() == 2
    sent = world.dispatch(KG, [KZ])
    sender = await Peer.resumed(live, world, KG)
    sender.say(submit_text(sent))
    for peer in (desk, new):
        [item] = await peer.hear_items(1)
        assert item["statement"] == sent.text
    for peer in (desk, new, sender):
        await peer.leave()


async def test_a_seat_is_taken_by_whoever_resumes(live: Hub, world: World) -> None:
    """A line that has not resumed does not throw out the one that holds the seat."""
    old, new = await Peer.resumed(live, world), await Peer.dial(live, world)
    await new.hear()
    old.say("{}")
    assert (await old.hear())["type"] == "refused"
    await old.leave()
    await new.leave()


async def test_the_first_reason_to_end_is_the_one_told(live: Hub, world: World) -> None:
    """A replaced session that is also told to stop says that it was replaced, so that it does not come back."""
    peer = await Peer.resumed(live, world)
    peer.session.replace()
    peer.session.end(SeraiError(Code.HUB_STOPPING))
    assert await peer.ended() == (4410, "replaced")


async def test_what_befell_the_holder_before_it_resumed_counts(live: Hub, world: World) -> None:
    """A member that is suspended between token and `resume` gets no mail."""
    peer = await Peer.dial(live, world)
    assert (await peer.hear())["type"] == "welcome"
    suspend = await live.decide(lambda _, answer: make_suspension(KZ, answer))
    assert not isinstance(suspend, SeraiError)
    peer.say(resume_text())
    text = await peer.line.to_client.get()
    assert (text, peer.line.closed) == (None, (4414, "suspended"))


async def test_a_fault_of_the_hub_shows_nothing(live: Hub, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """What goes wrong inside closes the line with a code and no word of what it was."""

    def fail(*_: object) -> None:
        raise RuntimeError("secret of the machine")

    monkeypatch.setattr(live.store, "public", fail)
    peer = await Peer.dial(live, world)
    peer.say(resume_text())
    assert await peer.ended() == (1011, "internal")


async def test_a_fault_while_deciding_shows_nothing(live: Hub, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A submission that meets a fault of the hub is refused as internal, without detail, and the line goes on."""

    def fail(*_: object) -> None:
        raise RuntimeError("secret of the machine")

    peer = await Peer.resumed(live, world)
    monkeypatch.setattr(live.store, "transaction", fail)
    sent = world.dispatch(KZ, [KG])
    peer.say(submit_text(sent))
    refused = await peer.hear()
    assert (refused["digest"], refused["problem"]["code"], refused["problem"]["detail"]) == (
        sent.digest,
        "internal",
        "",
    )
    monkeypatch.undo()
    peer.say(submit_text(sent))
    assert (await peer.hear())["type"] == "accepted"
    await peer.leave()


async def test_a_database_that_cannot_be_read_ends_the_line(
    live: Hub, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where mail cannot be read the client is told to come again."""

    def fail(*_: object) -> None:
        raise SeraiError(Code.STORAGE_FAILED, "OperationalError")

    monkeypatch.setattr(live.store, "public", fail)
    peer = await Peer.dial(live, world)
    peer.say(resume_text())
    assert await peer.ended() == (1013, "storage_failed")
