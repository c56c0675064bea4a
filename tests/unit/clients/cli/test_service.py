"""What ``serai run`` does while it holds the line."""

from __future__ import annotations

import asyncio
import logging
import shlex
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from clients import Alarm, AuditResult, Clock, System
from clients.actions.hooks import Hooks
from clients.cli.administrator.run import show_log
from clients.cli.administrator.service import Service
from clients.cli.administrator.siren import CallOptions, Siren
from clients.line import audit, link
from schemas.errors import Code, SeraiError
from tests.support.counter import Counter
from tests.support.desk import ScriptedHub, ScriptedLine
from tests.support.refusals import refused
from tests.support.virtual import VirtualLoop

QUIET = CallOptions(bell=False)
DAY_S = 86_400


class JobError(Exception):
    """What makes a job fail in these tests."""


@asynccontextmanager
async def running(counter: Counter, **options: Any) -> AsyncIterator[asyncio.Task[None]]:
    """The service at work; it is told to stop at the end."""
    service = Service(counter, QUIET, **options)
    task = asyncio.create_task(service.run())
    try:
        yield task
        service._stop.set()
        await asyncio.wait_for(task, 5)
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


JOBS = [
    (Service, "_watch_line"),
    (Siren, "call"),
    (Siren, "ring"),
    (Service, "_call_for_faults"),
    (Service, "_look_after"),
    (Service, "_serve_audits"),
    (link.Link, "_keep_up"),
    (link.Link, "_watch"),
    (link.Link, "_audit_daily"),
]


@pytest.mark.parametrize(("owner", "job"), JOBS, ids=[job for _owner, job in JOBS])
async def test_job_that_fails_ends_the_service_with_its_cause(
    counter: Counter, monkeypatch: pytest.MonkeyPatch, owner: type, job: str
) -> None:
    """Whichever job fails, of the service or of the line: the service ends and says why, for it to be started anew."""

    async def fail(*_: Any) -> None:
        await asyncio.sleep(0.05)
        raise JobError(job)

    monkeypatch.setattr(owner, job, fail)
    with pytest.raises(JobError, match=job):
        await asyncio.wait_for(Service(counter, QUIET).run(), 5)
    assert counter.holder is None


async def test_replaced_seat_ends_the_service(
    counter: Counter, hub: ScriptedHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another session of the same seat ends it with ``replaced``, as it is."""
    dial = hub.dial

    async def lose(address: str, token: str) -> ScriptedLine:
        line = await dial(address, token)
        line.break_off(4410)
        return line

    monkeypatch.setattr(hub, "dial", lose)
    with refused(Code.REPLACED):
        await asyncio.wait_for(Service(counter, QUIET).run(), 5)


async def test_seat_that_was_lost_calls_before_the_service_ends(
    counter: Counter, hub: ScriptedHub, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The command of ``--on-fault`` has run to its end when the service gives up, and knows why it was called."""
    dial, told = hub.dial, tmp_path / "told"

    async def lose(address: str, token: str) -> ScriptedLine:
        line = await dial(address, token)
        line.break_off(4410)
        return line

    monkeypatch.setattr(hub, "dial", lose)
    command = shlex.join(["sh", "-c", f"echo $SERAI_FAULT >> {shlex.quote(str(told))}"])
    with refused(Code.REPLACED):
        await asyncio.wait_for(Service(counter, CallOptions(bell=False, on_fault=command)).run(), 20)
    assert told.read_text().splitlines()[-1] == "seat"


def test_line_that_is_down_calls(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    """A hub that is gone for three hours calls after a minute, then once an hour; an alarm calls once."""
    made: list[str] = []

    def start(_hooks: Hooks, key: str, facts: Mapping[str, str]) -> bool:
        made.append(key)
        return facts["SERAI_FAULT"] == key

    monkeypatch.setattr(Hooks, "start", start)
    monkeypatch.setattr(Counter, "options", {**counter.options, "transport": Shaky(counter._hub, *[OSError()] * 9999)})
    counter.store.alarms.add(Alarm("fork", "x", 1))
    in_days(counter, monkeypatch, 0.125, call=CallOptions(bell=False, on_fault="siren"))
    assert (made.count("line"), made.count("alarm"), set(made)) == (3, 1, {"line", "alarm"})


# What is said


@pytest.fixture
def screen() -> Iterator[StringIO]:
    """What an operator sees of the log."""
    stream = StringIO()
    handler = show_log(stream)
    try:
        yield stream
    finally:
        logging.getLogger("serai").removeHandler(handler)
        logging.getLogger("serai").setLevel(logging.NOTSET)


async def wait_words(screen: StringIO, words: str, count: int = 1) -> None:
    """Wait until the operator has seen something so many times."""
    for _ in range(500):
        if screen.getvalue().count(words) >= count:
            return
        await asyncio.sleep(0.01)
    raise AssertionError(screen.getvalue())


class Shaky:
    """A hub that is not there at first."""

    def __init__(self, hub: ScriptedHub, *faults: Exception) -> None:
        self.hub = hub
        self.faults = list(faults)

    async def dial(self, address: str, token: str) -> Any:
        """Fail, or dial."""
        if self.faults:
            raise self.faults.pop(0)
        return await self.hub.dial(address, token)


def shaky(counter: Counter, monkeypatch: pytest.MonkeyPatch, *faults: Exception) -> None:
    """Let the hub be not there at first."""
    options = {**counter.options, "transport": Shaky(counter._hub, *faults)}
    monkeypatch.setattr(Counter, "options", options)


async def test_line_and_alarm_are_said_once(
    counter: Counter, hub: ScriptedHub, screen: StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the service says of line and alarms in its own words is not said by the SDK too."""
    shaky(counter, monkeypatch, OSError())
    async with running(counter):
        await wait_words(screen, "info connected")
        hub.world.rotate("KZ/NFP")
        hub.stir()
        await wait_words(screen, "ALARM")
        hub.lines[0].break_off(1006)
        await wait_words(screen, "info connected", 2)
    words = ["serving KZ/NFP", "not connected: hub_not_ready", "connected", "ALARM unknown_own_key"]
    words += ["not connected: hub_not_ready: the line closed", "connected", "stopped"]
    said = screen.getvalue().splitlines()
    assert len(said) == len(words)
    assert [word for word, line in zip(words, said, strict=True) if word not in line] == []


async def test_fault_of_the_sdk_is_seen(counter: Counter, screen: StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    """What nobody expects is in the log with its traceback, also where the line goes on after it."""
    shaky(counter, monkeypatch, ZeroDivisionError("in dialling"))
    async with running(counter):
        await wait_words(screen, "info connected")
    assert screen.getvalue().count("\nZeroDivisionError: in dialling\n") == 1
    assert screen.getvalue().count("not connected: internal") == 1


# The audit


@pytest.fixture
def audits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """When audits began, in seconds of the loop."""
    began: list[float] = []

    async def note(*args: Any) -> AuditResult:
        began.append(asyncio.get_running_loop().time())
        return await audit.audit(*args)

    monkeypatch.setattr(link, "audit", note)
    return began


def in_days(counter: Counter, monkeypatch: pytest.MonkeyPatch, days: float, **options: Any) -> None:
    """Let the service run for days of a virtual clock, whose short waits are long enough to be over soon."""
    for module in ("clients.line.session", "clients.cli.administrator.service", "clients.cli.administrator.siren"):
        monkeypatch.setattr(f"{module}._TICK_S", 60.0)

    async def run() -> None:
        loop, began_ms = asyncio.get_running_loop(), counter._hub.world.time_ms
        clock = Clock(lambda: began_ms + int(1000 * loop.time()))
        system = System(clock, counter._hub.world.entropy, loop.time, lambda seconds: asyncio.sleep(max(60.0, seconds)))
        monkeypatch.setattr(Counter, "options", {**counter.options, "system": system})
        service = Service(counter, options.pop("call", QUIET), **options)
        loop.call_later(days * DAY_S, service._stop.set)
        await service.run()

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        runner.run(run())


def test_ledger_is_audited_once_a_day(counter: Counter, audits: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    """In two days there are two audits a day apart, and what the last one found is there for other commands."""
    in_days(counter, monkeypatch, 2)
    assert len(audits) == 2
    assert DAY_S <= audits[1] - audits[0] < DAY_S + 600
    found = counter.store.trust.audit_result
    assert (found["error"], found["faults"], found["size"]) == ("", [], len(counter._hub.world.log))


def test_audit_that_fails_is_tried_once_an_hour(
    counter: Counter, audits: list[float], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A hub that does not show its ledger is asked each hour, not twice; each time that is said once, in our words."""

    async def refuse(*_: Any) -> None:
        raise SeraiError(Code.HUB_NOT_READY, "not now")

    monkeypatch.setattr("tests.support.desk.ScriptedReader.leaves", refuse)
    in_days(counter, monkeypatch, 0.25)
    assert len(audits) == 6
    assert counter.store.trust.audit_result["error"] == "hub_not_ready: not now"
    said = [
        record.message for record in caplog.records if "not now" in record.message and record.levelno > logging.DEBUG
    ]
    assert said == ["the ledger could not be followed: hub_not_ready: not now"] * 6


def test_audit_is_done_when_it_is_asked_for(
    counter: Counter, audits: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another command's wish is fulfilled within moments, once; also where nothing is audited daily."""
    asked_ms = counter._hub.world.time_ms
    counter.store.trust.ask_audit(asked_ms)
    in_days(counter, monkeypatch, 1.5, audits=False)
    assert len(audits) == 1
    assert audits[0] < 300
    assert counter.store.trust.audit_result["at_ms"] >= asked_ms


async def test_what_is_newer_is_said_once(counter: Counter, screen: StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    """That the ledger has types of statements of a later version is said once, and again when there is another."""
    monkeypatch.setattr("clients.cli.administrator.service._WATCH_S", 0.02)
    counter.store.trust.add_newer({7: 1})
    async with running(counter):
        await wait_words(screen, "newer than this program (type 7); update it")
        await asyncio.sleep(0.2)
        counter.store.trust.add_newer({9: 1})
        await wait_words(screen, "newer than this program (type 7, 9); update it")
    assert screen.getvalue().count("newer than this program") == 2
