"""A hub is killed under load, a few times: a quick count of what became of everything.

It counts by itself what was attempted, what the hub said it accepted, and what lies in the stores.
The suite beside it goes to each step of a commit.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass
from pathlib import Path

from clients import FocalPoint, Sent
from schemas.addresses import Address
from tests.support.desk import cover_to, warning
from tests.support.exchange import exchange, rest
from tests.support.world import KZ, RU, UZ

MEMBERS = (KZ, UZ, RU)
KILLS = 3
BURST = 30
"""Alerts of each member between two kills, every fifth of them a flash."""


@dataclass(frozen=True, slots=True)
class Count:
    """What became of everything, each recipient counted for itself but in the first two."""

    attempted: int
    accepted: int
    delivered: int
    lost: int
    duplicated: int
    unexpected: int


def say(point: FocalPoint, turn: int) -> list[tuple[str, Sent]]:
    """A burst of alerts to the others."""
    others = [member for member in MEMBERS if member != point.member]
    said = []
    for number in range(BURST):
        reference = f"{point.member} {turn}-{number}"
        precedence = "routine" if number % 5 else "flash"
        said.append((reference, point.send(warning(reference), cover_to(*others, precedence=precedence))))
    return said


async def has_all(point: FocalPoint, expected: int) -> None:
    """Wait until there is as much as was sent."""
    await point.until(lambda: len(point.state.store.items.untaken()) >= expected)


def count(points: dict[Address, FocalPoint], said: Sequence[str], places: Sequence[int]) -> Count:
    """Count, by what the reports in the stores say of themselves."""
    found: Counter[tuple[Address, str]] = Counter()
    for member, point in points.items():
        for item in point.state.store.items.inbox(10_000):
            report = point.delivery(item.digest).report
            found[member, report.our_reference if report is not None else f"step {item.step}"] += 1
    due = {(member, reference) for reference in said for member in MEMBERS if not reference.startswith(member)}
    return Count(
        attempted=len(said),
        accepted=len(places),
        delivered=len(due & set(found)),
        lost=len(due - set(found)),
        duplicated=sum(times - 1 for times in found.values()) + len(places) - len(set(places)),
        unexpected=len(set(found) - due),
    )


async def test_killed_under_load(tmp_path: Path) -> None:
    """Nothing is lost, doubled or unexpected although the hub is killed while everybody sends, and audits are clean."""
    said: list[tuple[str, Sent]] = []
    with exchange(tmp_path, *MEMBERS) as serai:
        async with AsyncExitStack() as stack:
            points = {member: await stack.enter_async_context(serai.desk(member)) for member in MEMBERS}
            for turn in range(KILLS):
                burst = [each for point in points.values() for each in say(point, turn)]
                await burst[turn][1]  # the rest is under way
                serai.hub.kill()
                said += burst
                await asyncio.to_thread(serai.hub.start)
            places = [(await sent).index for _, sent in said]
            for point in points.values():
                await has_all(point, 2 * KILLS * BURST)
            await rest(*points.values())
            counted = count(points, [reference for reference, _ in said], places)
            attempted = len(MEMBERS) * KILLS * BURST
            assert asdict(counted) == {
                "attempted": attempted,
                "accepted": attempted,
                "delivered": 2 * attempted,
                "lost": 0,
                "duplicated": 0,
                "unexpected": 0,
            }
            for point in points.values():
                assert ((await point.audit()).faults, point.alarms()) == ((), [])
