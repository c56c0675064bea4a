"""Operations at the real hub: steps that hide from somebody, or pose as what they are not (PROTOCOL 16)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from broker.app import create_app
from schemas.addresses import Address, member_of
from schemas.claims import Event
from tests.attacks.arena import Arena, open_arena, submit_text
from tests.support.operations import (
    ADD,
    CANCEL,
    CONFIRM,
    GRANT,
    MOVE,
    NOTE,
    OPEN,
    PARTS,
    PLAN,
    REFUSE,
    STOP,
    WARNING,
    Draft,
    Thread,
    operating_world,
)
from tests.support.world import DAY_S, HUB_ORIGIN, KG, KZ, RU, TJ, UZ, Sent, World, digest_of


class Scene:
    """An operation at a hub under attack.

    Args:
        arena: the hub.
        thread: makes steps.
    """

    def __init__(self, arena: Arena, thread: Thread) -> None:
        self.arena, self.thread, self.world = arena, thread, arena.world

    async def take(self, draft: Draft, **claims: Any) -> str:
        """Submit a step; ``accepted``, or the code with which it is refused."""
        return await self.submit(self.thread.make(draft, **claims), draft.iss)

    async def submit(self, sent: Sent, iss: str) -> str:
        """Submit what was made, over a line of its member's own."""
        peer = await self.arena.resume(member_of(Address(iss)))
        return await peer.submit(sent)

    async def begin(self, *drafts: Draft, **claims: Any) -> None:
        """Steps that are all admitted, the request first, with further claims of that."""
        assert await self.take(OPEN, **claims) == "accepted"
        for draft in drafts:
            assert await self.take(draft) == "accepted"

    async def say(self, text: str) -> None:
        """A public statement, over some member's line."""
        assert await (await self.arena.resume(TJ)).submit(text) == "accepted"

    async def rotate(self, member: str) -> None:
        """A member gets new keys."""
        self.world.rotate(member)
        await self.say(self.world.log[-1].text)

    async def read(self, iss: str, digest: str) -> httpx.Response:
        """What a member gets that asks for an operation."""
        transport = httpx.ASGITransport(create_app(self.arena.hub))
        async with httpx.AsyncClient(transport=transport, base_url=HUB_ORIGIN.replace("ws", "http")) as client:
            token = self.world.token(iss, "read")
            return await client.get(f"/v1/operations/{digest}", headers={"Authorization": f"Bearer {token}"})

    async def overdue(self, iss: str, digest: str) -> Event:
        """The event that says who has not answered, at a member; it must come."""
        peer = await self.arena.resume(iss)
        while True:
            for item in peer.items:
                claims = self.world.verified(item["statement"]).claims
                if isinstance(claims, Event) and claims.missing == "reply" and claims.digests == [digest]:
                    return claims
            await peer.frame()


@pytest.fixture
def world() -> World:
    """Five members, each with a duty officer and an authorising one."""
    return operating_world()


@pytest.fixture
async def scene(tmp_path: Path, world: World) -> AsyncIterator[Scene]:
    """Their hub, which takes turns."""
    async with open_arena(tmp_path, world) as arena:
        yield Scene(arena, Thread(world))


# Who speaks


async def test_step_by_who_was_never_named(scene: Scene) -> None:
    """A stranger tells nothing, notes nothing and stops nothing in an operation of others."""
    await scene.begin()
    for draft in (replace(MOVE, iss=KG, to=(KZ,)), replace(NOTE, iss=KG, refs=()), replace(STOP, iss=f"{KG}/DUTY-1")):
        assert await scene.take(draft) == "not_a_participant"
    assert await scene.take(MOVE) == "accepted"


async def test_grant_without_the_post(scene: Scene) -> None:
    """Who is on duty does not open a way, and confirms nothing; a refusal takes no post."""
    await scene.begin()
    for decision in ("granted", "conditional"):
        assert await scene.take(replace(GRANT, iss=f"{UZ}/DUTY-1", decision=decision)) == "post_missing"
    assert await scene.take(replace(CONFIRM, iss=f"{KZ}/DUTY-1")) == "post_missing"
    assert await scene.take(REFUSE) == "accepted"


async def test_confirmation_by_who_signed_the_plan(scene: Scene) -> None:
    """One person does not plan and confirm, whatever posts he has."""
    await scene.begin()
    own = replace(PLAN, iss=f"{KZ}/CHIEF")
    assert await scene.take(own) == "accepted"
    assert await scene.take(replace(CONFIRM, refs=(("countersign", "plan"),))) == "not_permitted"


async def test_act_by_a_machine(scene: Scene) -> None:
    """A member's machine, whoever has got hold of it, carries no authority."""
    await scene.begin()
    for draft in (replace(REFUSE, iss=UZ), replace(STOP, iss=TJ), replace(PLAN, iss=KZ)):
        assert await scene.take(draft) == "not_permitted"


async def test_plan_by_another_than_the_lead(scene: Scene) -> None:
    """A participant does not close the lead's operation, and plans nothing in it."""
    await scene.begin()
    close = Draft("close", f"{UZ}/DUTY-1", (KZ, RU, TJ), "close", refs=(("reply", "open"),))
    assert await scene.take(close) == "not_permitted"
    assert await scene.take(replace(PLAN, iss=f"{UZ}/DUTY-1", to=(KZ, RU, TJ))) == "reference_not_permitted"


async def test_decision_for_a_leg_of_others(scene: Scene) -> None:
    """Who only looks on decides nothing, nor who is no part of the plan, nor whom a movement did not add."""
    await scene.begin(replace(ADD, to=(KZ, KG, RU)))
    assert await scene.take(replace(REFUSE, iss=f"{TJ}/CHIEF")) == "not_permitted"
    assert await scene.take(replace(REFUSE, iss=f"{RU}/CHIEF", to=(KZ, UZ), refs=(("reply", "add"),))) == (
        "reference_not_permitted"
    )
    assert await scene.take(replace(REFUSE, iss=f"{KG}/CHIEF", to=(KZ, UZ), refs=(("reply", "add"),))) == "accepted"


async def test_step_of_who_was_revoked(scene: Scene) -> None:
    """An officer whose key was revoked takes no step with it; a member without keys keeps no plan from going on."""
    await scene.begin()
    stolen = [replace(STOP, iss=f"{RU}/DUTY-1", to=(KZ,)), replace(REFUSE, iss=f"{RU}/DUTY-1")]
    await scene.say(scene.world.revocation(scene.world.party(f"{RU}/DUTY-1")))
    for draft in stolen:
        assert await scene.take(draft) == "credential_revoked"
    granted = scene.thread.make(replace(GRANT, to=(KZ, TJ)))
    assert await scene.submit(granted, UZ) == "participants_missing"
    await scene.say(scene.world.revocation(scene.world.party(RU)))
    assert await scene.submit(granted, UZ) == "accepted"


# To whom


async def test_plan_that_is_hidden_from_a_participant(scene: Scene) -> None:
    """What a participant must know reaches it, or is refused with its name: plan, confirmation, grant."""
    await scene.begin()
    hidden = (replace(PLAN, to=(UZ, TJ)), replace(CONFIRM, to=(UZ, TJ)), replace(GRANT, to=(KZ, TJ)))
    for draft in hidden:
        sent = scene.thread.make(draft)
        peer = await scene.arena.resume(draft.iss)
        peer.send(submit_text(sent))
        answer = await peer.answer()
        problem = answer.get("problem", {})
        assert (problem.get("code"), problem.get("detail")) == ("participants_missing", RU)


async def test_participant_that_is_dropped(scene: Scene) -> None:
    """Nobody goes from the list in silence: whoever is out of it is called left, in a plan that says so."""
    await scene.begin()
    dropped = {member: part for member, part in PARTS.items() if member != TJ}
    assert await scene.take(replace(PLAN, parts=dropped)) == "participants_missing"
    assert await scene.take(replace(PLAN, parts={**PARTS, TJ: "left"}, to=(UZ, RU))) == "accepted"


async def test_fact_that_is_taken_back_from_some(scene: Scene) -> None:
    """Whoever got a fact gets what takes it back."""
    await scene.begin(MOVE)
    assert await scene.take(replace(CANCEL, to=(KZ,))) == "participants_missing"
    assert await scene.take(CANCEL) == "accepted"


async def test_act_that_is_taken_back(scene: Scene) -> None:
    """A request, a grant or a confirmation is not made undone: it is withdrawn by another act, for all to see."""
    await scene.begin(GRANT)
    assert await scene.take(replace(CANCEL, to=(KZ, RU, TJ), refs=(("cancel", "grant"),))) == "reference_not_permitted"
    lead = replace(CANCEL, iss=f"{KZ}/DUTY-1", to=(UZ, RU, TJ), refs=(("cancel", "open"),))
    assert await scene.take(lead) == "reference_not_permitted"


async def test_sixty_fifth_member(tmp_path: Path) -> None:
    """However an operation grows, 64 members are ever named in it."""
    units = [Address(f"KZ/U{number}") for number in range(63)]
    world = World([KZ, UZ, *units])
    async with open_arena(tmp_path, world) as arena:
        scene = Scene(arena, Thread(world))
        assert await scene.take(replace(OPEN, parts={UZ: "transit"}, to=(UZ,))) == "accepted"
        peer = await arena.resume(UZ)
        answers = [
            await peer.submit(scene.thread.make(Draft(unit, UZ, (KZ, unit), "move", parts={unit: "transit"})))
            for unit in units
        ]
        assert answers == ["accepted"] * 62 + ["not_permitted"]


# What it says it is


async def test_kind_without_its_claim(scene: Scene) -> None:
    """A dispatch of this kind that no rule would judge, or the claim under another kind, is malformed."""
    peer = await scene.arena.resume(KZ)
    assert await peer.submit(scene.world.dispatch(KZ, [UZ], kind="operation")) == "malformed_statement"
    claim = {"id": digest_of(""), "do": "note"}
    assert await peer.submit(scene.world.dispatch(KZ, [UZ], operation=claim)) == "malformed_statement"


async def test_plan_swapped_through_a_reseal(scene: Scene) -> None:
    """What brings a step again does nothing by itself; nor is a plan brought again as something else."""
    await scene.begin()
    await scene.rotate(UZ)
    swapped = replace(PLAN, to=(UZ,), refs=(("reseal", "open"),))
    assert await scene.take(swapped) == "reference_not_permitted"
    other = Draft("other", KZ, (UZ,), None, of=None, refs=(("reseal", "open"),), claims={"kind": "warning"})
    assert await scene.take(other) == "reference_not_permitted"
    assert await scene.take(Draft("again", KZ, (UZ,), None, refs=(("reseal", "open"),))) == "accepted"


async def test_step_corrected_by_another_kind(scene: Scene) -> None:
    """No warning corrects, cancels or countersigns a step."""
    await scene.begin()
    for rel in ("update", "cancel", "countersign"):
        assert await scene.take(replace(WARNING, refs=((rel, "open"),))) == "reference_not_permitted"


@pytest.mark.parametrize(("first", "then"), [("actual", "exercise"), ("exercise", "actual")])
async def test_exercise_into_actual_and_back(scene: Scene, first: str, then: str) -> None:
    """No step of an exercise enters a real operation, and none of a real one an exercise."""
    await scene.begin(status=first)
    for draft in (MOVE, STOP, REFUSE):
        assert await scene.take(draft, status=then) == "status_mismatch"


async def test_step_of_another_operation(scene: Scene) -> None:
    """A grant that names the request of one operation does not count in another."""
    await scene.begin()
    assert await scene.take(replace(OPEN, name="second")) == "accepted"
    assert await scene.take(replace(GRANT, of="second")) == "reference_not_permitted"


# Clocks


async def test_note_that_poses_as_an_answer(scene: Scene) -> None:
    """Neither a note nor a decline meets a clock; all that got the question are told who is late."""
    await scene.begin(expects={"by": scene.world.time_s + 60, "from": [UZ, RU]})
    opened = scene.thread.digests["open"]
    assert await scene.take(replace(NOTE, to=(KZ,), refs=(("reply", "open"),))) == "reference_not_permitted"
    posing = Draft("posing", UZ, (KZ,), None, of=None, refs=(("reply", "open"),), claims={"kind": "reply"})
    assert await scene.take(posing) == "accepted"
    peer = await scene.arena.resume(RU)
    receipt = scene.world.receipt(f"{RU}/DUTY-1", KZ, [opened], "declined", reason="not_ours")
    assert await peer.submit(receipt) == "accepted"
    scene.world.wait(61)
    for member in (KZ, TJ):
        event = await scene.overdue(member, opened)
        assert (event.members, event.to) == ([RU, UZ], [KZ, RU, TJ, UZ])


# Stop


async def test_stop_that_a_revoked_recipient_holds_up(scene: Scene) -> None:
    """It reaches the others, with the hub's word who cannot read it."""
    await scene.begin()
    stop = scene.thread.make(replace(STOP, to=(KZ, UZ, RU)))
    await scene.say(scene.world.revocation(scene.world.party(RU)))
    assert await scene.submit(stop, TJ) == "accepted"
    peer = await scene.arena.resume(UZ)
    await peer.delivered(stop.digest)
    told = [scene.world.verified(item["statement"]).claims for item in peer.items if item.get("statement")]
    assert [each.member for each in told if isinstance(each, Event) and each.digests == [stop.digest]] == [RU]


async def test_stop_that_comes_late(scene: Scene) -> None:
    """A stop that was signed under keys of long ago, and kept back, is admitted; a movement is not."""
    await scene.begin()
    stop, move = scene.thread.make(replace(STOP, to=(KZ, UZ))), scene.thread.make(replace(MOVE, to=(KZ, RU)))
    await scene.rotate(KZ)
    scene.world.wait(8 * DAY_S)
    assert await scene.submit(move, UZ) == "stale_key"
    assert await scene.submit(stop, TJ) == "accepted"


async def test_stop_of_what_the_hub_does_not_know(scene: Scene) -> None:
    """Where the request is not in the ledger, as after a restore, a stop is admitted; other steps wait."""
    await scene.begin()
    scene.thread.digests["open"] = digest_of("lost")
    assert await scene.take(STOP) == "accepted"
    assert await scene.take(replace(MOVE, refs=())) == "operation_unknown"


async def test_stop_that_poses_as_something_else(scene: Scene) -> None:
    """What a stop refers to is not judged, so none cancels, corrects or brings again anything by that."""
    await scene.begin(MOVE)
    for rel in ("cancel", "update", "reseal", "reply", "countersign"):
        assert await scene.take(replace(STOP, refs=((rel, "move"),))) == "malformed_statement"
    assert await scene.take(replace(STOP, refs=(("related", "move"),))) == "accepted"


# Reading


async def test_stranger_who_reads_an_operation(scene: Scene) -> None:
    """Who was never named is answered as of an operation that is not there; a participant reads what went to it."""
    await scene.begin(REFUSE)
    opened = scene.thread.digests["open"]
    answers = [await scene.read(KG, each) for each in (opened, digest_of(""))]
    assert [(each.status_code, each.json().get("code")) for each in answers] == [(404, "not_found")] * 2
    assert answers[0].json().get("detail") == answers[1].json().get("detail")
    steps = (await scene.read(RU, opened)).json()["steps"]
    assert [sorted(set(step) & {"statement", "sealed"}) for step in steps] == [["sealed", "statement"], []]
