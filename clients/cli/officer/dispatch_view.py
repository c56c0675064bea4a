"""A dispatch at a terminal: how it is marked, its content, and what became of it, in colour where that is wanted."""

from __future__ import annotations

from typing import Any

from clients.actions.lists import SentReport
from clients.cli.ui import named_lines, paint
from clients.documents.columns import across
from clients.documents.dispatch_rows import mark_of, row_text, sent_row_text
from clients.documents.dispatch_texts import (
    delivery_texts,
    doubt_texts,
    own_answer_texts,
    receipt_texts,
    sent_texts,
)
from clients.documents.dispatches import status_text
from clients.documents.plain import WIDTH, field, wrap
from clients.documents.report_text import content_lines
from clients.documents.texts import _, label_of
from clients.mail.inbox import Delivery
from schemas.claims import lane_of
from schemas.labels import Precedence
from schemas.rules.status import may_be_real


def banner(status: str) -> list[str]:
    """The line that nobody can mistake, above and below what is not real, or may not be."""
    if status == "actual":
        return []
    word = status_text(status)
    colour = "red" if may_be_real(status) else "yellow"
    return [paint(across(word, WIDTH), fg="black", bg=colour, bold=True)]


def precedence_text(precedence: str) -> str:
    """How urgent it is; the urgent ones in capitals, and red."""
    word = label_of(Precedence, precedence)
    return paint(word.upper(), fg="red", bold=True) if lane_of(precedence) == "urgent" else word


def row(delivery: Delivery) -> str:
    """A dispatch that came, in one line of 80 columns."""
    if delivery.cover is None:
        return row_text(delivery)
    return _painted(row_text(delivery), delivery.cover.status, is_open=mark_of(delivery) == "!")


def sent_row(delivery: Delivery) -> str:
    """A dispatch that was sent, in one line of 80 columns: ``>`` and the first of its recipients."""
    if delivery.cover is None:
        return row(delivery)
    return _painted(sent_row_text(delivery), delivery.cover.status, is_open=False)


def _painted(text: str, status: str, *, is_open: bool) -> str:
    style: dict[str, Any] = {"fg": "red", "bold": True} if is_open else {}
    return paint(text, **(style if may_be_real(status) else {"fg": "yellow"}))


def delivery_lines(delivery: Delivery) -> list[str]:
    """A dispatch that came: everything on one screen."""
    status = delivery.cover.status if delivery.cover else "actual"
    lines = [*banner(status), *named_lines(delivery_texts(delivery)), *_report(delivery)]
    return [*lines, *named_lines(own_answer_texts(delivery)), *banner(status)]


def _report(delivery: Delivery) -> list[str]:
    if delivery.content is None:
        return [] if delivery.step is not None else field(_("Content"), _("this seat shows covers only"))
    doubts = [wrap(f"? {each.name}: {each.text}") for each in doubt_texts(delivery.report)]
    return ["-" * WIDTH, *content_lines(delivery.content), *doubts, "-" * WIDTH]


def sent_lines(report: SentReport) -> list[str]:
    """A dispatch that was sent: content, and what became of it at each recipient."""
    status = report.status.cover.status
    lines = [*banner(status), *named_lines(sent_texts(report))]
    if report.content is not None:
        lines += ["-" * WIDTH, *content_lines(report.content), "-" * WIDTH]
    return [*lines, *named_lines(receipt_texts(report)), *banner(status)]
