"""Files of UNODC Individual Drug Seizures: rows from bytes.

A file has one line for each seizure, sixteen columns named in its first line, separated
by semicolons, in UTF-8. It is read as a stream of bounded lines. What cannot be read
becomes a `BadRow` that says which line and why: nothing vanishes.
"""

# ruff: noqa: RUF001 - Russian words contain letters that look Latin

from __future__ import annotations

import csv
import gzip
import zlib
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from schemas.labels import CodedValue

MAX_LINE_BYTES = 16_384
"""Longest line that is taken."""

MAX_RECORD_LINES = 16
"""Most lines over which a quoted cell may run."""

COLUMNS = (
    "COUNTRY",
    "ADMINISTRATIVE_DIVISION",
    "PLACE",
    "SEIZURE_DATE",
    "DRUG_NAME",
    "AMOUNT",
    "DRUG_UNIT",
    "HIDING_PLACE",
    "INSTALLATION",
    "TRANSPORT",
    "PRODUCING_COUNTRY",
    "DEPARTURE_COUNTRY",
    "DESTINATION_COUNTRY",
    "ROUTING",
)
"""Columns that a file must have, in any order; others are let be."""

_UNREADABLE = (EOFError, OSError, zlib.error)


class Reason(CodedValue):
    """Why a row cannot be used."""

    WRONG_COLUMNS = "wrong_columns", "Not as many cells as columns", "Число ячеек не равно числу столбцов"
    LINE_TOO_LONG = "line_too_long", "Line too long", "Слишком длинная строка"
    NOT_UTF8 = "not_utf8", "Not UTF-8", "Не UTF-8"
    BAD_QUOTES = "bad_quotes", "Quotation marks do not match", "Кавычки не согласованы"
    FILE_DAMAGED = "file_damaged", "The file cannot be read further", "Дальше файл не читается"
    BAD_DATE = "bad_date", "Not a date", "Неверная дата"
    BAD_AMOUNT = "bad_amount", "Not an amount", "Неверное количество"
    UNKNOWN_COUNTRY = "unknown_country", "Country not known", "Неизвестная страна"
    NO_DRUG_NAME = "no_drug_name", "No drug name", "Не указано вещество"
    TEXT_TOO_LONG = "text_too_long", "Text too long", "Слишком длинный текст"
    MALFORMED = "malformed", "Does not make a report", "Не образует сообщения"
    OTHER_STATUS = "other_status", "Marked otherwise than what would be sent", "Помечено иначе, чем отправляемое"


class MissingColumnError(ValueError):
    """The first line of a file does not name a column once.

    Args:
        column: its name.
    """

    def __init__(self, column: str) -> None:
        super().__init__(f"no column {column}")
        self.column = column


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot be used.

    Attributes:
        line: number of its first line; the line of column names is 1.
        reason: why.
        column: column, or field of the report, at fault; empty if it is the whole row.
    """

    line: int
    reason: Reason
    column: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A row as it stands in the file.

    Attributes:
        line: number of its first line; the line of column names is 1.
        cells: text by column name.
    """

    line: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    data: bytes
    fault: Reason | None = None


class _Lines:
    """Numbered lines of a stream, with a way to give some back."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._number = 0
        self._ended = False
        self._given_back: deque[_Line] = deque()

    def take(self) -> _Line | None:
        if self._given_back:
            return self._given_back.popleft()
        if self._ended:
            return None
        self._number += 1
        try:
            return self._read()
        except _UNREADABLE:
            self._ended = True
            return _Line(self._number, b"", Reason.FILE_DAMAGED)

    def give_back(self, lines: list[_Line]) -> None:
        self._given_back.extendleft(reversed(lines))

    def _read(self) -> _Line | None:
        data = self._stream.readline(MAX_LINE_BYTES + 1)
        if not data:
            self._ended = True
            return None
        if len(data) <= MAX_LINE_BYTES or data.endswith(b"\n"):
            return _Line(self._number, data)
        while (rest := self._stream.readline(MAX_LINE_BYTES)) and not rest.endswith(b"\n"):
            pass
        return _Line(self._number, b"", Reason.LINE_TOO_LONG)


def open_file(path: Path) -> BinaryIO:
    """The content of a file, unpacked if it is gzip (told by its first bytes, not its name).

    Raises:
        OSError: if it cannot be opened.
    """
    with path.open("rb") as stream:
        packed = stream.read(2) == b"\x1f\x8b"
    return cast(BinaryIO, gzip.open(path)) if packed else path.open("rb")


def read_rows(stream: BinaryIO) -> Iterator[Row | BadRow]:
    """The rows of a file in order, in memory bounded by `MAX_LINE_BYTES` and `MAX_RECORD_LINES`.

    Args:
        stream: unpacked content, from `open_file`.

    Raises:
        MissingColumnError: the first line does not name all `COLUMNS`.
    """
    lines = _Lines(stream)
    columns = _read_columns(lines)
    while (first := lines.take()) is not None:
        yield _read_row(first, lines, columns)


def _read_columns(lines: _Lines) -> list[str]:
    first = lines.take()
    try:
        columns = _split(first.data.removeprefix(b"\xef\xbb\xbf")) if first else []
    except (UnicodeDecodeError, csv.Error):
        columns = []
    missing = [column for column in COLUMNS if columns.count(column) != 1]
    if missing:
        raise MissingColumnError(missing[0])
    return columns


def _read_row(first: _Line, lines: _Lines, columns: list[str]) -> Row | BadRow:
    if first.fault:
        return BadRow(first.number, first.fault)
    try:
        cells = _read_cells(first, lines)
    except UnicodeDecodeError:
        return BadRow(first.number, Reason.NOT_UTF8)
    except csv.Error:
        return BadRow(first.number, Reason.BAD_QUOTES)
    if len(cells) != len(columns):
        return BadRow(first.number, Reason.WRONG_COLUMNS)
    return Row(first.number, dict(zip(columns, cells, strict=True)))


def _read_cells(first: _Line, lines: _Lines) -> list[str]:
    data = first.data
    taken: list[_Line] = []
    while True:
        try:
            return _split(data)
        except (UnicodeDecodeError, csv.Error) as error:
            # Either a quoted cell goes on in the next line, or this line alone is bad:
            # then those after it are rows of their own.
            more = lines.take() if isinstance(error, csv.Error) and len(taken) + 1 < MAX_RECORD_LINES else None
            if more is None or more.fault:
                lines.give_back([*taken, more] if more else taken)
                raise
            taken.append(more)
            data += more.data


def _split(data: bytes) -> list[str]:
    text = data.decode("utf-8").removesuffix("\n").removesuffix("\r")
    if '"' not in text:
        return text.split(";")
    return next(csv.reader([text], delimiter=";", strict=True))
