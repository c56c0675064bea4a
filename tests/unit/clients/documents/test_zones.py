"""Local times: only where the whole country has one at that moment, with the name of its zone."""

from __future__ import annotations

import pytest

from clients.documents.zones import event_country, local_moment, zone_of
from schemas.reports import SeizureReport, WarningReport

NOVEMBER_2026_MS = 1_796_000_000_000
SEPTEMBER_2020_MS = 1_600_000_000_000


@pytest.mark.parametrize(
    ("country", "zone"),
    [
        ("KZ", "Asia/Almaty"),
        ("UZ", "Asia/Samarkand"),
        ("TJ", "Asia/Dushanbe"),
        ("RU", None),
        ("XX", None),
        ("", None),
        (None, None),
    ],
)
def test_zone_of_a_country(country: str | None, zone: str | None) -> None:
    """A country with one time has its zone; of one with several, or of none, nothing local is said."""
    assert zone_of(country, NOVEMBER_2026_MS) == zone


def test_rules_of_that_day_hold() -> None:
    """Kazakhstan had two times in 2020, and has one since March 2024."""
    assert zone_of("KZ", SEPTEMBER_2020_MS) is None
    assert (
        local_moment(NOVEMBER_2026_MS, "Asia/Almaty").utcoffset()
        == local_moment(NOVEMBER_2026_MS, "Asia/Samarkand").utcoffset()
    )


@pytest.mark.parametrize("time_ms", [0, -1, 1 << 62, 253_402_300_799_000])
def test_any_time_can_be_shown(time_ms: int) -> None:
    """A time of somebody else may be any number."""
    assert zone_of("KZ", max(time_ms, 0)) in (None, "Asia/Almaty")


def test_country_of_the_event() -> None:
    """Where a seizure was made; where a warning says that something is; none where it says nothing."""
    seizure = {
        "our_reference": "S-1",
        "date": "2026-11-20",
        "country": "TJ",
        "goods": [{"group": "heroin", "name": "heroin", "quantity": "1", "unit": "kilogram"}],
    }
    assert event_country(SeizureReport.model_validate(seizure)) == "TJ"
    warning = {"our_reference": "W-1", "requested_action": {"code": "control"}, "summary": "look out"}
    assert event_country(WarningReport.model_validate(warning)) is None
    placed = {**warning, "place": {"country": {"code": "UZ"}, "name": "Termez"}}
    assert event_country(WarningReport.model_validate(placed)) == "UZ"
    routed = {**warning, "route": {"origin": {"code": "AF"}}}
    assert event_country(WarningReport.model_validate(routed)) == "AF"
    assert event_country(None) is None
