"""Changes to inputs that are JSON: a member replaced, dropped, doubled, moved; half the time bytes, by libFuzzer."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any, Final

VALUES: Final[tuple[Any, ...]] = (
    None, True, False, 0, 1, -1, 2**53 - 1, 2**53, 10**30, 1.5, "", "A", "A" * 43, "ROOT", "KZ/NFP", "KG/NFP/DUTY-1",
    "CENTRE/HUB", "\ud800", "\x00", "é", [], {}, [[]], [None], {"": None},
)  # fmt: skip
"""What a member is replaced by."""

MOST_NESTED: Final = 400
"""Values with more openings are left to libFuzzer: they could nest deeper than Python goes."""

PREFIX_BYTES: Final = {"claims": 2}
"""Bytes before the JSON."""

Mutate = Callable[[bytes, int], bytes]
"""libFuzzer's own change to bytes, up to a size."""


def mutator(target: str, mutate: Mutate) -> Callable[[bytes, int, int], bytes]:
    """What changes the inputs of a target."""
    skip = PREFIX_BYTES.get(target, 0)

    def change(data: bytes, most_bytes: int, seed: int) -> bytes:
        chance = random.Random(seed)
        try:
            value = json.loads(data[skip:])
        except (ValueError, RecursionError):
            return mutate(data, most_bytes)
        if chance.random() < 0.5 or not isinstance(value, dict):
            return mutate(data, most_bytes)
        if data.count(b"[") + data.count(b"{") > MOST_NESTED:
            return mutate(data, most_bytes)
        for _ in range(chance.choice((1, 1, 1, 2, 3))):
            _change(value, chance)
        prefix = bytes(chance.randrange(16) for _ in range(skip)) if chance.random() < 0.1 else data[:skip]
        text = json.dumps(value, ensure_ascii=chance.random() < 0.2, separators=(",", ":"))
        return (prefix + text.encode(errors="surrogatepass"))[:most_bytes]

    return change


def _change(value: dict[str, Any], chance: random.Random) -> None:
    places = list(_places(value))
    if not places:
        value[""] = None
        return
    holder, key = chance.choice(places)
    what = chance.randrange(6)
    if what == 0:
        del holder[key]
    elif what == 1:
        holder[key] = [holder[key], deepcopy(holder[key])]
    elif what == 2:
        other, there = chance.choice(places)
        holder[key] = deepcopy(other[there])
    elif what == 3 and isinstance(holder[key], str) and holder[key]:
        at = chance.randrange(len(holder[key]))
        holder[key] = holder[key][:at] + chance.choice("AZaz09-_./ \u00e9") + holder[key][at + chance.randrange(3) :]
    elif what == 4 and isinstance(holder[key], list):
        holder[key] = [deepcopy(item) for _ in range(chance.choice((2, 3, 20))) for item in holder[key]]
    else:
        holder[key] = deepcopy(chance.choice(VALUES))


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    for key, item in inner:
        yield value, key
        if isinstance(item, dict | list):
            yield from _places(item)
