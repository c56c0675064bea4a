"""The form of a country profile."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from schemas.reports.profile import PROFILE, ProfileReport
from schemas.reports.reading import read_members
from tests.support.profiles import MINIMAL_PROFILE, full_profile


def test_it_ships_empty() -> None:
    """Nothing is required but the sender's reference, and an empty one states nothing at all."""
    profile = ProfileReport.model_validate(MINIMAL_PROFILE)
    stated = {name for name in type(profile).model_fields if getattr(profile, name) not in (None, (), "und")}
    assert stated == {"report", "version", "our_reference"}


def test_everything_that_a_country_is_asked_is_read_again() -> None:
    """A profile that says all is read as it was written, and every member of its own is among it."""
    profile = full_profile()
    own = set(ProfileReport.model_fields) - set(ProfileReport.__mro__[1].model_fields)  # type: ignore[attr-defined]
    assert own <= set(profile)
    assert read_members(profile, "profile").is_known


@pytest.mark.parametrize(
    ("telephone", "is_one"),
    [
        ("+7 (727) 250-00-00", True),
        ("+998 71 200-00-00,12", True),
        ("102", False),
        ("call the duty officer", False),
        ("+7 727 250 00 00\n112", False),
        ("+", False),
    ],
)
def test_a_telephone_number_can_be_dialled(telephone: str, *, is_one: bool) -> None:
    """A number is digits and what stands between them, in one line."""
    contact = {"post": "Duty officer", "telephone": telephone, "hours": "always"}
    if is_one:
        assert ProfileReport.model_validate({**MINIMAL_PROFILE, "contacts": [contact]}).contacts
        return
    with pytest.raises(ValidationError):
        ProfileReport.model_validate({**MINIMAL_PROFILE, "contacts": [contact]})


@pytest.mark.parametrize("hours", ["0", "-4", "4.5", "four", "100000"])
def test_hours_are_a_whole_number(hours: str) -> None:
    """Notice of no hours, or of half an hour, is no notice that can be counted."""
    with pytest.raises(ValidationError):
        ProfileReport.model_validate({**MINIMAL_PROFILE, "notice_hours": hours})


def test_a_permission_of_a_later_version_is_no_permission() -> None:
    """A word that is not known here is kept as a later one, and equals none that permits."""
    members: dict[str, Any] = {**MINIMAL_PROFILE, "foreign_officers": {"permitted": "unarmed"}}
    form = read_members(members, "profile").form
    assert isinstance(form, ProfileReport)
    assert form.foreign_officers is not None
    assert form.foreign_officers.permitted.is_later


def test_no_name_of_a_person_is_asked_for() -> None:
    """Contacts are posts: no question asks for a name."""
    assert not [step.key for step in PROFILE.steps if "name" in step.key]
