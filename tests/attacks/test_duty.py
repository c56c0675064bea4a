"""Whoever wants that nobody is called: by too many calls, or by none."""

from __future__ import annotations

from pathlib import Path

import pytest

from clients.actions.faulting import FaultCalls, Seen
from clients.actions.hooks import MOST_AT_ONCE, Hooks
from clients.actions.returned import list_returned
from clients.actions.watching import seen_of
from clients.mail.compose import PublicDraft
from clients.store import OutState
from schemas.errors import Code, SeraiError
from schemas.frames import Problem, Refused
from tests.support.counter import Counter
from tests.support.desk import Desk, ScriptedHub
from tests.support.world import KZ, RU, UZ, World

SLEEP = "sleep 600"


@pytest.fixture
def hub() -> ScriptedHub:
    """A hub that shows what a test admits."""
    return ScriptedHub(World([KZ, UZ, RU]))


@pytest.fixture
def kz(tmp_path: Path, hub: ScriptedHub) -> Desk:
    """KZ's desk, up to date."""
    folder = tmp_path / "kz"
    folder.mkdir()
    desk = Desk(folder, hub, "KZ/NFP", "KZ/NFP/DUTY-1")
    desk.sync()
    return desk


def answer_without_right(kz: Desk, member: str, count: int) -> None:
    """A member answers dispatches that it was not sent, each of which is an alarm."""
    others = [each for each in (UZ, RU) if each != member]
    for _each in range(count):
        row = kz.send(*others)
        kz.flush()
        kz.hub.world.admit(kz.hub.world.receipt(member, "KZ/NFP", [kz.digest_of(row)]))
    kz.sync()


def test_flood_of_alarms(kz: Desk) -> None:
    """A member brings about alarm after alarm: another's stands on its own beside them, and calls by itself."""
    answer_without_right(kz, "RU/NFP", 20)
    before = kz.store.alarms.open_count()
    assert before <= 9
    answer_without_right(kz, "UZ/NFP", 1)
    (newest,) = kz.store.alarms.newest(1)
    assert (kz.store.alarms.open_count(), "UZ/NFP answers" in newest.alarm.detail) == (before + 1, True)


def test_alarm_behind_a_flood_of_its_cause(kz: Desk) -> None:
    """Eight alarms and more by one member have called; the next, an hour later, calls too, and within minutes."""
    answer_without_right(kz, "RU/NFP", 20)
    calls = FaultCalls(Hooks(""), str)
    assert [fault.count for fault in calls.tick(seen_of(kz.store), 0.0)] == [20]
    answer_without_right(kz, "RU/NFP", 1)
    made = [fault.count for second in range(400) for fault in calls.tick(seen_of(kz.store), 3_600.0 + second)]
    assert made == [21]


def test_alarm_for_each_look(kz: Desk) -> None:
    """A hub that shows the same lie a thousand times makes one alarm of it, and one call."""
    for _each in range(100):
        kz.state.alarm("fork", "two histories", {"shown": "a note"})
        kz.restart()
    assert (kz.store.alarms.count(), len(kz.state.take_notices())) == (1, 0)


def test_call_for_each_forged_thing() -> None:
    """Alarms come without end: the command for them runs one at a time, and no more often than every ten seconds."""
    calls = FaultCalls(Hooks("true"), str)
    made = []
    for second in range(100):
        calls.hooks.finish()
        made += calls.tick(Seen(0, alarms=second + 1, newest_alarm=second + 1), float(second))
    assert 1 <= len(made) <= 10


def test_line_that_flaps() -> None:
    """A hub ends each line after a minute: that calls every five minutes at most, and does call."""
    calls = FaultCalls(Hooks(""), str)
    made = [calls.tick(Seen(0, live=second % 62 == 0), float(second)) for second in range(3_600)]
    assert 1 <= sum(map(len, made)) <= 12


def test_line_that_lives_for_a_moment() -> None:
    """A hub lets a line live for a second before each minute is over: that calls all the same."""
    calls = FaultCalls(Hooks(""), str)
    made = [calls.tick(Seen(0, live=second % 50 == 0), float(second)) for second in range(600)]
    assert 1 <= sum(map(len, made)) <= 2


def test_words_that_no_program_can_be_given() -> None:
    """What a hub writes as the reason of a fault does not keep the command for it from being run."""
    hooks = Hooks("true")
    for words in ("nul \x00 in it", "half \ud800 of a character"):
        hooks.start("line", {"SERAI_DETAIL": words})
        assert [(end.status, end.why) for end in hooks.finish()] == [(0, "")]


def test_command_that_hangs() -> None:
    """A siren that never ends keeps no other call back, and is ended after its time with all that it started."""
    now = [0.0]
    hooks = Hooks(SLEEP, lambda: now[0])
    try:
        assert [hooks.start(str(number), {}) for number in range(MOST_AT_ONCE + 1)] == [True] * MOST_AT_ONCE + [False]
        assert not hooks.start("0", {})
        now[0] = 61.0
        assert [end.status for end in hooks.tick()] == [None] * MOST_AT_ONCE
        assert hooks.start("0", {})
    finally:
        hooks.close()


def test_recipient_that_is_revoked_keeps_others_waiting(kz: Desk, hub: ScriptedHub) -> None:
    """One of two recipients has its own key revoked while a flash waits: the other gets it, the rest comes back."""
    row = kz.send("UZ/NFP", "RU/NFP", precedence="flash")
    first = kz.digest_of(row)
    hub.world.revoke("RU/NFP")
    hub.refuse = lambda _: SeraiError(Code.UNKNOWN_RECIPIENT) if kz.store.outbox.find(first) else None
    for _each in range(9):
        kz.sync()
        kz.flush()
        kz.now_s += 60
    sent = kz.store.outbox.get(row)
    assert sent is not None
    assert (sent.state, sent.draft["to"]) == (OutState.ACCEPTED, ["UZ/NFP"])
    found = list_returned(Counter(kz, hub), 9).items
    assert len(found) == 1
    back = found[0]
    assert back.content is not None


@pytest.mark.parametrize("code", ["suspended", "a_code_of_tomorrow", "bad_signature"])
def test_refusal_that_makes_it_disappear(kz: Desk, hub: ScriptedHub, code: str) -> None:
    """A hub refuses a flash, whatever the reason: it comes back with its text, and rings until somebody acts."""
    row = kz.send("UZ/NFP", precedence="flash", reference="secret lorry")
    kz.sender.submissions(9)
    kz.sender.refused(_refusal(kz.digest_of(row), code))
    found = list_returned(Counter(kz, hub), 9).items
    assert len(found) == 1
    back = found[0]
    assert back.content is not None
    assert back.content.form is not None
    assert back.content.form.our_reference == "secret lorry"
    assert (kz.store.outbox.returned_count(urgent=True), kz.store.alarms.open_count()) == (1, 1)


def test_end_of_an_officer_first(kz: Desk, hub: ScriptedHub) -> None:
    """Who removes an officer does not undo what he signed and what still waits."""
    officer = "KZ/NFP/DUTY-1"
    row = kz.send("UZ/NFP", iss=officer)
    kz.sender.draft([PublicDraft(hub.world.revocation(hub.world.party(officer), reason="ceased"))])
    for _each in range(4):
        kz.flush()
        kz.now_s += 5
    first, second = (kz.store.outbox.get(each) for each in (row, row + 1))
    assert first is not None
    assert second is not None
    assert (first.index or 0) < (second.index or 0)


def _refusal(digest: str, code: str) -> Refused:
    return Refused(digest=digest, problem=Problem(code=code, title="no", detail="because"))
