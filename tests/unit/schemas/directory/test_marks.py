"""Marks: what was said of an address and cannot be read (PROTOCOL 5)."""

from __future__ import annotations

from typing import Any

import pytest

from schemas.addresses import ROOT, Address
from schemas.claims import StatementType
from schemas.directory import mark_unread
from schemas.encoding import encode_base64url, encode_json
from schemas.errors import Code
from schemas.keykinds import UnknownKey
from schemas.keys import SigningKey
from tests.support.family import CLERK, DUTY, UNIT, admit_refused, make_family
from tests.support.refusals import refused
from tests.support.world import KG, KZ, ROOM, TJ, Party, World, signing_key

LATER = {"kty": "AKP", "alg": "ML-DSA-65", "pub": "A"}


@pytest.fixture
def world() -> World:
    """KZ, KG and the room with an officer each, and a unit of KZ with a clerk."""
    return make_family()


def unread(world: World, of: str, iss: str, key: SigningKey | None = None, **changes: Any) -> str:
    """A revocation with a claim that must be understood and is not."""
    claims = {"sub": of, "kid": world.party(of).sig.kid, "reason": "lost", "critical": ["later"], "later": 1}
    return world.sign(StatementType.REVOCATION, iss, {**claims, **changes}, key)


def mark(world: World, text: str) -> None:
    """Apply what cannot be read at the next place."""
    world.directory = mark_unread(world.directory, text, world.place)
    world.log.append(world.log[-1])


def judged(world: World, address: str) -> bool:
    """Whether the newest credential of an address can be judged now."""
    return world.directory.is_judged(world.directory.credentials(Address(address))[-1], world.place)


@pytest.mark.parametrize(
    ("sub", "iss"), [(KG, ROOT), (KG, KG), (DUTY, KZ), (UNIT, KZ), (CLERK, KZ), (CLERK, UNIT), (UNIT, ROOT)]
)
def test_who_may_speak_of_an_address_marks_it(world: World, sub: str, iss: str) -> None:
    """The root, who stands above, and the key itself mark an address; from the next place on."""
    text, before = unread(world, sub, iss), world.place
    mark(world, text)
    assert not judged(world, sub)
    assert world.directory.is_judged(world.directory.credentials(Address(sub))[-1], before)
    assert world.directory.unjudged(world.place) == (sub,)


def test_mark_is_on_what_stands_beneath(world: World) -> None:
    """What an address certified cannot be judged either, for it may have been revoked; nobody else is touched."""
    mark(world, unread(world, KZ, ROOT))
    assert [judged(world, each) for each in (DUTY, UNIT, CLERK, KG)] == [False, False, False, True]
    with refused(Code.UNJUDGED):
        world.sealing_key(KZ)
    with refused(Code.UNJUDGED):
        world.sealing_key(UNIT)
    world.sealing_key(KG)


@pytest.mark.parametrize("by", ["credential", "revocation"])
def test_mark_ends_with_what_can_be_read(world: World, by: str) -> None:
    """The key certified again, or the last key revoked, ends the mark of an address; a later one lies on it anew."""
    mark(world, unread(world, KG, ROOT))
    world.renew(KG) if by == "credential" else world.revoke(KG)
    assert world.directory.unjudged(world.place) == ()
    mark(world, unread(world, KG, ROOT))
    assert world.directory.unjudged(world.place) == (KG,)


def test_key_that_is_certified_again_is_judged_again(world: World) -> None:
    """A key that was revoked is never certified again: one that is was not, and what it had certified is good."""
    mark(world, unread(world, KZ, ROOT))
    world.renew(KZ)
    assert [judged(world, each) for each in (KZ, DUTY, UNIT, CLERK)] == [True] * 4
    world.sealing_key(UNIT)


def test_key_that_is_replaced_stays_marked(world: World) -> None:
    """The next key of an address says nothing of the one before, nor of what that certified."""
    mark(world, unread(world, KZ, ROOT))
    world.rotate(KZ)
    former = world.directory.credentials(KZ)[0]
    assert (judged(world, KZ), judged(world, DUTY), world.directory.is_judged(former, world.place)) == (
        True,
        False,
        False,
    )
    world.sealing_key(KZ)
    with refused(Code.UNJUDGED):
        world.sealing_key(UNIT)
    assert world.directory.unjudged(world.place) == ()


def test_who_may_not_speak_marks_nothing(world: World) -> None:
    """Not a neighbour, nor an officer, nor who lacks the role, nor a key that is revoked, old or forged."""
    world.enrol(TJ, roles=["exchange"])
    world.enrol("KZ/CUSTOMS")
    old = world.rotate(KG)
    cases = [
        (unread(world, KG, KZ), Code.NOT_PERMITTED),
        (unread(world, KZ, DUTY), Code.NOT_PERMITTED),
        (unread(world, UNIT, DUTY), Code.NOT_PERMITTED),
        (unread(world, UNIT, "KZ/CUSTOMS"), Code.NOT_PERMITTED),
        (unread(world, KG, KG, old.sig), Code.NOT_PERMITTED),
        (unread(world, KG, ROOT, world.next_root), Code.UNKNOWN_KEY),
        (unread(world, KG, ROOT, world.party(KZ).sig), Code.UNKNOWN_KEY),
        (unread(world, KG, KG, signing_key("stranger")), Code.NOT_PERMITTED),
        (unread(world, KG, ROOT, aud=f"toy/{'A' * 43}"), Code.WRONG_NETWORK),
        (unread(world, KG, ROOT, sub=5), Code.MALFORMED_ADDRESS),
        (world.event("suspended", member=KG, critical=["later"]), Code.UNSUPPORTED_TYPE),
        (unread(world, KG, ROOT)[:-8] + "AAAAAAAA", Code.BAD_SIGNATURE),
    ]
    revoked = world.party(ROOM).sig
    world.revoke(ROOM)
    cases.append((unread(world, ROOM, ROOM, revoked), Code.NOT_PERMITTED))
    for text, code in cases:
        with refused(code):
            mark_unread(world.directory, text, world.place)


def later(world: World, sub: str, iss: str, kid: str) -> str:
    """A revocation under an alg that nobody can check."""
    header = {"alg": "ML-DSA-65", "kid": kid, "typ": StatementType.REVOCATION.typ}
    claims = {**world.common(iss), "sub": sub, "kid": world.party(sub).sig.kid, "reason": "lost"}
    return ".".join(encode_base64url(part.encode()) for part in (encode_json(header), encode_json(claims), "signed"))


def test_key_of_a_later_kind_marks_what_it_may(world: World) -> None:
    """A key of a kind that is not known marks what it could certify or revoke, unchecked; and nothing else."""
    kid = UnknownKey.from_jwk(LATER).kid
    asked = world.later_enrolment(KZ, {**Party.of(KZ).key(), "sig": LATER}, roles=["exchange", "certify"])
    text = later(world, DUTY, KZ, kid)
    with refused(Code.UNKNOWN_KEY):
        mark_unread(world.directory, text, world.place)
    world.admit(world.credential(world.party(KZ), request=asked))
    mark(world, later(world, DUTY, KZ, kid))
    mark(world, later(world, KZ, KZ, kid))
    assert world.directory.unjudged(world.place) == (KZ, DUTY)
    for sub, iss in ((KG, KZ), (KG, KG), (KG, ROOT)):
        with pytest.raises(Exception, match=r"unknown_key|not_permitted"):
            mark_unread(world.directory, later(world, sub, iss, kid), world.place)
    known = world.party(KZ).sig.kid
    with refused(Code.UNKNOWN_KEY):
        mark_unread(world.directory, later(world, DUTY, KZ, Party.of(TJ).sig.kid), world.place)
    assert known in world.directory.keys


def test_unknown_reason_revokes(world: World) -> None:
    """A revocation for a reason that nobody knows yet ends the key like any other."""
    world.revoke(KG, ROOT, reason="retired")
    assert world.directory.current(KG, world.place) is None
    admit_refused(world, world.revocation(world.party(KZ), ROOT, reason="Retired!"), Code.MALFORMED_STATEMENT)
