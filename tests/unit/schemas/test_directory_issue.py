"""The directory: who may start an epoch and certify whom as what, by the rules of PROTOCOL 5."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from schemas.addresses import HUB, ROOT, Address
from schemas.claims import StatementType
from schemas.directory import Directory
from schemas.errors import Code
from schemas.statements import parse_statement
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
    sign_payload,
    signing_key,
)


@pytest.fixture
def world() -> World:
    """KZ, KG and the room with an officer each, and a unit of KZ with a clerk."""
    return make_family()


# Epochs and the root


def test_before_the_first_epoch() -> None:
    """Before leaf 0 there is no epoch, and nothing is certified."""
    directory = Directory(World([]).network)
    with refused(Code.WRONG_EPOCH):
        _ = directory.epoch
    with refused(Code.UNKNOWN_KEY):
        directory.verify(parse_statement(World([KZ]).log[1].text))


def test_epoch_in_force(world: World) -> None:
    """The first epoch names keys, document and origin of the checkpoints."""
    epoch = world.directory.epoch
    assert (epoch.number, epoch.origin) == (0, f"serai/{world.network}/0")
    assert (epoch.ledger_key, epoch.document.name) == (world.ledger_key.public, "toy")


def test_first_epoch_is_pinned() -> None:
    """Epoch 0 is believed only under the key whose thumbprint was known beforehand."""
    world, other = World([]), signing_key("other")
    directory = Directory(world.network)
    forged = world.epoch(other, epoch=0, index=0, root=None, network=world.document(root=other.public.to_jwk()))
    with refused(Code.UNKNOWN_KEY):
        directory.verify(parse_statement(forged))
    claimed = sign_payload(StatementType.EPOCH, {}, replace(other, public=world.root.public))
    with refused(Code.UNKNOWN_KEY):
        directory.verify(parse_statement(claimed))


@pytest.mark.parametrize(
    "payload",
    ["", "[]", "{", '{"network":5}', '{"network":{"root":5}}', '{"network":{}}', "[" * 5_000, '{"a":1,"a":2}', "\x00"],
)
def test_unverified_root_key_is_only_looked_at(payload: str) -> None:
    """Whatever a statement that claims the pinned key says, it is a statement by an unknown key."""
    world = World([])
    forger = replace(signing_key("other"), public=world.root.public)
    for kind in (StatementType.EPOCH, StatementType.CREDENTIAL):
        with refused(Code.UNKNOWN_KEY):
            Directory(world.network).verify(parse_statement(sign_payload(kind, payload, forger)))


def test_unverified_root_key_must_sign() -> None:
    """A forged statement that shows the true root key is refused by its signature."""
    world = World([])
    forger = replace(signing_key("other"), public=world.root.public)
    forged = sign_payload(StatementType.EPOCH, {"network": world.document()}, forger)
    with refused(Code.BAD_SIGNATURE):
        Directory(world.network).verify(parse_statement(forged))


def test_unverified_root_key_is_the_pinned_one() -> None:
    """Before its signature is checked, only an epoch gives a key, and no key but the pinned one."""
    world = World([])
    forger, directory = replace(signing_key("other"), public=world.root.public), Directory(world.network)
    other = {"network": world.document(root=signing_key("other").public.to_jwk())}
    for kind, payload in ((StatementType.EPOCH, other), (StatementType.CREDENTIAL, {"network": world.document()})):
        with refused(Code.UNKNOWN_KEY):
            directory.key_of(parse_statement(sign_payload(kind, payload, forger)))
    assert directory.key_of(parse_statement(world.log[0].text)) == world.root.public


def test_root_turns(world: World) -> None:
    """The next root starts an epoch with its key; then the old one certifies nobody, and credentials stay good."""
    old = world.root
    world.turn_root()
    assert world.directory.epoch.number == 1
    assert world.directory.epoch.root == world.root.public
    admit_refused(world, world.credential(Party.of(TJ), key=old), Code.UNKNOWN_KEY)
    admit_refused(world, world.revocation(world.party(KZ), ROOT, key=old), Code.UNKNOWN_KEY)
    admit_refused(world, world.epoch(old, network=world.document(root=old.public.to_jwk())), Code.UNKNOWN_KEY)
    world.enrol(TJ)
    assert signer_of(world, KZ).address == KZ


def test_same_root_goes_on(world: World) -> None:
    """A later epoch may keep its root and change the keys of the hub; the old event key is then no good."""
    old, world.event_key = world.event_key, signing_key("new event")
    world.admit(world.epoch())
    admit_refused(world, world.event("suspended", key=old, member=KG), Code.UNKNOWN_KEY)
    world.suspend(KG)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"epoch": 2}, Code.WRONG_EPOCH),
        ({"index": 1}, Code.WRONG_EPOCH),
        ({"index": 99}, Code.WRONG_EPOCH),
        ({"epoch": 0, "index": 0, "root": None}, Code.WRONG_EPOCH),
    ],
)
def test_epochs_come_in_order(world: World, changes: dict[str, Any], code: Code) -> None:
    """An epoch is the next one and names its own place."""
    admit_refused(world, world.epoch(**changes), code)


def test_epoch_names_network_and_its_own_root(world: World) -> None:
    """A document of another name, or with another root than the key that signs, is refused."""
    admit_refused(world, world.epoch(network=world.document(name="other")), Code.WRONG_NETWORK)
    document = world.document(root=world.next_root.public.to_jwk())
    admit_refused(world, world.epoch(network=document), Code.WRONG_NETWORK)


def test_epoch_is_for_roots(world: World) -> None:
    """A member or the hub starts no epoch, whatever it puts into the document."""
    for key in (world.party(KZ).sig, world.event_key):
        document = world.document(root=key.public.to_jwk())
        admit_refused(world, world.epoch(key, network=document), Code.UNKNOWN_KEY)


def test_next_root_signs_epochs_only(world: World) -> None:
    """Before its epoch the next root certifies nobody, even if it shows its key."""
    party = Party.of(TJ)
    text = world.credential(party, key=world.next_root, network={"root": world.next_root.public.to_jwk()})
    admit_refused(world, text, Code.UNKNOWN_KEY)


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
        ("KZ/UNIT-2", KZ, ["exchange", "supervisor"]),
        (TJ, None, ["exchange", "duty_officer"]),
    ],
)
def test_roles_only_narrow(world: World, sub: str, by: str | None, roles: list[str]) -> None:
    """No role is given that the issuer lacks, no officer certifies, and posts are for officers."""
    admit_refused(world, world.credential(Party.of(Address(sub)), by, roles=roles), Code.CREDENTIAL_INVALID)


def test_roles_given(world: World) -> None:
    """The root gives every role, and a member its own and any post."""
    world.enrol(TJ, roles=["exchange", "certify", "audit", "coordinate"])
    world.enrol(f"{TJ}/CHIEF", roles=["audit", "coordinate", "supervisor", "later_post"])
    assert signer_of(world, f"{TJ}/CHIEF").roles == {"audit", "coordinate", "supervisor", "later_post"}


# Rule 4: keys belong to one address


def test_key_belongs_to_one_address(world: World) -> None:
    """Neither key of anybody, past keys included, is certified for somebody else."""
    past = world.rotate(KG)
    fresh = Party.of(TJ)
    for taken in (
        replace(fresh, sig=past.sig),
        replace(fresh, enc=past.enc),
        replace(fresh, sig=world.party(DUTY).sig),
    ):
        admit_refused(world, world.credential(taken), Code.CREDENTIAL_INVALID, "another address")


def test_revoked_key_stays_revoked(world: World) -> None:
    """A credential for a revoked key, kept back until then, brings it to life no more; a fresh key is certified."""
    kept = world.credential(world.party(KG))
    world.revoke(KG, ROOT)
    admit_refused(world, kept, Code.CREDENTIAL_REVOKED)
    world.rotate(KG)
    assert signer_of(world, KG).key == world.party(KG).sig.public


def test_network_keys_belong_to_nobody(world: World) -> None:
    """The keys of root and hub, of past epochs too, are certified for no address."""
    keys = [world.root, world.ledger_key, world.event_key]
    world.turn_root()
    for key in [*keys, world.root]:
        taken = replace(Party.of(TJ), sig=key)
        admit_refused(world, world.credential(taken), Code.CREDENTIAL_INVALID, "another address")


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
