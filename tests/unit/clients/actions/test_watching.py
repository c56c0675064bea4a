"""What the live screen sees of store and line."""

from __future__ import annotations

from dataclasses import replace

import pytest

from clients.actions.faulting import FaultCause, FaultWatch
from clients.actions.reaching import Unreachable
from clients.actions.watching import InboxTail, LineState, Watcher, line_state, seen_of
from clients.line.lock import hold_line
from clients.store import Alarm, Store
from clients.store.items import Items
from schemas.errors import Code, SeraiError
from tests.support.counter import Counter
from tests.support.desk import Desk, ScriptedHub, system_of
from tests.support.refusals import refused
from tests.support.traffic import arrive, give_receipt


def test_urgent_stands_apart_until_it_is_answered(kz: Desk, uz: Desk, counter: Counter) -> None:
    """What waits is with the urgent, flash first, and with the others once it is answered."""
    first, second, third = (arrive(uz, kz, precedence=precedence) for precedence in ("flash", "routine", "immediate"))
    feed = Watcher(counter).look(20)
    assert ([each.digest for each in feed.urgent], feed.waiting) == ([first, third], 2)
    assert [each.digest for each in feed.others] == [second]
    give_receipt(kz, uz, third, "acknowledged")
    feed = Watcher(counter).look(20)
    assert [each.digest for each in feed.urgent] == [first]
    assert [each.digest for each in feed.others] == [third, second]


def test_no_more_is_read_than_has_room(kz: Desk, uz: Desk, counter: Counter) -> None:
    """A small screen reads little, and knows how much waits."""
    for precedence in ("flash", "flash", "flash", "routine", "routine", "routine"):
        arrive(uz, kz, precedence=precedence)
    feed = Watcher(counter).look(2)
    assert (len(feed.urgent), feed.waiting, len(feed.others)) == (2, 3, 2)


def test_store_is_read_again_when_somebody_has_changed_it(
    kz: Desk, uz: Desk, counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is read twice; what another process stores is seen at the next look, and a resize looks again."""
    watcher, reads = Watcher(counter), [0]
    inbox = Items.inbox_beside

    def counted(items: Items, apart: frozenset[str], limit: int) -> list[str]:
        reads[0] += 1
        return inbox(items, apart, limit)

    monkeypatch.setattr(Items, "inbox_beside", counted)
    assert not watcher.has_looked
    watcher.look(20)
    watcher.look(20)
    assert (watcher.has_looked, reads) == (True, [1])
    with Store.open(kz.store.path, kz.passphrase) as other:
        other.drafts.save("warning", {"x": 1})
    watcher.look(20)
    watcher.look(30)
    assert reads == [3]


def test_directory_is_followed(kz: Desk, hub: ScriptedHub, counter: Counter) -> None:
    """A recipient that is suspended while the screen is open is named as one that cannot read it."""
    kz.send("UZ/NFP", precedence="flash")
    kz.flush()
    kz.sync()
    watcher = Watcher(counter)
    assert [each.unreachable for each in watcher.look(20).undone] == [{}]
    hub.world.suspend("UZ/NFP")
    kz.sync()
    (report,) = watcher.look(20).undone
    assert report.unreachable == {"UZ/NFP": Unreachable.SUSPENDED}


def test_large_directory_is_not_replayed_at_every_change(
    kz: Desk, hub: ScriptedHub, counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Public statements that come one after another are followed with a rest between, and none is missed."""
    world, replays, reread = hub.world, [0], counter.reread
    system = replace(system_of(world), monotonic=lambda: world.time_ms / 1000)
    monkeypatch.setattr("tests.support.counter.system_of", lambda _world: system)

    def counted() -> None:
        replays[0] += 1
        reread()

    monkeypatch.setattr(counter, "reread", counted)
    watcher = Watcher(counter)
    watcher.look(20)
    for number in range(10):
        world.enrol(f"UZ/NFP/DUTY-{number + 2}")
        kz.sync()
        watcher.look(20)
    assert replays == [1]
    world.wait(2)
    watcher.look(20)
    assert (replays, counter.state.cursors.public) == ([2], kz.state.cursors.public)


def fail(monkeypatch: pytest.MonkeyPatch, code: Code) -> None:
    """Let the store fail whenever it is read."""

    def broken(*_what: object) -> list[str]:
        raise SeraiError(code, "disk I/O error")

    monkeypatch.setattr(Items, "inbox_beside", broken)


def test_failing_disk_is_said_and_ends_nothing(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was seen last stays on the screen while the disk fails; a damaged store ends it."""
    watcher = Watcher(counter)
    before = watcher.look(20)
    fail(monkeypatch, Code.STORAGE_FAILED)
    assert watcher.look(30) == replace(before, fault="disk I/O error")
    fail(monkeypatch, Code.DAMAGED)
    with refused(Code.DAMAGED):
        watcher.look(30)


def test_alarm_beyond_the_bound_of_its_cause_is_seen(kz: Desk) -> None:
    """The tenth of one cause has no row of its own, and whoever calls a person learns of it."""
    for number in range(9):
        kz.store.alarms.add(Alarm("damaged", f"item {number}", number, cause="RU/NFP"))
    before = seen_of(kz.store)
    kz.store.alarms.add(Alarm("damaged", "item 9", 9, cause="RU/NFP"))
    after, watch = seen_of(kz.store), FaultWatch()
    assert (after.alarms, after.folded, after.newest_alarm) == (10, 1, before.newest_alarm)
    watch.look(before, 0)
    watch.called(FaultCause.ALARM, 0)
    assert [fault.count for fault in watch.look(after, 60)] == [10]


def test_line_is_as_its_holder_says(counter: Counter) -> None:
    """Nobody, not yet, up, down again: with the time at which it turned."""
    assert line_state(counter) == LineState()
    with hold_line(counter.store.path, "serai run", 5) as line:
        assert line_state(counter) == LineState(held=True, since_ms=5)
        line.tell(live=True, fault="", offset_ms=7_000, now_ms=9)
        assert line_state(counter) == LineState(held=True, live=True, since_ms=9, offset_ms=7_000)
        line.tell(live=False, fault="gone", offset_ms=7_000, now_ms=11)
        assert line_state(counter) == LineState(held=True, since_ms=11, fault="gone", offset_ms=7_000)


def test_each_arrival_is_taken_once(kz: Desk, uz: Desk, counter: Counter) -> None:
    """Oldest first, however many there are, and none of those that came before."""
    first, second = (arrive(uz, kz) for _each in range(2))
    tail = InboxTail(counter)
    third, fourth = (arrive(uz, kz) for _each in range(2))
    assert [each.digest for each in tail.before(9)] == [first, second]
    assert [each.digest for each in tail.before(1)] == [second]
    assert tail.before(0) == []
    assert [each.digest for each in tail.take()] == [third, fourth]
    assert tail.take() == []
