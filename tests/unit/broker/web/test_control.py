"""The operator's door: what it admits, what it suspends, and what it will not do."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from broker.app import create_control_app
from broker.service.hub import Hub
from tests.support.hub import resume_text
from tests.support.world import KG, KZ, TJ, World, digest_of
from tests.unit.broker.edges import Peer, loaded_hub, present_world, running, submit_all


@pytest.fixture
def world() -> World:
    """KZ, KG and TJ, today."""
    return present_world()


@pytest.fixture
async def hub(tmp_path: Path, world: World) -> AsyncIterator[Hub]:
    """A hub that takes turns."""
    with loaded_hub(tmp_path, world) as loaded:
        async with running(loaded):
            yield loaded


async def ask(hub: Hub, path: str, body: Any) -> tuple[int, dict[str, Any]]:
    """Status and body of the answer to the operator."""
    transport = httpx.ASGITransport(create_control_app(hub), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://hub") as http:
        answer = await http.post(path, json=body)
    value: dict[str, Any] = answer.json()
    return answer.status_code, value


async def test_a_public_statement_is_admitted_once(hub: Hub, world: World) -> None:
    """The operator's statement gets its place, the same again the same place, and members get it."""
    peer = await Peer.resumed(hub, world)
    text = world.revocation(world.party(f"{TJ}/DUTY-1"))
    size = len(world.log)
    first = await ask(hub, "/admit", {"statement": text})
    assert first == (200, {"digest": digest_of(text), "index": size, "accepted_at": first[1]["accepted_at"]})
    assert await ask(hub, "/admit", {"statement": f" {text}\n"}) == first
    [item] = await peer.hear_items(1)
    assert item["statement"] == text
    await peer.leave()


async def test_the_operator_speaks_for_no_member(hub: Hub, world: World) -> None:
    """Statements that are not public, and epochs of a hub that serves, are refused with their code."""
    receipt = world.receipt(KZ, KG, [world.root.kid])
    refusals = {
        receipt: "not_your_statement",
        world.event("suspended", member=KG): "not_permitted",
        world.epoch(): "not_permitted",
        "junk": "malformed_statement",
        world.token(KZ): "not_your_statement",
    }
    for text, code in refusals.items():
        status, body = await ask(hub, "/admit", {"statement": text})
        assert (body["code"], body["status"]) == (code, status)
        assert status >= 400


async def test_a_member_is_suspended(hub: Hub, world: World) -> None:
    """The hub signs the event, every member gets it, and the member's lines close; a second one is another event."""
    gone, other = await Peer.resumed(hub, world, KG), await Peer.resumed(hub, world, KZ)
    status, first = await ask(hub, "/suspend", {"member": KG})
    assert (status, first["index"]) == (200, len(world.log))
    assert await gone.ended() == (4414, "suspended")
    [item] = await other.hear_items(1)
    assert digest_of(item["statement"]) == first["digest"]
    assert (await ask(hub, "/suspend", {"member": KG}))[1]["index"] == first["index"] + 1
    await other.leave()


async def test_texts_are_erased(hub: Hub, world: World) -> None:
    """Who has them in the mailbox is told, and who comes later gets the gap with the event."""
    sent = [world.dispatch(KZ, [KG]), world.dispatch(KZ, [KG, TJ])]
    sender, reader = await Peer.resumed(hub, world, KZ), await Peer.resumed(hub, world, KG)
    await submit_all(hub, *sent)
    await reader.hear_items(2)
    digests = [each.digest for each in sent]
    status, answer = await ask(hub, "/erase", {"digests": digests, "reason": "law"})
    assert (status, sorted(each for event in answer["events"] for each in event["erased"])) == (200, sorted(digests))
    told = await reader.hear_items(2)
    assert [digest_of(item["statement"]) for item in told] == [event["digest"] for event in answer["events"]]
    late = await Peer.dial(hub, world, KG, seat="late")
    assert (await late.hear())["type"] == "welcome"
    late.say(resume_text((hub.mailroom.head.size, 0, 0)))
    items = await late.hear_items(4)
    assert [digest_of(item["erased"]["statement"]) for item in items[:2]] == [
        event["digest"] for event in answer["events"]
    ]
    for body in (
        {"digests": digests, "reason": "law"},
        {"digests": [], "reason": "law"},
        {"digests": ["x"], "reason": "law"},
    ):
        assert (await ask(hub, "/erase", body))[0] >= 400
    for peer in (sender, reader, late):
        await peer.leave()


async def test_what_cannot_be_read_is_a_problem(hub: Hub) -> None:
    """Neither an officer nor a strange address nor an unknown field is taken for something else."""
    bodies: list[Any] = [{"member": f"{KZ}/DUTY-1"}, {"member": "kz"}, {"member": KZ, "more": 1}, {}, [], None]
    for body in bodies:
        status, answer = await ask(hub, "/suspend", body)
        assert (body, status >= 400, "code" in answer) == (body, True, True)
    assert hub.mailroom.head.size == 7


async def test_a_fault_is_a_problem_too(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    """What goes wrong inside is answered as internal, so that the command line can say so."""

    async def fail(_: object) -> None:
        raise RuntimeError("secret of the machine")

    monkeypatch.setattr(hub, "decide", fail)
    status, body = await ask(hub, "/suspend", {"member": KZ})
    assert (status, body["code"], body["detail"]) == (500, "internal", "")


async def test_the_time_is_told_and_confirmed(hub: Hub) -> None:
    """The operator sees how the clock stands; a word that is not this machine's time is refused, another is taken."""
    status, told = await ask(hub, "/time", {})
    assert (status, told["doubt"], told["first_ahead"]) == (200, "", None)
    assert told["newest_ms"] == hub.newest_ms
    status, body = await ask(hub, "/time/confirm", {"said_ms": told["now_ms"] - 3_600_000})
    assert (status, body["code"]) == (403, "not_permitted")
    status, told = await ask(hub, "/time/confirm", {"said_ms": told["now_ms"]})
    assert (status, told["doubt"]) == (200, "")
