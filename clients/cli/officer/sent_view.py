"""A dispatch that was sent, in one line of a terminal."""

from __future__ import annotations

from clients.actions.lists import SentReport
from clients.cli.ui import paint
from clients.documents.plain import WIDTH
from clients.documents.sent_rows import sent_row
from schemas.rules.status import may_be_real


def sent_line(report: SentReport) -> str:
    """In 80 columns, red as long as it is urgent and not done."""
    cover = report.status.cover
    is_red = not report.is_done and cover.lane() == "urgent" and may_be_real(cover.status)
    return paint(sent_row(report, WIDTH), **({"fg": "red", "bold": True} if is_red else {}))
