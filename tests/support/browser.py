"""Chromium for tests: one for each worker process, a new profile for each test, the page's own policy in force.

A test with the fixture `page` fails on a violation of the policy, on an error in the console, and on a request to
another address than the desk's, whatever else it finds.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright

from tests.support.machine import find_chromium
from tests.support.web_desk import ServedDesk

ARGUMENTS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE_MS: Final = 15_000


@contextmanager
def open_browser() -> Iterator[Browser]:
    """Debian's Chromium, headless; nothing in this thread may run a loop meanwhile."""
    path = find_chromium()
    assert path is not None, "no chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(path), args=list(ARGUMENTS))
        try:
            yield browser
        finally:
            browser.close()


class Watched:
    """What a page did that it must not.

    Args:
        origin: of the desk; the only one that may be asked.

    Attributes:
        faults: found so far.
        borne: beginnings of messages of the console that a test provokes itself.
    """

    def __init__(self, origin: str) -> None:
        self._allowed = (f"{origin}/", origin.replace("http:", "ws:") + "/", f"blob:{origin}/", "data:", "about:")
        self.faults: list[str] = []
        self.borne: list[str] = []

    def console(self, message: ConsoleMessage) -> None:
        """An error, or a violation of the policy, which is one."""
        is_borne = any(message.text.startswith(each) for each in self.borne)
        if message.type in ("error", "assert") and not is_borne:
            self.faults.append(f"console: {message.text}")

    def error(self, error: Any) -> None:
        """A script failed."""
        self.faults.append(f"script: {error}")

    def request(self, request: Request) -> None:
        """Something is asked."""
        if not request.url.startswith(self._allowed):
            self.faults.append(f"request: {request.url}")


@contextmanager
def open_page(browser: Browser, desk: ServedDesk, **context: Any) -> Iterator[tuple[Page, Watched]]:
    """A page of a new profile, at no address yet.

    Args:
        browser: from `open_browser`.
        desk: the only one that it may ask.
        context: as `Browser.new_context` has it; ``bypass_csp`` is never set.
    """
    assert "bypass_csp" not in context
    made = browser.new_context(**{"viewport": {"width": 1280, "height": 720}, "locale": "en-GB", **context})
    made.set_default_timeout(PATIENCE_MS)
    watched = Watched(desk.origin)
    page = made.new_page()
    page.on("console", watched.console)
    page.on("pageerror", watched.error)
    made.on("request", watched.request)
    try:
        yield page, watched
    finally:
        made.close()
    assert watched.faults == [], watched.faults
