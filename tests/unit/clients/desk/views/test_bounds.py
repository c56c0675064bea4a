"""Texts of others in a page: harmless, short, and honest about what is missing."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from clients.desk.views.bounds import bounded, bounded_lines


@given(st.text(max_size=400), st.integers(1, 100))
def test_no_text_grows_or_moves(text: str, most: int) -> None:
    """Whatever it is: one line, nothing that cannot be printed, little longer than what was asked for."""
    shown = bounded(text, most)
    assert shown.isprintable()
    assert len(shown) <= most + 80


@given(st.text(max_size=200))
def test_plain_text_stays_as_it_is(text: str) -> None:
    """What is printable, in single spaces and without heaps of marks is not changed."""
    plain = " ".join("".join(each for each in text if each.isalnum() or each == " ").split())
    assert bounded(plain, 200) == plain or any(ord(each) > 127 for each in plain)


def test_what_is_cut_is_counted() -> None:
    """Nobody takes a part for the whole."""
    assert bounded("a" * 300, 200) == "a" * 200 + "\N{HORIZONTAL ELLIPSIS} (100 more characters, open it to read all)"
    assert bounded("a" * 201, 200).endswith("(1 more character, open it to read all)")
    assert bounded("a" * 200, 200) == "a" * 200


def test_lines_stay_lines() -> None:
    """A text of several lines has them; a tab, a bell and a turned letter are no letters."""
    assert bounded_lines("one\ttwo\nthree\u202e\u0007") == "one two\nthree\N{REPLACEMENT CHARACTER}" * 1 + (
        "\N{REPLACEMENT CHARACTER}"
    )
    assert bounded("one\ntwo") == "one two"
