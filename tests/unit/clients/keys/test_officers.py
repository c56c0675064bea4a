"""Officers' keys, each under its officer's own passphrase."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients.errors import LocalCode
from clients.keys.keystore import CHEAP
from clients.keys.officers import LockedKey, lock_key, unlock_officer
from clients.keys.wrapping import wrap_secret
from schemas.addresses import Address
from schemas.errors import Code, SeraiError
from schemas.keys import Kid, SigningKey
from tests.support.refusals import refused
from tests.support.world import KZ, World

ONE, TWO = Address("KZ/NFP/DUTY-1"), Address("KZ/NFP/DUTY-2")


@pytest.fixture(scope="module")
def world() -> World:
    """Somewhere."""
    return World([KZ])


def lock(world: World, address: Address, seed: bytes = b"1", passphrase: str = "mine") -> LockedKey:  # noqa: S107 - of a toy
    """A key of an officer, locked."""
    key = SigningKey.from_seed(seed * 32)
    return lock_key(world.network, address, key, passphrase, CHEAP, world.entropy)


def test_officer_opens_his_keys(world: World) -> None:
    """All keys that the passphrase opens are there, newest first; an older one may have an older passphrase."""
    held = [lock(world, ONE, b"3"), lock(world, ONE, b"2", "before"), lock(world, ONE, b"1")]
    opened = unlock_officer(world.network, ONE, held, "mine")
    assert (opened.address, [key.seed for key in opened.keys]) == (ONE, [b"3" * 32, b"1" * 32])
    assert [key.kid for key in unlock_officer(world.network, ONE, held, "before").keys] == [held[1].kid]


@given(st.text(max_size=20).filter(lambda text: text != "mine"))
def test_nothing_else_opens_them(world: World, guess: str) -> None:
    """Any other passphrase is refused as such, and names whose is wanted."""
    with refused(LocalCode.WRONG_PASSPHRASE, ONE):
        unlock_officer(world.network, ONE, [lock(world, ONE)], guess)


def test_who_has_no_key_here_is_told_so(world: World) -> None:
    """Without an envelope there is nothing to open."""
    with refused(LocalCode.NO_KEY_HELD, TWO):
        unlock_officer(world.network, TWO, [], "mine")


def test_moved_or_swapped_envelope_is_refused(world: World) -> None:
    """An envelope opens for its network, its officer and its key alone, whoever knows the passphrase."""
    mine, older = lock(world, ONE, b"2"), lock(world, ONE, b"1")
    for network, address, held in (
        (world.network, TWO, mine),
        (World([KZ], name="other").network, ONE, mine),
        (world.network, ONE, replace(mine, envelope=older.envelope)),
        (world.network, ONE, replace(mine, kid=Kid("x" * 43))),
    ):
        with refused(Code.DAMAGED):
            unlock_officer(network, address, [held], "mine")


def test_envelope_with_another_key_in_it_is_refused(world: World) -> None:
    """Who makes an envelope in an officer's name, under a passphrase of his own, puts in the key that it names."""
    mine = lock(world, ONE, b"2")
    name = f"serai officer key {world.network} {ONE} {mine.kid}"
    forged = LockedKey(mine.kid, wrap_secret(b"x" * 32, name, "mine", CHEAP, world.entropy))
    with refused(Code.DAMAGED, "another key"):
        unlock_officer(world.network, ONE, [forged], "mine")


@given(st.data())
def test_changed_envelope_opens_nothing(world: World, data: st.DataObject) -> None:
    """Whatever byte is changed, no key comes out."""
    held = lock(world, ONE)
    at = data.draw(st.integers(0, len(held.envelope) - 1))
    changed = bytearray(held.envelope)
    changed[at] ^= data.draw(st.integers(1, 255))
    with pytest.raises(SeraiError) as caught:
        unlock_officer(world.network, ONE, [replace(held, envelope=bytes(changed))], "mine")
    assert caught.value.code in (LocalCode.WRONG_PASSPHRASE, Code.DAMAGED)


def test_secrets_are_not_shown(world: World) -> None:
    """Neither the text of an open officer nor what lies on disk has the seed."""
    held = lock(world, ONE)
    shown = f"{held!r} {unlock_officer(world.network, ONE, [held], 'mine')!r}".encode() + held.envelope
    assert (b"1" * 8 in shown, b"seed" in shown) == (False, False)
