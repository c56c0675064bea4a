"""The page's pure functions, run where they will run: the reducer against the desk's own, lists, alarms, times."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
from playwright.sync_api import Page

from clients.desk.state import diff
from tests.support.machine import NEEDS_CHROMIUM

pytestmark = NEEDS_CHROMIUM
HISTORIES, LENGTH = 60, 12
FOLD = """async (text) => {
  const { reduce, RESYNC } = await import("/static/reducer.js");
  const folded = JSON.parse(text).map((messages) => {
    let held = null;
    for (const message of messages) {
      const next = reduce(held, message);
      if (next === RESYNC) {
        return "resync";
      }
      held = next;
    }
    return held;
  });
  return JSON.stringify(folded);
}"""


def _list(chance: random.Random) -> dict[str, Any]:
    ids = chance.sample("abcdefgh", chance.randrange(8))
    rows = {each: {"id": each, "n": chance.randrange(3)} for each in ids}
    return {"order": chance.sample(ids, len(ids)), "rows": rows, "left_out": chance.randrange(3), "left": {"actual": 1}}


def _state(chance: random.Random) -> dict[str, Any]:
    plain = {name: chance.choice([None, 0, {"urgent": 2}, [1, {"x": "y"}]]) for name in ("line", "counts", "__proto__")}
    return {**plain, "inbox": _list(chance), "sent": _list(chance)}


def _history(chance: random.Random) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    state = _state(chance)
    messages: list[dict[str, Any]] = [{"type": "snapshot", "seq": 7, "state": state}]
    for _change in range(LENGTH):
        new = {name: value if chance.random() < 0.5 else state[name] for name, value in _state(chance).items()}
        for event in diff(state, new):
            messages.append({"type": "event", "seq": 6 + len(messages) + 1, **event})
        state = new
    return messages, {"seq": messages[-1]["seq"], "state": state}


def _fold(page: Page, histories: list[list[dict[str, Any]]]) -> Any:
    """What the page has after messages, one after another; as JSON, which is how they come."""
    return json.loads(page.evaluate(FOLD, json.dumps(histories)))


def test_events_after_a_snapshot_are_the_last_state(locked: Page) -> None:
    """For any history the page has after all events exactly the state that a fresh snapshot would have."""
    histories = [_history(random.Random(seed)) for seed in range(HISTORIES)]
    found = _fold(locked, [messages for messages, _last in histories])
    assert found == [last for _messages, last in histories]


@pytest.mark.parametrize(
    "message",
    [
        {"type": "event", "seq": 9, "kind": "line", "value": 1},
        {"type": "event", "seq": 7, "kind": "line", "value": 1},
        {"type": "event", "seq": 8, "kind": "line"},
        {"type": "beat", "seq": 6},
        {"type": "later"},
        {},
    ],
    ids=["gap", "repeat", "nothing told", "old beat", "unknown", "empty"],
)
def test_what_is_not_in_order_is_asked_for_anew(locked: Page, message: dict[str, Any]) -> None:
    """A gap, a repeat, an event that tells nothing and a message of another kind lead to a new snapshot."""
    snapshot = {"type": "snapshot", "seq": 7, "state": {"line": 0}}
    assert _fold(locked, [[snapshot, message]]) == ["resync"]
    assert _fold(locked, [[snapshot, {"type": "beat", "seq": 7}]]) == [{"seq": 7, "state": {"line": 0}}]


SETTLE = "async ([shown, order, held]) => (await import('/static/parts/list.js')).settle(shown, order, held)"


@pytest.mark.parametrize(
    ("shown", "order", "held", "expected"),
    [
        ("abc", "xabc", True, ("abc", 1)),
        ("abc", "xabc", False, ("xabc", 0)),
        ("abc", "cxb", True, ("bc", 1)),
        ("abc", "xabcyz", True, ("abcyz", 1)),
        ("", "ab", True, ("ab", 0)),
    ],
    ids=["new waits", "nothing is held", "gone goes, order stays", "older ones come after", "empty"],
)
def test_what_arrives_moves_nothing_that_is_held(
    locked: Page, shown: str, order: str, held: bool, expected: tuple[str, int]
) -> None:
    """Rows that are held keep their order and places; new ones wait; older ones come after; what is gone goes."""
    found = locked.evaluate(SETTLE, [list(shown), list(order), held])
    assert ("".join(found["shown"]), found["waiting"]) == expected


def test_a_flood_of_alarms_is_one_thing_by_cause(locked: Page) -> None:
    """Nine alarms stand one by one, from ten in ten minutes they are grouped by their cause, the first one first."""
    group = "async (rows) => (await import('/static/parts/bands.js')).groupAlarms(rows).map((each) => each.count)"

    def alarms(count: int, minutes: int) -> list[dict[str, Any]]:
        at = [{"ms": number * minutes * 60_000} for number in range(count)]
        return [{"id": str(n), "code": "fork" if n == 3 else "clock", "at": each} for n, each in enumerate(at)]

    assert locked.evaluate(group, alarms(9, 1)) == [1] * 9
    assert locked.evaluate(group, alarms(10, 1)) == [9, 1]
    assert locked.evaluate(group, alarms(12, 5)) == [1] * 12


def test_clocks_count_to_a_moment_then_up(locked: Page) -> None:
    """A time that is left is spelled as a clock, and as days where it is long."""
    spell = "async (ms) => { const { spell } = await import('/static/parts/moments.js'); return ms.map(spell); }"
    assert locked.evaluate(spell, [59_999, 3_600_000, -61_000, 90_000_000]) == ["0:59", "1:00:00", "1:01", "1 d 1 h"]


def test_one_address_is_one_space(locked: Page) -> None:
    """An address says whether it is an exercise; every other one is real."""
    read = "async (paths) => { const { read } = await import('/static/router.js'); return paths.map((p) => read(p)); }"
    found = locked.evaluate(read, ["/exercise/dispatch/a%2Fb", "/desk/inbox?lane=urgent", "/"])
    assert [(each["exercise"], each["screen"], each["args"]) for each in found] == [
        (True, "dispatch", ["a/b"]),
        (False, "inbox", []),
        (False, "inbox", []),
    ]
