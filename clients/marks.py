"""What its sender has made of a dispatch since: cancelled it, corrected it (PROTOCOL 6).

The hub admits ``cancel`` and ``update`` only from the member whose dispatch it is, and only with
the same status. A client does not have to believe that: here the same is judged from the covers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from clients.store import Store, StoredReference
from schemas.addresses import member_of
from schemas.claims import Dispatch, Rel

CHANGES: Final[tuple[Rel, ...]] = ("cancel", "update")
"""How a dispatch refers to one that it changes."""


@dataclass(frozen=True, slots=True)
class Marks:
    """How a dispatch stands to others that are in the store.

    Attributes:
        cancels: those that cancel it, in the order of the ledger.
        corrections: those that correct it.
        places: where what it refers to stands in the ledger, by digest; ``None`` where that is not known here.
    """

    cancels: tuple[StoredReference, ...] = ()
    corrections: tuple[StoredReference, ...] = ()
    places: Mapping[str, int | None] = field(default_factory=dict)

    @property
    def cancelled_by(self) -> StoredReference | None:
        """The first that cancels it."""
        return self.cancels[0] if self.cancels else None

    @property
    def corrected_by(self) -> StoredReference | None:
        """The newest that corrects it."""
        return self.corrections[-1] if self.corrections else None

    def of(self, rel: str, cover: Dispatch) -> list[int | None]:
        """Places of what a cover refers to in one way."""
        return [self.places.get(ref.digest) for ref in cover.refs or () if ref.rel == rel]


def marks_of(digest: str, cover: Dispatch | None, store: Store) -> Marks:
    """The marks of a stored dispatch.

    Args:
        digest: which.
        cover: its own, verified; without one it has no sender who could say anything. What is said of a dispatch
            is said of its content under a newer key too.
        store: where the others are.
    """
    if cover is None:
        return Marks()
    places = {ref.digest: store.items.place_of(ref.digest) for ref in cover.refs or ()}
    copies = [digest, *(ref.digest for ref in cover.refs or () if ref.rel == "reseal")]
    said = [each for copy in copies for each in store.references.to(copy, *CHANGES) if _may_say(each, cover)]
    cancels, corrections = (tuple(each for each in said if each.rel == rel) for rel in CHANGES)
    return Marks(cancels, corrections, places)


def _may_say(reference: StoredReference, cover: Dispatch) -> bool:
    return reference.member == member_of(cover.iss) and reference.status == cover.status
