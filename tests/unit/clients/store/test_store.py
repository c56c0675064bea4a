"""A store as a whole: made, locked, opened."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from clients.keystore import CHEAP
from clients.store import Store
from schemas.errors import Code
from tests.support.desk import keys_of, make_store
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
    with refused(Code.NOT_FOUND):
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
    with make_store(tmp_path, world, "KZ/NFP") as store, refused(Code.NOT_PERMITTED):
        store.set_keys(keys_of(world, "KZ/NFP"), "toy", cost=CHEAP)
