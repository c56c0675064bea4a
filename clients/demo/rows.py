"""What the demonstration sends: seizure reports from a UNODC file, by the country that made them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain, islice, zip_longest
from pathlib import Path
from typing import Final

from clients.actions.progress import Work, silent
from clients.actions.seizure_file import digest_file, rows_of
from clients.formats.ids_rows import BadRow, Row
from clients.formats.unodc import to_seizure
from schemas.addresses import Address, domain_of
from schemas.reports import SeizureReport

EXTRACT: Final = Path(__file__).parent / "data" / "ids-caricc-2011-2014.csv.gz"
"""The rows that come with the project; their origin lies beside them."""


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a file.

    Attributes:
        reports: what is to be sent, by the member that sends it.
        unusable: rows that do not make a report.
        foreign: line numbers of rows of countries without a member here, by country code.
    """

    reports: Mapping[Address, list[SeizureReport]]
    unusable: list[BadRow] = field(default_factory=list)
    foreign: dict[str, list[int]] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """How many reports there are."""
        return sum(len(reports) for reports in self.reports.values())


def load_rows(path: Path, members: tuple[Address, ...], most: int | None) -> Rows:
    """Read a whole file.

    Args:
        path: a UNODC file, plain or gzip.
        members: focal points, each of its own country.
        most: at most so many reports, taken from the countries in turn; all if ``None``.

    Raises:
        OSError: it cannot be read.
        ClientError: it is damaged, or no such file.
    """
    by_country = {domain_of(member): member for member in members}
    rows = Rows({member: [] for member in members})
    digest = digest_file(path, silent)
    for row in rows_of(path, Work.READING, silent):
        _sort(row, digest, by_country, rows)
    return rows if most is None else _first(rows, most)


def _sort(row: Row | BadRow, digest: str, by_country: Mapping[str, Address], rows: Rows) -> None:
    report = to_seizure(row, digest) if isinstance(row, Row) else row
    if isinstance(report, BadRow):
        rows.unusable.append(report)
    elif report.country in by_country:
        rows.reports[by_country[report.country]].append(report)
    else:
        rows.foreign.setdefault(report.country, []).append(row.line)


def _first(rows: Rows, most: int) -> Rows:
    columns = ([(member, report) for report in reports] for member, reports in rows.reports.items())
    in_turn = (pair for pair in chain.from_iterable(zip_longest(*columns)) if pair is not None)
    chosen: dict[Address, list[SeizureReport]] = {member: [] for member in rows.reports}
    for member, report in islice(in_turn, most):
        chosen[member].append(report)
    return Rows(chosen, rows.unusable, rows.foreign)


def line_ranges(lines: list[int]) -> Iterator[str]:
    """Line numbers in order as ranges: ``2-14``, ``17``."""
    start = last = lines[0]
    for line in [*lines[1:], 0]:
        if line != last + 1:
            yield str(start) if start == last else f"{start}-{last}"
            start = line
        last = line
