"""What would be sent or signed again, as its officer looks at it."""

from __future__ import annotations

from typing import Any

from clients.actions.client import Client
from clients.actions.numbers import spell_number
from clients.actions.returned import SecondTry
from clients.actions.signing import Unsigned
from clients.desk.views.reviewing import section_view
from clients.documents.cover_texts import addressed_texts, marked_texts
from clients.documents.items import what_text
from clients.documents.named import NamedText, strong
from clients.documents.plain import clean, utc
from clients.documents.report_text import report_texts
from clients.documents.texts import _, label_of
from clients.mail.compose import DispatchDraft, Draft
from clients.mail.cover import Cover
from schemas.labels import Outcome, Precedence
from schemas.reports import read_report


def again_view(client: Client, again: SecondTry) -> list[dict[str, Any]]:
    """What came back, as it would be sent again."""
    texts = [strong(_("Not to"), ", ".join(again.left_out))] if again.left_out else []
    return _draft_sections(client, again.draft, texts)


def unsigned_view(client: Client, each: Unsigned) -> list[dict[str, Any]]:
    """What waits for a signature."""
    since = NamedText(_("Waits since"), f"{utc(each.made_ms)} ({_('item {row}').format(row=each.row)})")
    return _draft_sections(client, each.draft, [since])


def _draft_sections(client: Client, draft: Draft, first: list[NamedText]) -> list[dict[str, Any]]:
    title = what_text(draft)
    if not isinstance(draft, DispatchDraft):
        return [section_view(title, [*first, *_receipt_texts(client, draft)])]
    cover = Cover(
        to=draft.to,
        signer=draft.iss,
        status=draft.status or client.network_status,  # type: ignore[arg-type]  # as it was written here
        precedence=draft.precedence,  # type: ignore[arg-type]
        handling=draft.handling,  # type: ignore[arg-type]
        refs=draft.refs,
        expects=draft.expects,
    )
    read = read_report(draft.content.encode(), draft.kind)
    precedence = NamedText(_("Precedence"), label_of(Precedence, draft.precedence))
    marked = [precedence, *marked_texts(client, cover, read.form)]
    head = section_view(title, [*first, *addressed_texts(client, cover, read.form), *marked])
    content = report_texts(read.form) if read.form else [NamedText("", clean(draft.content))]
    return [head, section_view(_("Content"), content)]


def _receipt_texts(client: Client, draft: Draft) -> list[NamedText]:
    digests, outcome = getattr(draft, "digests", ()), getattr(draft, "outcome", "")
    places = (client.store.items.place_of(digest) for digest in digests)
    numbers = ", ".join(spell_number(place, client.network_status) for place in places if place is not None)
    to = getattr(draft, "to", "")
    return [NamedText(_("To"), to), NamedText(label_of(Outcome, outcome), numbers)] if outcome else []
