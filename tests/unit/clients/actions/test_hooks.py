"""Programs that call somebody: one for each cause, bounded in time and number."""

from __future__ import annotations

import os
import shlex
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from clients.actions.hooks import MOST_AT_ONCE, HookEnd, Hooks

HANG = f"{shlex.quote(sys.executable)} -c 'import time; time.sleep(600)'"


class Clock:
    """Seconds that a test moves."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        """Now."""
        return self.now_s


@pytest.fixture
def clock() -> Clock:
    """A clock that stands still."""
    return Clock()


@pytest.fixture
def hanging(clock: Clock) -> Iterator[Hooks]:
    """A program that never ends by itself."""
    hooks = Hooks(HANG, clock)
    yield hooks
    hooks.close()


def test_program_learns_the_facts(tmp_path: Path) -> None:
    """It runs without a shell, with what it is to know in its environment, and how it ended is told once."""
    told = tmp_path / "told"
    script = f"import os, pathlib; pathlib.Path({str(told)!r}).write_text(os.environ['SERAI_FAULT'])"
    hooks = Hooks(shlex.join([sys.executable, "-c", script]))
    assert hooks.start("line", {"SERAI_FAULT": "line; rm -r x"})
    assert hooks.finish() == [HookEnd("line", 0)]
    assert (told.read_text(), hooks.tick()) == ("line; rm -r x", [])


def test_program_that_fails_or_is_not_there_ends_nothing() -> None:
    """Its exit code, or why it could not be run, is told; the next call is made all the same."""
    hooks = Hooks(shlex.join([sys.executable, "-c", "raise SystemExit(3)"]))
    hooks.start("line", {})
    assert [(end.status, end.is_good) for end in hooks.finish()] == [(3, False)]
    for command in ("/no/such/program", "'unbalanced"):
        hooks = Hooks(command)
        assert hooks.start("line", {})
        (end,) = hooks.tick()
        assert (end.status, end.why != "", hooks.has_room("line")) == (None, True, True)


def test_one_for_each_cause_and_so_many_in_all(hanging: Hooks) -> None:
    """While one runs for a cause no second is started for it; another cause has its own, up to a bound."""
    assert hanging.start("0", {})
    assert not hanging.start("0", {})
    assert [hanging.start(str(number), {}) for number in range(1, 12)] == [True] * (MOST_AT_ONCE - 1) + [False] * (
        12 - MOST_AT_ONCE
    )


def test_program_that_hangs_is_ended_with_all_that_it_started(tmp_path: Path, clock: Clock) -> None:
    """After its time the whole group is gone, no orphan stays, and the cause can call again."""
    pid = tmp_path / "child"
    child = f"import os, pathlib, time; pathlib.Path({str(pid)!r}).write_text(str(os.getpid())); time.sleep(600)"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    hooks = Hooks(shlex.join([sys.executable, "-c", parent]), clock)
    hooks.start("line", {})
    for _each in range(1000):
        if pid.exists() and pid.read_text():
            break
        time.sleep(0.02)
    assert hooks.tick() == []
    clock.now_s = 61
    assert hooks.tick() == [HookEnd("line", None)]
    assert hooks.has_room("line")
    for _each in range(1000):
        stat = Path(f"/proc/{pid.read_text()}/stat")
        if not stat.exists() or stat.read_text().rpartition(")")[2].split()[0] == "Z":
            break
        time.sleep(0.02)
    else:
        raise AssertionError(f"process {pid.read_text()} goes on, beside {os.getpid()}")


def test_no_command_runs_nothing() -> None:
    """Without a command nothing is started."""
    assert not Hooks("").start("line", {})
