"""Items of the outbox in words: what came back, why, and what it says."""

from __future__ import annotations

from collections.abc import Iterator

from clients.actions.client import Client
from clients.actions.returned import Returned, ReturnedList, SecondTry
from clients.cli.officer.cover_view import cover_lines
from clients.cli.officer.dispatch_view import banner
from clients.cli.ui import paint
from clients.documents.alarms import closing_text
from clients.documents.items import back_row, not_sent_texts, refusal_text, state_words, what_text
from clients.documents.named import field_lines
from clients.documents.plain import WIDTH, field, utc
from clients.documents.report_text import content_lines
from clients.documents.texts import _, plural
from clients.errors import LocalCode
from clients.mail.compose import DispatchDraft, Draft, ReceiptDraft
from clients.mail.cover import Cover
from clients.store import OutState
from schemas.reports import ReadReport


def back_lines(found: ReturnedList) -> Iterator[str]:
    """What came back, and what to type about it; nothing if nothing did."""
    if not found.items:
        return
    yield paint(_("CAME BACK, not sent:"), fg="red", bold=True)
    for each in found.items:
        yield from back_row(each)
    if found.left:
        yield "  " + plural("and {count} more item", "and {count} more items", found.left)
    yield "  " + _("See one: serai item show N. Then: serai item resend N, or discard N")


def not_sent_lines(parts: tuple[Returned, ...]) -> list[str]:
    """To whom a dispatch could not go: the other part of one alert."""
    return field_lines(not_sent_texts(parts))


def item_lines(client: Client, each: Returned) -> list[str]:
    """Everything about an item."""
    draft, outgoing = each.draft, each.outgoing
    status = draft.status or client.network_status if isinstance(draft, DispatchDraft) else "actual"
    lines = [*banner(status), *field(_("Item"), f"{each.item}, {_state_words(each)}")]
    lines += field(_("Written"), utc(outgoing.made_ms))
    if outgoing.state in (OutState.REFUSED, OutState.DROPPED) and outgoing.code != LocalCode.WITHDRAWN.value:
        lines += field(_("Refused"), refusal_text(each))
    if outgoing.closing is not None:
        lines += field(_("Dealt with"), closing_text(outgoing.closing))
    lines += not_sent_lines(tuple(_parts(client, each)))
    return [*lines, *_content(client, draft, each.content), *banner(status)]


def again_lines(client: Client, again: SecondTry) -> list[str]:
    """What would be sent again, as a person reviews it."""
    lines = [_("This will be sent again:")]
    lines += _content(client, again.draft, again.returned.content)
    if again.left_out:
        lines += field(_("NOT SENT TO"), ", ".join(again.left_out))
    return lines


def _parts(client: Client, each: Returned) -> Iterator[Returned]:
    from clients.actions.returned import find_item

    for part in client.store.outbox.parts(each.item):
        yield find_item(client, part.id)


def _content(client: Client, draft: Draft, content: ReadReport | None) -> list[str]:
    if not isinstance(draft, DispatchDraft) or content is None:
        signer = field(_("Signed by"), draft.iss) if isinstance(draft, ReceiptDraft) else []
        return [*field(_("Content"), what_text(draft)), *signer]
    cover = Cover(
        to=draft.to,
        signer=draft.iss,
        status=draft.status or client.network_status,  # type: ignore[arg-type]
        precedence=draft.precedence,  # type: ignore[arg-type]
        handling=draft.handling,  # type: ignore[arg-type]
        refs=draft.refs,
        expects=draft.expects,
    )
    lines = cover_lines(client, cover, content.form)
    return [*lines, "-" * WIDTH, *content_lines(content), "-" * WIDTH]


def _state_words(each: Returned) -> str:
    words = state_words(each)
    return paint(words, fg="red", bold=True) if each.outgoing.state is OutState.REFUSED else words
