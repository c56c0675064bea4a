"""A time that a person reads from another clock."""

from __future__ import annotations

import pytest

from schemas.rules.said_time import ALIKE_MS, are_alike, parse_said_time


@pytest.mark.parametrize(
    "text", ["2026-12-01T03:00", "2026-12-01 03:00:00", "2026-12-01T03:00Z", "2026-12-01T08:00+05:00"]
)
def test_a_time_is_in_utc_unless_it_names_its_offset(text: str) -> None:
    """The same moment is the same number, however it is written."""
    assert parse_said_time(text) == 1_796_094_000_000


@pytest.mark.parametrize("text", ["", "now", "03:00", "1.12.2026"])
def test_what_is_no_time_is_refused(text: str) -> None:
    """Nothing is guessed."""
    with pytest.raises(ValueError):  # noqa: PT011 - the text says nothing more
        parse_said_time(text)


def test_times_are_alike_up_to_five_minutes() -> None:
    """The bound belongs to what is alike, and it does not matter which clock is ahead."""
    for sign in (1, -1):
        assert are_alike(0, sign * ALIKE_MS)
        assert not are_alike(0, sign * (ALIKE_MS + 1))
