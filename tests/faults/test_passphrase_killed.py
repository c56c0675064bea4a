"""A client that is killed while it changes a passphrase: the old one opens, or the new one, and never neither."""

from __future__ import annotations

import os
import shutil
import signal
from dataclasses import replace
from pathlib import Path

import pytest

from clients.store import Store
from schemas.addresses import Address
from schemas.errors import Code, SeraiError
from tests.support.crash import server
from tests.support.desk import OFFICERS, make_store
from tests.support.world import KZ, World

DUTY = Address(f"{KZ}/DUTY-1")
OLD, NEW = "toy", "another passphrase"


def _change(path: Path, dies_at: int, whose: str) -> None:
    with Store.open(path, OLD) as store:
        store.officers.unlock(DUTY, OLD if whose == "seat" else OFFICERS, 1)
        left = dies_at

        def count(_sql: str) -> None:
            nonlocal left
            left -= 1
            if not left:
                os.kill(os.getpid(), signal.SIGKILL)

        store._database._connection.set_trace_callback(count)  # called before each statement, COMMIT too
        if whose == "officer":
            store.change_officer_passphrase(DUTY, NEW)
        else:
            store.change_passphrase(NEW)
        store._database._connection.set_trace_callback(None)


def _opens(path: Path, whose: str, passphrase: str) -> bool:
    """Whether a passphrase opens all that it should open: never the store, and not the officer's key."""
    try:
        with Store.open(path, OLD if whose == "officer" else passphrase) as store:
            assert not store.alarms.raised()
            store.officers.unlock(DUTY, OFFICERS if whose == "store" else passphrase, 1)
    except SeraiError as error:
        if error.code is Code.DECRYPTION_FAILED or whose == "officer":
            return False
        raise
    return True


@pytest.mark.parametrize("whose", ["store", "seat", "officer"])
def test_killed_between_the_writes_of_a_passphrase(tmp_path: Path, whose: str) -> None:
    """Whichever write it does not come to: one passphrase opens it, the old before the commit and the new after it.

    At an officer's own seat the officer's key is under the same passphrase as the store, at every moment.
    """
    made, path = tmp_path / "made", tmp_path / "store.db"
    made.mkdir()
    with make_store(made, World([KZ]), KZ, DUTY) as store:
        if whose == "seat":
            store.change_keys(lambda keys: replace(keys, signing=(), decryption=()))
            store.officers.unlock(DUTY, OFFICERS, 1)
            store.change_passphrase(OLD)
    old, opened = OFFICERS if whose == "officer" else OLD, []
    for dies_at in range(1, 1_000):
        for file in tmp_path.glob("store.*"):
            file.unlink()
        shutil.copy2(store.path, path)
        process = server().Process(target=_change, args=(path, dies_at, whose))
        process.start()
        process.join(60)
        assert process.exitcode in (0, -signal.SIGKILL)
        found = [passphrase for passphrase in (old, NEW) if _opens(path, whose, passphrase)]
        assert len(found) == 1, f"killed before statement {dies_at}: {found}"
        opened += found
        if process.exitcode == 0:
            break
    assert opened == sorted(opened, key=[old, NEW].index)
    assert {*opened} == {old, NEW}
    assert len(opened) > 5
