"""One dispatch in the reader: how it is marked, what it says, who did what, and what can be done with it."""

from __future__ import annotations

from typing import Final

from pydantic import Field

from clients.actions.answering import shown_of
from clients.actions.attachments import files_of, mismatch_of, state_of
from clients.actions.client import Client
from clients.actions.lists import SentReport, sent_report
from clients.actions.marked_lists import MarkedLists
from clients.actions.numbers import spell_number
from clients.actions.possible import PossibleAct, possible_acts
from clients.actions.profiles import stated_forms
from clients.actions.reading import ThreadLink, thread_of
from clients.actions.returned import not_sent_to
from clients.actions.tracking import BAD
from clients.desk.views.bounds import LINE, TEXT, WHOLE, bounded
from clients.desk.views.rows import InboxRow, RowWords, SentRow, inbox_row, sent_row
from clients.desk.views.values import (
    LINES,
    PageLine,
    PageSection,
    PageTime,
    PageValue,
    PageWord,
    coded,
    named,
    section,
    show_lines,
    word_of,
)
from clients.documents.attachments import state_text
from clients.documents.dispatch_texts import (
    AnswerWord,
    amendment_texts,
    compromised_texts,
    delivery_texts,
    doubt_texts,
    judged_texts,
    later_texts,
    sent_texts,
)
from clients.documents.faults import words_of
from clients.documents.items import not_sent_texts
from clients.documents.named import NamedText
from clients.documents.operations.telephone import is_called_about
from clients.documents.profiles import contact_lines
from clients.documents.report_text import report_texts, written_texts
from clients.documents.texts import _, label, label_of, plural
from clients.mail.attached import AttachedFile
from clients.mail.inbox import Delivery, RecipientStatus
from clients.store import Answer
from schemas.addresses import HUB
from schemas.labels import DeclineReason, Relation
from schemas.reports import ReadReport
from schemas.reports.kinds import KINDS

SHOWABLE: Final = ("image/jpeg", "image/png", "image/webp")
"""Pictures that a page may show, if they are what they say; everything else is saved by the process."""

_WHOLE_LINES: Final = 5_000
_THREAD: Final = 200
_ANSWERS: Final = ("acknowledged", "declined", "noted")


class PageAct(PageValue):
    """Something that can be done, or why not; ``do`` names a step of an operation, ``href`` the screen it leads to."""

    act: str
    label: str
    danger: bool = False
    needs_passphrase: bool = False
    why_not: str | None = None
    href: str | None = None
    do: str | None = None


class PageDoubt(PageValue):
    """Why something may not be relied on; ``code`` is ``warning`` where a person should look again."""

    code: str
    text: str


class PageReceipt(PageValue):
    """How far one recipient has got; silence is named."""

    member: PageWord
    state: PageWord
    at: PageTime | None
    by: str | None
    reason: PageWord | None
    silent: bool


class PageLink(PageValue):
    """A dispatch of a thread; ``here`` is the one that is open."""

    id: str | None
    number: str
    kind: PageWord
    sender: PageWord = Field(alias="from")
    relation: PageWord | None
    here: bool = False


class PageFile(PageValue):
    """An attachment; ``showable`` is a picture that may be shown in a page."""

    number: int
    name: str
    type: str
    size: int
    caption: str | None
    state: PageWord
    words: str
    marked: str | None
    here: bool
    showable: bool


class ReaderPage(PageValue):
    """A dispatch as the reader shows it.

    Attributes:
        shown: digest of what is shown; what is signed about it names it.
        head: its row.
        to: its recipients.
        reasons: why it may be declined.
    """

    shown: str
    head: InboxRow | SentRow
    to: list[PageWord]
    actions: list[PageAct]
    doubts: list[PageDoubt]
    telephone: list[str]
    sections: list[PageSection]
    attachments: list[PageFile]
    receipts: list[PageReceipt]
    thread: list[PageLink]
    reasons: list[PageWord]


def reader_page(client: Client, delivery: Delivery, lists: MarkedLists, words: RowWords, *, whole: bool) -> ReaderPage:
    """A dispatch that came, or was sent.

    Args:
        client: whose.
        delivery: the dispatch.
        lists: where it stands in them.
        words: what all rows need.
        whole: whether long values are shown as a whole, as far as a page can hold them.
    """
    item = client.store.items.get(delivery.digest)
    is_sent = item is not None and item.sent_by_us and not item.inbox
    placed = lists.place_of(delivery.digest)
    report = _sent_report(client, delivery) if is_sent else None
    head = inbox_row(delivery, placed, words) if report is None else sent_row(report, placed, words)
    files = files_of(client, delivery.digest)
    return ReaderPage(
        shown=shown_of(delivery),
        head=head,
        to=[named(each) for each in delivery.cover.to] if delivery.cover else [],
        actions=[show_act(each) for each in possible_acts(client, delivery, sent_by_us=is_sent)],
        doubts=_doubts(delivery),
        telephone=_telephone(client, delivery),
        sections=_sections(client, delivery, report, whole=whole),
        attachments=[show_file(each) for each in files],
        receipts=_own_receipts(delivery, words) if report is None else _receipts(report, words),
        thread=_thread(client, delivery),
        reasons=[coded(each) for each in DeclineReason],
    )


def _sent_report(client: Client, delivery: Delivery) -> SentReport:
    is_done = not client.store.outcomes.is_missing(delivery.digest, "done")
    return sent_report(client, delivery, is_done=is_done)


def show_act(each: PossibleAct) -> PageAct:
    """An act as a page offers it."""
    return PageAct(
        act=each.act.value,
        label=label(each.act),
        danger=each.is_dangerous,
        needs_passphrase=each.needs_passphrase,
        why_not=None if each.why_not is None else bounded(words_of(each.why_not), 400),
        href=None if each.operation is None else f"operation/{each.operation}",
    )


# What is doubtful


def _doubts(delivery: Delivery) -> list[PageDoubt]:
    """What a reader must know before the content."""
    firm = [*amendment_texts(delivery.amendments), *compromised_texts(delivery), *judged_texts(delivery)]
    found = [_doubt("doubt", each) for each in firm if each.is_strong or each.name]
    return [*found, *(_doubt("warning", each) for each in doubt_texts(delivery.report)[:LINES])]


def _doubt(code: str, text: NamedText) -> PageDoubt:
    return PageDoubt(code=code, text=bounded(f"{text.name}: {text.text}", 400))


def _telephone(client: Client, delivery: Delivery) -> list[str]:
    """Whom to call about what is in doubt, and about another country's stop or refusal."""
    if delivery.sender is None or delivery.cover is None:
        return []
    is_doubtful = delivery.compromised is not None or delivery.unjudged or delivery.step is not None
    is_called = delivery.sender != client.member and is_called_about(delivery.cover)
    if not (is_doubtful or is_called):
        return []
    form = stated_forms(client, delivery.cover.status).get(delivery.sender)
    return [bounded(line) for line in contact_lines(form)]


# What it says


def _sections(client: Client, delivery: Delivery, report: SentReport | None, *, whole: bool) -> list[PageSection]:
    heads = delivery_texts(delivery) if report is None else sent_texts(report)
    later = later_texts(HUB, report.status.later) if report else later_texts(_("Our answer"), delivery.answers)
    unsent = not_sent_texts(not_sent_to(client, delivery.digest)) if report else []
    content = delivery.content
    return [
        *(content_sections(content, whole=whole) if content else _no_content(delivery)),
        *section(_("How it is marked"), show_lines([*heads, *later, *unsent])),
    ]


def _no_content(delivery: Delivery) -> list[PageSection]:
    if delivery.step is not None:
        return []
    return section(_("Content"), [PageLine(label=_("Content"), value=_("this seat shows covers only"))])


def content_sections(content: ReadReport, *, whole: bool = False) -> list[PageSection]:
    """A report as sections: what is known of it, and what is not, as its sender wrote it.

    Args:
        content: the report as it was read.
        whole: whether long values are shown as a whole, as far as a page can hold them.
    """
    most, lines = (WHOLE, _WHOLE_LINES) if whole else (TEXT, LINES)
    known = show_lines(report_texts(content.form), most, lines) if content.form else []
    written, left = written_texts(content, lines)
    unknown = show_lines(written, most, lines)
    if left:
        text = plural("{count} more line, open it to read all", "{count} more lines, open it to read all", left)
        unknown.append(PageLine(label="", value=text, strong=True))
    return [
        *section(_("Content"), known),
        *section(_("Not known to this program, as the sender wrote it"), unknown),
    ]


def show_file(file: AttachedFile) -> PageFile:
    """An attachment, and how far it has got."""
    attachment, mismatch = file.attachment, mismatch_of(file)
    return PageFile(
        number=file.number,
        name=bounded(attachment.name),
        type=bounded(attachment.media_type, 100),
        size=attachment.size,
        caption=bounded(attachment.caption) if attachment.caption else None,
        state=coded(state_of(file)),
        words=bounded(state_text(file)),
        marked=None if mismatch is None else label(mismatch),
        here=file.is_here,
        showable=file.is_here and attachment.media_type in SHOWABLE,
    )


# Who did what


def _receipts(report: SentReport, words: RowWords) -> list[PageReceipt]:
    return [_receipt(each, report, words) for each in report.status.recipients.values()]


def _receipt(recipient: RecipientStatus, report: SentReport, words: RowWords) -> PageReceipt:
    standing, why = report.tally.standings[recipient.member], report.unreachable.get(recipient.member)
    last = next((each for each in reversed(recipient.answers) if each.outcome in _ANSWERS), None)
    last = last or next(reversed(recipient.answers), None)
    form = report.content.form if report.content else None
    if why is not None:
        return PageReceipt(
            member=named(recipient.member), state=coded(why), at=None, by=None, reason=None, silent=standing in BAD
        )
    return PageReceipt(
        member=named(recipient.member),
        state=coded(standing),
        at=words.time(last.at_ms if last else report.status.accepted_at_ms, form),
        by=None if last is None or last.by is None else bounded(last.by),
        reason=word_of(DeclineReason, last.reason) if last and last.reason else None,
        silent=standing in BAD or last is None,
    )


def _own_receipts(delivery: Delivery, words: RowWords) -> list[PageReceipt]:
    """What officers of the own member have said of what came."""
    return [_own_receipt(each, delivery, words) for each in delivery.answers if each.outcome in _ANSWERS]


def _own_receipt(answer: Answer, delivery: Delivery, words: RowWords) -> PageReceipt:
    return PageReceipt(
        member=named(answer.member),
        state=word_of(AnswerWord, answer.outcome),
        at=words.time(answer.at_ms, delivery.report),
        by=None if answer.by is None else bounded(answer.by),
        reason=word_of(DeclineReason, answer.reason) if answer.reason else None,
        silent=False,
    )


# What belongs together


def _thread(client: Client, delivery: Delivery) -> list[PageLink]:
    """The dispatch and what refers to it, in the order of the ledger."""
    cover = delivery.cover
    links = thread_of(client, delivery)[:_THREAD]
    if cover is None or not links:
        return []
    here = PageLink(
        id=delivery.digest,
        number=spell_number(delivery.index or 0, cover.status),
        kind=word_of(KINDS.values(), cover.kind),
        sender=named(cover.iss),
        relation=None,
        here=True,
    )
    order = [(delivery.index or 0, here), *((each.index or 0, _link(client, cover.status, each)) for each in links)]
    return [link for _index, link in sorted(order, key=lambda each: each[0])]


def _link(client: Client, status: str, each: ThreadLink) -> PageLink:
    item = client.store.items.at(each.index) if each.index is not None else None
    word = _("Brings pictures to") if each.brings_files else label_of(Relation, each.rel)
    return PageLink(
        id=item.digest if item is not None else None,
        number="?" if each.index is None else spell_number(each.index, status),
        kind=word_of(KINDS.values(), each.kind),
        sender=named(each.signer),
        relation=PageWord(value=bounded(each.rel, 64), label=bounded(word, LINE)),
    )
