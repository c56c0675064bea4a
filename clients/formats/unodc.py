"""UNODC Individual Drug Seizures: seizure reports from the rows of a file.

Every row becomes a report or a `BadRow` that says which line and why: none vanishes.
Words that have no code become ``other`` and stay beside it as written. Control
characters become spaces or replacement characters. `REGION` and `SUBREGION` are not
taken over: they follow from the country.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import TypeVar

from pydantic import ValidationError

from clients.formats.ids_columns import arm, is_ours, read_marks
from clients.formats.ids_rows import COLUMNS, BadRow, Reason, Row
from schemas.labels import CodedValue, find_code
from schemas.reports import SeizureReport
from schemas.reports.base import Coded, NamedCountry
from schemas.reports.countries import NO_COUNTRY, find_country
from schemas.reports.drug_names import find_drug_group
from schemas.reports.drugs import find_unit
from schemas.reports.installations import INSTALLATION_SPELLINGS, Installation
from schemas.reports.parts import Concealment, Conveyance, Goods, Place, Route
from schemas.reports.places import HidingPlace, Routing, TransportMode

_CONTROLS = dict.fromkeys((*range(0x20), *range(0x7F, 0xA0)), "\N{REPLACEMENT CHARACTER}") | dict.fromkeys(
    (0x09, 0x0A, 0x0D, 0x85, 0x2028, 0x2029), " "
)

C = TypeVar("C", bound=CodedValue)


class _UnusableError(Exception):
    def __init__(self, reason: Reason, column: str) -> None:
        super().__init__(reason, column)
        self.reason = reason
        self.column = column


def to_seizure(row: Row, content_digest: str) -> SeizureReport | BadRow:
    """The seizure report that a row amounts to, or why there is none.

    Args:
        row: from `clients.formats.ids_rows.read_rows`.
        content_digest: SHA-256 of the unpacked content in hexadecimal; its first 12 characters and the line
            number make ``our_reference``, so that a second import makes the same ones.
            A row that Serai has exported keeps the reference that it had.
    """
    try:
        return _seizure(row, read_marks(row.cells).reference or f"IDS-{content_digest[:12]}-{row.line}")
    except _UnusableError as error:
        return BadRow(row.line, error.reason, error.column)
    except ValidationError as error:
        fault = error.errors(include_input=False, include_context=False, include_url=False)[0]
        reason = Reason.TEXT_TOO_LONG if fault["type"] == "string_too_long" else Reason.MALFORMED
        return BadRow(row.line, reason, ".".join(str(step) for step in fault["loc"]))


def country_of(row: Row) -> str | None:
    """The code of the country that made a seizure; ``None`` if its name is not known."""
    return find_country(_cell(row, "COUNTRY"))


def _cell(row: Row, column: str) -> str:
    text = row.cells[column]
    return (arm(text) if is_ours(row.cells) else text).translate(_CONTROLS).strip()


def _seizure(row: Row, reference: str) -> SeizureReport:
    cells = {column: _cell(row, column) for column in COLUMNS}
    mode = _coded(TransportMode, cells["TRANSPORT"])
    hiding_place = _coded(HidingPlace, cells["HIDING_PLACE"])
    return SeizureReport(
        our_reference=reference,
        date=_day(cells["SEIZURE_DATE"]),
        country=_country(cells["COUNTRY"]),
        goods=(_goods(cells),),
        place=_place(cells),
        route=_route(cells),
        conveyances=(Conveyance(mode=mode),) if mode else (),
        concealment=Concealment(hiding_place=hiding_place) if hiding_place else None,
    )


def _day(text: str) -> str:
    try:
        if date.fromisoformat(text).isoformat() == text:
            return text
    except ValueError:
        pass
    raise _UnusableError(Reason.BAD_DATE, "SEIZURE_DATE")


def _country(name: str) -> str:
    code = find_country(name)
    if code is None:
        raise _UnusableError(Reason.UNKNOWN_COUNTRY, "COUNTRY")
    return code


def _goods(cells: Mapping[str, str]) -> Goods:
    name, unit = cells["DRUG_NAME"], cells["DRUG_UNIT"]
    if not name:
        raise _UnusableError(Reason.NO_DRUG_NAME, "DRUG_NAME")
    amount = _amount(cells["AMOUNT"])
    return Goods(
        group=find_drug_group(name),
        name=name,
        quantity=amount,
        unit=find_unit(unit) if amount else None,
        unit_as_written=unit or None,
    )


def _amount(text: str) -> str | None:
    """The amount in plain notation, exactly; ``None`` for an empty cell."""
    if not text:
        return None
    try:
        value = Decimal(text) if len(text) <= 64 and text.isascii() else Decimal("NaN")
    except InvalidOperation:
        value = Decimal("NaN")
    # Bounds before formatting: 1e-999999 would be a text of a million characters.
    if not value.is_finite() or value.is_signed() or value.adjusted() >= 15 or int(value.as_tuple().exponent) < -40:
        raise _UnusableError(Reason.BAD_AMOUNT, "AMOUNT")
    return f"{value:f}"


def _place(cells: Mapping[str, str]) -> Place:
    return Place(
        country=_named(cells["COUNTRY"]),
        division=cells["ADMINISTRATIVE_DIVISION"] or None,
        name=cells["PLACE"] or None,
        installation=_installation(cells["INSTALLATION"]),
    )


def _route(cells: Mapping[str, str]) -> Route | None:
    route = Route(
        origin=_named(cells["PRODUCING_COUNTRY"]),
        departure=_named(cells["DEPARTURE_COUNTRY"]),
        destination=_named(cells["DESTINATION_COUNTRY"]),
        routing=_coded(Routing, cells["ROUTING"]),
    )
    return None if route == Route() else route


@lru_cache(maxsize=4096)
def _named(name: str) -> NamedCountry | None:
    if name.casefold() in NO_COUNTRY:
        return None
    return NamedCountry(code=find_country(name), as_written=name)


@lru_cache(maxsize=4096)
def _installation(text: str) -> Coded[Installation] | None:
    code = INSTALLATION_SPELLINGS.get(text.casefold())
    return Coded[Installation](code=code, as_written=text) if code else _coded(Installation, text)


def _coded(codes: type[C], text: str) -> Coded[C] | None:
    if not text:
        return None
    code = find_code(codes, text)
    return Coded[codes](code=codes("other") if code is None else code, as_written=text)  # type: ignore[valid-type]
