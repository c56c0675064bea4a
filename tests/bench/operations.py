"""Operations of any length, and how long their fold takes."""

from __future__ import annotations

import time
from typing import Final

from schemas.operations.asof import picture_of
from schemas.operations.fold import fold
from schemas.operations.held import HeldOperation
from tests.support.story import Story, at_ms, clock

STEPS: Final = (10, 100, 1_000)
"""Lengths of which the fold is measured."""

_ROUND: Final = ("UZ", "KZ", "RU", "TJ")


def operation_of(steps: int) -> HeldOperation:
    """An operation of four countries with so many steps: plans, decisions, movements, handovers, exhibits, notes."""
    story = Story()
    story.opened()
    story.granted()
    plan, minute = "open", 10
    while len(story.steps) < steps:
        minute += 1
        name, who = f"step {minute}", _ROUND[minute % 4]
        match minute % 10:
            case 0 if minute % 50 == 0:
                story.plan(name, minute, updates=plan, after=[plan])
                plan = name
            case 1:
                story.decide(name, f"{who}!", "granted", minute, [str(minute % 4 + 2)], plan=plan)
            case 2 | 3:
                story.hand(name, who, ("offered", "accepted")[minute % 2], _ROUND[(minute + 1) % 4], minute)
            case 4:
                story.exhibit(name, who, "registered", name, minute, not_counted_because="On the road")
            case 5:
                story.add(name, who, "stop", minute, {"until": clock(minute + 3)})
            case 6:
                story.move(name, who, "crossed", minute, content={"soil": f"{who}/NFP"})
            case _:
                story.move(name, who, "at", minute, content={"soil": f"{who}/NFP"}, after=["open"])
    return story.held()


def fold_ms(held: HeldOperation, repeats: int = 3) -> float:
    """How long a fold and the picture of a moment take, in milliseconds: the shortest of some."""
    took = []
    for _turn in range(repeats):
        before = time.perf_counter()
        picture_of(fold(held), at_ms(100_000))
        took.append(time.perf_counter() - before)
    return min(took) * 1_000


if __name__ == "__main__":
    for length in STEPS:
        print(f"{length:6} steps: {fold_ms(operation_of(length)):8.2f} ms")
