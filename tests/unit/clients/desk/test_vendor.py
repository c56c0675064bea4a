"""What the page has of others is what was put there: by hash, by version, with its licence."""

from __future__ import annotations

import gzip
import json
import re
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from tests.support.desk_messages import STATIC, modules

ROOT = Path(__file__).resolve().parents[4]
WANTED = ROOT / "deploy" / "vendor"
FOLDERS = [STATIC / "vendor", ROOT / "tests" / "e2e" / "desk" / "vendor"]
MOST_BYTES = 180 << 10
"""Of the desk's page, compressed, without fonts."""


def _manifest(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "manifest.json").read_text())
    return found


@pytest.mark.parametrize("folder", FOLDERS, ids=["page", "tests"])
def test_files_are_those_of_the_manifest(folder: Path) -> None:
    """Every vendored file has the hash that was written when it was made, and there is no other."""
    files = {path for path in folder.rglob("*") if path.is_file() and path.name != "manifest.json"}
    hashes = {str(path.relative_to(folder)): sha256(path.read_bytes()).hexdigest() for path in files}
    assert hashes == _manifest(folder)["files"]


@pytest.mark.parametrize("folder", FOLDERS, ids=["page", "tests"])
def test_versions_are_those_that_were_asked_for(folder: Path) -> None:
    """Each vendored package has the exact version of the lock, and its licence lies beside it."""
    locked = json.loads((WANTED / "package-lock.json").read_text())["packages"]
    packages = _manifest(folder)["packages"]
    assert packages
    for each in packages:
        assert locked[f"node_modules/{each['name']}"]["version"] == each["version"]
        assert each["licence"] in {"MIT", "Apache-2.0", "ISC", "OFL-1.1", "MPL-2.0"}
        assert len((folder / each["text"]).read_text()) > 500


def test_what_is_asked_for_is_exact_and_has_no_address() -> None:
    """Every package is asked for in one version only, and the lock has hashes and says nowhere where to fetch it."""
    asked = json.loads((WANTED / "package.json").read_text())
    versions = {**asked["dependencies"], **asked["devDependencies"]}
    locked = json.loads((WANTED / "package-lock.json").read_text())["packages"]
    assert [name for name, version in versions.items() if not re.fullmatch(r"\d+\.\d+\.\d+", version)] == []
    assert [name for name, each in locked.items() if name and not each["integrity"].startswith("sha512-")] == []
    assert [name for name, each in locked.items() if "resolved" in each] == []


def test_every_icon_that_is_drawn_is_there() -> None:
    """An icon that a module names is among those of Lucide that the page has."""
    icons = set(re.findall(r'^  "([a-z0-9-]+)":', (STATIC / "vendor" / "icons.js").read_text(), re.MULTILINE))
    named = {name for path in modules() for name in re.findall(r'icon(?:=|: )"([a-z0-9-]+)"', path.read_text())}
    named |= {name for path in modules() for name in re.findall(r'<\$\{Icon\} name="([a-z0-9-]+)"', path.read_text())}
    assert named - icons == set()
    assert icons == set((WANTED / "icons.txt").read_text().split())


def test_page_is_small() -> None:
    """All that the page loads, without its fonts, is less than its budget when compressed."""
    kinds = (".js", ".css", ".svg", ".json")
    files = [path for path in STATIC.rglob("*") if path.suffix in kinds]
    assert sum(len(gzip.compress(path.read_bytes())) for path in files) < MOST_BYTES
