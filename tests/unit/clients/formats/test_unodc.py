"""Seizure reports from rows: what is coded, what stays as written, what is not usable."""

from __future__ import annotations

import hashlib
from gzip import decompress
from importlib.resources import files
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients.formats.ids_rows import COLUMNS, BadRow, Reason, Row, read_rows
from clients.formats.unodc import to_seizure
from schemas.reports import SeizureReport, encode_report, parse_report
from schemas.reports.base import NamedCountry
from schemas.reports.drugs import DrugGroup, Unit
from schemas.reports.installations import Installation
from schemas.reports.places import HidingPlace, TransportMode

DIGEST = "56bb76859fbf97b9"
CELLS = {
    "COUNTRY": "Iraq (Kurdistan Region)",
    "ADMINISTRATIVE_DIVISION": "",
    "PLACE": "Kapitan Andreevo\nBCP",
    "SEIZURE_DATE": "2012-01-21",
    "DRUG_NAME": "Heroin",
    "AMOUNT": "0.006999999999999999",
    "DRUG_UNIT": "Kilogram",
    "HIDING_PLACE": "Car Parts",
    "INSTALLATION": "Police facilites",
    "TRANSPORT": "Camel",
    "PRODUCING_COUNTRY": "Unknown",
    "DEPARTURE_COUNTRY": "Turkey",
    "DESTINATION_COUNTRY": "Multiple Countries",
    "ROUTING": "",
}


def seizure(**changes: str) -> SeizureReport:
    """The report of the row of these tests with other cells."""
    report = to_seizure(Row(17, CELLS | changes), DIGEST)
    assert isinstance(report, SeizureReport)
    return report


def reason(**changes: str) -> tuple[int, Reason, str]:
    """Why the row of these tests with other cells is not usable."""
    bad = to_seizure(Row(17, CELLS | changes), DIGEST)
    assert isinstance(bad, BadRow)
    return bad.line, bad.reason, bad.column


def test_reference() -> None:
    """The reference names content and line, so that importing twice makes the same reports."""
    assert seizure().our_reference == "IDS-56bb76859fbf-17"


def test_goods() -> None:
    """The amount keeps every digit; name and unit stay beside their codes."""
    (goods,) = seizure().goods
    assert (goods.group, goods.name) == (DrugGroup.HEROIN, "Heroin")
    assert (goods.quantity, goods.unit, goods.unit_as_written) == ("0.006999999999999999", Unit.KILOGRAM, "Kilogram")


def test_unknown_words_stay_as_written() -> None:
    """A word without a code is other, with the word."""
    report = seizure(DRUG_NAME="Zyx", DRUG_UNIT="Sack", HIDING_PLACE="Melon", INSTALLATION="Yurt")
    assert (report.goods[0].group, report.goods[0].name) == (DrugGroup.OTHER, "Zyx")
    assert (report.goods[0].unit, report.goods[0].unit_as_written) == (Unit.OTHER, "Sack")
    assert report.conveyances[0].mode is not None
    assert (report.conveyances[0].mode.code, report.conveyances[0].mode.as_written) == (TransportMode.OTHER, "Camel")
    assert report.concealment is not None
    assert report.concealment.hiding_place is not None
    assert report.concealment.hiding_place.code is HidingPlace.OTHER
    assert report.place is not None
    assert report.place.installation is not None
    assert report.place.installation.as_written == "Yurt"


def test_place() -> None:
    """The country is coded and stays as written; a line end becomes a space; misspelt sites are known."""
    report = seizure()
    assert report.country == "IQ"
    assert report.place is not None
    assert report.place.country == NamedCountry(code="IQ", as_written="Iraq (Kurdistan Region)")
    assert report.place.name == "Kapitan Andreevo BCP"
    assert report.place.installation is not None
    assert report.place.installation.code is Installation.POLICE_FACILITIES


def test_route() -> None:
    """An unknown country is left out; one that is no country stays as written."""
    route = seizure().route
    assert route is not None
    assert (route.origin, route.routing) == (None, None)
    assert route.departure == NamedCountry(code="TR", as_written="Turkey")
    assert route.destination == NamedCountry(as_written="Multiple Countries")


def test_empty_cells_leave_no_groups() -> None:
    """Cells without content make no empty groups."""
    empty = dict.fromkeys(["HIDING_PLACE", "TRANSPORT", "DEPARTURE_COUNTRY", "DESTINATION_COUNTRY"], "")
    report = seizure(**empty)
    assert (report.route, report.concealment, report.conveyances) == (None, None, ())


@pytest.mark.parametrize(
    ("amount", "quantity"),
    [
        ("490.0", "490.0"),
        ("0.0", "0.0"),
        ("1e-07", "0.0000001"),
        ("1.4000000000000001e-05", "0.000014000000000000001"),
        ("927611728.0", "927611728.0"),
        ("1E+3", "1000"),
        ("", None),
    ],
)
def test_amount_is_exact(amount: str, quantity: str | None) -> None:
    """An amount is written out in plain notation, digit by digit; an empty one is absent with its unit."""
    (goods,) = seizure(AMOUNT=amount).goods
    assert goods.quantity == quantity
    assert (goods.unit is None) == (quantity is None)


@pytest.mark.parametrize("amount", ["-1", "-0", "NaN", "sNaN", "inf", "1,5", "x", "1e15", "1e-999999", "1e999999999"])
def test_bad_amount(amount: str) -> None:
    """Negative, endless, absurd and unreadable amounts are reported."""
    assert reason(AMOUNT=amount) == (17, Reason.BAD_AMOUNT, "AMOUNT")


@pytest.mark.parametrize("day", ["", "2012-02-30", "21.01.2012", "20120121", "2012-1-2", "2012-01-21T00:00"])
def test_bad_date(day: str) -> None:
    """What is no day is reported."""
    assert reason(SEIZURE_DATE=day) == (17, Reason.BAD_DATE, "SEIZURE_DATE")


def test_other_bad_rows() -> None:
    """Missing names, unknown countries, early dates and endless texts are reported with their place."""
    assert reason(COUNTRY="Atlantis") == (17, Reason.UNKNOWN_COUNTRY, "COUNTRY")
    assert reason(COUNTRY="Unknown") == (17, Reason.UNKNOWN_COUNTRY, "COUNTRY")
    assert reason(DRUG_NAME=" ") == (17, Reason.NO_DRUG_NAME, "DRUG_NAME")
    assert reason(PLACE="x" * 256) == (17, Reason.TEXT_TOO_LONG, "name")
    assert reason(SEIZURE_DATE="1812-01-21") == (17, Reason.MALFORMED, "date")


def test_control_characters_are_shown() -> None:
    """A control character becomes a replacement character, so that a reader sees that something stood there."""
    place = seizure(PLACE="a\x01b\x9bc").place
    assert place is not None
    assert place.name == "a\N{REPLACEMENT CHARACTER}b\N{REPLACEMENT CHARACTER}c"


@given(st.fixed_dictionaries({column: st.text(max_size=40) for column in COLUMNS}), st.sampled_from(COLUMNS))
def test_any_row_is_a_report_or_a_reason(cells: dict[str, str], kept: str) -> None:
    """Whatever stands in the cells, a row is a report that can be sent or a reason."""
    for row in (Row(2, cells), Row(2, CELLS | {kept: cells[kept]})):
        report = to_seizure(row, DIGEST)
        assert isinstance(report, BadRow) or parse_report(encode_report(report)) == report


def test_demonstration_data() -> None:
    """The packaged extract is the one its page describes, all usable, with six countries in its first thousand."""
    folder = files("clients") / "demo" / "data"
    content = decompress((folder / "ids-caricc-2011-2014.csv.gz").read_bytes())
    assert hashlib.sha256(content).hexdigest() in (folder / "ORIGIN.md").read_text(encoding="utf-8")
    reports = [to_seizure(row, DIGEST) for row in read_rows(BytesIO(content)) if isinstance(row, Row)]
    assert len(reports) == content.count(b"\n") - 1
    assert not [report for report in reports if isinstance(report, BadRow)]
    first = {report.country for report in reports[:1000] if isinstance(report, SeizureReport)}
    assert first == {"KZ", "KG", "TJ", "TM", "UZ", "RU"}
