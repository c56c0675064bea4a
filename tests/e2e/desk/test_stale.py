"""What a page says when the desk or the hub does not answer."""

from __future__ import annotations

import threading

from playwright.sync_api import Page, expect

from tests.support.browser import PATIENCE_MS, Watched
from tests.support.desk_gallery import stuck
from tests.support.machine import NEEDS_CHROMIUM
from tests.support.web_desk import ServedDesk

pytestmark = NEEDS_CHROMIUM


def test_desk_that_is_stuck_is_stale(page: Page, served: ServedDesk) -> None:
    """Where the desk's work stands still the page says STALE in words, hatched, with `?`, and takes it back after."""
    with stuck(served):
        expect(page.locator(".band.stale")).to_contain_text("STALE since", timeout=PATIENCE_MS)
        expect(page.locator(".hatched")).to_have_count(1)
        expect(page.locator(".lamps")).to_contain_text("not known")
        expect(page.get_by_role("link", name="Inbox")).to_contain_text("?")
    expect(page.locator(".band.stale")).to_have_count(0)
    expect(page.locator(".hatched")).to_have_count(0)


def test_desk_that_beats_no_more_is_stale(page: Page, served: ServedDesk) -> None:
    """Where the whole loop of the desk stands still no beat comes, and the page says so by its own timer."""
    free = threading.Event()
    served.loop.call_soon_threadsafe(free.wait, 60)
    try:
        expect(page.locator(".band.stale")).to_contain_text("STALE since", timeout=PATIENCE_MS)
    finally:
        free.set()
    expect(page.locator(".band.stale")).to_have_count(0)


def test_hub_that_is_away_is_said(page: Page) -> None:
    """Nobody of this member is connected: the lamp and a band say so, and counts carry a question mark."""
    expect(page.locator(".lamps")).to_contain_text("NOT CONNECTED")
    expect(page.locator(".band.note")).to_contain_text("NOBODY RINGS")
    expect(page.locator(".badge.hot").first).to_contain_text("?")


def test_what_fails_says_what_to_do(opened: tuple[Page, Watched], page: Page) -> None:
    """Where a request finds no desk, the page says that nothing was lost, and offers to try again."""
    opened[1].borne.append("Failed to load resource")
    page.route("**/api/health", lambda route: route.abort())
    page.get_by_role("link", name="Health").click()
    expect(page.get_by_role("alert").last).to_contain_text("Nothing was lost")
    page.unroute("**/api/health")
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("heading", name="Health")).to_be_visible()


def test_sound_is_not_taken_for_granted(page: Page) -> None:
    """The bar says that nobody has proven the sound, until an officer has; it can be off, and says that too."""
    page.get_by_role("button", name="Sound not proven").click()
    page.get_by_role("button", name="Sound it").click()
    page.get_by_role("button", name="I hear it").click()
    expect(page.locator(".bar")).to_contain_text("Sound ON")
    page.get_by_role("button", name="Sound ON").click()
    page.get_by_role("button", name="Sound off").click()
    expect(page.locator(".bar")).to_contain_text("Sound OFF")


def test_silence_is_of_this_console_for_a_minute(page: Page) -> None:
    """What rings can be silenced here for a minute; the band stays, and counts down."""
    band = page.locator(".band.alarm")
    expect(band).to_contain_text("FLASH")
    band.get_by_role("button", name="Silence 60 s").click()
    expect(band).to_contain_text("silent here for 0:5")
