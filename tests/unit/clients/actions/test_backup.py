"""Copying a client, and making it again."""

from __future__ import annotations

from pathlib import Path

from clients.actions.backup import back_up, check_restore, check_target, restore
from clients.actions.home import Home
from clients.errors import LocalCode
from clients.store import Store
from schemas.errors import Code
from tests.support.counter import Counter
from tests.support.desk import Desk
from tests.support.refusals import refused


def test_a_client_comes_back_whole(counter: Counter, kz: Desk, tmp_path: Path) -> None:
    """Settings, network file and store of the backup make the same client elsewhere."""
    kz.send("UZ/NFP", reference="W-7")
    kz.flush()
    counter.home.network.write_text("epochs\n")
    copy, home = Home(tmp_path / "copy"), Home(tmp_path / "restored")
    back_up(counter, copy)
    restore(copy, home, kz.passphrase)
    assert home.read_settings() == counter.settings
    assert home.network.read_text() == "epochs\n"
    with Store.open(home.store, kz.passphrase) as store:
        assert [row.digest for row in store.outbox.all(10)] == [row.digest for row in counter.store.outbox.all(10)]


def test_nothing_is_written_over(counter: Counter, tmp_path: Path) -> None:
    """Neither a folder that is there nor a client is overwritten."""
    copy = Home(tmp_path / "copy")
    check_target(copy)
    back_up(counter, copy)
    with refused(LocalCode.FILE_EXISTS):
        check_target(copy)
    with refused(LocalCode.FILE_EXISTS):
        check_restore(copy, copy)


def test_another_passphrase_makes_nothing(counter: Counter, tmp_path: Path) -> None:
    """A backup that cannot be opened leaves no client behind."""
    copy, home = Home(tmp_path / "copy"), Home(tmp_path / "restored")
    back_up(counter, copy)
    with refused(Code.DECRYPTION_FAILED):
        restore(copy, home, "another")
    assert not home.path.exists()
