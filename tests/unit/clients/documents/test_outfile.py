"""Files that a command writes for people."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from clients.documents.outfile import open_private
from clients.errors import LocalCode
from tests.support.refusals import refused


def write(path: Path, data: bytes, *, force: bool = False) -> None:
    """Write a whole file."""
    with open_private(path, force=force) as file:
        file.write(data)


def write_half(path: Path, *, force: bool) -> None:
    """Be cut off in the middle of a file."""
    with open_private(path, force=force) as file:
        file.write(b"half")
        raise KeyboardInterrupt


def test_file_is_its_owners_alone(tmp_path: Path) -> None:
    """A file is mode 0600, and nothing else is left beside it."""
    write(tmp_path / "x.csv", b"whole")
    assert (tmp_path / "x.csv").read_bytes() == b"whole"
    assert (tmp_path / "x.csv").stat().st_mode & 0o777 == 0o600
    assert len(list(tmp_path.iterdir())) == 1


def test_nothing_is_overwritten_unless_forced(tmp_path: Path) -> None:
    """What is there stays; only force replaces it, and then with mode 0600. A dangling link counts as there."""
    path = tmp_path / "x.csv"
    path.write_bytes(b"old")
    path.chmod(0o644)
    with refused(LocalCode.OUTPUT_EXISTS, "there already"):
        write(path, b"new")
    assert path.read_bytes() == b"old"
    write(path, b"new", force=True)
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"new", 0o600)
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    with refused(LocalCode.OUTPUT_EXISTS, "there already"):
        write(tmp_path / "link", b"new")


@pytest.mark.parametrize("force", [False, True])
def test_half_a_file_never_appears(tmp_path: Path, force: bool) -> None:
    """What is cut off leaves nothing under the name, and an older file as it was."""
    path = tmp_path / "x.csv"
    if force:
        path.write_bytes(b"old")
    with pytest.raises(KeyboardInterrupt):
        write_half(path, force=force)
    assert [each.read_bytes() for each in tmp_path.iterdir()] == ([b"old"] if force else [])


def test_file_made_meanwhile_is_kept(tmp_path: Path) -> None:
    """A file that somebody else makes under the name while it is written is not overwritten."""

    def write_late() -> None:
        with open_private(tmp_path / "x.csv"):
            (tmp_path / "x.csv").write_bytes(b"theirs")

    with pytest.raises(FileExistsError):
        write_late()
    assert [each.read_bytes() for each in tmp_path.iterdir()] == [b"theirs"]


def test_killed_at_any_system_call_leaves_no_empty_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whenever it ends, under the name there is nothing or the whole file; its name is on disk with it."""
    path, seen, synced = tmp_path / "x.csv", [], []

    def watched(name: str) -> None:
        was = getattr(os, name)

        def call(*what: object, **how: object) -> object:
            seen.append(path.read_bytes() if path.exists() else None)
            if name == "fsync":
                synced.append(Path(f"/proc/self/fd/{what[0]}").readlink())
            return was(*what, **how)

        monkeypatch.setattr(os, name, call)

    for name in ("open", "close", "link", "replace", "rename", "unlink", "fsync"):
        watched(name)
    write(path, b"whole")
    assert set(seen) == {None, b"whole"}
    assert synced[-1] == tmp_path


def test_disk_without_links_will_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a file cannot have two names it gets its name all the same."""

    def refuse(*_what: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "link", refuse)
    write(tmp_path / "x.csv", b"whole")
    assert [each.read_bytes() for each in tmp_path.iterdir()] == [b"whole"]
