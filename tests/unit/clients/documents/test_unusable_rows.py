"""Rows of which no report can be made, in words and in a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from clients.documents.unusable_rows import remedy, write_unusable
from clients.errors import LocalCode
from clients.formats.ids_columns import RowMarks, read_marks
from clients.formats.ids_import import Importer, NotOurs, Ours, UnusableRow, judge_row
from clients.formats.ids_rows import BadRow, Reason, Row, open_file, read_rows
from schemas.addresses import Address
from tests.support.refusals import refused
from tests.unit.clients.formats.test_unodc import CELLS

BAD = Row(7, {**CELLS, "COUNTRY": "Kazakhstan", "PLACE": "=Aul", "AMOUNT": "5 kg"})
SOURCE = Path(__file__)
FAULTS = [UnusableRow(BadRow(7, Reason.BAD_AMOUNT, "AMOUNT"), BAD), UnusableRow(BadRow(9, Reason.NOT_UTF8))]


def test_mended_file_can_be_imported(tmp_path: Path) -> None:
    """The file has the row as it was and what is wrong with it; mended there, it is a file that can be imported."""
    path = tmp_path / "mend.csv"
    write_unusable(path, FAULTS, SOURCE)
    assert path.stat().st_mode & 0o777 == 0o600
    text = path.read_text()
    assert ";7;AMOUNT;Not an amount;" in text
    assert ";9;;Not UTF-8;" in text
    path.write_text(text.replace("5 kg", "5"))
    with open_file(path) as stream:
        judged = [judge_row(row, Importer(Address("KZ/NFP"), "actual", "0" * 64)) for row in read_rows(stream)]
    assert isinstance(judged[0], Ours)
    assert judged[0].report.place is not None
    assert judged[0].report.place.name == "=Aul"
    assert isinstance(judged[1], UnusableRow)


def test_only_an_older_list_is_replaced(tmp_path: Path) -> None:
    """The same command, typed again, replaces its own file; a file of anybody else stays as it is."""
    path = tmp_path / "mend.csv"
    write_unusable(path, FAULTS, SOURCE)
    write_unusable(path, FAULTS[:1], SOURCE)
    assert "9;;" not in path.read_text()
    path.write_text("mine")
    with refused(LocalCode.OUTPUT_EXISTS, "there already"):
        write_unusable(path, FAULTS, SOURCE)
    assert path.read_text() == "mine"


def test_row_of_an_own_file_is_defused_once(tmp_path: Path) -> None:
    """A row of a file that Serai has written is refused as it was meant, not with a second apostrophe."""
    row = Row(3, {**BAD.cells, "PLACE": "'=Aul", "SERAI_STATUS": "exercise"})
    write_unusable(tmp_path / "mend.csv", [UnusableRow(BadRow(3, Reason.OTHER_STATUS, "SERAI_STATUS"), row)], SOURCE)
    assert ";'=Aul;" in (tmp_path / "mend.csv").read_text()


def test_refused_row_keeps_its_marks(tmp_path: Path) -> None:
    """A row of an exercise, or of another member, that was refused is that in the list too."""
    path = tmp_path / "mend.csv"
    marks = {"SERAI_STATUS": "exercise", "SERAI_SENDER": "KZ/NFP", "SERAI_REFERENCE": "KZ-1", "SERAI_DIGEST": "-" * 43}
    rows = [Row(3, {**BAD.cells, "AMOUNT": "5", **marks}), Row(4, {**BAD.cells, **marks, "SERAI_SENDER": "UZ/NFP"})]
    by = Importer(Address("KZ/NFP"), "actual", "0" * 64)
    write_unusable(
        path, [UnusableRow(BadRow(row.line, Reason.OTHER_STATUS, "SERAI_STATUS"), row) for row in rows], SOURCE
    )
    with open_file(path) as stream:
        read = list(read_rows(stream))
    exercise, theirs = (judge_row(row, by) for row in read)
    assert isinstance(exercise, UnusableRow)
    assert exercise.fault.reason is Reason.OTHER_STATUS
    assert theirs == NotOurs(3, "UZ/NFP")
    assert isinstance(read[0], Row)
    assert read_marks(read[0].cells) == RowMarks(*marks.values())


def test_list_that_is_imported_is_not_replaced(tmp_path: Path) -> None:
    """A mended list is not written over while it is imported itself: what was mended would be gone."""
    path = tmp_path / "mend.csv"
    write_unusable(path, FAULTS, SOURCE)
    before = path.read_bytes()
    with refused(LocalCode.OUTPUT_EXISTS, "there already"):
        write_unusable(path, FAULTS[:1], path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("reason", list(Reason))
def test_every_reason_has_a_remedy(reason: Reason) -> None:
    """Whatever is wrong with a row, something can be done about it."""
    assert remedy(reason).endswith(".")
