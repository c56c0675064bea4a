"""Numbers as officers say them."""

# ruff: noqa: RUF001 - Russian letters that look Latin

from __future__ import annotations

import pytest

from clients.actions.numbers import SpokenNumber, parse_number, parse_spoken, spell_number


@pytest.mark.parametrize(
    ("place", "status", "spoken"),
    [(7, "actual", "7"), (10423, "exercise", "EX 10 423"), (1_000_000, "test", "TEST 1 000 000"), (12, None, "12")],
)
def test_number_is_spoken_and_understood(place: int, status: str | None, spoken: str) -> None:
    """What is said is what is typed: groups of three, and an exercise is never without its mark."""
    assert spell_number(place, status) == spoken
    assert parse_number(spoken) == place
    assert parse_number(spoken.lower()) == place


@pytest.mark.parametrize("text", ["", "KZ/NFP", "-1", "EX", "10423 x", "XE 5", "9" * 16])
def test_what_is_no_number_is_not_taken_for_one(text: str) -> None:
    """Nothing is guessed."""
    assert parse_number(text) is None


@pytest.mark.parametrize("text", ["12 13", "1.5", "104 23", "10 423 7", "10  423", "1 0423", "10423 10 424"])
def test_two_numbers_are_not_run_together(text: str) -> None:
    """Only groups of three belong to one number: who types two is asked again, and answers for neither by mistake."""
    assert parse_number(text) is None


@pytest.mark.parametrize("text", ["ЕХ 5", "ех 5", "ТЕСТ 5"])
def test_russian_keyboard_is_understood(text: str) -> None:
    """The marks of exercise and test are understood in the Russian letters that look the same."""
    spoken = parse_spoken(text)
    assert spoken is not None
    assert (spoken.index, spoken.status) == (5, "exercise" if "х" in text.lower() else "test")


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("10423", SpokenNumber(10_423, None)),
        ("EX 10 423", SpokenNumber(10_423, "exercise")),
        ("ex-5", SpokenNumber(5, "exercise")),
        ("TEST 7", SpokenNumber(7, "test")),
        ("EXTRA 7", None),
    ],
)
def test_number_says_what_it_is_taken_for(text: str, spoken: SpokenNumber | None) -> None:
    """A person who says EX before a number takes it for an exercise."""
    assert parse_spoken(text) == spoken
