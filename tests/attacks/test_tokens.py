"""Who may open a line or read, at the real hub: networks and session tokens (PROTOCOL 9, 10)."""

from __future__ import annotations

import httpx
import pytest

from broker.app import create_app
from broker.service.operator import make_suspension
from broker.service.sequencer import AcceptedAt
from schemas.addresses import Address
from tests.attacks.arena import Arena
from tests.support.world import HUB_ORIGIN, KZ, UZ, YEAR_S, Party, World, signing_key

TWIN = f"toy/{signing_key('impostor').kid}"
"""A network of the same name under another root."""


async def test_statement_of_a_network_of_the_same_name(arena: Arena, world: World) -> None:
    """A dispatch that was signed for a network of the same name under another root is refused."""
    peer = await arena.resume()
    assert await peer.submit(world.dispatch("KZ/NFP", [UZ], aud=TWIN)) == "wrong_network"


async def test_token_of_a_network_of_the_same_name(arena: Arena, world: World) -> None:
    """A token for a network of the same name under another root opens nothing."""
    assert await arena.knock(world.token("KZ/NFP", aud=TWIN)) == "wrong_network"


async def test_replayed_token(arena: Arena, world: World) -> None:
    """A token opens one line: whoever copied it is turned away."""
    token = world.token("KZ/NFP")
    assert await arena.knock(token) == "welcome"
    assert await arena.knock(token) == "token_replayed"


async def test_token_for_another_hub(arena: Arena, world: World) -> None:
    """A hub cannot hand on the token with which a client dialled it."""
    assert await arena.knock(world.token("KZ/NFP", hub="wss://hub.example:443")) == "token_invalid"


@pytest.mark.parametrize("at_s", [60, 3600, -121])
async def test_stale_token(arena: Arena, world: World, at_s: int) -> None:
    """A token is good for a minute: not after, and not long before."""
    token = world.token("KZ/NFP")
    world.wait(at_s)
    assert await arena.knock(token) == "token_expired"


async def test_token_for_a_year(arena: Arena, world: World) -> None:
    """A token that says of itself that it lives longer than a minute is refused."""
    assert await arena.knock(world.token("KZ/NFP", exp=world.time_s + 61)) == "token_invalid"


async def test_token_for_reading(arena: Arena, world: World) -> None:
    """A token for reading, which may be used again and again, opens no line."""
    assert await arena.knock(world.token("KZ/NFP", use="read")) == "token_invalid"


@pytest.mark.parametrize("use", ["exchange", "read"])
async def test_token_for_storing(arena: Arena, world: World, use: str) -> None:
    """A token for storing, which may be used again and again, neither opens a line nor reads."""
    token = world.token("KZ/NFP", use="store")
    if use == "exchange":
        assert await arena.knock(token) == "token_invalid"
        return
    transport = httpx.ASGITransport(create_app(arena.hub))
    async with httpx.AsyncClient(transport=transport, base_url=HUB_ORIGIN.replace("ws", "http")) as client:
        answer = await client.get("/v1/directory", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 401, answer.text
    assert answer.json()["code"] == "token_invalid"


async def test_mailbox_of_another(arena: Arena, world: World) -> None:
    """A member's token opens its own mailbox only."""
    assert await arena.knock(world.token("UZ/NFP", mailbox="KZ/NFP")) == "token_invalid"


async def test_token_in_the_name_of_another(arena: Arena, world: World) -> None:
    """A token in another member's name is refused, though its own key and signature hold."""
    assert await arena.knock(world.token("KZ/NFP", key=world.party(UZ).sig)) == "unknown_key"


async def test_statement_as_token(arena: Arena, world: World) -> None:
    """A dispatch, which every recipient holds, is no token."""
    assert await arena.knock(world.dispatch("KZ/NFP", [UZ]).text) == "token_invalid"


async def test_token_of_a_revoked_key(arena: Arena, world: World) -> None:
    """A revoked key opens no line."""
    peer = await arena.resume("KZ/NFP")
    assert await peer.submit(world.revocation(world.party("KZ/NFP/DUTY-1"))) == "accepted"
    assert await arena.knock(world.token("KZ/NFP/DUTY-1")) == "credential_revoked"


async def test_token_of_an_expired_key(arena: Arena, world: World) -> None:
    """A key out of date opens no line."""
    world.wait(YEAR_S)
    assert await arena.knock(world.token("KZ/NFP/DUTY-1")) == "credential_expired"


async def test_token_without_a_role(arena: Arena, world: World) -> None:
    """A key that may only certify opens no line."""
    peer, unit = await arena.resume(), Party.of(Address("KZ/UNIT-1"))
    assert await peer.submit(world.credential(unit, KZ, roles=["certify"])) == "accepted"
    world.parties[unit.address] = unit
    assert await arena.knock(world.token(unit.address)) == "role_missing"


async def test_line_of_a_key_that_is_revoked(arena: Arena, world: World) -> None:
    """The line of a stolen key ends when the key is revoked, not when the thief hangs up."""
    thief, owner = await arena.resume("KZ/NFP/DUTY-1", seat="thief"), await arena.resume("KZ/NFP")
    assert await owner.submit(world.revocation(world.party("KZ/NFP/DUTY-1"))) == "accepted"
    assert await thief.closed() == (4413, "credential_revoked")


async def suspend(arena: Arena, member: str) -> None:
    """Have the hub's operator suspend a member."""
    verdict = await arena.hub.decide(lambda _, answer: make_suspension(Address(member), answer))
    assert isinstance(verdict, AcceptedAt)


async def test_token_of_a_suspended_member(arena: Arena, world: World) -> None:
    """No key of a suspended member opens a line, its officers' included."""
    await suspend(arena, "KZ/NFP")
    assert await arena.knock(world.token("KZ/NFP/DUTY-1")) == "suspended"


async def test_line_of_a_member_that_is_suspended(arena: Arena, world: World) -> None:
    """The lines of a member end when it is suspended."""
    peer = await arena.resume("KZ/NFP/DUTY-1")
    await suspend(arena, "KZ/NFP")
    assert await peer.closed() == (4414, "suspended")


async def test_reading_the_mail_of_others(arena: Arena, world: World) -> None:
    """A third member gets no text of a dispatch, though its digest is in everybody's ledger."""
    peer, sent = await arena.resume(), world.dispatch("KZ/NFP", [UZ])
    assert await peer.submit(sent) == "accepted"
    transport = httpx.ASGITransport(create_app(arena.hub))
    async with httpx.AsyncClient(transport=transport, base_url=HUB_ORIGIN.replace("ws", "http")) as client:
        answers = {}
        for member in ("UZ/NFP", "RU/NFP"):
            headers = {"Authorization": f"Bearer {world.token(member, use='read')}"}
            answers[member] = await client.get(f"/v1/ledger/statements/{sent.digest}", headers=headers)
    assert answers["UZ/NFP"].json()["item"]["statement"] == sent.text
    assert sent.text not in answers["RU/NFP"].text
    assert answers["RU/NFP"].json()["code"] == "not_found"


async def test_reading_with_a_token_for_lines(arena: Arena, world: World) -> None:
    """A token for a line, which travels in other requests, reads nothing over HTTP."""
    transport = httpx.ASGITransport(create_app(arena.hub))
    async with httpx.AsyncClient(transport=transport, base_url=HUB_ORIGIN.replace("ws", "http")) as client:
        headers = {"Authorization": f"Bearer {world.token('KZ/NFP')}"}
        answer = await client.get("/v1/directory", headers=headers)
    assert answer.status_code == 401, answer.text
    assert answer.json()["code"] == "token_invalid"
