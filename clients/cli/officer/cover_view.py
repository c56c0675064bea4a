"""What is about to be sent, as a person sees it before it goes: to whom, how marked, what it says."""

from __future__ import annotations

from collections.abc import Sequence

from clients.actions.client import Client
from clients.actions.numbers import spell_number
from clients.actions.reaching import unreachable
from clients.cli.officer.dispatch_view import banner, precedence_text
from clients.documents.dispatch_texts import reply_texts
from clients.documents.named import field_lines
from clients.documents.plain import WIDTH, clean, field, wrap
from clients.documents.report_text import report_lines
from clients.documents.texts import _, label, label_of
from clients.mail.compose import Ref
from clients.mail.cover import Cover
from schemas.addresses import Address
from schemas.labels import CodedValue, HandlingCode, Relation, Status
from schemas.reports import ReportModel
from schemas.reports.review import review_report
from schemas.rules.handling import handling_that_holds


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
    status = cover.status or client.network_status
    handling = handling_that_holds(cover.handling, report.handling_codes if report else ())
    lines = []
    for ref in cover.refs:
        brings = ref.outgoing is not None and ref.rel == "update" and report is not None and report.attachments
        lines += field(_("Pictures of") if brings else label_of(Relation, ref.rel), _referred(client, ref, status))
    lines += [line for member in cover.to for line in field(_("To"), _member_text(client, member))]
    lines += field(_("Signed by"), cover.signer or client.member)
    lines += [f"{_('Precedence'):<14} {precedence_text(cover.precedence)}"]
    lines += field(_("Status"), label_of(Status, status).upper())
    lines += field(_("Handling"), label_of(HandlingCode, handling))
    if cover.expects:
        lines += field_lines(reply_texts(cover.expects.by, cover.expects.members))
    return lines


def _referred(client: Client, ref: Ref, status: str) -> str:
    """What it refers to, by its number; what has none yet by that of its item."""
    outgoing = client.store.outbox.get(ref.outgoing) if ref.outgoing is not None else None
    index = outgoing.index if outgoing else client.store.items.place_of(ref.digest or "")
    if index is not None:
        return spell_number(index, status)
    return _("item {number}").format(number=ref.outgoing) if ref.outgoing is not None else ref.digest or ""


def _member_text(client: Client, member: Address) -> str:
    credentials = client.state.directory.credentials(member)
    name = clean(credentials[-1].statement.claims.name) if credentials else _("not known here yet")
    why = unreachable(client.state, [member]).get(member)
    return f"{member} ({name})" + (f" - {label(why)}" if why else "")
