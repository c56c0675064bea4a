"""Whom to call, on the screen of an operation."""

from __future__ import annotations

from dataclasses import replace

import pytest

from clients.documents.operations.telephone import concerned, telephone_lines
from clients.documents.operations.view import OperationView, Weight
from schemas.operations.results import Crossing
from schemas.operations.terms import AuthorityState, Colour
from schemas.reports.profile import ProfileReport
from tests.support.profiles import full_profile
from tests.unit.clients.documents.operations.scenes import UZ, at, because, closed, quiet, trouble


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERAI_LANG", "en")


def lines(view: OperationView) -> list[str]:
    """What stands there."""
    return [line.text for line in telephone_lines(view)]


def test_everybody_whom_something_concerns_has_a_number() -> None:
    """Who stops, has the goods, refused or owes: each with its number first, or that it is not known."""
    view = trouble()
    members = concerned(view)
    assert members
    assert view.own not in members
    assert {stop.member for stop in view.picture.stops} - {view.own} <= set(members)
    stated = ProfileReport.model_validate(full_profile())
    known = lines(replace(view, profiles=dict.fromkeys(members, stated)))
    for member in members:
        assert any(member in line and "+7 700 000-00-01" in line for line in known)
    unknown = lines(replace(view, profiles={}))
    assert sum("not known; ask now" in " ".join(each.split()) for each in unknown) >= len(members)


def test_who_refused_and_who_owes_can_be_called() -> None:
    """Beside every refusal and every clock there is a number, though these members neither stop nor have the goods."""
    view = trouble()
    bare = replace(view.picture, stops=(), soil=None, control=None, overdue=(), running=(), authority=())
    assert concerned(replace(view, picture=bare)) == []
    assert concerned(replace(view, picture=replace(bare, stops=view.picture.stops))) != []
    refused = replace(view.picture.authority[0], member=UZ, state=AuthorityState.REFUSED)
    assert concerned(replace(view, picture=replace(bare, authority=(refused,)))) == [UZ]
    clocks = [each for each in (*view.picture.overdue, *view.picture.running) if each.owing(view.now_ms)]
    owing = {member for each in clocks for member in each.owing(view.now_ms)} - {view.own}
    assert owing
    assert set(concerned(replace(view, picture=replace(bare, running=tuple(clocks))))) == owing


def test_nothing_stands_there_where_nobody_looked_or_all_is_over() -> None:
    """A closed operation calls nobody; a screen without profiles has no numbers."""
    assert lines(trouble()) == []
    assert lines(replace(closed(), profiles={})) == []


def test_an_urgent_crossing_has_the_clock_of_the_profile() -> None:
    """By when the country must be called, or that this is not known."""
    view, place = trouble(), (UZ, "2", at("24 14:00"), at("24 14:05"), Colour.RED, AuthorityState.NOT_ASKED, None, None)
    crossing = Crossing("a move", *place, is_urgent=True, because=because("F6"))
    urgent = replace(view, state=replace(view.state, crossings=(crossing,)), profiles={})
    shown = [line for line in telephone_lines(urgent) if "URGENT CROSSING" in line.text]
    assert shown[0].weight is Weight.RED
    assert "is not known" in " ".join(lines(urgent))
    stated = {UZ: ProfileReport.model_validate(full_profile())}
    (called, *_more) = [line for line in lines(replace(urgent, profiles=stated)) if "URGENT CROSSING" in line]
    assert "it must be called 15:00" in called


def test_a_quiet_operation_shows_the_holder() -> None:
    """Whoever has the goods can be called before anything is wrong."""
    view = quiet()
    assert view.picture.control is not None
    assert view.picture.control.holder in (*concerned(view), view.own)
