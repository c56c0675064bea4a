"""Exercise taken for the real thing, and the reverse (PROTOCOL 5, 6)."""

from __future__ import annotations

from pathlib import Path

import pytest

from clients.mail.compose import Expectation
from tests.attacks.arena import Arena, open_arena
from tests.attacks.desks import dispatched, open_desk
from tests.attacks.forge import with_cover
from tests.support.desk import Desk, ScriptedHub
from tests.support.lying_hub import LyingHub
from tests.support.world import KZ, UZ, World


async def test_actual_in_a_network_of_exercises(tmp_path: Path) -> None:
    """In a network of exercises nothing actual is admitted."""
    world = World([KZ, UZ], status="exercise")
    async with open_arena(tmp_path, world) as arena:
        peer = await arena.resume()
        assert await peer.submit(world.dispatch("KZ/NFP", [UZ], status="actual")) == "status_not_allowed"
        assert await peer.submit(world.dispatch("KZ/NFP", [UZ], status="test")) == "accepted"


@pytest.mark.parametrize(("before", "now"), [("exercise", "actual"), ("actual", "exercise"), ("test", "actual")])
async def test_other_status_than_before(arena: Arena, world: World, before: str, now: str) -> None:
    """What refers to an exercise is exercise, what refers to the real thing is real."""
    sender, recipient = await arena.resume(), await arena.resume("UZ/NFP")
    first = world.dispatch("KZ/NFP", [UZ], status=before)
    assert await sender.submit(first) == "accepted"
    refs = [{"rel": "reply", "digest": first.digest}]
    assert await recipient.submit(world.dispatch("UZ/NFP", [KZ], status=now, refs=refs)) == "status_mismatch"


@pytest.mark.parametrize("status", ["exercise", "real"])
def test_answer_of_an_exercise_to_the_real_thing(tmp_path: Path, status: str) -> None:
    """Who asks for a real answer goes on waiting when an exercise, or what nobody knows to be real, answers."""
    hub = LyingHub(World([KZ, UZ]))
    desk = open_desk(tmp_path, hub, UZ)
    row = desk.send(KZ, expects=Expectation(hub.world.time_s + 60))
    desk.flush()
    refs = [{"rel": "reply", "digest": desk.digest_of(row)}]
    hub.force(dispatched(hub.world, KZ, UZ, status=status, refs=refs), [UZ])
    desk.sync()
    assert desk.outcomes(desk.digest_of(row)) == []
    hub.send(dispatched(hub.world, KZ, UZ, refs=refs))
    desk.sync()
    assert desk.outcomes(desk.digest_of(row)) == [(KZ, "answered")]


async def test_interrupting_the_real_thing_by_an_exercise(arena: Arena, world: World) -> None:
    """A real emergency interrupts play; play never interrupts what is real."""
    peer = await arena.resume()
    real, play = world.dispatch("KZ/NFP", [UZ]), world.dispatch("KZ/NFP", [UZ], status="exercise")
    for sent in (real, play):
        assert await peer.submit(sent) == "accepted"
    refs = [{"rel": "interrupts", "digest": play.digest}]
    assert await peer.submit(world.dispatch("KZ/NFP", [UZ], refs=refs)) == "accepted"
    refs = [{"rel": "interrupts", "digest": real.digest}]
    backwards = world.dispatch("KZ/NFP", [UZ], status="exercise", refs=refs)
    assert await peer.submit(backwards) == "status_mismatch"


@pytest.mark.parametrize(("sealed_as", "shown_as"), [("exercise", "actual"), ("actual", "exercise")])
async def test_content_sealed_as_another_status(arena: Arena, world: World, sealed_as: str, shown_as: str) -> None:
    """Content that was sealed as exercise is refused under a cover that says actual, and the reverse."""
    peer = await arena.resume()
    sealed = world.dispatch("KZ/NFP", [UZ], status=sealed_as)
    assert await peer.submit(with_cover(world, sealed, status=shown_as)) == "content_mismatch"


def test_actual_shown_by_the_hub_of_an_exercise(tmp_path: Path) -> None:
    """A desk in a network of exercises does not believe anything actual, whoever admitted it."""
    hub = ScriptedHub(World([KZ, UZ], status="exercise"))
    desk = Desk(tmp_path, hub, "UZ/NFP")
    digest = hub.send(hub.world.dispatch("KZ/NFP", [UZ], status="actual"))
    desk.sync()
    item = desk.store.items.get(digest)
    assert item is not None
    assert (item.step, item.code, item.content) == (4, "status_not_allowed", None)
