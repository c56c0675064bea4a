"""What its sender has made of a dispatch since: cancelled it, corrected it (PROTOCOL 6).

The hub admits ``cancel`` and ``update`` only from the member whose dispatch it is, and only with
the same status. A client does not have to believe that: here the same is judged from the covers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from clients.mail.compose import Ref
from clients.mail.state import cover_of
from clients.store import Store, StoredReference
from schemas import limits
from schemas.addresses import member_of
from schemas.claims import Dispatch
from schemas.errors import SeraiError
from schemas.reports import ReportModel, read_content
from schemas.rules.attaching import is_same_with_files
from schemas.rules.expecting import asked_of
from schemas.rules.references import check_reference
from schemas.rules.status import check_inherited

_KEPT: Final = ("iss", "to", "kind", "status", "precedence", "handling", "stale_after")
"""What a cover that only brings attachments has as the one before it."""

CHANGES: Final[tuple[str, ...]] = ("cancel", "update")
"""How a dispatch refers to one that it changes."""


@dataclass(frozen=True, slots=True)
class Amendments:
    """How a dispatch stands to others that are in the store.

    Attributes:
        cancels: those that cancel it, in the order of the ledger.
        corrections: those that correct it.
        completes: digest of the dispatch that this one says once more, with its attachments; see `completes`.
        completed_by: the correction that says the same, and brings the attachments that were to follow.
        asked_anew: whether a correction asks for an answer instead of it.
        indices: numbers of what it refers to, by digest; ``None`` where that is not known here.
    """

    cancels: tuple[StoredReference, ...] = ()
    corrections: tuple[StoredReference, ...] = ()
    completes: str | None = None
    completed_by: StoredReference | None = None
    asked_anew: bool = False
    indices: Mapping[str, int | None] = field(default_factory=dict)

    @property
    def cancelled_by(self) -> StoredReference | None:
        """The first that cancels it."""
        return self.cancels[0] if self.cancels else None

    @property
    def corrected_by(self) -> StoredReference | None:
        """The newest that corrects it."""
        return self.corrections[-1] if self.corrections else None

    def of(self, rel: str, cover: Dispatch) -> list[int | None]:
        """Numbers of what a cover refers to in one way."""
        return [self.indices.get(ref.digest) for ref in cover.refs or () if ref.rel == rel]


def amendments_of(digest: str, cover: Dispatch | None, store: Store) -> Amendments:
    """The amendments of a stored dispatch.

    Args:
        digest: its identity, base64url.
        cover: its own, verified; without one it has no sender who could amend it. What amends a dispatch amends its
            content under a newer key too.
        store: where the others are.
    """
    if cover is None:
        return Amendments()
    indices = {ref.digest: store.items.place_of(ref.digest) for ref in cover.refs or ()}
    copies = [digest, *(ref.digest for ref in cover.refs or () if ref.rel == "reseal")]
    found = [each for copy in copies for each in store.references.to(copy, *CHANGES) if _may_amend(each, cover)]
    cancels, corrections = (tuple(each for each in found if each.rel == rel) for rel in CHANGES)
    text = completes(digest, store)
    if text is not None and not cancels:  # the two are one alert
        cancels = tuple(each for each in store.references.to(text, "cancel") if _may_amend(each, cover))
    later = (_cover(each.source, store) for each in (reversed(corrections) if cover.expects is not None else ()))
    asked_anew = any(each is not None and each.expects is not None for each in later)
    completed_by = next((each for each in corrections if completes(each.source, store) in copies), None)
    return Amendments(cancels, corrections, text, completed_by, asked_anew, indices)


def completes(digest: str, store: Store) -> str | None:
    """The dispatch that this one says once more, with the attachments that were to follow (PROTOCOL 7).

    To who has acknowledged that one it is nothing new: nobody is called, and nothing is open. Where its sender has
    changed a word, an address or how urgent it is, it is a correction like any other.

    Args:
        digest: of this one.
        store: where both are.

    Returns:
        The digest of the other; ``None`` if this is something else.
    """
    cover = _cover(digest, store)
    refs = list(cover.refs or ()) if cover is not None else []
    if cover is None or not cover.attachments or cover.expects is not None or [ref.rel for ref in refs] != ["update"]:
        return None
    before = _cover(refs[0].digest, store)
    if before is None or any(getattr(cover, name) != getattr(before, name) for name in _KEPT):
        return None
    forms = [_form(each, one, store) for each, one in ((refs[0].digest, before), (digest, cover))]
    is_same = forms[0] is not None and forms[1] is not None and is_same_with_files(forms[0], forms[1])
    return refs[0].digest if is_same else None


def _form(digest: str, cover: Dispatch, store: Store) -> ReportModel | None:
    """The report, if all of it is known here."""
    item = store.items.get(digest)
    try:
        content = read_content(item.content.encode(), cover) if item is not None and item.content else None
    except SeraiError:
        return None
    return content.form if content is not None and content.is_known else None


def reply_refs(digest: str, store: Store) -> tuple[Ref, ...]:
    """What a reply to a dispatch refers to: that one, and what it corrects and asked the own member for an answer.

    A correction that asks for nothing leaves what was asked before as it was (PROTOCOL 6).
    """
    asking, due = [digest], [digest]
    while due and len(asking) < limits.REFERENCES:
        cover = _cover(due.pop(), store)
        for ref in (cover.refs or ()) if cover is not None and cover.expects is None else ():
            if ref.rel == "update" and ref.digest not in asking:
                due.append(ref.digest)
                before = _cover(ref.digest, store)
                asking += [ref.digest] if before is not None and store.keys.member in asked_of(before) else []
    return tuple(Ref("reply", each) for each in asking)


def _cover(digest: str, store: Store) -> Dispatch | None:
    item = store.items.get(digest)
    return cover_of(item) if item is not None else None


def _may_amend(reference: StoredReference, cover: Dispatch) -> bool:
    """Whether a hub that keeps the rules would have admitted it."""
    by_sender, by_recipient = reference.member == member_of(cover.iss), reference.member in cover.to
    try:
        check_reference(reference.rel, by_sender=by_sender, by_recipient=by_recipient)
        check_inherited(reference.rel, cover.status, reference.status)
    except SeraiError:
        return False
    return True
