"""A hub, a member that sends, a desk, and Chromium, as they are in an office; one for all workloads of a run."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import Future
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar

from playwright.sync_api import Browser, CDPSession, Page

from clients.desk.looking import DeskLooking
from clients.focalpoint import FocalPoint
from clients.mail.cover import Cover
from clients.network.maker import MadeNetwork, make_network
from clients.store import Store
from clients.system import System
from schemas.addresses import Address
from schemas.reports import WarningReport
from tests.support.browser import open_browser, open_page
from tests.support.web_desk import DUTY_1, KZ, OFFICERS, PLAN, STORE, UZ, ServedDesk, serve_desk

T = TypeVar("T")

_IN_FLIGHT: Final = 64
_PATIENCE_MS: Final = 120_000


@dataclass(frozen=True, slots=True)
class DeskScale:
    """How much the workloads of the desk do.

    Attributes:
        rows: dispatches in the inbox.
        seconds: of whatever goes on for a while.
        keys: keys pressed.
        burst: dispatches that come at once.
        events: events of a week.
        pages: desks that look at once.
        cuts: of the connection of a page.
    """

    rows: int = 10_000
    seconds: float = 15.0
    keys: int = 100
    burst: int = 1_000
    events: int = 200_000
    pages: int = 5
    cuts: int = 100


FULL: Final = DeskScale()
QUICK: Final = DeskScale(300, 2.0, 10, 50, 2_000, 2, 5)
"""Only to see that everything runs."""


class Backstage:
    """A thread with a loop: whatever is no browser."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="backstage")
        self._thread.start()

    def call(self, work: Coroutine[Any, Any, T], timeout_s: float = 900.0) -> T:
        """Do something there, and wait for it."""
        return self.begin(work).result(timeout_s)

    def begin(self, work: Coroutine[Any, Any, T]) -> Future[T]:
        """Begin something there."""
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    def close(self) -> None:
        """End it."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


@dataclass(slots=True)
class Stage:
    """What the workloads have.

    Attributes:
        scale: how much they do.
        made: the network; its hub serves.
        backstage: has the sender, and the line of the desk's member.
        browser: Chromium.
        sender: another member, live.
        sent: how much it has sent.
    """

    scale: DeskScale
    made: MadeNetwork
    backstage: Backstage
    browser: Browser
    sender: FocalPoint
    sent: int = 0

    def send(self, count: int, per_s: float = 0.0) -> Future[None]:
        """Let dispatches go to the desk's member.

        Args:
            count: how many.
            per_s: evenly, so many a second; as quickly as it goes if 0.
        """
        first, self.sent = self.sent, self.sent + count
        return self.backstage.begin(self._send(range(first, first + count), per_s))

    async def _send(self, numbers: range, per_s: float) -> None:
        loop, room = asyncio.get_running_loop(), asyncio.Semaphore(_IN_FLIGHT)
        began = loop.time()

        async def one(number: int) -> None:
            try:
                await self.sender.send(_warning(number), Cover(to=(KZ,), precedence="priority", signer=UZ_DUTY))
            finally:
                room.release()

        async with asyncio.TaskGroup() as tasks:
            for place, number in enumerate(numbers):
                if per_s:
                    await asyncio.sleep(began + place / per_s - loop.time())
                await room.acquire()
                tasks.create_task(one(number))

    @contextmanager
    def desk(self, looking: Callable[[], Any] = DeskLooking, *, connected: bool = True) -> Iterator[ServedDesk]:
        """The desk of the member, and whoever is connected for it."""
        with ExitStack() as stack:
            found = stack.enter_context(serve_desk(self.made.home(KZ), looking=looking))
            if connected:
                stack.enter_context(self.line())
            yield found

    @contextmanager
    def line(self) -> Iterator[FocalPoint]:
        """Be connected for the desk's member."""
        opened = _line(self.made)
        point = self.backstage.call(opened.__aenter__())
        try:
            yield point
        finally:
            self.backstage.call(opened.__aexit__(None, None, None))

    @contextmanager
    def page(self, desk: ServedDesk) -> Iterator[tuple[Page, CDPSession]]:
        """A page of a new profile, unlocked, at its inbox; and what steers its browser."""
        with open_page(self.browser, desk) as (page, _watched):
            page.set_default_timeout(_PATIENCE_MS)
            unlock(page, desk)
            yield page, page.context.new_cdp_session(page)


def unlock(page: Page, desk: ServedDesk) -> None:
    """Open a window of a desk and let its officer in."""
    page.goto(f"{desk.origin}/#{desk.code}")
    page.locator("#officer").select_option(DUTY_1)
    page.locator("#passphrase").fill(OFFICERS)
    page.keyboard.press("Enter")
    page.locator(".desk .panes").wait_for()


UZ_DUTY: Final = Address(f"{UZ}/DUTY-1")


def _warning(number: int) -> WarningReport:
    return WarningReport.model_validate(
        {
            "our_reference": f"UZ-2026-{number:06}",
            "requested_action": {"code": "control"},
            "summary": f"Lorry {number:06}, false floor, expected at the border tonight.",
        }
    )


@asynccontextmanager
async def _line(made: MadeNetwork) -> Any:
    with Store.open(made.home(KZ).store, STORE) as store:
        async with FocalPoint.open(store, [made.hub.origin]) as point:
            await point.wait_live()
            yield point


@asynccontextmanager
async def _sender(made: MadeNetwork) -> Any:
    with Store.open(made.home(UZ).store, STORE) as store:
        store.officers.unlock(UZ_DUTY, OFFICERS, System().clock.time_ms())
        async with FocalPoint.open(store, [made.hub.origin]) as point:
            await point.wait_live()
            yield point


@contextmanager
def set_up(folder: Path, scale: DeskScale) -> Iterator[Stage]:
    """Make the network, fill the inbox, open the browser."""
    backstage = Backstage()
    with ExitStack() as stack:
        stack.callback(backstage.close)
        made = backstage.call(make_network(folder, PLAN, System()))
        backstage.call(made.hub.start())
        stack.callback(lambda: backstage.call(made.hub.stop()))
        opened = _sender(made)
        sender = backstage.call(opened.__aenter__())
        stack.callback(lambda: backstage.call(opened.__aexit__(None, None, None)))
        stage = Stage(scale, made, backstage, stack.enter_context(open_browser()), sender)
        with stage.line() as point:
            stage.send(scale.rows).result()
            backstage.call(point.until(lambda: point.state.store.items.inbox_count() >= scale.rows))
        yield stage


def held_inbox(page: Page) -> dict[str, Any]:
    """The inbox as a page holds it: rows by digest, their order."""
    script = "async () => { const module = await import('/static/state.js'); return module.part('inbox'); }"
    found: dict[str, Any] = page.evaluate(script)
    return found
