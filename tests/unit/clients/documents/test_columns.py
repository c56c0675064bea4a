"""How wide a text is at a terminal."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients.documents.columns import across, fit, shorten, width_of


@pytest.mark.parametrize(("text", "width"), [("abc", 3), ("Груз", 4), ("货物", 4), ("e\u0301", 1), ("", 0)])
def test_letters_take_their_columns(text: str, width: int) -> None:
    """Wide letters take two columns, marks none."""
    assert width_of(text) == width
    assert fit(text, width) == text


def test_wide_letter_is_not_halved() -> None:
    """What does not go in whole is left out."""
    assert fit("a货物", 4) == "a货"


def test_what_was_cut_says_so() -> None:
    """The first digits of a plate or a quantity are not taken for all of it."""
    assert shorten("plate 777 ABC 02", 12) == "plate 777..."
    assert shorten("plate 777 ABC 02", 16) == "plate 777 ABC 02"
    assert shorten("plate", 2) == "pl"


def test_heap_of_marks_is_cut() -> None:
    """Marks heaped on one letter do not reach other lines."""
    assert fit("a" + "\u0301" * 50 + "b", 80) == "a\u0301\u0301b"


@given(st.text(), st.integers(0, 100))
def test_nothing_is_wider_than_it_may_be(text: str, columns: int) -> None:
    """No text goes over the edge."""
    assert max(width_of(fit(text, columns)), width_of(shorten(text, columns))) <= columns


@pytest.mark.parametrize("word", ["EXERCISE", "УЧЕНИЕ", "货" * 90, "e\u0301" * 500, ""])
def test_a_band_is_as_wide_as_the_line(word: str) -> None:
    """Whatever the word, the band over a line has the line's width."""
    assert width_of(across(word, 80)) == 80
    assert across(word, 80).startswith("*** ")
