"""What the demonstration sends."""

from __future__ import annotations

from pathlib import Path

import pytest

from clients.demo.parties import FOCAL_POINTS
from clients.demo.rows import EXTRACT, line_ranges, load_rows
from tests.e2e.test_demo import HEADER


def test_the_packaged_rows_are_all_usable() -> None:
    """All 2,113 rows make reports, each of its own country's member; Azerbaijan has none."""
    rows = load_rows(EXTRACT, FOCAL_POINTS, None)
    assert rows.count == 2113
    assert (rows.unusable, rows.foreign) == ([], {})
    assert {member for member, reports in rows.reports.items() if not reports} == {"AZ/NFP"}
    assert all(report.country == member[:2] for member, reports in rows.reports.items() for report in reports)


def test_few_rows_are_taken_from_the_countries_in_turn() -> None:
    """Of few rows every country that has some gets its share."""
    rows = load_rows(EXTRACT, FOCAL_POINTS, 12)
    assert {member[:2]: len(reports) for member, reports in rows.reports.items()} == {
        "KZ": 2, "KG": 2, "TJ": 2, "TM": 2, "UZ": 2, "AZ": 0, "RU": 2,
    }  # fmt: skip


def test_nothing_vanishes(tmp_path: Path) -> None:
    """Every row is a report, an unusable row with its reason, or a row of a country without a member."""
    good, foreign = "Uzbekistan;;;2012-01-01;Opium;2;Gram;;;;;;;", "Peru;;;2012-01-01;Cocaine;2;Gram;;;;;;;"
    lines = [good, foreign, good.replace("2;Gram", "much;Gram"), foreign, foreign, good]
    file = tmp_path / "rows.csv"
    file.write_text(HEADER + "".join(f"{line}\n" for line in lines))
    rows = load_rows(file, FOCAL_POINTS, None)
    assert rows.count == 2
    assert [(bad.line, bad.column) for bad in rows.unusable] == [(4, "AMOUNT")]
    assert rows.foreign == {"PE": [3, 5, 6]}


@pytest.mark.parametrize(("lines", "ranges"), [([7], ["7"]), ([2, 3, 4], ["2-4"]), ([2, 4, 5, 9], ["2", "4-5", "9"])])
def test_line_numbers_are_said_in_ranges(lines: list[int], ranges: list[str]) -> None:
    """Neighbouring lines become one range, and no line is left out."""
    assert list(line_ranges(lines)) == ranges
