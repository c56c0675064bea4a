"""What a running client believes, in memory and in its store, moved together."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from clients.errors import LocalCode
from clients.keys.keystore import Keys
from clients.mail.notices import Arrived
from clients.mail.state import State, claims_of, cover_of
from clients.store import Alarm, Head
from clients.store.alarms import Alarms
from schemas.addresses import Address
from schemas.claims import StatementType
from schemas.directory import Directory
from schemas.errors import Code, SeraiError
from schemas.frames import Cursors
from schemas.merkle import Frontier, hash_leaf
from tests.support.desk import Desk, ScriptedHub, locked, make_store, system_of, unlock_officers
from tests.support.refusals import refused
from tests.support.world import KZ, UZ, World, signing_key


@pytest.fixture
def desk(kz: Desk) -> Desk:
    """KZ's desk, up to date."""
    return kz


def test_beliefs_survive_a_restart(desk: Desk) -> None:
    """Directory, head, epochs and cursors are the same after the program has ended."""
    before = desk.state
    desk.restart()
    after = desk.state
    assert (after.head, after.cursors, after.public_end) == (before.head, before.cursors, 7)
    assert after.epochs == before.epochs
    assert after.directory.addresses() == before.directory.addresses() == desk.hub.world.directory.addresses()


def test_failed_change_changes_nothing(desk: Desk) -> None:
    """A fault inside a change leaves memory and store as they were."""
    head, directory = desk.state.head, desk.state.directory

    def fail() -> None:
        with desk.state.change():
            assert head is not None
            desk.state.set_head(type(head)(1, head.root, None))
            desk.state.rebuild()
            desk.state.notices.append(object())  # type: ignore[arg-type]
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert (desk.state.head, desk.state.directory, desk.store.trust.head) == (head, directory, head)
    assert not any(type(notice) is object for notice in desk.state.take_notices())


def test_failed_change_restores_what_was_believed(desk: Desk) -> None:
    """After a fault everything is believed as before it, at every depth; what the outer change had done goes too."""
    before, (head, cursors) = desk.state.belief, (desk.state.head, desk.state.cursors)
    assert head is not None

    def fail() -> None:
        with desk.state.change():
            desk.state.set_cursors(Cursors(public=1, urgent=1, normal=1))
            changed = desk.state.belief
            with suppress(ZeroDivisionError), desk.state.change():
                desk.state.set_head(Head(1, head.root, None))
                desk.state.set_directory(Directory(desk.state.keys.network), 0)
                raise ZeroDivisionError
            assert desk.state.belief is changed
            desk.hub.world.turn_root()
            desk.state.learn([epoch.statement.text for epoch in desk.hub.world.directory.epochs])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert desk.state.belief is before
    assert (desk.store.trust.head, desk.store.trust.cursors) == (head, cursors)


def test_alarm_that_could_not_be_kept_is_an_alarm_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """An alarm for which the disk had no room is kept and told of the next time it is noticed."""

    def fail(*_: object) -> None:
        raise SeraiError(Code.STORAGE_FAILED)

    with monkeypatch.context() as patch:
        patch.setattr(Alarms, "add", fail)
        with refused(Code.STORAGE_FAILED):
            desk.state.alarm("fork", "x")
    desk.state.alarm("fork", "x")
    assert desk.alarms() == ["fork"]


def test_newest_good_key_signs(desk: Desk) -> None:
    """A key that is not certified yet does not sign while an older one is good."""
    new = signing_key("KZ/NFP next")
    old = desk.store.keys.signing[0]
    desk.store._keys = desk.store.keys.with_new_pair(new, desk.store.keys.decryption[0])
    assert desk.state.signing_key(KZ).kid == old.kid


def test_officer_is_renewed_without_a_gap(desk: Desk) -> None:
    """An officer signs with the old key until the new one is known to be certified, then with the new one."""
    officer = Address("KZ/NFP/DUTY-1")
    (old,) = desk.store.keys.officers[officer]
    desk.hub.world.rotate(officer)
    new = desk.hub.world.party(officer).sig
    desk.store._keys = desk.store.keys.with_officer(officer, locked(desk.hub.world, officer))
    unlock_officers(desk.store)
    assert desk.state.signing_key(officer).kid == old.kid
    desk.sync()
    assert (desk.state.signing_key(officer).kid, desk.alarms()) == (new.kid, [])


def test_uncertified_key_signs_where_nothing_is_known(tmp_path: Path) -> None:
    """Before the first line the newest key is as good as any."""
    world = World([KZ])
    state = State(make_store(tmp_path, world, "KZ/NFP"), system_of(world))
    assert state.signing_key(KZ).kid == world.party("KZ/NFP").sig.kid


def test_only_held_keys_sign(desk: Desk) -> None:
    """For another address, or an officer without key here, nothing is signed."""
    for address in ("UZ/NFP", "KZ/NFP/DUTY-9"):
        with refused(LocalCode.NO_KEY_HELD):
            desk.state.signing_key(Address(address))


def test_default_signers(desk: Desk, tmp_path: Path) -> None:
    """A member's desk signs as the member; an officer's seat as its officer; two must be told apart."""
    assert desk.state.default_signer() == KZ
    assert desk.state.officer(None) == "KZ/NFP/DUTY-1"
    world = desk.hub.world
    (tmp_path / "seat").mkdir()
    store = make_store(tmp_path / "seat", world, "KZ/NFP/DUTY-1")
    seat = State(store, system_of(world))
    assert (seat.default_signer(), seat.opens_content) == ("KZ/NFP/DUTY-1", False)
    store._keys = store.keys.with_officer(
        Address("KZ/NFP/DUTY-2"), locked(world, Address("KZ/NFP/DUTY-2"), signing_key("2"))
    )
    for ask in (seat.default_signer, lambda: seat.officer(None)):
        with refused(LocalCode.SIGNER_UNCLEAR):
            ask()
    with refused(LocalCode.NO_KEY_HELD):
        seat.officer(Address("KZ/NFP/DUTY-3"))


def test_fork_is_an_alarm_with_both_notes(desk: Desk) -> None:
    """A signed head that does not follow is kept with the one that is trusted."""
    trusted = desk.state.head
    assert trusted is not None
    shown = desk.hub.world.checkpoint(5)
    with refused(Code.INCONSISTENT_LEDGER):
        desk.state.judge_head(shown, "")
    (alarm,) = desk.store.alarms.raised()
    assert (alarm.kind, alarm.evidence) == ("fork", {"trusted": trusted.note, "shown": shown})
    assert desk.state.head == trusted


def test_same_alarm_is_told_once(desk: Desk) -> None:
    """What is noticed again and again is one alarm."""
    for _ in range(3):
        desk.state.alarm("fork", "x")
    assert desk.alarms() == ["fork"]


def test_nothing_is_judged_without_an_epoch(tmp_path: Path) -> None:
    """Before an epoch is known no head is believed."""
    world = World([KZ])
    state = State(make_store(tmp_path, world, "KZ/NFP"), system_of(world))
    with refused(Code.WRONG_EPOCH):
        state.judge_head(world.checkpoint(), "")


def test_new_epoch_keeps_what_it_goes_on_from(desk: Desk) -> None:
    """Where nothing is lost, a new epoch changes neither head nor cursors."""
    head, cursors = desk.state.head, desk.state.cursors
    desk.hub.world.turn_root()
    desk.state.learn([epoch.statement.text for epoch in desk.hub.world.directory.epochs])
    assert (len(desk.state.epochs), desk.state.head, desk.state.cursors) == (2, head, cursors)
    desk.sync()
    assert (desk.size, desk.alarms()) == (8, [])


def test_new_epoch_drops_what_is_beyond(desk: Desk) -> None:
    """A client that is beyond the new epoch's start takes the root's word and submits again."""
    row = desk.send("UZ/NFP")
    desk.flush()
    desk.sync()
    statement = desk.store.outbox.get(row)
    assert statement is not None
    del desk.hub.world.log[7:]
    root = desk.hub.world.tree_root()
    desk.hub.world.turn_root()
    desk.state.learn([epoch.statement.text for epoch in desk.hub.world.directory.epochs])
    head = desk.state.head
    assert head is not None
    assert (head.size, head.root, head.note) == (7, root, None)
    assert desk.state.cursors.normal == 7
    assert desk.alarms() == ["epoch"]
    desk.intake.deliver(desk.next_frame())
    desk.flush()
    assert desk.hub.submitted == [statement.statement, statement.statement]
    again = desk.store.outbox.get(row)
    assert again is not None
    assert again.index == 8


def test_another_history_of_epochs_is_a_fork(desk: Desk) -> None:
    """A second epoch 0, though the root signed it, is refused and kept."""
    world = desk.hub.world
    again = world.sign(StatementType.EPOCH, "ROOT", {"epoch": 0, "index": 0, "network": world.document()}, world.root)
    with refused(Code.WRONG_EPOCH):
        desk.state.learn([again])
    assert desk.alarms() == ["fork"]


def test_claims_are_read_where_signature_and_chain_held(desk: Desk) -> None:
    """A stored dispatch shows its cover; one that failed before step 5 does not."""
    sent = desk.hub.world.dispatch("UZ/NFP", ["KZ/NFP"])
    desk.hub.send(sent)
    desk.sync()
    item = desk.store.items.get(sent.digest)
    assert item is not None
    assert (item.step, cover_of(item)) == (10, claims_of(item))
    assert cover_of(replace(item, step=3)) is None
    assert claims_of(replace(item, statement=None)) is None


def test_keys_are_those_of_the_store(desk: Desk) -> None:
    """The state has no keys of its own."""
    assert isinstance(desk.state.keys, Keys)
    assert desk.state.keys is desk.store.keys


def test_alarms_outlive_a_change_that_fails(kz: Desk) -> None:
    """What was alarming stays stored and is told, once, though the change around it was taken back."""
    with suppress(LookupError), kz.state.change(), kz.state.change():
        kz.state.alarm("bad_proof", "a lie")
        kz.state.set_cursors(Cursors(public=9, urgent=9, normal=9))
        raise LookupError
    kz.state.alarm("bad_proof", "a lie")
    kz.state.take_notices()
    assert (kz.alarms(), kz.state.cursors.public, kz.store.trust.cursors.public) == (["bad_proof"], 7, 7)


def test_alarm_of_a_failed_change_is_told(kz: Desk) -> None:
    """Of a change that was taken back the alarms alone are told."""
    kz.state.take_notices()
    with suppress(LookupError), kz.state.change():
        kz.state.notices.append(Arrived("normal", "x"))
        kz.state.alarm("fork", "a lie")
        raise LookupError
    assert [type(notice) for notice in kz.state.take_notices()] == [Alarm]


# Time


@pytest.mark.parametrize("days", [2, -365, 1_096])
def test_clock_is_not_corrected_by_more_than_a_day(desk: Desk, days: int) -> None:
    """Another time of the hub is an alarm, once in a run, and changes nothing until a person has confirmed it."""
    hub_ms = desk.hub.world.time_ms + days * 86_400_000
    assert not desk.state.correct_clock(hub_ms)
    assert not desk.state.correct_clock(hub_ms + 5_000)
    assert (desk.state.system.clock.offset_ms, desk.store.trust.clock_offset_ms) == (0, 0)
    (alarm,) = [each for each in desk.store.alarms.raised() if each.kind == "clock"]
    assert alarm.detail == f"the hub's time is {days:+d} days from this machine's: serai time"
    assert alarm.evidence["hub_ms"] == str(hub_ms)
    desk.store.trust.set_clock_confirmed_ms(days * 86_400_000)  # as another process does
    assert desk.state.correct_clock(hub_ms + 10_000)
    assert desk.state.system.clock.time_ms() == hub_ms + 10_000
    desk.restart()
    assert desk.state.system.clock.time_ms() == hub_ms + 10_000


def test_clock_is_corrected_by_a_day(desk: Desk) -> None:
    """Up to that nobody is asked."""
    for lie_ms in (86_400_000, -86_400_000):
        assert desk.state.correct_clock(desk.hub.world.time_ms + lie_ms)
    assert "clock" not in desk.alarms()


def test_audit_begins_anew_after_a_month_and_on_another_machine(tmp_path: Path) -> None:
    """After 30 days, and on another machine, an audit begins with the first leaf; else it goes on."""
    hub = ScriptedHub(World([KZ, UZ]))
    desk = Desk(tmp_path, hub, KZ)
    desk.state.renew_audit()
    reached = (Frontier.empty().extend([hash_leaf(b"leaf")]), 5, hub.world.time_ms)
    desk.store.trust.set_audited(*reached)
    desk.state.renew_audit()
    assert desk.store.trust.audited == reached
    hub.world.time_ms += 31 * 24 * 3600 * 1000
    desk.state.renew_audit()
    assert desk.store.trust.audited == (Frontier.empty(), 0, 0)
    desk.store.trust.set_audited(*reached)
    moved = State(desk.store, replace(desk.state.system, machine=lambda: "another"))
    moved.renew_audit()
    assert moved.store.trust.audited == (Frontier.empty(), 0, 0)
