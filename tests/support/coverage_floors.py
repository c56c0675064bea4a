"""``python -m tests.support.coverage_floors``: whether each package is covered as far as ``pyproject.toml`` demands.

It reads what ``make test COVERAGE=yes`` has measured, prints a line for each package, and ends with 1 if one of them
is below its floor, or if a module belongs to no package that has one.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[2]
_COUNTS: Final = ("num_statements", "num_branches", "covered_lines", "covered_branches")


def floors() -> dict[str, float]:
    """The least percentage by package, as ``pyproject.toml`` has it."""
    table: dict[str, float] = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["serai"]["coverage"]
    return table


def measured() -> dict[str, Mapping[str, int]]:
    """Counts of lines and branches by file, of the last run with coverage."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "coverage.json"
        command = [sys.executable, "-m", "coverage", "json", "-q", "-o", str(file)]
        subprocess.run(command, cwd=ROOT, check=True)
        files: Mapping[str, Any] = json.loads(file.read_text())["files"]
    return {name: each["summary"] for name, each in files.items()}


def package_of(file: str, names: Iterable[str]) -> str | None:
    """The most particular of some packages that a file lies in; None if it is in none."""
    folders = {parent.as_posix() for parent in PurePosixPath(file).parents}
    return max(folders & set(names), key=len, default=None)


def percentages(files: Mapping[str, Mapping[str, int]], names: Iterable[str]) -> dict[str | None, float]:
    """Covered lines and branches of each package in percent; what is in none of them is under None."""
    totals: dict[str | None, Counter[str]] = {}
    for file, counts in files.items():
        of = totals.setdefault(package_of(file, names), Counter())
        of.update({name: counts[name] for name in _COUNTS})
    return {
        name: 100.0
        * (of["covered_lines"] + of["covered_branches"])
        / ((of["num_statements"] + of["num_branches"]) or 1)
        for name, of in totals.items()
    }


def judge(reached: Mapping[str | None, float], due: Mapping[str, float]) -> list[str]:
    """What is wrong: packages below their floor, with no floor, or with a floor and no module."""
    faults = [
        f"{name}: {reached[name]:.1f}%, {due[name]:.0f}% is due" for name in due if reached.get(name, 100) < due[name]
    ]
    faults += [f"{name} is no package that was measured" for name in due if name not in reached]
    return faults + (["a module is in no package with a floor"] if None in reached else [])


def main() -> int:
    """Compare, and print."""
    due = floors()
    reached = percentages(measured(), due)
    for name in sorted(due):
        print(f"{name:24} {reached.get(name, 0):5.1f}%  floor {due[name]:.0f}%")
    faults = judge(reached, due)
    for fault in faults:
        print(f"coverage: {fault}", file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
