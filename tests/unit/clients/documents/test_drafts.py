"""A draft in words, in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from clients.actions.drafts.record import Act
from clients.documents.drafts import draft_headline, draft_status, draft_title, verb_text, what_is_written
from clients.documents.texts import speaking
from schemas.addresses import Address
from tests.support.counter import Counter
from tests.support.desk import Desk, ScriptedHub
from tests.support.scribe import ANSWERS, Scribe
from tests.support.traffic import arrive
from tests.support.world import KZ, RU, UZ, World


@pytest.fixture
def desks(tmp_path: Path) -> tuple[Desk, Desk]:
    """The desks of KZ and UZ."""
    hub, found = ScriptedHub(World([KZ, UZ, RU])), []
    for member in ("KZ/NFP", "UZ/NFP"):
        folder = tmp_path / member[:2]
        folder.mkdir()
        desk = Desk(folder, hub, member, f"{member}/DUTY-1")
        desk.sync()
        found.append(desk)
    return found[0], found[1]


@pytest.fixture
def scribe(desks: tuple[Desk, Desk]) -> Scribe:
    """The officer of KZ."""
    return Scribe(Counter(desks[0], desks[0].hub), Address("KZ/NFP/DUTY-1"))


def test_a_draft_says_what_it_is_about(scribe: Scribe, desks: tuple[Desk, Desk]) -> None:
    """By the number as officers say it; what is of an exercise is one, whatever was chosen."""
    kz, uz = desks
    digest = arrive(uz, kz, status="exercise")
    scribe.client.reread()
    number = f"EX {kz.store.items.place_of(digest)}"
    titles = {}
    for act in (Act.REPLY, Act.FEEDBACK, Act.CORRECT, Act.CANCEL, Act.FORWARD):
        draft = scribe.begin(act, on=digest)
        assert draft_status(scribe.client, draft) == "exercise"
        titles[act] = draft_title(scribe.client, draft)
        assert number in titles[act]
    assert titles[Act.REPLY] == f"Reply to {number}"
    with speaking("ru"):
        assert draft_title(scribe.client, scribe.begin(Act.REPLY, on=digest)) == f"Ответ на {number}"


def test_the_button_says_what_it_does(scribe: Scribe) -> None:
    """What is written, that it is an exercise, that it has to wait; of what is real nothing is added."""
    exercise, actual = (scribe.show(scribe.warning(status=status)) for status in ("exercise", "actual"))
    assert verb_text(scribe.client, exercise, is_connected=True) == "SIGN AND SEND · EXERCISE · WARNING"
    assert verb_text(scribe.client, actual, is_connected=True) == "SIGN AND SEND · WARNING"
    assert verb_text(scribe.client, actual, is_connected=False).startswith("SIGN AND QUEUE: NOT CONNECTED")
    with speaking("ru"):
        assert "УЧ" in verb_text(scribe.client, exercise, is_connected=True)


def test_a_row_shows_what_was_typed(scribe: Scribe) -> None:
    """The case in words, in one line, cut; else whatever there is."""
    draft = scribe.write(scribe.begin(), {**ANSWERS, "summary": "Blue\nlorry " + "x" * 500})
    assert draft_headline(draft).startswith("Blue lorry x")
    assert len(draft_headline(draft)) == 120
    assert draft_headline(scribe.write(scribe.begin(), {"reference": "KZ-1"})) == "KZ-1"
    assert what_is_written(draft) == "Warning"
