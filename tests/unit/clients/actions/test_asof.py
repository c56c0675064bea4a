"""As of when a list is true."""

from __future__ import annotations

import asyncio

from clients.actions.asof import read_as_of
from clients.line.lock import hold_line
from tests.support.counter import Counter
from tests.support.desk import Desk

MINUTE_S = 60


def test_never_connected_is_not_known(counter: Counter) -> None:
    """Before anything was fetched nobody can say what waits."""
    as_of = read_as_of(counter)
    assert (as_of.true_ms, as_of.connected, as_of.is_current) == (0, False, False)


def test_what_was_fetched_is_true_as_of_then(kz: Desk, counter: Counter) -> None:
    """It stays known when the process that fetched has ended; a minute later it is not current."""
    asyncio.run(counter.fetch(30, quiet_s=0.01))
    at_ms = kz.hub.world.time_ms
    assert (read_as_of(counter).true_ms, read_as_of(counter).is_current) == (at_ms, True)
    kz.hub.world.wait(MINUTE_S)
    assert (read_as_of(counter).true_ms, read_as_of(counter).is_current) == (at_ms, False)


def test_line_that_is_down_is_as_of_before(kz: Desk, counter: Counter) -> None:
    """A process that tries to connect keeps what the one before it knew, and says since when there is no line."""
    asyncio.run(counter.fetch(30, quiet_s=0.01))
    at_ms = kz.hub.world.time_ms
    kz.hub.world.wait(MINUTE_S)
    with hold_line(kz.store.path, "serai run", at_ms + 1) as line:
        line.tell(live=False, fault="gone", offset_ms=0, now_ms=at_ms + 2)
        as_of = read_as_of(counter)
        assert (as_of.true_ms, as_of.since_ms, as_of.held, as_of.connected) == (at_ms, at_ms + 1, True, False)
        line.tell(live=True, fault="", offset_ms=0, now_ms=at_ms + 3, caught_up_ms=kz.hub.world.time_ms)
        assert (read_as_of(counter).connected, read_as_of(counter).is_current) == (True, True)
