"""Photographs of the desk's screens after a shift, for `clients/desk/README.md`; ``make gallery`` makes them anew.

What is shown is the shift of `tests.support.desk_shift`, with real seizures of the UNODC, over a hub that serves.
"""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, Literal

from playwright.sync_api import Browser, Page

from clients.network.maker import MadeNetwork
from tests.support.browser import open_browser, open_page
from tests.support.desk_shift import PLAN, make_shift
from tests.support.web_desk import KZ, OFFICERS, ServedDesk, copy_network, hold_line, serve_desk

GALLERY: Final = Path(__file__).resolve().parents[2] / "clients" / "desk" / "gallery"
MOST_BYTES: Final = 2_000_000
"""All photographs together."""

_QUALITY: Final = 80
_NARROW: Final = {"width": 640, "height": 360}

Sight = Literal["none", "deuteranopia", "protanopia", "achromatopsia"]


@dataclass(frozen=True, slots=True)
class Photograph:
    """One photograph.

    Attributes:
        name: of its file.
        caption: what is to be seen.
        path: of the screen.
        language: of the session.
        scheme: light or dark.
        sight: as whom it is seen.
        open: what is pressed before, by selector.
        narrow: whether the page is enlarged to 200 %.
        is_stale: whether the desk stands still.
    """

    name: str
    caption: str
    path: str
    language: str = "en"
    scheme: Literal["light", "dark"] = "light"
    sight: Sight = "none"
    open: tuple[str, ...] = ()
    narrow: bool = False
    is_stale: bool = False


_FIRST_ROW: Final = ".row a >> nth=0"
PHOTOGRAPHS: Final = (
    Photograph("unlock", "The lock: what waits, and not what it says", "", "ru", "dark"),
    Photograph("inbox", "Inbox and reader", "/desk/inbox", open=(_FIRST_ROW, "article.reader h1")),
    Photograph("inbox-ru", "The same in Russian, dark", "/desk/inbox", "ru", "dark", open=(_FIRST_ROW, "article h1")),
    Photograph(
        "acknowledge",
        "Acknowledging is one question, which says who signs what",
        "/desk/inbox",
        open=(_FIRST_ROW, ".acts .button.main", "dialog[open]"),
    ),
    Photograph("exercise", "An exercise never looks real", "/exercise/inbox", open=(_FIRST_ROW, "article.reader h1")),
    Photograph("stale", "The desk does not answer", "/desk/inbox", is_stale=True),
    Photograph("sent", "Sent: who acts, who is silent", "/desk/sent?show=undone", open=(_FIRST_ROW, "article h1")),
    Photograph("compose", "A warning", "/desk/compose", open=(".kinds button >> nth=0", ".bottom-bar")),
    Photograph("operation", "A controlled delivery", "/desk/operations", open=(".strip >> nth=0", "article h1")),
    Photograph("directory", "Directory", "/desk/directory", "ru"),
    Photograph("health", "Health", "/desk/health", scheme="dark"),
    Photograph("zoom", "At 200 %", "/desk/inbox", narrow=True, open=(_FIRST_ROW, "article.reader h1")),
    Photograph("deuteranopia", "As seen without green", "/desk/inbox", sight="deuteranopia"),
)


@contextmanager
def shift_at_work() -> Iterator[ServedDesk]:
    """The desk of KZ/NFP after a shift, connected to its hub."""
    with TemporaryDirectory() as folder, ThreadPoolExecutor(1) as apart:
        template = Path(folder) / "shift"
        template.mkdir()
        apart.submit(asyncio.run, make_shift(template)).result()
        made = copy_network(template, Path(folder) / "network", PLAN)
        for path in made.home(KZ).path.rglob("*"):
            path.chmod(0o700 if path.is_dir() else 0o600)
        with serve_desk(made.home(KZ), beside=lambda: _connected(made)) as desk:
            yield desk


async def _connected(made: MadeNetwork) -> None:
    await made.hub.start()
    try:
        async with hold_line(made):
            await asyncio.Event().wait()
    finally:
        await made.hub.stop()


def take(browser: Browser, desk: ServedDesk, wanted: Photograph) -> bytes:
    """Take a photograph; a browser's own rules for the page hold meanwhile.

    Args:
        browser: Chromium.
        desk: at work.
        wanted: of what.
    """
    size: dict[str, Any] = {"viewport": _NARROW, "device_scale_factor": 2} if wanted.narrow else {}
    with open_page(browser, desk, color_scheme=wanted.scheme, **size) as (page, _watched):
        _open(page, desk, wanted)
        page.context.new_cdp_session(page).send("Emulation.setEmulatedVisionDeficiency", {"type": wanted.sight})
        with stuck(desk) if wanted.is_stale else nullcontext():
            if wanted.is_stale:
                page.locator(".hatched").wait_for(state="attached")
            return page.screenshot(type="jpeg", quality=_QUALITY)


@contextmanager
def stuck(desk: ServedDesk) -> Iterator[None]:
    """The desk's work stands still, as if the disk did not answer."""
    free = threading.Event()
    desk.loop.call_soon_threadsafe(lambda: desk.loop.create_task(desk.desk.do(lambda _client: free.wait(60))))
    try:
        yield
    finally:
        free.set()


def _open(page: Page, desk: ServedDesk, wanted: Photograph) -> None:
    page.goto(f"{desk.origin}/#{desk.code}")
    page.locator(f"input[name=language][value={wanted.language}]").click(force=True)
    page.locator(f"html[lang={wanted.language}] #passphrase").wait_for()
    page.locator(".lamp.good, .chip.good").last.wait_for()
    if not wanted.path:
        return
    page.locator("#passphrase").fill(OFFICERS)
    page.locator("#passphrase").press("Enter")
    page.locator("main.main").wait_for()
    page.evaluate("path => import('/static/router.js').then((router) => router.go(path))", wanted.path)
    page.locator(".lamp.good >> nth=1").wait_for(state="attached")
    page.locator("h1, .rows").first.wait_for(state="attached")
    for selector in wanted.open[:-1]:
        page.locator(selector).click()
    if wanted.open:
        page.locator(wanted.open[-1]).wait_for()
    page.get_by_text("Loading…").wait_for(state="detached")


def main() -> None:
    """Take all of them, or those that are named."""
    GALLERY.mkdir(exist_ok=True)
    wanted = [each for each in PHOTOGRAPHS if not sys.argv[1:] or each.name in sys.argv[1:]]
    with shift_at_work() as desk, open_browser() as browser:
        for each in wanted:
            (GALLERY / f"{each.name}.jpg").write_bytes(take(browser, desk, each))
            print(each.name)
    assert sum(path.stat().st_size for path in GALLERY.iterdir()) < MOST_BYTES


if __name__ == "__main__":
    main()
