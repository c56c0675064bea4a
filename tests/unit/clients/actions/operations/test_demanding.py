"""A plan rests on profiles: frozen by digest, with what it does not meet."""

from __future__ import annotations

from typing import Any

from clients.actions.operations.commands import PreparedStep
from clients.actions.writing import Marking
from schemas.operations.demands import DemandKind
from schemas.reports.operations import PlanContent
from schemas.reports.operations.parts import ProfileDemand
from tests.support.crew import PARTICIPANTS, Crew
from tests.support.stating import state_profile
from tests.support.world import KZ, RU, TJ, UZ
from tests.unit.schemas.reports.operations.builders import LEGS


def request(crew: Crew, **command: Any) -> PreparedStep:
    """What TJ would send."""
    return crew[TJ].prepare("open", {"legs": LEGS}, participants=PARTICIPANTS, **command)


def profiles(prepared: PreparedStep) -> tuple[ProfileDemand, ...]:
    """The profiles on which it rests."""
    assert isinstance(prepared.report, PlanContent)
    return prepared.report.profiles


def test_a_request_freezes_the_profiles_of_those_who_decide(crew: Crew) -> None:
    """By digest, with what it does not meet; of whom nothing is known, the review says that."""
    digest = state_profile(
        crew, must_state=["offence", "legs"], must_interdict=["Sight is\nlost"], must_state_further=[]
    )
    prepared = request(crew)
    (frozen,) = profiles(prepared)
    assert (frozen.member, frozen.digest) == (KZ, digest)
    assert set(frozen.not_met) >= {"stated: offence", "interdict: Sight is lost", "letter: after"}
    assert {each.member for each in prepared.unmet if each.kind is DemandKind.NOT_KNOWN} == {UZ, RU}


def test_what_is_actual_does_not_rest_on_what_an_exercise_plays(crew: Crew) -> None:
    """Nor the other way round."""
    digest = state_profile(crew, "exercise")
    assert profiles(request(crew)) == ()
    (frozen,) = profiles(request(crew, marking=Marking("exercise")))
    assert frozen.digest == digest


def test_a_new_plan_rests_on_what_counts_when_it_is_sent(crew: Crew) -> None:
    """What an earlier plan had frozen is not carried on."""
    state_profile(crew)
    first = request(crew)
    newer = state_profile(crew, notice_hours="1")
    again = crew[TJ].prepare(
        "open", {"legs": LEGS, "profiles": [each.model_dump() for each in profiles(first)]}, participants=PARTICIPANTS
    )
    assert [each.digest for each in profiles(again)] == [newer]
