"""Items of the outbox in words: what came back, why, and what it says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from clients.actions.numbers import spell_number
from clients.actions.returned import Returned
from clients.documents.alarms import closing_text
from clients.documents.columns import shorten
from clients.documents.dispatch_rows import kind_word
from clients.documents.dispatch_texts import AnswerWord
from clients.documents.dispatches import report_json
from clients.documents.named import NamedText
from clients.documents.plain import WIDTH, clean, utc
from clients.documents.report_text import headline
from clients.documents.texts import _, label_of, plural
from clients.mail.compose import DispatchDraft, Draft, ReceiptDraft
from clients.mail.sent import refusal_of
from clients.store import OutState
from schemas.labels import Precedence
from schemas.reports import ReadReport


def back_row(each: Returned) -> list[str]:
    """One that came back, in two lines: what it was, to whom, and why it was refused."""
    draft, outgoing = each.draft, each.outgoing
    urgent = "! " if outgoing.urgent else "  "
    head = f"{each.item:>5} {utc(outgoing.made_ms)[5:16]} {urgent}"
    words = what_text(draft)
    if isinstance(draft, DispatchDraft):
        words = f"{label_of(Precedence, draft.precedence)} {kind_word(draft.kind)}, {_to(draft)}: {_gist(each.content)}"
    return [shorten(head + words, WIDTH), shorten(" " * 8 + refusal_text(each), WIDTH)]


def refusal_text(each: Returned) -> str:
    """Why it was refused: the code, what that means, and for whom."""
    error = refusal_of(each.outgoing)
    detail = f" ({clean(each.outgoing.detail)})" if each.outgoing.detail else ""
    return f"{each.outgoing.code}: {_(error.problem.title)}{detail}"


def not_sent_texts(parts: Sequence[Returned]) -> list[NamedText]:
    """To whom a dispatch could not go: the other part of one alert."""
    found = []
    for each in parts:
        to = ", ".join(each.draft.to) if isinstance(each.draft, DispatchDraft) else ""
        text = _("{members}: item {number}").format(members=to, number=each.item)
        if each.outgoing.closing is not None:
            text += f" ({closing_text(each.outgoing.closing)})"
        found.append(NamedText(_("NOT SENT TO"), text))
    return found


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


def what_text(draft: Draft) -> str:
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


def state_words(each: Returned) -> str:
    """How an item stands."""
    outgoing = each.outgoing
    if outgoing.state is OutState.ACCEPTED:
        number = spell_number(outgoing.index or 0, outgoing.draft.get("status"))
        return _("sent as {number}").format(number=number)
    if outgoing.state is OutState.REFUSED:
        return _("CAME BACK")
    return _("dealt with") if outgoing.state is OutState.DROPPED else _("waiting to be sent")
