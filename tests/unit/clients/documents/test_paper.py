"""Text on sheets."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from clients.documents.paper import SHEET_LINES, sheets

HEAD = ["*** EXERCISE ***", "10 423  H1"]


@given(st.lists(st.sampled_from(["a", "bb", ""]), max_size=300))
def test_every_sheet_is_marked_and_nothing_is_lost(lines: list[str]) -> None:
    """Each sheet has the marks above, its number below, and as many lines as paper has; the text is whole."""
    made = list(sheets(lines, HEAD, "sheet {page} of {pages}"))
    rows = [sheet.removesuffix("\f").split("\n") for sheet in made]
    assert all(len(row) == SHEET_LINES and row[:2] == HEAD for row in rows)
    assert [row[-1] for row in rows] == [f"sheet {page} of {len(made)}" for page in range(1, len(made) + 1)]
    text = [line for row in rows for line in row[3:-2]]
    assert text[: len(lines)] == lines
    assert not any(text[len(lines) :])
