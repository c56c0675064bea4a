"""An item of the outbox as a page: it waits, came back, or went."""

# ruff: noqa: RUF001 - Russian words contain letters that look Latin

from __future__ import annotations

from clients.actions.client import Client
from clients.actions.returned import Returned, find_item
from clients.desk.views.reader import PageAct, PageDoubt, PageReceipt, content_sections
from clients.desk.views.rows import RowWords, SentRow, item_row
from clients.desk.views.values import PageSection, PageValue, section, show_lines
from clients.documents.alarms import closing_text
from clients.documents.dispatch_texts import doubt_texts
from clients.documents.items import not_sent_texts, refusal_text, state_words, what_text
from clients.documents.named import NamedText, strong
from clients.documents.plain import utc
from clients.documents.texts import _, label, label_of
from clients.errors import LocalCode
from clients.mail.compose import DispatchDraft, ReceiptDraft
from clients.store import OutState
from schemas.labels import CodedValue, HandlingCode, Precedence


class ItemAct(CodedValue):
    """What a person makes of what came back."""

    RESEND = "resend", "Send again", "Отправить снова"
    DISCARD = "discard", "Discard", "Не отправлять"


class ItemPage(PageValue):
    """An item with what can be done about it."""

    head: SentRow
    sections: list[PageSection]
    actions: list[PageAct]
    receipts: list[PageReceipt]
    doubts: list[PageDoubt]


def item_page(client: Client, each: Returned, words: RowWords, *, exercise: bool) -> ItemPage:
    """An item of the outbox.

    Args:
        client: whose.
        each: the item.
        words: what all rows need.
        exercise: whether it is certainly not real.
    """
    is_back = each.outgoing.state is OutState.REFUSED
    form = each.content.form if each.content else None
    why_not = None if is_back else _("It did not come back.")
    doubts = [strong(_("Refused"), refusal_text(each))] if is_back else []
    texts = [*doubts, *doubt_texts(form)]
    return ItemPage(
        head=item_row(each, words, exercise=exercise),
        sections=[
            *section(_("Item"), show_lines(_texts(client, each))),
            *(content_sections(each.content) if each.content else []),
        ],
        actions=[
            PageAct(
                act=act.value,
                label=label(act),
                danger=act is ItemAct.DISCARD,
                needs_passphrase=act is ItemAct.DISCARD,
                why_not=why_not,
            )
            for act in ItemAct
        ],
        receipts=[],
        doubts=[PageDoubt(code="doubt", text=f"{text.name}: {text.text}"[:400]) for text in texts],
    )


def _texts(client: Client, each: Returned) -> list[NamedText]:
    draft, outgoing = each.draft, each.outgoing
    texts = [NamedText(_("Item"), f"{each.item}, {state_words(each)}"), NamedText(_("Written"), utc(outgoing.made_ms))]
    if outgoing.state in (OutState.REFUSED, OutState.DROPPED) and outgoing.code != LocalCode.WITHDRAWN.value:
        texts.append(strong(_("Refused"), refusal_text(each)))
    if outgoing.closing is not None:
        texts.append(NamedText(_("Dealt with"), closing_text(outgoing.closing)))
    texts += not_sent_texts([find_item(client, part.id) for part in client.store.outbox.parts(each.item)])
    if isinstance(draft, DispatchDraft):
        return [
            *texts,
            NamedText(_("To"), ", ".join(draft.to)),
            NamedText(_("Signed by"), draft.iss),
            NamedText(_("Precedence"), label_of(Precedence, draft.precedence)),
            NamedText(_("Handling"), label_of(HandlingCode, draft.handling)),
        ]
    signer = [NamedText(_("Signed by"), draft.iss)] if isinstance(draft, ReceiptDraft) else []
    return [*texts, NamedText(_("Content"), what_text(draft)), *signer]
