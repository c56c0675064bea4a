"""Numbers as officers say them."""

from __future__ import annotations

import pytest

from clients.cli.numbers import parse_number, spell_number


@pytest.mark.parametrize(
    ("place", "status", "spoken"),
    [(7, "actual", "7"), (10423, "exercise", "EX 10 423"), (1_000_000, "test", "TEST 1 000 000"), (12, None, "12")],
)
def test_number_is_spoken_and_understood(place: int, status: str | None, spoken: str) -> None:
    """What is said is what is typed: groups of three, and an exercise is never without its mark."""
    assert spell_number(place, status) == spoken
    assert parse_number(spoken) == place
    assert parse_number(spoken.lower()) == place


@pytest.mark.parametrize("text", ["", "KZ/NFP", "-1", "EX", "10423 x", "XE 5"])
def test_what_is_no_number_is_not_taken_for_one(text: str) -> None:
    """Nothing is guessed."""
    assert parse_number(text) is None
