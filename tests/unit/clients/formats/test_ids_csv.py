"""Seizure reports as rows, and back."""

from __future__ import annotations

import csv
from importlib.resources import files
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients.formats.ids_columns import FAULTS, MARKS, arm, defuse, read_marks
from clients.formats.ids_csv import UNODC_COLUMNS, encode_rows, holds_more, to_rows
from clients.formats.ids_rows import Row, open_file, read_rows
from clients.formats.unodc import to_seizure
from schemas.reports import SeizureReport

MINIMAL: dict[str, Any] = {
    "our_reference": "KZ-77",
    "date": "2026-11-24",
    "country": "KZ",
    "goods": [{"group": "heroin", "name": "Heroin", "quantity": "2.5", "unit": "kilogram"}],
}


def seizure(**changes: Any) -> SeizureReport:
    """A small report with other members."""
    return SeizureReport.model_validate({**MINIMAL, **changes})


def real_rows() -> list[Row]:
    """The rows that come with the project."""
    path = files("clients.demo") / "data" / "ids-caricc-2011-2014.csv.gz"
    with open_file(path) as stream:  # type: ignore[arg-type]
        return [row for row in read_rows(stream) if isinstance(row, Row)]


def written(rows: list[dict[str, str]]) -> bytes:
    """A file of rows as they are exported."""
    columns = [*UNODC_COLUMNS, *MARKS]
    return encode_rows(columns, [dict(zip(columns, columns, strict=True)), *rows])


def read_back(data: bytes) -> list[SeizureReport]:
    """The reports of a file."""
    reports = [to_seizure(row, "0" * 64) for row in read_rows(BytesIO(data)) if isinstance(row, Row)]
    return [report for report in reports if isinstance(report, SeizureReport)]


def test_real_rows_come_back_the_same() -> None:
    """Every report of the real file, written and read again, is the same report, with the reference it had."""
    reports = [report for row in real_rows() if isinstance(report := to_seizure(row, "f" * 64), SeizureReport)]
    assert len(reports) > 2000
    rows = [{**to_rows(report)[0], "SERAI_REFERENCE": report.our_reference} for report in reports]
    assert read_back(written(rows)) == reports
    assert not any(holds_more(report) for report in reports)


def test_columns_are_those_of_the_real_file() -> None:
    """The columns have the names and the order of UNODC's file; what is Serai's comes after."""
    path = files("clients.demo") / "data" / "ids-caricc-2011-2014.csv.gz"
    with open_file(path) as stream:  # type: ignore[arg-type]
        assert stream.readline().decode().strip().split(";") == list(UNODC_COLUMNS)
    assert written([]) == ";".join([*UNODC_COLUMNS, *MARKS]).encode() + b"\r\n"


def test_typed_report_keeps_what_was_said() -> None:
    """A report without words of its own gets the words of its codes, and is read back with the same codes."""
    report = seizure(
        place={"installation": {"code": "checkpoint"}},
        route={"origin": {"code": "AF"}},
        conveyances=[{"mode": {"code": "rail"}}],
    )
    (row,) = to_rows(report)
    assert (row["COUNTRY"], row["DRUG_UNIT"], row["PRODUCING_COUNTRY"]) == ("Kazakhstan", "Kilogram", "Afghanistan")
    (back,) = read_back(written([row]))
    assert back.place is not None
    assert back.place.installation is not None
    assert (back.country, back.date, back.goods[0].unit) == ("KZ", "2026-11-24", report.goods[0].unit)
    assert back.place.installation.code.value == "checkpoint"
    assert not holds_more(report)


def test_word_that_names_another_unit_gives_way() -> None:
    """Where the sender's word for the unit would be read as another unit, the code's own word is written."""
    goods = {"group": "heroin", "name": "Heroin", "quantity": "2", "unit": "kilogram", "unit_as_written": "sack"}
    (row,) = to_rows(seizure(goods=[goods]))
    assert row["DRUG_UNIT"] == "Kilogram"


def test_word_that_names_another_country_gives_way() -> None:
    """The country of a row is that of the seizure, also if the place says another."""
    (row,) = to_rows(seizure(place={"country": {"code": "UZ", "as_written": "Uzbekistan"}}))
    assert row["COUNTRY"] == "Kazakhstan"


def test_each_kind_of_goods_has_a_row() -> None:
    """A report of two kinds of goods becomes two rows."""
    goods = [{"group": "opium", "name": "Opium"}, {"group": "heroin", "name": "Heroin"}]
    rows = to_rows(seizure(goods=goods))
    assert [(row["DRUG_NAME"], row["AMOUNT"], row["DRUG_UNIT"]) for row in rows] == [
        ("Opium", "", ""),
        ("Heroin", "", ""),
    ]


@pytest.mark.parametrize(
    "more",
    [
        {"summary": "In the wheel."},
        {"date": "2026-11-24T03:00Z"},
        {"persons": [{"count": 2}]},
        {"conveyances": [{"mode": {"code": "rail"}}, {"mode": {"code": "river"}}]},
        {"conveyances": [{"name": "MV Some"}]},
        {"goods": [{"group": "heroin", "name": "Heroin", "purity_percent": "60"}]},
    ],
)
def test_what_has_no_column_is_told(more: dict[str, Any]) -> None:
    """A report that says more than a row has room for says so."""
    assert holds_more(seizure(**more))


@given(st.text(alphabet="'=+-@\t\r\n\uff1dx ;,|\"") | st.text())
def test_defused_cell_comes_back(text: str) -> None:
    """No cell is one that a spreadsheet runs, and each comes back as it was."""
    assert not defuse(text).startswith(("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20"))
    assert arm(defuse(text)) == text


def test_formulas_are_defused_in_the_file() -> None:
    """A place that is a formula, or looks like a defused one, is text in the file, and comes back."""
    for place in ('=HYPERLINK("x")', "-5", "'=1", "@SUM(1)", "'quoted", "+7 727"):
        report = seizure(place={"country": {"code": "KZ", "as_written": "Kazakhstan"}, "name": place})
        (row,) = to_rows(report)
        data = written([{**row, "SERAI_REFERENCE": "=KZ;1"}])
        cells = next(each for each in read_rows(BytesIO(data)) if isinstance(each, Row)).cells
        assert not any(cell.startswith(("=", "+", "-", "@")) for cell in cells.values())
        (back,) = read_back(data)
        assert (back.place, back.our_reference) == (report.place, "=KZ;1")


def test_foreign_file_is_taken_literally() -> None:
    """An apostrophe before a minus in a file that Serai did not write is part of the text."""
    columns = [*UNODC_COLUMNS]
    row = {**to_rows(seizure())[0], "PLACE": "'- Aul"}
    text = ";".join(columns) + "\n" + ";".join(row[column] for column in columns) + "\n"
    (report,) = read_back(text.encode())
    assert report.place is not None
    assert report.place.name == "'- Aul"


def test_file_of_refused_rows_is_one_of_ours() -> None:
    """Cells of a file of refused rows, mended, are read as what they were before they were defused."""
    columns = [*UNODC_COLUMNS, *FAULTS]
    row = {**to_rows(seizure())[0], "PLACE": "- Aul", "SERAI_LINE": "7"}
    data = encode_rows(columns, [dict(zip(columns, columns, strict=True)), row])
    assert b"'- Aul" in data
    (report,) = read_back(data)
    assert report.place is not None
    assert report.place.name == "- Aul"


def test_marks_of_a_foreign_row_are_empty() -> None:
    """A row without Serai's columns says nothing of a dispatch."""
    assert read_marks({"PLACE": "x"}) == read_marks({"SERAI_STATUS": " "})


@pytest.mark.parametrize("place", ["Aul,=1+1,", 'Aul, "=1+1",', "Aul,@SUM(1),x", "Aul,'=1", "a,b,- c"])
@pytest.mark.parametrize("sign", [",", ";", "|"])
def test_no_formula_for_other_signs_between_cells(place: str, sign: str) -> None:
    """No cell is a formula for a spreadsheet that divides cells at another sign than ours, and all come back."""
    report = seizure(place={"country": {"code": "KZ", "as_written": "Kazakhstan"}, "name": place.replace(",", sign)})
    data = written([{**to_rows(report)[0], "SERAI_REFERENCE": "KZ-1"}])
    cells = [cell for row in csv.reader(data.decode().splitlines(), delimiter=sign) for cell in row]
    assert not [cell for cell in cells if cell.lstrip(' "').startswith(("=", "+", "-", "@"))]
    assert [back.place for back in read_back(data)] == [report.place]
