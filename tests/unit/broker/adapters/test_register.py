"""The register in a file: it only moves forward, one hub at a time, and a torn write costs one step."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from broker.adapters.register import FileRegister
from schemas.errors import Code
from tests.support.refusals import refused

SLOT = 4096


def notes(count: int) -> list[str]:
    """Notes as large as notes get, each another."""
    return [f"{number:03d}" + "é" * 254 for number in range(count)]


def written(path: Path, *texts: str) -> None:
    """A register that took these notes in turn."""
    register = FileRegister(path)
    for text in texts:
        register.swap(register.read(), text)
    register.close()


def read(path: Path) -> str:
    """What a register holds when it is opened."""
    register = FileRegister(path)
    try:
        return register.read()
    finally:
        register.close()


def tear(path: Path, slot: int, keep: int = 100) -> None:
    """Leave a slot as a write does that the power cut in the middle."""
    data = bytearray(path.read_bytes())
    data[slot * SLOT + keep : (slot + 1) * SLOT] = bytes(SLOT - keep)
    path.write_bytes(data)


def test_a_new_register_is_empty_and_its_owners(tmp_path: Path) -> None:
    """File and folder are made, closed to others, and hold nothing."""
    path = tmp_path / "register" / "checkpoint"
    assert read(path) == ""
    assert read(path) == ""
    assert (stat.S_IMODE(path.stat().st_mode), stat.S_IMODE(path.parent.stat().st_mode)) == (0o600, 0o700)


def test_it_holds_the_newest_note_across_restarts(tmp_path: Path) -> None:
    """However many notes were swapped in, the last one is read back, to the letter."""
    path = tmp_path / "checkpoint"
    for count in range(1, 6):
        path.unlink(missing_ok=True)
        written(path, *notes(count))
        assert read(path) == notes(count)[-1]
    assert path.stat().st_size == 2 * SLOT


def test_it_moves_only_from_what_it_holds(tmp_path: Path) -> None:
    """A swap from another note is refused and changes nothing."""
    first, second, third = notes(3)
    register = FileRegister(tmp_path / "checkpoint")
    register.swap("", first)
    for before in ("", second):
        with refused(Code.INCONSISTENT_LEDGER):
            register.swap(before, third)
    assert register.read() == first
    register.swap(first, second)
    register.close()
    assert read(tmp_path / "checkpoint") == second


@pytest.mark.parametrize("count", [1, 2, 3, 4])
@pytest.mark.parametrize("keep", [0, 9, 41, 100, 500])
def test_a_torn_write_costs_one_step(tmp_path: Path, count: int, keep: int) -> None:
    """When the newest slot is torn, the note before it is read, and the register goes on from there."""
    path = tmp_path / "checkpoint"
    texts = notes(count)
    written(path, *texts)
    tear(path, count % 2, keep)
    if count == 1 and keep:
        with refused(Code.DAMAGED):
            read(path)
        return
    before = texts[-2] if count > 1 else ""
    assert read(path) == before
    written(path, "after")
    assert read(path) == "after"


def test_the_other_slot_does_not_matter(tmp_path: Path) -> None:
    """When the older slot is torn, nothing is lost."""
    path = tmp_path / "checkpoint"
    written(path, *notes(4))
    tear(path, 1)
    assert read(path) == notes(4)[-1]


def test_both_slots_torn_is_damage(tmp_path: Path) -> None:
    """A register that holds nothing readable is not taken for an empty one, and lets go of its file."""
    path = tmp_path / "checkpoint"
    written(path, *notes(2))
    whole = path.read_bytes()
    for slot in (0, 1):
        tear(path, slot)
    for _ in range(2):
        with refused(Code.DAMAGED):
            FileRegister(path)
    path.write_bytes(whole)
    assert read(path) == notes(2)[-1]


def test_a_changed_note_is_not_believed(tmp_path: Path) -> None:
    """A flipped bit anywhere in the newest slot's note brings the note before it."""
    path = tmp_path / "checkpoint"
    written(path, *notes(2))
    data = bytearray(path.read_bytes())
    data[60] ^= 1
    path.write_bytes(data)
    assert read(path) == notes(2)[0]


def test_two_hubs_never_share_it(tmp_path: Path) -> None:
    """While it is open nobody else opens it; closed, the next one does."""
    path = tmp_path / "checkpoint"
    register = FileRegister(path)
    for _ in range(2):
        with refused(Code.HUB_NOT_READY, "another hub"):
            FileRegister(path)
    register.close()
    FileRegister(path).close()


@pytest.mark.parametrize("call", ["pwrite", "fdatasync"])
def test_a_write_that_fails_is_told_and_not_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    """A disk that fails leaves the register where it was, and it goes on once the disk works."""

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    path = tmp_path / "checkpoint"
    first, second, third = notes(3)
    register = FileRegister(path)
    register.swap("", first)
    monkeypatch.setattr(os, call, fail)
    with refused(Code.STORAGE_FAILED):
        register.swap(first, second)
    monkeypatch.undo()
    assert register.read() == first
    register.swap(first, third)
    register.close()
    assert read(path) == third
