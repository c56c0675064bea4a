"""Seizure reports as rows of UNODC Individual Drug Seizures: the way back of `clients.formats.unodc`.

A row has room for one kind of goods and for little beside it. What a report says beyond that is
not lost silently: `holds_more` tells of it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from typing import Any, Final

from clients.formats.ids_columns import defuse
from clients.formats.ids_rows import COLUMNS
from schemas.labels import CodedValue
from schemas.reports import SeizureReport
from schemas.reports.base import Coded, NamedCountry
from schemas.reports.countries import COUNTRIES, find_country
from schemas.reports.drugs import find_unit
from schemas.reports.parts import Goods, Place, Route

UNODC_COLUMNS: Final = ("REGION", "SUBREGION", *COLUMNS)
"""The columns of UNODC's own file, in its order; the first two follow from the country and stay empty."""

_FITS: Final[Mapping[str, Any]] = {
    "report": {},
    "version": {},
    "our_reference": {},
    "language": {},
    "date": {},
    "country": {},
    "goods": {"group": {}, "name": {}, "quantity": {}, "unit": {}, "unit_as_written": {}},
    "place": {"country": {}, "division": {}, "name": {}, "installation": {}},
    "route": {"origin": {}, "departure": {}, "destination": {}, "routing": {}},
    "conveyances": {"mode": {}},
    "concealment": {"hiding_place": {}},
}


def to_rows(report: SeizureReport) -> list[dict[str, str]]:
    """The cells of a report by column, one row for each kind of goods; reading them back makes the same report.

    Args:
        report: the seizure.
    """
    return [dict.fromkeys(UNODC_COLUMNS, "") | _common(report) | _goods(goods) for goods in report.goods]


def holds_more(report: SeizureReport) -> bool:
    """Whether a report says more than its rows have room for."""
    has_time, has_several = len(report.date) > len("2026-11-24"), len(report.conveyances) > 1
    return has_time or has_several or _beyond(report.model_dump(mode="json", exclude_none=True), _FITS)


def encode_rows(columns: Iterable[str], rows: Iterable[Mapping[str, str]]) -> bytes:
    """Lines of a file: semicolons, UTF-8, line ends of UNODC's file; no cell that a spreadsheet would run.

    Args:
        columns: in the order of the file.
        rows: cells by column.
    """
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    named = list(columns)
    writer.writerows([defuse(row.get(column, "")) for column in named] for row in rows)
    return text.getvalue().encode()


def _common(report: SeizureReport) -> dict[str, str]:
    place, route = report.place or Place(), report.route or Route()
    mode = report.conveyances[0].mode if report.conveyances else None
    return {
        "COUNTRY": _country_of(report, place),
        "ADMINISTRATIVE_DIVISION": place.division or "",
        "PLACE": place.name or "",
        "SEIZURE_DATE": report.date[: len("2026-11-24")],
        "HIDING_PLACE": _word(report.concealment.hiding_place if report.concealment else None),
        "INSTALLATION": _word(place.installation),
        "TRANSPORT": _word(mode),
        "PRODUCING_COUNTRY": _country(route.origin),
        "DEPARTURE_COUNTRY": _country(route.departure),
        "DESTINATION_COUNTRY": _country(route.destination),
        "ROUTING": _word(route.routing),
    }


def _goods(goods: Goods) -> dict[str, str]:
    return {"DRUG_NAME": goods.name, "AMOUNT": goods.quantity or "", "DRUG_UNIT": _unit(goods)}


def _unit(goods: Goods) -> str:
    """The sender's word, unless it would be read as another unit."""
    word = goods.unit_as_written or ""
    return word if goods.unit is None or (word and find_unit(word) is goods.unit) else goods.unit.label.en


def _country_of(report: SeizureReport, place: Place) -> str:
    """The country of the seizure, as written where that names it."""
    word = _country(place.country)
    return word if find_country(word) == report.country else _country_name(report.country)


def _country(country: NamedCountry | None) -> str:
    if country is None:
        return ""
    return country.as_written or _country_name(country.code or "")


def _country_name(code: str) -> str:
    """A country in English; one that is not known here is its code."""
    return COUNTRIES[code].en if code in COUNTRIES else code


def _word(coded: Coded[Any] | None) -> str:
    if coded is None:
        return ""
    code: CodedValue = coded.code
    return coded.as_written or code.label.en


def _beyond(value: Any, fits: Mapping[str, Any]) -> bool:
    """Whether a value has a member for which there is no column."""
    if isinstance(value, list):
        return any(_beyond(each, fits) for each in value)
    if not isinstance(value, dict) or not fits:
        return False
    return any((name not in fits and each != []) or _beyond(each, fits.get(name, {})) for name, each in value.items())
