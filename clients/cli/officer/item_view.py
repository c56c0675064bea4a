"""Items of the outbox in words: what came back, why, and what it says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from clients.actions.client import Client
from clients.actions.numbers import spell_number
from clients.actions.returned import Returned, ReturnedList, SecondTry
from clients.cli.alarms import closing_text
from clients.cli.officer.cover_view import cover_lines
from clients.cli.officer.dispatch_view import AnswerWord, banner, kind_word
from clients.cli.ui import paint
from clients.documents.columns import shorten
from clients.documents.dispatches import report_json
from clients.documents.plain import WIDTH, clean, field, utc
from clients.documents.report_text import content_lines, headline
from clients.documents.texts import _, label_of, plural
from clients.errors import LocalCode
from clients.mail.compose import DispatchDraft, Draft, ReceiptDraft
from clients.mail.cover import Cover
from clients.mail.sent import refusal_of
from clients.store import OutState
from schemas.labels import Precedence
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


def back_row(each: Returned) -> list[str]:
    """One that came back, in two lines: what it was, to whom, and why it was refused."""
    draft, outgoing = each.draft, each.outgoing
    urgent = "! " if outgoing.urgent else "  "
    head = f"{each.item:>5} {utc(outgoing.made_ms)[5:16]} {urgent}"
    words = _what(draft)
    if isinstance(draft, DispatchDraft):
        words = f"{label_of(Precedence, draft.precedence)} {kind_word(draft.kind)}, {_to(draft)}: {_gist(each.content)}"
    return [shorten(head + words, WIDTH), shorten(" " * 8 + refusal_text(each), WIDTH)]


def refusal_text(each: Returned) -> str:
    """Why it was refused: the code, what that means, and for whom."""
    error = refusal_of(each.outgoing)
    detail = f" ({clean(each.outgoing.detail)})" if each.outgoing.detail else ""
    return f"{each.outgoing.code}: {_(error.problem.title)}{detail}"


def not_sent_lines(parts: tuple[Returned, ...]) -> list[str]:
    """To whom a dispatch could not go: the other part of one alert."""
    found = []
    for each in parts:
        to = ", ".join(each.draft.to) if isinstance(each.draft, DispatchDraft) else ""
        text = _("{members}: item {number}").format(members=to, number=each.item)
        if each.outgoing.closing is not None:
            text += f" ({closing_text(each.outgoing.closing)})"
        found += field(_("NOT SENT TO"), text)
    return found


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


def item_json(each: Returned) -> dict[str, Any]:
    """An item for programs."""
    outgoing, draft, closing = each.outgoing, each.draft, each.outgoing.closing
    to = list(draft.to) if isinstance(draft, DispatchDraft) else []
    return {
        "outbox": each.item,
        "what": outgoing.draft.get("draft"),
        "state": outgoing.state.value,
        "made_ms": outgoing.made_ms,
        "urgent": outgoing.urgent,
        "to": to,
        "code": outgoing.code,
        "detail": outgoing.detail,
        "part_of": outgoing.part_of,
        "place": outgoing.index,
        "closed": None if closing is None else {"by": closing.by, "at_ms": closing.at_ms, "reason": closing.reason},
        **report_json(each.content),
    }


def _parts(client: Client, each: Returned) -> Iterator[Returned]:
    from clients.actions.returned import find_item

    for part in client.store.outbox.parts(each.item):
        yield find_item(client, part.id)


def _content(client: Client, draft: Draft, content: ReadReport | None) -> list[str]:
    if not isinstance(draft, DispatchDraft) or content is None:
        signer = field(_("Signed by"), draft.iss) if isinstance(draft, ReceiptDraft) else []
        return [*field(_("Content"), _what(draft)), *signer]
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


def _what(draft: Draft) -> str:
    """What something is that has no text of its own."""
    if isinstance(draft, ReceiptDraft):
        outcome = label_of(AnswerWord, draft.outcome)
        count = plural("{count} dispatch", "{count} dispatches", len(draft.digests))
        return _("Receipt to {member}: {outcome}, {count}").format(member=draft.to, outcome=outcome, count=count)
    return _("Public statement") if not isinstance(draft, DispatchDraft) else kind_word(draft.kind)


def _to(draft: DispatchDraft) -> str:
    return _("to {members}").format(members=", ".join(draft.to))


def _gist(content: ReadReport | None) -> str:
    return clean(headline(content.form)) if content is not None else ""


def _state_words(each: Returned) -> str:
    outgoing = each.outgoing
    if outgoing.state is OutState.ACCEPTED:
        number = spell_number(outgoing.index or 0, outgoing.draft.get("status"))
        return _("sent as {number}").format(number=number)
    if outgoing.state is OutState.REFUSED:
        return paint(_("CAME BACK"), fg="red", bold=True)
    return _("dealt with") if outgoing.state is OutState.DROPPED else _("waiting to be sent")
