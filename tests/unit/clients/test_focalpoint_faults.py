"""A focal point of which something fails."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

import clients.focalpoint
from clients import Alarm, FocalPoint, Outgoing, OutState, Store
from clients.line.link import Link
from clients.line.lock import holder_of
from clients.store.items import Items
from clients.store.outbox import Outbox
from schemas.errors import Code, SeraiError
from tests.support.desk import ScriptedHub, ScriptedLine, cover_to, system_of, warning
from tests.support.points import next_delivery, point
from tests.support.refusals import refused
from tests.support.world import HUB_ORIGIN, KZ

TASKS = {
    "the line": (Link, "_keep_up"),
    "what is overdue": (Link, "_watch"),
    "the daily audit": (Link, "_audit_daily"),
    "the watcher of the store": (clients.focalpoint, "heed_others"),
}
"""Every task of a focal point, and where it begins."""


class TaskError(Exception):
    """What makes a task fail in these tests."""


def failing(monkeypatch: pytest.MonkeyPatch, *names: str) -> asyncio.Event:
    """Let tasks fail once an event is set."""
    now = asyncio.Event()
    for name in names:
        owner, attribute = TASKS[name]
        works = getattr(owner, attribute)

        async def fail(*args: Any, works: Any = works, name: str = name) -> None:
            work = asyncio.ensure_future(works(*args))
            await now.wait()
            work.cancel()
            raise TaskError(name)

        monkeypatch.setattr(owner, attribute, fail)
    return now


@asynccontextmanager
async def live(hub: ScriptedHub, store: Store, **options: Any) -> AsyncIterator[FocalPoint]:
    """A focal point at a hub that takes nothing, once it is live; a block that hangs is a failure."""
    hub.refuse = lambda _: SeraiError(Code.HUB_NOT_READY)
    async with asyncio.timeout(60), point(hub, store, **options) as opened:
        await opened.wait_live()
        yield opened


async def forever(at: FocalPoint) -> None:
    """Wait for what never happens."""
    await at.until(lambda: False)


async def given(at: FocalPoint) -> None:
    """Wait for what will not be settled."""
    await at.send(warning(), cover_to("UZ/NFP"))


OUR_WAITS: dict[str, Callable[[FocalPoint], Awaitable[Any]]] = {
    "until": forever,
    "deliveries": next_delivery,
    "settled": given,
}
WAITS: dict[str, Callable[[FocalPoint], Awaitable[Any]]] = {**OUR_WAITS, "sleep": lambda _at: asyncio.sleep(60)}
"""What a block may be waiting in."""


@pytest.mark.parametrize("wait", WAITS)
@pytest.mark.parametrize("task", TASKS)
async def test_task_that_fails_ends_the_block_with_its_cause(
    hub: ScriptedHub, stores: dict[str, Store], monkeypatch: pytest.MonkeyPatch, task: str, wait: str
) -> None:
    """Whichever task fails, and whatever the block waits in: its own error comes out, as itself."""
    now = failing(monkeypatch, task)

    async def block() -> None:
        async with live(hub, stores["KZ/NFP"]) as kz:
            asyncio.get_running_loop().call_later(0.01, now.set)
            await WAITS[wait](kz)

    with pytest.raises(TaskError, match=task):
        await block()
    assert holder_of(stores["KZ/NFP"].path) is None


@pytest.mark.parametrize("task", TASKS)
async def test_everybody_who_waits_gets_the_cause(
    hub: ScriptedHub, stores: dict[str, Store], monkeypatch: pytest.MonkeyPatch, task: str
) -> None:
    """A task that fails is the error of all that is waited for elsewhere, then and after the block."""
    now = failing(monkeypatch, task)
    waiting: list[asyncio.Future[Any]] = []
    points: list[FocalPoint] = []

    async def block() -> None:
        async with live(hub, stores["KZ/NFP"]) as kz:
            points.append(kz)
            waiting.extend(asyncio.ensure_future(wait(kz)) for wait in OUR_WAITS.values())
            await asyncio.sleep(0.01)
            now.set()
            await asyncio.sleep(60)

    with pytest.raises(TaskError, match=task):
        await block()
    async with asyncio.timeout(60):
        assert {type(each) for each in await asyncio.gather(*waiting, return_exceptions=True)} == {TaskError}
        for wait in (*OUR_WAITS.values(), FocalPoint.wait_live):
            with pytest.raises(TaskError, match=task):
                await wait(points[0])
    assert not points[0].is_live


@pytest.mark.parametrize("wait", OUR_WAITS)
async def test_own_wait_of_the_block_gets_the_cause(
    hub: ScriptedHub, stores: dict[str, Store], monkeypatch: pytest.MonkeyPatch, wait: str
) -> None:
    """A block that waits for something of ours is given the cause there, and may do something about it."""
    now, seen = failing(monkeypatch, "the line"), []

    async def block() -> None:
        async with live(hub, stores["KZ/NFP"]) as kz:
            asyncio.get_running_loop().call_later(0.01, now.set)
            try:
                await OUR_WAITS[wait](kz)
            except BaseException as error:
                seen.append(type(error))
                raise

    with pytest.raises(TaskError):
        await block()
    assert seen == [TaskError]


async def test_two_faults_come_out_together(
    hub: ScriptedHub, stores: dict[str, Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where several tasks fail at once no cause is hidden by another."""
    now = failing(monkeypatch, "the line", "the watcher of the store")

    async def block() -> None:
        async with live(hub, stores["KZ/NFP"]):
            now.set()
            await asyncio.sleep(60)

    with pytest.raises(ExceptionGroup) as caught:
        await block()
    assert sorted(str(error) for error in caught.value.exceptions) == ["the line", "the watcher of the store"]


async def test_error_of_the_block_comes_out_as_it_is(
    hub: ScriptedHub, stores: dict[str, Store], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """What the block itself raises is no group, and keeps its own cause; what failed meanwhile is logged."""
    now, own = failing(monkeypatch, "the line"), KeyError("own")

    async def block() -> None:
        async with live(hub, stores["KZ/NFP"]):
            now.set()
            try:
                await asyncio.sleep(60)
            except asyncio.CancelledError:
                raise own from ZeroDivisionError()

    with pytest.raises(KeyError) as caught:
        await block()
    assert caught.value is own
    assert type(own.__cause__) is ZeroDivisionError
    assert [str(record.exc_info[1]) for record in caplog.records if record.exc_info] == ["the line"]


async def test_no_task_outlives_the_block(hub: ScriptedHub, stores: dict[str, Store]) -> None:
    """A block that ends ends everything that it began; who still waits then waits no longer."""
    before = asyncio.all_tasks()
    async with live(hub, stores["KZ/NFP"]) as kz:
        pass
    assert asyncio.all_tasks() == before
    for wait in (*OUR_WAITS.values(), FocalPoint.wait_live):
        waiting = asyncio.ensure_future(wait(kz))
        await asyncio.wait([waiting], timeout=1)
        assert waiting.cancelled()


async def test_timeout_of_the_caller_ends_the_block(hub: ScriptedHub, stores: dict[str, Store]) -> None:
    """A block that takes too long ends as any other."""

    async def block() -> None:
        async with asyncio.timeout(0.05), point(hub, stores["KZ/NFP"]):
            await asyncio.sleep(60)

    with pytest.raises(TimeoutError):
        await block()


async def test_fault_in_closing_the_line_does_not_keep_the_block(
    hub: ScriptedHub, stores: dict[str, Store], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A transport that cannot close its line does not keep the block from ending; its fault is logged."""

    async def close(_line: ScriptedLine) -> None:
        raise TaskError("in closing")

    monkeypatch.setattr(ScriptedLine, "close", close)

    async def block() -> None:
        async with live(hub, stores["KZ/NFP"]):
            pass

    work = asyncio.ensure_future(block())
    done, _ = await asyncio.wait([work], timeout=5)
    assert done == {work}
    assert [str(record.exc_info[1]) for record in caplog.records if record.exc_info] == ["in closing"]


# What ends nothing


async def test_callers_fault_at_an_alarm_ends_nothing(
    hub: ScriptedHub, stores: dict[str, Store], caplog: pytest.LogCaptureFixture
) -> None:
    """A callback that raises is logged, at whatever point it is called, and the line goes on."""
    alarmed: list[Alarm] = []

    def call(alarm: Alarm) -> None:
        alarmed.append(alarm)
        raise TaskError(alarm.detail)

    class Alarming:
        """Raises an alarm while it dials, and then has no line."""

        dialled = 0

        async def dial(self, address: str, token: str) -> ScriptedLine:
            self.dialled += 1
            if self.dialled == 1:
                kz.state.alarm("bad_time", "while dialling")
                raise OSError
            return await hub.dial(address, token)

    async with asyncio.timeout(60), point(hub, stores["KZ/NFP"], transport=Alarming(), on_alarm=call) as kz:
        await kz.wait_live()
        hub.world.rotate("KZ/NFP")
        hub.stir()
        await kz.until(lambda: len(alarmed) == 2)
        await kz.send(warning(), cover_to("UZ/NFP"))
        assert len(hub.dialled) == 1
    faults = [record for record in caplog.records if record.exc_info]
    assert [(record.levelno, str(record.exc_info[1])) for record in faults if record.exc_info] == [
        (logging.ERROR, alarm.detail) for alarm in alarmed
    ]


async def test_store_that_fails_is_watched_on(
    hub: ScriptedHub, stores: dict[str, Store], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """While the store cannot be looked at that is logged once; then what others drafted meanwhile goes out."""
    faults, version = [SeraiError(Code.STORAGE_FAILED, "disk I/O error")] * 5, Store.version

    def fail(store: Store) -> int:
        if faults:
            raise faults.pop()
        return int(version.__get__(store))

    monkeypatch.setattr(Store, "version", property(fail))
    async with asyncio.timeout(60), point(hub, stores["KZ/NFP"]) as kz:
        await kz.wait_live()
        with Store.open(stores["KZ/NFP"].path, "toy") as store:
            other = FocalPoint(store, [HUB_ORIGIN], transport=hub, system=system_of(hub.world))
            row = other.send(warning(), cover_to("UZ/NFP")).id
            await kz.until(lambda: kz.outgoing(row).state is OutState.ACCEPTED)
    assert sum("disk I/O error" in record.message for record in caplog.records) == 1


async def test_store_that_fails_while_answers_come_keeps_nobody_waiting(
    hub: ScriptedHub, stores: dict[str, Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An answer that cannot be read from the store is read at the next change; who waits for it gets it."""
    async with asyncio.timeout(60), point(hub, stores["KZ/NFP"]) as kz:
        await kz.wait_live()
        sent = kz.send(warning(), cover_to("UZ/NFP"))
        waiting = asyncio.ensure_future(kz.settled(sent.id))
        await asyncio.sleep(0)
        faults, get = [SeraiError(Code.STORAGE_FAILED, "disk I/O error")] * 3, Outbox.get

        def fail(outbox: Outbox, row: int) -> Outgoing | None:
            found = get(outbox, row)
            if found is not None and found.state is OutState.ACCEPTED and faults:
                raise faults.pop()
            return found

        monkeypatch.setattr(Outbox, "get", fail)
        assert (await waiting).index == 7
        assert faults == []


async def test_status_that_cannot_be_written_ends_nothing(
    hub: ScriptedHub, stores: dict[str, Store], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """On a disk that is full the line goes on, although others cannot be told of it; they are as soon as they can."""
    write, is_full = os.pwrite, True

    def fail(*given: Any) -> int:
        if is_full:
            raise OSError(28, "No space left on device")
        return write(*given)

    monkeypatch.setattr("clients.line.lock.os.pwrite", fail)
    async with asyncio.timeout(60), point(hub, stores["KZ/NFP"]) as kz:
        await kz.wait_live()
        await kz.send(warning(), cover_to("UZ/NFP"))
        is_full = False
        await kz.send(warning("KZ-2"), cover_to("UZ/NFP"))
        holder = holder_of(stores["KZ/NFP"].path)
        assert holder is not None
        assert holder.live
    assert sum("No space left" in record.message for record in caplog.records) == 1


async def test_delivery_that_cannot_be_read_now_is_given_later(
    hub: ScriptedHub, stores: dict[str, Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A dispatch that the store does not give is no dispatch given: whoever asks again gets it."""
    async with asyncio.timeout(60), point(hub, stores["KZ/NFP"]) as kz, point(hub, stores["UZ/NFP"]) as uz:
        await kz.wait_live()
        await uz.wait_live()
        await kz.send(warning(), cover_to("UZ/NFP"))
        await uz.until(lambda: bool(uz._arrivals))

        def fail(*_: Any) -> None:
            raise SeraiError(Code.STORAGE_FAILED)

        with monkeypatch.context() as patch:
            patch.setattr(Items, "get", fail)
            with refused(Code.STORAGE_FAILED):
                await next_delivery(uz)
        assert (await next_delivery(uz)).sender == KZ
