"""The inbox and its reader: lanes, opening, acknowledging, exercises apart."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from clients.actions.client import Client
from tests.e2e.desk.conftest import unlock, visit
from tests.support.browser import Watched
from tests.support.machine import NEEDS_CHROMIUM
from tests.support.web_desk import ServedDesk

pytestmark = NEEDS_CHROMIUM


def acknowledged(desk: ServedDesk) -> int:
    """How many dispatches of the store an officer has acknowledged."""

    def count(client: Client) -> int:
        items = client.store.items.inbox(1_000)
        return sum(client.delivery(each).acknowledged for each in items)

    return desk.call(desk.desk.do(count))


def test_badge_opens_exactly_its_list(page: Page) -> None:
    """The count of the badge is the number of rows of the list that it opens."""
    link = page.get_by_role("link", name="Inbox")
    expect(link).to_contain_text("3?")
    link.click()
    expect(page.locator(".row")).to_have_count(3)
    assert page.locator(".row.hot").count() == 3
    page.get_by_role("link", name="Answer owed").click()
    expect(page.locator(".row")).to_have_count(1)


def test_opening_acknowledges_nothing(page: Page, served: ServedDesk) -> None:
    """Every urgent dispatch is opened by keys and by clicks, and as many wait as before."""
    before = acknowledged(served)
    visit(page, "/desk/inbox?lane=urgent")
    expect(page.locator(".row")).to_have_count(3)
    for _row in range(3):
        page.keyboard.press("KeyJ")
        expect(page.locator("article.reader h1")).to_be_visible()
    page.locator(".row a").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("article.reader h1")).to_be_visible()
    expect(page.locator(".row")).to_have_count(3)
    assert acknowledged(served) == before


def test_acknowledging_is_asked_and_signed(page: Page, served: ServedDesk) -> None:
    """The key A asks one question, which names who signs what; only its button signs, and the dispatch stays open."""

    def waiting() -> int:
        return served.call(served.desk.do(lambda client: client.store.outbox.waiting_count()))

    before = waiting()
    visit(page, "/desk/inbox?lane=urgent")
    page.locator(".row a", has_text="minibus").click()
    expect(page.locator("article.reader")).to_contain_text("Shymkent")
    page.keyboard.press("KeyA")
    question = page.get_by_role("dialog")
    expect(question).to_contain_text("KZ/NFP/DUTY-1")
    assert waiting() == before
    question.get_by_role("button", name="Acknowledge").click()
    expect(page.locator(".toasts")).to_contain_text("It goes out when the hub answers.")
    expect(page.locator("article.reader")).to_contain_text("Shymkent")
    assert waiting() == before + 1


def test_exercise_has_a_space_of_its_own(page: Page) -> None:
    """What is an exercise is on its own path with frame, mark and band; what is real waits over it, not beside it."""
    expect(page.locator(".rows")).not_to_contain_text("EX ")
    page.get_by_role("link", name="Exercises").click()
    expect(page.locator(".band.game")).to_contain_text("EXERCISE")
    expect(page.locator(".row")).to_have_count(1)
    expect(page.locator(".row")).to_contain_text("EX ")
    expect(page.locator(".bands")).to_contain_text("REAL: ")
    assert page.url.endswith("/exercise/inbox")
    page.keyboard.press("KeyJ")
    page.locator("article.reader .acts").wait_for()
    page.keyboard.press("KeyA")
    expect(page.get_by_role("dialog")).to_contain_text("EXERCISE")
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Open what is real").click()
    expect(page.locator(".band.game")).to_have_count(0)
    assert "/desk/inbox" in page.url


def test_watermark_is_in_every_piece_of_an_exercise(page: Page) -> None:
    """The mark EX comes back at least once in every 400 x 300 pixels, over everything."""
    visit(page, "/exercise/inbox")
    size = page.locator(".watermark").evaluate("(node) => getComputedStyle(node).backgroundSize")
    wide, high = (int(each.removesuffix("px")) for each in size.split())
    assert wide <= 400
    assert high <= 300
    box = page.locator(".watermark").bounding_box()
    assert box is not None
    assert (box["width"], box["height"]) == (1280, 720)


def test_letters_can_be_switched_off(page: Page) -> None:
    """With letters switched off no letter does anything, and arrows still do."""
    page.get_by_role("button", name="DUTY-1").click()
    page.locator("input[name=letters][value=off]").click(force=True)
    page.get_by_role("button", name="Close").click()
    page.keyboard.press("KeyJ")
    page.keyboard.press("KeyN")
    expect(page.locator("article.reader")).to_have_count(0)
    assert "/compose" not in page.url


def test_markup_of_others_is_text(opened: tuple[Page, Watched], served: ServedDesk) -> None:
    """What a reader shows of other agencies is text: no element of it is made, whatever it says."""
    page, _watched = opened
    page.route(
        "**/api/dispatches/*",
        lambda route: route.fulfill(
            json={
                "head": {"number": "1", "headline": "<img src=x onerror=alert(1)>", "exercise": False, "kind": None},
                "sections": [
                    {"title": "<b>T</b>", "lines": [{"label": "<i>l</i>", "value": "<script>alert(1)</script>"}]}
                ],
                "actions": [],
            }
        ),
    )
    unlock(page, served)
    page.locator(".row a").first.click()
    expect(page.locator("article.reader h1")).to_have_text("<img src=x onerror=alert(1)>")
    assert page.locator("article.reader").evaluate("(node) => node.querySelectorAll('img, script, i').length") == 0
