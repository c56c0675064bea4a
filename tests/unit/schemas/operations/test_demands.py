"""What a plan does not meet of a country's profile."""

from __future__ import annotations

from typing import Any

from schemas.addresses import Address
from schemas.operations.demands import DemandKind, unmet_demands
from schemas.operations.moments import HOUR_MS, moment_ms
from schemas.reports.operations import OpenForm
from schemas.reports.profile import ProfileReport
from schemas.reports.reading import read_members
from tests.support.profiles import MINIMAL_PROFILE
from tests.unit.schemas.reports.operations.builders import LEAST, LEGS

UZ = Address("UZ/NFP")
ENTERS_MS = moment_ms("2026-11-24T12:00+05:00")


def unmet(profile: dict[str, Any] | None, plan: dict[str, Any] | None = None, notice_hours: int = 20) -> list[Any]:
    """Kind and words of what a plan does not meet that is sent some hours before the goods come."""
    form = OpenForm.model_validate({**LEAST["open"], "legs": LEGS, **(plan or {})})
    stated = None if profile is None else ProfileReport.model_validate({**MINIMAL_PROFILE, **profile})
    found = unmet_demands(form, UZ, stated, ENTERS_MS - notice_hours * HOUR_MS)
    assert {each.member for each in found} <= {UZ}
    return [(each.kind, each.words) for each in found]


def test_what_is_not_known_is_named() -> None:
    """Where no profile counts, that is what the review says; an empty one asks for nothing."""
    assert unmet(None) == [(DemandKind.NOT_KNOWN, "")]
    assert unmet({}) == []


def test_notice_is_counted_until_the_goods_enter() -> None:
    """To the hour; where nobody says when they enter, no notice is met."""
    assert unmet({"notice_hours": "20"}) == []
    assert unmet({"notice_hours": "21"}) == [(DemandKind.NOTICE, "21")]
    assert unmet({"notice_hours": "1"}, {"legs": [{"leg": "2", "member": UZ}]}) == [(DemandKind.NOTICE, "1")]
    assert unmet({"notice_hours": "1"}, {"legs": []}) == [(DemandKind.NOTICE, "1")]


def test_an_authority_that_ends_before_the_goods_have_left() -> None:
    """How long they are on its soil, against how long an authority holds there."""
    legs = {"legs": [{**LEGS[1], "leaves": "2026-11-26T12:00+05:00"}]}
    assert unmet({"longest_validity_hours": "48"}, legs) == []
    assert unmet({"longest_validity_hours": "47"}, legs) == [(DemandKind.VALIDITY, "47")]


def test_substitution_that_is_not_permitted() -> None:
    """Only where the profile says which are; a plan that leaves it open wants none yet."""
    permits = {"substitution": ["none", "part"]}
    assert unmet(permits, {"substitution": "all"}) == [(DemandKind.SUBSTITUTION, "all")]
    assert unmet(permits, {"substitution": "part"}) == []
    assert unmet(permits) == []
    assert unmet({}, {"substitution": "all"}) == []


def test_what_a_request_must_state() -> None:
    """What the plan leaves open, and the country's own questions by their labels, in whatever case and spacing."""
    asks = {"must_state": ["offence", "legs"], "must_state_further": ["Article of the code"]}
    assert unmet(asks) == [(DemandKind.STATED, "offence"), (DemandKind.STATED, "Article of the code")]
    further = [{"label": "article  OF the code", "value": "228"}]
    assert unmet(asks, {"offence": "Smuggling", "further": further}) == []


def test_a_demand_of_a_later_version_is_not_met() -> None:
    """What must be stated and is not known here is named, not passed over."""
    form = read_members({**MINIMAL_PROFILE, "must_state": ["drone_owner"]}, "profile").form
    assert isinstance(form, ProfileReport)
    (found,) = unmet_demands(OpenForm.model_validate(LEAST["open"]), UZ, form, 0)
    assert (found.kind, found.words) == (DemandKind.STATED, "drone_owner")


def test_what_no_program_can_see_is_named_always() -> None:
    """A letter of request, and when the goods must be seized, stand in every review."""
    found = unmet({"letter_of_request": "before", "must_interdict": ["Sight is lost", "Persons at risk"]})
    assert found == [
        (DemandKind.LETTER, "before"),
        (DemandKind.INTERDICT, "Sight is lost"),
        (DemandKind.INTERDICT, "Persons at risk"),
    ]
    assert unmet({"letter_of_request": "none"}) == []
