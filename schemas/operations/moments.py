"""Times of forms as milliseconds since 1970 UTC."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)

MINUTE_MS: Final = 60_000
HOUR_MS: Final = 60 * MINUTE_MS
DAY_MS: Final = 24 * HOUR_MS


def moment_ms(text: str) -> int:
    """The moment that an `Instant` names."""
    return (datetime.fromisoformat(text) - _EPOCH) // _MILLISECOND


def moment_or_none(text: str | None) -> int | None:
    """The same of a member that may be absent."""
    return None if text is None else moment_ms(text)
