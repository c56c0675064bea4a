"""A dispatch as named texts: how it is marked, why it may not be relied on, what became of it."""

# ruff: noqa: RUF001 - Russian words contain letters that look Latin

from __future__ import annotations

from collections.abc import Iterable, Sequence

from clients.actions.lists import SentReport
from clients.actions.numbers import spell_number
from clients.actions.tracking import RecipientStanding, Tally
from clients.documents.dispatches import spell_reference, status_text
from clients.documents.named import NamedText, strong
from clients.documents.plain import clean, utc
from clients.documents.texts import _, label, label_of
from clients.mail.amendments import Amendments
from clients.mail.inbox import Delivery, RecipientStatus, handling_of
from clients.store import Answer
from clients.store.outcomes import LATER
from schemas.addresses import HUB, Address
from schemas.claims import Dispatch
from schemas.errors import Code
from schemas.labels import CodedValue, DeclineReason, HandlingCode, Precedence, Relation
from schemas.reports import ReadReport, ReportModel
from schemas.reports.kinds import KINDS
from schemas.reports.review import review_report


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


# How it is marked


def amendment_texts(amendments: Amendments) -> list[NamedText]:
    """What its sender has made of a dispatch since: the first that a reader must know."""
    texts = []
    corrected, completed = amendments.corrected_by, amendments.completed_by
    if completed is not None and completed == corrected:
        texts.append(NamedText(_("Attachments"), _("with {number}").format(number=spell_reference(completed))))
        corrected = None
    for name, by in ((_("CANCELLED"), amendments.cancelled_by), (_("Corrected"), corrected)):
        if by is not None:
            text = _("by {number}, {time}").format(number=spell_reference(by), time=utc(by.accepted_at_ms))
            texts.append(strong(name, text))
    return texts


def marking_texts(cover: Dispatch, amendments: Amendments, content: ReadReport | None) -> list[NamedText]:
    """How a dispatch is marked, and what it refers to; of cover and report the stricter handling code holds."""
    kind = f"{label_of(KINDS.values(), cover.kind)}, {label_of(Precedence, cover.precedence)}"
    kind = kind.upper() if cover.lane() == "urgent" else kind
    texts = [NamedText(_("Kind"), kind), NamedText(_("Status"), status_text(cover.status))]
    texts.append(NamedText(_("Handling"), _handling_text(cover, content)))
    for each in cover.refs or ():
        index = amendments.indices.get(each.digest)
        text = each.digest if index is None else spell_number(index, cover.status)
        brings = each.rel == "update" and each.digest == amendments.completes
        texts.append(NamedText(_("Pictures of") if brings else label_of(Relation, each.rel), text))
    if cover.expects:
        texts += reply_texts(cover.expects.by, cover.expects.members or ())
    if cover.stale_after:
        texts.append(NamedText(_("Stale after"), utc(cover.stale_after * 1000)))
    return texts


def _handling_text(cover: Dispatch, content: ReadReport | None) -> str:
    holds = handling_of(cover, content)
    text = label_of(HandlingCode, holds)
    return text if holds == cover.handling else f"{text} " + _("(the cover says {code})").format(code=cover.handling)


def reply_texts(by_s: int, members: Sequence[Address]) -> list[NamedText]:
    """Until when a reply is wanted, and of whom, if not of all recipients."""
    of = [NamedText(_("Reply from"), ", ".join(members))] if members else []
    return [NamedText(_("Reply by"), utc(by_s * 1000)), *of]


# What came


def delivery_texts(delivery: Delivery) -> list[NamedText]:
    """A dispatch that came, before its content: who, to whom, how marked, and why it may not be relied on."""
    cover = delivery.cover
    number = spell_number(delivery.index or 0, cover.status if cover else "actual")
    texts = [NamedText(_("Number"), number), *amendment_texts(delivery.amendments)]
    if cover is None:
        nobody = _("nobody who can be named: it could not be verified")
        nobody = _("not known: it was erased before it came here") if delivery.missing else nobody
        texts.append(NamedText(_("From"), _("not known: it is newer than this program") if delivery.newer else nobody))
    else:
        texts.append(NamedText(_("From"), cover.iss))
        texts += compromised_texts(delivery)
        texts.append(NamedText(_("To"), ", ".join(cover.to)))
        texts += marking_texts(cover, delivery.amendments, delivery.content)
    if delivery.reply_due_ms is not None:
        text = _("we have not replied; due by {time}").format(time=utc(delivery.reply_due_ms))
        texts.append(strong(_("WE OWE"), text))
    came = f"{utc(delivery.accepted_at_ms)}; " + _("here {time}").format(time=utc(delivery.met_at_ms))
    texts.append(NamedText(_("Accepted"), came))
    return [*texts, *erased_texts(delivery.erased, is_here=cover is not None), *judged_texts(delivery)]


def compromised_texts(delivery: Delivery) -> list[NamedText]:
    """That the key which signed it was revoked since, because somebody else has it."""
    if delivery.compromised is None:
        return []
    text = _("its key was revoked as compromised {time}, after it came: ask {sender} by telephone")
    return [strong(_("IN DOUBT"), text.format(time=utc(delivery.compromised.at_ms), sender=delivery.sender))]


def judged_texts(delivery: Delivery) -> list[NamedText]:
    """Why it cannot be relied on, if it cannot."""
    if delivery.missing:
        return [NamedText(_("ERASED"), _("something was erased that never came here; ask who may have sent it"))]
    if delivery.newer:
        return [NamedText(_("NOT READ"), _("update this program: it is kept as it came, and is judged then"))]
    if delivery.unjudged:
        text = _("signer cannot be judged by this version; update it, and ask by telephone")
        return [NamedText(_("NOT JUDGED"), text)]
    if delivery.step is None:
        return []
    text = _("step {step} failed: {code}").format(step=delivery.step, code=delivery.code)
    if delivery.unchecked:
        text = _("signature cannot be checked by this version") + "; " + _("update this program")
    elif delivery.code == Code.GONE.value:
        text = _("the hub no longer has its text, and does not say why")
    told = _("do not rely on it; its sender has been informed")
    if not delivery.sender_is_told:
        told = _("its sender cannot be informed; ask those who may have sent it")
    return [NamedText(_("NOT VERIFIED"), f"{text}; {told}")]


def erased_texts(erased: Answer | None, *, is_here: bool) -> list[NamedText]:
    """That the hub has erased the text, and why, as it was written if the word is not known.

    Args:
        erased: what the hub said.
        is_here: whether there is a copy here, which stays.
    """
    if erased is None:
        return []
    text = _("at the hub {time}: {reason}; our copy stays") if is_here else _("at the hub {time}: {reason}")
    reason = label_of(ErasureReason, erased.reason or "")
    return [NamedText(_("Erased"), text.format(time=utc(erased.at_ms), reason=reason))]


def doubt_texts(report: ReportModel | None) -> list[NamedText]:
    """What in a report cannot be right: where, and why."""
    found = review_report(report) if report else ()
    warnings = ((doubt.path, doubt.finding.warning) for doubt in found)
    return [NamedText(path, label(each) if isinstance(each, CodedValue) else str(each)) for path, each in warnings]


def own_answer_texts(delivery: Delivery) -> list[NamedText]:
    """What the own member has said of what came."""
    said = [each for each in delivery.answers if not each.outcome.startswith(LATER)]
    texts = [NamedText(_("Our answer"), answer_text(each)) for each in said]
    return texts + later_texts(_("Our answer"), delivery.answers)


# What was sent


def sent_texts(report: SentReport) -> list[NamedText]:
    """A dispatch that was sent, before its content: who signed it, how it is marked."""
    status, cover = report.status, report.status.cover
    return [
        NamedText(_("Number"), spell_number(status.index or 0, cover.status)),
        *amendment_texts(status.amendments),
        NamedText(_("Sent by"), cover.iss),
        *marking_texts(cover, status.amendments, report.content),
        NamedText(_("Accepted"), utc(status.accepted_at_ms)),
        *erased_texts(status.erased, is_here=True),
    ]


def receipt_texts(report: SentReport) -> list[NamedText]:
    """What became of a dispatch that was sent, at each recipient."""
    texts = [] if report.is_done else [strong(_("NOT DONE"), tally_text(report.tally))]
    for each in report.status.recipients.values():
        texts += recipient_texts(each, report.status.accepted_at_ms)
        if (why := report.unreachable.get(each.member)) is not None:
            texts.append(NamedText(each.member, label(why)))
    return texts + later_texts(HUB, report.status.later)


def tally_text(tally: Tally) -> str:
    """Each number apart: of how many recipients, how many acknowledged, declined, ..."""
    counts = [(standing, tally.count(standing)) for standing in RecipientStanding]
    return ", ".join(f"{label(standing)}: {count}" for standing, count in counts if count)


def recipient_texts(recipient: RecipientStatus, accepted_ms: int) -> list[NamedText]:
    """What one recipient did, and since when it is silent."""
    shown = [each for each in recipient.answers if each.outcome in {word.value for word in AnswerWord}]
    texts = [NamedText(recipient.member, answer_text(each)) for each in shown]
    silent = NamedText(recipient.member, _("SILENT since {time}").format(time=utc(accepted_ms)))
    return [*(texts or [silent]), *later_texts(recipient.member, recipient.answers)]


def later_texts(who: str, answers: Iterable[Answer]) -> list[NamedText]:
    """What somebody said in words that are newer than this program, as they were written."""
    texts = []
    for each in answers:
        if each.outcome.startswith(LATER):
            word = '"' + clean(each.outcome.removeprefix(LATER)) + '"'
            more = f" {clean(each.reason)}" if each.reason else ""
            text = _("said {word}, which is newer than this program; it has no effect").format(word=word)
            texts.append(NamedText(who, f"{text} {utc(each.at_ms)}{more}"))
    return texts


def answer_text(answer: Answer) -> str:
    """What was said of a dispatch, when, by whom, and why."""
    text = f"{label_of(AnswerWord, answer.outcome)} {utc(answer.at_ms)}"
    if answer.by and answer.outcome in ("acknowledged", "declined", "noted"):
        text += " " + _("by {officer}").format(officer=answer.by)
    if answer.reason:
        text += f": {label_of(DeclineReason, answer.reason)}"
    return text
