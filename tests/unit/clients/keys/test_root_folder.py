"""The root's folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from clients.errors import LocalCode
from clients.keys.keystore import CHEAP
from clients.keys.root_folder import RootFolder
from clients.system import System
from schemas.encoding import encode_base64url, sha256
from schemas.errors import Code
from tests.support.refusals import refused

PASSPHRASE = "correct horse"


@pytest.fixture
def folder(tmp_path: Path) -> RootFolder:
    """A root."""
    folder = RootFolder(tmp_path / "root", System())
    folder.make("toy", PASSPHRASE, CHEAP)
    return folder


def test_root_is_made_once(folder: RootFolder) -> None:
    """Both keys open with the passphrase, the state commits to the second; nothing is made over them."""
    first, following = folder.unlock(PASSPHRASE, folder.key), folder.unlock(PASSPHRASE, folder.next_key)
    state = folder.read_state()
    assert (state.network, state.next_root) == (f"toy/{first.public.kid}", following.public.kid)
    assert folder.name.read_text() == state.network + "\n"
    with refused(LocalCode.FILE_EXISTS):
        folder.make("toy", PASSPHRASE, CHEAP)
    with refused(Code.DECRYPTION_FAILED):
        folder.unlock("another", folder.key)


def test_next_root_takes_over(folder: RootFolder) -> None:
    """The next key becomes the root's, another follows it, and the old one is kept aside."""
    old, following = folder.key.read_bytes(), folder.unlock(PASSPHRASE, folder.next_key)
    further = folder.make_key()
    folder.succeed(further, PASSPHRASE)
    assert folder.unlock(PASSPHRASE, folder.key).public == following.public
    assert folder.unlock(PASSPHRASE, folder.next_key).public == further.public
    assert [path.read_bytes() for path in folder.path.glob("old-root-*.key")] == [old]


def test_log_tells_what_was_signed_and_shown(folder: RootFolder) -> None:
    """Every statement is logged in order with its digest and the lines that a person saw."""
    digests = [folder.record(text, [f"shown {text}"]) for text in ("a.b.c", "d.e.f")]
    assert [(each.digest, each.said, each.statement) for each in folder.signed()] == [
        (digests[0], ["shown a.b.c"], "a.b.c"),
        (digests[1], ["shown d.e.f"], "d.e.f"),
    ]
    assert digests[0] == encode_base64url(sha256(b"a.b.c"))
    assert folder.log.stat().st_mode & 0o777 == 0o600


def test_epochs_are_added(folder: RootFolder) -> None:
    """The network file grows by one statement a time."""
    assert folder.epochs() == []
    folder.add_epoch("a.b.c")
    folder.add_epoch("d.e.f")
    assert folder.epochs() == ["a.b.c", "d.e.f"]


def test_what_is_missing_or_damaged_is_named(folder: RootFolder, tmp_path: Path) -> None:
    """No root, a key in its safe, and files that cannot be read are told apart."""
    with refused(LocalCode.NO_ROOT):
        RootFolder(tmp_path, System()).read_state()
    folder.next_key.unlink()
    with refused(LocalCode.NO_ROOT_KEY, "next-root.key"):
        folder.unlock(PASSPHRASE, folder.next_key)
    for text in ("{", "{}", "[]"):
        folder.state.write_text(text)
        with refused(LocalCode.ROOT_FILE_DAMAGED, "root.json"):
            folder.read_state()
        folder.log.write_text(text)
        with refused(LocalCode.ROOT_FILE_DAMAGED, "signed.jsonl"):
            folder.signed()
