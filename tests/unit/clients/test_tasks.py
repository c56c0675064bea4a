"""Work beside other work."""

from __future__ import annotations

import asyncio

import pytest

from clients.tasks import StorageGuard, beside, warns
from schemas.errors import Code, SeraiError


class BrokenError(Exception):
    """What a job raises."""


async def fail(error: BaseException, after: int = 0) -> None:
    """Fail after so many turns of the loop."""
    for _ in range(after):
        await asyncio.sleep(0)
    raise error


async def wait(ended: list[str], error: BaseException | None = None) -> None:
    """Wait until cancelled."""
    try:
        await asyncio.sleep(60)
    finally:
        ended.append("job")
        if error is not None:
            raise error


async def test_jobs_end_with_the_block() -> None:
    """A job that is not done is cancelled where the block ends; one that is done ends nothing."""
    ended: list[str] = []
    async with asyncio.timeout(60), beside(asyncio.sleep(0), wait(ended)):
        await asyncio.sleep(0.01)
        assert ended == []
    assert ended == ["job"]


async def test_fault_of_a_job_is_raised_as_it_was() -> None:
    """What a job raises ends block and other jobs, and has the cause and context that it had."""
    ended: list[str] = []
    error = BrokenError()
    error.__context__ = KeyError()

    async def block() -> None:
        async with asyncio.timeout(60), beside(wait(ended), fail(error)):
            await asyncio.sleep(60)

    with pytest.raises(BrokenError) as caught:
        await block()
    assert caught.value is error
    assert type(error.__context__) is KeyError
    assert ended == ["job"]


async def test_same_fault_in_several_jobs_is_one() -> None:
    """An error that several jobs were given is one; different ones come out in a group."""
    same = BrokenError()

    async def block(*errors: BaseException) -> None:
        async with asyncio.timeout(60), beside(*(fail(error) for error in errors)):
            await asyncio.sleep(60)

    with pytest.raises(BrokenError) as caught:
        await block(same, same)
    assert caught.value is same
    with pytest.raises(ExceptionGroup) as group:
        await block(same, KeyError(), same)
    assert [type(error) for error in group.value.exceptions] == [BrokenError, KeyError]


async def test_fault_of_the_block_is_its_own(caplog: pytest.LogCaptureFixture) -> None:
    """What the block raises comes out although a job fails as it is cancelled, which is logged."""
    own = KeyError("own")

    async def block() -> None:
        async with asyncio.timeout(60), beside(wait([], BrokenError("a job"))):
            await asyncio.sleep(0.01)
            raise own

    with pytest.raises(KeyError) as caught:
        await block()
    assert caught.value is own
    assert [str(record.exc_info[1]) for record in caplog.records if record.exc_info] == ["a job"]


async def test_fault_of_a_job_that_ends_is_raised() -> None:
    """A job that fails as it is cancelled at the end of the block is no silence either."""

    async def block() -> None:
        async with asyncio.timeout(60), beside(wait([], BrokenError())):
            await asyncio.sleep(0.01)

    with pytest.raises(BrokenError):
        await block()


def test_full_disk_is_borne_and_said_once(caplog: pytest.LogCaptureFixture) -> None:
    """``storage_failed`` is swallowed, and logged again only after it was over; nothing else is swallowed."""
    guard = StorageGuard(warns("a thing"))
    for is_failing in (True, True, False, True):
        with guard:
            if is_failing:
                raise SeraiError(Code.STORAGE_FAILED, "disk full")
    assert [record.message for record in caplog.records] == [
        "a thing: storage_failed: disk full; it is tried again"
    ] * 2
    for error in (SeraiError(Code.DAMAGED), ZeroDivisionError()):
        with pytest.raises(type(error)), guard:
            raise error
