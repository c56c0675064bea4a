"""Country profiles: what nobody can pass for what a country states of itself (PROTOCOL 16)."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from schemas.reports.operations import PlanContent
from tests.support.crew import PARTICIPANTS, Crew
from tests.support.profiles import Papers
from tests.support.stating import state_profile
from tests.support.story import digest_of
from tests.support.world import TJ
from tests.unit.schemas.reports.operations.builders import LEGS


def stated() -> Papers:
    """KZ has a profile that counts."""
    papers = Papers()
    papers.confirmed("true", 1)
    return papers


def test_profile_of_an_exercise() -> None:
    """What an exercise plays of a country never counts for what is actual, though it is newer and countersigned."""
    papers = stated()
    papers.confirmed("played", 5, status="exercise")
    assert papers.counts() == digest_of("true")
    assert papers.counts(status="exercise") == digest_of("played")


def test_real_profile_in_an_exercise() -> None:
    """What is actual is not there for an exercise: nobody is called at night for a game."""
    papers = Papers()
    papers.confirmed("played", 1, status="exercise")
    papers.confirmed("true", 5)
    assert papers.counts(status="exercise") == digest_of("played")


def test_countersignature_of_an_exercise() -> None:
    """A countersignature that was made in an exercise makes no actual profile count."""
    papers = stated()
    papers.add("draft", "KZ/NFP/DUTY-1", 5)
    papers.countersign("draft", "KZ/NFP/CHIEF", 6, status="exercise")
    assert papers.counts() == digest_of("true")


def test_draft_that_nobody_has_countersigned() -> None:
    """One officer alone changes no number that others dial, and permits nothing."""
    papers = stated()
    papers.add("draft", "KZ/NFP/DUTY-1", 5, {"contacts": []})
    assert papers.counts() == digest_of("true")
    assert papers.at(10).draft is not None
    alone = Papers()
    alone.add("draft", "KZ/NFP/CHIEF", 5)
    assert alone.counts() is None


def test_profile_countersigned_by_its_own_signer() -> None:
    """Whoever wrote it does not countersign it, whatever post he has."""
    papers = stated()
    papers.add("own", "KZ/NFP/CHIEF", 5)
    papers.countersign("own", "KZ/NFP/CHIEF", 6)
    assert papers.counts() == digest_of("true")


def test_profile_countersigned_without_the_post() -> None:
    """A duty officer is another person, and not enough."""
    papers = stated()
    papers.add("draft", "KZ/NFP/CHIEF", 5)
    papers.countersign("draft", "KZ/NFP/DUTY-1", 6)
    assert papers.counts() == digest_of("true")


def test_profile_countersigned_by_another_member() -> None:
    """No country states what another one asks for, and none helps it to."""
    papers = stated()
    papers.add("draft", "KZ/NFP/DUTY-1", 5)
    papers.countersign("draft", "UZ/NFP/CHIEF", 6)
    papers.add("in the name of KZ", "UZ/NFP/DUTY-1", 7, {"our_reference": "KZ-P-2"})
    papers.countersign("in the name of KZ", "UZ/NFP/CHIEF", 8)
    assert papers.counts() == digest_of("true")


def test_profile_that_a_machine_signs() -> None:
    """Who holds the member's own key and persuades one officer has not persuaded two."""
    papers = stated()
    papers.add("by the machine", "KZ/NFP", 5)
    papers.countersign("by the machine", "KZ/NFP/CHIEF", 6)
    assert papers.counts() == digest_of("true")


def test_old_draft_countersigned_over_a_newer_profile() -> None:
    """Whoever gets an old draft countersigned at last does not put it over what was stated since."""
    papers = Papers()
    papers.add("old draft", "KZ/NFP/DUTY-1", 1)
    papers.confirmed("true", 3)
    papers.countersign("old draft", "KZ/NFP/SUPERVISOR", 9)
    assert papers.counts() == digest_of("true")


def test_old_profile_countersigned_again() -> None:
    """A profile that was replaced does not come back by another countersignature, whoever gives it."""
    papers = Papers()
    papers.confirmed("old", 1)
    papers.confirmed("true", 5)
    papers.countersign("old", "KZ/NFP/SUPERVISOR", 9)
    assert papers.counts() == digest_of("true")


def test_profile_that_another_member_takes_back() -> None:
    """A cancel by another member leaves a country's profile as it is."""
    papers = stated()
    papers.add("cancel", "UZ/NFP/DUTY-1", 5, kind="feedback", refs=[("cancel", "true")])
    assert papers.counts() == digest_of("true")


def test_old_profile_brought_back_by_a_cancel() -> None:
    """One officer who takes back the profile that counts brings nothing back: then nothing is known, and all ask."""
    papers = stated()
    papers.confirmed("newer", 5)
    papers.add("cancel", "KZ/NFP/DUTY-1", 8, kind="feedback", refs=[("cancel", "newer")])
    assert papers.counts() is None


@pytest.mark.parametrize("text", ["Firearms\u202e found", "\u200b", "\u2067" * 8_000])
def test_text_in_a_profile_that_no_request_can_quote(tmp_path: Path, text: str) -> None:
    """What a country writes keeps nobody from asking: what no line can hold stands in the request by a mark."""
    crew = Crew(tmp_path)
    state_profile(crew, must_interdict=[text])
    try:
        prepared = crew[TJ].prepare("open", {"legs": LEGS}, participants=PARTICIPANTS)
    except ValidationError:
        pytest.fail("nobody can ask this country")
    assert isinstance(prepared.report, PlanContent)
    (frozen,) = prepared.report.profiles
    assert [each for each in frozen.not_met if each.startswith("interdict: ")]


def test_real_request_that_rests_on_a_played_profile(tmp_path: Path) -> None:
    """What an exercise plays is frozen into no actual request, though nothing actual is there beside it."""
    crew = Crew(tmp_path)
    state_profile(crew, "exercise")
    prepared = crew[TJ].prepare("open", {"legs": LEGS}, participants=PARTICIPANTS)
    assert isinstance(prepared.report, PlanContent)
    assert prepared.cover.status == "actual"
    assert prepared.report.profiles == ()
