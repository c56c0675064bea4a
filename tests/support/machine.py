"""What tests need of the machine beyond Python; ``python -m tests.support.machine`` installs what it lacks.

A test says what it needs with a mark of this module. Where that is lacking the test is deselected and named in
the closing lines (`tests/conftest.py`); with ``CI=true`` the run fails then. ``make test SETUP=system`` installs first.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest


@dataclass(frozen=True, slots=True)
class Tool:
    """Something that a machine may lack.

    Attributes:
        package: of Debian, that has it.
        is_there: whether the machine has it.
    """

    package: str
    is_there: Callable[[], bool]


def find_postgresql(root: Path = Path("/")) -> Path | None:
    """The folder of ``initdb`` and ``postgres``: the newest of Debian's, or the one that ``PATH`` leads to.

    Args:
        root: of the file system.

    Returns:
        None if PostgreSQL is not installed.
    """
    folders = sorted(root.glob("usr/lib/postgresql/*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    found = str(folders[-1]) if folders else shutil.which("initdb")
    return Path(found).parent if found else None


def find_chromium() -> Path | None:
    """Chromium, as Debian has it or ``PATH`` leads to it; ``None`` if it is not installed."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    return Path(found) if found else None


TOOLS: Final = {
    "chromium": Tool("chromium", lambda: find_chromium() is not None),
    "postgresql": Tool("postgresql", lambda: find_postgresql() is not None),
}
"""By the name that the mark ``needs`` has as its argument."""

NEEDS_POSTGRESQL: Final = pytest.mark.needs("postgresql")
NEEDS_CHROMIUM: Final = pytest.mark.needs("chromium")


def lacking() -> set[str]:
    """Names of the tools that this machine has not."""
    return {name for name, tool in TOOLS.items() if not tool.is_there()}


def install() -> None:
    """Install what is lacking with Debian's package manager, as root or through ``sudo``.

    Raises:
        SystemExit: it cannot be done; the message says what to do instead.
    """
    packages = sorted(TOOLS[name].package for name in lacking())
    if not packages:
        return
    become = [] if os.geteuid() == 0 else ["sudo"]
    install_them = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
    if not all(shutil.which(word) for word in (*become, "apt-get")):
        sys.exit(f"the tests need Debian packages; as root: {' '.join(install_them)}")
    for command in (["apt-get", "update", "-q"], install_them):
        subprocess.run([*become, "env", "DEBIAN_FRONTEND=noninteractive", *command], check=True, stdout=sys.stderr)
    if left := lacking():
        sys.exit(f"installed, and not found: {', '.join(sorted(left))}")


if __name__ == "__main__":
    install()
