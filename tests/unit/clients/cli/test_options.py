"""Commands and options that are made from the registry of kinds."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from clients.cli.commands import serai
from clients.cli.officer.options import all_steps, steps_of
from schemas.reports.kinds import KINDS
from tests.support.counter import Counter, serve
from tests.support.toy import TOY


def typed(*words: str, status: int = 0) -> str:
    """What a person reads who types this."""
    result = CliRunner().invoke(serai, words)
    assert result.exit_code == status, result.output
    return result.output


@pytest.fixture
def toys(monkeypatch: pytest.MonkeyPatch) -> None:
    """One more kind."""
    monkeypatch.setitem(KINDS, TOY.name, TOY)


def test_a_kind_that_is_not_registered_is_no_command() -> None:
    """Nor is it one that can be looked for, nor one that nobody may send."""
    for words in (("send", "toy"), ("search", "--kind", "toy"), ("export", "--kind", "toy"), ("send", "bulletin")):
        assert words[-1] in typed(*words, status=2)


def test_a_new_kind_has_a_command_and_its_options(toys: None) -> None:
    """They say what they are for, in the order of its steps, and so does the correction of any report."""
    assert "toy       Report a toy." in typed("send", "--help")
    helps = typed("send", "toy", "--help")
    assert [helps.index(step.help) for step in TOY.steps] == sorted(helps.index(step.help) for step in TOY.steps)
    assert "serai send toy\n" in helps
    assert "Kind of toy: kite, other." in typed("correct", "--help")
    assert "'toy'" in typed("search", "--kind", "another", status=2)


def test_what_is_missing_or_wrong_is_named(toys: None, monkeypatch: pytest.MonkeyPatch, counter: Counter) -> None:
    """By its option; for a code, with what there is."""
    serve(monkeypatch, counter)
    words = ("send", "toy", "--to", "UZ/NFP", "--wait", "0", "--yes")
    assert "missing: --reference, --toy" in typed(*words, status=2)
    wrong = typed(*words, "--reference", "T", "--toy", "car", status=2)
    assert "--toy: this value cannot be used: kite, other" in wrong


@pytest.mark.parametrize("name", [*KINDS, "toy"])
def test_no_answer_is_called_as_an_option_of_the_cover(name: str, toys: None) -> None:
    """Each option of a command has a name of its own."""
    command = serai.get_command(None, "send").get_command(None, name)  # type: ignore[union-attr, arg-type]
    names = [param.name for param in command.params] if command else []
    assert len(set(names)) == len(names)


def test_options_of_several_kinds_are_one() -> None:
    """A key that several kinds have makes one option, where the first has it; its help is that of the last."""
    keys = [step.key for step in all_steps()]
    assert len(set(keys)) == len(keys)
    assert keys[:4] == ["reference", "action", "action_words", "summary"]
    assert next(step for step in all_steps() if step.key == "summary").help == "In words."


def test_some_steps_with_another_help() -> None:
    """A command may ask for some steps only, in its own order, and for something else by them."""
    steps = steps_of("feedback", {"summary": "Your answer."}, ("summary", "reference"))
    assert [(step.key, step.help) for step in steps] == [
        ("summary", "Your answer."),
        ("reference", "Your own number of it."),
    ]
    assert steps_of("feedback", {}) == list(KINDS["feedback"].steps)
