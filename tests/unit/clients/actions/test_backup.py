"""Copying a client, and making it again."""

from __future__ import annotations

import hashlib
from pathlib import Path

from clients.actions.backup import back_up, check_restore, check_target, restore
from clients.actions.home import Home
from clients.errors import LocalCode
from clients.store import BlobState, Store, StoredBlob
from schemas.encoding import Digest, encode_base64url
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


def blob_at(counter: Counter, number: int, state: BlobState, *, is_here: bool = True) -> str:
    """A blob in a state, whose file is here or not; gives its digest."""
    data = bytes([number]) * 5_000
    digest = Digest(hashlib.sha256(data).digest())
    if is_here:
        counter.store.spool.make([data], lambda: digest, bytes([number]))
    name = encode_base64url(digest)
    counter.store.attachments.put(StoredBlob(name, state, urgent=False, size=5_000, at_ms=number))
    return name


def test_attachments_go_into_a_backup_and_come_back(counter: Counter, kz: Desk, tmp_path: Path) -> None:
    """What waits for its upload, was uploaded or fetched is in the copy to the byte, and how far it is.

    What is not here is counted, and nothing is made up for it.
    """
    states = (BlobState.SENDING, BlobState.SENT, BlobState.KEPT)
    here = [blob_at(counter, number, state) for number, state in enumerate(states, 1)]
    gone = blob_at(counter, 4, BlobState.KEPT, is_here=False)
    wanted = blob_at(counter, 5, BlobState.WANTED, is_here=False)
    copy, home = Home(tmp_path / "copy"), Home(tmp_path / "restored")
    assert back_up(counter, copy) == 1
    assert restore(copy, home, kz.passphrase) == 1
    with Store.open(home.store, kz.passphrase) as store:
        rows = {blob.digest: blob.state for blob in store.attachments.all()}
        assert rows == {**dict(zip(here, states, strict=True)), gone: BlobState.KEPT, wanted: BlobState.WANTED}
        for digest in here:
            assert store.spool.holds(digest)
        assert [store.spool.size(each) for each in (gone, wanted)] == [None, None]
        assert {path.stat().st_mode & 0o777 for path in store.spool.folder.iterdir()} == {0o600}
        assert store.spool.folder.stat().st_mode & 0o777 == 0o700
