"""A step from what was typed to the outbox, with a person who mistypes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
import pytest

from clients.actions.drafting import kept_draft
from clients.actions.writing import CoverOptions
from clients.cli.officer.operation.filling import TypedStep
from clients.cli.officer.operation.stepping import take_step
from clients.cli.officer.options import SendOptions, TypedCommand
from clients.errors import LocalCode
from schemas.addresses import Address
from tests.support.crew import Crew
from tests.support.refusals import refused
from tests.support.world import UZ
from tests.unit.clients.cli.operation.test_guided import Typist, typist

__all__ = ["typist"]

WHEN = "2026-11-24T10:00:00+05:00"
LATER = "2026-11-25T09:00+05:00"


@pytest.fixture
def crew(tmp_path: Path) -> Crew:
    """Four countries and the Centre, who know each other."""
    return Crew(tmp_path)


@pytest.fixture
def person(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody sits at the terminal."""
    monkeypatch.setattr("clients.cli.officer.options.may_ask", lambda: True)


def move(tmp_path: Path, answers: Mapping[str, str], *, yes: bool = False) -> TypedStep:
    """A movement as typed by UZ's duty officer."""
    cover = CoverOptions(officer=Address("UZ/NFP/DUTY-1"))
    options = SendOptions(wait_s=0, yes=yes, as_json=True)
    return TypedStep("move", TypedCommand(tmp_path, None, cover, options, dict(answers), ("TJ/NFP",)))


def written(crew: Crew) -> dict[str, Any]:
    """What UZ has put into its outbox."""
    (outgoing,) = crew[UZ].store.outbox.all(1)
    return dict(json.loads(outgoing.draft["content"]))


ENTRIES = {"reference": "UZ-1", "movement": "at", "occurred_at": LATER, "place": "Samarkand"}


@pytest.mark.usefixtures("person")
def test_an_entry_that_cannot_be_right_is_asked_again(
    crew: Crew, tmp_path: Path, typist: Typist, capsys: pytest.CaptureFixture[str]
) -> None:
    """Who has typed a time of tomorrow learns it, types another one, and nothing else again."""
    operation = crew.open()
    asked = typist("3", WHEN, "", "y")
    with pytest.raises(SystemExit, match="3"):
        take_step(crew[UZ], move(tmp_path, ENTRIES), operation)
    assert "later than now" in capsys.readouterr().err
    assert (len(asked), written(crew)["occurred_at"], written(crew)["place"]) == (4, WHEN, {"name": "Samarkand"})


@pytest.mark.usefixtures("person")
def test_an_entry_that_nobody_puts_right_ends_the_command(crew: Crew, tmp_path: Path, typist: Typist) -> None:
    """Who changes nothing is not asked for ever, and at a terminal without a person nobody is asked."""
    operation = crew.open()
    typist("")
    with refused(LocalCode.ENTRIES_IMPOSSIBLE, "in_the_future"):
        take_step(crew[UZ], move(tmp_path, ENTRIES), operation)
    with refused(LocalCode.ENTRIES_IMPOSSIBLE, "in_the_future"):
        take_step(crew[UZ], move(tmp_path, ENTRIES, yes=True), operation)
    assert crew[UZ].store.outbox.all(1) == []


@pytest.mark.usefixtures("person")
def test_what_was_not_agreed_to_is_offered_with_each_answer_to_change(
    crew: Crew, tmp_path: Path, typist: Typist
) -> None:
    """Who sees a slip at the review says no, and the same command lets him change that answer alone."""
    operation = crew.open()
    typist("3", WHEN, "", "n")
    with pytest.raises(click.Abort):
        take_step(crew[UZ], move(tmp_path, ENTRIES), operation)
    draft = kept_draft(crew[UZ], f"operation move {operation}")
    assert draft is not None
    assert draft.answers["place"] == "Samarkand"
    asked = typist("", "3", "2026-11-24T11:00:00+05:00", "", "y")
    with pytest.raises(SystemExit, match="3"):
        take_step(crew[UZ], move(tmp_path, {}), operation)
    assert "What is to change" in asked[-4]
    assert written(crew)["occurred_at"] == "2026-11-24T11:00:00+05:00"
