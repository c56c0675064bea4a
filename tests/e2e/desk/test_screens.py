"""Every screen, in both languages: nothing that axe finds, nothing beside the page at 200 % zoom, in light and dark."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.desk.conftest import open_window, unlock, visit
from tests.support.browser import open_page
from tests.support.machine import NEEDS_CHROMIUM
from tests.support.web_desk import ServedDesk

pytestmark = NEEDS_CHROMIUM
AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text()
SCREENS = ("inbox", "inbox?lane=urgent", "sent", "compose", "operations", "search", "directory", "health", "alarms")


def violations(page: Page) -> list[str]:
    """What axe finds: the rule, and the first place."""
    page.evaluate(AXE)
    found: dict[str, Any] = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
    return [f"{each['id']}: {each['nodes'][0]['html'][:160]}" for each in found["violations"]]


def shown(page: Page, path: str) -> None:
    """Go to a screen, and wait until it has read what it shows."""
    visit(page, path)
    page.locator("h1").first.wait_for(state="attached")
    expect(page.get_by_text("Loading…")).to_have_count(0)
    expect(page.get_by_text("Загрузка…")).to_have_count(0)


@pytest.mark.parametrize(("language", "scheme"), [("en", "dark"), ("ru", "light")])
def test_screens_have_nothing_that_axe_finds(browser: Browser, served: ServedDesk, language: str, scheme: str) -> None:
    """No screen has a violation, with a dispatch open, an operation, a form, a question, or locked."""
    with open_page(browser, served, color_scheme=scheme) as (page, _watched):
        open_window(page, served, language)
        found = {"locked": violations(page)}
        unlock(page, served, language)
        for name in SCREENS:
            shown(page, f"/desk/{name}")
            found[name] = violations(page)
        found |= _opened(page)
        shown(page, "/exercise/inbox")
        found["exercise"] = violations(page)
        assert {name: each for name, each in found.items() if each} == {}


def _opened(page: Page) -> dict[str, list[str]]:
    """What is open: a dispatch with its question, one that was sent, an operation, a form, the keys."""
    found = {}
    for name in ("inbox", "sent"):
        shown(page, f"/desk/{name}")
        page.locator(".row a").first.click()
        page.locator("article.reader h1").wait_for()
        found[f"{name} reader"] = violations(page)
    shown(page, "/desk/inbox")
    page.locator(".row a").first.click()
    page.locator("article.reader .acts").wait_for()
    page.keyboard.press("KeyA")
    page.locator("dialog[open]").wait_for()
    found["question"] = violations(page)
    page.keyboard.press("Escape")
    shown(page, "/desk/operations")
    page.locator(".strip").first.click()
    page.locator("article.reader h1").wait_for()
    found["operation"] = violations(page)
    shown(page, "/desk/compose")
    page.locator(".kinds button").first.click()
    page.locator(".bottom-bar").wait_for()
    found["form"] = violations(page)
    page.locator(".bottom-bar .danger").click()
    page.locator(".kinds").wait_for()
    page.keyboard.press("Shift+Slash")
    page.locator("dialog[open]").wait_for()
    found["keys"] = violations(page)
    page.keyboard.press("Escape")
    return found


@pytest.mark.parametrize("language", ["en", "ru"])
def test_nothing_is_cut_at_200_percent(browser: Browser, served: ServedDesk, language: str) -> None:
    """At 200 % of 1280 x 720 no screen has to be scrolled sideways, and the list gives way to the reader."""
    with open_page(browser, served, viewport={"width": 640, "height": 360}) as (page, _watched):
        unlock(page, served, language)
        for name in SCREENS:
            shown(page, f"/desk/{name}")
            assert page.evaluate("document.documentElement.scrollWidth") <= 640, name
            assert page.locator("main.main").evaluate("(node) => node.scrollWidth <= node.clientWidth"), name
        shown(page, "/desk/inbox")
        page.locator(".row a").first.click()
        page.locator("article.reader h1").wait_for()
        expect(page.locator(".scroll")).not_to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= 640


def test_screen_that_is_not_there_says_so(page: Page) -> None:
    """An address of no screen leads back to the inbox, in words."""
    visit(page, "/desk/nowhere")
    page.get_by_role("link", name="To the inbox").click()
    expect(page.locator(".rows")).to_be_visible()
