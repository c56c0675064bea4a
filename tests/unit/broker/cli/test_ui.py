"""How the command line speaks."""

from __future__ import annotations

import click
import pytest
from click.testing import CliRunner

from broker.cli.commands import hub
from broker.cli.ui import fail, reports_errors
from schemas.errors import Code, SeraiError


def test_a_fault_is_told_with_cause_and_remedy(capsys: pytest.CaptureFixture[str]) -> None:
    """Title, detail, remedy and code go to standard error, nothing to standard output, and the exit code is 1."""
    with pytest.raises(SystemExit) as caught:
        fail(SeraiError(Code.HUB_NOT_READY, "another hub holds this folder"))
    said = capsys.readouterr()
    assert caught.value.code == 1
    assert said.out == ""
    assert said.err == (
        "serai-hub: The hub cannot append now.\n"
        "  another hub holds this folder\n"
        "  What to do: Keep the statement and try again; the operator has been told. (code hub_not_ready)\n"
    )


def test_a_command_that_does_well_is_left_alone() -> None:
    """Arguments and answer go through."""

    @reports_errors
    def double(number: int, *, more: int = 0) -> int:
        return 2 * number + more

    assert double(4, more=1) == 9


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (SeraiError(Code.NOT_FOUND), "serai-hub: There is nothing there."),
        (FileNotFoundError(2, "No such file or directory", "there"), "serai-hub: there: No such file or directory\n"),
        (OSError("disk"), "serai-hub: input or output: disk\n"),
    ],
)
def test_no_fault_shows_a_traceback(error: Exception, said: str) -> None:
    """Our own errors and the machine's are told in a line."""

    @click.command()
    @reports_errors
    def command() -> None:
        raise error

    result = CliRunner().invoke(command)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith(said)
    assert "Traceback" not in result.stderr


def test_a_mistake_of_the_program_is_not_hidden() -> None:
    """What is neither our error nor the machine's goes through as it is."""

    @click.command()
    @reports_errors
    def command() -> None:
        raise KeyError("bug")

    assert isinstance(CliRunner().invoke(command).exception, KeyError)


def test_every_command_explains_itself() -> None:
    """Each command has a help text, whole in the list of commands, and wrong use is told with exit code 2."""
    commands = [["init"], ["serve"], ["admit"], ["suspend"], ["ledger", "check"], ["backup"], ["restore"], ["time"]]
    for words in commands:
        result = CliRunner().invoke(hub, [*words, "--help"])
        assert result.exit_code == 0
        assert f"Usage: hub {' '.join(words)} " in result.stdout
        assert CliRunner().invoke(hub, words).exit_code == 2
    listed = CliRunner().invoke(hub, ["-h"]).stdout
    assert all(f"  {words[0]} " in listed for words in commands)
    assert "..." not in listed.partition("Commands:")[2]
