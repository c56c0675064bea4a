"""The order of the house: what holds for the repository as a whole, not for one module."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import tomllib
from importlib.metadata import entry_points, packages_distributions, version
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from tests.support.draw_layers import House, repeated

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("schemas", "broker", "clients")
MAX_MODULE_LINES = 500

# Assembled from parts, so that this file does not contain what it looks for.
REGISTRIES = tuple(
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("proxy", "golang", "org"),
        ("crates", "io"),
        ("docker", "io"),
        ("ghcr", "io"),
        ("quay", "io"),
    )
)
MACHINE_PATH = re.compile(r"(?<![\w.~$}-])/(?:work|tmp|root|opt/pypi)/")


def _tracked() -> list[Path]:
    names = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True, stdin=subprocess.DEVNULL
    ).stdout
    return [ROOT / name for name in names.split("\0") if name and (ROOT / name).is_file()]


def _tracked_texts() -> list[tuple[str, str]]:
    texts = [(path, path.read_bytes()) for path in _tracked()]
    return [(str(path.relative_to(ROOT)), data.decode(errors="replace")) for path, data in texts if b"\0" not in data]


def _modules() -> list[Path]:
    return [path for name in (*PACKAGES, "tests") for path in sorted((ROOT / name).rglob("*.py"))]


def _pyproject() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


def _lock() -> str:
    return (ROOT / "requirements.lock").read_text()


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _locked() -> dict[str, str]:
    pins = re.findall(r"^([A-Za-z0-9._-]+)==([^\s;]+)", _lock(), re.MULTILINE)
    return {_normal(name): pin for name, pin in pins}


def _asked_for() -> list[str]:
    config = _pyproject()
    return [
        *config["project"]["dependencies"],
        *config["dependency-groups"]["dev"],
        *config["build-system"]["requires"],
    ]


def test_git_tracks_the_house() -> None:
    """The checks below look at files that git tracks, and there are some."""
    assert ROOT / "pyproject.toml" in _tracked()


@pytest.mark.parametrize("host", REGISTRIES)
def test_no_registry_is_named(host: str) -> None:
    """No tracked file names the host of a package registry."""
    assert [name for name, text in _tracked_texts() if host in text.lower()] == []


def test_no_path_of_a_machine() -> None:
    """No tracked file holds a path that exists on one machine only."""
    found = [f"{name}: {match[0]}" for name, text in _tracked_texts() if (match := MACHINE_PATH.search(text))]
    assert found == []


def test_path_pattern_finds_a_path() -> None:
    """The pattern for paths of a machine finds one, and leaves routes and relative paths alone."""
    assert MACHINE_PATH.search("cd /" + "work/main")
    assert MACHINE_PATH.search('"/' + 'tmp/x"')
    assert not MACHINE_PATH.search("docs/work/main and ./tmp/x")


def test_modules_stay_readable() -> None:
    """No module is longer than five hundred lines."""
    sizes = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in _modules()}
    assert {name: size for name, size in sizes.items() if size > MAX_MODULE_LINES} == {}
    assert len(sizes) > len(PACKAGES)


def test_every_test_is_run_by_a_target() -> None:
    """`make test` finds every file of tests but those of the benchmarks, which have a target of their own."""
    paths = [ROOT / name for name in _pyproject()["tool"]["pytest"]["ini_options"]["testpaths"]]
    files = [path for path in (ROOT / "tests").rglob("test_*.py") if "bench" not in path.parts]
    assert [path for path in files if not any(path.is_relative_to(given) for given in paths)] == []
    assert all(path.exists() for path in paths)


def test_a_class_name_stands_once() -> None:
    """Whoever searches for a class finds one: no name stands twice in the three packages."""
    assert repeated(House(ROOT)) == []


def test_tests_say_what_they_claim() -> None:
    """Every test function carries a docstring."""
    silent = [
        f"{path.relative_to(ROOT)}: {node.name}"
        for path in sorted((ROOT / "tests").rglob("test_*.py"))
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.name.startswith("test_")
        and not ast.get_docstring(node)
    ]
    assert silent == []


def test_lock_has_hashes_and_no_addresses() -> None:
    """Every pin of the lock has at least one SHA-256 hash, and nothing says where to fetch it."""
    blocks = re.split(r"^(?=[A-Za-z0-9])", _lock(), flags=re.MULTILINE)[1:]
    assert [block.split()[0] for block in blocks if not re.search(r"--hash=sha256:[0-9a-f]{64}\b", block)] == []
    assert len(blocks) == len(_locked()) > 40
    assert not re.search(r"://|^-|(?m:^\s*--(?!hash=))|@ ", _lock())


def test_lock_covers_what_is_asked_for() -> None:
    """Every dependency, of the project, its development and its build, is pinned in the lock."""
    names = [_normal(re.split(r"[^A-Za-z0-9._-]", line)[0]) for line in _asked_for()]
    assert [name for name in names if name not in _locked()] == []


def test_dependencies_are_used() -> None:
    """What a user has to install is imported by the packages."""
    texts = [path.read_text() for path in _modules() if path.relative_to(ROOT).parts[0] in PACKAGES]
    found = re.findall(r"^\s*(?:from|import) (\w+)", "\n".join(texts), re.MULTILINE)
    homes = packages_distributions()
    used = {_normal(home) for name in set(found) for home in homes.get(name, ())}
    asked = {_normal(re.split(r"[^A-Za-z0-9._-]", line)[0]) for line in _pyproject()["project"]["dependencies"]}
    assert asked - used == set()


def test_installed_is_locked() -> None:
    """The tests run with the versions that the lock names."""
    for name in ("fastapi", "cryptography", "joserfc", "sqlmodel", "websockets", "hypothesis", "pytest"):
        assert version(name) == _locked()[name]


def test_versions_agree() -> None:
    """The installed version, the project file and the change log speak of the same version."""
    declared = _pyproject()["project"]["version"]
    released = re.findall(r"^## \[(\d[^\]]*)\]", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert version("serai") == declared
    assert not released or released[0] == declared
    assert "## [Unreleased]" in (ROOT / "CHANGELOG.md").read_text()


def test_tools_agree_on_python() -> None:
    """Packaging, linter and type checker speak of the same oldest Python."""
    config = _pyproject()
    oldest = config["project"]["requires-python"].removeprefix(">=")
    assert config["tool"]["mypy"]["python_version"] == oldest
    assert config["tool"]["ruff"]["target-version"] == "py" + oldest.replace(".", "")


def test_entry_points_lead_into_the_packages() -> None:
    """The two commands are installed and point where the packages keep their command lines."""
    scripts = {point.name: point.value for point in entry_points(group="console_scripts")}
    assert scripts["serai"] == "clients.cli:main"
    assert scripts["serai-hub"] == "broker.cli:main"


def test_wheel_holds_the_packages_and_their_data(tmp_path: Path) -> None:
    """The wheel holds every tracked file of the three packages, and no other code."""
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=ROOT,
        check=True,
        capture_output=True,
        stdin=subprocess.DEVNULL,
    )
    (wheel,) = tmp_path.glob("*.whl")
    held = {name for name in ZipFile(wheel).namelist() if ".dist-info/" not in name}
    due = {
        name for name, _ in ((str(path.relative_to(ROOT)), path) for path in _tracked()) if name.startswith(PACKAGES)
    }
    assert due - held == set()
    assert {name.split("/")[0] for name in held} == set(PACKAGES)
    assert {f"{name}/py.typed" for name in PACKAGES} <= held


LEFT_OUT = {
    "skipped": "import pytest\ndef test_it(): pytest.skip('because')\n",
    "lacking": "import pytest\n@pytest.mark.needs('nonesuch')\ndef test_it(): pass\ndef test_other(): pass\n",
}
LACKS = """
from tests.support.machine import Tool
TOOLS["nonesuch"] = Tool("nonesuch-package", lambda: False)
"""


@pytest.mark.slow
@pytest.mark.parametrize("workers", ["0", "2"])
@pytest.mark.parametrize(("ci", "status"), [("true", 1), ("", 0)])
@pytest.mark.parametrize(
    ("how", "reason"), [("skipped", "because"), ("lacking", "apt-get install -y nonesuch-package")]
)
def test_left_out_fails_only_where_nobody_watches(
    tmp_path: Path, how: str, reason: str, ci: str, status: int, workers: str
) -> None:
    """A test that is skipped, or that this machine cannot run, is named in the output; CI=true makes it a failure."""
    (tmp_path / "conftest.py").write_text((ROOT / "tests" / "conftest.py").read_text() + LACKS)
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers = needs(*tools): what is needed\n")
    (tmp_path / "test_it.py").write_text(LEFT_OUT[how])
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-n", workers, "--rootdir", str(tmp_path), str(tmp_path)],
        env={**os.environ, "CI": ci, "PYTHONPATH": str(ROOT)},
        cwd=tmp_path,
        check=False,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )
    assert run.returncode == status, run.stdout + run.stderr
    assert "NOT TESTED: 1 " in run.stdout
    assert reason in run.stdout
