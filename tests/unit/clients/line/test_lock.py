"""Who holds the line of a store."""

from __future__ import annotations

import asyncio
import errno
import multiprocessing
import os
import signal
from pathlib import Path

import pytest

from clients.line.lock import Holder, LineHeld, heed_others, hold_line, holder_of, line_file
from schemas.errors import Code, SeraiError


def test_one_holds_the_line_at_a_time(tmp_path: Path) -> None:
    """A second holder is refused and told who the first is; after the first it may."""
    store = tmp_path / "store.db"
    with hold_line(store, "serai run", 5), pytest.raises(LineHeld, match=f"serai run, process {os.getpid()}") as error:
        hold_line(store, "serai send", 6).__enter__()
    assert error.value.holder == Holder(os.getpid(), "serai run", 5)
    with hold_line(store, "serai send", 7):
        pass


def test_whoever_looks_hears_how_things_are(tmp_path: Path) -> None:
    """What the holder tells is what others read; without a holder there is nothing to read."""
    store = tmp_path / "store.db"
    assert holder_of(store) is None
    with hold_line(store, "serai run", 5) as line:
        line.tell(live=True, fault="hub_not_ready", offset_ms=-7)
        assert holder_of(store) == Holder(os.getpid(), "serai run", 5, True, "hub_not_ready", -7)
        line.tell(live=True, fault="", offset_ms=0)
        assert holder_of(store) == Holder(os.getpid(), "serai run", 5, True)
    assert holder_of(store) is None


def test_whoever_looks_hears_since_when(tmp_path: Path) -> None:
    """When the line came or went is kept until it turns again, whatever else is told meanwhile."""
    store = tmp_path / "store.db"
    with hold_line(store, "serai run", 5) as line:
        said = []
        for live, fault, now_ms in ((False, "x", 6), (True, "", 7), (True, "y", 8), (False, "y", 9), (False, "z", 10)):
            line.tell(live=live, fault=fault, offset_ms=0, now_ms=now_ms)
            holder = holder_of(store)
            assert holder is not None
            said.append((holder.live, holder.fault, holder.turned_ms))
    assert said == [(False, "x", 0), (True, "", 7), (True, "y", 7), (False, "y", 9), (False, "z", 9)]


def test_status_that_cannot_be_written_is_written_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """On a full disk the line is held all the same; its status is written when there is room, changed or not."""
    store, write, is_full = tmp_path / "store.db", os.pwrite, True

    def fail(descriptor: int, data: bytes, offset: int) -> int:
        if is_full:
            raise OSError(errno.ENOSPC, "No space left on device")
        return write(descriptor, data, offset)

    monkeypatch.setattr("clients.line.lock.os.pwrite", fail)
    with hold_line(store, "serai run", 5) as line:
        for now_ms in (6, 7):
            line.tell(live=True, fault="", offset_ms=0, now_ms=now_ms)
        assert holder_of(store) == Holder(0, "another process", 0)
        is_full = False
        line.tell(live=True, fault="", offset_ms=0, now_ms=8)
        assert holder_of(store) == Holder(os.getpid(), "serai run", 5, live=True, turned_ms=6)
    assert sum("No space left" in record.message for record in caplog.records) == 1


class Shelf:
    """A store whose version is what a list says; a fault in it is raised."""

    def __init__(self, *versions: int | SeraiError) -> None:
        self.versions = list(versions)

    @property
    def version(self) -> int:
        """The next one."""
        found = self.versions.pop(0)
        if isinstance(found, SeraiError):
            raise found
        return found


async def _pause(_seconds: float) -> None:
    await asyncio.sleep(0)


async def test_others_are_heeded_again_after_a_fault_of_the_disk(caplog: pytest.LogCaptureFixture) -> None:
    """A change is noticed once, also where the store could not be looked at meanwhile; that is logged once."""
    full, heard = SeraiError(Code.STORAGE_FAILED, "disk I/O error"), []
    shelf = Shelf(full, 1, 1, 2, full, full, 3, full, 3, 4)
    with pytest.raises(IndexError):
        await heed_others(shelf, _pause, lambda: heard.append(len(shelf.versions)))
    assert heard == [6, 3, 0]
    assert sum("disk I/O error" in record.message for record in caplog.records) == 3


async def test_other_faults_of_the_store_are_told() -> None:
    """A store that is damaged is not looked at again and again."""
    with pytest.raises(SeraiError, match="damaged"):
        await heed_others(Shelf(1, SeraiError(Code.DAMAGED)), _pause, lambda: None)


def test_holder_that_does_not_say_who_it_is_is_still_one(tmp_path: Path) -> None:
    """A line whose file cannot be read is held all the same."""
    store = tmp_path / "store.db"
    with hold_line(store, "serai run", 5):
        line_file(store).write_text("?")
        assert holder_of(store) == Holder(0, "another process", 0)
        with pytest.raises(LineHeld, match="another process"):
            hold_line(store, "serai run", 6).__enter__()


def _hold(store: Path, ready: int) -> None:
    with hold_line(store, "serai run", 5):
        os.write(ready, b".")
        signal.pause()


def test_killed_holder_holds_nothing(tmp_path: Path) -> None:
    """The lock ends with the process, whatever it left in the file."""
    store = tmp_path / "store.db"
    readable, writable = os.pipe()
    process = multiprocessing.get_context("fork").Process(target=_hold, args=(store, writable))
    process.start()
    assert os.read(readable, 1) == b"."
    holder = holder_of(store)
    assert holder is not None
    assert holder.pid == process.pid
    process.kill()
    process.join()
    assert holder_of(store) is None
    with hold_line(store, "serai run", 6):
        pass
