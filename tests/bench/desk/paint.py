"""The workloads ``paint`` and ``bytes``: how soon a page is there on a slow line, and how much of it there is."""

from __future__ import annotations

import gzip
from typing import Any, Final

from playwright.sync_api import CDPSession, Page, Response

from tests.bench.desk.stage import Stage

SLOW: Final = {"offline": False, "latency": 300, "downloadThroughput": 125_000, "uploadThroughput": 125_000}
"""One megabit a second, 300 ms there and back."""

_PAINTED: Final = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null"
_ROW: Final = ".rows .row"


def paint(stage: Stage) -> dict[str, Any]:
    """First paint, and the inbox to be used, with nothing kept from before."""
    with stage.desk() as desk, stage.page(desk) as (page, browser):
        slow_down(browser)
        page.reload(wait_until="commit")
        page.locator(_ROW).first.wait_for()
        usable_ms = page.evaluate("performance.now()")
        return {
            "first_paint_ms": round(page.evaluate(_PAINTED)),
            "inbox_usable_ms": round(usable_ms),
            "rows": stage.scale.rows,
        }


def slow_down(browser: CDPSession) -> None:
    """Let the line be slow, and nothing be kept."""
    browser.send("Network.enable")
    browser.send("Network.setCacheDisabled", {"cacheDisabled": True})
    browser.send("Network.emulateNetworkConditions", SLOW)


def weight(stage: Stage) -> dict[str, Any]:
    """What a page asks for until its inbox is there: bytes, compressed by gzip."""
    sizes: dict[str, int] = {}
    moved: dict[str, int] = {}

    def note(answer: Response) -> None:
        path = answer.url.removeprefix(answer.frame.url.split("/", 3)[0])
        body = answer.body()
        kind = "fonts" if ".woff2" in path else "page" if "/api/" not in path else "api"
        sizes[kind] = sizes.get(kind, 0) + (len(body) if kind == "fonts" else len(gzip.compress(body, 6)))
        moved[kind] = moved.get(kind, 0) + int(answer.header_value("content-length") or len(body))

    with stage.desk() as desk, stage.page(desk) as (page, browser):
        browser.send("Network.enable")
        browser.send("Network.setCacheDisabled", {"cacheDisabled": True})
        answers = _answers(page)
        page.reload()
        page.locator(_ROW).first.wait_for()
        for answer in answers:
            note(answer)
    return {"page_gz_kb": round(sizes["page"] / 1000, 1), "fonts_kb": round(sizes.get("fonts", 0) / 1000, 1),
            "moved_kb": round(moved["page"] / 1000, 1)}  # fmt: skip


def _answers(page: Page) -> list[Response]:
    found: list[Response] = []
    page.on("response", lambda answer: found.append(answer))  # noqa: PLW0108 - the library marks what it is handed
    return found
