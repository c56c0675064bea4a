"""Blobs as files of a folder: appended, sealed, read, dropped; whatever the disk does, nothing else is touched."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import Any

import pytest

from broker.adapters.blobs import folder as module
from broker.adapters.blobs.folder import BlobFolder
from schemas.encoding import sha256
from schemas.errors import Code
from tests.support.refusals import refused


@pytest.fixture
def files(tmp_path: Path) -> BlobFolder:
    """A folder that is not there yet."""
    return BlobFolder(tmp_path / "blobs")


def test_file_grows_and_is_read(files: BlobFolder, tmp_path: Path) -> None:
    """Pieces stand one after the other, and are read from anywhere; the file is its owner's alone."""
    name = files.new_name()
    assert (files.held(name), files.touched_ms(name), list(files.names())) == (0, 0, [])
    files.write(name, 0, [b"one", b"two"])
    files.write(name, 6, [b"three"])
    assert (files.held(name), files.read(name, 3, 8)) == (11, b"twoth")
    assert files.seal(name) == sha256(b"onetwothree")
    assert list(files.names()) == [name]
    assert (tmp_path / "blobs" / name).stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "blobs").stat().st_mode & 0o777 == 0o700
    assert files.touched_ms(name) > 0


def test_what_a_failed_write_left_is_cut_off(files: BlobFolder) -> None:
    """A write says where it goes: what stands beyond it was never counted."""
    name = files.new_name()
    files.write(name, 0, [b"counted", b"not counted"])
    files.write(name, 7, [b"!"])
    assert files.read(name, 0, files.held(name)) == b"counted!"


def test_what_is_not_there_is_gone(files: BlobFolder) -> None:
    """A file that is missing or shorter is lost, and dropping it again is nothing."""
    name = files.new_name()
    with refused(Code.GONE):
        files.read(name, 0, 1)
    files.write(name, 0, [b"x"])
    with refused(Code.GONE):
        files.read(name, 0, 2)
    files.drop(name)
    files.drop(name)
    assert files.held(name) == 0


@pytest.mark.parametrize("name", ["", "../keys/ledger.json", "a" * 31, "A" * 32, "a" * 32 + "/x", "/etc/passwd"])
def test_no_other_file_is_named(files: BlobFolder, name: str) -> None:
    """Only names of its own form lead anywhere: of a damaged record's name there is no file, and nothing is written."""
    assert (files.held(name), files.touched_ms(name)) == (0, 0)
    files.drop(name)
    with refused(Code.GONE):
        files.read(name, 0, 1)
    for act in (lambda: files.write(name, 0, [b"x"]), lambda: files.seal(name)):
        with refused(Code.STORAGE_FAILED):
            act()


def test_link_is_not_followed(files: BlobFolder, tmp_path: Path) -> None:
    """A symbolic link in the place of a file is not written through."""
    name, other = files.new_name(), tmp_path / "other"
    (tmp_path / "blobs").mkdir()
    (tmp_path / "blobs" / name).symlink_to(other)
    with refused(Code.STORAGE_FAILED):
        files.write(name, 0, [b"x"])
    assert not other.exists()


def test_names_are_fresh(files: BlobFolder) -> None:
    """No two files ever have one name."""
    assert len({files.new_name() for _ in range(1_000)}) == 1_000


@pytest.mark.parametrize(("number", "code"), [(errno.ENOSPC, Code.NO_ROOM), (errno.EIO, Code.STORAGE_FAILED)])
def test_faults_of_the_disk(files: BlobFolder, monkeypatch: pytest.MonkeyPatch, number: int, code: Code) -> None:
    """A full disk is no room; any other fault is one of the disk; neither says where."""

    def fail(*_: Any) -> int:
        raise OSError(number, "no", "/secret/place")

    monkeypatch.setattr("broker.adapters.blobs.folder.os.pwrite", fail)
    with refused(code, "blobs"):
        files.write(files.new_name(), 0, [b"x"])


def test_large_file_is_synced_in_parts(files: BlobFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is written is synced as it grows, so that no commit of the database waits for a whole file."""
    synced: list[int] = []
    monkeypatch.setattr("broker.adapters.blobs.folder.os.fdatasync", synced.append)
    monkeypatch.setattr(module, "SYNC_BYTES", 1_000)
    name = files.new_name()
    for at in range(0, 5_000, 500):
        files.write(name, at, [bytes(500)])
    assert len(synced) == 5


def test_share_of_the_disk(files: BlobFolder) -> None:
    """It is known before the folder is there."""
    assert 0 <= files.free_share() <= 1
