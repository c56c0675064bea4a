"""The commands of ``serai``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from clients.cli.commands import serai
from clients.verify_file import DOES_NOT_HOLD, HOLDS, NOT_READ
from schemas.evidence import encode_evidence
from tests.support.evidence import Case
from tests.support.world import signing_key

CASE = Case()


@pytest.fixture
def file(tmp_path: Path) -> str:
    """An evidence file that holds."""
    path = tmp_path / "evidence.json"
    path.write_bytes(encode_evidence(CASE.evidence(CASE.content())))
    return str(path)


def run(*arguments: str) -> Result:
    """``serai`` with arguments."""
    return CliRunner().invoke(serai, arguments)


def test_evidence_is_verified_against_the_root_that_is_named(file: str) -> None:
    """A file holds under its network's root and under no other; the status says which."""
    assert run("verify", file, "--root", CASE.root).exit_code == HOLDS
    assert run("verify", file, "--root", signing_key("stranger").kid).exit_code == DOES_NOT_HOLD


def test_evidence_for_programs(file: str) -> None:
    """With ``--json`` the answer is one object."""
    assert json.loads(run("verify", file, "--root", CASE.root, "--json").stdout)["holds"] is True


@pytest.mark.parametrize("root", ["", "short", "A" * 44])
def test_a_mistyped_root_is_wrong_use(file: str, root: str) -> None:
    """What is no thumbprint is an error of the command, not a verdict on the file."""
    assert run("verify", file, "--root", root).exit_code == NOT_READ
    assert run("verify", file).exit_code == NOT_READ


def test_help_says_what_there_is() -> None:
    """Every command has a line in the help."""
    said = run("--help").stdout
    assert all(name in said for name in serai.commands)
