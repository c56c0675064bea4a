"""Scalar types of reports: what they take, exactly as written, and what they refuse."""

# ruff: noqa: RUF001 - Cyrillic and other letters that look Latin are part of the data

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from schemas.reports.base import (
    CasNumber,
    Coded,
    Count,
    CountryCode,
    DecimalText,
    LanguageTag,
    Latitude,
    Line,
    Longitude,
    Moment,
    NamedCountry,
    Percent,
    Text,
    UnLocode,
)
from schemas.reports.places import TransportMode

GOOD: list[tuple[Any, Any]] = [
    (DecimalText, "0"),
    (DecimalText, "3.10"),
    (DecimalText, "0.006999999999999999"),
    (DecimalText, "999999999999999"),
    (Percent, "100"),
    (Percent, "99.99"),
    (Latitude, "-90"),
    (Longitude, "180.0"),
    (Moment, "2026-11-23"),
    (Moment, "2024-02-29"),
    (Moment, "2026-11-23T14:05Z"),
    (Moment, "2026-11-23T14:05:59+05:00"),
    (CountryCode, "KZ"),
    (UnLocode, "KZALA"),
    (CasNumber, "561-27-3"),
    (LanguageTag, "und"),
    (LanguageTag, "uz-Cyrl-UZ"),
    (Line, "a"),
    (Line, " Карачи "),
    (Line, "я" * 255),
    (Text, "a\n\tb"),
    (Count, 1),
]
BAD: list[tuple[Any, Any]] = [
    (DecimalText, ""),
    (DecimalText, "1e3"),
    (DecimalText, "-1"),
    (DecimalText, "+1"),
    (DecimalText, "01"),
    (DecimalText, ".5"),
    (DecimalText, "5."),
    (DecimalText, "1,5"),
    (DecimalText, "NaN"),
    (DecimalText, "1\n"),
    (DecimalText, "١"),
    (DecimalText, "1" * 16),
    (DecimalText, 1),
    (DecimalText, 1.5),
    (Percent, "100.01"),
    (Latitude, "90.0001"),
    (Longitude, "-180.1"),
    (Longitude, "1e2"),
    (Moment, "2026-02-29"),
    (Moment, "1899-12-31"),
    (Moment, "20261123"),
    (Moment, "2026-11-23T14:05"),
    (Moment, "2026-11-23T25:05Z"),
    (Moment, "2026-11-23 14:05Z"),
    (CountryCode, "ZZ"),
    (CountryCode, "kz"),
    (UnLocode, "KZ ALA"),
    (CasNumber, "561-27"),
    (LanguageTag, "ru_RU"),
    (Line, ""),
    (Line, " \u00a0"),
    (Line, "a\nb"),
    (Line, "a\x00"),
    (Line, "a\x9b"),
    (Line, "a\u2028b"),
    (Line, "я" * 256),
    (Text, "\n\n"),
    (Text, "a\x1b[2J"),
    (Text, "a\r\nb"),
    (Text, "x" * 8001),
    (Count, 0),
    (Count, True),
    (Count, "1"),
    (Count, 1.0),
    (Count, 1_000_001),
]


@pytest.mark.parametrize(("scalar", "value"), GOOD)
def test_taken_as_written(scalar: Any, value: Any) -> None:
    """A good value is kept exactly as it was written."""
    assert TypeAdapter(scalar).validate_python(value) == value


@pytest.mark.parametrize(("scalar", "value"), BAD)
def test_refused(scalar: Any, value: Any) -> None:
    """A value of another form or beyond its bounds is refused."""
    with pytest.raises(ValidationError):
        TypeAdapter(scalar).validate_python(value)


@given(st.decimals(min_value=0, max_value=10**15 - 1, places=12, allow_nan=False))
def test_decimal_text_is_never_rounded(value: Any) -> None:
    """Every digit of a quantity survives."""
    text = f"{value:f}"
    assert TypeAdapter(DecimalText).validate_python(text) == text


def test_other_needs_the_word() -> None:
    """The code for everything else means nothing without the sender's word."""
    with pytest.raises(ValidationError):
        Coded[TransportMode](code=TransportMode.OTHER)
    assert Coded[TransportMode](code=TransportMode.OTHER, as_written="верблюд").as_written == "верблюд"


def test_named_country_is_named() -> None:
    """A country has a code or a name."""
    with pytest.raises(ValidationError):
        NamedCountry()
    assert NamedCountry(as_written="Multiple Countries").code is None
