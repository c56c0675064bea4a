"""What must be signed anew, and only its officer can: it waits for him, and calls."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import pytest

from clients.actions.certifying import OfficerRequest, prepare_grant, sign_grant
from clients.actions.signing import sign_again, unsigned
from clients.errors import LocalCode
from clients.keys.keystore import CHEAP
from clients.store import OutState
from schemas.addresses import Address
from schemas.errors import Code, SeraiError
from tests.support.counter import Counter
from tests.support.desk import OFFICERS, Desk, ScriptedHub, unlock_officers
from tests.support.refusals import refused

DUTY = Address("KZ/NFP/DUTY-1")


def refuse_once(hub: ScriptedHub, code: Code) -> None:
    """The hub refuses the next submission."""
    reasons: list[SeraiError] = [SeraiError(code)]
    hub.refuse = lambda _statement: reasons.pop() if reasons else None


@pytest.fixture
def officer_sends(kz: Desk, monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """An officer's warning, which is signed at once."""
    monkeypatch.setattr(kz.state, "default_signer", lambda: DUTY)
    return lambda: kz.send("UZ/NFP")


def flush(kz: Desk) -> None:
    """Submit what can be; a wrong clock ends the line."""
    with suppress(SeraiError):
        kz.flush()


def test_officer_signs_at_once(kz: Desk, officer_sends: Callable[[], int]) -> None:
    """What an officer says is signed when he says it: once his key is locked, it still goes."""
    row = officer_sends()
    kz.store.officers.lock()
    flush(kz)
    outgoing = kz.store.outbox.get(row)
    assert outgoing is not None
    assert (outgoing.state, unsigned(kz.store), kz.alarms()) == (OutState.ACCEPTED, [], [])


@pytest.mark.parametrize("code", [Code.STALE_KEY, Code.CLOCK_AHEAD])
def test_locked_officer_is_called(kz: Desk, hub: ScriptedHub, officer_sends: Callable[[], int], code: Code) -> None:
    """Where the hub asks for another signature it waits for its officer, and calls once, whatever restarts between."""
    row = officer_sends()
    kz.store.officers.lock()
    refuse_once(hub, code)
    flush(kz)
    for _ in range(3):
        kz.restart()
        kz.now_s += 3600
        flush(kz)
    (waiting,) = unsigned(kz.store, DUTY)
    assert (waiting.row, waiting.officer, kz.alarms()) == (row, DUTY, ["unsigned"])
    assert len(hub.submitted) == 1


@pytest.mark.parametrize("code", [Code.STALE_KEY, Code.CLOCK_AHEAD])
def test_open_officer_is_not_called(kz: Desk, hub: ScriptedHub, officer_sends: Callable[[], int], code: Code) -> None:
    """While his key is open it is signed anew by itself."""
    row = officer_sends()
    refuse_once(hub, code)
    flush(kz)
    kz.now_s += 3600
    flush(kz)
    outgoing = kz.store.outbox.get(row)
    assert outgoing is not None
    assert (outgoing.state, unsigned(kz.store), kz.alarms()) == (OutState.ACCEPTED, [], [])


def test_officer_signs_again(kz: Desk, hub: ScriptedHub, officer_sends: Callable[[], int]) -> None:
    """He sees the same text, types his passphrase, and it goes to the same recipients."""
    row = officer_sends()
    kz.store.officers.lock()
    refuse_once(hub, Code.STALE_KEY)
    flush(kz)
    counter = Counter(kz, hub)
    waiting = unsigned(kz.store)
    with refused(LocalCode.OFFICER_LOCKED):
        sign_again(counter, DUTY, waiting)
    counter._ask_officer = lambda _officer, _wrong: OFFICERS
    (sent,) = sign_again(counter, DUTY, waiting)
    kz.restart()
    flush(kz)
    outgoing = kz.store.outbox.get(row)
    assert outgoing is not None
    assert (sent.id, outgoing.state, outgoing.draft["to"], unsigned(kz.store)) == (
        row,
        OutState.ACCEPTED,
        ["UZ/NFP"],
        [],
    )


def test_forgotten_passphrase_loses_nothing(kz: Desk, hub: ScriptedHub, officer_sends: Callable[[], int]) -> None:
    """An officer who forgot it gets a new key under a new passphrase, and signs with that what waits."""
    row = officer_sends()
    kz.store.officers.lock()
    refuse_once(hub, Code.STALE_KEY)
    flush(kz)
    grant = prepare_grant(Counter(kz, hub), OfficerRequest(DUTY, days=30), 0)
    _ = sign_grant(Counter(kz, hub), grant, "a new one", CHEAP)
    kz.restart()
    flush(kz)
    kz.sync()
    counter = Counter(kz, hub)
    counter._ask_officer = lambda _officer, _wrong: "a new one"
    sign_again(counter, DUTY, unsigned(kz.store))
    kz.restart()
    flush(kz)
    outgoing = kz.store.outbox.get(row)
    assert outgoing is not None
    assert outgoing.state is OutState.ACCEPTED
    assert hub.world.verified(outgoing.statement or "").kid == grant.asked.kid


def test_copy_for_a_newer_key_waits_for_its_officer(
    kz: Desk, uz: Desk, hub: ScriptedHub, officer_sends: Callable[[], int]
) -> None:
    """A recipient that could not open it gets a copy once its officer has signed that."""
    row = officer_sends()
    flush(kz)
    kz.store.officers.lock()
    kz.store.outcomes.ask_reseal(kz.digest_of(row), Address("UZ/NFP"))
    hub.world.rotate("UZ/NFP")
    kz.sync()
    (waiting,) = unsigned(kz.store)
    assert (waiting.draft.to, kz.alarms()) == ((Address("UZ/NFP"),), ["unsigned"])
    unlock_officers(kz.store)
    kz.sender.sign_again([waiting.row])
    flush(kz)
    assert (unsigned(kz.store), uz.alarms()) == ([], [])


def test_call_ends_when_nothing_more_waits(kz: Desk, hub: ScriptedHub, officer_sends: Callable[[], int]) -> None:
    """The alarm that calls an officer is closed by the last signature, under his post, and by none before."""
    rows = [officer_sends(), officer_sends()]
    kz.store.officers.lock()
    reasons = [SeraiError(Code.STALE_KEY) for _ in rows]
    hub.refuse = lambda _statement: reasons.pop() if reasons else None
    flush(kz)
    counter = Counter(kz, hub)
    counter._ask_officer = lambda _officer, _wrong: OFFICERS
    for open_, each in zip((2, 0), unsigned(kz.store), strict=True):
        sign_again(counter, DUTY, [each])
        assert len(kz.store.alarms.newest(9)) == open_
    assert {alarm.closing.by for alarm in kz.store.alarms.newest(9, closed=True) if alarm.closing} == {DUTY}
    kz.store.officers.lock()
    hub.world.wait(60)
    kz.now_s += 60
    refuse_once(hub, Code.STALE_KEY)
    flush(kz)
    assert [alarm.alarm.kind for alarm in kz.store.alarms.newest(9)] == ["unsigned"]
