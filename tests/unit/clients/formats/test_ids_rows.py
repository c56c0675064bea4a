"""Rows of a seizures file: each is read or reported by its line, whatever stands between."""

from __future__ import annotations

import gzip
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients.formats.ids_rows import (
    COLUMNS,
    MAX_LINE_BYTES,
    MAX_RECORD_LINES,
    BadRow,
    MissingColumnError,
    Reason,
    Row,
    open_file,
    read_rows,
)

HEAD = ";".join(COLUMNS).encode() + b"\r\n"
GOOD = b"Bulgaria" + b";x" * (len(COLUMNS) - 1) + b"\r\n"


def read(content: bytes) -> list[Row | BadRow]:
    """All rows of a file."""
    return list(read_rows(io.BytesIO(content)))


def outline(content: bytes) -> list[tuple[int, str]]:
    """Line and outcome of each row of a file."""
    return [(row.line, row.reason.value if isinstance(row, BadRow) else "row") for row in read(content)]


@pytest.mark.parametrize("ending", [b"\r\n", b"\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("last", [b"\n", b""])
def test_spellings_of_a_file(ending: bytes, mark: bytes, last: bytes) -> None:
    """Byte order mark, either line ending and a last line without one make no difference."""
    content = mark + ending.join([HEAD.strip(), GOOD.strip(), GOOD.strip()]) + last
    rows = read(content)
    assert [row.line for row in rows] == [2, 3]
    assert all(
        isinstance(row, Row) and row.cells == dict.fromkeys(COLUMNS, "x") | {"COUNTRY": "Bulgaria"} for row in rows
    )


def test_columns_by_name() -> None:
    """Columns may come in another order and with others between."""
    names = ["REGION", *reversed(COLUMNS)]
    (row,) = read(";".join(names).encode() + b"\n" + ";".join(names).encode() + b"\n")
    assert isinstance(row, Row)
    assert all(row.cells[name] == name for name in names)


@pytest.mark.parametrize("content", [b"", b"\xff\n", b'"', HEAD.replace(b"AMOUNT", b"amount"), b"AMOUNT;" + HEAD])
def test_another_file(content: bytes) -> None:
    """A file without these columns, each once, is refused as a whole."""
    with pytest.raises(MissingColumnError):
        read(content)


def test_quoted_cells() -> None:
    """A quoted cell may hold separators, quotation marks and line ends; the row has its first line's number."""
    quoted = GOOD.replace(b";x;", b';"a ""b"";\r\nc";', 1)
    rows = read(HEAD + quoted + GOOD)
    assert [row.line for row in rows] == [2, 4]
    assert isinstance(rows[0], Row)
    assert rows[0].cells[COLUMNS[1]] == 'a "b";\r\nc'


def test_bad_rows_between_good_ones() -> None:
    """Each bad row is reported with its line and reason, and the rows after it are read."""
    content = HEAD + GOOD + b"a;b\n" + GOOD + b"\xff" + GOOD + GOOD + b"\n" + b"x" * (MAX_LINE_BYTES * 3) + b"\n" + GOOD
    assert outline(content) == [
        (2, "row"),
        (3, "wrong_columns"),
        (4, "row"),
        (5, "not_utf8"),
        (6, "row"),
        (7, "wrong_columns"),
        (8, "line_too_long"),
        (9, "row"),
    ]


def test_lone_quotation_mark() -> None:
    """A quotation mark that is never closed spoils its own row and no other."""
    lone = GOOD.replace(b";x;", b';"x;', 1)
    rows = outline(HEAD + GOOD + lone + GOOD * 100)
    assert rows.count((3, "bad_quotes")) == 1
    assert [kind for _, kind in rows].count("row") == 101
    assert [line for line, _ in rows] == list(range(2, 104))


def test_quoted_cell_of_too_many_lines() -> None:
    """A quoted cell runs over at most so many lines."""
    cell = b'"' + b"\n" * (MAX_RECORD_LINES - 1) + b'"'
    assert outline(HEAD + GOOD.replace(b";x;", b";" + cell + b";", 1)) == [(2, "row")]
    longer = b'"' + b"\n" * MAX_RECORD_LINES + b'"'
    assert outline(HEAD + GOOD.replace(b";x;", b";" + longer + b";", 1))[0] == (2, "bad_quotes")


TWO_LINES = GOOD.replace(b";x;", b';"x\n";', 1)


@given(st.lists(st.sampled_from([GOOD, TWO_LINES, b'a"b\n', b'a;"x\n', b"\xff\n", b"\n", b";\n"]), max_size=40))
def test_nothing_vanishes(records: list[bytes]) -> None:
    """Whatever stands between them, every record is found at its line, and every good one is a row."""
    starts = [2 + b"".join(records[:place]).count(b"\n") for place in range(len(records))]
    rows = read(HEAD + b"".join(records))
    assert [row.line for row in rows] == starts
    assert [isinstance(row, Row) for row in rows] == [record in (GOOD, TWO_LINES) for record in records]


@pytest.mark.parametrize("packed", [False, True])
def test_open_file(tmp_path: Path, packed: bool) -> None:
    """A packed file is told by its bytes, whatever its name."""
    path = tmp_path / "seizures"
    path.write_bytes(gzip.compress(HEAD + GOOD) if packed else HEAD + GOOD)
    with open_file(path) as stream:
        assert len(list(read_rows(stream))) == 1


@pytest.mark.parametrize("cut", [8, 30])
def test_damaged_file(tmp_path: Path, cut: int) -> None:
    """A packed file that breaks off gives the rows before the break, then says where it broke."""
    path = tmp_path / "seizures.csv.gz"
    whole = gzip.compress(HEAD + b"".join(GOOD.replace(b"x", f"{n * 7919}".encode()) for n in range(2000)))
    path.write_bytes(whole[: -len(whole) // 3 - cut])
    with open_file(path) as stream:
        *rows, last = read_rows(stream)
    assert rows
    assert all(isinstance(row, Row) for row in rows)
    assert last == BadRow(len(rows) + 2, Reason.FILE_DAMAGED)
