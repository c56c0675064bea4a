"""A time that a person reads from another clock, to compare it with a machine's (PROTOCOL 8, 13)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

ALIKE_MS: Final = 300_000
"""How far two clocks may be apart that a person calls the same."""


def parse_said_time(text: str) -> int:
    """Milliseconds since 1970 UTC.

    Args:
        text: date and time of ISO 8601, in UTC where it names no offset.

    Raises:
        ValueError: it is none.
    """
    said = datetime.fromisoformat(text)
    return int((said if said.tzinfo else said.replace(tzinfo=UTC)).timestamp()) * 1000


def are_alike(first_ms: int, second_ms: int) -> bool:
    """Whether two times, in milliseconds, may be called the same."""
    return abs(first_ms - second_ms) <= ALIKE_MS
