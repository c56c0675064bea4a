"""Joining a network, and bringing officers in."""

from __future__ import annotations

import pytest

from clients.errors import LocalCode
from clients.keys.enrol import apply_for, certify_officer, newest_key, self_revocation
from clients.keys.keystore import Keys, make_keys, make_seat_keys
from clients.keys.root import Stamp, draft_credential, sign_credential
from schemas.addresses import Address
from schemas.enrolment import verify_request
from schemas.errors import Code
from schemas.keys import SigningKey
from tests.support.refusals import refused
from tests.support.world import KZ, RU, UZ, YEAR_S, World

NEW = Address("KG/NFP")


@pytest.fixture
def world() -> World:
    """Two members."""
    return World([KZ, UZ])


def stamps(world: World) -> tuple[Stamp, Stamp]:
    """Two stamps."""
    return Stamp(world.time_ms, world.entropy(10)), Stamp(world.time_ms, world.entropy(10))


def newcomer(world: World) -> Keys:
    """Fresh keys."""
    return make_keys(world.network, NEW, world.entropy)


def test_newcomer_joins_and_can_leave(world: World) -> None:
    """What a newcomer carries away is certified by the root, and its revocation ends the key later."""
    keys = newcomer(world)
    application = apply_for(keys, NEW, "Bishkek", ["exchange"], stamps(world))
    request = verify_request(application.request, world.network)
    dates = (world.time_s, world.time_s + YEAR_S)
    credential = draft_credential(request, "ROOT", dates, ["exchange"], stamps(world)[0])
    world.admit(sign_credential(credential, world.root))
    assert world.directory.encryption_key(NEW, world.place).kid == keys.decryption[0].kid
    world.admit(application.revocation)
    with refused(Code.UNKNOWN_RECIPIENT):
        world.directory.encryption_key(NEW, world.place)


def test_officer_is_certified_by_its_member(world: World) -> None:
    """An officer applies from its own seat; the member's credential is good, and no surprise to its desk."""
    officer = Address("KG/NFP/DUTY-1")
    member, seat = newcomer(world), make_seat_keys(world.network, officer, world.entropy)
    key = SigningKey.from_seed(world.entropy(32))
    application = apply_for(member, NEW, "Bishkek", ["exchange", "certify"], stamps(world))
    dates = (world.time_s, world.time_s + YEAR_S)
    request = verify_request(application.request, world.network)
    certified = draft_credential(request, "ROOT", dates, ["exchange", "certify"], stamps(world)[0])
    world.admit(sign_credential(certified, world.root))
    asked = apply_for(seat, officer, "Desk", ["exchange", "duty_officer"], stamps(world), key)
    checked = verify_request(asked.request, world.network)
    text, keys = certify_officer(member, checked, ["exchange"], dates, stamps(world)[0])
    world.admit(text)
    held = world.directory.current(officer, world.place)
    assert held is not None
    assert held.roles == {"exchange"}
    assert held.key.kid == key.kid
    assert held.key.kid in keys.own_kids - member.own_kids


def test_nobody_applies_for_another(world: World) -> None:
    """Without the key of an address nothing is signed for it."""
    keys = newcomer(world)
    for address in (RU, Address("KG/NFP/DUTY-1")):
        with refused(LocalCode.NO_KEY_HELD):
            apply_for(keys, address, "x", ["exchange"], stamps(world))
    seat = make_seat_keys(world.network, Address("KG/NFP/DUTY-1"), world.entropy)
    for sign in (lambda: newest_key(seat), lambda: self_revocation(seat, NEW, "lost", stamps(world)[0])):
        with refused(LocalCode.NO_KEY_HELD):
            sign()


def test_nonsense_is_refused_before_it_is_signed(world: World) -> None:
    """A request without a name or with a role twice is not made."""
    keys = newcomer(world)
    for name, roles in (("", ["exchange"]), ("Bishkek", ["exchange", "exchange"])):
        with refused(Code.MALFORMED_STATEMENT):
            apply_for(keys, NEW, name, roles, stamps(world))
