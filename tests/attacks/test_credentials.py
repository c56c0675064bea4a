"""Keys that nobody may use, or that nobody may certify, at the real hub (PROTOCOL 5)."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from schemas.addresses import Address
from schemas.claims import StatementType
from tests.attacks.arena import Arena, Peer
from tests.support.world import DAY_S, KZ, RU, UZ, YEAR_S, Party, World

UNIT = Address("KZ/UNIT-1")


async def certify(peer: Peer, world: World, address: str, by: str) -> Party:
    """Have an honest credential admitted, by the hub and in the world."""
    party = Party.of(Address(address))
    text = world.credential(party, by)
    assert await peer.submit(text) == "accepted"
    world.admit(text)
    world.parties[party.address] = party
    return party


async def test_chain_too_long(arena: Arena, world: World) -> None:
    """A unit cannot certify another unit, though its role says that it certifies."""
    peer = await arena.resume()
    await certify(peer, world, UNIT, KZ)
    below = world.credential(Party.of(Address("KZ/UNIT-2")), UNIT)
    assert await peer.submit(below) == "credential_invalid"


@pytest.mark.parametrize("address", ["UZ/UNIT-1", "CENTRE/UNIT-1"])
async def test_out_of_country(arena: Arena, world: World, address: str) -> None:
    """A focal point certifies no unit of another country, nor of an organisation."""
    peer = await arena.resume()
    assert await peer.submit(world.credential(Party.of(Address(address)), KZ)) == "credential_invalid"


async def test_officer_of_another_member(arena: Arena, world: World) -> None:
    """A focal point makes no officer beneath another member."""
    peer = await arena.resume()
    assert await peer.submit(world.credential(Party.of(Address("UZ/NFP/DUTY-9")), KZ)) == "credential_invalid"


async def test_expired(arena: Arena, world: World) -> None:
    """What is signed with a key whose credential has run out is refused."""
    world.wait(YEAR_S)
    peer = await arena.resume()
    assert await peer.submit(world.dispatch("KZ/NFP/DUTY-1", [UZ])) == "credential_expired"
    assert await peer.submit(world.dispatch("KZ/NFP", [UZ])) == "accepted"


async def test_outliving_the_issuer(arena: Arena, world: World) -> None:
    """Nobody certifies for longer than its own credential lasts."""
    peer = await arena.resume()
    unit = world.credential(Party.of(UNIT), KZ, exp=world.time_s + 3 * YEAR_S)
    assert await peer.submit(unit) == "credential_invalid"


async def test_revoked(arena: Arena, world: World) -> None:
    """What is signed with a revoked key is refused from the revocation on."""
    peer = await arena.resume()
    assert await peer.submit(world.revocation(world.party("KZ/NFP/DUTY-1"))) == "accepted"
    assert await peer.submit(world.dispatch("KZ/NFP/DUTY-1", [UZ])) == "credential_revoked"


async def test_revoked_above(arena: Arena, world: World) -> None:
    """With a focal point's key falls what it had certified: its unit certifies no more."""
    peer = await arena.resume("RU/NFP")
    await certify(peer, world, UNIT, KZ)
    assert await peer.submit(world.revocation(world.party(KZ))) == "accepted"
    officer = world.credential(Party.of(Address(f"{UNIT}/CLERK")), UNIT)
    assert await peer.submit(officer) == "credential_revoked"


async def test_revoked_key_certified_again(arena: Arena, world: World) -> None:
    """A key that was revoked is never certified again, not even by the root."""
    peer = await arena.resume("RU/NFP")
    assert await peer.submit(world.revocation(world.party(KZ))) == "accepted"
    assert await peer.submit(world.credential(world.party(KZ))) == "credential_revoked"


async def test_replaced_key(arena: Arena, world: World) -> None:
    """A key that was replaced seven days ago signs nothing any more."""
    peer = await arena.resume("KZ/NFP/DUTY-1")
    old, new = world.party(KZ), Party.of(KZ, 1)
    assert await peer.submit(world.credential(new)) == "accepted"
    world.wait(7 * DAY_S)
    stale = world.sign(StatementType.RECEIPT, KZ, {"to": UZ, "outcome": "received", "digests": ["A" * 43]}, old.sig)
    assert await peer.submit(stale) == "credential_expired"


@pytest.mark.parametrize(
    ("address", "roles"), [("KZ/UNIT-1", ["exchange", "audit"]), ("KZ/NFP/DUTY-9", ["exchange", "certify"])]
)
async def test_roles_widened(arena: Arena, world: World, address: str, roles: Sequence[str]) -> None:
    """Nobody grants a role that it does not hold, and no officer certifies."""
    peer = await arena.resume()
    wider = world.credential(Party.of(Address(address)), KZ, roles=roles)
    assert await peer.submit(wider) == "credential_invalid"


async def test_certifying_without_the_role(arena: Arena, world: World) -> None:
    """Who may not certify makes no officer."""
    peer = await arena.resume()
    narrow = world.credential(Party.of(UNIT), KZ, roles=["exchange"])
    assert await peer.submit(narrow) == "accepted"
    world.admit(narrow)
    world.parties[UNIT] = Party.of(UNIT)
    officer = world.credential(Party.of(Address(f"{UNIT}/CLERK")), UNIT, roles=["exchange"])
    assert await peer.submit(officer) == "role_missing"


async def test_key_of_another_member(arena: Arena, world: World) -> None:
    """A key that is another member's is certified for nobody else."""
    peer = await arena.resume()
    stolen = Party(UNIT, world.party(RU).sig, world.party(RU).enc)
    assert await peer.submit(world.credential(stolen, KZ)) == "credential_invalid"


async def test_key_of_the_hub(arena: Arena, world: World) -> None:
    """The hub's keys are certified for nobody: what it signs is never a member's word."""
    peer = await arena.resume()
    doubled = Party(UNIT, world.event_key, Party.of(UNIT).enc)
    assert await peer.submit(world.credential(doubled, KZ)) == "credential_invalid"


async def test_revoking_somebody_else(arena: Arena, world: World) -> None:
    """Nobody revokes a key of a member that it does not stand above."""
    peer = await arena.resume("RU/NFP")
    assert await peer.submit(world.revocation(world.party(KZ), RU)) == "not_permitted"


async def test_member_as_root(arena: Arena, world: World) -> None:
    """A credential in the name of the root is refused unless the root's key signed it."""
    peer = await arena.resume("RU/NFP")
    made = world.credential(Party.of(Address("TM/NFP")), key=world.party(RU).sig)
    assert await peer.submit(made) == "unknown_key"


async def test_member_makes_an_event(arena: Arena, world: World) -> None:
    """Who holds the hub's event key, and is not the hub, still has no event admitted."""
    peer = await arena.resume("RU/NFP")
    assert await peer.submit(world.event("suspended", member="KZ/NFP")) == "not_permitted"


async def test_new_epoch_while_the_hub_serves(arena: Arena, world: World) -> None:
    """An epoch, even one that the root signed, begins only while the hub is stopped."""
    peer = await arena.resume("RU/NFP")
    assert await peer.submit(world.epoch()) == "not_permitted"
