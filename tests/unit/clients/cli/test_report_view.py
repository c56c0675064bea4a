"""A report as a person reads it."""

from __future__ import annotations

from clients.cli.officer.report_view import report_lines
from schemas.reports import WarningReport

WARNING = {"our_reference": "KZ-1", "summary": "und", "requested_action": {"code": "stop"}}


def test_language_is_shown_where_it_was_said() -> None:
    """A language that nobody named has no line; one that was named has, and a text that reads like none stays."""
    silent = report_lines(WarningReport.model_validate(WARNING))
    named = report_lines(WarningReport.model_validate(WARNING | {"language": "de"}))
    assert silent == ["our reference: KZ-1", "summary: und", "requested action: Stop the shipment"]
    assert named == [silent[0], "language: de", *silent[1:]]
