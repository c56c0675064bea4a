"""Writing: a draft that is kept as it is typed, looked at once in both languages, and signed as it was shown."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from clients.demo.photograph import draw_photograph
from tests.e2e.desk.conftest import type_passphrase, unlock, visit
from tests.support.browser import Watched, open_page
from tests.support.machine import NEEDS_CHROMIUM
from tests.support.web_desk import OFFICERS, ServedDesk

pytestmark = NEEDS_CHROMIUM
SUMMARY = "Green bus, eleven passengers, a second tank beneath the floor."


def begin(page: Page, space: str = "desk") -> None:
    """A warning to UZ/NFP with all that is needed."""
    visit(page, f"/{space}/compose")
    page.locator(".kinds button", has_text="Warn others").click()
    page.locator(".choice", has_text="UZ/NFP").click()
    page.locator("input[name=precedence][value=immediate]").click(force=True)
    page.locator("#f-reference").fill("KZ-2026-0099")
    page.locator("#f-action").select_option("control")
    page.locator("#f-summary").fill(SUMMARY)
    expect(page.locator(".title")).to_contain_text("Kept on this machine")


def queued(desk: ServedDesk) -> int:
    """How much waits in the outbox."""
    return desk.call(desk.desk.do(lambda client: client.store.outbox.waiting_count()))


def test_warning_with_a_picture_is_looked_at_and_signed(page: Page, served: ServedDesk, tmp_path: Path) -> None:
    """What is signed was shown before in both languages; nothing goes before the button that says what it does."""
    before = queued(served)
    begin(page)
    picture = tmp_path / "bus.jpg"
    picture.write_bytes(draw_photograph())
    page.locator("input[type=file]").first.set_input_files(picture)
    expect(page.locator(".lines")).to_contain_text("bus.jpg")
    page.get_by_label("What is to be seen in bus.jpg").fill("The bus at the weighbridge")
    page.get_by_label("What is to be seen in bus.jpg").press("Tab")
    page.get_by_role("button", name="Look at it before signing").click()
    expect(page.locator(".preview")).to_contain_text(SUMMARY)
    expect(page.locator(".preview")).to_contain_text("Control the shipment")
    expect(page.locator(".preview")).to_contain_text("The bus at the weighbridge")
    page.locator("input[name=seen][value=ru]").click(force=True)
    expect(page.locator(".preview")).to_contain_text("Досмотреть груз")
    assert queued(served) == before
    page.locator(".bottom-bar .button.main").click()
    expect(page.locator(".toasts")).to_contain_text("Signed by KZ/NFP/DUTY-1")
    expect(page.locator(".rows")).to_contain_text("Green bus")
    assert queued(served) > before


def test_what_is_missing_is_named_and_nothing_is_signed(page: Page) -> None:
    """An unfinished draft is not shown for signing: what lacks is named in words, and stays as it was typed."""
    visit(page, "/desk/compose")
    page.locator(".kinds button", has_text="Warn others").click()
    page.locator("#f-summary").fill(SUMMARY)
    page.get_by_role("button", name="Look at it before signing").click()
    expect(page.get_by_role("alert").last).to_contain_text("Missing")
    expect(page.locator("#f-summary")).to_have_value(SUMMARY)


def test_draft_outlives_the_lock(page: Page) -> None:
    """What was typed is there again after the screen was locked, in the list of drafts and in its form."""
    begin(page)
    page.get_by_role("button", name="Lock").click()
    type_passphrase(page)
    page.locator("main.main").wait_for()
    expect(page.locator("#f-summary")).to_have_value(SUMMARY)
    visit(page, "/desk/compose")
    expect(page.locator(".lines")).to_contain_text("Green bus")


def test_two_windows_lose_nothing(opened: tuple[Page, Watched], page: Page, served: ServedDesk) -> None:
    """Two windows change one draft: the later one is shown both texts, and chooses."""
    opened[1].borne.append("Failed to load resource")
    begin(page)
    address = page.url
    other = page.context.new_page()
    other.goto(f"{served.origin}/#{served.code}")
    other.locator("main.main").wait_for()
    visit(other, address.removeprefix(served.origin))
    other.locator("#f-summary").fill("As the other window has it.")
    expect(other.locator(".title")).to_contain_text("Kept on this machine")
    page.locator("#f-summary").fill("As this window has it.")
    expect(page.get_by_role("alert").last).to_contain_text("As the other window has it.")
    expect(page.get_by_role("alert").last).to_contain_text("As this window has it.")
    page.get_by_role("button", name="Keep what is here").click()
    expect(page.locator(".title")).to_contain_text("Kept on this machine")
    expect(page.locator("#f-summary")).to_have_value("As this window has it.")


def test_flash_asks_for_the_passphrase_again(page: Page) -> None:
    """A flash is signed only with the passphrase typed once more."""
    begin(page)
    page.locator("input[name=precedence][value=flash]").click(force=True)
    page.get_by_role("button", name="Look at it before signing").click()
    sign = page.locator(".bottom-bar .button.main")
    expect(sign).to_be_disabled()
    page.locator("#passphrase").fill(OFFICERS)
    expect(sign).to_be_enabled()


def test_draft_of_an_exercise_is_one(page: Page) -> None:
    """What is begun among exercises is marked as one, says so on its button, and is in no list of real drafts."""
    begin(page, "exercise")
    page.get_by_role("button", name="Look at it before signing").click()
    expect(page.locator(".bottom-bar .button.main")).to_contain_text("EXERCISE")
    visit(page, "/exercise/compose")
    expect(page.locator(".lines")).to_contain_text("Green bus")
    visit(page, "/desk/compose")
    expect(page.locator(".game")).to_have_count(0)


def test_every_form_can_be_drawn(browser: Browser, served: ServedDesk) -> None:
    """Every kind that can be written, and the opening of an operation, has a form with at least one question."""
    with open_page(browser, served) as (page, _watched):
        unlock(page, served, "ru")
        visit(page, "/desk/compose")
        page.locator(".kinds button").first.wait_for()
        count = page.locator(".kinds button").count()
        for number in range(count):
            visit(page, "/desk/compose")
            page.locator(".kinds button").nth(number).click()
            page.locator(".bottom-bar").wait_for()
            assert page.locator(".fields .field").count() > 1
            page.locator(".bottom-bar .danger").click()
            page.locator(".kinds").wait_for()
        visit(page, "/desk/operations")
        page.locator(".title button").click()
        page.locator(".bottom-bar").wait_for()
        assert page.locator(".fields .field").count() > 3
