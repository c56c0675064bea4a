"""Other passphrases for a store and its officers: whole or not at all, and never undone by another process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from clients.errors import LocalCode
from clients.store import Store
from schemas.addresses import Address
from schemas.errors import Code
from tests.support.desk import OFFICERS, locked, make_store
from tests.support.refusals import refused
from tests.support.world import KZ, World, signing_key

DUTY, SECOND = Address("KZ/NFP/DUTY-1"), Address("KZ/NFP/DUTY-2")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """KZ's store, with two officers who have one passphrase."""
    world = World([KZ])
    with make_store(tmp_path, world, "KZ/NFP", DUTY) as made:
        made.change_keys(lambda keys: keys.with_officer(SECOND, locked(world, SECOND, signing_key("2"))))
        yield made


def test_store_gets_another_passphrase(store: Store) -> None:
    """The old one opens it no more; officers keep their own."""
    store.change_passphrase("new")
    with refused(Code.DECRYPTION_FAILED):
        Store.open(store.path, "toy")
    with Store.open(store.path, "new") as again:
        assert again.keys == store.keys
        again.officers.unlock(DUTY, OFFICERS, 0)


def test_officer_gets_another_passphrase(store: Store) -> None:
    """His old one opens his key no more; store and other officers keep theirs."""
    before = store.keys
    store.officers.unlock(DUTY, OFFICERS, 0)
    store.change_officer_passphrase(DUTY, "my new one")
    with Store.open(store.path, "toy") as again:
        assert again.keys.officers[SECOND] == before.officers[SECOND]
        assert again.keys.officers[DUTY][0].kid == before.officers[DUTY][0].kid
        again.officers.unlock(SECOND, OFFICERS, 0)
        with refused(LocalCode.WRONG_PASSPHRASE, DUTY):
            again.officers.unlock(DUTY, OFFICERS, 0)
        again.officers.unlock(DUTY, "my new one", 0)


def test_locked_officer_keeps_his_passphrase(store: Store) -> None:
    """Nobody can put another passphrase over a key that is locked."""
    with refused(LocalCode.OFFICER_LOCKED, SECOND):
        store.change_officer_passphrase(SECOND, "mine")


def test_what_is_cut_off_leaves_the_old_passphrase(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A power cut before the disk has all of it leaves what was there: nobody is locked out."""
    execute = store._database.execute

    def dying(sql: str, *values: Any) -> Any:
        if sql == "COMMIT":
            raise OSError("cut off")
        return execute(sql, *values)

    monkeypatch.setattr(store._database, "execute", dying)
    with pytest.raises(OSError, match="cut off"):
        store.change_passphrase("new")
    with pytest.raises(OSError, match="cut off"):
        store.change_officer_passphrase(DUTY, "new")
    monkeypatch.undo()
    store.change_keys(lambda keys: keys)
    with Store.open(store.path, "toy") as again:
        again.officers.unlock(DUTY, OFFICERS, 0)


def test_other_process_does_not_undo_it(store: Store) -> None:
    """A process that was started with the old passphrase reads on, and changes no key: that would bring it back."""
    with Store.open(store.path, "toy") as other:
        store.change_passphrase("new")
        assert other.keys == store.keys
        with refused(LocalCode.PASSPHRASE_CHANGED):
            other.change_keys(lambda keys: keys)
        with refused(LocalCode.PASSPHRASE_CHANGED):
            other.change_passphrase("older")
    Store.open(store.path, "new").close()


def test_old_envelopes_are_not_left_in_the_file(store: Store) -> None:
    """Once the passphrase is another, what the old one opens stands neither in the file nor in the log beside it."""
    old = store._wrapped
    assert old[-60:] in store.path.read_bytes() + Path(f"{store.path}-wal").read_bytes()
    store.change_passphrase("new")
    assert old[-60:] not in store.path.read_bytes() + Path(f"{store.path}-wal").read_bytes()


def test_seat_of_an_officer_has_one_passphrase(tmp_path: Path) -> None:
    """At his own seat the officer is open when the store is, also after a change."""
    with make_store(tmp_path, World([KZ]), DUTY) as seat:
        seat.change_passphrase("new")
        with Store.open(seat.path, "new") as again:
            assert again.officers.is_open(DUTY)
