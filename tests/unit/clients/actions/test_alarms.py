"""Working alarms off."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from clients.actions.alarms import check_closable, close_alarm, find_alarm, list_alarms
from clients.actions.checks import Check, Grade, check_store
from clients.actions.status import read_status
from clients.actions.watching import Watcher
from clients.errors import LocalCode
from clients.store import Alarm
from schemas.addresses import Address
from tests.support.counter import Counter
from tests.support.refusals import refused


@pytest.fixture
def alarmed(counter: Counter) -> Counter:
    """A client with five alarms."""
    for number in range(5):
        counter.store.alarms.add(Alarm("overdue", f"dispatch {number}", number, cause=str(number)))
    return counter


def test_list_says_what_it_leaves_out(alarmed: Counter) -> None:
    """The newest first, those that are open before the closed, with how many there is no room for."""
    close_alarm(alarmed, 4, "dealt with", None)
    few = list_alarms(alarmed, 3)
    assert ([each.number for each in few.open], few.closed, few.open_left, few.closed_left) == ([5, 3, 2], (), 1, 1)
    every = list_alarms(alarmed, 9, closed=True)
    assert ([each.number for each in every.open], [each.number for each in every.closed]) == ([5, 3, 2, 1], [4])
    assert (every.open_left, every.closed_left) == (0, 0)


def test_closing_is_a_logged_act(alarmed: Counter) -> None:
    """Who, when and why are kept; the reason is due, and an alarm is closed once."""
    found = close_alarm(alarmed, 2, "  the line \n was down ", Address("KZ/NFP/DUTY-1"))
    assert found.closing is not None
    assert (found.closing.by, found.closing.reason) == ("KZ/NFP/DUTY-1", "the line was down")
    assert found.closing.at_ms == alarmed.state.system.clock.time_ms()
    attempts: list[tuple[LocalCode, Callable[[], object]]] = [
        (LocalCode.ALARM_CLOSED, lambda: close_alarm(alarmed, 2, "again", None)),
        (LocalCode.ALARM_CLOSED, lambda: check_closable(alarmed, 2)),
        (LocalCode.REASON_MISSING, lambda: close_alarm(alarmed, 1, " \t", None)),
        (LocalCode.NO_ALARM, lambda: find_alarm(alarmed, 77)),
        (LocalCode.NO_ALARM, lambda: close_alarm(alarmed, 77, "x", None)),
    ]
    for code, attempt in attempts:
        with refused(code):
            attempt()


def test_only_open_alarms_are_counted(alarmed: Counter) -> None:
    """Once all are closed no screen is red: status, watch and checks count those that are open."""
    watcher = Watcher(alarmed)
    assert (read_status(alarmed).alarms, watcher.look(9).alarms) == (5, 5)
    for number in range(1, 6):
        close_alarm(alarmed, number, "seen", None)
    status = read_status(alarmed)
    assert (status.alarms, status.newest_alarm, Watcher(alarmed).look(9).alarms) == (0, None, 0)
    assert [each.grade for each in check_store(alarmed) if each.check is Check.ALARMS] == [Grade.OK]
