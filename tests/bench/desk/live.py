"""The workloads ``live`` and ``burst``: from the hub to the screen."""

from __future__ import annotations

import time
from typing import Any, Final

from playwright.sync_api import Page

from clients.desk.looking import WINDOW
from clients.focalpoint import FocalPoint
from tests.bench.desk.stage import Stage, held_inbox
from tests.bench.measure import percentile
from tests.support.web_desk import ServedDesk

WATCH: Final = """() => {
  window.seen = new Map();
  const note = () => {
    const at = performance.timeOrigin + performance.now();
    for (const link of document.querySelectorAll('.rows .row a')) {
      if (!seen.has(link.pathname)) seen.set(link.pathname, at);
    }
  };
  note();
  const changes = new MutationObserver(() => requestAnimationFrame(() => setTimeout(note)));
  changes.observe(document.body, {childList: true, subtree: true, attributes: true, attributeFilter: ['href']});
  window.longest = 0;
  const tasks = new PerformanceObserver((list) => {
    for (const each of list.getEntries()) longest = Math.max(longest, each.duration);
  });
  tasks.observe({type: 'longtask'});
}"""
"""Notes when a row is first drawn, and the longest task."""

RATE: Final = 20.0


def live(stage: Stage) -> dict[str, Any]:
    """Twenty a second to one member, at whose desk some windows are open: from commit at the hub to the frame drawn."""
    count = int(RATE * stage.scale.seconds)
    with stage.desk(connected=False) as desk, stage.line() as point, stage.page(desk) as (page, _browser):
        pages = [page, *(_window(page, desk) for _ in range(stage.scale.pages - 1))]
        for each in pages:
            each.evaluate(WATCH)
        work = stage.send(count, RATE)
        while not work.done():
            page.wait_for_timeout(200)
        work.result()
        page.wait_for_timeout(2_000)
        accepted = stage.backstage.call(_accepted(point, count))
        newest = stage.backstage.call(_accepted(point, min(count, WINDOW)))
        missing = sum(len(newest.keys() - held_inbox(each)["rows"].keys()) for each in pages)
        took = sorted(at - accepted[name] for each in pages for name, at in _seen(each).items() if name in accepted)
    return {
        "p50_ms": round(percentile(took, 0.5)),
        "p99_ms": round(percentile(took, 0.99)),
        "missing": missing,
        "drawn": len(took),
        "pages": len(pages),
    }


def burst(stage: Stage) -> dict[str, Any]:
    """Many that come at once, because the line was down: none is lost or twice, and the page stays quick."""
    with stage.desk(connected=False) as desk, stage.page(desk) as (page, _browser):
        page.evaluate(WATCH)
        stage.send(stage.scale.burst).result()
        began = time.perf_counter()
        with stage.line() as point:
            wanted = stage.sent
            stage.backstage.call(point.until(lambda: point.state.store.items.inbox_count() >= wanted))
            took_s = time.perf_counter() - began
            page.wait_for_timeout(2_000)
            newest = stage.backstage.call(_accepted(point, len(_shown(page))))
        names = _shown(page)
        return {
            "arrived_s": round(took_s, 2),
            "longest_task_ms": round(page.evaluate("longest")),
            "twice": len(names) - len(set(names)),
            "missing": len([name for name in names if name not in newest]),
            "burst": stage.scale.burst,
        }


def _window(page: Page, desk: ServedDesk) -> Page:
    """One more window of a browser whose officer is at the screen."""
    found = page.context.new_page()
    found.goto(f"{desk.origin}/#{desk.code}")
    found.locator(".rows .row").first.wait_for()
    return found


async def _accepted(point: FocalPoint, count: int) -> dict[str, int]:
    """When the hub accepted the newest, by digest; milliseconds since 1970 UTC."""
    return {item.digest: item.leaf.accepted_at for item in point.state.store.items.inbox(count)}


def _seen(page: Page) -> dict[str, float]:
    """When rows were first drawn, by digest."""
    return {path.rpartition("/")[2]: at for path, at in page.evaluate("[...seen]")}


def _shown(page: Page) -> list[str]:
    """The rows that are drawn."""
    shown = page.evaluate("[...document.querySelectorAll('.rows .row a')].map((link) => link.pathname)")
    return [path.rpartition("/")[2] for path in shown]
