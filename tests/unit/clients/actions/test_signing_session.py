"""An officer's key at a screen: open for a while, and what it signs meanwhile."""

from __future__ import annotations

import tempfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clients.actions.answering import OfficerAnswer
from clients.actions.numbers import SpokenNumber
from clients.actions.signing_session import LOCK_MS, Proposal, SigningSession
from clients.errors import ClientError, LocalCode
from clients.store import OutState
from schemas.addresses import Address
from schemas.labels import DeclineReason, Outcome
from tests.support.counter import Counter
from tests.support.desk import OFFICERS, Desk, ScriptedHub
from tests.support.refusals import refused
from tests.support.traffic import arrive, follow_up, give_receipt
from tests.support.world import KZ, UZ, World

DUTY = Address("KZ/NFP/DUTY-1")
START_MS = 1_790_000_000_000


class Wall:
    """A wall clock that a test sets."""

    def __init__(self) -> None:
        self.now_ms = START_MS

    def __call__(self) -> int:
        """Milliseconds since 1970 UTC."""
        return self.now_ms


@pytest.fixture
def wall() -> Wall:
    """A wall clock."""
    return Wall()


@pytest.fixture
def session(kz: Desk, counter: Counter, wall: Wall) -> SigningSession:
    """An officer's session at KZ's desk, locked."""
    kz.store.officers.lock()
    return SigningSession(counter, None, wall)


def number_of(kz: Desk, digest: str) -> SpokenNumber:
    """The number of something that came."""
    return SpokenNumber(kz.store.items.place_of(digest) or 0, None)


def answered(session: SigningSession, spoken: SpokenNumber, reason: DeclineReason | None = None) -> OfficerAnswer:
    """What an officer sees and signs."""
    answer = session.sign(session.propose(spoken, reason))
    assert isinstance(answer, OfficerAnswer)
    return answer


def test_locked_session_answers_nothing(kz: Desk, uz: Desk, session: SigningSession) -> None:
    """Until the officer has typed the passphrase nothing can be answered, and a wrong one opens nothing."""
    spoken = number_of(kz, arrive(uz, kz))
    assert (session.officer, session.left_ms) == (DUTY, None)
    with refused(LocalCode.OFFICER_LOCKED, DUTY):
        session.propose(spoken)
    with refused(LocalCode.WRONG_PASSPHRASE):
        session.unlock("something else")
    assert session.wrong_tries is not None
    with refused(LocalCode.OFFICER_LOCKED, DUTY):
        session.propose(spoken)
    session.unlock(OFFICERS)
    assert session.left_ms == LOCK_MS
    assert kz.store.officers.wrong_tries() == []


@pytest.mark.parametrize("reason", [None, DeclineReason.CAPACITY])
def test_what_was_shown_is_signed(kz: Desk, uz: Desk, session: SigningSession, reason: DeclineReason | None) -> None:
    """An answer goes into the outbox, signed, once its officer has seen it."""
    digest = arrive(uz, kz, precedence="flash")
    session.unlock(OFFICERS)
    shown = session.propose(number_of(kz, digest), reason)
    assert (shown.delivery.digest, shown.officer) == (digest, DUTY)
    assert kz.store.outbox.waiting_count() == 0
    answer = session.sign(shown)
    assert isinstance(answer, OfficerAnswer)
    assert answer.sent is not None
    assert answer.outcome is shown.outcome is (Outcome.DECLINED if reason else Outcome.ACKNOWLEDGED)
    assert answer.sent.outgoing.statement is not None


def test_what_has_changed_is_shown_again(kz: Desk, uz: Desk, session: SigningSession) -> None:
    """If it was cancelled or answered between look and signature nothing is signed, and the officer looks again."""
    digest = arrive(uz, kz, precedence="flash")
    session.unlock(OFFICERS)
    shown = session.propose(number_of(kz, digest))
    follow_up(uz, kz, "cancel", digest)
    again = session.sign(shown)
    assert isinstance(again, Proposal)
    assert again.delivery.amendments.cancelled_by is not None
    give_receipt(kz, uz, digest, "declined", "capacity")
    third = session.sign(again)
    assert isinstance(third, Proposal)
    assert (third.delivery.declined, kz.store.outbox.waiting_count()) == (True, 0)


def test_real_is_not_answered_as_an_exercise(kz: Desk, uz: Desk, session: SigningSession) -> None:
    """An officer who types EX of what is real is stopped before the signature."""
    spoken = number_of(kz, arrive(uz, kz))
    session.unlock(OFFICERS)
    with refused(LocalCode.MARKED_OTHERWISE):
        session.propose(SpokenNumber(spoken.index, "exercise"))


@pytest.mark.parametrize("step_ms", [LOCK_MS, 8 * 3_600_000, -1])
def test_time_locks(kz: Desk, uz: Desk, session: SigningSession, wall: Wall, step_ms: int) -> None:
    """Ten minutes, a night's sleep, or a clock that was put back: what was shown is signed no more."""
    session.unlock(OFFICERS)
    shown = session.propose(number_of(kz, arrive(uz, kz)))
    wall.now_ms += step_ms
    with refused(LocalCode.OFFICER_LOCKED):
        session.sign(shown)
    assert (kz.store.officers.is_open(DUTY), session.left_ms, kz.store.outbox.waiting_count()) == (False, None, 0)
    session.touch()
    assert session.left_ms is None


def test_each_key_press_starts_the_ten_minutes_anew(session: SigningSession, wall: Wall) -> None:
    """As long as keys are pressed it stays open."""
    session.unlock(OFFICERS)
    for _ in range(3):
        wall.now_ms += LOCK_MS - 1
        assert session.left_ms == 1
        session.touch()
        assert session.left_ms == LOCK_MS


def test_signature_that_is_wanted_again(kz: Desk, uz: Desk, session: SigningSession, hub: ScriptedHub) -> None:
    """What was signed here and must be signed anew is, by itself, while unlocked; while locked it waits."""
    first, second = (number_of(kz, arrive(uz, kz, precedence="flash")) for _ in range(2))
    session.unlock(OFFICERS)
    rows = [sent.id for each in (first, second) if (sent := answered(session, each).sent) is not None]
    for row in rows:
        kz.store.outbox.set_drafted(row, "stale_key")
    session.lock()
    session._looked_at = -1
    assert session.tick() == []
    session.unlock(OFFICERS)
    assert [each.id for each in session.tick()] == rows
    assert {each.state for each in kz.store.outbox.all(9)} == {OutState.SIGNED}


def test_what_others_put_into_the_outbox_is_not_signed(kz: Desk, uz: Desk, session: SigningSession) -> None:
    """A draft in the officer's name that was not signed in this session waits for a look: serai sign."""
    spoken = number_of(kz, arrive(uz, kz, precedence="flash"))
    session.unlock(OFFICERS)
    row = answered(session, spoken).sent
    assert row is not None
    others = {**row.outgoing.draft, "outcome": "declined", "reason": "other"}
    other = kz.store.outbox.add(others, urgent=True, made_ms=1)
    kz.store.outbox.set_drafted(row.id, "stale_key")
    kz.store.outbox.set_draft(row.id, others)
    session._looked_at = -1
    assert session.tick() == []
    assert {each.id: each.state for each in kz.store.outbox.all(9)} == dict.fromkeys((row.id, other), OutState.DRAFTED)


STEPS = st.lists(
    st.one_of(
        st.sampled_from([1, 60_000, LOCK_MS - 1, LOCK_MS, 9 * 3_600_000, -1, -90_000]),
        st.sampled_from(["touch", "unlock", "wrong", "lock", "propose", "sign", "tick"]),
    ),
    max_size=25,
)


class AtScreen:
    """Somebody at a screen, and until when the key there may be open; an alert waits for an answer."""

    def __init__(self, path: Path) -> None:
        hub = ScriptedHub(World([KZ, UZ]))
        self.desks = []
        for member in ("KZ/NFP", "UZ/NFP"):
            (path / member[:2]).mkdir()
            self.desks.append(Desk(path / member[:2], hub, member, f"{member}/DUTY-1"))
            self.desks[-1].sync()
        self.kz, uz = self.desks
        self.spoken = number_of(self.kz, arrive(uz, self.kz))
        self.kz.store.officers.lock()
        self.wall = Wall()
        self.shown: Proposal | None = None
        self.session = SigningSession(Counter(self.kz, hub), None, self.wall)
        self.until_ms = self.pressed_ms = 0

    def take(self, step: int | str) -> None:
        """Let time pass, or press something."""
        if isinstance(step, int):
            self.wall.now_ms += step
            if not self.pressed_ms <= self.wall.now_ms < self.until_ms:
                self.until_ms = 0
            return
        with suppress(ClientError):
            self.press(step)
        if step == "unlock" or (step == "touch" and self.until_ms):
            self.pressed_ms, self.until_ms = self.wall.now_ms, self.wall.now_ms + LOCK_MS
        if step == "lock":
            self.until_ms = 0

    def press(self, key: str) -> None:
        """Do one thing."""
        if key == "propose":
            self.shown = self.session.propose(self.spoken)
        elif key == "sign" and self.shown is not None:
            self.session.sign(self.shown)
        elif key in ("unlock", "wrong"):
            self.session.unlock(OFFICERS if key == "unlock" else key)
        elif key in ("touch", "lock", "tick"):
            getattr(self.session, key)()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(STEPS)
def test_nothing_is_signed_after_the_lock(steps: list[int | str]) -> None:
    """Whatever is pressed and however the clock goes: a signature has an unlock before it, and no lock between."""
    with tempfile.TemporaryDirectory() as folder:
        screen = AtScreen(Path(folder))
        for step in steps:
            before = screen.kz.store.outbox.waiting_count()
            screen.take(step)
            assert screen.kz.store.outbox.waiting_count() == before or screen.until_ms
            is_open = screen.session.left_ms is not None
            assert is_open is bool(screen.until_ms) is screen.kz.store.officers.is_open(DUTY)
        for desk in screen.desks:
            desk.store.close()
