"""Work that goes on beside other work: it ends with it, and no fault of it is lost."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from types import TracebackType
from typing import Any, NoReturn

from schemas.errors import Code, SeraiError

log = logging.getLogger("serai.client")


@asynccontextmanager
async def beside(*jobs: Coroutine[Any, Any, None], covered: type[Exception] | tuple[()] = ()) -> AsyncIterator[None]:
    """Run jobs beside a block; they are cancelled where it ends.

    A job that raises ends the block and the other jobs. Out of it comes that error as it is, without a group; a
    group where several jobs failed; the block's own error where it raised one, and then those of jobs are logged.

    Args:
        jobs: begun at once, in this order. One that returns ends nothing.
        covered: errors of jobs that follow from the error of the block, so that they are not logged.
    """
    own: Exception | None = None
    failed: BaseExceptionGroup[BaseException] | None = None
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(job) for job in jobs]
            try:
                yield
            except Exception as error:
                own = error
                raise
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)
    except BaseExceptionGroup as errors:
        failed = errors
    if failed is None:
        return
    if own is None:
        _raise(_cause_of(failed))
    for other in failed.exceptions:
        if other is not own and not isinstance(other, covered):
            log.error("failed beside another fault: %s", other, exc_info=other)
    _raise(own)


def _cause_of(failed: BaseExceptionGroup[BaseException]) -> BaseException:
    """The one error of a group, which several tasks may have raised; the group where there are several errors."""
    errors = list({id(error): error for error in failed.exceptions}.values())
    return errors[0] if len(errors) == 1 else failed.derive(errors)


def _raise(error: BaseException) -> NoReturn:
    """Raise an error that was raised before: what it came from stays what it was."""
    context = error.__context__
    try:
        raise error
    finally:
        error.__context__ = context


@contextmanager
def keeping_cancellation() -> Iterator[None]:
    """Around work whose faults are caught there: a cancellation that came together with a fault is not lost.

    Raises:
        asyncio.CancelledError: the task was cancelled meanwhile.
    """
    task = asyncio.current_task()
    before = task.cancelling() if task else 0
    yield
    if task and task.cancelling() > before:
        raise asyncio.CancelledError


class StorageGuard:
    """Bears with a store that cannot be read or written now, around what is tried again later.

    As a context manager it swallows ``storage_failed`` and nothing else.

    Args:
        say: called with the error, once as long as it lasts.

    Attributes:
        is_failing: whether the last time failed.
    """

    def __init__(self, say: Callable[[SeraiError], None]) -> None:
        self._say = say
        self.is_failing = False

    def __enter__(self) -> None:
        pass

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if isinstance(error, SeraiError) and error.code is Code.STORAGE_FAILED:
            if not self.is_failing:
                self._say(error)
            self.is_failing = True
            return True
        self.is_failing = self.is_failing and error is not None
        return False


def warns(what: str) -> Callable[[SeraiError], None]:
    """Says in the log what cannot be done as long as an error lasts."""
    return lambda error: log.warning("%s: %s; it is tried again", what, error)
