"""A dispatch in a line: what a list has of it, without a colour."""

from __future__ import annotations

from clients.actions.numbers import spell_number
from clients.documents.columns import shorten
from clients.documents.dispatches import act_text, amendment_text
from clients.documents.plain import WIDTH, clean, utc
from clients.documents.report_text import headline
from clients.documents.texts import _, in_language, label_of, plural
from clients.mail.inbox import Delivery
from schemas.claims import Dispatch
from schemas.labels import Relation
from schemas.reports import ReportModel
from schemas.reports.kinds import KINDS
from schemas.rules.status import is_status_known


def kind_word(kind: str) -> str:
    """The kind of a dispatch where there is room for nine letters; a later word stands for itself."""
    found = KINDS.get(kind)
    return kind if found is None else in_language(found.short or found.label)


def mark_of(delivery: Delivery) -> str:
    """What a list has before a dispatch that came: cancelled, acknowledged, declined, urgent and open; or nothing."""
    cover = delivery.cover
    if cover is None:
        return "!"
    if delivery.amendments.cancelled_by:
        return "x"
    if delivery.acknowledged or delivery.declined:
        return "+" if delivery.acknowledged else "-"
    return "!" if cover.lane() == "urgent" and delivery.amendments.completed_by is None else " "


def row_text(delivery: Delivery) -> str:
    """A dispatch that came, in one line of 80 columns."""
    cover = delivery.cover
    if cover is None:
        number = spell_number(delivery.index or 0, None)
        return f"{number:>12} {utc(delivery.accepted_at_ms)[5:16]} ! " + unverified_text(delivery)
    return _row(delivery, cover, mark_of(delivery), delivery.sender or "?")


def sent_row_text(delivery: Delivery) -> str:
    """A dispatch that was sent, in one line of 80 columns: ``>`` and the first of its recipients."""
    cover = delivery.cover
    if cover is None:
        return row_text(delivery)
    more = f"+{len(cover.to) - 1}" if len(cover.to) > 1 else ""
    mark = "x" if delivery.amendments.cancelled_by else " "
    return _row(delivery, cover, mark, f">{cover.to[0][: 11 - len(more)]}{more}")


def unverified_text(delivery: Delivery) -> str:
    """Why nobody can be named as the sender of what came, in a few words."""
    if delivery.unchecked:
        return _("signature cannot be checked by this version")
    if delivery.missing:
        return _("ERASED at the hub; never came here")
    return _("newer than this program; update it") if delivery.newer else _("could not be verified")


def _row(delivery: Delivery, cover: Dispatch, mark: str, who: str) -> str:
    number, when = spell_number(delivery.index or 0, cover.status), utc(delivery.accepted_at_ms)[5:16]
    word = "" if is_status_known(cover.status) else _("REAL?") + " "
    kind = kind_word(cover.kind)
    return shorten(f"{number:>12} {when} {mark} {clean(who):<12.12} {kind:<9.9} {word}{gist(delivery)}", WIDTH)


def gist(delivery: Delivery) -> str:
    """A dispatch in the rest of a line: what became of it, what it changes, its content."""
    doubt = _("signer not judged") if delivery.unjudged else ""
    doubt = _("ITS KEY WAS REVOKED, compromised") if delivery.compromised else doubt
    due = _("ANSWER DUE {time}").format(time=utc(delivery.reply_due_ms)[5:16]) if delivery.reply_due_ms else ""
    claim = delivery.cover.operation if delivery.cover else None
    does = act_text(claim.do, claim.decision) if claim is not None else ""
    says = headline(delivery.report) if delivery.report is not None else _unread(delivery)
    parts = [amendment_text(delivery.amendments), doubt or due, ": ".join(filter(None, (clean(does), says)))]
    for rel in ("cancel", "update"):
        numbers = _changed(delivery, rel) if delivery.completes is None else ""
        if numbers:
            reason = delivery.report.summary if rel == "cancel" and delivery.report else None
            parts[2:] = [f"{label_of(Relation, rel)} {numbers}", clean(reason) if reason else parts[-1]]
    files = _files_text(delivery.report) if delivery.amendments.completed_by is None else ""
    return files + ": ".join(each for each in parts if each)


def _files_text(report: ReportModel | None) -> str:
    """How many files came with a report, or will, in brackets: first, so that a short line has it."""
    if report is None or not (report.attachments or report.attachments_follow):
        return ""
    if report.attachments:
        return plural("({count} file)", "({count} files)", len(report.attachments)) + " "
    return _("(files follow)") + " "


def _changed(delivery: Delivery, rel: str) -> str:
    """Numbers of what a dispatch cancels or corrects, as far as they are known here."""
    cover = delivery.cover
    indices = delivery.amendments.of(rel, cover) if cover else []
    return ", ".join(spell_number(index, cover.status) for index in indices if index is not None and cover)


def _unread(delivery: Delivery) -> str:
    if delivery.step is not None:
        return _("step {step} failed: {code}").format(step=delivery.step, code=delivery.code)
    return _("(cover only)") if delivery.content is None else _("(newer than this program)")
