"""Whether a hub may believe its clock: at its start by its last sign of life, then by its steps (PROTOCOL 8).

A leaf cannot be taken back and `accepted_at` never decreases, so one start with a clock that is ahead would make
every credential expired until real time catches up. Nothing here reads a clock.
"""

# ruff: noqa: RUF001 - Russian words contain letters that look Latin

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from schemas.labels import CodedValue

SMALL_STEP_MS: Final = 2_000
"""What a time service may correct without anybody being told."""

STEP_MS: Final = 3_600_000
"""How far forward, in all, a running hub lets its clock be moved."""

AWAY_MS: Final = 3_600_000
"""A hub that was away for longer does not believe its clock alone."""

LONG_AWAY_MS: Final = 7 * 24 * 3_600_000
"""A hub that was away for longer believes its clock by its operator's word only."""

BEHIND_MS: Final = 300_000
"""How far behind its last sign of life a clock may be to be waited for."""


class ClockDoubt(CodedValue):
    """Why a hub does not believe its clock."""

    CATCHING_UP = (
        "catching_up",
        "the clock is a little behind the last sign of life, and the hub waits until it has caught up",
        "часы немного отстают от последнего признака работы, узел ждёт, пока они его догонят",
    )
    UNSYNCHRONISED = (
        "unsynchronised",
        "more than an hour has passed since the last sign of life, and the system does not call its clock synchronised",
        "с последнего признака работы прошло больше часа, а система не считает свои часы синхронизированными",
    )
    UNCONFIRMED = (
        "unconfirmed",
        "the clock is too far from the last sign of life, and nobody has confirmed the time",
        "часы слишком далеки от последнего признака работы, и никто не подтвердил время",
    )
    MOVED = (
        "moved",
        "the clock was moved back, or forward by more than an hour, while the hub ran",
        "во время работы узла часы перевели назад или больше чем на час вперёд",
    )


class ClockWarning(CodedValue):
    """What is wrong with a clock that is believed all the same."""

    UNSYNCHRONISED = (
        "clock_unsynchronised",
        "the system does not call its clock synchronised",
        "система не считает свои часы синхронизированными",
    )
    STEPPED = "clock_stepped", "the clock was moved forward in the last hour", "за последний час часы перевели вперёд"
    DIFFERS = (
        "clock_differs",
        "the tokens of most members say another time",
        "по токенам большинства участников время другое",
    )
    LEDGER_AHEAD = (
        "ledger_ahead",
        "the newest leaf of the ledger is ahead of the clock",
        "последняя запись журнала опережает часы",
    )


@dataclass(frozen=True, slots=True)
class SignOfLife:
    """When the hub was last known to be at work with a clock that it believed.

    Attributes:
        at_ms: when that was, milliseconds since 1970 UTC.
        ledger_ms: time of the newest leaf then; the ledger may have been ahead, with the operator's knowledge.
    """

    at_ms: int
    ledger_ms: int


def last_life_ms(sign: SignOfLife | None, newest_ms: int) -> int | None:
    """When the hub was last at work: by its sign of life, or by a leaf that has come since.

    Args:
        sign: the last sign of life; ``None`` if it is lost.
        newest_ms: time of the newest leaf, milliseconds since 1970 UTC; 0 if there is none.

    Returns:
        Milliseconds since 1970 UTC; ``None`` if nothing says when that was.
    """
    if sign is None:
        return newest_ms or None
    return sign.at_ms if newest_ms <= sign.ledger_ms else max(sign.at_ms, newest_ms)


def doubt_at_start(now_ms: int, last_ms: int | None, *, synchronised: bool) -> ClockDoubt | None:
    """Why a clock may not be believed by a hub that starts; ``None`` if it may.

    Args:
        now_ms: what the clock says, milliseconds since 1970 UTC.
        last_ms: when the hub was last at work; ``None`` if that is not known.
        synchronised: whether the system calls its clock synchronised.
    """
    if last_ms is None:
        return ClockDoubt.UNCONFIRMED
    away_ms = now_ms - last_ms
    if away_ms < 0:
        return ClockDoubt.CATCHING_UP if away_ms >= -BEHIND_MS else ClockDoubt.UNCONFIRMED
    if away_ms <= AWAY_MS:
        return None
    if away_ms > LONG_AWAY_MS:
        return ClockDoubt.UNCONFIRMED
    return None if synchronised else ClockDoubt.UNSYNCHRONISED


@dataclass(frozen=True, slots=True)
class Course:
    """How the wall clock of a running hub stands to its monotonic one.

    Attributes:
        first_ms: the difference when the clock was first believed.
        last_ms: the difference after the last step.
    """

    first_ms: int
    last_ms: int


def follow(course: Course, offset_ms: int) -> tuple[Course, int] | None:
    """Go on with a clock, over a step if there was one.

    Args:
        course: how it stood.
        offset_ms: the difference now.

    Returns:
        How it stands, and the step in milliseconds, 0 if there was none; ``None`` if the clock may not be
        believed any more.
    """
    step_ms = offset_ms - course.last_ms
    if abs(step_ms) <= SMALL_STEP_MS:
        return course, 0
    if step_ms < 0 or offset_ms - course.first_ms > STEP_MS:
        return None
    return Course(course.first_ms, offset_ms), step_ms


@dataclass(frozen=True, slots=True)
class TimeReport:
    """How the hub's time stands.

    Attributes:
        now_ms: what the machine's clock says, milliseconds since 1970 UTC.
        synchronised: whether the system calls that synchronised.
        doubt: why it is not believed; ``None`` if it is.
        last_ms: when the hub was last at work; ``None`` if that is not known.
    """

    now_ms: int
    synchronised: bool
    doubt: ClockDoubt | None
    last_ms: int | None


def utc(time_ms: int) -> str:
    """A time for people: ``2026-11-30 06:47:38 UTC``; beyond the calendar, its number."""
    try:
        return f"{datetime.fromtimestamp(time_ms / 1000, UTC):%Y-%m-%d %H:%M:%S} UTC"
    except (OverflowError, ValueError, OSError):
        return f"{time_ms} ms"
