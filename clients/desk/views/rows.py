"""Rows of the lists: what came, what was sent, what waits or came back, operations, alarms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from pydantic import Field

from clients.actions.lists import SentReport
from clients.actions.marked_lists import PlacedDispatch
from clients.actions.numbers import spell_number
from clients.actions.returned import Returned
from clients.desk.views.bounds import bounded
from clients.desk.views.values import PageTime, PageValue, PageWord, coded, named, show_time, word_of
from clients.documents.alarm_details import detail_text
from clients.documents.alarms import kind_text
from clients.documents.dispatch_rows import gist, mark_of, unverified_text
from clients.documents.dispatch_texts import tally_text
from clients.documents.items import refusal_text
from clients.documents.report_text import headline
from clients.documents.sent_rows import progress_text
from clients.documents.texts import _
from clients.documents.zones import event_country
from clients.mail.compose import DispatchDraft, Draft, ReceiptDraft
from clients.mail.inbox import Delivery
from clients.store import KeptAlarm, OutState
from schemas.addresses import Address
from schemas.labels import CodedValue, HandlingCode, Precedence
from schemas.reports import ReportModel
from schemas.reports.kinds import KINDS


class RowMark(CodedValue):
    """What became of a dispatch, as its row shows it."""

    OPEN = "open", "waits for an officer", "ждёт сотрудника"
    OWED = "owed", "answer due", "ждут ответа"
    ACKNOWLEDGED = "acknowledged", "acknowledged", "принято"
    DECLINED = "declined", "declined", "отклонено"
    CANCELLED = "cancelled", "cancelled", "отменено"
    UNREADABLE = "unreadable", "could not be verified", "не проверено"
    PLAIN = "plain", "arrived", "получено"
    DONE = "done", "done", "выполнено"
    UNDONE = "undone", "not done", "не выполнено"
    WAITING = "waiting", "waits to be sent", "ожидает отправки"
    RETURNED = "returned", "CAME BACK, not sent", "ВЕРНУЛОСЬ, не отправлено"


_MARKS: Final[Mapping[str, RowMark]] = {
    "x": RowMark.CANCELLED,
    "+": RowMark.ACKNOWLEDGED,
    "-": RowMark.DECLINED,
    "!": RowMark.OPEN,
    " ": RowMark.PLAIN,
}
_UNREAD_KIND: Final = "unverified"


class InboxRow(PageValue):
    """A dispatch that came, in a list.

    Attributes:
        id: its digest.
        number: as it is spoken.
        exercise: whether it is certainly not real.
        lane: ``urgent``, ``owed`` or ``others``.
        at: when the hub accepted it.
        due: by when our answer is due.
        cursor: what a list goes on from.
        ours: whether the own member has sent it.
    """

    id: str
    number: str
    exercise: bool
    lane: str
    precedence: PageWord | None
    kind: PageWord
    sender: PageWord | None = Field(alias="from")
    headline: str
    handling: PageWord | None
    at: PageTime
    due: PageTime | None
    mark: PageWord
    attachments: int
    cursor: str
    ours: bool = False


class SentRow(PageValue):
    """A dispatch that was sent, or an item that was not yet.

    Attributes:
        id: ``d:`` and its digest, or ``i:`` and the number of the item.
        number: as it is spoken; ``None`` as long as it has none.
        tally: how many recipients have done what was asked.
        trouble: whether a person must do something.
    """

    id: str
    number: str | None
    exercise: bool
    lane: str
    precedence: PageWord | None
    kind: PageWord
    to: list[PageWord]
    headline: str
    handling: PageWord | None
    at: PageTime
    mark: PageWord
    tally: str
    trouble: bool
    attachments: int
    cursor: str
    ours: bool = True


class AlarmRow(PageValue):
    """An alarm in a list."""

    id: str
    code: str
    title: str
    detail: str
    remedy: str
    at: PageTime
    count: int
    closed: bool
    exercise: bool = False


@dataclass(frozen=True, slots=True)
class RowWords:
    """What all rows need.

    Attributes:
        member: the own member; its country's time stands where the event has none.
        now_ms: now, by the hub's clock.
    """

    member: Address
    now_ms: int

    def time(self, time_ms: int, report: ReportModel | None) -> PageTime:
        """A time, local where the event is, or at home."""
        return show_time(time_ms, event_country(report) or self.member[:2], self.now_ms)


_MOST_MEMBERS: Final = 8


def inbox_row(delivery: Delivery, placed: PlacedDispatch, words: RowWords) -> InboxRow:
    """A dispatch that came.

    Args:
        delivery: as it is stored.
        placed: where it stands in its list.
        words: what all rows need.
    """
    cover, report = delivery.cover, delivery.report
    mark = RowMark.UNREADABLE if cover is None else _MARKS[mark_of(delivery)]
    if mark is RowMark.PLAIN and delivery.reply_due_ms is not None:
        mark = RowMark.OWED
    unread = PageWord(value=_UNREAD_KIND, label=_("not verified"))
    return InboxRow(
        id=delivery.digest,
        number=spell_number(delivery.index or 0, cover.status if cover else None),
        exercise=placed.is_exercise,
        lane=placed.lane.value,
        precedence=word_of(Precedence, cover.precedence) if cover else None,
        kind=word_of(KINDS.values(), cover.kind) if cover else unread,
        sender=named(delivery.sender) if delivery.sender else None,
        headline=bounded(gist(delivery) if cover else unverified_text(delivery)),
        handling=word_of(HandlingCode, delivery.handling) if delivery.handling else None,
        at=words.time(delivery.accepted_at_ms, report),
        due=None if delivery.reply_due_ms is None else words.time(delivery.reply_due_ms, report),
        mark=coded(mark),
        attachments=len(report.attachments) if report else 0,
        cursor=placed.cursor,
    )


def sent_row(report: SentReport, placed: PlacedDispatch, words: RowWords) -> SentRow:
    """A dispatch that was sent.

    Args:
        report: what became of it.
        placed: where it stands in its list.
        words: what all rows need.
    """
    status, cover, content = report.status, report.status.cover, report.content
    form = content.form if content else None
    mark = RowMark.UNDONE if not report.is_done else RowMark.DONE
    mark = RowMark.CANCELLED if status.amendments.cancelled_by and report.is_done else mark
    return SentRow(
        id=f"d:{status.digest}",
        number=spell_number(status.index or 0, cover.status),
        exercise=placed.is_exercise,
        lane=placed.lane.value,
        precedence=word_of(Precedence, cover.precedence),
        kind=word_of(KINDS.values(), cover.kind),
        to=[named(each) for each in cover.to[:_MOST_MEMBERS]],
        headline=bounded(headline(form) if form is not None else _("(cover only)")),
        handling=word_of(HandlingCode, cover.handling),
        at=words.time(status.accepted_at_ms, form),
        mark=coded(mark),
        tally=progress_text(report.tally) if report.is_done else tally_text(report.tally),
        trouble=not report.is_done,
        attachments=len(form.attachments) if form else 0,
        cursor=placed.cursor,
    )


def item_row(each: Returned, words: RowWords, *, exercise: bool) -> SentRow:
    """Something of the outbox: it waits, or came back.

    Args:
        each: the item.
        words: what all rows need.
        exercise: whether it is certainly not real.
    """
    draft, outgoing = each.draft, each.outgoing
    is_back = outgoing.state is OutState.REFUSED
    mark = RowMark.RETURNED if is_back else RowMark.WAITING
    form = each.content.form if each.content else None
    dispatch = draft if isinstance(draft, DispatchDraft) else None
    what = word_of(KINDS.values(), dispatch.kind) if dispatch else _other_kind(draft)
    return SentRow(
        id=f"i:{each.item}",
        number=None,
        exercise=exercise,
        lane=mark.value,
        precedence=word_of(Precedence, dispatch.precedence) if dispatch else None,
        kind=what,
        to=[named(member) for member in _recipients(draft)[:_MOST_MEMBERS]],
        headline=bounded(headline(form) if form is not None else what.label),
        handling=word_of(HandlingCode, dispatch.handling) if dispatch else None,
        at=words.time(outgoing.made_ms, form),
        mark=coded(mark),
        tally=bounded(refusal_text(each)) if is_back else "",
        trouble=is_back,
        attachments=len(dispatch.attachments) if dispatch else 0,
        cursor=f"i:{each.item}",
    )


def _recipients(draft: Draft) -> tuple[Address, ...]:
    if isinstance(draft, DispatchDraft):
        return draft.to
    return (draft.to,) if isinstance(draft, ReceiptDraft) else ()


def _other_kind(draft: Draft) -> PageWord:
    if isinstance(draft, ReceiptDraft):
        return PageWord(value="receipt", label=_("Receipt"))
    return PageWord(value="public", label=_("Public statement"))


def alarm_row(kept: KeptAlarm, words: RowWords) -> AlarmRow:
    """An alarm."""
    return AlarmRow(
        id=str(kept.number),
        code=kept.alarm.kind,
        title=kind_text(kept.alarm.kind),
        detail=bounded(detail_text(kept.alarm.detail), 400),
        remedy=_("Find out what happened, do what is needed, then close it and say what was found."),
        at=show_time(kept.last_ms, words.member[:2], words.now_ms),
        count=kept.count,
        closed=kept.closing is not None,
    )
