"""Covers addressed to nobody or too many, entries that are not one for each address (PROTOCOL 6, 7)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from schemas.keykinds import UnknownKey
from schemas.merkle import encode_proof, hash_leaf
from schemas.sealing import Entry
from tests.attacks.arena import Arena
from tests.attacks.forge import Bend, with_cover, with_entries
from tests.support.desk import Desk, ScriptedHub
from tests.support.world import DAY_S, RU, UZ, Party, World, inclusion_proof, reseal


async def test_no_recipient(arena: Arena, world: World) -> None:
    """An empty ``to`` means nobody, never everybody, and is refused."""
    peer = await arena.resume()
    assert await peer.submit(world.dispatch("KZ/NFP", [])) == "no_recipients"


async def test_duplicate_recipient(arena: Arena, world: World) -> None:
    """An address that is named twice is refused."""
    peer = await arena.resume()
    assert await peer.submit(world.dispatch("KZ/NFP", [UZ, UZ])) == "duplicate_recipient"


async def test_too_many_recipients(arena: Arena, world: World) -> None:
    """A thousand and one recipients are refused, before anything is done for one of them."""
    peer = await arena.resume()
    sent = world.dispatch("KZ/NFP", [UZ])
    many = [f"KZ/UNIT-{number}" for number in range(1_001)]
    assert await peer.submit(with_cover(world, sent, to=many)) == "too_many_recipients"


@pytest.mark.parametrize("to", ["TM/NFP", "ZZ/NFP"])
async def test_unknown_recipient(arena: Arena, world: World, to: str) -> None:
    """Who is not in the directory is no recipient: nothing is kept for an address that may come later."""
    peer = await arena.resume()
    assert await peer.submit(with_cover(world, world.dispatch("KZ/NFP", [UZ]), to=[to])) == "unknown_recipient"


async def test_officer_as_recipient(arena: Arena, world: World) -> None:
    """Content is sealed to members; an officer's address in ``to`` is refused."""
    peer = await arena.resume()
    sent = with_cover(world, world.dispatch("KZ/NFP", [UZ]), to=["UZ/NFP/DUTY-1"])
    assert await peer.submit(sent) == "malformed_statement"


async def test_answer_asked_of_a_stranger(arena: Arena, world: World) -> None:
    """Who does not get a dispatch cannot be made to owe an answer to it, nor be named as overdue."""
    peer = await arena.resume()
    expects = {"by": world.time_s + 60, "from": [UZ, RU]}
    assert await peer.submit(world.dispatch("KZ/NFP", [UZ], expects=expects)) == "malformed_statement"


async def test_answer_asked_of_too_many(arena: Arena, world: World) -> None:
    """Where nobody is named all recipients would owe an answer; more than 64 are refused before anything is done."""
    peer = await arena.resume()
    many = [f"KZ/UNIT-{number}" for number in range(65)]
    sent = with_cover(world, world.dispatch("KZ/NFP", [UZ]), to=many, expects={"by": world.time_s + 60})
    assert await peer.submit(sent) == "malformed_statement"


async def test_entries_changed_after_signing(arena: Arena, world: World) -> None:
    """Entries that are not those under the signature are refused."""
    peer = await arena.resume()
    sent, other = world.dispatch("KZ/NFP", [UZ, RU]), world.dispatch("KZ/NFP", [UZ, RU])
    mixed = (other.sealed.entries[0], *sent.sealed.entries[1:])
    assert await peer.submit(reseal(sent, entries=mixed)) == "entries_mismatch"


@pytest.mark.parametrize(
    "bend",
    [
        pytest.param(lambda entries: entries[1:], id="first"),
        pytest.param(lambda entries: entries[:-1], id="own"),
    ],
)
async def test_entry_missing(arena: Arena, world: World, bend: Bend) -> None:
    """A sender cannot leave out a recipient's entry, or its own member's, and sign for the rest."""
    peer = await arena.resume()
    sent = with_entries(world, world.dispatch("KZ/NFP", [UZ, RU]), bend)
    assert await peer.submit(sent) == "entries_mismatch"


async def test_entry_double(arena: Arena, world: World) -> None:
    """An entry more than there are addresses is refused, though it was signed for."""
    peer = await arena.resume()
    sent = with_entries(world, world.dispatch("KZ/NFP", [UZ, RU]), lambda e: (*e, e[0]))
    assert await peer.submit(sent) == "entries_mismatch"


async def test_entry_twice_in_place_of_another(arena: Arena, world: World) -> None:
    """One recipient's entry in place of another's is refused: it is not under that member's key."""
    peer = await arena.resume()
    sent = with_entries(world, world.dispatch("KZ/NFP", [UZ, RU]), lambda e: (e[0], e[0], e[2]))
    assert await peer.submit(sent) == "stale_key"


async def test_entries_swapped(arena: Arena, world: World) -> None:
    """Entries that were swapped between recipients, and signed for in that order, are refused."""
    peer = await arena.resume()
    sent = with_entries(world, world.dispatch("KZ/NFP", [UZ, RU]), lambda e: (e[1], e[0], e[2]))
    assert await peer.submit(sent) == "stale_key"


async def test_entry_under_an_old_key(arena: Arena, world: World) -> None:
    """An entry under a key that was replaced seven days ago is refused; a second before that it was not."""
    peer = await arena.resume()
    late, later = world.dispatch("KZ/NFP", [UZ]), world.dispatch("KZ/NFP", [UZ])
    assert await peer.submit(world.credential(Party.of(UZ, 1))) == "accepted"
    world.wait(7 * DAY_S - 1)
    assert await peer.submit(late) == "accepted"
    world.wait(1)
    assert await peer.submit(later) == "stale_key"


async def test_entry_under_a_revoked_key(arena: Arena, world: World) -> None:
    """The grace of a rotation does not hold for a key that was revoked."""
    peer, sent = await arena.resume(), world.dispatch("KZ/NFP", [UZ])
    assert await peer.submit(world.credential(Party.of(UZ, 1))) == "accepted"
    assert await peer.submit(world.revocation(world.party(UZ))) == "accepted"
    assert await peer.submit(sent) == "stale_key"


async def test_entry_that_names_another_alg(arena: Arena, world: World) -> None:
    """An entry that names another alg than its key is for is refused: its recipient could not open it."""
    peer = await arena.resume()
    sent = with_entries(world, world.dispatch("KZ/NFP", [UZ]), lambda e: (replace(e[0], alg="HPKE-12-KE"), e[1]))
    assert await peer.submit(sent) == "malformed_sealed"


async def test_entry_of_a_later_alg(arena: Arena, world: World) -> None:
    """An entry under a key of a later kind is handed on as it is, and keeps nothing from the other recipients."""
    peer = await arena.resume()
    later = {"kty": "AKP", "alg": "HPKE-99-KE", "pub": "A" * 3_000}
    party = world.party(RU)
    asked = world.enrolment(party, roles=["exchange", "certify"], key={**party.key(), "enc": later})
    assert await peer.submit(world.credential(party, request=asked)) == "accepted"
    kid = UnknownKey.from_jwk(later).kid
    entry = Entry(kid, "A" * 2_000, "B" * 64, "HPKE-99-KE")
    sent = with_entries(world, world.dispatch("KZ/NFP", [UZ, RU]), lambda e: (e[0], entry, e[2]))
    assert await peer.submit(sent) == "accepted"
    for member, alg in (("UZ/NFP", "HPKE-9-KE"), ("RU/NFP", "HPKE-99-KE")):
        item = await (await arena.resume(member)).delivered(sent.digest)
        assert item["sealed"]["header"]["alg"] == alg


async def test_mail_after_the_last_key(arena: Arena, world: World) -> None:
    """Once a member's last key is revoked nothing more is kept for it, and what waited is never delivered."""
    peer, sent, later = await arena.resume(), world.dispatch("KZ/NFP", [UZ]), world.dispatch("KZ/NFP", [UZ])
    assert await peer.submit(sent) == "accepted"
    assert await peer.submit(world.revocation(world.party(UZ))) == "accepted"
    assert await peer.submit(later) == "unknown_recipient"
    again = world.credential(Party.of(UZ, 1))
    assert await peer.submit(again) == "accepted"
    world.admit(again)
    world.parties[UZ] = Party.of(UZ, 1)
    returned, fresh = await arena.resume("UZ/NFP"), world.dispatch("KZ/NFP", [UZ])
    assert await peer.submit(fresh) == "accepted"
    await returned.delivered(fresh.digest)
    assert returned.find(sent.digest) is None


def test_hub_hands_out_anothers_entry(tmp_path: Path, world: World) -> None:
    """A recipient that is given another's entry, with a proof that holds, sees it at step 7."""
    desk = _desk(tmp_path, ScriptedHub(world))
    sent = world.dispatch("KZ/NFP", [UZ, RU])
    digest = desk.hub.send(sent)
    frame = desk.next_frame()
    hashes = [hash_leaf(entry.to_bytes()) for entry in sent.sealed.entries]
    for item in frame.items:
        if item.sealed is not None:
            item.sealed.update(sent.sealed.entries[1].to_json())
            object.__setattr__(item, "entry_proof", encode_proof(inclusion_proof(hashes, 1)))
    desk.intake.deliver(frame)
    stored = desk.store.items.get(digest)
    assert stored is not None
    assert (stored.step, stored.code, stored.content) == (7, "entries_mismatch", None)


def _desk(path: Path, hub: ScriptedHub) -> Desk:
    desk = Desk(path, hub, "UZ/NFP")
    desk.sync()
    return desk
