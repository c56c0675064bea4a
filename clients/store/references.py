"""Which dispatches refer to which: replies, corrections, cancellations, found from what they refer to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, get_args

from clients.store.database import Database
from clients.store.rows import TableRows
from clients.store.schema import ITEM, REFERENCE
from schemas.addresses import Address, member_of
from schemas.claims import Dispatch, Rel
from schemas.encoding import encode_base64url

_LATER: Final = "?"
_ALL: Final[tuple[str, ...]] = (*get_args(Rel), _LATER)
"""Relations, and one for all that are not known here."""


@dataclass(frozen=True, slots=True)
class StoredReference:
    """A dispatch that refers to another.

    Attributes:
        source: digest of the one that refers.
        rel: how (PROTOCOL 6).
        iss: who signed it, a member or one of its officers.
        status: ``actual``, ``exercise``, ``test``.
        kind: of its report.
        index: its place in the ledger; ``None`` if a new epoch has dropped it.
        accepted_at_ms: milliseconds since 1970 UTC, by the ledger.
    """

    source: str
    rel: str
    iss: Address
    status: str
    kind: str
    index: int | None
    accepted_at_ms: int

    @property
    def member(self) -> Address:
        """Whose it is."""
        return member_of(self.iss)


class References:
    """The table of references; who refers to whom is sealed, what is referred to, and how, is a keyed hash.

    The hash has the relation in it: a correction is found beside however many replies.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._rows = TableRows(database, REFERENCE)
        self._items = TableRows(database, ITEM)

    def add(self, source: str, cover: Dispatch) -> None:
        """Keep what a stored dispatch refers to; the same again changes nothing.

        Args:
            source: its digest.
            cover: verified.
        """
        for ref in cover.refs or ():
            row = self._database.name("reference", ref.digest, source, ref.rel)
            value = {"source": source, "rel": ref.rel, "iss": cover.iss, "status": cover.status, "kind": cover.kind}
            self._rows.add(row, value, target=self._target(ref.digest, ref.rel))

    def list_kind(self, source: str, cover: Dispatch) -> None:
        """Keep that a stored dispatch is of its kind, so that `of_kind` finds it; the same again changes nothing."""
        row = self._database.name("kind", cover.kind, source)
        value = {"source": source, "rel": "", "iss": cover.iss, "status": cover.status, "kind": cover.kind}
        self._rows.add(row, value, target=self._kind(cover.kind))

    def of_kind(self, kind: str) -> list[StoredReference]:
        """Dispatches of a kind that are listed, in the order of the ledger; they need not refer to anything."""
        found = [self._reference(value) for _, value in self._rows.read("target = ?", self._kind(kind))]
        return sorted(found, key=lambda each: (each.index is None, each.index, each.accepted_at_ms))

    def has(self, digest: str, *rels: str) -> bool:
        """Whether anything refers to a dispatch; arguments as for `to`."""
        return any(self._rows.first("target = ?", self._target(digest, rel)) for rel in rels or _ALL)

    def to(self, digest: str, *rels: str) -> list[StoredReference]:
        """What refers to a dispatch, in the order of the ledger.

        Args:
            digest: of the dispatch.
            rels: only in one of these ways; in any if none is named.
        """
        targets = [self._target(digest, rel) for rel in rels or _ALL]
        found = [self._reference(value) for target in targets for _, value in self._rows.read("target = ?", target)]
        return sorted(found, key=lambda each: (each.index is None, each.index, each.accepted_at_ms))

    def _reference(self, value: dict[str, Any]) -> StoredReference:
        stored = self._items.get(value["source"]) or {"place": None, "accepted_at": 0}
        iss = Address(value.pop("iss"))
        return StoredReference(**value, iss=iss, index=stored["place"], accepted_at_ms=stored["accepted_at"])

    def _kind(self, kind: str) -> str:
        return encode_base64url(self._database.name("kind", kind))

    def _target(self, digest: str, rel: str) -> str:
        return encode_base64url(self._database.name("target", digest, rel if rel in _ALL else _LATER))
