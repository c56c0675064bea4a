"""Seizures that tests import and export."""

from __future__ import annotations

from typing import Any

from clients.formats.ids_rows import COLUMNS
from clients.mail.compose import DispatchDraft, Ref
from schemas.addresses import Address
from schemas.reports import SeizureReport, encode_report
from tests.support.desk import Desk

ROW = {
    "COUNTRY": "Kazakhstan",
    "PLACE": "Korday",
    "SEIZURE_DATE": "2026-11-02",
    "DRUG_NAME": "Heroin",
    "AMOUNT": "2.5",
    "DRUG_UNIT": "Kilogram",
}

SEIZURE: dict[str, Any] = {
    "our_reference": "=KZ-9",
    "date": "2026-11-24",
    "country": "KZ",
    "place": {"country": {"code": "KZ", "as_written": "Kazakhstan"}, "name": '- Aul; "Korday"'},
    "goods": [
        {"group": "heroin", "name": "Heroin", "quantity": "2.5", "unit": "kilogram", "unit_as_written": "Kilogram"}
    ],
}


def file_text(*changes: dict[str, str]) -> str:
    """A file of seizures, one row for each of these changes to a row of Kazakhstan."""
    rows = [{**ROW, **each} for each in changes]
    more = list(dict.fromkeys(name for row in rows for name in row if name not in COLUMNS))
    columns = [*COLUMNS, *more]
    return "\n".join([";".join(columns), *(";".join(row.get(name, "") for name in columns) for row in rows), ""])


def send_seizure(kz: Desk, refs: tuple[tuple[str, int], ...] = (), status: str = "actual", **changes: Any) -> int:
    """KZ sends a seizure report; gives its row in the outbox."""
    report = SeizureReport.model_validate({**SEIZURE, **changes})
    draft = DispatchDraft(
        content=encode_report(report).decode(),
        kind="seizure",
        to=(Address("UZ/NFP"),),
        iss=Address("KZ/NFP/DUTY-1"),
        status=status,
        precedence="routine",
        handling="H2",
        refs=tuple(Ref(rel, kz.digest_of(row)) for rel, row in refs),
    )
    (row,) = kz.sender.draft([draft])
    kz.flush()
    kz.sync()
    return row


def receive_warning(kz: Desk, uz: Desk, status: str = "actual") -> None:
    """UZ sends a warning, and KZ has it then."""
    uz.send("KZ/NFP", reference="UZ-1", status=status, precedence="flash")
    uz.flush()
    kz.sync()
