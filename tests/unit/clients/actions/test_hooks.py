"""Programs that call somebody: one for each cause, bounded in time and number."""

from __future__ import annotations

import os
import shlex
import sys
import time
from collections.abc import Callable, Iterator
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


def is_gone(pid: int) -> bool:
    """Whether a process has ended."""
    stat = Path(f"/proc/{pid}/stat")
    return not stat.exists() or stat.read_text().rpartition(")")[2].split()[0] == "Z"


def leave_behind(hooks: Hooks, pids: Path) -> int:
    """Call for a cause; the program ends at once, and gives the number of what it has started."""
    known = len(list(pids.iterdir()))
    assert hooks.start("line", {})
    wait_for(lambda: hooks.tick() == [HookEnd("line", 0)])
    wait_for(lambda: len(list(pids.iterdir())) > known)
    return max((int(path.name) for path in pids.iterdir()), key=lambda pid: (pids / str(pid)).stat().st_mtime_ns)


def wait_for(is_so: Callable[[], bool]) -> None:
    """Until something is so."""
    for _each in range(1000):
        if is_so():
            return
        time.sleep(0.02)
    raise AssertionError("it never came")


@pytest.fixture
def pids(tmp_path: Path) -> Path:
    """Where what was left behind writes its number."""
    folder = tmp_path / "pids"
    folder.mkdir()
    return folder


@pytest.fixture
def leaving(clock: Clock, pids: Path) -> Iterator[Hooks]:
    """A program that starts another, and ends at once."""
    hooks = Hooks(shlex.join(["sh", "-c", f"sh -c 'touch {pids}/$$; exec sleep 600' &"]), clock)
    yield hooks
    hooks.close()


def test_what_a_program_left_behind_goes_on_until_its_time_is_over(leaving: Hooks, clock: Clock, pids: Path) -> None:
    """A sound that a program has started and does not wait for plays on, and is ended a minute later at the most."""
    child = leave_behind(leaving, pids)
    clock.now_s = 59
    assert (leaving.tick(), is_gone(child)) == ([], False)
    clock.now_s = 60
    assert leaving.tick() == []
    wait_for(lambda: is_gone(child))


def test_next_call_ends_what_the_last_one_left_behind(leaving: Hooks, pids: Path) -> None:
    """What was left behind keeps no call waiting, and two calls of a cause never leave more than one."""
    child = leave_behind(leaving, pids)
    other = leave_behind(leaving, pids)
    wait_for(lambda: is_gone(child))
    assert not is_gone(other)


def test_end_of_the_service_ends_what_was_left_behind(leaving: Hooks, pids: Path) -> None:
    """No orphan rings on when nobody looks after it."""
    child = leave_behind(leaving, pids)
    leaving.close()
    wait_for(lambda: is_gone(child))


def test_programs_that_leave_nothing_make_room_at_once(clock: Clock) -> None:
    """Many short calls one after another need no minute each."""
    hooks = Hooks("true", clock)
    for number in range(3 * MOST_AT_ONCE):
        assert hooks.start(str(number), {})
        assert hooks.finish() == [HookEnd(str(number), 0)]


def test_program_that_was_killed_says_by_what(clock: Clock) -> None:
    """A program that a signal ended has not done what it was to do."""
    hooks = Hooks("sh -c 'kill -9 $$'", clock)
    hooks.start("line", {})
    assert hooks.finish() == [HookEnd("line", -9)]


def test_no_command_runs_nothing() -> None:
    """Without a command nothing is started."""
    assert not Hooks("").start("line", {})
