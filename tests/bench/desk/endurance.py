"""The workloads ``week`` and ``cuts``: what a page is after 200,000 events, and after a line that breaks."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any, Final

from playwright.sync_api import CDPSession

from clients.actions.client import Client
from clients.desk.looking import DeskLooking
from tests.bench.desk.stage import Stage, held_inbox

_SOCKETS: Final = """{
  window.sockets = [];
  const Made = WebSocket;
  window.WebSocket = class extends Made { constructor(...given) { super(...given); sockets.push(this); } };
}"""
"""Keeps the sockets of a page, so that they can be cut."""

_SAMPLES: Final = 10
_EACH: Final = 50


class BusyLooking(DeskLooking):
    """What there is to see, with the rows of the inbox changing at every look, as many times as in a week."""

    def __init__(self) -> None:
        super().__init__()
        self.events = 0

    def look(self, client: Client, revision: int) -> bool:
        """There is always something new."""
        super().look(client, revision)
        return True

    def diff(self, old: Mapping[str, Any], new: Mapping[str, Any]) -> list[dict[str, Any]]:
        """The true changes, and rows that change and change back."""
        found = super().diff(old, new)
        rows = new.get("inbox", {}).get("rows", {})
        extra = []
        for id_, row in list(rows.items())[:_EACH]:
            for headline in (f"{self.events}", row["headline"]):
                extra.append({"kind": "inbox", "rows": {id_: {**row, "headline": headline}}, "gone": [], **_rest(new)})
                self.events += 1
        return [*found, *extra]


def _rest(parts: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in parts["inbox"].items() if key not in ("rows", "order")}


def week(stage: Stage) -> dict[str, Any]:
    """As many events as in a week: what of the last three samples the page has grown by, in percent."""
    looking = BusyLooking()
    heaps, nodes = [], []
    with stage.desk(lambda: looking) as desk, stage.page(desk) as (page, browser):
        browser.send("Performance.enable")
        for sample in range(1, _SAMPLES + 1):
            while looking.events < sample * stage.scale.events / _SAMPLES:
                page.wait_for_timeout(250)
            heap, count = _measure(browser)
            heaps.append(heap)
            nodes.append(count)
    return {
        "events": looking.events,
        "heap_mb": round(heaps[-1] / 1e6, 1),
        "heap_spread_percent": _spread(heaps[-3:]),
        "nodes": nodes[-1],
        "node_spread_percent": _spread(nodes[-3:]),
    }


def _measure(browser: CDPSession) -> tuple[float, float]:
    browser.send("HeapProfiler.collectGarbage")
    metrics = {each["name"]: each["value"] for each in browser.send("Performance.getMetrics")["metrics"]}
    return metrics["JSHeapUsedSize"], metrics["Nodes"]


def _spread(values: list[float]) -> float:
    return round(100 * (max(values) - min(values)) / max(values), 2)


def cuts(stage: Stage) -> dict[str, Any]:
    """Dispatches that come while the socket of the page is cut again and again: the page has what the desk has."""
    chance = random.Random(20)
    with stage.desk() as desk, stage.page(desk) as (page, _browser):
        page.add_init_script(_SOCKETS)
        page.reload()
        page.locator(".rows .row").first.wait_for()
        work = stage.send(stage.scale.cuts * 5)
        for _ in range(stage.scale.cuts):
            page.wait_for_timeout(chance.uniform(20, 200))
            page.evaluate("sockets.at(-1)?.close()")
        work.result()
        page.wait_for_timeout(4_000)
        held, parts = held_inbox(page), desk.call(desk.desk.feed.parts("en"))
        return {
            "cuts": stage.scale.cuts,
            "sockets": page.evaluate("sockets.length"),
            "same_order": held["order"] == parts["inbox"]["order"],
            "other_rows": len([key for key, row in parts["inbox"]["rows"].items() if held["rows"].get(key) != row]),
        }
