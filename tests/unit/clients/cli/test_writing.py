"""Taking up what a person has begun to write."""

from __future__ import annotations

from typing import Any

import click
import pytest

from clients.cli.officer.writing import keep_draft, keeps_draft, unfinished
from tests.support.counter import Counter

GIVEN: dict[str, Any] = {"file": None, "yes": False}


@pytest.fixture
def officer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody at a terminal, who says yes."""
    monkeypatch.setattr("clients.cli.officer.writing.may_ask", lambda: True)
    monkeypatch.setattr("clients.cli.officer.writing.agrees", lambda _question, default: default)


@pytest.mark.parametrize("said", [{}, {"plate": "777 ABC 02"}])
def test_same_command_takes_up_its_draft(counter: Counter, officer: None, said: dict[str, str]) -> None:
    """With options as without, the command that was cut off goes on where it was."""
    kept = {"plate": "777 ABC 02", "reference": "KZ-9"}
    keep_draft(counter, "warning", kept)
    assert unfinished(counter, "warning", said, GIVEN) == kept


@pytest.mark.parametrize("said", [{"plate": "1"}, {"container": "CSQU3054384"}])
def test_another_case_is_not_mixed_with_the_draft(counter: Counter, officer: None, said: dict[str, str]) -> None:
    """Options that say anything else are another case; the draft stays for its own command."""
    keep_draft(counter, "warning", {"plate": "777 ABC 02"})
    assert unfinished(counter, "warning", said, GIVEN) == said
    assert counter.store.drafts.load("warning")


def test_who_goes_away_is_told_what_is_kept(counter: Counter) -> None:
    """Only where something is kept is that said."""
    with pytest.raises(click.Abort, match=r"^$"), keeps_draft(counter, "warning"):
        raise click.Abort
    keep_draft(counter, "warning", {"plate": "777 ABC 02"})
    with pytest.raises(click.Abort, match="What you typed is kept"), keeps_draft(counter, "warning"):
        raise click.Abort
