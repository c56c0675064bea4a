"""Forms of operations, asked question by question."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import click
import pytest

from clients.actions.forms import build_report, missing
from clients.cli.officer.operation.guided import Questions, ask_form, moment_text, read_answers
from tests.unit.clients.actions.test_moments import NOW

Typist = Callable[..., list[str]]


@pytest.fixture
def typist(monkeypatch: pytest.MonkeyPatch) -> Typist:
    """Somebody who types these answers; gives the questions that are asked."""
    asked: list[str] = []

    def begin(*answers: str) -> list[str]:
        left = list(answers)

        def prompt(question: str, default: str = "", **_how: Any) -> str:
            asked.append(question)
            if not left:
                raise click.Abort
            return left.pop(0) or default

        monkeypatch.setattr("click.prompt", prompt)
        return asked

    return begin


def ask(kind: str, answers: dict[str, str] | None = None, only: tuple[str, ...] = (), **known: str) -> dict[str, str]:
    """The answers of a form."""
    return ask_form(Questions(kind, lambda: NOW, known, only), answers or {}, lambda _so_far: None)


def test_a_list_is_asked_until_there_is_no_other(typist: Typist) -> None:
    """After a leg the next one is asked for, as often as there is one; each stands in its place."""
    keys = ("leg", "leg_member", "leg_border", "leg_enters")
    typist("1", "uz/nfp", "", "", "y", "2", "kz/nfp", "Zhibek Zholy", "00:20", "n")
    answers = ask("operation-open", only=keys)
    assert build_report("operation-open", answers)["legs"] == [
        {"leg": "1", "member": "UZ/NFP"},
        {"leg": "2", "member": "KZ/NFP", "border": {"name": "Zhibek Zholy"}, "enters": "2026-11-25T00:20Z"},
    ]
    assert missing("operation-open", {**answers, "leg_member_2": ""})[-1].key == "leg_member_2"


def test_what_may_be_left_open_is_left_by_enter(typist: Typist) -> None:
    """Enter where nothing is needed leaves it open, codes too; and a list that is left open is not asked on."""
    typist("", "", "", "")
    answers = ask("operation-open", only=("leg", "leg_member", "substitution", "grounds", "plate"))
    assert build_report("operation-open", answers) == {"report": "operation", "version": 1, "do": "open"}


def test_what_is_needed_is_asked_again(typist: Typist) -> None:
    """Enter does not answer what is needed, nor does what has another form."""
    asked = typist("", "tomorrow", "-20m")
    assert ask("operation-move", only=("occurred_at",)) == {"occurred_at": "2026-11-24T23:30Z"}
    assert len(asked) == 3


def test_a_time_is_shown_as_it_was_understood(typist: Typist, capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever types an hour of his own zone sees what it became, and how far that is from now."""
    typist("23:30")
    ask("operation-move", only=("occurred_at",))
    assert "= 2026-11-24 23:30 UTC, 20 min ago" in capsys.readouterr().err
    assert moment_text("2026-11-25T03:50Z", NOW) == "2026-11-25 03:50 UTC, in 4 h 00 min"


def test_what_is_known_is_accepted_by_enter(typist: Typist) -> None:
    """An answer that is known stands if Enter is typed, a code and a time too; anything else takes its place."""
    typist("", "", "", "ru/nfp")
    keys = ("movement", "occurred_at", "place", "soil")
    answers = ask("operation-move", None, keys, movement="at", occurred_at="now", place="Yard", soil="UZ/NFP")
    assert answers == {"movement": "at", "occurred_at": "2026-11-24T23:50:40Z", "place": "Yard", "soil": "RU/NFP"}


def test_each_answer_is_kept_before_the_next_question(typist: Typist) -> None:
    """What was typed before somebody went away is on disk, and is not asked again, nor whether there is another."""
    kept: list[dict[str, str]] = []

    def keep(answers: Mapping[str, str]) -> None:
        kept.append(dict(answers))

    questions = Questions("operation-open", lambda: NOW, {}, ("leg", "leg_member", "grounds"))
    typist("1", "UZ/NFP", "y", "2")
    with pytest.raises(click.Abort):
        ask_form(questions, {}, keep)
    asked = typist("KZ/NFP", "n", "")
    answers = ask_form(questions, kept[-1], keep)
    assert asked[-3:-2] == ["Who answers for that leg (UZ/NFP)"]
    assert answers == {"leg": "1", "leg_member": "UZ/NFP", "leg_2": "2", "leg_member_2": "KZ/NFP", "grounds": ""}


def test_a_list_is_asked_on_where_it_was_left(typist: Typist) -> None:
    """After a crash between two legs the next one is asked for; after one behind the legs nothing of them is."""
    questions = Questions("operation-open", lambda: NOW, {}, ("leg", "leg_member", "offence", "grounds"))
    asked = typist("n", "", "")
    answers = ask_form(questions, {"leg": "1", "leg_member": "UZ/NFP"}, lambda _so_far: None)
    assert asked[0].startswith("Is there one more? (Name of a leg of the way)")
    assert answers == {"leg": "1", "leg_member": "UZ/NFP", "offence": "", "grounds": ""}
    asked = typist("")
    ask_form(questions, {"leg": "1", "leg_member": "UZ/NFP", "offence": "x"}, lambda _so_far: None)
    assert asked[-1].startswith("Why a controlled delivery")


def test_options_are_read_as_answers_are() -> None:
    """Times and addresses typed as options mean the same; what is no time is refused with its option."""
    assert read_answers("operation-move", {"occurred_at": "now", "soil": "uz/nfp"}, NOW) == {
        "occurred_at": "2026-11-24T23:50:40Z",
        "soil": "UZ/NFP",
    }
    with pytest.raises(click.UsageError, match="--occurred-at"):
        read_answers("operation-move", {"occurred_at": "soon"}, NOW)
