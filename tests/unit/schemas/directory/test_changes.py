"""The directory: who may start an epoch and certify whom as what, by the rules of PROTOCOL 5."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from schemas.addresses import HUB, ROOT, Address
from schemas.errors import Code
from tests.support.family import DUTY, UNIT, admit_refused, make_family, signer_of
from tests.support.refusals import refused
from tests.support.world import (
    DAY_S,
    KG,
    KZ,
    ROOM,
    START_S,
    TJ,
    YEAR_S,
    Party,
    World,
)


@pytest.fixture
def world() -> World:
    """KZ, KG and the room with an officer each, and a unit of KZ with a clerk."""
    return make_family()


# Rule 1: who certifies whom


@pytest.mark.parametrize(
    ("sub", "by"),
    [
        ("KZ/NFP/DUTY-2", ROOT),
        ("KG/UNIT", KZ),
        ("KG/NFP/DUTY-2", KZ),
        (f"{UNIT}/DUTY-2", KZ),
        ("KZ/UNIT-2", UNIT),
        ("CENTRE/DESK", ROOM),
        (KZ, KZ),
        ("UNODC/ROCA", KZ),
    ],
)
def test_refuses_to_certify_elsewhere(world: World, sub: str, by: str) -> None:
    """Members come from the root, units from a member of their country, officers from their own member."""
    officer = sub.count("/") == 2
    roles = ["exchange"]
    text = world.credential(Party.of(Address(sub), 7), by, roles=roles, exp=world.time_s + DAY_S)
    admit_refused(world, text, Code.CREDENTIAL_INVALID, "certif" if officer or by != ROOT else "")


def test_officers_certify_nobody(world: World) -> None:
    """An officer certifies neither officers nor units, whatever role it claims."""
    for sub in (f"{DUTY[:-1]}2", "KZ/UNIT-2"):
        text = world.credential(Party.of(Address(sub)), DUTY, roles=["exchange"], exp=world.time_s + DAY_S)
        admit_refused(world, text, Code.CREDENTIAL_INVALID)


def test_unknown_organisation(world: World) -> None:
    """A first part that is no country must be among the network's codes."""
    admit_refused(world, world.credential(Party.of(Address("INTERPOL/NCB"))), Code.CREDENTIAL_INVALID, "INTERPOL")
    world.enrol("UNODC/ROCA")


def test_not_for_the_hub(world: World) -> None:
    """Nobody is certified as the hub, or beneath it."""
    admit_refused(world, world.credential(Party.of(HUB)), Code.MALFORMED_STATEMENT)
    beneath = world.credential(Party.of(Address(f"{HUB}/ADMIN")), HUB)
    admit_refused(world, beneath, Code.UNKNOWN_KEY)


def test_root_signs_as_root(world: World) -> None:
    """A credential in the root's name by another key, or in a member's name by the root, is refused."""
    admit_refused(world, world.credential(Party.of(TJ), key=world.party(KZ).sig), Code.UNKNOWN_KEY)
    admit_refused(world, world.credential(Party.of(Address("KZ/UNIT-2")), KZ, key=world.root), Code.UNKNOWN_KEY)


# Rules 2 and 3: certify, end, roles


def test_issuer_needs_certify(world: World) -> None:
    """A member without the role certifies nobody."""
    world.enrol(TJ, roles=["exchange"])
    admit_refused(world, world.credential(Party.of(Address(f"{TJ}/DUTY-1"))), Code.ROLE_MISSING, "certify")


def test_ends_no_later_than_its_issuer(world: World) -> None:
    """A credential may end with its issuer's, and not a second later."""
    end = START_S + 2 * YEAR_S
    world.enrol("KZ/NFP/DUTY-2", exp=end)
    late = world.credential(Party.of(Address("KZ/NFP/DUTY-3")), exp=end + 1)
    admit_refused(world, late, Code.CREDENTIAL_INVALID, "ends after")


@pytest.mark.parametrize(
    ("sub", "by", "roles"),
    [
        ("KZ/UNIT-2", KZ, ["exchange", "audit"]),
        ("KZ/UNIT-2", KZ, ["coordinate"]),
        ("KZ/NFP/DUTY-2", None, ["audit"]),
        ("KZ/NFP/DUTY-2", None, ["certify"]),
    ],
)
def test_roles_only_narrow(world: World, sub: str, by: str | None, roles: list[str]) -> None:
    """No role is given that the issuer lacks, and no officer certifies."""
    admit_refused(world, world.credential(Party.of(Address(sub)), by, roles=roles), Code.CREDENTIAL_INVALID)


def test_roles_given(world: World) -> None:
    """The root gives every role, and a member its own and any post."""
    world.enrol(TJ, roles=["exchange", "certify", "audit", "coordinate"])
    world.enrol("KZ/UNIT-2", KZ, roles=["exchange", "supervisor", "later_word"])
    world.enrol(f"{TJ}/CHIEF", roles=["audit", "coordinate", "supervisor", "later_post"])
    assert signer_of(world, f"{TJ}/CHIEF").roles == {"audit", "coordinate", "supervisor", "later_post"}


# Rule 5: signing keys belong to one address


def test_signing_key_belongs_to_one_address(world: World) -> None:
    """No signing key of anybody, past keys included, is certified for somebody else."""
    past = world.rotate(KG)
    fresh = Party.of(TJ)
    for taken in (replace(fresh, sig=past.sig), replace(fresh, sig=world.party(DUTY).sig)):
        admit_refused(world, world.credential(taken), Code.KEY_REUSED, "another address")


def test_encryption_key_may_be_shared(world: World) -> None:
    """Who asks with somebody else's encryption key keeps nobody out: only its holder opens what is sealed to it."""
    world.enrol(TJ)
    world.admit(world.credential(replace(Party.of(TJ, 1), enc=world.party(KG).enc)))
    world.renew(KG)
    assert world.sealing_key(TJ) == world.sealing_key(KG)


# Rule 4: what was asked for


def _asked(world: World, **changes: Any) -> str:
    """A credential of TJ with another request than the honest one."""
    party = Party.of(TJ)
    asked = world.enrolment(changes.pop("party", party), **{"roles": ["exchange"], **changes})
    return world.credential(party, roles=["exchange"], request=asked)


def test_credential_answers_a_request(world: World) -> None:
    """Who is certified has asked, in this network, for these roles, with this key; and so much is enough."""
    for changes in ({"aud": f"toy/{'A' * 43}"}, {"iss": KG}, {"roles": ["audit"]}, {"key": world.party(KG).key()}):
        admit_refused(world, _asked(world, **changes), Code.REQUEST_INVALID)
    asked = world.enrolment(Party.of(TJ), roles=["exchange"]).rpartition(".")[0]
    forged = f"{asked}.{world.enrolment(Party.of(TJ)).rpartition('.')[2]}"
    party = Party.of(TJ)
    admit_refused(world, world.credential(party, roles=["exchange"], request=forged), Code.REQUEST_INVALID)
    token = world.token(KZ)
    admit_refused(world, world.credential(party, roles=["exchange"], request=token), Code.REQUEST_INVALID)
    world.admit(_asked(world))


def test_request_that_cannot_be_read(world: World) -> None:
    """A request of another form, or with a claim that must be understood and is not, has the code of that."""
    admit_refused(world, _asked(world, name=""), Code.MALFORMED_STATEMENT)
    admit_refused(world, _asked(world, critical=["later"]), Code.UNSUPPORTED_CRITICAL)
    admit_refused(world, world.credential(Party.of(TJ), request="a.b.c"), Code.MALFORMED_STATEMENT)


def test_request_counts_again(world: World) -> None:
    """One request may be answered again: other dates, fewer roles, the root in a member's place; an older one not."""
    unit = Party.of(Address("KZ/UNIT-7"))
    older = world.enrolment(Party.of(unit.address, 1), roles=["exchange", "certify"])
    world.wait(1)
    asked = world.enrolment(unit, roles=["exchange", "certify"])
    for by, roles in ((KZ, ["exchange", "certify"]), (KZ, ["exchange"]), (ROOT, ["exchange", "certify"])):
        world.admit(world.credential(unit, by, roles=roles, request=asked))
    again = world.credential(Party.of(unit.address, 1), ROOT, roles=["exchange"], request=older)
    admit_refused(world, again, Code.REQUEST_INVALID, "newer request")
    world.enrol(unit.address)


def test_request_is_not_dated_ahead(world: World) -> None:
    """A request from the future would keep out every later one: it counts when its time has come."""
    late = _asked(world, iat=world.time_s + 121)
    admit_refused(world, late, Code.CLOCK_AHEAD)
    world.wait(1)
    world.admit(late)


def test_revoked_key_stays_revoked(world: World) -> None:
    """A credential for a revoked key, kept back until then, brings it to life no more; a fresh key is certified."""
    kept = world.credential(world.party(KG))
    world.revoke(KG, ROOT)
    admit_refused(world, kept, Code.CREDENTIAL_REVOKED)
    world.rotate(KG)
    assert signer_of(world, KG).key == world.party(KG).sig.public


def test_network_keys_belong_to_nobody(world: World) -> None:
    """The keys of root and hub, of past epochs and of the next root too, are certified for no address."""
    keys = [world.root, world.ledger_key, world.event_key]
    world.turn_root()
    for key in [*keys, world.root, world.next_root]:
        taken = replace(Party.of(TJ), sig=key)
        admit_refused(world, world.credential(taken), Code.KEY_REUSED, "the network's")


def test_revoked_key_never_returns(world: World) -> None:
    """A signing key that was revoked is not certified again; the address gets mail and speech back with a new one."""
    world.revoke(KG)
    admit_refused(world, world.credential(world.party(KG)), Code.CREDENTIAL_REVOKED, "never certified again")
    world.enrol(KG)
    assert signer_of(world, KG).key.kid == world.party(KG).sig.kid


def test_a_neighbour_does_not_take_over(world: World) -> None:
    """A member certifies nobody whom the root, or another member, has certified before."""
    world.enrol("KZ/CUSTOMS")
    with refused(Code.CREDENTIAL_INVALID):
        world.enrol("KZ/NFP", by="KZ/CUSTOMS")
    world.enrol("KZ/POST", by="KZ/CUSTOMS")
    with refused(Code.CREDENTIAL_INVALID):
        world.enrol("KZ/POST", by="KZ/NFP")
    world.enrol("KZ/POST", by="KZ/CUSTOMS")
    world.enrol("KZ/POST")
    with refused(Code.CREDENTIAL_INVALID):
        world.enrol("KZ/POST", by="KZ/CUSTOMS")
