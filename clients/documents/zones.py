"""The local time of a country, beside UTC: only where the whole country has one, and with the name of the zone.

Which zones a country has is in ``zone1970.tab`` of the time zone database, which the package ``tzdata`` brings with the
rules themselves; where a country has several zones that differ at that moment, nothing local is said.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import tzdata.zoneinfo  # type: ignore[import-untyped] # it is data, and has no types

from clients.documents.plain import calendar
from schemas.reports import ReportModel
from schemas.reports.base import NamedCountry, Part
from schemas.reports.countries import COUNTRIES

_TABLE: Final = "zone1970.tab"
_PLACES: Final = ("place", "country", "route", "legs", "identifiers", "companies")
"""Members of a report that say where something is, the surest first."""

_MOST: Final = 40


def zone_of(country: str | None, time_ms: int) -> str | None:
    """The name of the zone of a country at a moment; ``None`` if it has several that differ, or is not known.

    Args:
        country: ISO 3166 alpha-2 code.
        time_ms: milliseconds since 1970 UTC.
    """
    zones = _zones().get(country or "", ())
    moments = {moment.utcoffset() for zone in zones if (moment := _moment(time_ms, zone)) is not None}
    return zones[0] if len(moments) == 1 else None


def local_moment(time_ms: int, zone: str) -> datetime:
    """A time in a zone that `zone_of` named."""
    return _moment(time_ms, zone) or calendar(time_ms)


def _moment(time_ms: int, zone: str) -> datetime | None:
    try:
        return calendar(time_ms).astimezone(ZoneInfo(zone))
    except (ZoneInfoNotFoundError, OverflowError):
        return None


@cache
def _zones() -> Mapping[str, Sequence[str]]:
    """Zones by country, the one with most people first, as the database has them."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    text = (files(tzdata.zoneinfo) / _TABLE).read_text(encoding="utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            countries, _coordinates, zone = line.split("\t")[:3]
            for country in countries.split(","):
                found[country].append(zone)
    return found


def event_country(report: ReportModel | None) -> str | None:
    """The country in which what a report tells has happened, or will; ``None`` if it names none.

    Args:
        report: what is known of it.
    """
    for name in _PLACES:
        if report is not None and (found := _country_in(getattr(report, name, None))) is not None:
            return found
    return None


def _country_in(value: Any) -> str | None:
    if isinstance(value, NamedCountry):
        return value.code
    if isinstance(value, str):
        return value if value in COUNTRIES else None
    if isinstance(value, tuple):
        return next((found for each in value[:_MOST] if (found := _country_in(each)) is not None), None)
    if isinstance(value, Part):
        inner = (getattr(value, name) for name in type(value).model_fields if name not in ("note", "name", "value"))
        return next((found for each in inner if (found := _country_in(each)) is not None), None)
    return None
