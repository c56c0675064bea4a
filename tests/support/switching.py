"""Switching a defence off in a copy of the tree, and demanding that its tests go red.

A test that stays green when what it tests is gone proves nothing. `Copy` runs named tests in a folder of
its own; within `Copy.switched` the sources there are changed, never those of the checkout. `verdict` says
what the outcomes are worth: only a failed assertion is red, not a crash on the way to it.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest

TREE: Final = ("broker", "clients", "schemas", "tests", "pyproject.toml")
RED: Final = frozenset({"AssertionError", "Failed"})
"""How an assertion fails: by `assert`, or by an exception that was demanded and did not come."""

_OUTCOMES: Final = "SERAI_TEST_OUTCOMES"
_PATIENCE_S: Final = 600


@dataclass(frozen=True, slots=True)
class Edit:
    """A text in a file, which must stand there once, and what it becomes."""

    file: str
    search: str
    replace: str


@dataclass(frozen=True, slots=True)
class Switch:
    """How a defence is switched off, and what notices.

    Attributes:
        defence: what is switched off.
        edits: the smallest change that does it.
        red: tests by module and name; every case of a test unless one is named in brackets.
    """

    defence: str
    edits: tuple[Edit, ...]
    red: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a test ended.

    Attributes:
        when: ``setup``, ``call`` or ``teardown``.
        outcome: ``passed``, ``failed`` or ``skipped``.
        error: name of the exception's type.
    """

    when: str
    outcome: str
    error: str

    @property
    def is_red(self) -> bool:
        """Whether the test's own assertion failed."""
        return self.when == "call" and self.outcome == "failed" and self.error in RED


class Copy:
    """A copy of the tree.

    Args:
        source: the tree, or a copy of it.
        path: where; made here.
    """

    def __init__(self, source: Path, path: Path) -> None:
        self.path = path
        path.mkdir()
        for name in TREE:
            if (source / name).is_dir():
                shutil.copytree(source / name, path / name, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy2(source / name, path / name)

    @contextmanager
    def switched(self, switch: Switch) -> Iterator[None]:
        """The copy without a defence.

        Raises:
            ValueError: a text does not stand in its file exactly once.
        """
        before = {self.path / edit.file: (self.path / edit.file).read_text() for edit in switch.edits}
        times = {file: (stat.st_atime_ns, stat.st_mtime_ns) for file in before for stat in (file.stat(),)}
        try:
            for edit in switch.edits:
                self._apply(edit)
            yield
        finally:
            for file, text in before.items():
                file.write_text(text)
                os.utime(file, ns=times[file])

    def _apply(self, edit: Edit) -> None:
        file = self.path / edit.file
        text = file.read_text()
        if (count := text.count(edit.search)) != 1:
            raise ValueError(f"{edit.file}: {count} times instead of once: {edit.search!r}")
        file.write_text(text.replace(edit.search, edit.replace))

    def run(self, tests: Iterable[str], *, compiles: bool = False) -> dict[str, Outcome]:
        """Run tests; the outcome of every case, by module and name.

        Args:
            tests: by module and name.
            compiles: whether to keep bytecode for later runs: only of untouched sources.
        """
        report = self.path / "outcomes.jsonl"
        report.unlink(missing_ok=True)
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", __name__, *tests]
        variables = {_OUTCOMES: str(report), "PYTHONPATH": str(self.path), "CI": "true"}
        variables["PYTHONDONTWRITEBYTECODE"] = "" if compiles else "1"
        subprocess.run(
            command,
            cwd=self.path,
            env={**os.environ, **variables},
            check=False,
            capture_output=True,
            stdin=subprocess.DEVNULL,
            timeout=_PATIENCE_S,
        )
        lines = [json.loads(line) for line in report.read_text().splitlines()] if report.exists() else []
        outcomes: dict[str, Outcome] = {}
        for line in lines:
            name, outcome = line.pop("id"), Outcome(**line)
            if outcomes.get(name, outcome).outcome == "passed" or name not in outcomes:
                outcomes[name] = outcome  # after a failure, what comes of it does not matter
        return outcomes


def cases(outcomes: Mapping[str, Outcome], test: str) -> list[str]:
    """The cases of a test among outcomes."""
    return [name for name in outcomes if name == test or name.startswith(f"{test}[")]


def verdict(switch: Switch, outcomes: Mapping[str, Outcome]) -> list[str]:
    """What is wrong with a switch's tests; nothing if all went red."""
    found = [(test, cases(outcomes, test)) for test in switch.red]
    missing = [f"{test} did not run" for test, names in found if not names]
    names = [name for _, names in found for name in names if not outcomes[name].is_red]
    return missing + [_complaint(name, outcomes[name]) for name in names]


def _complaint(name: str, outcome: Outcome) -> str:
    if outcome.outcome == "passed":
        return f"{name} is worthless: it stays green"
    return f"{name} breaks instead of failing: {outcome.when} {outcome.outcome} {outcome.error}"


def worthless(outcomes: Iterable[str], red: Iterable[str]) -> list[str]:
    """The cases that never went red."""
    return sorted(set(outcomes) - set(red))


# In the process that runs the tests, this module is a plugin of pytest.


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    """Write down how every case ends: its call, or what kept it from being called."""
    report: pytest.TestReport = yield
    path = os.environ.get(_OUTCOMES)
    if path and (call.when == "call" or report.outcome != "passed"):
        error = call.excinfo.type.__name__ if call.excinfo else ""
        line = {"id": item.nodeid, "when": call.when, "outcome": report.outcome, "error": error}
        with Path(path).open("a") as file:
            file.write(json.dumps(line) + "\n")
    return report
