"""How a dispatch hangs together with others, in words and for programs."""

from __future__ import annotations

from typing import Any

from clients.actions.numbers import spell_number
from clients.actions.reading import ThreadLink
from clients.documents.texts import _, label_of
from schemas.claims import Dispatch
from schemas.labels import Relation
from schemas.reports.kinds import KINDS


def link_json(link: ThreadLink) -> dict[str, Any]:
    """A dispatch of a thread, for programs."""
    names = {"number": link.index, "rel": link.rel, "kind": link.kind, "from": link.signer}
    return {**names, "by_this": link.by_this, "brings_files": link.brings_files}


def thread_text(number: int, cover: Dispatch | None, link: ThreadLink) -> str:
    """``EX 10 425: Reply to EX 10 423 (Feedback, UZ/NFP)``; in brackets is the one that is not shown here."""
    status = cover.status if cover else None
    indices = (number, link.index) if link.by_this else (link.index, number)
    source, target = ("?" if index is None else spell_number(index, status) for index in indices)
    word = _("Brings pictures to") if link.brings_files else label_of(Relation, link.rel)
    what = f"{word} {target}"
    return f"{source}: {what} ({label_of(KINDS.values(), link.kind)}, {link.signer})"
