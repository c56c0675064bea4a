"""The page for a lawyer says what the program says."""

from __future__ import annotations

from pathlib import Path

import pytest

from clients.trust import verify_file
from schemas.proven import Limit

PAGE = Path(verify_file.__file__).with_name("EVIDENCE.md").read_text()


@pytest.mark.parametrize("limit", list(Limit))
def test_everything_that_is_not_proven_stands_on_the_page(limit: Limit) -> None:
    """A reader of the page misses no limit that an answer can name, and reads it in the same words."""
    assert f"- {limit.label.en}\n" in PAGE


@pytest.mark.parametrize("name", ["HOLDS", "DOES_NOT_HOLD", "NOT_READ", "INCOMPLETE", "NOT_ATTACHED"])
def test_every_exit_status_stands_on_the_page(name: str) -> None:
    """Each code by which a program learns the answer has a row."""
    assert f"\n| {getattr(verify_file, name)} | " in PAGE
