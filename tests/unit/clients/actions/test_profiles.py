"""Profiles of countries at a client: written, countersigned, read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from clients.actions.profiles import (
    find_profile,
    form_to_edit,
    list_profiles,
    prepare_countersignature,
    profile_cover,
)
from clients.actions.status import read_status
from clients.actions.writing import Marking, send_report
from clients.errors import LocalCode
from clients.store.items import without_text
from schemas.addresses import Address
from schemas.reports.profile import ProfileReport
from tests.support.crew import Crew, Office
from tests.support.profiles import full_profile
from tests.support.refusals import refused
from tests.support.world import KZ, ROOM, RU, TJ, UZ

DUTY, CHIEF = Address(f"{KZ}/DUTY-1"), Address(f"{KZ}/CHIEF")


@pytest.fixture
def crew(tmp_path: Path) -> Crew:
    """TJ, UZ, KZ, RU and the Centre."""
    return Crew(tmp_path)


def write(office: Office, officer: Address, status: Any = None, **members: Any) -> str:
    """An officer states a profile; gives its digest."""
    report = ProfileReport.model_validate({**full_profile(), **members})
    return _go(office, report, profile_cover(office, Marking(status), officer))


def countersign(office: Office, officer: Address, status: Any = None) -> str:
    """An officer countersigns the draft."""
    ready = prepare_countersignature(office, Marking(status), officer)
    return _go(office, ready.report, ready.cover)


def _go(office: Office, report: ProfileReport, cover: Any) -> str:
    (sent,) = send_report(office, report, cover, "profile")
    office.desk.flush()
    office.sync()
    return office.desk.digest_of(sent.id)


def test_a_profile_goes_to_all_and_counts_when_it_is_countersigned(crew: Crew) -> None:
    """Everybody has the draft at once, and goes by it after the second signature."""
    digest = write(crew[KZ], DUTY)
    crew.sync()
    seen = find_profile(crew[UZ], KZ)
    assert (seen.form, seen.not_sent) == (None, ())
    assert seen.profile.draft is not None
    countersign(crew[KZ], CHIEF)
    crew.sync()
    for member in (TJ, UZ, RU, ROOM, KZ):
        seen = find_profile(crew[member], KZ)
        assert seen.profile.counts is not None
        assert (seen.profile.counts.digest, seen.profile.counts.countersigned_by) == (digest, CHIEF)
        assert seen.form is not None
        assert seen.form.contacts[0].telephone == "+7 700 000-00-01"


def test_a_draft_that_waits_stands_in_the_status(crew: Crew) -> None:
    """Nobody has to remember that a second officer is due: it is there until he has signed."""
    assert not read_status(crew[KZ]).profile_draft
    write(crew[KZ], DUTY)
    assert read_status(crew[KZ]).profile_draft
    countersign(crew[KZ], CHIEF)
    assert not read_status(crew[KZ]).profile_draft


def test_an_edit_begins_with_the_draft_else_with_what_counts(crew: Crew) -> None:
    """Nothing that was stated is lost by an edit."""
    assert form_to_edit(crew[KZ]) is None
    write(crew[KZ], DUTY)
    countersign(crew[KZ], CHIEF)
    assert (form_to_edit(crew[KZ]) or ProfileReport(our_reference="?")).notice_hours == "24"
    write(crew[KZ], DUTY, notice_hours="48")
    assert (form_to_edit(crew[KZ]) or ProfileReport(our_reference="?")).notice_hours == "48"


def test_what_would_count_for_nobody_is_not_signed(crew: Crew) -> None:
    """No draft, its own author, an officer without the post, a test: each is refused before anything goes."""
    with refused(LocalCode.PROFILE_UNSIGNED, "no_draft"):
        prepare_countersignature(crew[KZ], Marking(), CHIEF)
    write(crew[KZ], CHIEF)
    with refused(LocalCode.PROFILE_UNSIGNED, "own"):
        prepare_countersignature(crew[KZ], Marking(), CHIEF)
    with refused(LocalCode.PROFILE_UNSIGNED, "no_post"):
        prepare_countersignature(crew[KZ], Marking(), DUTY)
    with refused(LocalCode.PROFILE_UNSIGNED, "test"):
        profile_cover(crew[KZ], Marking("test"), DUTY)


def test_a_profile_that_was_deleted_here_brings_no_older_one_back(crew: Crew) -> None:
    """What is not kept may have counted: then nothing is known, and the one before it is not it."""
    write(crew[KZ], DUTY)
    countersign(crew[KZ], CHIEF)
    digest = write(crew[KZ], DUTY, notice_hours="48")
    countersign(crew[KZ], CHIEF)
    crew.sync()
    item = crew[UZ].store.items.get(digest)
    assert item is not None
    crew[UZ].store.items.put(without_text(item))
    assert find_profile(crew[UZ], KZ).profile.counts is None
    assert find_profile(crew[TJ], KZ).form is not None


def test_an_exercise_is_looked_for_by_itself(crew: Crew) -> None:
    """Who looks for what is actual does not find what an exercise plays."""
    write(crew[KZ], DUTY, "exercise")
    countersign(crew[KZ], CHIEF, "exercise")
    crew.sync()
    assert find_profile(crew[UZ], KZ, "actual").form is None
    assert find_profile(crew[UZ], KZ, "exercise").form is not None


def test_all_countries_are_listed(crew: Crew) -> None:
    """Those of which nothing is known too: that is what a person must see."""
    write(crew[KZ], DUTY)
    countersign(crew[KZ], CHIEF)
    crew.sync()
    found = {each.member: each.form is not None for each in list_profiles(crew[UZ])}
    assert found == {KZ: True, TJ: False, UZ: False, RU: False, ROOM: False}


def test_who_was_not_sent_it_is_named(crew: Crew) -> None:
    """A member that joined after a profile was sent does not have it, and its author sees that."""
    write(crew[KZ], DUTY)
    assert find_profile(crew[KZ], KZ).not_sent == ()
    crew.world.enrol("AZ/NFP")
    crew.sync()
    assert find_profile(crew[KZ], KZ).not_sent == ("AZ/NFP",)
    assert read_status(crew[KZ]).profile_not_sent == ("AZ/NFP",)
