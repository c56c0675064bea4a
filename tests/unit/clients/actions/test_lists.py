"""What stands first in a list of the store, and what a list that is cut says."""

from __future__ import annotations

import pytest

from clients.actions.lists import list_inbox, list_sent
from clients.actions.searching import Query, find
from clients.actions.watching import Watcher
from clients.mail.compose import Expectation, Ref
from tests.support.counter import Counter
from tests.support.desk import Desk
from tests.support.traffic import arrive, follow_up, give_receipt, send_now

EARLIER = ("flash", "routine", "immediate", "routine", "routine")


def inbox(counter: Counter, limit: int, *, unanswered: bool = False) -> list[str]:
    """Digests of a list, in its order."""
    return [each.digest for each in list_inbox(counter, limit, unanswered=unanswered).shown]


def test_open_is_what_nobody_has_settled(kz: Desk, uz: Desk, counter: Counter) -> None:
    """Newest first; what is answered or cancelled is not open, and a limit counts what is shown."""
    digests = [arrive(uz, kz, precedence="routine") for _each in range(4)]
    give_receipt(kz, uz, digests[3], "declined", "capacity")
    give_receipt(kz, uz, digests[0], "acknowledged")
    ended = follow_up(uz, kz, "cancel", digests[1], precedence="routine")
    assert inbox(counter, 9) == [ended, *reversed(digests)]
    assert inbox(counter, 9, unanswered=True) == [ended, digests[2]]
    page = list_inbox(counter, 1, unanswered=True)
    assert ([each.digest for each in page.shown], page.left_out, page.urgent_left_out) == ([ended], 1, 0)


def test_urgent_is_first_however_much_came_since(kz: Desk, uz: Desk, counter: Counter) -> None:
    """Inbox, search and the live screen begin with what is urgent and open, flash first; then the newest."""
    flash, old, soon, *rest = (arrive(uz, kz, precedence=each) for each in EARLIER)
    assert inbox(counter, 9) == [flash, soon, rest[1], rest[0], old]
    assert inbox(counter, 9, unanswered=True) == inbox(counter, 9)
    assert inbox(counter, 3) == [flash, soon, rest[1]]
    found = find(kz.store, Query(words=("lorry",)), 3)
    assert ([item.digest for item in found.page.shown], found.page.left_out) == ([flash, soon, rest[1]], 2)
    assert [each.digest for each in Watcher(counter).look(3).urgent] == [flash, soon]
    give_receipt(kz, uz, flash, "acknowledged")
    assert inbox(counter, 2) == [soon, rest[1]]


@pytest.mark.parametrize("limit", [2, 3])
def test_oldest_that_waits_is_never_cut_off(kz: Desk, uz: Desk, counter: Counter, limit: int) -> None:
    """However many are more urgent or newer; and what is left out is counted, the urgent apart."""
    arrive(uz, kz, precedence="routine")
    oldest, *others = (arrive(uz, kz, precedence=each) for each in ("immediate", "flash", "flash", "flash"))
    page = list_inbox(counter, limit)
    assert [each.digest for each in page.shown] == [*reversed(others[4 - limit :]), oldest]
    assert (page.left_out, page.urgent_left_out) == (5 - limit, 4 - limit)


def test_order_is_by_number_not_by_arrival(kz: Desk, uz: Desk, counter: Counter) -> None:
    """What came late on a slower lane stands at its number."""
    for precedence in ("routine", "immediate"):
        uz.send("KZ/NFP", precedence=precedence)
    uz.flush()
    kz.sync()
    items = {item.lane: item for item in kz.store.items.inbox(9)}
    give_receipt(kz, uz, items["urgent"].digest, "acknowledged")
    by_number = sorted(items.values(), key=lambda item: -(item.index or 0))
    assert inbox(counter, 9) == [item.digest for item in by_number]


def test_sent_is_newest_first(kz: Desk, counter: Counter) -> None:
    """What the hub has accepted, with its content; a cut list says how much it leaves out."""
    first, second = (send_now(kz, "UZ/NFP", "RU/NFP")[0] for _each in range(2))
    kz.sync()
    kz.send("RU/NFP")
    page = list_sent(counter, 9).page
    assert [each.status.digest for each in page.shown] == [second, first]
    assert [each.content is not None for each in page.shown] == [True, True]
    assert (list_sent(counter, 1).page.left_out, page.left_out) == (1, 0)


def sent(counter: Counter, limit: int = 9) -> list[tuple[str, bool]]:
    """What `list_sent` shows: digests, and whether each is done."""
    return [(each.status.digest, each.is_done) for each in list_sent(counter, limit).page.shown]


def test_sent_and_not_done_is_first(kz: Desk, uz: Desk, counter: Counter) -> None:
    """What was declined, or urgent and not acknowledged, stands before what was sent since; flash above all."""
    flash, plain, declined, newest = (arrive(kz, uz, precedence=each) for each in ("flash", *["routine"] * 3))
    give_receipt(uz, kz, declined, "declined", "not_ours")
    kz.sync()
    assert sent(counter) == [(flash, False), (declined, False), (newest, True), (plain, True)]
    assert sent(counter, 2) == [(flash, False), (declined, False)]
    assert list_sent(counter, 1).undone == 2
    give_receipt(uz, kz, flash, "acknowledged")
    give_receipt(uz, kz, declined, "acknowledged")
    kz.sync()
    assert list_sent(counter, 9).undone == 0


def test_owed_answer_is_open_until_it_is_given(kz: Desk, uz: Desk, counter: Counter) -> None:
    """Acknowledged or not, it stands below what is urgent and above the rest, the soonest first, with its time."""
    now_s = kz.state.system.clock.time_s()
    late, soon = (arrive(uz, kz, precedence="routine", expects=Expectation(now_s + each)) for each in (9_000, 600))
    flash, plain = (arrive(uz, kz, precedence=each) for each in ("flash", "routine"))
    give_receipt(kz, uz, late, "acknowledged")
    assert inbox(counter, 9) == [flash, soon, late, plain]
    assert [each.digest for each in Watcher(counter).look(9).owed] == [soon, late]
    arrive(kz, uz, refs=(Ref("reply", soon),))
    follow_up(uz, kz, "cancel", late, precedence="routine")
    assert kz.store.outcomes.missing("owed") == {}
