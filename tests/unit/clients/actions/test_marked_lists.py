"""Lists of one marking: real and exercise apart, each page after the other, a count that is the list's length."""

from __future__ import annotations

import pytest

from clients.actions.listing import ListEntry, Rank
from clients.actions.lists import inbox_entries, list_inbox, sent_entries
from clients.actions.marked_lists import ListLane, MarkedLists, PlacedDispatch, key_of, page_of
from tests.support.counter import Counter
from tests.support.desk import Desk
from tests.support.read_desk import random_traffic
from tests.support.traffic import arrive, give_receipt

BOTH = (False, True)


def looked(desk: Desk) -> MarkedLists:
    """The lists of a store, as they are."""
    lists = MarkedLists(desk.store)
    lists.look()
    return lists


def walked(listed: list[PlacedDispatch], lane: ListLane | None, limit: int) -> list[str]:
    """Digests of all pages of a list, after each other; what stands first in any case is counted once."""
    found: list[str] = []
    after = ""
    while True:
        page = page_of(listed, limit, lane, after)
        assert page.total == page_of(listed, 10_000, lane).total
        found += [each.digest for each in page.shown if each.digest not in found]
        if page.next is None:
            return found
        after = page.next


@pytest.mark.parametrize("seed", range(4))
def test_a_badge_counts_exactly_the_list_that_it_opens(kz: Desk, uz: Desk, counter: Counter, seed: int) -> None:
    """Whatever came: no list holds both markings, nothing is in none, pages give each once, in the one order."""
    random_traffic(kz, uz, seed)
    lists, members = looked(kz), {digest for digest, _place in kz.store.items.inbox_places()}
    seen: set[str] = set()
    for exercise in BOTH:
        came = list(lists.inbox.get(exercise, ()))
        assert [lists.is_exercise(each.digest) for each in came] == [exercise] * len(came)
        for lane in (ListLane.URGENT, ListLane.OWED, ListLane.OTHERS):
            found = walked(came, lane, 2)
            assert len(found) == lists.count(lane, exercise=exercise) == page_of(came, 2, lane).total
        assert sorted(walked(came, None, 3)) == sorted(each.digest for each in came)
        seen |= {each.digest for each in came}
        undone = walked(list(lists.sent.get(exercise, ())), ListLane.UNDONE, 2)
        assert len(undone) == lists.count(ListLane.UNDONE, exercise=exercise)
    assert seen == members
    whole = [each.digest for each in list_inbox(counter, 1_000).shown]
    real = [each.digest for each in lists.inbox.get(False, ())]
    assert [digest for digest in whole if digest in real] == real
    lanes = [lists.count(each, exercise=exercise) for each in (ListLane.URGENT, ListLane.OWED) for exercise in BOTH]
    assert sum(lanes) == len(inbox_entries(kz.store))
    assert sum(lists.count(ListLane.UNDONE, exercise=each) for each in BOTH) == len(sent_entries(kz.store))


def test_what_is_real_and_what_is_not_stand_apart(kz: Desk, uz: Desk) -> None:
    """Each in a list of its own; what is not known here counts as real."""
    digest = arrive(uz, kz, status="exercise")
    real = arrive(uz, kz)
    lists = looked(kz)
    assert [each.digest for each in lists.inbox[True]] == [digest]
    assert [each.digest for each in lists.inbox[False]] == [real]
    assert not lists.is_exercise("A" * 43)


def test_pages_go_on_though_the_list_has_moved(kz: Desk, uz: Desk) -> None:
    """What is answered between two pages is neither shown twice nor hides what stands behind it."""
    digests = [arrive(uz, kz, precedence="routine") for _each in range(5)]
    lists = looked(kz)
    first = page_of(lists.inbox[False], 2)
    assert [each.digest for each in first.shown] == digests[:2:-1]
    arrive(uz, kz, precedence="flash")
    give_receipt(kz, uz, digests[3], "acknowledged")
    lists.look()
    second = page_of(lists.inbox[False], 2, after=first.next or "")
    assert [each.digest for each in second.shown] == [digests[2], digests[1]]


def test_oldest_that_waits_stands_in_the_first_page(kz: Desk, uz: Desk) -> None:
    """However many urgent ones came since; the next page begins where the first had a gap."""
    digests = [arrive(uz, kz, precedence="immediate") for _each in range(5)]
    lists = looked(kz)
    page = page_of(lists.inbox[False], 3)
    assert [each.digest for each in page.shown] == [digests[4], digests[3], digests[0]]
    assert (page.left_out, page.urgent_left_out, page.total) == (2, 2, 5)
    assert page.shown[-1].cursor == page.next == page.shown[1].cursor
    rest = page_of(lists.inbox[False], 3, after=page.next or "")
    assert [each.digest for each in rest.shown] == [digests[2], digests[1], digests[0]]


def test_many_are_learned_at_once(kz: Desk, uz: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A large store is looked through once; how its dispatches are marked is the same as one by one."""
    random_traffic(kz, uz, 7)
    one_by_one = looked(kz)
    monkeypatch.setattr("clients.actions.marked_lists._AT_ONCE", 0)
    at_once = MarkedLists(kz.store)
    at_once.look()
    assert at_once.inbox == one_by_one.inbox
    assert at_once.sent == one_by_one.sent


@pytest.mark.parametrize("cursor", ["x", "1.2", "1.2.x.a", ".", "9" * 30])
def test_cursor_of_nobody_is_the_end(cursor: str) -> None:
    """Words that no list has given are no place in it."""
    entry = ListEntry("a", 1, Rank.OTHER)
    assert page_of([PlacedDispatch(entry, ListLane.OTHERS, is_exercise=False)], 5, after=cursor).shown == ()
    assert key_of(cursor) > (Rank.OTHER, 0, 0, "z")
