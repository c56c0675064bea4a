"""Dispatches on sheets of paper: every sheet says what it is, how it is marked, and who printed it."""

from __future__ import annotations

from collections.abc import Iterator

from clients.actions.client import Client
from clients.actions.lists import sent_report
from clients.actions.printing import PrintedDispatch, Printout
from clients.documents.columns import across
from clients.documents.dispatch_texts import (
    delivery_texts,
    doubt_texts,
    own_answer_texts,
    receipt_texts,
    sent_texts,
)
from clients.documents.dispatches import status_text
from clients.documents.named import field_lines
from clients.documents.paper import sheets
from clients.documents.plain import WIDTH, clean, field, utc, wrap
from clients.documents.report_text import content_lines
from clients.documents.texts import _, label_of
from clients.mail.inbox import Delivery
from schemas.labels import HandlingCode


def printed_text(client: Client, chosen: Printout) -> str:
    """All sheets, each with a form feed at its end."""
    return "".join(sheet for each in chosen.dispatches for sheet in _sheets(client, each, chosen))


def _sheets(client: Client, each: PrintedDispatch, chosen: Printout) -> Iterator[str]:
    marking = status_text(each.cover.status)
    head = [f"{f'*** {marking} ***':^{WIDTH}}".rstrip()] if each.cover.status != "actual" else []
    head += [f"{each.number}  {label_of(HandlingCode, each.handling)}"]
    if chosen.permission:
        head += field(_("Permitted"), clean(chosen.permission))
    foot = _("Printed by {who}, {time}; {number}, sheet {{page}} of {{pages}}").format(
        who=chosen.by, time=utc(chosen.at_ms), number=each.number
    )
    banner = [across(marking, WIDTH)] if each.cover.status != "actual" else []
    lines = _sent_lines(client, each.delivery) if each.sent_by_us else _lines(each.delivery)
    yield from sheets([*banner, *lines, *banner], head, foot)


def _lines(delivery: Delivery) -> list[str]:
    """What came, without a colour."""
    lines = field_lines(delivery_texts(delivery))
    if delivery.content is not None:
        doubts = [wrap(f"? {each.name}: {each.text}") for each in doubt_texts(delivery.report)]
        lines += ["-" * WIDTH, *content_lines(delivery.content), *doubts, "-" * WIDTH]
    elif delivery.step is None:
        lines += field(_("Content"), _("this seat shows covers only"))
    return [*lines, *field_lines(own_answer_texts(delivery))]


def _sent_lines(client: Client, delivery: Delivery) -> list[str]:
    """What was sent, and what became of it."""
    report = sent_report(client, delivery, is_done=not client.store.outcomes.is_missing(delivery.digest, "done"))
    lines = field_lines(sent_texts(report))
    if report.content is not None:
        lines += ["-" * WIDTH, *content_lines(report.content), "-" * WIDTH]
    return [*lines, *field_lines(receipt_texts(report))]
