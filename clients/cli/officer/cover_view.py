"""What is about to be sent, as a person sees it before it goes: to whom, how marked, what it says."""

from __future__ import annotations

from collections.abc import Sequence

from clients.actions.client import Client
from clients.cli.officer.dispatch_view import banner, precedence_text
from clients.documents.cover_texts import addressed_texts, marked_texts
from clients.documents.named import field_lines
from clients.documents.plain import WIDTH, wrap
from clients.documents.report_text import report_lines
from clients.documents.texts import _, label
from clients.mail.cover import Cover
from schemas.labels import CodedValue
from schemas.reports import ReportModel
from schemas.reports.review import review_report


def preview(
    client: Client, report: ReportModel, cover: Cover, also: Sequence[str] = (), before: Sequence[str] = ()
) -> list[str]:
    """What will go, to whom, and how it is marked.

    Args:
        client: whose.
        report: the content.
        cover: its cover.
        also: what a person should see beside the content.
        before: what a person should see first of all.
    """
    status = cover.status or client.network_status
    lines = [*banner(status), *before, _("This will be sent:"), *cover_lines(client, cover, report)]
    lines += ["-" * WIDTH, *report_lines(report), "-" * WIDTH, *also]
    for doubt in review_report(report):
        warning = doubt.finding.warning
        words = label(warning) if isinstance(warning, CodedValue) else ""
        lines.append(wrap(_("LOOK AGAIN {path}: {words}").format(path=doubt.path, words=words)))
    return [*lines, *banner(status)]


def cover_lines(client: Client, cover: Cover, report: ReportModel | None = None) -> list[str]:
    """To whom something will go, who signs it, and how it is marked; a report may permit less than was asked."""
    lines = field_lines(addressed_texts(client, cover, report))
    lines += [f"{_('Precedence'):<14} {precedence_text(cover.precedence)}"]
    return lines + field_lines(marked_texts(client, cover, report))
