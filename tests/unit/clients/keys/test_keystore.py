"""A client's keys: what they tell, and how they are wrapped."""

from __future__ import annotations

import pytest

from clients.keys.keystore import CHEAP, Keys, make_keys, make_seat_keys, unwrap_keys, wrap_keys
from schemas.errors import Code
from schemas.keys import DecryptionKey, Kid, SigningKey
from tests.support.desk import locked
from tests.support.refusals import refused
from tests.support.world import KZ, World


@pytest.fixture
def keys() -> Keys:
    """Keys with a bit of everything."""
    world = World([KZ])
    officer = world.party("KZ/NFP/DUTY-1").address
    return make_keys(world.network, KZ, world.entropy).with_officer(officer, locked(world, officer))


def test_wrapped_keys_come_back(keys: Keys) -> None:
    """What was wrapped is unwrapped with the same passphrase."""
    world = World([KZ])
    assert unwrap_keys(wrap_keys(keys, "open", CHEAP, world.entropy), "open") == keys


def test_another_passphrase_opens_nothing(keys: Keys) -> None:
    """A wrong passphrase is refused, and says so."""
    wrapped = wrap_keys(keys, "open", CHEAP, World([KZ]).entropy)
    with refused(Code.DECRYPTION_FAILED, "passphrase"):
        unwrap_keys(wrapped, "close")


def test_secrets_are_not_shown(keys: Keys) -> None:
    """Neither a seed nor the store key is in the text of keys, nor in what lies on disk."""
    shown = repr(keys).encode() + wrap_keys(keys, "open", CHEAP, World([KZ]).entropy)
    secrets = [keys.store_key, keys.signing[0].seed, keys.decryption[0].seed]
    assert [secret for secret in secrets if secret in shown or secret.hex().encode() in shown] == []
    assert b"seed" not in shown


def test_rotation_keeps_the_old_pair(keys: Keys) -> None:
    """After a rotation the new pair comes first and the old one still opens what is on its way."""
    signing, decryption = SigningKey.from_seed(b"s" * 32), DecryptionKey.from_seed(b"d" * 32)
    rotated = keys.with_new_pair(signing, decryption)
    assert [key.kid for key in rotated.signing] == [signing.kid, keys.signing[0].kid]
    assert set(rotated.decryption_by_kid) == {decryption.kid, keys.decryption[0].kid}


def test_rotation_keeps_the_old_key_of_an_officer(keys: Keys) -> None:
    """An officer's new key comes first, and the old one is still there after a restart."""
    (officer,) = keys.officers
    world = World([KZ])
    world.rotate(officer)
    new = locked(world, officer)
    held = Keys.from_json(keys.with_officer(officer, new).to_json()).officers[officer]
    assert [key.kid for key in held] == [new.kid, keys.officers[officer][0].kid]


def test_own_kids_are_all_that_is_held_or_known(keys: Keys) -> None:
    """Every held key, officers' and those held elsewhere included, is the member's own."""
    own = keys.with_known([Kid("elsewhere")]).own_kids
    assert own == {keys.signing[0].kid, keys.decryption[0].kid, next(iter(keys.officers.values()))[0].kid, "elsewhere"}


def test_keys_of_a_seat_open_nothing_and_sign_nothing() -> None:
    """An officer's own seat begins with a store key alone."""
    world = World([KZ])
    keys = make_seat_keys(world.network, world.party("KZ/NFP/DUTY-1").address, world.entropy)
    assert (keys.member, keys.officers, keys.signing, keys.decryption) == (KZ, {}, (), ())
