"""A small toy network with every level of credential, and how tests ask its directory."""

from __future__ import annotations

from typing import Final

from schemas.addresses import Address
from schemas.directory import Certified, Position
from schemas.errors import Code
from schemas.keys import DecryptionKey
from tests.support.refusals import refused
from tests.support.world import DAY_S, KG, KZ, ROOM, Party, World

DUTY: Final = Address("KZ/NFP/DUTY-1")
UNIT: Final = Address("KZ/UNIT-ALMATY")
CLERK: Final = Address("KZ/UNIT-ALMATY/CLERK")


def make_family() -> World:
    """KZ, KG and the room with an officer each, and a unit of KZ with a clerk certified for a day."""
    world = World([KZ, KG, ROOM])
    world.enrol(UNIT, KZ)
    world.enrol(CLERK, exp=world.time_s + DAY_S)
    return world


def signer_of(world: World, address: str, party: Party | None = None, place: Position | None = None) -> Certified:
    """Judge a statement signed by an address at a place, now if none is named."""
    key = (party or world.party(address)).sig
    token = world.token(address, key=key)
    return world.directory.signer(world.verified(token), place or world.place)


def enc_of(party: Party) -> DecryptionKey:
    """The decryption key of a member."""
    assert party.enc is not None
    return party.enc


def admit_refused(world: World, text: str, code: Code, detail: str = "") -> None:
    """Demand a refusal that leaves the directory as it was."""
    before = world.directory
    with refused(code, detail):
        world.admit(text)
    assert world.directory is before
