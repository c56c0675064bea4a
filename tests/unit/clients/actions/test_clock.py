"""The hub's time and this machine's, and a person's word."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from clients.actions import clock
from clients.actions.clock import ClockState, compare_clocks, confirm_time
from clients.errors import LocalCode
from clients.line.ledger import NetworkAnswer
from tests.support.counter import Counter
from tests.support.refusals import refused

DAY_MS = 24 * 3600 * 1000
MINUTE_MS = 60_000


@pytest.fixture
def hub_ahead(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Sets how far the hub's time is ahead of this machine's; ``None`` if it tells none."""

    def set_(ahead_ms: int | None) -> None:
        async def answer(_origin: str, _client: object) -> NetworkAnswer:
            await asyncio.sleep(0)
            now_ms = counter.state.system.clock.local_ms()
            return NetworkAnswer((), None if ahead_ms is None else now_ms + ahead_ms)

        monkeypatch.setattr(clock, "ask_network", answer)

    return set_


def _about(found: ClockState) -> tuple[int, bool]:
    assert found.hub_ms is not None
    return round((found.hub_ms - found.machine_ms) / MINUTE_MS), found.is_corrected


def test_up_to_a_day_nobody_is_asked(counter: Counter, hub_ahead: Any) -> None:
    """The hub's time is used; beyond a day it is not."""
    hub_ahead(DAY_MS - MINUTE_MS)
    assert _about(compare_clocks(counter)) == (24 * 60 - 1, True)
    hub_ahead(-DAY_MS - MINUTE_MS)
    assert _about(compare_clocks(counter)) == (-24 * 60 - 1, False)


@pytest.mark.parametrize("days", [2, -365])
def test_a_person_who_finds_the_hub_right(counter: Counter, hub_ahead: Any, days: int) -> None:
    """The other clock is with the hub: its time is used from then on, within a day of what was confirmed."""
    hub_ahead(days * DAY_MS)
    said_ms = counter.state.system.clock.local_ms() + days * DAY_MS - 4 * MINUTE_MS
    assert confirm_time(counter, said_ms).is_corrected
    assert abs(counter.store.trust.clock_confirmed_ms - days * DAY_MS) < MINUTE_MS
    assert compare_clocks(counter).is_corrected
    hub_ahead(days * DAY_MS + 2 * DAY_MS)
    assert not compare_clocks(counter).is_corrected
    hub_ahead(0)  # the machine's clock was set right
    assert compare_clocks(counter).is_corrected


def test_a_person_who_finds_the_hub_wrong(counter: Counter, hub_ahead: Any) -> None:
    """The other clock is with this machine: the hub's operator must hear, and nothing is confirmed."""
    hub_ahead(1_096 * DAY_MS)
    now_ms = counter.state.system.clock.local_ms()
    with refused(LocalCode.HUB_CLOCK_WRONG, "the hub's is wrong"):
        confirm_time(counter, now_ms)
    with refused(LocalCode.TIME_OF_NEITHER, "this machine says"):
        confirm_time(counter, now_ms + 3_600_000)
    assert counter.store.trust.clock_confirmed_ms == 0


def test_a_hub_that_tells_no_time(counter: Counter, hub_ahead: Any) -> None:
    """There is nothing to compare with."""
    hub_ahead(None)
    assert (compare_clocks(counter).hub_ms, compare_clocks(counter).is_corrected) == (None, False)
    with refused(LocalCode.HUB_TELLS_NO_TIME):
        confirm_time(counter, 0)
