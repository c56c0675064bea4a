"""From a draft to what would be signed, of each thing that an officer writes."""

from __future__ import annotations

import json

from clients.actions.drafts.fields import draft_fields
from clients.actions.drafts.keeping import list_drafts
from clients.actions.drafts.record import Act
from clients.actions.drafts.writing import PRECEDENCE, TO, WrittenDispatch
from clients.errors import LocalCode
from schemas.addresses import Address
from tests.support.desk import Desk
from tests.support.scribe import ANSWERS, Scribe, fault_of
from tests.support.traffic import arrive, send_now

UZ, RU = Address("UZ/NFP"), Address("RU/NFP")


def shown(scribe: Scribe, act: Act, answers: dict[str, str], on: str = "", **wishes: object) -> WrittenDispatch:
    """What would be signed, which must be whole."""
    subject = {"on": on} if on else {"kind": "warning"}
    review = scribe.show(scribe.write(scribe.begin(act, **subject), answers, **wishes))
    assert (review.fault, bool(review.gaps)) == (None, False)
    assert review.dispatch is not None
    return review.dispatch


def test_what_lacks_is_named(scribe: Scribe) -> None:
    """Answers by their keys, and of the cover to whom and how urgent: a warning's precedence nobody guesses."""
    draft = scribe.begin()
    assert scribe.show(draft).gaps.missing == ("reference", "action", "summary", TO, PRECEDENCE)
    draft = scribe.write(draft, {**ANSWERS, "action": "dance"}, to=("UZ/NFP",), precedence="flash")
    review = scribe.show(draft)
    assert (review.gaps.missing, review.gaps.unfit, review.shown) == ((), ("action",), "")
    assert scribe.sign(review) is None
    past = scribe.show(scribe.begin(Act.REPORT, kind="seizure"))
    assert PRECEDENCE not in past.gaps.missing


def test_a_report_goes_as_it_was_chosen(scribe: Scribe) -> None:
    """Recipients, precedence, handling and the clock of the answer stand on the cover; the officer signs."""
    found = shown(scribe, Act.REPORT, dict(ANSWERS), to=("uz/nfp, ru/nfp",), precedence="flash", reply_minutes=30)
    cover = found.cover
    assert (cover.to, cover.precedence, cover.signer) == ((UZ, RU), "flash", scribe.officer)
    assert cover.expects is not None
    assert cover.expects.by == scribe.client.state.system.clock.time_s() + 1800
    everybody = shown(scribe, Act.REPORT, dict(ANSWERS), to=("ALL",), precedence="routine")
    assert set(everybody.cover.to) == {UZ, RU}


def test_who_cannot_be_written_to_is_refused_with_the_reason(scribe: Scribe) -> None:
    """It stands in the review, not in a fault of the page: the draft is as it was."""
    draft = scribe.write(scribe.begin(), ANSWERS, to=("FR/NFP",), precedence="flash")
    review = scribe.show(draft)
    assert (fault_of(review), review.shown) == (LocalCode.RECIPIENTS_UNKNOWN, "")
    assert list_drafts(scribe.client)[0].answers == ANSWERS


def test_a_reply_asks_for_its_words_alone(scribe: Scribe, kz: Desk, uz: Desk) -> None:
    """It goes to whoever sent it, marked as that is; others who got it only if that is chosen."""
    digest = arrive(uz, kz, "RU/NFP", reference="UZ-7", precedence="immediate", handling="H2")
    draft = scribe.begin(Act.REPLY, on=digest)
    fields = {each.step.key: each for each in draft_fields(scribe.client, draft)}
    assert (fields["outcome"].value, fields["summary"].value) == ("information_given", "")
    assert scribe.show(draft).gaps.missing == ("summary",)
    found = shown(scribe, Act.REPLY, {"summary": "On the way"}, digest)
    assert (found.cover.to, found.left_out) == ((UZ,), (RU,))
    assert (found.cover.precedence, found.cover.handling) == ("immediate", "H2")
    assert [(ref.rel, ref.digest) for ref in found.cover.refs] == [("reply", digest)]
    assert shown(scribe, Act.REPLY, {"summary": "On the way"}, digest, to_all=True).cover.to == (UZ, RU)
    feedback = shown(scribe, Act.FEEDBACK, {"reference": "KZ-9", "outcome": "nothing_found"}, digest)
    assert json.loads(feedback.report.model_dump_json())["your_reference"] == "UZ-7"


def test_what_came_as_an_exercise_is_not_answered_as_real(scribe: Scribe, kz: Desk, uz: Desk) -> None:
    """Whoever takes it for something else than it is, is told."""
    digest = arrive(uz, kz, status="exercise")
    draft = scribe.write(scribe.begin(Act.REPLY, on=digest), {"summary": "x"}, status="actual")
    assert fault_of(scribe.show(draft)) == LocalCode.MARKED_OTHERWISE
    assert shown(scribe, Act.REPLY, {"summary": "x"}, digest).cover.status == "exercise"


def test_a_correction_begins_with_what_was_said(scribe: Scribe, kz: Desk) -> None:
    """It asks what is to change, refuses to change nothing, and goes to all who got it."""
    digest, _index = send_now(kz, "UZ/NFP", "RU/NFP")
    kz.sync()
    scribe.client.reread()
    draft = scribe.begin(Act.CORRECT, on=digest)
    before = {each.step.key: each.value for each in draft_fields(scribe.client, draft) if each.value}
    assert before["reference"]
    assert scribe.show(draft).gaps.is_unchanged
    found = shown(scribe, Act.CORRECT, {"summary": "Green lorry"}, digest)
    assert (found.cover.to, found.instead_of) == ((UZ, RU), (digest,))
    assert found.before is not None
    assert (found.report.our_reference, found.report.summary) == (found.before.our_reference, "Green lorry")
    assert [ref.rel for ref in found.cover.refs] == ["update"]
    assert scribe.show(scribe.write(draft, {"action": "dance"})).gaps.unfit == ("action",)


def test_a_cancellation_asks_why(scribe: Scribe, kz: Desk) -> None:
    """A reason, and nothing else; once it waits to be sent it is not cancelled again."""
    digest, _index = send_now(kz, "UZ/NFP")
    kz.sync()
    scribe.client.reread()
    draft = scribe.begin(Act.CANCEL, on=digest)
    assert [each.step.key for each in draft_fields(scribe.client, draft)] == ["reason"]
    assert scribe.show(draft).gaps.missing == ("reason",)
    review = scribe.show(scribe.write(draft, {"reason": "Stopped elsewhere"}, withdrawn="отменено"))
    assert review.dispatch is not None
    assert (review.dispatch.instead_of, review.dispatch.report.summary) == ((digest,), "Stopped elsewhere")
    assert scribe.sign(review) is not None
    again = scribe.show(scribe.write(scribe.begin(Act.CANCEL, on=digest), {"reason": "x"}))
    assert fault_of(again) == LocalCode.CANCEL_WAITS


def test_passing_on_needs_its_providers_permission(scribe: Scribe, kz: Desk, uz: Desk) -> None:
    """Without it nothing can be signed; with it the words go with the report, and into the log when it is signed."""
    digest = arrive(uz, kz, handling="H3")
    draft = scribe.write(scribe.begin(Act.FORWARD, on=digest), {}, to=("RU/NFP",))
    assert fault_of(scribe.show(draft)) == LocalCode.USE_NOT_PERMITTED
    assert scribe.show(scribe.write(draft, {}, permission="letter 12")).gaps.missing == (TO,)
    review = scribe.show(scribe.write(draft, {}, to=("RU/NFP", "UZ/NFP"), permission="letter 12"))
    assert review.dispatch is not None
    assert (review.dispatch.had_it, review.dispatch.cover.handling) == ((UZ,), "H3")
    assert scribe.sign(review) is not None
    (entry,) = scribe.client.store.handed.of(digest)
    assert (entry.by, entry.permission, entry.to) == (scribe.officer, "letter 12", (RU, UZ))


def test_what_it_is_about_must_permit_it(scribe: Scribe, kz: Desk, uz: Desk) -> None:
    """We neither reply to what we sent, nor correct or cancel what came: the review says so, and what to do."""
    ours, _index = send_now(kz, "UZ/NFP")
    kz.sync()
    scribe.client.reread()
    assert fault_of(scribe.show(scribe.begin(Act.REPLY, on=ours))) == LocalCode.NOT_RECEIVED
    theirs = arrive(uz, kz)
    for act in (Act.CORRECT, Act.CANCEL):
        assert fault_of(scribe.show(scribe.begin(act, on=theirs))) == LocalCode.NOT_SENT_BY_US
