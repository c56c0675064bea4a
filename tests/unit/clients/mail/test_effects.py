"""What receipts and events do to the records of dispatches."""

from __future__ import annotations

import json
from typing import Any

import pytest

from clients.mail.compose import Expectation
from clients.mail.inbox import status_of
from clients.mail.notices import Answered, Arrived, Settled
from schemas.addresses import HUB, Address
from schemas.encoding import encode_base64url
from tests.support.desk import Desk, ScriptedHub
from tests.support.world import KZ, RU, UZ


def sent(desk: Desk, *to: str, **cover: Any) -> str:
    """An accepted dispatch; gives its digest."""
    row = desk.send(*to, **cover)
    desk.flush()
    desk.sync()
    return desk.digest_of(row)


def test_receipts_are_recorded_for_the_sender(kz: Desk, uz: Desk, hub: ScriptedHub) -> None:
    """Received, then acknowledged by an officer: the sender sees who, what and when, and awaits nobody."""
    digest = sent(kz, "UZ/NFP")
    uz.confirm()
    hub.world.admit(hub.world.receipt("UZ/NFP/DUTY-1", "KZ/NFP", [digest], "acknowledged"))
    kz.sync()
    answers = kz.store.outcomes.of(digest)
    assert [(answer.member, answer.outcome, answer.by) for answer in answers] == [
        ("UZ/NFP", "received", "UZ/NFP"),
        ("UZ/NFP", "acknowledged", "UZ/NFP/DUTY-1"),
    ]
    assert kz.store.outcomes.take_silent(1 << 60) == {}


def test_rejection_and_refusal_keep_their_reasons(kz: Desk, hub: ScriptedHub) -> None:
    """Step and reason of a rejection, and an officer's reason, are there to be shown."""
    digest = sent(kz, "UZ/NFP", "RU/NFP")
    hub.world.admit(hub.world.receipt("UZ/NFP", "KZ/NFP", [digest], "rejected", step=9, reason="decryption_failed"))
    hub.world.admit(hub.world.receipt("RU/NFP/DUTY-1", "KZ/NFP", [digest], "declined", reason="not_ours"))
    kz.sync()
    said = [(a.member, a.outcome, a.step, a.reason) for a in kz.store.outcomes.of(digest)]
    assert said == [("UZ/NFP", "rejected", 9, "decryption_failed"), ("RU/NFP", "declined", None, "not_ours")]
    assert kz.store.outcomes.take_silent(1 << 60) == {digest: [RU]}


def test_undeliverable_is_final(kz: Desk, hub: ScriptedHub) -> None:
    """A recipient whose last key was revoked is not awaited any more."""
    digest = sent(kz, "UZ/NFP")
    hub.world.admit(hub.world.event("undeliverable", to=["KZ/NFP"], digests=[digest], member="UZ/NFP"))
    kz.sync()
    assert kz.outcomes(digest) == [("UZ/NFP", "undeliverable")]
    assert kz.store.outcomes.take_silent(1 << 60) == {}


@pytest.mark.parametrize(("missing", "outcome"), [("received", "overdue"), ("reply", "overdue_reply")])
def test_hub_notices_overdue(kz: Desk, hub: ScriptedHub, missing: str, outcome: str) -> None:
    """What the hub finds overdue is recorded for each member that it names."""
    digest = sent(kz, "UZ/NFP", "RU/NFP")
    claims: dict[str, Any] = {"members": ["UZ/NFP", "RU/NFP"], "missing": missing, "due": hub.world.time_s}
    hub.world.admit(hub.world.event("overdue", to=["KZ/NFP"], digests=[digest], **claims))
    kz.sync()
    assert kz.outcomes(digest) == [("UZ/NFP", outcome), ("RU/NFP", outcome)]


@pytest.mark.parametrize("word", ["eclipse", "acknowledged", "undeliverable_again", "answered"])
def test_event_nobody_knows_yet_is_shown_and_has_no_effect(kz: Desk, hub: ScriptedHub, word: str) -> None:
    """A word of tomorrow is kept and shown as written; it records nothing of anybody, whatever else it says."""
    digest = asked(kz, "UZ/NFP")
    further: dict[str, Any] = {"digests": [digest, "?"], "member": "UZ/NFP", "due": "soon"}
    logged = hub.world.admit(hub.world.event(word, to=["KZ/NFP"], **further))
    kz.sync()
    assert kz.outcomes(digest) == [(HUB, f"later:{word}")]
    assert kz.store.items.get(encode_base64url(logged.leaf.digest)) is not None
    status = status_of(digest, kz.store)
    assert (status.recipients[UZ].state, [each.outcome for each in status.later]) == ("sent", [f"later:{word}"])
    assert json.loads(status.later[0].reason or "") == further
    assert kz.store.outcomes.take_silent(1 << 60) == {digest: [UZ]}
    assert kz.store.outcomes.take_silent(1 << 60, "reply") == {digest: [UZ]}
    assert kz.alarms() == []


@pytest.mark.parametrize("word", ["borrowed", "answered", "undeliverable", "resealed", "silent"])
@pytest.mark.parametrize("iss", ["UZ/NFP", "UZ/NFP/DUTY-1"])
def test_outcome_nobody_knows_yet_is_shown_and_has_no_effect(kz: Desk, hub: ScriptedHub, iss: str, word: str) -> None:
    """A receipt with a word of tomorrow is no receipt of today, though the word is one that is used here for itself."""
    digest = asked(kz, "UZ/NFP")
    hub.world.admit(hub.world.receipt(iss, "KZ/NFP", [digest], word))
    kz.sync()
    assert kz.outcomes(digest) == [("UZ/NFP", f"later:{word}")]
    assert status_of(digest, kz.store).recipients[UZ].state == "sent"
    assert kz.store.outcomes.take_silent(1 << 60) == {digest: [UZ]}
    assert kz.store.outcomes.take_silent(1 << 60, "reply") == {digest: [UZ]}
    assert kz.alarms() == []


def test_overdue_in_a_word_nobody_knows_yet(kz: Desk, hub: ScriptedHub) -> None:
    """That something else than a receipt or an answer is missing is shown as written."""
    digest = sent(kz, "UZ/NFP")
    claims: dict[str, Any] = {"members": ["UZ/NFP"], "missing": "decision", "due": hub.world.time_s}
    hub.world.admit(hub.world.event("overdue", to=["KZ/NFP"], digests=[digest], **claims))
    kz.sync()
    assert kz.outcomes(digest) == [(HUB, "later:overdue")]


def test_receipt_before_its_dispatch_counts(kz: Desk, hub: ScriptedHub) -> None:
    """A receipt on the urgent lane that overtakes a normal dispatch in a new seat's mail settles it."""
    digest = sent(kz, "UZ/NFP")
    flash = kz.send("UZ/NFP", precedence="flash")
    kz.flush()
    hub.world.admit(hub.world.receipt("UZ/NFP", "KZ/NFP", [digest, kz.digest_of(flash)]))
    kz.sync()
    frame = hub.deliver("KZ/NFP", kz.state.cursors.model_copy(update={"normal": 0, "urgent": 0}), kz.size)
    lanes = [item.lane for item in frame.items]
    assert lanes == ["urgent", "urgent", "normal"]
    assert kz.store.outcomes.take_silent(1 << 60) == {}


def test_notices_tell_what_happened(kz: Desk, uz: Desk) -> None:
    """Whoever watches hears of arrival, acceptance and answers."""
    row = kz.send("UZ/NFP")
    kz.flush()
    uz.confirm()
    kz.sync()
    heard = kz.state.take_notices()
    assert Settled(row) in heard
    assert [notice.answer.outcome for notice in heard if isinstance(notice, Answered)] == ["received"]
    assert Arrived("normal", kz.digest_of(row)) in uz.state.take_notices()


def test_resealed_recipients_are_linked(kz: Desk, hub: ScriptedHub) -> None:
    """A reseal is recorded at the dispatch it repeats, for the members it went to."""
    digest = sent(kz, "UZ/NFP", "RU/NFP")
    resealed = hub.world.dispatch("KZ/NFP", ["UZ/NFP"], refs=[{"rel": "reseal", "digest": digest}])
    hub.send(resealed)
    kz.sync()
    (answer,) = kz.store.outcomes.of(digest)
    assert (answer.member, answer.outcome, answer.statement) == (UZ, "resealed", resealed.digest)


def test_hub_is_nobodys_member(kz: Desk) -> None:
    """Neither the root nor the hub speaks for the own member; officers do."""
    effects = kz.intake._effects
    assert [effects.is_ours(iss) for iss in ("ROOT", HUB, UZ, KZ, "KZ/NFP/DUTY-9")] == [False] * 3 + [True] * 2


def test_an_answer_of_a_stranger_is_an_alarm(kz: Desk, hub: ScriptedHub) -> None:
    """Whoever was not sent a dispatch cannot answer it, nor have it sealed to a key of its own."""
    digest = sent(kz, "UZ/NFP")
    hub.world.admit(hub.world.receipt("RU/NFP", "KZ/NFP", [digest], "rejected", step=7, reason="no_key"))
    hub.world.rotate("RU/NFP")
    kz.sync()
    assert kz.outcomes(digest) == []
    assert kz.alarms() == ["bad_statement"]
    assert kz.store.outbox.waiting(10) == []


def test_what_was_received_is_not_resealed(kz: Desk, uz: Desk, hub: ScriptedHub) -> None:
    """A recipient that had received a dispatch does not get it again under a newer key by asking."""
    digest = sent(kz, "UZ/NFP")
    uz.confirm()
    kz.sync()
    hub.world.rotate("UZ/NFP")
    hub.world.admit(hub.world.receipt("UZ/NFP", "KZ/NFP", [digest], "rejected", step=7, reason="no_key"))
    kz.sync()
    assert kz.store.outcomes.reseals() == {}
    assert kz.store.outbox.waiting(10) == []


def asked(kz: Desk, *to: str, **expects: Any) -> str:
    """A dispatch that asks for an answer within a minute, in the ledger; its digest."""
    by = kz.state.system.clock.time_s() + 60
    members = tuple(Address(each) for each in expects.get("members", ()))
    return sent(kz, *to, expects=Expectation(by, members))


def overdue(kz: Desk) -> dict[str, list[Address]]:
    """Who should have answered by the own clock, by digest."""
    return kz.store.outcomes.take_silent(kz.state.system.clock.local_ms(), "reply")


def test_answers_are_awaited_by_the_own_clock(kz: Desk, hub: ScriptedHub) -> None:
    """Who was asked and has not answered in time is an alarm, though the hub says nothing; a receipt is no answer."""
    digest = asked(kz, "UZ/NFP", "RU/NFP", members=["UZ/NFP"])
    hub.world.admit(hub.world.receipt("UZ/NFP", "KZ/NFP", [digest]))
    hub.world.admit(hub.world.receipt("RU/NFP", "KZ/NFP", [digest]))
    kz.sync()
    hub.world.wait(60)
    kz.intake.check_silent(kz.state.system.clock.local_ms())
    assert kz.alarms() == []
    hub.world.wait(1)
    kz.intake.check_silent(kz.state.system.clock.local_ms())
    assert [alarm.detail for alarm in kz.store.alarms.raised()] == [f"{digest}: no answer from UZ/NFP"]
    assert ("UZ/NFP", "silent_reply") in kz.outcomes(digest)


def test_an_answer_to_the_asker_settles_it(kz: Desk, hub: ScriptedHub) -> None:
    """It is recorded with who gave it; a reply that went to somebody else is none."""
    digest = asked(kz, "UZ/NFP", "RU/NFP")
    refs = [{"rel": "reply", "digest": digest}]
    reply = hub.send(hub.world.dispatch("UZ/NFP/DUTY-1", ["KZ/NFP"], refs=refs))
    hub.send(hub.world.dispatch("RU/NFP", ["UZ/NFP"], refs=refs))
    kz.sync()
    (answer,) = kz.store.outcomes.of(digest)
    assert (answer.member, answer.outcome, answer.by, answer.statement) == (UZ, "answered", "UZ/NFP/DUTY-1", reply)
    hub.world.wait(61)
    assert overdue(kz) == {digest: [RU]}


@pytest.mark.parametrize("end", ["declined", "cancel", "update", "undeliverable"])
def test_what_else_ends_the_wait(kz: Desk, hub: ScriptedHub, end: str) -> None:
    """A decline, an own cancellation, an own correction that asks anew, a last key that was revoked."""
    digest = asked(kz, "UZ/NFP")
    if end == "declined":
        hub.world.admit(hub.world.receipt("UZ/NFP/DUTY-1", "KZ/NFP", [digest], "declined", reason="capacity"))
    elif end == "undeliverable":
        hub.world.admit(hub.world.event("undeliverable", to=["KZ/NFP"], digests=[digest], member="UZ/NFP"))
    else:
        anew = {"expects": {"by": hub.world.time_s + 900}} if end == "update" else {}
        hub.send(hub.world.dispatch("KZ/NFP", ["UZ/NFP"], refs=[{"rel": end, "digest": digest}], **anew))
    kz.sync()
    hub.world.wait(61)
    assert overdue(kz) == {}


@pytest.mark.parametrize(("end", "ended"), [("decide", True), ("reply", False), ("declined", False)])
def test_a_clock_of_an_operation(kz: Desk, hub: ScriptedHub, end: str, ended: bool) -> None:
    """It is met by the answer that the table names, and neither by another dispatch nor by a decline."""
    opening = {"do": "open", "participants": [{"member": "UZ/NFP", "part": "transit"}]}
    expects = {"by": hub.world.time_s + 60}
    question = hub.world.dispatch("KZ/NFP/DUTY-1", ["UZ/NFP"], kind="operation", operation=opening, expects=expects)
    hub.send(question)
    claims: dict[str, dict[str, Any]] = {
        "decide": {"kind": "operation", "operation": {"id": question.digest, "do": "decide", "decision": "refused"}},
        "reply": {"kind": "reply"},
    }
    if end == "declined":
        hub.world.admit(hub.world.receipt("UZ/NFP/DUTY-1", "KZ/NFP", [question.digest], "declined", reason="capacity"))
    else:
        refs = [{"rel": "reply", "digest": question.digest}]
        hub.send(hub.world.dispatch("UZ/NFP/DUTY-1", ["KZ/NFP"], refs=refs, **claims[end]))
    kz.sync()
    hub.world.wait(61)
    assert overdue(kz) == ({} if ended else {question.digest: [UZ]})


@pytest.mark.parametrize("rel", ["cancel", "update", "reply"])
def test_what_overtook_the_question_counts(kz: Desk, hub: ScriptedHub, rel: str) -> None:
    """What ends the wait may come before what it ends, on a quicker lane of another seat's mail."""
    question = hub.world.dispatch("KZ/NFP", ["UZ/NFP"], expects={"by": hub.world.time_s + 60})
    hub.send(question)
    iss, to = ("UZ/NFP", "KZ/NFP") if rel == "reply" else ("KZ/NFP", "UZ/NFP")
    anew = {"expects": {"by": hub.world.time_s + 900}} if rel == "update" else {}
    refs = [{"rel": rel, "digest": question.digest}]
    hub.send(hub.world.dispatch(iss, [to], refs=refs, precedence="flash", **anew))
    kz.sync()
    hub.world.wait(61)
    assert overdue(kz) == {}


def test_an_answer_to_a_reseal_counts(kz: Desk, uz: Desk, hub: ScriptedHub) -> None:
    """Who got the content under a newer key answers what it knows; the question is the first one's."""
    digest = asked(kz, "UZ/NFP")
    hub.world.rotate("UZ/NFP")
    expects = {"by": hub.world.time_s + 60}
    again = hub.world.dispatch("KZ/NFP", ["UZ/NFP"], refs=[{"rel": "reseal", "digest": digest}], expects=expects)
    hub.send(again)
    hub.send(hub.world.dispatch("UZ/NFP", ["KZ/NFP"], refs=[{"rel": "reply", "digest": again.digest}]))
    kz.sync()
    hub.world.wait(61)
    assert overdue(kz) == {}


@pytest.mark.parametrize("offset_s", [-3_600, 3_600])
def test_a_clock_that_the_hub_has_put_off_puts_off_no_answer(kz: Desk, hub: ScriptedHub, offset_s: int) -> None:
    """Whatever the hub says of the time, an answer is missed no later than as long after as was asked for."""
    kz.state.system.clock.offset_ms = 1000 * offset_s
    digest = asked(kz, "UZ/NFP")
    hub.world.wait(61)
    assert overdue(kz) == {digest: [UZ]}


def test_a_deadline_beyond_the_calendar_is_none(kz: Desk, hub: ScriptedHub) -> None:
    """Any number of seconds can be asked for."""
    sent(kz, "UZ/NFP", expects=Expectation((1 << 53) - 1))
    assert overdue(kz) == {}
