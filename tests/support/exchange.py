"""The real thing for tests: a hub in its own process, focal points at real sockets, and today's date."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

from clients import Clock, FocalPoint, System
from schemas.addresses import Address
from tests.support.desk import make_store, open_store
from tests.support.harbour import present_world
from tests.support.hub import HubProcess
from tests.support.world import World

DUTY = "DUTY-1"
PATIENCE_S = 60.0
"""How long a focal point may be open before a test has failed."""


def now_ms() -> int:
    """Milliseconds since 1970 UTC."""
    return time.time_ns() // 1_000_000


async def _nap(seconds: float) -> None:
    """Back off, but not for long."""
    await asyncio.sleep(min(seconds, 0.1))


def machine(skew_s: float = 0.0) -> System:
    """A machine that does not wait long to dial again, with a clock that may be ahead of the true time."""
    return System(Clock(lambda: now_ms() + int(1000 * skew_s)), sleep=_nap)


class Exchange:
    """A hub process and the stores of focal points.

    Args:
        path: an empty folder.
        world: whose network it is.
    """

    def __init__(self, path: Path, world: World) -> None:
        self.path = path
        self.world = world
        self.hub = HubProcess.make(path / "hub", world)

    def store(self, name: str, member: str, *officers: str) -> Path:
        """Make a store; gives its file, passphrase ``toy``.

        Args:
            name: of its folder.
            member: whose desk; or an officer, for a seat of its own.
            officers: whose keys are held too.
        """
        path = self.path / name
        path.mkdir(mode=0o700)
        make_store(path, self.world, member, *officers).close()
        return next(path.glob("*.db"))

    @asynccontextmanager
    async def point(self, store: Path, **options: Any) -> AsyncIterator[FocalPoint]:
        """A focal point over a store, at this hub unless ``hubs`` says where."""
        hubs = options.pop("hubs", [self.hub.origin])
        options.setdefault("system", machine())
        with open_store(store) as opened:
            async with asyncio.timeout(PATIENCE_S), FocalPoint.open(opened, hubs, **options) as point:
                yield point

    @asynccontextmanager
    async def desk(self, member: str, **options: Any) -> AsyncIterator[FocalPoint]:
        """The desk of a member with its officer and a new store, live."""
        store = self.store(member.replace("/", "-").lower(), member, f"{member}/{DUTY}")
        async with self.point(store, **options) as point:
            await point.wait_live()
            yield point


@contextmanager
def exchange(path: Path, *members: Address) -> Iterator[Exchange]:
    """An exchange whose hub serves; nothing of it is left behind."""
    made = Exchange(path, present_world(members))
    made.hub.start()
    try:
        yield made
    finally:
        made.hub.stop()


async def rest(*points: FocalPoint) -> None:
    """Wait until nothing waits or is owed at these focal points."""
    for point in points:
        store = point.state.store
        await point.until(lambda store=store: not (store.outbox.waiting_count() or store.outcomes.owed_count()))  # type: ignore[misc]
