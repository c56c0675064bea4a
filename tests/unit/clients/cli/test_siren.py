"""Calling an officer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from clients.actions.hooks import HookEnd, Hooks
from clients.actions.profiles import forms_known
from clients.actions.ringing import Urgent
from clients.cli.administrator.siren import CallOptions, Siren, tell_ends
from schemas.addresses import Address
from schemas.errors import Code, SeraiError
from schemas.reports.profile import ProfileReport
from tests.support.crew import Crew
from tests.support.desk import Desk
from tests.support.stating import state_profile
from tests.support.traffic import arrive, give_receipt
from tests.support.world import KZ, UZ


class OneByOne(Hooks):
    """A command that takes a moment, of which one runs at a time whatever the cause."""

    def __init__(self, began: Callable[[Mapping[str, str]], None]) -> None:
        super().__init__("siren")
        self._began = began
        self._left = 0

    def has_room(self, key: str) -> bool:
        """Whether the last one has ended."""
        return self._left == 0

    def start(self, key: str, facts: Mapping[str, str]) -> bool:
        """Take it."""
        self._left = 2
        self._began(facts)
        return True

    def tick(self) -> list[HookEnd]:
        """Go on a little."""
        self._left = max(0, self._left - 1)
        return []


async def test_new_alarm_does_not_queue_behind_old_ones(kz: Desk, uz: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the command takes its time, what has never called anybody comes before what is called again."""
    digests = [arrive(uz, kz, precedence="flash") for _each in range(3)]
    called: list[str] = []
    enough = asyncio.Event()

    def began(told: Mapping[str, str]) -> None:
        if len(called) == 1:
            digests.append(arrive(uz, kz, precedence="flash"))
        called.append(told["SERAI_PLACE"])
        if len(called) == 5:
            enough.set()

    monkeypatch.setattr("clients.cli.administrator.siren._TICK_S", 0)
    alarm = asyncio.create_task(Siren(kz.store, CallOptions("siren", every_s=0), OneByOne(began)).call())
    await asyncio.wait_for(enough.wait(), 10)
    alarm.cancel()
    places = [str(kz.store.items.place_of(each)) for each in digests]
    assert called[:5] == [*places, places[0]]


async def test_second_flash_does_not_wait_for_the_first_command(
    kz: Desk, uz: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A command that hangs keeps no other dispatch back, and is not run twice for its own."""
    for _each in range(2):
        arrive(uz, kz, precedence="flash")
    monkeypatch.setattr("clients.cli.administrator.siren._TICK_S", 0)
    hooks = Hooks("sleep 600")
    siren = asyncio.create_task(Siren(kz.store, CallOptions("sleep 600", every_s=0), hooks).call())
    for _each in range(1000):
        await asyncio.sleep(0.005)
        if len(hooks._running) == 2:
            break
    assert len(hooks._running) == 2
    siren.cancel()
    await asyncio.gather(siren, return_exceptions=True)
    assert hooks._running == {}


def test_command_that_fails_is_said(caplog: pytest.LogCaptureFixture) -> None:
    """Why it could not be run, that it took too long, or its exit code; nothing of one that worked."""
    ends = [HookEnd("a", None, "no such file"), HookEnd("b", None), HookEnd("c", 3), HookEnd("d", 0)]
    tell_ends("--on-urgent", ends)
    assert [record.message for record in caplog.records] == [
        "--on-urgent could not be run: no such file",
        "--on-urgent ran for more than a minute, and was ended with all that it had started",
        "--on-urgent ended with 3",
    ]


async def test_call_that_the_disk_prevented_is_made_at_the_next_look(
    kz: Desk, uz: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """While the store cannot be read that is said once; then it is called at once, not after the pause of a repeat."""
    arrive(uz, kz, precedence="flash")
    called = asyncio.Event()
    faults = {name: [SeraiError(Code.STORAGE_FAILED, "disk I/O error")] * 2 for name in ("look", "delivery")}

    def broken(name: str, left: list[SeraiError]) -> Callable[..., Any]:
        works = getattr(Urgent, name)

        def work(*args: Any) -> Any:
            if left:
                raise left.pop()
            return works(*args)

        return work

    for name, left in faults.items():
        monkeypatch.setattr(Urgent, name, broken(name, left))

    monkeypatch.setattr("clients.cli.administrator.siren._TICK_S", 0)
    alarm = asyncio.create_task(Siren(kz.store, CallOptions("siren"), OneByOne(lambda _: called.set())).call())
    await asyncio.wait_for(called.wait(), 5)
    alarm.cancel()
    assert faults == {"look": [], "delivery": []}
    assert sum("disk I/O error" in record.message for record in caplog.records) == 2


async def test_decline_calls_the_command_once(kz: Desk, uz: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sender of something urgent is called when a recipient declines it, and not again after a restart."""
    digest = arrive(kz, uz, precedence="immediate")
    give_receipt(uz, kz, digest, "declined", "not_ours")
    kz.sync()
    called: list[str] = []

    def began(told: Mapping[str, str]) -> None:
        called.append(f"{told['SERAI_EVENT']} {told['SERAI_FROM']} {told['SERAI_PLACE']}")

    monkeypatch.setattr("clients.cli.administrator.siren._TICK_S", 0)
    for _run in range(2):
        siren = Siren(kz.store, CallOptions("siren"), OneByOne(began), kz.state.system.clock.time_ms)
        telling = asyncio.create_task(siren.tell())
        for _turn in range(20):
            await asyncio.sleep(0)
        telling.cancel()
    assert called == [f"declined UZ/NFP {kz.store.items.place_of(digest)}"]


async def test_numbers_are_told_with_a_stop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: Any) -> None:
    """Of a stop, and of what happens in an operation, it is said whom to telephone; the command gets the numbers."""
    crew = Crew(tmp_path)
    state_profile(crew)
    operation = crew.open()
    crew.act(KZ, "stop", operation=operation)
    office = crew[UZ]
    told: list[Mapping[str, str]] = []

    def stated(status: str) -> Mapping[Address, ProfileReport | None]:
        return forms_known(office.state, status)

    monkeypatch.setattr("clients.cli.administrator.siren._TICK_S", 0)
    siren = Siren(
        office.store, CallOptions("siren"), OneByOne(told.append), office.desk.state.system.clock.time_ms, stated
    )
    calling = asyncio.create_task(siren.call())
    for _turn in range(20):
        await asyncio.sleep(0)
    calling.cancel()
    by_sender = {each["SERAI_FROM"]: each["SERAI_TELEPHONE"] for each in told if each["SERAI_EVENT"] == "waits"}
    assert by_sender["KZ/NFP"] == "+7 700 000-00-01; +7 700 000-00-02"
    said = [record.message for record in caplog.records]
    assert any(line.startswith("KZ/NFP: +7 700 000-00-01  Duty officer") for line in said)


async def test_a_call_does_not_fail_with_its_numbers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where profiles cannot be read the command is run all the same, without numbers."""
    crew = Crew(tmp_path)
    crew.act(KZ, "stop", operation=crew.open())
    told: list[Mapping[str, str]] = []

    def stated(status: str) -> Mapping[Address, ProfileReport | None]:
        raise SeraiError(Code.STORAGE_FAILED, status)

    monkeypatch.setattr("clients.cli.administrator.siren._TICK_S", 0)
    siren = Siren(crew[UZ].store, CallOptions("siren"), OneByOne(told.append), stated=stated)
    calling = asyncio.create_task(siren.call())
    for _turn in range(20):
        await asyncio.sleep(0)
    calling.cancel()
    assert {each["SERAI_FROM"] for each in told} >= {"KZ/NFP"}
    assert all("SERAI_TELEPHONE" not in each for each in told)
