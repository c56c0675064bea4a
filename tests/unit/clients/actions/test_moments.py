"""Times as an officer types them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from clients.actions.moments import moment_ms, read_moment
from schemas.reports.base import Instant

NOW = int(datetime(2026, 11, 24, 23, 50, 40, tzinfo=UTC).timestamp() * 1000)


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("now", "2026-11-24T23:50:40Z"),
        ("Сейчас", "2026-11-24T23:50:40Z"),
        ("-20m", "2026-11-24T23:30Z"),
        ("+4h", "2026-11-25T03:50Z"),
        ("+1h30m", "2026-11-25T01:20Z"),
        ("-2ч", "2026-11-24T21:50Z"),
        ("+15мин", "2026-11-25T00:05Z"),
        ("23:40", "2026-11-24T23:40Z"),
        ("00:20", "2026-11-25T00:20Z"),
        ("9.05", "2026-11-25T09:05Z"),
        ("04:45+05:00", "2026-11-25T04:45+05:00"),
        ("2026-11-24T14:05+05:00", "2026-11-24T14:05:00+05:00"),
        ("2026-11-24 14:05", "2026-11-24T14:05Z"),
        ("2026-11-24T14:05Z", "2026-11-24T14:05:00+00:00"),
    ],
)
def test_what_an_officer_types(typed: str, written: str) -> None:
    """Each way to type a time is the time that is meant; an hour alone is the nearest one, in UTC."""
    assert read_moment(typed, NOW) == written


@pytest.mark.parametrize(
    "typed", ["", "2026-11-24", "+", "-", "24:00", "14:60", "later", "+h", "2026-13-01T00:00Z", "14"]
)
def test_what_is_no_time(typed: str) -> None:
    """A day alone, and what is no time, is none."""
    assert read_moment(typed, NOW) is None


@given(st.text(alphabet="0123456789:+-TZhm .чм\u0660\u00b2", max_size=26))
def test_whatever_is_typed_is_a_time_of_forms_or_none(typed: str) -> None:
    """Nothing that is typed raises, and what is understood has the form that forms want."""
    written = read_moment(typed, NOW)
    if written is not None and 1901 <= datetime.fromisoformat(written).year <= 9998:
        TypeAdapter(Instant).validate_python(written)


def test_an_hour_is_the_nearest() -> None:
    """An hour is never more than half a day away."""
    for hour in range(24):
        written = read_moment(f"{hour}:00", NOW)
        assert written is not None
        assert abs(moment_ms(written) - NOW) <= 12 * 3600 * 1000
