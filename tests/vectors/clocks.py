"""Vectors of the time: when a hub believes its clock, how far a client follows it (PROTOCOL 8)."""

from __future__ import annotations

from typing import Any, Final

T: Final = 1_796_000_000_000
SECOND: Final = 1_000
HOUR: Final = 3_600_000
DAY: Final = 24 * HOUR
YEAR: Final = 365 * DAY


def clock_vector() -> dict[str, Any]:
    """What is due, written down by hand from the page."""
    return {"start": _starts(), "run": _runs(), "client": _clients(), "leaf": _leaves()}


def _start(away_ms: int, alone: str | None, synchronised: str | None, **facts: Any) -> list[dict[str, Any]]:
    """A start so long after the last sign of life, with and without a time service."""
    given = {"sign": {"at": T, "ledger": T}, "newest": T, **facts, "now": T + away_ms}
    return [{**given, "synchronised": kept, "clock": due} for kept, due in ((False, alone), (True, synchronised))]


def _starts() -> list[dict[str, Any]]:
    no = "unconfirmed"
    lost = {"sign": None}
    came_since = {"sign": {"at": T - DAY, "ledger": T - DAY}, "newest": T}
    known = {"sign": {"at": T, "ledger": T + 3 * YEAR}, "newest": T + 3 * YEAR}
    unknown = {"sign": {"at": T, "ledger": T}, "newest": T + 3 * YEAR}
    return [
        *_start(0, None, None),
        *_start(HOUR, None, None),
        *_start(HOUR + 1, "unsynchronised", None),
        *_start(7 * DAY, "unsynchronised", None),
        *_start(7 * DAY + 1, no, no),
        *_start(3 * YEAR, no, no),
        *_start(-1, "catching_up", "catching_up"),
        *_start(-300 * SECOND, "catching_up", "catching_up"),
        *_start(-300 * SECOND - 1, no, no),
        *_start(HOUR, None, None, **lost),
        *_start(HOUR + 1, "unsynchronised", None, **lost),
        *_start(0, no, no, **lost, newest=0),
        *_start(HOUR, None, None, **came_since),
        *_start(-1, "catching_up", "catching_up", **came_since),
        *_start(0, None, None, **known),
        *_start(0, no, no, **unknown),
    ]


def _runs() -> list[dict[str, Any]]:
    steps: list[tuple[list[int], str | None]] = [
        ([], None),
        ([2 * SECOND, -2 * SECOND], None),
        ([3 * SECOND], None),
        ([HOUR], None),
        ([HOUR // 2, HOUR // 2], None),
        ([HOUR // 2, HOUR // 2, 3 * SECOND], "moved"),
        ([HOUR + 1], "moved"),
        ([2 * HOUR, -2 * HOUR], "moved"),
        ([-2 * SECOND - 1], "moved"),
        ([3 * SECOND, -3 * SECOND], "moved"),
        ([-HOUR], "moved"),
    ]
    return [{"steps": each, "clock": due} for each, due in steps]


def _clients() -> list[dict[str, Any]]:
    said: list[tuple[int, list[int], int, int]] = [
        (0, [T + 1_000], 0, 0),
        (0, [T + 1_001], 1_001, 0),
        (0, [T + DAY], DAY, 0),
        (0, [T + DAY + 1], 0, 1),
        (0, [T - DAY], -DAY, 0),
        (0, [T + 3 * YEAR, T + 3_000], 3_000, 1),
        (0, [T + DAY, T + 2 * DAY], DAY, 1),
        (2 * DAY, [T + 2 * DAY], 2 * DAY, 0),
        (2 * DAY, [T + 3 * DAY + 1], 0, 1),
        (2 * DAY, [T], 0, 0),
        (-YEAR, [T - YEAR + 5_000], -YEAR + 5_000, 0),
    ]
    return [
        {"machine": T, "confirmed": confirmed, "hub": hub, "offset": offset, "alarms": alarms}
        for confirmed, hub, offset, alarms in said
    ]


def _leaves() -> list[dict[str, Any]]:
    shown = [(0, HOUR, False), (0, HOUR + 1, True), (0, -YEAR, False), (DAY, DAY + HOUR, False), (-DAY, 1, True)]
    return [
        {"machine": T, "confirmed": confirmed, "accepted_at": T + ahead, "alarm": alarm}
        for confirmed, ahead, alarm in shown
    ]
