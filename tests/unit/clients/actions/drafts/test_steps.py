"""Each step of an operation from a draft: what is asked, what is known already, what would be signed."""

from __future__ import annotations

from clients.actions.drafts.fields import draft_fields
from clients.actions.drafts.record import Act, WrittenDraft
from clients.actions.drafts.review import Review
from clients.actions.operations.filling import DECISION, GUARANTEES, PARTS
from clients.errors import LocalCode
from schemas.addresses import Address
from schemas.operations.words import StepKind
from schemas.reports.operations import DecideForm, OpenForm, PlanForm
from tests.support.crew import Crew
from tests.support.scribe import Scribe, fault_of
from tests.support.world import KZ, TJ, UZ

OPENED = {
    "reference": "TJ-9",
    "group": "heroin",
    "goods": "Heroin",
    "place": "Khujand",
    "next_place": "Bekabad",
    "next_from": "+2h",
    "ask_member": "uz/nfp",
    "ask": "decide",
    "persons_at_risk": "none",
    "stop_when": "The lorry leaves its road",
    "stop_by": "TJ/NFP",
    "leg": "1",
    "leg_member": "TJ/NFP",
    "leg_2": "2",
    "leg_member_2": "UZ/NFP",
}
"""A request with two legs."""


def chief(crew: Crew, member: Address) -> Scribe:
    """The authorising officer of a country."""
    return Scribe(crew[member], Address(f"{member}/CHIEF"))


def shown(scribe: Scribe, do: str, answers: dict[str, str], operation: str = "", **wishes: object) -> Review:
    """What would be signed of a step."""
    on = str(wishes.pop("on", ""))
    return scribe.show(scribe.write(scribe.begin(Act.STEP, do=do, operation=operation, on=on), answers, **wishes))


def asked(scribe: Scribe, draft: WrittenDraft) -> dict[str, tuple[str, str]]:
    """What stands there, and what is proposed, by the key."""
    return {each.step.key: (each.value, each.suggested) for each in draft_fields(scribe.client, draft)}


def test_a_request_proposes_who_takes_part(crew: Crew) -> None:
    """From its legs: origin and destination; what is left open is not asked twice, and the rest may stay open."""
    officer = Scribe(crew[TJ], Address(f"{TJ}/DUTY-1"))
    keys = {each.step.key for each in draft_fields(crew[TJ], officer.begin(Act.STEP, do="open"))}
    answers = {key: text for key, text in OPENED.items() if key in keys or key.endswith("_2")}
    review = shown(officer, "open", answers)
    assert (review.fault, review.gaps.missing, review.gaps.unfit) == (None, (), ())
    assert review.dispatch is not None
    assert isinstance(review.dispatch.report, OpenForm)
    mark = review.dispatch.cover.operation
    assert mark is not None
    assert dict(mark.participants)[UZ] == "destination"
    assert asked(officer, review.draft)[PARTS][1].startswith("TJ/NFP origin")
    assert officer.sign(review) is not None


def test_a_decision_asks_what_goes_with_it(crew: Crew) -> None:
    """A refusal needs a reason and has no end; a grant has guarantees, and the digests of the own legs."""
    operation = crew.open()
    officer = chief(crew, UZ)
    draft = officer.begin(Act.STEP, do="decide", operation=operation)
    assert officer.show(draft).gaps.missing == (DECISION,)
    refusal = officer.write(draft, {DECISION: "refused", "post": "Prosecutor"})
    assert "valid_until" not in asked(officer, refusal)
    assert "reason" in officer.show(refusal).gaps.missing
    grant = officer.write(draft, {DECISION: "granted", "post": "Prosecutor", GUARANTEES: "1 2"})
    assert "reason" not in asked(officer, grant)
    assert asked(officer, grant)["manner"][1] == "electronic"
    review = officer.show(grant)
    assert (review.fault, review.gaps.missing) == (None, ())
    assert review.dispatch is not None
    assert isinstance(review.dispatch.report, DecideForm)
    assert [leg.leg for leg in review.dispatch.report.legs] == ["2"]
    assert len(review.dispatch.report.guarantees) == 2
    assert officer.show(officer.write(draft, {DECISION: "perhaps"})).gaps.unfit == (DECISION,)
    assert officer.show(officer.write(draft, {DECISION: "granted", GUARANTEES: "99"})).gaps.unfit == (GUARANTEES,)


def test_a_plan_begins_with_the_one_before(crew: Crew) -> None:
    """What is not changed stays to the letter; on which legs has to be decided again is said."""
    operation = crew.open()
    crew.agree(operation)
    officer = Scribe(crew[TJ], Address(f"{TJ}/DUTY-1"))
    draft = officer.begin(Act.STEP, do="plan", operation=operation)
    assert asked(officer, draft)["leg_2"][0] == "2"
    review = officer.show(officer.write(draft, {"changes": "Late at the border"}))
    assert (review.fault, review.gaps.missing) == (None, ())
    assert review.dispatch is not None
    assert isinstance(review.dispatch.report, PlanForm)
    assert review.dispatch.report.changes == "Late at the border"
    assert review.dispatch.cover.operation is not None
    assert review.dispatch.cover.operation.participants


def test_an_entry_that_cannot_be_right_is_named(crew_operation: tuple[Scribe, str]) -> None:
    """A time of tomorrow is no fact: the review says which entry, and nothing can be signed."""
    officer, operation = crew_operation
    review = shown(officer, "move", {"movement": "at", "occurred_at": "+20h"}, operation)
    assert (fault_of(review), review.shown) == (LocalCode.ENTRIES_IMPOSSIBLE, "")


def test_a_newer_plan_is_shown_before_anything_is_signed(crew: Crew) -> None:
    """A decision on the plan before was shown; a newer one comes: it is shown again, and says so."""
    operation = crew.open()
    officer = chief(crew, UZ)
    answers = {DECISION: "granted", "post": "Prosecutor"}
    review = shown(officer, "decide", answers, operation, step=operation)
    crew.act(TJ, "plan", operation=operation)
    assert officer.sign(review) is None
    again = officer.show(review.draft)
    assert again.dispatch is not None
    assert again.dispatch.step is not None
    assert again.dispatch.step.newer_plan is not None
    assert again.shown != review.shown


def test_a_step_that_came_meanwhile_and_changes_nothing_holds_nothing_up(crew: Crew) -> None:
    """What the signer held is made when it is signed: a check-in of another country is no reason to look again."""
    operation = crew.open()
    officer = Scribe(crew[UZ], Address(f"{UZ}/DUTY-1"))
    review = shown(officer, "note", {"summary": "The lorry is late"}, operation, to=("TJ/NFP",))
    crew.act(TJ, "note", operation=operation, to=(UZ,))
    assert officer.sign(review) is not None


def test_a_step_is_struck_out(crew: Crew) -> None:
    """The own step that is named, with a reason."""
    operation = crew.open()
    moved = crew.act(KZ, "move", operation=operation, to=(TJ,))
    officer = Scribe(crew[KZ], Address(f"{KZ}/DUTY-1"))
    review = shown(officer, "cancel", {"reason": "Another lorry"}, operation, on=moved)
    assert (review.fault, review.gaps.missing) == (None, ())
    assert review.dispatch is not None
    assert [(ref.rel, ref.digest) for ref in review.dispatch.cover.refs] == [("cancel", moved)]


def test_every_step_has_a_form_here(crew_operation: tuple[Scribe, str]) -> None:
    """What `serai operation` can do can be begun, and asks something."""
    officer, operation = crew_operation
    for do in [each.value for each in StepKind]:
        draft = officer.begin(Act.STEP, do=do, operation="" if do == "open" else operation)
        assert draft_fields(officer.client, draft)


def test_a_desk_is_asked_whether_others_are_after_the_same(crew: Crew) -> None:
    """By what is typed, or by what of a plan was not asked yet; what names nothing to compare is refused."""
    officer = Scribe(crew[TJ], Address(f"{TJ}/DUTY-1"))
    typed = {"reference": "TJ-9", "plate": "A 123 BC"}
    draft = officer.begin(Act.QUESTION, kind="")
    review = officer.show(officer.write(draft, typed))
    assert (fault_of(review), review.gaps.missing, review.gaps.unfit) == ("", (), ())
    assert review.dispatch is not None
    assert review.dispatch.report.kind == "deconflict"
    assert officer.sign(review) is not None
    empty = officer.show(officer.write(officer.begin(Act.QUESTION, kind=""), {"reference": "TJ-9"}))
    assert (fault_of(empty), empty.shown) == (LocalCode.QUESTION_UNSENT, "")
    plates = [{"kind": "vehicle_plate", "value": plate} for plate in ("A 123 BC", "B 456 CE")]
    operation = crew.open(identifiers=plates)
    draft = officer.begin(Act.QUESTION, operation=operation)
    assert asked(officer, draft)["plate"][0] == "B 456 CE"
    assert officer.show(draft).shown
