"""Who holds the line of a store."""

from __future__ import annotations

import multiprocessing
import os
import signal
from pathlib import Path

import pytest

from clients.holder import Holder, LineHeld, hold_line, holder_of, line_file


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
