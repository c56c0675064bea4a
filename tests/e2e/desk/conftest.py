"""A desk after a shift, served to Chromium: a browser and a desk for each module, a page for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from clients.desk.looking import DeskLooking
from tests.support.browser import PATIENCE_MS, Watched, open_browser, open_page
from tests.support.desk_shift import PLAN, network_of_shift
from tests.support.web_desk import KZ, OFFICERS, ServedDesk, copy_network, serve_desk

expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="session")
def shift(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the network after the shift; it is only copied."""
    return network_of_shift(tmp_path_factory)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium; its driver runs a loop in this thread, so that it must be gone before tests that have their own."""
    with open_browser() as found:
        yield found


@pytest.fixture(scope="module")
def served(shift: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedDesk]:
    """The desk of KZ/NFP after the shift; nobody of it is connected."""
    made = copy_network(shift, tmp_path_factory.mktemp("desk") / "network", PLAN)
    with serve_desk(made.home(KZ), looking=DeskLooking) as desk:
        yield desk


@pytest.fixture
def opened(browser: Browser, served: ServedDesk) -> Iterator[tuple[Page, Watched]]:
    """A page of a new profile, and what it did that it must not."""
    with open_page(browser, served) as found:
        yield found


@pytest.fixture
def page(opened: tuple[Page, Watched], served: ServedDesk) -> Page:
    """A page that an officer has unlocked, in English."""
    found, _watched = opened
    unlock(found, served)
    return found


@pytest.fixture
def locked(opened: tuple[Page, Watched], served: ServedDesk) -> Page:
    """A page at its lock."""
    found, _watched = opened
    open_window(found, served)
    return found


def open_window(page: Page, desk: ServedDesk, language: str = "en") -> None:
    """Open a window by the code of the desk, and let it speak a language."""
    page.goto(f"{desk.origin}/#{desk.code}")
    page.locator(f"input[name=language][value={language}]").click(force=True)
    page.locator(f"html[lang={language}] #passphrase").wait_for()


def unlock(page: Page, desk: ServedDesk, language: str = "en") -> None:
    """Open a window, and unlock it."""
    open_window(page, desk, language)
    type_passphrase(page)
    page.locator("main.main").wait_for()


def type_passphrase(page: Page) -> None:
    """The passphrase of the officer who is chosen."""
    page.locator("#passphrase").fill(OFFICERS)
    page.locator("#passphrase").press("Enter")


def visit(page: Page, path: str) -> None:
    """Go to a screen by the page's own links, as a person does; an address that is typed loads the page anew."""
    page.evaluate("path => import('/static/router.js').then((router) => router.go(path))", path)
