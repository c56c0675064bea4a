"""Forms of the steps of operations."""

from __future__ import annotations

from typing import Any, get_args

import pytest
from pydantic import BaseModel, ValidationError

from schemas.claims.operations import Do
from schemas.reports.operations import STEP_FORMS, OpenForm, OperationForm
from schemas.reports.operations.codes import PlanItem
from tests.unit.schemas.reports.operations.builders import LEAST, LEGS

REQUIRED = ["goods", "place", "next_point", "asks", "persons_at_risk", "stop_rule"]


def parts_of(form: Any, seen: set[Any]) -> set[Any]:
    """A form and every group in it."""
    if isinstance(form, type) and issubclass(form, BaseModel) and form not in seen:
        seen.add(form)
        for field in form.model_fields.values():
            parts_of(field.annotation, seen)
    for each in get_args(form):
        parts_of(each, seen)
    return seen


def test_every_step_has_a_form() -> None:
    """Each word of the cover has a form that states it, and a cancel has one too."""
    assert [*STEP_FORMS] == [*get_args(Do), "cancel"]
    assert all(form.model_fields["do"].default == do for do, form in STEP_FORMS.items())


@pytest.mark.parametrize("do", STEP_FORMS)
def test_the_least_of_each(do: str) -> None:
    """The least that each step needs is enough."""
    assert isinstance(STEP_FORMS[do].model_validate(LEAST[do]), OperationForm)


@pytest.mark.parametrize("name", REQUIRED)
def test_what_a_request_needs_before_it_goes(name: str) -> None:
    """What, where now, where next, what is asked, who is at risk and when to stop are required."""
    with pytest.raises(ValidationError):
        OpenForm.model_validate({key: value for key, value in LEAST["open"].items() if key != name})


def test_not_known_yet_is_an_answer_and_is_listed() -> None:
    """What a request leaves out is listed as open, whether or not it says so; what it has is not."""
    form = OpenForm.model_validate(LEAST["open"] | {"not_known": ["offence"], "legs": LEGS})
    assert PlanItem.OFFENCE in form.open_items
    assert PlanItem.GROUNDS in form.open_items
    assert PlanItem.LEGS not in form.open_items


def test_an_hour_decides() -> None:
    """A fact, and what ends by the hour, needs a time with its offset: a day alone is refused."""
    for name in ("occurred_at", "next_report"):
        with pytest.raises(ValidationError):
            STEP_FORMS["move"].model_validate(LEAST["move"] | {name: "2026-11-24"})


def test_an_oral_decision_says_when_it_lapses() -> None:
    """An oral decision without its own group is refused, and so is the group in a written one."""
    oral = {
        "spoken_by": "Prosecutor",
        "received_by": "Duty officer",
        "spoken_at": "2026-11-24T01:00Z",
        "confirmed_until": "2026-11-25T01:00Z",
    }
    decide = STEP_FORMS["decide"]
    decide.model_validate(LEAST["decide"] | {"manner": "oral", "oral": oral})
    for wrong in ({"manner": "oral"}, {"oral": oral}):
        with pytest.raises(ValidationError):
            decide.model_validate(LEAST["decide"] | wrong)


@pytest.mark.parametrize("word", ["call_sign", "tracker", "beacon", "informant", "surveillance_means", "frequency"])
def test_what_endangers_people_is_not_asked_for(word: str) -> None:
    """No group has a member for call signs, trackers, means of surveillance or informants."""
    for form in STEP_FORMS.values():
        assert not [name for part in parts_of(form, set()) for name in part.model_fields if word in name]
