"""Keys that nobody may use, or that nobody may certify, at the real hub (PROTOCOL 5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

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


@pytest.mark.parametrize("role", ["certify_all", "root", "supervisor"])
async def test_words_give_no_right(arena: Arena, world: World, role: str) -> None:
    """A role of another name is granted to anybody, and gives no right: not to certify, to send or to open a line."""
    peer = await arena.resume()
    party = Party.of(UNIT)
    credential = world.credential(party, KZ, roles=[role])
    assert await peer.submit(credential) == "accepted"
    world.admit(credential)
    world.parties[UNIT] = party
    assert await peer.submit(world.credential(Party.of(Address(f"{UNIT}/CLERK")), UNIT, roles=[role])) == "role_missing"
    assert await arena.knock(world.token(UNIT)) == "role_missing"


async def test_certifying_without_the_role(arena: Arena, world: World) -> None:
    """Who may not certify makes no officer."""
    peer = await arena.resume()
    narrow = world.credential(Party.of(UNIT), KZ, roles=["exchange"])
    assert await peer.submit(narrow) == "accepted"
    world.admit(narrow)
    world.parties[UNIT] = Party.of(UNIT)
    officer = world.credential(Party.of(Address(f"{UNIT}/CLERK")), UNIT, roles=["exchange"])
    assert await peer.submit(officer) == "role_missing"


async def test_public_key_of_another_certified(arena: Arena, world: World) -> None:
    """A focal point that certifies a public key it has seen, and whose holder never asked, locks nobody out."""
    peer = await arena.resume()
    theirs = Party.of(Address("UZ/UNIT-1"))
    seen = replace(world.party(KZ).sig, public=theirs.sig.public)  # another's key to show, the own one to sign with
    forged = world.enrolment(Party(UNIT, seen, Party.of(UNIT).enc), roles=["exchange"])
    assert (
        await peer.submit(world.credential(Party.of(UNIT), KZ, roles=["exchange"], request=forged)) == "request_invalid"
    )
    copied = world.enrolment(theirs, roles=["exchange"])
    assert (
        await peer.submit(world.credential(Party.of(UNIT), KZ, roles=["exchange"], request=copied)) == "request_invalid"
    )
    await certify(peer, world, theirs.address, UZ)


async def test_more_than_was_asked_for(arena: Arena, world: World) -> None:
    """Nobody gets a role for which it did not ask: a key that only reads signs no dispatch behind its holder's back."""
    peer = await arena.resume()
    asked = world.enrolment(Party.of(UNIT), roles=["certify"])
    more = world.credential(Party.of(UNIT), KZ, roles=["exchange", "certify"], request=asked)
    assert await peer.submit(more) == "request_invalid"


async def test_request_of_another_network(arena: Arena, world: World) -> None:
    """Who asked in an exercise is not certified in earnest by it."""
    peer = await arena.resume()
    asked = world.enrolment(Party.of(UNIT), roles=["exchange"], aud=f"toy/{'A' * 43}")
    assert (
        await peer.submit(world.credential(Party.of(UNIT), KZ, roles=["exchange"], request=asked)) == "request_invalid"
    )


async def test_older_request(arena: Arena, world: World) -> None:
    """A request that was replaced by a newer one does not bring an older key back, whoever kept it."""
    peer = await arena.resume()
    old = world.enrolment(Party.of(UNIT), roles=["exchange"])
    world.wait(1)
    assert await peer.submit(world.credential(Party.of(UNIT, 1), KZ, roles=["exchange"])) == "accepted"
    back = world.credential(Party.of(UNIT), KZ, roles=["exchange"], request=old)
    assert await peer.submit(back) == "request_invalid"


async def test_request_from_the_future(arena: Arena, world: World) -> None:
    """A request dated ahead would keep its holder from ever asking again: it is refused."""
    peer = await arena.resume()
    asked = world.enrolment(Party.of(UNIT), roles=["exchange"], iat=world.time_s + DAY_S)
    ahead = world.credential(Party.of(UNIT), KZ, roles=["exchange"], request=asked)
    assert await peer.submit(ahead) == "clock_ahead"


async def test_addresses_without_end(arena: Arena, world: World) -> None:
    """A focal point certifies so many in a day, and the hub takes no more: everybody computes them for ever."""
    peer = await arena.resume()
    for number in range(2, 65):
        assert await peer.submit(world.credential(Party.of(Address(f"KZ/NFP/DUTY-{number}")))) == "accepted"
    more = world.credential(Party.of(Address("KZ/NFP/DUTY-65")))
    assert await peer.submit(more) == "too_many_credentials"


async def test_key_of_another_member(arena: Arena, world: World) -> None:
    """A key that is another member's is certified for nobody else."""
    peer = await arena.resume()
    stolen = Party(UNIT, world.party(RU).sig, world.party(RU).enc)
    assert await peer.submit(world.credential(stolen, KZ)) == "key_reused"


@pytest.mark.parametrize("purpose", ["root", "next_root", "ledger_key", "event_key"])
async def test_key_of_the_network(arena: Arena, world: World, purpose: str) -> None:
    """Keys of hub and root, of the next root too, are certified for nobody: what they sign is never a member's word."""
    peer = await arena.resume()
    doubled = Party(UNIT, getattr(world, purpose), Party.of(UNIT).enc)
    assert await peer.submit(world.credential(doubled, KZ)) == "key_reused"


async def test_name_that_hides_or_turns(arena: Arena, world: World) -> None:
    """A name in a credential is one line that is seen as it is, for it is in the directory for ever."""
    peer = await arena.resume()
    for name in ("KG\nNFP", "KG\u202ePFN", "KG\u200bNFP", "KG\x9bNFP"):
        named = world.credential(Party.of(UNIT), KZ, name=name)
        assert await peer.submit(named) == "malformed_statement"


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
