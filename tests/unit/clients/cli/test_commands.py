"""The commands of ``serai``."""

from __future__ import annotations

import json
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from clients.cli.commands import serai
from clients.trust.verify_file import DOES_NOT_HOLD, HOLDS, NOT_READ
from schemas.evidence import encode_evidence
from tests.support.evidence import Case
from tests.support.messages import commands
from tests.support.world import signing_key

CASE = Case()
ALL = sorted(commands(serai), key=lambda each: each.name or "")


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


PEOPLE_ONLY = [serai.get_command(click.Context(serai), name) for name in ("run", "desk", "completion")]
"""Two say on standard error what happens, the other prints a script for a shell."""


@pytest.mark.parametrize("command", [each for each in ALL if not isinstance(each, click.Group)], ids=str)
def test_manners(command: click.Command) -> None:
    """Every command shows how it is typed, and answers programs with one object."""
    assert getattr(command, "examples", ())
    options = {option for parameter in command.params for option in parameter.opts}
    assert ("--json" in options) is (command not in PEOPLE_ONLY)


def test_help_says_what_there_is() -> None:
    """Every command has a line in the help."""
    said = run("--help").stdout
    names = serai.list_commands(click.Context(serai))
    assert len(names) > 20
    assert all(f"\n  {name} " in said for name in names)


@pytest.mark.parametrize("command", ALL, ids=[each.name for each in ALL])
def test_help_fits_the_screen(command: click.Command) -> None:
    """The help of every command says what it does, and no line of it is wider than 80 columns."""
    context = click.Context(command, info_name=command.name, terminal_width=80)
    said = command.get_help(context)
    assert command.help
    assert max(len(line) for line in said.splitlines()) <= 80


def test_fault_is_told_with_cause_remedy_and_code(tmp_path: Path) -> None:
    """A fault names the cause, what to do and the stable code; for programs it is one object."""
    told = run("inbox", "--home", str(tmp_path / "none"))
    assert told.exit_code == 1
    assert told.stderr.startswith("serai: no client in")
    assert "What to do: Make one" in told.stderr
    assert "no_client" in told.stderr
    said = json.loads(run("inbox", "--home", str(tmp_path / "none"), "--json").stdout)
    assert (said["ok"], said["code"], said["exit"]) == (False, "no_client", 1)
    assert said["remedy"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_shells_complete(shell: str) -> None:
    """There is a completion for each common shell."""
    assert "_SERAI_COMPLETE" in run("completion", shell).stdout
