"""How the tasks of a shift are explained."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from clients.cli.commands import serai
from clients.cli.help import command_lines
from clients.cli.topics import TOPICS, Topic
from clients.documents.texts import _

NAMES = [each.name for each in TOPICS]
TYPED = [(each.name, command) for each in TOPICS for step in each.steps for command in step.commands]
WORD = re.compile(r"--[a-z]+(?:-[a-z]+)*|\bserai(?: [a-z]+)+")


def run(*arguments: str) -> Result:
    """``serai`` with arguments."""
    return CliRunner().invoke(serai, arguments)


@pytest.fixture(params=["en", "ru"])
def tongue(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Each language in turn."""
    named = str(request.param)
    monkeypatch.setenv("SERAI_LANG", named)
    monkeypatch.setenv("LANGUAGE", named)  # the command line sets it, and it must not last
    return named


def resolve(words: list[str]) -> tuple[click.Command, list[str]]:
    """The command that is meant, and the words behind it.

    Raises:
        AssertionError: there is no such command.
    """
    command: click.Command = serai
    while isinstance(command, click.Group):
        found = command.get_command(click.Context(command), words[0])
        assert found is not None, words
        command, words = found, words[1:]
    return command, words


def test_there_are_thirteen() -> None:
    """There are thirteen tasks, each with a name of its own and something to type."""
    assert len(NAMES) == len(set(NAMES)) == 13
    assert all(any(step.commands for step in each.steps) for each in TOPICS)


@pytest.mark.parametrize(("name", "line"), TYPED)
def test_what_is_to_be_typed_is_there(name: str, line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command line reads every command of a topic, options and values included."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "seizures.csv").touch()
    program, *words = shlex.split(line)
    assert program == "serai"
    command, rest = resolve(words)
    assert not {"--help", "-h"} & set(rest), name
    command.make_context(command.name, [each.replace("THUMBPRINT", "A" * 43) for each in rest])


@pytest.mark.parametrize("line", [line for _name, line in TYPED if line.startswith("serai help ")])
def test_topics_lead_to_topics(line: str) -> None:
    """A topic that is named in another is there."""
    assert line.split()[2] in NAMES


@pytest.mark.parametrize("topic", TOPICS, ids=NAMES)
def test_translation_names_the_same_commands(topic: Topic, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is typed is the same in Russian."""
    monkeypatch.setenv("SERAI_LANG", "ru")
    for text in topic.texts():
        assert sorted(WORD.findall(_(text))) == sorted(WORD.findall(text))


@pytest.mark.parametrize("arguments", [(), *((name,) for name in NAMES)], ids=["all", *NAMES])
def test_a_topic_fits_the_screen(tongue: str, arguments: tuple[str, ...]) -> None:
    """Every topic, and the list of them, stays within 80 columns in each language."""
    said = run("help", *arguments)
    assert said.exit_code == 0, tongue
    assert max(map(len, said.stdout.splitlines())) <= 80


def test_list_names_every_topic() -> None:
    """Without a topic the topics are listed, for people and for programs."""
    said = run("help").stdout
    assert all(f"\n  {name} " in said for name in NAMES)
    assert [each["topic"] for each in json.loads(run("help", "--json").stdout)["topics"]] == NAMES


@pytest.mark.parametrize("topic", TOPICS, ids=NAMES)
def test_topic_for_programs(topic: Topic) -> None:
    """With ``--json`` a topic is one object with its steps, each command whole."""
    value = json.loads(run("help", topic.name.upper(), "--json").stdout)
    assert (value["ok"], value["topic"]) == (True, topic.name)
    assert [step["commands"] for step in value["steps"]] == [list(step.commands) for step in topic.steps]


def test_unknown_topic_is_wrong_use() -> None:
    """Who asks for something else is told what there is."""
    said = run("help", "weather")
    assert said.exit_code == 2
    assert all(name in said.stderr for name in NAMES)


def test_long_command_goes_on_as_a_shell_reads_it() -> None:
    """A command that is wrapped means the same when it is typed as it stands."""
    line = 'serai send warning --summary "a b" ' + " ".join(f"--to UZ/NFP-{number}" for number in range(20))
    shown = command_lines(line, "   ")
    assert len(shown) > 2
    assert max(map(len, shown)) <= 80
    assert shlex.split("\n".join(shown).replace("\\\n", "")) == shlex.split(line)
