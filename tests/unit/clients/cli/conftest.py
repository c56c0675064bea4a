"""What commands work with."""

from __future__ import annotations

from pathlib import Path

import pytest

from clients.ids_rows import COLUMNS
from tests.support.counter import Counter
from tests.support.desk import Desk, ScriptedHub

ROW = {
    "COUNTRY": "Kazakhstan",
    "PLACE": "Korday",
    "SEIZURE_DATE": "2026-11-02",
    "DRUG_NAME": "Heroin",
    "AMOUNT": "2.5",
    "DRUG_UNIT": "Kilogram",
}


def file_text(*changes: dict[str, str]) -> str:
    """A file of seizures, one row for each of these changes to a row of Kazakhstan."""
    rows = [{**ROW, **each} for each in changes]
    more = list(dict.fromkeys(name for row in rows for name in row if name not in COLUMNS))
    columns = [*COLUMNS, *more]
    return "\n".join([";".join(columns), *(";".join(row.get(name, "") for name in columns) for row in rows), ""])


@pytest.fixture
def counter(kz: Desk, hub: ScriptedHub) -> Counter:
    """KZ's counter."""
    return Counter(kz, hub)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Five seizures of Kazakhstan, one of Uzbekistan, one that is not usable."""
    path = tmp_path / "seizures.csv"
    ours = [{"AMOUNT": str(number)} for number in range(1, 6)]
    path.write_text(file_text(*ours[:3], {"COUNTRY": "Uzbekistan"}, {"SEIZURE_DATE": "soon"}, *ours[3:]))
    return path
