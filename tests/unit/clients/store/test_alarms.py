"""Alarms are kept once, counted, bounded, and closed with a reason."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients.store import Alarm, Closing, Store
from clients.store.alarms import MOST_NAMES, MOST_OF_CAUSE, MOST_OF_KIND, MOST_WITH_FIRSTS, QUIET_MS
from schemas.errors import Code
from tests.support.desk import make_store
from tests.support.refusals import refused
from tests.support.world import KZ, World

DONE = Closing("KZ/NFP/DUTY-1", 50, "the Centre knows")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """An empty store."""
    return make_store(tmp_path, World([KZ]), "KZ/NFP")


def kinds(store: Store) -> list[str]:
    """Kinds of those that are open, the newest first."""
    return [each.alarm.kind for each in store.alarms.newest(10_000)]


def test_alarms_keep_their_evidence(store: Store) -> None:
    """Alarms come back in order, with everything."""
    alarms = [Alarm("fork", "two notes", 5, {"one": "x", "two": "y"}), Alarm("overdue", "z", 4, cause="UZ/NFP")]
    for alarm in alarms:
        assert store.alarms.add(alarm).is_new
    assert store.alarms.raised() == alarms
    assert [each.number for each in store.alarms.newest(9)] == [2, 1]


def test_the_same_alarm_is_counted(store: Store) -> None:
    """What is raised again while it is open is no second alarm, and nobody is called again."""
    store.alarms.add(Alarm("fork", "x", 5))
    assert not store.alarms.add(Alarm("fork", "x", 9)).is_new
    (kept,) = store.alarms.newest(9)
    assert (kept.alarm.at_ms, kept.count, kept.last_ms) == (5, 2, 9)


def test_closed_alarm_says_who_when_and_why(store: Store) -> None:
    """It is counted no more, and stays with who closed it; the first closing counts."""
    store.alarms.add(Alarm("fork", "x", 5))
    store.alarms.close(1, DONE)
    store.alarms.close(1, Closing("KZ/NFP/DUTY-2", 60, "later"))
    assert (store.alarms.open_count(), store.alarms.count()) == (0, 1)
    (kept,) = store.alarms.newest(9, closed=True)
    assert kept.closing == DONE


def test_what_is_closed_comes_back_only_with_other_evidence_or_later(store: Store) -> None:
    """The very same is quiet for a day after it was closed; other evidence, or a day, makes it an alarm again."""
    alarm = Alarm("fork", "x", 5, {"seen": "a"})
    store.alarms.add(alarm)
    store.alarms.close(1, DONE)
    assert not store.alarms.add(Alarm("fork", "x", 60, {"seen": "a"})).is_new
    assert store.alarms.add(Alarm("fork", "x", 60, {"seen": "b"})).is_new
    store.alarms.close(2, DONE)
    assert store.alarms.add(Alarm("fork", "x", 50 + QUIET_MS, {"seen": "b"})).is_new


def test_state_that_somebody_changed_is_damage(store: Store) -> None:
    """An alarm that is hidden by its state in the clear is noticed where it is read."""
    store.alarms.add(Alarm("fork", "x", 5))
    store._database.execute("UPDATE alarm SET state = 'closed'")
    with refused(Code.DAMAGED):
        store.alarms.newest(9, closed=True)


def test_those_of_one_cause_are_closed_together(store: Store) -> None:
    """What a person has dealt with otherwise is closed by its cause; another's stays."""
    for detail, cause in (("a", "item 1"), ("b", "item 1"), ("c", "item 2")):
        store.alarms.add(Alarm("refused", detail, 5, cause=cause))
    store.alarms.close_cause("refused", "item 1", DONE)
    assert [each.alarm.detail for each in store.alarms.newest(9)] == ["c"]


RAISED = st.tuples(st.sampled_from(["fork", "overdue", "refused"]), st.integers(0, 9), st.integers(0, 40))


@pytest.mark.slow
@given(st.lists(RAISED, max_size=200))
def test_alarms_are_bounded_and_none_is_lost(
    tmp_path_factory: pytest.TempPathFactory, raised: list[tuple[str, int, int]]
) -> None:
    """However they come: each raising is counted, and no kind or cause has more rows than its bound."""
    with make_store(tmp_path_factory.mktemp("alarms"), World([KZ]), "KZ/NFP") as store:
        for at_ms, (kind, cause, detail) in enumerate(raised):
            store.alarms.add(Alarm(kind, f"{cause} {detail}", at_ms, cause=str(cause)))
        kept = store.alarms.newest(10_000)
        assert sum(each.count for each in kept) == len(raised)
        for kind in {each.alarm.kind for each in kept}:
            own = [each for each in kept if each.alarm.kind == kind and not each.is_further]
            assert len(own) <= MOST_OF_KIND + len({each.alarm.cause for each in own})
            for one in {each.alarm.cause for each in own}:
                assert sum(each.alarm.cause == one for each in own) <= MOST_OF_CAUSE


def test_each_that_differs_is_counted_once_in_the_line_of_many(store: Store) -> None:
    """Behind the eighth: another alarm is another one to call for, the same again is only counted."""
    for number in range(MOST_OF_CAUSE + 1):
        store.alarms.add(Alarm("damaged", f"item {number}", number, cause="RU/NFP"))
    short = store.alarms.in_short()
    assert (short.count, short.folded, short.differing) == (MOST_OF_CAUSE + 1, 0, MOST_OF_CAUSE + 1)
    assert store.alarms.add(Alarm("damaged", "item 98", 98, cause="RU/NFP")).is_new
    assert not store.alarms.add(Alarm("damaged", "item 98", 99, cause="RU/NFP")).is_new
    short = store.alarms.in_short()
    assert (short.folded, short.differing) == (1, MOST_OF_CAUSE + 2)
    assert short.newest is not None
    assert (short.newest.alarm.detail, short.newest.last_ms, short.newest.count) == ("item 98", 99, 3)


def test_program_meets_a_line_of_many_anew_when_it_doubles(store: Store) -> None:
    """A flood of a thousand is new to a program ten times beside the first eight, and not a thousand times."""
    raised = [store.alarms.add(Alarm("damaged", f"item {number}", number, cause="RU/NFP")) for number in range(1_000)]
    assert [number for number, each in enumerate(raised) if each.is_new][MOST_OF_CAUSE:] == [
        MOST_OF_CAUSE + 2**power - 1 for power in range(10)
    ]


def test_names_in_a_line_of_many_are_bounded(store: Store) -> None:
    """However many fold: what is remembered of them stays small, and the last ones are known again."""
    for number in range(MOST_OF_CAUSE + 2 * MOST_NAMES):
        store.alarms.add(Alarm("damaged", f"item {number}", number, cause="RU/NFP"))
    (row,) = store.alarms._rows.find("further = 1")
    assert len(store.alarms._rows.value(row["id"])["names"]) == MOST_NAMES
    store.alarms.add(Alarm("damaged", f"item {MOST_OF_CAUSE + 2 * MOST_NAMES - 1}", 9, cause="RU/NFP"))
    assert store.alarms.in_short().folded == 2 * MOST_NAMES - 1


def test_flood_of_many_causes_hides_nobody_new(store: Store) -> None:
    """Where a kind is full, the first alarm of another cause stands on its own and calls, up to a bound."""
    for number in range(MOST_OF_KIND):
        store.alarms.add(Alarm("overdue", f"{number}", number, cause=f"{number // MOST_OF_CAUSE}"))
    assert [store.alarms.add(Alarm("overdue", each, 99, cause=each)).is_new for each in ("RU/NFP", "UZ/NFP")] == [
        True,
        True,
    ]
    for number in range(MOST_WITH_FIRSTS + 20):
        store.alarms.add(Alarm("overdue", f"y {number}", 100, cause=f"y {number}"))
    assert store.alarms.open_count() == MOST_WITH_FIRSTS + 1


def test_line_of_many_is_closed_by_a_person_only(store: Store) -> None:
    """What closes the alarms of one cause leaves the line in which those of other causes are counted with it."""
    for number in range(MOST_WITH_FIRSTS + 20):
        store.alarms.add(Alarm("refused", f"item {number}: gone", number, cause=f"item {number}"))
    for number in range(MOST_WITH_FIRSTS + 20 - 1):
        store.alarms.close_cause("refused", f"item {number}", DONE)
    (kept,) = store.alarms.newest(9)
    assert (kept.is_further, kept.count) == (True, 20)


def test_flood_of_one_cause_hides_no_other(store: Store) -> None:
    """Thousands by one member are few rows; another member's alarm stands on its own, and calls."""
    for number in range(300):
        store.alarms.add(Alarm("bad_statement", f"forged {number}", number, cause="RU/NFP"))
    assert store.alarms.add(Alarm("bad_statement", "the one that matters", 400, cause="UZ/NFP")).is_new
    assert store.alarms.add(Alarm("fork", "another kind", 401)).is_new
    assert store.alarms.open_count() == MOST_OF_CAUSE + 3
    (further,) = [each for each in store.alarms.newest(99) if each.is_further]
    assert (further.count, further.alarm.detail) == (300 - MOST_OF_CAUSE, "forged 299")
    assert kinds(store)[:2] == ["fork", "bad_statement"]
