"""The workloads ``keys`` and ``scroll``: what hands feel of ten thousand rows on a slow machine."""

from __future__ import annotations

from typing import Any, Final

from playwright.sync_api import Page

from tests.bench.desk.stage import Stage
from tests.bench.measure import percentile

SLOWER: Final = 4
"""How many times slower the processor of the page is."""

_EVENTS_PER_S: Final = 5.0

_KEYS: Final = """() => {
  window.keys = [];
  addEventListener('keydown', (event) => {
    const at = event.timeStamp;
    requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => keys.push(performance.now() - at);
      channel.port2.postMessage(0);
    });
  }, true);
}"""
"""Time from a key to after the next frame."""

_FURTHER: Final = """() => {
  const box = document.querySelector('.scroll');
  box.scrollTop = box.scrollHeight;
  document.querySelector('.list-foot button:not([disabled])')?.click();
}"""

_SCROLL: Final = """(seconds) => new Promise((done) => {
  const box = document.querySelector('.scroll');
  const began = performance.now();
  let frames = 0;
  const step = () => {
    const at = performance.now() - began;
    if (at > seconds * 1000) { done(frames / (at / 1000)); return; }
    box.scrollTop = (box.scrollHeight - box.clientHeight) * (at / (seconds * 1000));
    frames += 1;
    requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
})"""


def hands(stage: Stage) -> dict[str, Any]:
    """Keys through a list in which all rows are, while others come; then all of it scrolled."""
    with stage.desk() as desk, stage.page(desk) as (page, browser):
        _load_all(page, stage.scale.rows)
        browser.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        page.evaluate(_KEYS)
        page.locator(".rows .row a").first.focus()
        work = stage.send(int(_EVENTS_PER_S * stage.scale.keys * 0.1), _EVENTS_PER_S)
        for _ in range(stage.scale.keys):
            page.keyboard.press("ArrowDown")
            page.wait_for_timeout(100)
        work.result()
        keys = sorted(page.evaluate("keys"))
        rows = int(page.locator(".rows .row").first.get_attribute("aria-setsize") or 0)
        browser.send("Emulation.setCPUThrottlingRate", {"rate": 1})
        frames = page.evaluate(_SCROLL, stage.scale.seconds / 3)
    return {
        "key_p50_ms": round(percentile(keys, 0.5)),
        "key_p95_ms": round(percentile(keys, 0.95)),
        "frames_per_s": round(frames, 1),
        "rows": rows,
    }


def _load_all(page: Page, rows: int) -> None:
    """Scroll until the list has all rows, as a person would."""
    page.locator(".rows .row").first.wait_for()
    for _ in range(rows):
        size = int(page.locator(".rows .row").first.get_attribute("aria-setsize") or 0)
        if size >= rows:
            break
        page.evaluate(_FURTHER)
        page.wait_for_timeout(30)
    page.evaluate("() => { document.querySelector('.scroll').scrollTop = 0; }")
