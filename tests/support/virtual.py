"""An event loop whose time passes only when nothing else can happen.

A test that waits for an hour is done at once, and does the same every time: work that would go
to threads is done on the spot, a timer is reached by setting the clock forward. Where real
threads cannot be avoided (HTTP through FastAPI), `VirtualLoop.real_time` lets them end first.
"""

from __future__ import annotations

import asyncio
import functools
import selectors
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

PATIENCE_S = 20.0
"""How long real threads may take, and a loop with nothing to do may wait, before a test fails."""


class InlineExecutor(ThreadPoolExecutor):
    """An executor that does the work where it is asked for."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Do it now."""
        future: Future[T] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001 - whoever awaits the future gets it
            future.set_exception(error)
        return future


class _Selector(selectors.DefaultSelector):
    """Passes the loop's time instead of waiting."""

    loop: VirtualLoop

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """What is ready; with nothing ready the time is set forward."""
        ready = super().select(0)
        if ready or timeout == 0:
            return ready
        if self.loop.waits_for_threads or timeout is None:
            ready = super().select(PATIENCE_S)
            if not ready:
                raise AssertionError("nothing will ever happen in this loop")
            return ready
        self.loop.advance(timeout)
        return []


class VirtualLoop(asyncio.SelectorEventLoop):
    """A loop with a time of its own, in seconds from 0."""

    def __init__(self) -> None:
        selector = _Selector()
        self._now_s = 0.0
        self.waits_for_threads = 0
        super().__init__(selector)
        selector.loop = self
        self.set_default_executor(InlineExecutor())

    def time(self) -> float:
        """Now."""
        return self._now_s

    def advance(self, seconds: float) -> None:
        """Set the time forward."""
        self._now_s += seconds

    @contextmanager
    def real_time(self) -> Iterator[None]:
        """While this lasts no timer is reached, so that threads can end."""
        self.waits_for_threads += 1
        try:
            yield
        finally:
            self.waits_for_threads -= 1


def virtual(test: Callable[P, Awaitable[None]]) -> Callable[P, None]:
    """Run a test in a `VirtualLoop`; it may take half an hour of its time."""

    @functools.wraps(test)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        with asyncio.Runner(loop_factory=VirtualLoop) as runner:
            runner.run(_awaited(test(*args, **kwargs)))

    return run


async def _awaited(result: Awaitable[Any]) -> None:
    async with asyncio.timeout(1800):
        await result
