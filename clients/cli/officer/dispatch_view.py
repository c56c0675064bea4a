"""A dispatch as a person reads it: how it is marked, its content, and what became of it."""

# ruff: noqa: RUF001 - Russian words contain letters that look Latin

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from clients.cli.columns import shorten
from clients.cli.numbers import spell_number
from clients.cli.officer.report_view import headline, report_lines
from clients.cli.texts import _, label, label_of
from clients.cli.ui import WIDTH, clean, field, paint, utc, wrap
from clients.inbox import Delivery, DispatchStatus, RecipientStatus
from clients.marks import Marks
from clients.store import Answer, StoredReference
from schemas.claims import Dispatch
from schemas.labels import CodedValue, DeclineReason, HandlingCode, Kind, Precedence, Relation, Status

_URGENT = ("flash", "immediate")


class AnswerWord(CodedValue):
    """What a recipient did, or was noticed not to have done."""

    SENT = "sent", "SILENT so far", "пока МОЛЧИТ"
    RECEIVED = "received", "arrived", "получено"
    ACKNOWLEDGED = "acknowledged", "acknowledged", "принято к исполнению"
    DECLINED = "declined", "DECLINED", "ОТКЛОНЕНО"
    REJECTED = "rejected", "NOT READABLE there", "НЕ ПРОЧИТАНО"
    UNDELIVERABLE = "undeliverable", "NOT DELIVERED, its key was revoked", "НЕ ДОСТАВЛЕНО, ключ отозван"
    OVERDUE = "overdue", "OVERDUE, the hub says", "ПРОСРОЧЕНО, по данным узла"
    OVERDUE_REPLY = "overdue_reply", "REPLY OVERDUE", "ОТВЕТ ПРОСРОЧЕН"
    SILENT = "silent", "SILENT, overdue by our clock", "МОЛЧИТ, срок истёк по нашим часам"
    RESEALED = "resealed", "sent again under a newer key", "отправлено заново под новым ключом"


class KindWord(CodedValue):
    """The kind of a dispatch where there is room for nine letters; as `Kind` says it where that fits."""

    WARNING = "warning", "Warning", "Предупр."
    SEIZURE = "seizure", "Seizure", "Изъятие"
    FEEDBACK = "feedback", "Feedback", "Результат"
    REQUEST = "request", "Request", "Запрос"
    REPLY = "reply", "Reply", "Ответ"
    BULLETIN = "bulletin", "Bulletin", "Бюллетень"
    PROFILE = "profile", "Profile", "Профиль"
    OPERATION = "operation", "Operation", "Операция"


def banner(status: str) -> list[str]:
    """The line that nobody can mistake, above and below what is not real."""
    if status == "actual":
        return []
    word = label_of(Status, status).upper()
    text = " - ".join([word] * ((WIDTH - 8) // (len(word) + 3)))
    return [paint(f"*** {text:^{WIDTH - 8}} ***", fg="black", bg="yellow", bold=True)]


def precedence_text(precedence: str) -> str:
    """How urgent it is; the urgent ones in capitals, and red."""
    word = label_of(Precedence, precedence)
    return paint(word.upper(), fg="red", bold=True) if precedence in _URGENT else word


def mark_lines(marks: Marks) -> list[str]:
    """What its sender has made of a dispatch since: the first that a reader must know."""
    lines = []
    for name, by in ((_("CANCELLED"), marks.cancelled_by), (_("Corrected"), marks.corrected_by)):
        if by is not None:
            text = _("by {number}, {time}").format(number=_spoken(by), time=utc(by.accepted_at_ms))
            lines += [paint(line, bold=True) for line in field(name, text)]
    return lines


def mark_text(marks: Marks) -> str:
    """The same in a line of a list; empty if there is nothing to say."""
    if marks.cancelled_by is not None:
        return _("CANCELLED by {number}").format(number=_spoken(marks.cancelled_by))
    if marks.corrected_by is not None:
        return _("corrected by {number}").format(number=_spoken(marks.corrected_by))
    return ""


def _spoken(reference: StoredReference) -> str:
    return "?" if reference.index is None else spell_number(reference.index, reference.status)


def marking_lines(cover: Dispatch | Any, marks: Marks) -> list[str]:
    """How a dispatch is marked, and what it refers to."""
    said = f"{label_of(Kind, cover.kind)}, {label_of(Precedence, cover.precedence)}"
    said = said.upper() if cover.precedence in _URGENT else said
    lines = [*field(_("Kind"), said), *field(_("Status"), label_of(Status, cover.status).upper())]
    lines += field(_("Handling"), label_of(HandlingCode, cover.handling))
    for each in cover.refs or ():
        place = marks.places.get(each.digest)
        text = each.digest if place is None else spell_number(place, cover.status)
        lines += field(label_of(Relation, each.rel), text)
    if cover.reply_by:
        lines += field(_("Reply by"), utc(cover.reply_by * 1000))
    if cover.exp:
        lines += field(_("Stale after"), utc(cover.exp * 1000))
    return lines


def row(delivery: Delivery) -> str:
    """A dispatch that came, in one line of 80 columns."""
    cover = delivery.cover
    if cover is None:
        number = spell_number(delivery.index or 0, None)
        return f"{number:>12} {utc(delivery.accepted_at_ms)[5:16]} ! " + _("could not be verified")
    mark = "!" if cover.precedence in _URGENT else " "
    done = "+" if delivery.acknowledged else "-" if delivery.declined else mark
    return _row(delivery, cover, done, delivery.sender or "?")


def sent_row(delivery: Delivery) -> str:
    """A dispatch that was sent, in one line of 80 columns: ``>`` and the first of its recipients."""
    cover = delivery.cover
    if cover is None:
        return row(delivery)
    more = f"+{len(cover.to) - 1}" if len(cover.to) > 1 else ""
    return _row(delivery, cover, " ", f">{cover.to[0][: 11 - len(more)]}{more}")


def _row(delivery: Delivery, cover: Dispatch, done: str, who: str) -> str:
    number, when = spell_number(delivery.index or 0, cover.status), utc(delivery.accepted_at_ms)[5:16]
    done = "x" if delivery.marks.cancelled_by else done
    kind = label_of(KindWord, cover.kind)
    text = shorten(f"{number:>12} {when} {done} {clean(who):<12.12} {kind:<9.9} {gist(delivery)}", WIDTH)
    style: dict[str, Any] = {"fg": "red", "bold": True} if done == "!" else {}
    return paint(text, **({"fg": "yellow"} if cover.status != "actual" else style))


def gist(delivery: Delivery) -> str:
    """What a dispatch says, in the rest of a line: what became of it, what it changes, its content."""
    said = [mark_text(delivery.marks), headline(delivery.report) or _unread(delivery)]
    for rel in ("cancel", "update"):
        numbers = _changed(delivery, rel)
        if numbers:
            reason = delivery.report.summary if rel == "cancel" and delivery.report else None
            said[1:] = [f"{label_of(Relation, rel)} {numbers}", clean(reason) if reason else said[-1]]
    return ": ".join(each for each in said if each)


def _changed(delivery: Delivery, rel: str) -> str:
    """Numbers of what a dispatch cancels or corrects, as far as they are known here."""
    cover = delivery.cover
    places = delivery.marks.of(rel, cover) if cover else []
    return ", ".join(spell_number(place, cover.status) for place in places if place is not None and cover)


def _unread(delivery: Delivery) -> str:
    if delivery.step is not None:
        return _("step {step} failed: {code}").format(step=delivery.step, code=delivery.code)
    return _("(cover only)")


def delivery_lines(delivery: Delivery) -> list[str]:
    """A dispatch that came: everything on one screen."""
    cover = delivery.cover
    status = cover.status if cover else "actual"
    number = spell_number(delivery.index or 0, status)
    lines = [*banner(status), *field(_("Number"), number), *mark_lines(delivery.marks)]
    if cover is None:
        lines += field(_("From"), _("nobody who can be named: it could not be verified"))
    else:
        lines += [
            *field(_("From"), cover.iss),
            *field(_("To"), ", ".join(cover.to)),
            *marking_lines(cover, delivery.marks),
        ]
    lines += field(
        _("Accepted"), f"{utc(delivery.accepted_at_ms)}; " + _("here {time}").format(time=utc(delivery.met_at_ms))
    )
    if delivery.step is not None:
        text = _("step {step} failed: {code}").format(step=delivery.step, code=delivery.code)
        lines += field(_("NOT VERIFIED"), text + "; " + _("do not rely on it; its sender has been told"))
    lines += _report(delivery)
    lines += [line for each in delivery.answers for line in field(_("Our answer"), _answer_text(each))]
    return [*lines, *banner(status)]


def _report(delivery: Delivery) -> list[str]:
    if delivery.report is None:
        return [] if delivery.step is not None else field(_("Content"), _("this seat shows covers only"))
    return ["-" * WIDTH, *report_lines(delivery.report), *_doubts(delivery.report), "-" * WIDTH]


def _doubts(report: Any) -> list[str]:
    from schemas.reports.review import review_report

    lines = []
    for doubt in review_report(report):
        warning = doubt.finding.warning
        text = label(warning) if isinstance(warning, CodedValue) else str(warning)
        lines.append(wrap(f"? {doubt.path}: {text}"))
    return lines


def sent_lines(status: DispatchStatus, report: Any) -> list[str]:
    """A dispatch that was sent: content, and what became of it at each recipient."""
    cover = status.cover
    lines = [*banner(cover.status), *field(_("Number"), spell_number(status.index or 0, cover.status))]
    lines += [*mark_lines(status.marks), *field(_("Sent by"), cover.iss), *marking_lines(cover, status.marks)]
    lines += field(_("Accepted"), utc(status.accepted_at_ms))
    if report is not None:
        lines += ["-" * WIDTH, *report_lines(report), "-" * WIDTH]
    for each in status.recipients.values():
        lines += recipient_lines(each, status.accepted_at_ms)
    return [*lines, *banner(cover.status)]


def recipient_lines(recipient: RecipientStatus, accepted_ms: int) -> list[str]:
    """What one recipient did, and since when it is silent."""
    said = [each for each in recipient.answers if each.outcome in {word.value for word in AnswerWord}]
    if not said:
        return field(recipient.member, _("SILENT since {time}").format(time=utc(accepted_ms)))
    return [line for each in said for line in field(recipient.member, _answer_text(each))]


def _answer_text(answer: Answer) -> str:
    text = f"{label_of(AnswerWord, answer.outcome)} {utc(answer.at_ms)}"
    if answer.by and answer.outcome in ("acknowledged", "declined"):
        text += " " + _("by {officer}").format(officer=answer.by)
    if answer.reason:
        text += f": {label_of(DeclineReason, answer.reason)}"
    return text


# For programs


def cover_json(cover: Dispatch | None) -> dict[str, Any] | None:
    """The cover as it was signed."""
    return None if cover is None else cover.model_dump(mode="json", exclude_none=True)


def answers_json(answers: Sequence[Answer]) -> list[dict[str, Any]]:
    """What was said of a dispatch."""
    return [
        {"member": each.member, "outcome": each.outcome, "at_ms": each.at_ms, "by": each.by, "reason": each.reason}
        for each in answers
    ]


def marks_json(marks: Marks) -> dict[str, Any]:
    """What its sender has made of a dispatch since."""
    named = {"cancelled_by": marks.cancelled_by, "corrected_by": marks.corrected_by}
    return {
        name: None if each is None else {"number": each.index, "digest": each.source, "at_ms": each.accepted_at_ms}
        for name, each in named.items()
    }


def delivery_json(delivery: Delivery) -> dict[str, Any]:
    """A dispatch that came."""
    report = delivery.report
    return {
        "number": delivery.index,
        "digest": delivery.digest,
        "lane": delivery.lane,
        "accepted_at_ms": delivery.accepted_at_ms,
        "met_at_ms": delivery.met_at_ms,
        "sender": delivery.sender,
        "acknowledged": delivery.acknowledged,
        "declined": delivery.declined,
        **marks_json(delivery.marks),
        "failed_step": delivery.step,
        "code": delivery.code,
        "cover": cover_json(delivery.cover),
        "report": None if report is None else report.model_dump(mode="json", exclude_none=True),
        "answers": answers_json(delivery.answers),
    }


def sent_json(status: DispatchStatus, report: Any) -> dict[str, Any]:
    """A dispatch that was sent."""
    return {
        "number": status.index,
        "digest": status.digest,
        "accepted_at_ms": status.accepted_at_ms,
        **marks_json(status.marks),
        "cover": cover_json(status.cover),
        "report": None if report is None else report.model_dump(mode="json", exclude_none=True),
        "recipients": [
            {"member": each.member, "state": each.state, "answers": answers_json(each.answers)}
            for each in status.recipients.values()
        ],
    }
