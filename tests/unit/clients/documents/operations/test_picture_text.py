"""The screen of an operation, whole, in both languages; and what it is whatever others write."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from clients.documents.columns import width_of
from clients.documents.operations.picture_text import picture_lines
from clients.documents.operations.view import OperationView, PictureLine, Weight
from clients.documents.plain import WIDTH
from schemas.operations.terms import Colour, Rule
from tests.unit.clients.documents.operations.scenes import KZ, SCENES, hostile, quiet, trouble

SCREENS = Path(__file__).parent / "screens"
LANGUAGES = ("en", "ru")
HOSTILE = {
    "letters that turn writing around": "\u202eevil\u2066 12 kg\u2069\u200f" * 20,
    "what moves a cursor": "\x1b[2J\x1b[H\x07\x00\x9b31m\r\n" * 20,
    "lines that pass for ours": "x\nTHE GOODS MAY GO ON\n\u2028\u2029" * 20,
    "marks in a heap": "a" + "\u0301" * 100_000,
    "a word without an end": "W" * 100_000,
    "wide letters": "\u8d27" * 20_000,
    "braces": "{member} {0} {} %s %(x)s",
    "nothing": " ",
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SCENES)
def test_whole_screens(name: str, language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each line of each screen is as it is written down, with what it is before the bar."""
    monkeypatch.setenv("SERAI_LANG", language)
    lines = [f"{line.weight.value:<8}|{line.text}".rstrip() for line in picture_lines(SCENES[name]())]
    assert lines == (SCREENS / f"{name}.{language}.txt").read_text().splitlines()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_texts_of_others_do_nothing(text: str, language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """No text of others moves a cursor, turns a line around, is wider than the screen or floods it."""
    monkeypatch.setenv("SERAI_LANG", language)
    lines = picture_lines(hostile(text))
    assert all(line.text.isprintable() and width_of(line.text) <= WIDTH for line in lines)
    assert max(len(line.text) for line in lines) <= 3 * WIDTH
    assert len(lines) < 600


def test_texts_of_others_pass_for_no_line_of_ours() -> None:
    """A line that begins a block comes from this program alone."""
    lines = picture_lines(hostile("x\nTHE GOODS MAY GO ON\nRED: 0"))
    assert not [line for line in lines if line.text.startswith(("THE GOODS MAY GO ON", "RED: 0"))]


def texts(lines: list[PictureLine]) -> list[str]:
    """Their texts."""
    return [line.text for line in lines]


def test_an_exercise_says_so_at_every_block() -> None:
    """What is not real says so above, below, and at the head of every block; what is real nowhere."""
    lines = picture_lines(trouble())
    heads = [line.text for line in lines[2:-1] if line.text[:1].isupper() and line.text.split(" - ")[0].isupper()]
    assert lines[0].weight is lines[-1].weight is Weight.MARKING
    assert [text for text in heads if text.startswith(("RED", "NEXT MOVE", "GOODS", "CLOCKS", "NOT HERE"))]
    assert not [text for text in heads if not text.endswith("EXERCISE") and text != "PERSONS AT RISK"]
    assert "EXERCISE" not in " ".join(texts(picture_lines(quiet())))


def test_a_word_of_later_versions_is_not_real_nor_an_exercise() -> None:
    """A status that is not known says that it is not known whether it is real."""
    view = quiet()
    lines = picture_lines(replace(view, state=replace(view.state, status="drill")))
    assert "NOT KNOWN WHETHER REAL (drill)" in lines[0].text


def place(lines: list[PictureLine], text: str) -> int:
    """At which line a text stands."""
    return next(number for number, line in enumerate(lines) if text in line.text)


def test_what_is_wrong_stands_before_everything_else() -> None:
    """Stop, verdict, red, next move, amber, and only then the rest."""
    lines = picture_lines(trouble())
    heads = ["STOPPED", "MAY NOT GO ON", "RED:", "NEXT MOVE", "TO BE CHECKED", "GOODS - ", "WAY", "EXHIBITS", "CLOCKS"]
    places = [place(lines, head) for head in heads]
    assert places == sorted(places)


def test_no_contradiction_is_left_out() -> None:
    """However many contradict, each that is red stands there with who must explain it."""
    view = trouble()
    many = tuple(replace(view.state.contradictions[0], about=str(number)) for number in range(300))
    lines = picture_lines(replace(view, state=replace(view.state, contradictions=many)))
    found = [line for line in lines if "Crossed without authority" in line.text]
    assert len(found) == 300
    assert all("UZ/NFP" in line.text and line.weight is Weight.RED for line in found)


def test_own_move_stands_first() -> None:
    """What the own member owes stands before what others owe sooner."""
    lines = texts(picture_lines(quiet(KZ)))
    at = next(number for number, text in enumerate(lines) if text.startswith("NEXT MOVE"))
    assert lines[at + 1].startswith("> KZ/NFP (you): Accept the handover, no time is set")
    assert lines[at + 2].startswith("  UZ/NFP: Report where the goods are, by 16:00")


@pytest.mark.parametrize("scene", SCENES.values())
def test_rules_are_named_where_somebody_asks(scene: Callable[[], OperationView]) -> None:
    """With why, lines name their rules, and each rule is explained beneath; without, none does."""
    view = scene()
    assert "[F" not in " ".join(texts(picture_lines(view)))
    lines = texts(picture_lines(replace(view, why=True)))
    assert [text for text in lines if text.startswith("[F")] == [f"[{rule.value}] {rule.label.en}" for rule in Rule]


def test_colour_only_helps() -> None:
    """What is red, amber or lost says so in words too."""
    view = trouble()
    reds = [each for each in view.state.contradictions if each.colour is Colour.RED]
    assert f"RED: {len(reds)}" in " ".join(texts(picture_lines(view)))
    assert "LOST FROM SIGHT" in " ".join(texts(picture_lines(view)))
