"""Units by the words that data and officers use."""

from __future__ import annotations

import pytest

from schemas.reports.drugs import Unit, find_unit


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("Kilogram", Unit.KILOGRAM),
        ("кг", Unit.KILOGRAM),
        ("Ton", Unit.TONNE),
        ("Cc", Unit.MILLILITRE),
        ("Cubic Centimeter", Unit.MILLILITRE),
        ("Block (350gr)", Unit.BLOCK),
        ("Thousand of tablets", Unit.THOUSAND_TABLETS),
        ("Gallons (US, liquid)", Unit.GALLON_US),
        ("", Unit.UNKNOWN),
        ("other", Unit.OTHER),
        ("чек", Unit.OTHER),
    ],
)
def test_find_unit(text: str, unit: Unit) -> None:
    """A word for a unit finds it; an unknown word is another unit, no word is none stated."""
    assert find_unit(text) is unit
