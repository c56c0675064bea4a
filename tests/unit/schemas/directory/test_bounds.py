"""How many addresses a member may certify (PROTOCOL 5)."""

from __future__ import annotations

import pytest

from schemas import limits
from schemas.addresses import ROOT, Address
from schemas.errors import Code
from tests.support.family import admit_refused
from tests.support.refusals import refused
from tests.support.world import DAY_S, KG, KZ, Party, World


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    """KZ and KG with an officer each, where 4 addresses may stand beneath a member, and 6 credentials come in a day."""
    monkeypatch.setattr(limits, "ADDRESSES", 4)
    monkeypatch.setattr(limits, "CREDENTIALS_A_DAY", 6)
    return World([KZ, KG])


def officer(number: int) -> str:
    """An officer of KZ."""
    return f"KZ/NFP/DUTY-{number}"


def held(world: World) -> set[str]:
    """What stands beneath KZ."""
    return {address for address, exp in world.directory.beneath.get(KZ, {}).items() if exp > world.time_s}


def test_addresses_beneath_a_member_are_bounded(world: World) -> None:
    """So many stand beneath it and no more, units and their officers too; one that is there already may be renewed."""
    world.enrol("KZ/UNIT", KZ)
    world.enrol("KZ/UNIT/CLERK", exp=world.time_s + DAY_S)
    world.enrol(officer(2), exp=world.time_s + DAY_S)
    for address in (officer(3), "KZ/UNIT/CLERK-2"):
        admit_refused(
            world,
            world.credential(Party.of(Address(address)), exp=world.time_s + DAY_S),
            _MANY,
            "KZ/NFP: no more addresses",
        )
    world.enrol(officer(2), exp=world.time_s + DAY_S)
    world.enrol(f"{KG}/DUTY-2")


_MANY = Code.TOO_MANY_CREDENTIALS


def test_room_comes_back(world: World) -> None:
    """What runs out, is revoked, or is taken over by the root, is not counted; with a unit falls what is beneath."""
    world.enrol("KZ/UNIT", KZ)
    world.enrol("KZ/UNIT/CLERK")
    world.enrol(officer(2), exp=world.time_s + DAY_S)
    world.wait(DAY_S)
    assert held(world) == {officer(1), "KZ/UNIT", "KZ/UNIT/CLERK"}
    world.revoke("KZ/UNIT", KZ)
    assert held(world) == {officer(1)}
    world.enrol("KZ/POST", KZ)
    world.renew("KZ/POST")
    assert held(world) == {officer(1)}
    world.revoke(KZ)
    assert held(world) == set()


def test_room_comes_back_where_the_root_took_a_unit_over(world: World) -> None:
    """A key that two credentials have, by the member and by the root, ends what stands beneath either of them."""
    unit, clerk = Address("KZ/UNIT"), Address("KZ/UNIT/CLERK")
    world.enrol(unit, KZ)
    world.enrol(clerk)
    world.renew(unit, ROOT)
    assert held(world) == {officer(1), clerk}
    world.revoke(unit, ROOT)
    assert held(world) == {officer(1)}


def test_credentials_of_a_day_are_bounded(world: World) -> None:
    """So many are accepted in one day of the ledger's time, renewals too; the root's are not counted."""
    world.wait(DAY_S - world.time_s % DAY_S)
    for _ in range(6):
        world.enrol(officer(1))
    with refused(_MANY, "on one day"):
        world.enrol(officer(1))
    world.enrol(KZ)
    world.wait(DAY_S - 1)
    with refused(_MANY):
        world.enrol(officer(1))
    world.wait(1)
    world.enrol(officer(1))


def test_later_validity_counts_at_once(world: World) -> None:
    """A credential that is to begin later is counted from its place on."""
    for number in (2, 3, 4):
        world.enrol(officer(number), nbf=world.time_s + DAY_S)
    late = world.credential(Party.of(Address(officer(5))), nbf=world.time_s + DAY_S)
    admit_refused(world, late, _MANY)


def test_root_permits_more(world: World) -> None:
    """The network document may say more, and an epoch may change it; less than the protocol it cannot say."""
    world.admit(world.epoch(network=world.document(bounds={"addresses": 1_024, "day": 64})))
    for number in range(2, 65):
        world.enrol(officer(number))
    with refused(_MANY, "on one day"):
        world.enrol(officer(65))
    for bounds in ({"addresses": 1, "day": 64}, {"addresses": 1_024}, {"addresses": 1_024.0, "day": 64}, {}):
        admit_refused(world, world.epoch(network=world.document(bounds=bounds)), Code.MALFORMED_STATEMENT)


def test_bounds_of_the_protocol() -> None:
    """Without a word of the root they are 1,024 addresses and 64 credentials in a day."""
    assert (limits.ADDRESSES, limits.CREDENTIALS_A_DAY) == (1_024, 64)
    world = World([KZ])
    for number in range(2, 65):
        world.admit(world.credential(Party.of(Address(officer(number)))))
    admit_refused(world, world.credential(Party.of(Address(officer(65)))), _MANY)
    assert world.directory.current(Address(officer(64)), world.place) is not None
    assert ROOT not in world.directory.beneath


def test_days_of_the_network_document(world: World) -> None:
    """From 30 days to a hundred years, one kind at least, receipts no shorter than mail; an epoch takes what holds."""
    for keep in ({"mail": 29}, {"mail": 36_526}, {"mail": 30.0}, {}, {"mail": 90, "receipts": 89}, {"receipts": 90}):
        admit_refused(world, world.epoch(network=world.document(keep_days=keep)), Code.MALFORMED_STATEMENT)
    world.admit(world.epoch(network=world.document(keep_days={"mail": 30, "blobs": 36_525, "receipts": 30})))
    keep_days = world.directory.epoch.document.keep_days
    assert keep_days is not None
    assert (keep_days.mail, keep_days.blobs, keep_days.receipts) == (30, 36_525, 30)
