"""Epochs of the directory: which follows, with which keys, and which of two holds (PROTOCOL 5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from schemas.addresses import ROOT
from schemas.claims import StatementType
from schemas.directory import Directory, NetworkEpoch, first_difference, overrules
from schemas.errors import Code
from schemas.keys import SigningKey
from schemas.statements import parse_statement
from tests.support.family import admit_refused, make_family, signer_of
from tests.support.refusals import refused
from tests.support.world import KG, KZ, TJ, Party, World, sign_payload, signing_key


@pytest.fixture
def world() -> World:
    """KZ, KG and the room with an officer each, and a unit of KZ with a clerk."""
    return make_family()


# Which epoch follows


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


# Keys of a network


def _named(world: World, **keys: SigningKey) -> str:
    """The next epoch, with other keys in its document."""
    members = {name: key.kid if name == "next_root" else key.public.to_jwk() for name, key in keys.items()}
    return world.epoch(network=world.document(**members))


@pytest.mark.parametrize("purpose", ["next_root", "ledger_key", "event_key"])
def test_keys_of_a_network_differ_from_those_of_members(world: World, purpose: str) -> None:
    """A key that was ever certified, an old one too, is never one of the network's."""
    past = world.rotate(KG)
    for key in (world.party(KZ).sig, past.sig):
        admit_refused(world, _named(world, **{purpose: key}), Code.KEY_REUSED, purpose)


@pytest.mark.parametrize(
    ("purpose", "before"),
    [
        ("next_root", "root"),
        ("next_root", "ledger_key"),
        ("ledger_key", "event_key"),
        ("event_key", "ledger_key"),
        ("ledger_key", "next_root"),
        ("event_key", "root"),
    ],
)
def test_key_of_a_network_keeps_its_purpose(world: World, purpose: str, before: str) -> None:
    """A key that an epoch named for one purpose, however long ago, serves no other; beside each other neither."""
    old = getattr(world, before)
    admit_refused(world, _named(world, **{purpose: old}), Code.KEY_REUSED)
    for name in ("ledger_key", "event_key"):
        setattr(world, name, signing_key(f"new {name}"))
    world.turn_root()
    world.turn_root()
    admit_refused(world, _named(world, **{purpose: old}), Code.KEY_REUSED, purpose)


def test_next_root_becomes_the_root(world: World) -> None:
    """That a next root becomes the root is what it is for; a root never becomes the next one again."""
    first = world.root
    world.turn_root()
    admit_refused(world, _named(world, next_root=first), Code.KEY_REUSED, "next_root was the root")
    world.turn_root()
    assert world.directory.epoch.number == 2


# Which of two holds


def _two(first_by: str, second_by: str) -> tuple[Sequence[NetworkEpoch], Sequence[NetworkEpoch]]:
    """Two histories of one network that part after epoch 0; the second epoch 1 names other hub keys."""
    histories = []
    for number, by in enumerate((first_by, second_by)):
        world = make_family()
        world.event_key = signing_key(f"event {number}")
        world.turn_root() if by == "next_root" else world.admit(world.epoch())
        histories.append(world.directory.epochs)
    return histories[0], histories[1]


@pytest.mark.parametrize(
    ("known_by", "shown_by", "holds"),
    [
        ("root", "next_root", True),
        ("next_root", "root", False),
        ("root", "root", False),
        ("next_root", "next_root", False),
    ],
)
def test_which_of_two_epochs_holds(known_by: str, shown_by: str, holds: bool) -> None:
    """The epoch by the next root holds against one by the root; of two by the same key the one verified first."""
    known, shown = _two(known_by, shown_by)
    assert first_difference(known, shown) == 1
    assert overrules(known, shown, 1) is holds


def test_no_epoch_0_holds_against_the_first(world: World) -> None:
    """A second epoch 0 never holds, and histories that go on from each other do not differ."""
    other = make_family()
    other.admit(other.epoch())
    assert first_difference(world.directory.epochs, other.directory.epochs) is None
    assert overrules(world.directory.epochs, other.directory.epochs, 0) is False
