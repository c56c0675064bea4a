"""What comes from the hub: judged, stored, answered for."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients.mail.compose import PublicDraft
from clients.system import Clock
from schemas.addresses import Address
from schemas.encoding import encode_base64url
from schemas.errors import Code
from schemas.frames import Cursors, Deliver, DeliverItem, Submit, parse_frame
from schemas.merkle import encode_proof
from tests.support.desk import Desk, ScriptedHub
from tests.support.refusals import refused
from tests.support.world import KZ, RU, UZ, Party, World


def changed(frame: Deliver, at: int, **change: object) -> Deliver:
    """The frame with one item bent."""
    items = list(frame.items)
    items[at] = items[at].model_copy(update=change)
    return frame.model_copy(update={"items": items})


def test_directory_comes_over_the_line(kz: Desk) -> None:
    """A newcomer who knows the root's thumbprint alone computes the hub's own directory."""
    assert kz.state.directory.addresses() == kz.hub.world.directory.addresses()
    assert kz.state.cursors == Cursors(public=7, urgent=0, normal=0)
    assert kz.alarms() == []


def test_dispatch_is_stored_opened_and_owed(kz: Desk, uz: Desk) -> None:
    """A dispatch that passes every step is readable, and a receipt is owed to its sender."""
    digest = kz.digest_of(kz.send("UZ/NFP", precedence="flash"))
    kz.flush()
    uz.sync()
    item = uz.store.items.get(digest)
    assert item is not None
    assert (item.lane, item.inbox, item.sent_by_us, item.step) == ("urgent", True, False, None)
    assert item.content is not None
    assert "look out" in item.content
    (owed,) = uz.store.outcomes.owed()
    assert (owed.digest, owed.outcome, owed.to, owed.lane) == (digest, "received", KZ, "urgent")


@pytest.mark.slow
@given(st.lists(st.integers(0, 3), max_size=6))
def test_repeated_frames_change_nothing(tmp_path_factory: pytest.TempPathFactory, cuts: list[int]) -> None:
    """Whatever is delivered again, after a crash or not, is in the inbox exactly once."""
    hub = ScriptedHub(World([KZ, UZ]))
    desk = Desk(tmp_path_factory.mktemp("desk"), hub, "KZ/NFP")
    digests = [hub.send(hub.world.dispatch("UZ/NFP", ["KZ/NFP"])) for _ in range(3)]
    desk.sync()
    for cut in cuts:
        desk.state.set_cursors(Cursors(public=0, urgent=0, normal=5 + cut))
        desk.restart()
        desk.sync()
    assert [digest for _, digest in desk.store.items.untaken()] == digests
    assert desk.store.outcomes.owed_count() == 3
    assert desk.alarms() == []


def test_nothing_is_stored_of_a_frame_that_forks(kz: Desk, hub: ScriptedHub) -> None:
    """A checkpoint that does not follow stops the frame: no item, no cursor, no head; an alarm."""
    hub.send(hub.world.dispatch("UZ/NFP", ["KZ/NFP"]))
    frame, before = kz.next_frame(), (kz.state.head, kz.state.cursors)
    with refused(Code.INCONSISTENT_LEDGER):
        kz.intake.deliver(frame.model_copy(update={"consistency": ""}))
    assert (kz.state.head, kz.state.cursors) == before
    assert (kz.store.items.inbox(9), kz.alarms()) == ([], ["fork"])
    kz.intake.deliver(frame)
    assert len(kz.store.items.inbox(9)) == 1


def test_public_item_without_proof_ends_the_line(kz: Desk, hub: ScriptedHub) -> None:
    """Everything is judged by the public lane, so a fault there stores nothing but the alarm."""
    hub.world.rotate("RU/NFP")
    frame = kz.next_frame()
    with refused(Code.BAD_PROOF):
        kz.intake.deliver(changed(frame, 0, index=3))
    assert (kz.alarms(), kz.state.cursors.public) == (["bad_proof"], 7)


def test_item_without_proof_is_evidence_not_mail(kz: Desk, hub: ScriptedHub) -> None:
    """A private item whose place is not proven raises an alarm, is answered, and blocks nothing."""
    first = hub.send(hub.world.dispatch("UZ/NFP", ["KZ/NFP"]))
    second = hub.send(hub.world.dispatch("UZ/NFP", ["KZ/NFP"]))
    kz.intake.deliver(changed(kz.next_frame(), 0, proof=""))
    assert kz.alarms() == ["bad_proof"]
    assert [item.digest for item in kz.store.items.inbox(9)] == [second]
    owed = {each.digest: (each.outcome, each.step, each.reason) for each in kz.store.outcomes.owed()}
    assert owed[first] == ("rejected", 1, "bad_proof")


@pytest.mark.parametrize("index", [1_000_000_000_000, 2**53 - 1])
def test_item_without_a_place_moves_no_cursor(kz: Desk, hub: ScriptedHub, index: int) -> None:
    """An index beyond the head is an alarm; what comes afterwards is wanted as before, and is delivered."""
    hub.send(hub.world.dispatch("UZ/NFP", ["KZ/NFP"]))
    frame = kz.next_frame()
    kz.intake.deliver(changed(frame, 0, index=index))
    assert (kz.alarms(), kz.state.cursors) == (["bad_proof"], Cursors(public=7, urgent=0, normal=0))
    kz.sync()
    assert len(kz.store.items.inbox(9)) == 1


def test_failed_step_is_kept_and_answered(kz: Desk, hub: ScriptedHub) -> None:
    """A dispatch that fails a step is in the inbox with its number, and a rejection is owed."""
    digest = hub.send(hub.world.dispatch("UZ/NFP", ["KZ/NFP"], b"no report"))
    kz.sync()
    (item,) = kz.store.items.inbox(9)
    assert (item.digest, item.step, item.code, item.content) == (digest, 10, "malformed_report", None)
    (owed,) = kz.store.outcomes.owed()
    assert (owed.outcome, owed.step, owed.reason, owed.to) == ("rejected", 10, "malformed_report", UZ)


def test_gone_item_is_shown_as_gone(kz: Desk, hub: ScriptedHub) -> None:
    """An erased text is in the inbox as gone, with leaf and proof; nobody can be answered."""
    hub.send(hub.world.dispatch("UZ/NFP", ["KZ/NFP"]))
    bent = changed(kz.next_frame(), 0, statement=None, sealed=None, entry_proof=None, gone=True)
    kz.intake.deliver(bent)
    (item,) = kz.store.items.inbox(9)
    assert (item.step, item.code, item.statement) == (2, "gone", None)
    assert kz.alarms() == ["damaged"]
    assert kz.store.outcomes.owed() == []


def test_officers_seat_shows_covers_and_owes_nothing(tmp_path: Path, hub: ScriptedHub) -> None:
    """A seat without decryption keys stores the cover and leaves receipts to the member's desk."""
    seat = Desk(tmp_path, hub, "KZ/NFP/DUTY-1")
    digest = hub.send(hub.world.dispatch("UZ/NFP", ["KZ/NFP"]))
    seat.sync()
    item = seat.store.items.get(digest)
    assert item is not None
    assert (item.step, item.content, item.statement is not None) == (None, None, True)
    assert seat.store.outcomes.owed() == []


def test_unknown_own_key_is_an_alarm(kz: Desk, uz: Desk, hub: ScriptedHub) -> None:
    """A key for the own address, or beneath it, that nobody here made is noticed; others' are not."""
    hub.world.rotate("RU/NFP")
    kz.sync()
    assert kz.alarms() == []
    hub.world.rotate("KZ/NFP")
    hub.world.enrol("KZ/NFP/SPY")
    kz.sync()
    uz.sync()
    assert kz.alarms() == ["unknown_own_key"] * 2
    assert uz.alarms() == []


def test_own_new_key_is_no_alarm(kz: Desk, hub: ScriptedHub) -> None:
    """A rotation that was made here surprises nobody."""
    new = Party.of(KZ, 1)
    assert new.enc is not None
    kz.store._keys = kz.store.keys.with_new_pair(new.sig, new.enc)
    hub.world.rotate("KZ/NFP")
    kz.sync()
    assert kz.alarms() == []


def test_public_statement_that_does_not_follow_is_refused(kz: Desk, hub: ScriptedHub) -> None:
    """A credential that no rule allows is kept with its step, changes nothing, and raises an alarm."""
    other = World([RU], name="elsewhere")
    text = other.log[1].text
    leaf = other.log[1].leaf
    hub.world.log.append(type(other.log[1])(text, leaf))
    frame = hub.deliver("KZ/NFP", Cursors(public=99, urgent=99, normal=99), kz.size)
    forged = DeliverItem(
        lane="public",
        index=7,
        leaf=encode_base64url(leaf.to_bytes()),
        statement=text,
        proof=encode_proof(hub.world.proof(7)),
    )
    before = kz.state.directory
    kz.intake.deliver(frame.model_copy(update={"items": [forged]}))
    assert kz.state.directory is before
    assert (kz.alarms(), kz.state.cursors.public) == (["public_refused"], 8)


def test_late_public_statement_is_applied_and_noticed(kz: Desk, hub: ScriptedHub) -> None:
    """A revocation that the hub held back is applied at its place, and the holding back is an alarm."""
    hub.world.revoke("RU/NFP")
    hub.world.rotate("UZ/NFP")
    frame = kz.next_frame()
    kz.intake.deliver(frame.model_copy(update={"items": frame.items[1:]}))
    place = kz.state.place
    assert kz.state.directory.current(RU, place) is not None
    kz.intake.take_public(frame.items[0], kz.state.judge_head(frame.checkpoint, ""))
    assert kz.state.directory.current(RU, place) is None
    assert kz.state.directory.encryption_key(UZ, place) == hub.world.sealing_key("UZ/NFP")
    assert kz.alarms() == ["withheld"]


def test_own_statements_of_other_seats_are_seen(kz: Desk, hub: ScriptedHub) -> None:
    """What another seat of the member sent is in the store as sent, with its content."""
    digest = hub.send(hub.world.dispatch("KZ/NFP", ["UZ/NFP"]))
    kz.sync()
    item = kz.store.items.get(digest)
    assert item is not None
    assert (item.sent_by_us, item.inbox, kz.store.outcomes.owed()) == (True, False, [])
    assert kz.store.outcomes.take_silent(1 << 60) == {digest: [UZ]}


def test_dispatch_to_oneself_is_confirmed_like_any_other(kz: Desk) -> None:
    """A member may name itself; it then receives, confirms, and sees that it did."""
    digest = kz.digest_of(kz.send("KZ/NFP"))
    kz.flush()
    kz.confirm()
    assert kz.outcomes(digest) == [("KZ/NFP", "received")]
    assert len(kz.store.items.inbox(9)) == 1


def test_receipt_of_another_seat_settles_what_was_owed(kz: Desk, hub: ScriptedHub) -> None:
    """Where another seat has confirmed, this one does not."""
    digest = hub.send(hub.world.dispatch("UZ/NFP", ["KZ/NFP"]))
    kz.sync()
    assert kz.store.outcomes.owed_count() == 1
    hub.world.admit(hub.world.receipt("KZ/NFP", "UZ/NFP", [digest]))
    kz.sync()
    assert kz.store.outcomes.owed_count() == 0


def test_delivery_before_the_answer_counts_as_accepted(kz: Desk, hub: ScriptedHub) -> None:
    """If the hub's answer is lost, the statement in the own mailbox says the same."""
    row = kz.send("UZ/NFP")
    hub.submit(_submission(kz), kz.size)
    kz.sync()
    outgoing = kz.store.outbox.get(row)
    assert outgoing is not None
    assert (outgoing.state, outgoing.index) == ("accepted", 7)
    assert kz.flush() == []


def test_accepted_without_proof_is_not_believed(kz: Desk, hub: ScriptedHub) -> None:
    """An answer whose place is not proven leaves the statement waiting, and is an alarm."""
    row = kz.send("UZ/NFP")
    answer = hub.submit(_submission(kz), kz.size)
    assert answer.type == "accepted"
    bent = answer.model_copy(update={"items": [answer.items[0].model_copy(update={"leaf": "A" * 58})]})
    with refused(Code.BAD_PROOF):
        kz.intake.accepted(bent)
    outgoing = kz.store.outbox.get(row)
    assert outgoing is not None
    assert (outgoing.state, kz.alarms()) == ("signed", ["bad_proof"])


def test_accepted_public_statement_waits_for_its_turn(kz: Desk, hub: ScriptedHub) -> None:
    """An own credential that was accepted is applied when the public lane brings it, in order."""
    officer = Party.of(Address("KZ/NFP/DUTY-2"))
    kz.store._keys = kz.store.keys.with_known([officer.sig.kid])
    hub.world.rotate("RU/NFP")
    kz.sender.draft([PublicDraft(hub.world.credential(officer))])
    kz.flush()
    assert kz.state.directory.credentials(officer.address) == ()
    kz.sync()
    assert len(kz.state.directory.credentials(officer.address)) == 1
    assert kz.alarms() == []


def test_silence_is_an_alarm_by_the_own_clock(kz: Desk, hub: ScriptedHub) -> None:
    """Who has not confirmed a flash within five minutes is named, whatever the hub says."""
    digest = kz.digest_of(kz.send("UZ/NFP", precedence="flash"))
    kz.flush()
    kz.intake.check_silent(hub.world.time_ms + 300_000)
    assert kz.alarms() == []
    kz.intake.check_silent(hub.world.time_ms + 300_001)
    assert kz.alarms() == ["overdue"]
    assert kz.outcomes(digest) == [("UZ/NFP", "silent")]


@pytest.mark.parametrize("lie_ms", [-1_000_000_000, 1_000_000_000])
def test_hub_that_lies_about_time_cannot_put_off_the_alarm(kz: Desk, hub: ScriptedHub, lie_ms: int) -> None:
    """Whatever time the hub says, before or after, who has not confirmed is told when this machine's clock says so."""
    kz.send("UZ/NFP", precedence="flash")
    kz.state.correct_clock(hub.world.time_ms + max(lie_ms, 0))
    kz.flush()
    kz.state.correct_clock(hub.world.time_ms + lie_ms)
    kz.intake.check_silent(kz.state.system.clock.local_ms() + 300_001)
    assert "overdue" in kz.alarms()


def _slow(desk: Desk, behind_ms: int) -> None:
    """Let this machine's clock be so far behind the network's time."""
    world, system = desk.hub.world, desk.state.system
    desk.state.system = replace(system, clock=Clock(lambda: world.time_ms - behind_ms, behind_ms))


@pytest.mark.parametrize("way", ["urgent", "public", "accepted"])
def test_leaf_an_hour_ahead_is_an_alarm(kz: Desk, uz: Desk, hub: ScriptedHub, way: str) -> None:
    """Whichever way it comes, a leaf more than an hour ahead of this machine is told once, with the leaf, and taken."""
    _slow(kz, 3_600_000)

    def come() -> None:
        if way == "accepted":
            kz.send("UZ/NFP")
            kz.flush()
        elif way == "urgent":
            uz.send("KZ/NFP", precedence="flash")
            uz.flush()
        else:
            hub.world.enrol("UZ/NFP/DUTY-9")
        kz.sync()

    come()
    assert "bad_time" not in kz.alarms()
    size = kz.size
    _slow(kz, 3_600_001)
    come()
    assert kz.size > size
    (alarm,) = [each for each in kz.store.alarms.raised() if each.kind == "bad_time"]
    assert alarm.detail == "the ledger is more than an hour ahead of this machine's clock"
    assert {"leaf", "proof", "checkpoint", "leaf_ms", "machine_ms"} <= set(alarm.evidence)
    come()
    assert kz.alarms().count("bad_time") == 1


def test_answers_nobody_asked_for_are_ignored(kz: Desk, uz: Desk, hub: ScriptedHub) -> None:
    """An answer for a statement that was not said here changes nothing."""
    uz.send("KZ/NFP")
    answer = hub.submit(_submission(uz), kz.size)
    assert answer.type == "accepted"
    kz.intake.accepted(answer)
    assert (kz.store.outbox.all(9), kz.alarms()) == ([], [])


def test_officer_with_a_post_alone_may_acknowledge(kz: Desk, hub: ScriptedHub) -> None:
    """A receipt asks for no role of its signer, here as at the hub."""
    officer = hub.world.enrol("UZ/NFP/DUTY-2", by="UZ/NFP", roles=["duty_officer"])
    kz.sync()
    digest = kz.digest_of(kz.send("UZ/NFP"))
    kz.flush()
    hub.world.admit(hub.world.receipt(officer.address, "KZ/NFP", [digest], "acknowledged"))
    kz.sync()
    assert (kz.outcomes(digest), kz.alarms()) == ([(UZ, "acknowledged")], [])


def test_forged_receipt_is_an_alarm(kz: Desk, hub: ScriptedHub) -> None:
    """A receipt that an officer may not give is kept as a fault and counts for nothing."""
    digest = kz.digest_of(kz.send("UZ/NFP"))
    kz.flush()
    hub.world.admit(hub.world.receipt("UZ/NFP/DUTY-1", "KZ/NFP", [digest], "received"))
    kz.sync()
    assert (kz.outcomes(digest), kz.alarms()) == ([], ["bad_statement"])


def test_views_of_others_are_kept_for_the_audit(kz: Desk, hub: ScriptedHub) -> None:
    """What a stranger has seen of the ledger is remembered; the own view is not."""
    note = hub.world.checkpoint(5)
    sent = hub.world.dispatch("UZ/NFP", ["KZ/NFP"], view=note)
    hub.send(sent)
    kz.send("UZ/NFP")
    kz.flush()
    kz.sync()
    assert kz.store.trust.views(99) == [(note, sent.digest)]


def _submission(desk: Desk) -> Submit:
    frame = parse_frame(desk.sender.submissions(1)[0])
    assert isinstance(frame, Submit)
    return frame
