"""The state of a page as named parts; what changes between two states as events, and an event put into a state. Pure.

A part is any JSON value, and an event tells it whole. A list part, which has ``rows`` and ``order``, is told by what
is new in it: ``rows`` that are new or other, ``gone`` ids, and ``order`` where that is another. For every history the
events after each other, put into the first state, give the last; the page has the same function (`reducer.js`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

Parts = Mapping[str, Any]
"""A state: JSON values by the name of the part."""

Event = Mapping[str, Any]
"""What changes one part; ``kind`` names it."""


def is_list_part(value: Any) -> bool:
    """Whether a part is a list that is told by what is new in it."""
    return isinstance(value, Mapping) and "rows" in value and "order" in value


def diff(old: Parts, new: Parts) -> list[dict[str, Any]]:
    """What has to be told to whoever has the old state; nothing if it is the same.

    Args:
        old: as it was told.
        new: as it is; it has every part of the old one.
    """
    return [_event(name, old.get(name), value) for name, value in new.items() if name not in old or old[name] != value]


def _event(name: str, before: Any, value: Any) -> dict[str, Any]:
    if not is_list_part(value):
        return {"kind": name, "value": value}
    before = _list_of(before)
    known, rows = before["rows"], value["rows"]
    event = {
        "kind": name,
        "rows": {key: row for key, row in rows.items() if key not in known or known[key] != row},
        "gone": [key for key in known if key not in rows],
        **{key: each for key, each in value.items() if key not in ("rows", "order")},
    }
    return {**event, "order": value["order"]} if before["order"] != value["order"] else event


def _list_of(value: Any) -> Mapping[str, Any]:
    """A list part, or the empty one that stands for whatever else was there."""
    return value if value is not None and is_list_part(value) else {"rows": {}, "order": []}


def apply(state: Parts, event: Event) -> dict[str, Any]:
    """A state after an event."""
    name = event["kind"]
    if "value" in event:
        return {**state, name: event["value"]}
    before = _list_of(state.get(name))
    gone = frozenset(event["gone"])
    rows = {**{key: row for key, row in before["rows"].items() if key not in gone}, **event["rows"]}
    rest = {key: each for key, each in event.items() if key not in ("kind", "rows", "gone", "order")}
    return {**state, name: {"rows": rows, "order": event.get("order", before["order"]), **rest}}


def replay(state: Parts, events: Iterable[Event]) -> dict[str, Any]:
    """A state after events, one after another."""
    found = dict(state)
    for event in events:
        found = apply(found, event)
    return found
