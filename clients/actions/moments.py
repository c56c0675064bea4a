"""Answers as an officer types them: times as ``now``, ``14:05``, ``-20m``, ``+4h`` or whole, addresses; pure."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Final

from schemas.addresses import MemberField
from schemas.reports.base import Instant
from schemas.reports.steps import Step

NOW: Final = "now"
"""The answer that is the time at which it is typed."""

_NOW: Final = (NOW, "сейчас")
_HOUR: Final = re.compile(r"([01]?[0-9]|2[0-3])[:.]([0-5][0-9])(Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])?", re.IGNORECASE)
_SHIFT: Final = re.compile(r"([+-])(?:([0-9]{1,3})(?:h|ч))?(?:([0-9]{1,4})(?:m|min|м|мин))?", re.IGNORECASE)
_DAY: Final = timedelta(days=1)


def is_moment(step: Step) -> bool:
    """Whether a step asks for a time with its offset."""
    return step.form is Instant


def read_answer(step: Step, text: str, now_ms: int) -> str | None:
    """An answer as its form has it: a time whole, an address in capitals; ``None`` if it is no time.

    Args:
        step: what is asked.
        text: as typed; empty, if it is left open.
        now_ms: the time now, in milliseconds since 1970 UTC.
    """
    if step.form is MemberField:
        return text.strip().upper()
    return read_moment(text, now_ms) if is_moment(step) and text else text


def read_moment(text: str, now_ms: int) -> str | None:
    """A time as forms have it, from what was typed; ``None`` if it is none.

    An hour alone is the nearest such time, in UTC unless it has its offset.

    Args:
        text: as typed.
        now_ms: the time now, in milliseconds since 1970 UTC.
    """
    typed, now = text.strip(), datetime.fromtimestamp(now_ms / 1000, UTC)
    if typed.casefold() in _NOW:
        return write_moment(now_ms)
    if (hour := _HOUR.fullmatch(typed)) is not None:
        return _nearest(now, int(hour[1]), int(hour[2]), (hour[3] or "Z").upper())
    shift = _SHIFT.fullmatch(typed)
    if shift is not None and (shift[2] or shift[3]):
        span = timedelta(hours=int(shift[2] or 0), minutes=int(shift[3] or 0))
        return _written(now + span if shift[1] == "+" else now - span)
    return _whole(typed)


def write_moment(at_ms: int) -> str:
    """A time as forms have it, to the second: what happened in the minute in which it was permitted comes after it."""
    return datetime.fromtimestamp(at_ms / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def moment_ms(written: str) -> int:
    """A time of a form in milliseconds since 1970 UTC."""
    return int(datetime.fromisoformat(written).timestamp() * 1000)


def _nearest(now: datetime, hour: int, minute: int, offset: str) -> str:
    """The time of day that is nearest to now: at ten to midnight, 00:20 is tomorrow's."""
    zone = datetime.fromisoformat(f"2000-01-01T00:00{offset}").tzinfo
    there = now.astimezone(zone)
    today = there.replace(hour=hour, minute=minute, second=0, microsecond=0)
    found = min((today - _DAY, today, today + _DAY), key=lambda each: abs(each - there))
    return found.strftime("%Y-%m-%dT%H:%M") + offset


def _whole(typed: str) -> str | None:
    """Date and time; in UTC where no offset is named."""
    try:
        found = datetime.fromisoformat(typed)
    except ValueError:
        return None
    if len(typed) <= len("2026-11-24"):  # a day alone is no time
        return None
    return found.isoformat() if found.tzinfo is not None else _written(found)


def _written(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%MZ")
