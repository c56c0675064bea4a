"""A dispatch as a person reads it: how it is marked, its content, and what became of it."""

# ruff: noqa: RUF001 - Russian words contain letters that look Latin

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from clients.actions.lists import SentReport
from clients.actions.numbers import spell_number
from clients.actions.tracking import RecipientStanding, Tally
from clients.cli.ui import paint
from clients.documents.columns import across, shorten
from clients.documents.dispatches import act_text, amendment_text, spell_reference, status_text
from clients.documents.plain import WIDTH, clean, field, utc, wrap
from clients.documents.report_text import content_lines, headline
from clients.documents.texts import _, in_language, label, label_of, plural
from clients.mail.amendments import Amendments
from clients.mail.inbox import Delivery, RecipientStatus, handling_of
from clients.store import Answer
from clients.store.outcomes import LATER
from schemas.addresses import HUB, Address
from schemas.claims import Dispatch, lane_of
from schemas.errors import Code
from schemas.labels import CodedValue, DeclineReason, HandlingCode, Precedence, Relation
from schemas.reports import ReadReport, ReportModel
from schemas.reports.kinds import KINDS
from schemas.rules.status import is_status_known, may_be_real


class ErasureReason(CodedValue):
    """Why the hub has erased a text."""

    RETENTION = "retention", "the network keeps it no longer", "срок хранения в сети истёк"
    LAW = "law", "by law", "по закону"


class AnswerWord(CodedValue):
    """What a recipient did, or was noticed not to have done."""

    SENT = "sent", "SILENT so far", "пока МОЛЧИТ"
    RECEIVED = "received", "arrived", "получено"
    ACKNOWLEDGED = "acknowledged", "acknowledged", "принято к исполнению"
    DECLINED = "declined", "DECLINED", "ОТКЛОНЕНО"
    REJECTED = "rejected", "NOT READABLE there", "НЕ ПРОЧИТАНО"
    UNDELIVERABLE = "undeliverable", "NOT DELIVERED, key revoked or replaced", "НЕ ДОСТАВЛЕНО, ключ отозван или заменён"
    OVERDUE = "overdue", "OVERDUE, the hub says", "ПРОСРОЧЕНО, по данным узла"
    OVERDUE_REPLY = "overdue_reply", "REPLY OVERDUE, the hub says", "ОТВЕТ ПРОСРОЧЕН, по данным узла"
    ANSWERED = "answered", "replied", "ответ получен"
    UNCHECKED = "unchecked", "signature cannot be checked by this version", "эта версия не может проверить подпись"
    UNJUDGED = "unjudged", "signer cannot be judged by this version", "эта версия не может оценить подписавшего"
    SILENT = "silent", "SILENT, overdue by our clock", "МОЛЧИТ, срок истёк по нашим часам"
    NOTED = "noted", "noted here only", "отмечено только здесь"
    SILENT_REPLY = "silent_reply", "REPLY OVERDUE by our clock", "ОТВЕТ ПРОСРОЧЕН по нашим часам"
    RESEALED = "resealed", "sent again under a newer key", "отправлено заново под новым ключом"


def kind_word(kind: str) -> str:
    """The kind of a dispatch where there is room for nine letters; a later word stands for itself."""
    found = KINDS.get(kind)
    return kind if found is None else in_language(found.short or found.label)


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


def amendment_lines(amendments: Amendments) -> list[str]:
    """What its sender has made of a dispatch since: the first that a reader must know."""
    lines = []
    corrected, completed = amendments.corrected_by, amendments.completed_by
    if completed is not None and completed == corrected:
        lines += field(_("Attachments"), _("with {number}").format(number=spell_reference(completed)))
        corrected = None
    for name, by in ((_("CANCELLED"), amendments.cancelled_by), (_("Corrected"), corrected)):
        if by is not None:
            text = _("by {number}, {time}").format(number=spell_reference(by), time=utc(by.accepted_at_ms))
            lines += [paint(line, bold=True) for line in field(name, text)]
    return lines


def marking_lines(cover: Dispatch, amendments: Amendments, content: ReadReport | None) -> list[str]:
    """How a dispatch is marked, and what it refers to; of cover and report the stricter handling code holds."""
    kind = f"{label_of(KINDS.values(), cover.kind)}, {label_of(Precedence, cover.precedence)}"
    kind = kind.upper() if cover.lane() == "urgent" else kind
    lines = [*field(_("Kind"), kind), *field(_("Status"), status_text(cover.status))]
    lines += field(_("Handling"), _handling_text(cover, content))
    for each in cover.refs or ():
        index = amendments.indices.get(each.digest)
        text = each.digest if index is None else spell_number(index, cover.status)
        brings = each.rel == "update" and each.digest == amendments.completes
        lines += field(_("Pictures of") if brings else label_of(Relation, each.rel), text)
    if cover.expects:
        lines += reply_lines(cover.expects.by, cover.expects.members or ())
    if cover.stale_after:
        lines += field(_("Stale after"), utc(cover.stale_after * 1000))
    return lines


def _handling_text(cover: Dispatch, content: ReadReport | None) -> str:
    holds = handling_of(cover, content)
    text = label_of(HandlingCode, holds)
    return text if holds == cover.handling else f"{text} " + _("(the cover says {code})").format(code=cover.handling)


def reply_lines(by_s: int, members: Sequence[Address]) -> list[str]:
    """Until when a reply is wanted, and of whom, if not of all recipients."""
    return [*field(_("Reply by"), utc(by_s * 1000)), *(field(_("Reply from"), ", ".join(members)) if members else [])]


def row(delivery: Delivery) -> str:
    """A dispatch that came, in one line of 80 columns."""
    cover = delivery.cover
    if cover is None:
        number = spell_number(delivery.index or 0, None)
        return f"{number:>12} {utc(delivery.accepted_at_ms)[5:16]} ! " + unverified_text(delivery)
    mark = "!" if cover.lane() == "urgent" and delivery.amendments.completed_by is None else " "
    done = "+" if delivery.acknowledged else "-" if delivery.declined else mark
    return _row(delivery, cover, done, delivery.sender or "?")


def unverified_text(delivery: Delivery) -> str:
    """Why nobody can be named as the sender of what came, in a few words."""
    if delivery.unchecked:
        return _("signature cannot be checked by this version")
    if delivery.missing:
        return _("ERASED at the hub; never came here")
    return _("newer than this program; update it") if delivery.newer else _("could not be verified")


def sent_row(delivery: Delivery) -> str:
    """A dispatch that was sent, in one line of 80 columns: ``>`` and the first of its recipients."""
    cover = delivery.cover
    if cover is None:
        return row(delivery)
    more = f"+{len(cover.to) - 1}" if len(cover.to) > 1 else ""
    return _row(delivery, cover, " ", f">{cover.to[0][: 11 - len(more)]}{more}")


def _row(delivery: Delivery, cover: Dispatch, done: str, who: str) -> str:
    number, when = spell_number(delivery.index or 0, cover.status), utc(delivery.accepted_at_ms)[5:16]
    done = "x" if delivery.amendments.cancelled_by else done
    kind = kind_word(cover.kind)
    word = "" if is_status_known(cover.status) else _("REAL?") + " "
    text = shorten(f"{number:>12} {when} {done} {clean(who):<12.12} {kind:<9.9} {word}{gist(delivery)}", WIDTH)
    style: dict[str, Any] = {"fg": "red", "bold": True} if done == "!" else {}
    return paint(text, **(style if may_be_real(cover.status) else {"fg": "yellow"}))


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


def delivery_lines(delivery: Delivery) -> list[str]:
    """A dispatch that came: everything on one screen."""
    cover = delivery.cover
    status = cover.status if cover else "actual"
    number = spell_number(delivery.index or 0, status)
    lines = [*banner(status), *field(_("Number"), number), *amendment_lines(delivery.amendments)]
    if cover is None:
        nobody = _("nobody who can be named: it could not be verified")
        nobody = _("not known: it was erased before it came here") if delivery.missing else nobody
        lines += field(_("From"), _("not known: it is newer than this program") if delivery.newer else nobody)
    else:
        lines += [
            *field(_("From"), cover.iss),
            *_doubt_lines(delivery),
            *field(_("To"), ", ".join(cover.to)),
            *marking_lines(cover, delivery.amendments, delivery.content),
        ]
    if delivery.reply_due_ms is not None:
        text = _("we have not replied; due by {time}").format(time=utc(delivery.reply_due_ms))
        lines += [paint(line, bold=True) for line in field(_("WE OWE"), text)]
    lines += field(
        _("Accepted"), f"{utc(delivery.accepted_at_ms)}; " + _("here {time}").format(time=utc(delivery.met_at_ms))
    )
    lines += [
        *erased_lines(delivery.erased, is_here=delivery.cover is not None),
        *_judged_lines(delivery),
        *_report(delivery),
    ]
    said = [each for each in delivery.answers if not each.outcome.startswith(LATER)]
    lines += [line for each in said for line in field(_("Our answer"), _answer_text(each))]
    lines += later_lines(_("Our answer"), delivery.answers)
    return [*lines, *banner(status)]


def _doubt_lines(delivery: Delivery) -> list[str]:
    """That the key which signed it was revoked since, because somebody else has it."""
    if delivery.compromised is None:
        return []
    text = _("its key was revoked as compromised {time}, after it came: ask {sender} by telephone")
    text = text.format(time=utc(delivery.compromised.at_ms), sender=delivery.sender)
    return [paint(line, bold=True) for line in field(_("IN DOUBT"), text)]


def _judged_lines(delivery: Delivery) -> list[str]:
    """Why it cannot be relied on, if it cannot."""
    lines: list[str] = []
    if delivery.missing:
        lines += field(_("ERASED"), _("something was erased that never came here; ask who may have sent it"))
    elif delivery.newer:
        lines += field(_("NOT READ"), _("update this program: it is kept as it came, and is judged then"))
    elif delivery.unjudged:
        lines += field(_("NOT JUDGED"), _("signer cannot be judged by this version; update it, and ask by telephone"))
    elif delivery.step is not None:
        text = _("step {step} failed: {code}").format(step=delivery.step, code=delivery.code)
        if delivery.unchecked:
            text = _("signature cannot be checked by this version") + "; " + _("update this program")
        elif delivery.code == Code.GONE.value:
            text = _("the hub no longer has its text, and does not say why")
        told = _("do not rely on it; its sender has been informed")
        if not delivery.sender_is_told:
            told = _("its sender cannot be informed; ask those who may have sent it")
        lines += field(_("NOT VERIFIED"), f"{text}; {told}")
    return lines


def erased_lines(erased: Answer | None, *, is_here: bool) -> list[str]:
    """That the hub has erased the text, and why, as it was written if the word is not known.

    Args:
        erased: what the hub said.
        is_here: whether there is a copy here, which stays.
    """
    if erased is None:
        return []
    text = _("at the hub {time}: {reason}; our copy stays") if is_here else _("at the hub {time}: {reason}")
    reason = label_of(ErasureReason, erased.reason or "")
    return field(_("Erased"), text.format(time=utc(erased.at_ms), reason=reason))


def _report(delivery: Delivery) -> list[str]:
    if delivery.content is None:
        return [] if delivery.step is not None else field(_("Content"), _("this seat shows covers only"))
    return ["-" * WIDTH, *content_lines(delivery.content), *_doubts(delivery.report), "-" * WIDTH]


def _doubts(report: ReportModel | None) -> list[str]:
    from schemas.reports.review import review_report

    lines = []
    for doubt in review_report(report) if report else ():
        warning = doubt.finding.warning
        text = label(warning) if isinstance(warning, CodedValue) else str(warning)
        lines.append(wrap(f"? {doubt.path}: {text}"))
    return lines


def sent_lines(report: SentReport) -> list[str]:
    """A dispatch that was sent: content, and what became of it at each recipient."""
    status, content = report.status, report.content
    cover = status.cover
    lines = [*banner(cover.status), *field(_("Number"), spell_number(status.index or 0, cover.status))]
    lines += [
        *amendment_lines(status.amendments),
        *field(_("Sent by"), cover.iss),
        *marking_lines(cover, status.amendments, content),
    ]
    lines += field(_("Accepted"), utc(status.accepted_at_ms))
    lines += erased_lines(status.erased, is_here=True)
    if content is not None:
        lines += ["-" * WIDTH, *content_lines(content), "-" * WIDTH]
    if not report.is_done:
        lines += [paint(line, bold=True) for line in field(_("NOT DONE"), _tally_text(report.tally))]
    for each in status.recipients.values():
        lines += recipient_lines(each, status.accepted_at_ms)
        if (why := report.unreachable.get(each.member)) is not None:
            lines += field(each.member, label(why))
    lines += later_lines(HUB, status.later)
    return [*lines, *banner(cover.status)]


def _tally_text(tally: Tally) -> str:
    """Each number apart: of how many recipients, how many acknowledged, declined, ..."""
    counts = [(standing, tally.count(standing)) for standing in RecipientStanding]
    return ", ".join(f"{label(standing)}: {count}" for standing, count in counts if count)


def recipient_lines(recipient: RecipientStatus, accepted_ms: int) -> list[str]:
    """What one recipient did, and since when it is silent."""
    shown = [each for each in recipient.answers if each.outcome in {word.value for word in AnswerWord}]
    lines = [line for each in shown for line in field(recipient.member, _answer_text(each))]
    silent = field(recipient.member, _("SILENT since {time}").format(time=utc(accepted_ms)))
    return [*(lines or silent), *later_lines(recipient.member, recipient.answers)]


def later_lines(who: str, answers: Sequence[Answer]) -> list[str]:
    """What somebody said in words that are newer than this program, as they were written."""
    lines = []
    for each in answers:
        if each.outcome.startswith(LATER):
            word = '"' + clean(each.outcome.removeprefix(LATER)) + '"'
            more = f" {clean(each.reason)}" if each.reason else ""
            text = _("said {word}, which is newer than this program; it has no effect").format(word=word)
            lines += field(who, f"{text} {utc(each.at_ms)}{more}")
    return lines


def _answer_text(answer: Answer) -> str:
    text = f"{label_of(AnswerWord, answer.outcome)} {utc(answer.at_ms)}"
    if answer.by and answer.outcome in ("acknowledged", "declined", "noted"):
        text += " " + _("by {officer}").format(officer=answer.by)
    if answer.reason:
        text += f": {label_of(DeclineReason, answer.reason)}"
    return text
