"""A plan rests on profiles: frozen by digest, with what it does not meet."""

from __future__ import annotations

from typing import Any

import pytest

from clients.actions.operations import demanding as module
from clients.actions.operations.commands import PreparedStep
from clients.actions.operations.demanding import frozen_profile
from clients.actions.operations.entries import EntryFault
from clients.actions.writing import Marking
from clients.errors import ClientError
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


def test_demands_without_end(crew: Crew, monkeypatch: pytest.MonkeyPatch) -> None:
    """A request says how many more demands there are than it has room for, in lines and in bytes: a review has all."""
    state_profile(
        crew, must_interdict=[f"If {at}" for at in range(20)], must_state_further=[f"{at}" for at in range(20)]
    )
    prepared = request(crew)
    (frozen,) = profiles(prepared)
    all_of_it = len([each for each in prepared.unmet if each.member == KZ])
    assert (len(frozen.not_met), frozen.not_met[-1]) == (32, f"+{all_of_it - 31}")
    monkeypatch.setattr(module, "_ROOM_BYTES", 40)
    (frozen,) = profiles(request(crew))
    assert frozen.not_met[-1] == f"+{all_of_it - len(frozen.not_met) + 1}"
    assert sum(len(each) for each in frozen.not_met[:-1]) <= 40


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


def decided(crew: Crew, operation: str, **content: Any) -> PreparedStep:
    """What KZ would decide."""
    return crew[KZ].prepare("decide", content, operation=operation, decision="granted", chief=True)


def test_what_is_guaranteed_as_in_the_profile_is_that_of_the_request(crew: Crew) -> None:
    """The tick means the profile that the request has frozen; that a newer one counts is said, and changes nothing."""
    old = state_profile(crew)
    operation = crew.open()
    crew.act(TJ, "confirm", operation=operation, chief=True)
    prepared = decided(crew, operation, as_in_profile=True)
    assert (prepared.old_profile, prepared.newer_profile) == (None, None)
    newer = state_profile(crew, notice_hours="1")
    prepared = decided(crew, operation, as_in_profile=True)
    assert (prepared.old_profile, prepared.newer_profile) == (old, newer)
    assert frozen_profile(crew[KZ].known(operation), prepared.rests_on, KZ) == old


def test_nothing_is_as_in_a_profile_that_the_request_has_not(crew: Crew) -> None:
    """Who has stated one since the request, or none at all, ticks what he guarantees, each by itself."""
    operation = crew.open()
    crew.act(TJ, "confirm", operation=operation, chief=True)
    state_profile(crew)
    with pytest.raises(ClientError) as caught:
        decided(crew, operation, as_in_profile=True)
    assert caught.value.facts["entries"] == [EntryFault.NO_PROFILE]
    assert decided(crew, operation).newer_profile is None
