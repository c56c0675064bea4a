"""Which rows of a file a member may send as its own seizure reports; pure.

A member reports the seizures of its own country. Rows of others are counted, never sent. A row
that Serai has exported says of itself how it was marked and whose it was: an exercise cannot
become a real alert through a file, nor the report of one member that of another.
"""

from __future__ import annotations

from dataclasses import dataclass

from clients.formats.ids_columns import RowMarks, read_marks
from clients.formats.ids_rows import BadRow, Reason, Row
from clients.formats.unodc import country_of, to_seizure
from schemas.addresses import Address, domain_of
from schemas.reports import SeizureReport


@dataclass(frozen=True, slots=True)
class Importer:
    """Who imports what.

    Attributes:
        member: whose reports they become.
        status: how they will be marked.
        content: digest of the file's content, hexadecimal.
    """

    member: Address
    status: str
    content: str


@dataclass(frozen=True, slots=True)
class Ours:
    """A row that becomes a report.

    Attributes:
        line: number of its first line.
        report: the report.
        digest: of the dispatch that it was when it was exported; empty if it was none.
    """

    line: int
    report: SeizureReport
    digest: str = ""

    @property
    def text(self) -> str:
        """What it says, whatever file and line it is in."""
        return self.report.model_dump_json(exclude={"our_reference"}, exclude_none=True)


@dataclass(frozen=True, slots=True)
class NotOurs:
    """A row of somebody else.

    Attributes:
        line: number of its first line.
        whose: country code, or the member that had sent it.
    """

    line: int
    whose: str


@dataclass(frozen=True, slots=True)
class UnusableRow:
    """A row of which no report can be made.

    Attributes:
        fault: which line, which column, why.
        row: the row, if it could be read.
    """

    fault: BadRow
    row: Row | None = None


def judge_row(row: Row | BadRow, by: Importer) -> Ours | NotOurs | UnusableRow:
    """What becomes of a row.

    Args:
        row: from `clients.formats.ids_rows.read_rows`.
        by: who imports it.
    """
    if isinstance(row, BadRow):
        return UnusableRow(row)
    marks = read_marks(row.cells)
    whose = _stranger(row, marks, by.member)
    if whose is not None:
        return NotOurs(row.line, whose)
    if marks.status not in ("", by.status):
        return UnusableRow(BadRow(row.line, Reason.OTHER_STATUS, "SERAI_STATUS"), row)
    report = to_seizure(row, by.content)
    return UnusableRow(report, row) if isinstance(report, BadRow) else Ours(row.line, report, marks.digest)


def _stranger(row: Row, marks: RowMarks, member: Address) -> str | None:
    country = country_of(row)
    if country is not None and country != domain_of(member):
        return country
    if marks.sender and not f"{marks.sender}/".startswith(f"{member}/"):
        return marks.sender
    return None
