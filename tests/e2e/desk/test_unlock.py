"""Opening a window, unlocking it, locking it: what is seen before and after."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.e2e.desk.conftest import open_window, type_passphrase, unlock
from tests.support.browser import Watched
from tests.support.machine import NEEDS_CHROMIUM
from tests.support.web_desk import ServedDesk

pytestmark = NEEDS_CHROMIUM
SECRETS = ("false floor", "MSKU", "minibus")
"""Words of dispatches."""


def test_code_leaves_the_address(locked: Page, served: ServedDesk) -> None:
    """The code that opened the window is in no address and in no history, and opens no other window."""
    assert locked.url == f"{served.origin}/"
    assert locked.evaluate("history.length") <= 2


def test_code_that_was_used_opens_nothing(opened: tuple[Page, Watched], served: ServedDesk) -> None:
    """A second window with the same code is asked for another, in words."""
    page, watched = opened
    watched.borne.append("Failed to load resource")
    code = served.code
    open_window(page, served)
    page.evaluate("sessionStorage.clear()")
    page.goto(f"{served.origin}/desk/inbox#{code}")
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("Code")).to_be_visible()


def test_wrong_passphrase_is_said_and_forgotten(opened: tuple[Page, Watched], served: ServedDesk) -> None:
    """A wrong passphrase is answered with what to do, and leaves the field empty."""
    page, watched = opened
    watched.borne.append("Failed to load resource")
    open_window(page, served)
    page.locator("#passphrase").fill("not this one")
    page.locator("#passphrase").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("passphrase")
    expect(page.locator("#passphrase")).to_have_value("")
    type_passphrase(page)
    expect(page.locator("main.main")).to_be_visible()


def test_locked_page_shows_that_something_waits_and_not_what(locked: Page) -> None:
    """Before an officer unlocks, the page names counts, and no word of any dispatch."""
    expect(locked.get_by_role("status").first).to_contain_text("3 urgent wait")
    text = locked.content()
    assert [word for word in SECRETS if word in text] == []


def test_locking_clears_the_page(page: Page) -> None:
    """After the lock nothing of what was open is in the page, and going back brings none of it."""
    page.locator(".rows a").first.click()
    expect(page.locator("article.reader")).to_contain_text("false floor")
    page.get_by_role("button", name="Lock").click()
    page.locator("#passphrase").wait_for()
    page.go_back()
    page.locator("#passphrase").wait_for()
    text = page.content()
    assert [word for word in SECRETS if word in text] == []


def test_language_is_the_officers(opened: tuple[Page, Watched], served: ServedDesk) -> None:
    """Unlocked in Russian, the page and what the desk words are Russian; switching back needs no reload."""
    page, _watched = opened
    unlock(page, served, "ru")
    expect(page.get_by_role("link", name="Входящие")).to_be_visible()
    expect(page.locator(".rows")).to_contain_text("Предупреждение")
    page.get_by_role("button", name="DUTY-1").click()
    page.locator("input[name=language][value=en]").click(force=True)
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_role("link", name="Inbox")).to_be_visible()
