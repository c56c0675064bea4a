"""What ``serai run`` does while it holds the line."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import pytest

from clients.cli.administrator.service import RunOptions, Service
from tests.support.counter import Counter
from tests.support.desk import Desk
from tests.unit.clients.cli.test_urgent import send


async def test_new_alarm_does_not_queue_behind_old_ones(
    kz: Desk, uz: Desk, counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the command takes its time, what has never called anybody comes before what is called again."""
    digests = [send(uz, kz, "flash") for _each in range(3)]
    called: list[str] = []
    enough = asyncio.Event()

    async def siren(_command: str, told: Mapping[str, str]) -> None:
        if len(called) == 1:
            digests.append(send(uz, kz, "flash"))
        called.append(told["SERAI_PLACE"])
        if len(called) == 5:
            enough.set()

    monkeypatch.setattr("clients.cli.administrator.service.run_command", siren)
    monkeypatch.setattr("clients.cli.administrator.service._TICK_S", 0)
    service = Service(counter, RunOptions("siren", every_s=0))
    alarm = asyncio.create_task(service._alarm())
    await asyncio.wait_for(enough.wait(), 10)
    alarm.cancel()
    places = [str(kz.store.items.place_of(each)) for each in digests]
    assert called[:5] == [*places, places[0]]
