"""Somebody at a member's own machine who wants to sign as an officer (PROTOCOL 5)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from clients.actions.answering import OfficerAnswer, give_answer
from clients.actions.certifying import OfficerRequest, prepare_grant, sign_grant
from clients.actions.client import TRIES
from clients.actions.numbers import SpokenNumber
from clients.actions.signing_session import LOCK_MS, Proposal, SigningSession
from clients.errors import ClientError, LocalCode
from clients.keys.keystore import CHEAP
from clients.keys.officers import lock_key
from clients.keys.root import sign_credential
from clients.store import Closing, Store
from schemas.addresses import Address
from schemas.errors import Code
from schemas.keys import SigningKey
from tests.attacks.desks import dispatched, open_desk
from tests.support.counter import Counter
from tests.support.desk import OFFICERS, Desk, locked
from tests.support.lying_hub import LyingHub
from tests.support.refusals import refused
from tests.support.world import World

ONE, TWO = Address("KZ/NFP/DUTY-1"), Address("KZ/NFP/DUTY-2")
STORE = "toy"


@pytest.fixture
def hub(world: World) -> LyingHub:
    """A hub."""
    return LyingHub(world)


@pytest.fixture
def kz(tmp_path: Path, hub: LyingHub) -> Desk:
    """KZ's desk, up to date; an alert of UZ has come."""
    desk = open_desk(tmp_path, hub, "KZ/NFP")
    hub.send(dispatched(hub.world, "UZ/NFP", "KZ/NFP", precedence="flash"))
    desk.sync()
    return desk


@pytest.fixture
def intruder(kz: Desk, hub: LyingHub) -> Iterator[Counter]:
    """Somebody who knows the passphrase of the store, and no officer's."""
    with Store.open(kz.store.path, STORE) as store:
        kz.store = store
        yield Counter(kz, hub)


def number(desk: Desk) -> SpokenNumber:
    """The number of the alert."""
    (item,) = desk.store.items.inbox(10)
    assert item.index is not None
    return SpokenNumber(item.index, None)


def guessing(counter: Counter, *guesses: str) -> Counter:
    """The same, who tries these for a passphrase."""
    typed = iter(guesses)
    counter._ask_officer = lambda _officer, _wrong: next(typed)
    return counter


def test_store_without_its_officers(kz: Desk, intruder: Counter) -> None:
    """With the passphrase of the store alone an alert can be read; no answer in an officer's name leaves."""
    assert intruder.delivery(kz.store.items.inbox(1)[0]).report is not None
    with refused(LocalCode.OFFICER_LOCKED, ONE):
        give_answer(intruder, number(kz), ONE)
    with refused(LocalCode.OFFICER_LOCKED, ONE):
        _ = intruder.point.acknowledge(kz.store.items.inbox(1)[0].digest, ONE)
    assert kz.store.outbox.all(10) == []


def test_passphrase_of_the_store_for_an_officers(kz: Desk, intruder: Counter) -> None:
    """What opens the store opens no officer's key, whatever is tried; nothing leaves."""
    with refused(LocalCode.WRONG_PASSPHRASE, ONE):
        give_answer(guessing(intruder, STORE, "", OFFICERS.upper()), number(kz), ONE)
    assert (kz.store.outbox.all(10), kz.store.officers.is_open(ONE)) == ([], False)


def test_guesses_without_end(kz: Desk, intruder: Counter) -> None:
    """Each command takes three guesses; all are counted in the store, five are an alarm, and the officer is told."""
    for _ in range(2):
        with refused(LocalCode.WRONG_PASSPHRASE):
            guessing(intruder, *["tried it"] * 9).unlock(ONE)
    (tries,) = kz.store.officers.wrong_tries()
    assert (tries.officer, tries.count) == (ONE, 2 * TRIES)
    assert kz.alarms() == ["guesses"]
    before = guessing(intruder, OFFICERS).unlock(ONE)
    assert before is not None
    assert (before.count, kz.store.officers.wrong_tries()) == (2 * TRIES, [])
    assert b"tried it" not in kz.store.path.read_bytes() + Path(f"{kz.store.path}-wal").read_bytes()


def test_guesses_after_an_alarm_was_closed(kz: Desk, hub: LyingHub, intruder: Counter) -> None:
    """Who goes on guessing after the alarm was closed, and the officer has signed, is an alarm once more."""
    for number in (1, 2):
        for _ in range(2):
            with refused(LocalCode.WRONG_PASSPHRASE):
                guessing(intruder, *["tried it"] * 9).unlock(ONE)
        assert kz.store.alarms.open_count() == 1
        kz.store.alarms.close(number, Closing(ONE, intruder.state.system.clock.time_ms(), "that was me"))
        guessing(intruder, OFFICERS).unlock(ONE)
        intruder.store.officers.lock()
        hub.world.wait(60)


def test_envelope_of_another(kz: Desk, world: World) -> None:
    """Two officers with one passphrase: the envelope of one, put under the name of the other, opens nothing."""
    kz.store.change_keys(lambda keys: keys.with_officer(TWO, keys.officers[ONE][0]))
    with refused(Code.DAMAGED):
        kz.store.officers.unlock(TWO, OFFICERS, world.time_ms)
    assert not kz.store.officers.is_open(TWO)


def test_envelope_with_a_key_of_ones_own(kz: Desk, world: World) -> None:
    """An envelope that names the officer's key and holds another is found out: the officer signs nothing with it."""
    forged = lock_key(world.network, ONE, SigningKey.from_seed(b"x" * 32), OFFICERS, CHEAP, world.entropy)
    named = replace(forged, kid=locked(world, ONE).kid)
    kz.store.change_keys(lambda keys: keys.with_envelopes(ONE, (named,)))
    kz.store.officers.lock()
    with refused(Code.DAMAGED):
        kz.store.officers.unlock(ONE, OFFICERS, world.time_ms)


def test_key_that_was_put_away(kz: Desk, hub: LyingHub) -> None:
    """Once an officer's key is locked, the process that had it open signs nothing more with it."""
    kz.store.officers.lock()
    with refused(LocalCode.OFFICER_LOCKED):
        give_answer(Counter(kz, hub), number(kz), ONE)


def at_screen(counter: Counter, clock: Callable[[], int]) -> SigningSession:
    """A live screen whose officer has typed the passphrase."""
    session = SigningSession(counter, ONE, clock)
    session.unlock(OFFICERS)
    return session


@pytest.mark.parametrize("step_ms", [LOCK_MS, 8 * 3_600_000, -3_600_000])
def test_screen_whose_officer_has_left(kz: Desk, intruder: Counter, step_ms: int) -> None:
    """Ten minutes after the last key press, after a night's sleep, with the clock put back: nothing is signed."""
    times = [0]
    session = at_screen(intruder, lambda: times[0])
    shown = session.propose(number(kz))
    times[0] += step_ms
    session.touch()
    with refused(LocalCode.OFFICER_LOCKED, ONE):
        session.sign(shown)
    assert (kz.store.officers.is_open(ONE), kz.store.outbox.all(10)) == (False, [])


def test_draft_beside_an_open_key(kz: Desk, intruder: Counter) -> None:
    """What somebody puts into the outbox in the officer's name is not signed by the officer's open screen."""
    session = at_screen(intruder, lambda: 0)
    answer = session.sign(session.propose(number(kz)))
    assert isinstance(answer, OfficerAnswer)
    assert answer.sent is not None
    others = {**answer.sent.outgoing.draft, "outcome": "declined", "reason": "other"}
    with Store.open(kz.store.path, STORE) as store:
        row = store.outbox.add(others, urgent=True, made_ms=1)
    signed = session.tick()
    assert [each.id for each in signed] == []
    assert [each.statement for each in kz.store.outbox.all(10) if each.id == row] == [None]


def test_draft_beside_a_connected_command(kz: Desk) -> None:
    """While an officer's command is connected with his key open, words that somebody put beside his are not signed."""
    said = kz.send("UZ/NFP", reference="KZ-1")
    outgoing = kz.store.outbox.get(said)
    assert outgoing is not None
    others = {**outgoing.draft, "iss": ONE, "precedence": "flash"}
    with Store.open(kz.store.path, STORE) as store:
        row = store.outbox.add(others, urgent=True, made_ms=1)
    assert kz.store.officers.is_open(ONE)
    kz.flush()
    assert [(each.state, each.statement) for each in kz.store.outbox.all(10) if each.id == row] == [("drafted", None)]
    assert kz.alarms() == ["unsigned"]
    kz.sender.sign_again([row])  # its officer has seen it now
    kz.flush()
    assert [each.state for each in kz.store.outbox.all(10) if each.id == row] == ["accepted"]


def test_change_between_look_and_signature(kz: Desk, intruder: Counter, hub: LyingHub) -> None:
    """An alert that somebody answered while the officer looked is shown again; nothing is signed meanwhile."""
    session = at_screen(intruder, lambda: 0)
    shown = session.propose(number(kz))
    kz.store.outcomes.note(shown.delivery.digest, Address("KZ/NFP"), TWO, 1)
    again = session.sign(shown)
    assert isinstance(again, Proposal)
    assert kz.store.outbox.all(10) == []


def test_officer_made_with_the_members_key(kz: Desk, hub: LyingHub, tmp_path: Path) -> None:
    """Whoever has the member's key can make an officer: that is an alarm here at once, and at the other seats."""
    (tmp_path / "second").mkdir()
    second = open_desk(tmp_path / "second", hub, "KZ/NFP")
    _ = sign_grant(Counter(kz, hub), prepare_grant(Counter(kz, hub), OfficerRequest(TWO, days=30), 0), "own", CHEAP)
    assert kz.alarms() == ["certified"]
    kz.restart()
    kz.flush()
    second.sync()
    assert second.alarms() == ["unknown_own_key"]


def test_officer_made_elsewhere_with_a_stolen_key(kz: Desk, hub: LyingHub) -> None:
    """A credential beneath the own member that nobody here made is an alarm when it comes."""
    grant = prepare_grant(Counter(kz, hub), OfficerRequest(TWO, days=30), 0)
    stolen = hub.world.party("KZ/NFP").sig
    hub.world.admit(sign_credential(grant.credential, stolen))
    kz.sync()
    assert kz.alarms() == ["unknown_own_key"]


def test_passphrase_that_everybody_knows(kz: Desk, hub: LyingHub) -> None:
    """The passphrase of the store is refused for an officer's: everybody who opens the store could sign."""
    counter = Counter(kz, hub)
    with pytest.raises(ClientError) as caught:
        _ = sign_grant(counter, prepare_grant(counter, OfficerRequest(TWO, days=30), 0), STORE, CHEAP)
    assert caught.value.code is LocalCode.SAME_PASSPHRASE
