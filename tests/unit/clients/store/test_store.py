"""A store as a whole: made, locked, opened."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from clients.errors import LocalCode
from clients.keys.keystore import CHEAP, Keys
from clients.store import Store
from schemas.addresses import Address
from schemas.errors import Code
from schemas.keys import SigningKey
from tests.support.desk import keys_of, locked, make_store
from tests.support.refusals import refused
from tests.support.world import KZ, World


def test_store_opens_with_its_passphrase(tmp_path: Path) -> None:
    """Keys come back with the passphrase, and with no other."""
    world = World([KZ])
    with make_store(tmp_path, world, "KZ/NFP") as store:
        keys = store.keys
    with Store.open(tmp_path / "kz-nfp.db", "toy") as again:
        assert again.keys == keys
    with refused(Code.DECRYPTION_FAILED):
        Store.open(tmp_path / "kz-nfp.db", "boy")


def test_store_is_not_made_over_another(tmp_path: Path) -> None:
    """What is there is never overwritten."""
    world = World([KZ])
    make_store(tmp_path, world, "KZ/NFP").close()
    with pytest.raises(FileExistsError):
        make_store(tmp_path, world, "KZ/NFP")


def test_missing_store_is_said_to_be_missing(tmp_path: Path) -> None:
    """Opening makes no file."""
    with refused(LocalCode.NO_STORE):
        Store.open(tmp_path / "none.db", "toy")
    assert list(tmp_path.iterdir()) == []


def test_store_without_keys_is_damaged(tmp_path: Path) -> None:
    """A file whose keys are gone is not opened as if it were new."""
    with make_store(tmp_path, World([KZ]), "KZ/NFP") as store:
        store._database.execute("DELETE FROM keystore")
    with refused(Code.DAMAGED):
        Store.open(tmp_path / "kz-nfp.db", "toy")


def test_keys_can_be_changed_and_the_passphrase_too(tmp_path: Path) -> None:
    """Other keys under another passphrase replace the old ones; what is stored stays readable."""
    with make_store(tmp_path, World([KZ]), "KZ/NFP") as store:
        store.trust.set_clock_offset_ms(5)
        store.set_keys(replace(store.keys, signing=()), "new", cost=CHEAP)
    with Store.open(tmp_path / "kz-nfp.db", "new") as again:
        assert (again.keys.signing, again.trust.clock_offset_ms) == ((), 5)


def test_store_key_cannot_be_changed(tmp_path: Path) -> None:
    """Keys with another store key are refused: nothing stored could be read any more."""
    world = World([KZ])
    with make_store(tmp_path, world, "KZ/NFP") as store, refused(LocalCode.STORE_KEY_FIXED):
        store.set_keys(keys_of(world, "KZ/NFP"), "toy", cost=CHEAP)


def test_keys_that_another_process_changed_are_seen(tmp_path: Path) -> None:
    """An officer's key that another process has added is there without opening anew; nobody's change is lost."""
    world = World([KZ])
    with make_store(tmp_path, world, "KZ/NFP") as store, Store.open(tmp_path / "kz-nfp.db", "toy") as other:
        officers = [Address(f"KZ/NFP/DUTY-{number}") for number in (1, 2)]
        for each, officer in zip((store, other), officers, strict=True):
            before = each.version
            key = locked(world, officer, SigningKey.from_seed(officer.encode().ljust(32)))
            each.change_keys(partial(Keys.with_officer, address=officer, key=key))
            assert each.version == before  # one's own change is no other's
        assert set(store.keys.officers) == set(other.keys.officers) == set(officers)
        assert store.path == other.path


def test_keys_under_another_passphrase_stay_as_they_were(tmp_path: Path) -> None:
    """Who cannot read the new keys goes on with the old ones."""
    with make_store(tmp_path, World([KZ]), "KZ/NFP") as store, Store.open(tmp_path / "kz-nfp.db", "toy") as other:
        other.set_keys(replace(other.keys, signing=()), "new", cost=CHEAP)
        assert store.keys.signing
        assert not other.keys.signing


def test_copy_is_a_store(tmp_path: Path) -> None:
    """A copy made while the store is in use opens with the same passphrase and holds the same."""
    with make_store(tmp_path, World([KZ]), "KZ/NFP") as store:
        store.trust.set_clock_offset_ms(5)
        store.copy_to(tmp_path / "copy" / "store.db")
        with Store.open(tmp_path / "copy" / "store.db", "toy") as copy:
            assert (copy.keys, copy.trust.clock_offset_ms) == (store.keys, 5)
        with pytest.raises(FileExistsError):
            store.copy_to(tmp_path / "copy" / "store.db")
