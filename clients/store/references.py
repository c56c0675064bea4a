"""Which dispatches refer to which: replies, corrections, cancellations, found from what they refer to."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, cast, get_args

from clients.store.database import Database
from clients.store.items import Glance
from schemas import limits
from schemas.addresses import Address, member_of
from schemas.claims import Dispatch, Rel, StatementType, parse_claims
from schemas.encoding import decode_base64url, decode_object, encode_base64url

_FILLED: Final = "references filled by relation"
_ALL: Final[tuple[Rel, ...]] = get_args(Rel)
_NAMED: Final = 5


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

    def add(self, source: str, cover: Dispatch) -> None:
        """Keep what a stored dispatch refers to; the same again changes nothing.

        Args:
            source: its digest.
            cover: verified.
        """
        for ref in cover.refs or ():
            row = self._database.name("reference", ref.digest, source, ref.rel)
            value = {"source": source, "rel": ref.rel, "iss": cover.iss, "status": cover.status, "kind": cover.kind}
            blob = self._database.seal("reference", row, value)
            sql = "INSERT OR IGNORE INTO reference (id, target, blob) VALUES (?, ?, ?)"
            self._database.execute(sql, row, self._target(ref.digest, ref.rel), blob)

    def has(self, digest: str, *rels: Rel) -> bool:
        """Whether anything refers to a dispatch; arguments as for `to`."""
        sql = "SELECT 1 FROM reference WHERE target = ? LIMIT 1"
        return any(self._database.execute(sql, self._target(digest, rel)).fetchone() for rel in rels or _ALL)

    def to(self, digest: str, *rels: Rel) -> list[StoredReference]:
        """What refers to a dispatch, in the order of the ledger.

        Args:
            digest: of the dispatch.
            rels: only in one of these ways; in any if none is named.
        """
        sql = "SELECT id, blob FROM reference WHERE target = ?"
        targets = [self._target(digest, rel) for rel in rels or _ALL]
        rows = [row for target in targets for row in self._database.execute(sql, target).fetchall()]
        found = [self._reference(self._database.open("reference", row, blob)) for row, blob in rows]
        return sorted(found, key=lambda each: (each.index is None, each.index, each.accepted_at_ms))

    def _reference(self, value: dict[str, str]) -> StoredReference:
        sql = "SELECT place, accepted_at FROM item WHERE digest = ?"
        place, accepted_at = self._database.execute(sql, value["source"]).fetchone() or (None, 0)
        iss = Address(value.pop("iss"))
        return StoredReference(**value, iss=iss, index=place, accepted_at_ms=accepted_at)

    def _target(self, digest: str, rel: str) -> str:
        return encode_base64url(self._database.name("target", digest, rel))

    def fill(self, glances: Callable[[], Iterable[Glance]]) -> None:
        """Look through what was stored before there was this table, once in the life of a store.

        Args:
            glances: gives what is stored.
        """
        row = self._database.execute("SELECT blob FROM meta WHERE name = ?", _FILLED).fetchone()
        if row is not None and self._database.open("meta", _FILLED, row[0]):
            return
        with self._database.transaction():
            self._database.execute("DELETE FROM reference")  # an older table knew no relations
            for glance in glances():
                if glance.statement is not None and (glance.step is None or glance.step > _NAMED):
                    self.add(glance.digest, _cover(glance.statement))
            blob = self._database.seal("meta", _FILLED, value=True)
            self._database.execute("INSERT OR IGNORE INTO meta (name, blob) VALUES (?, ?)", _FILLED, blob)


def _cover(statement: str) -> Dispatch:
    """The cover of a dispatch that was verified before it was stored."""
    payload = decode_object(decode_base64url(statement.split(".")[1]), limits.STATEMENT_MEMBERS)
    cover = parse_claims(StatementType.DISPATCH, payload)
    return cast("Dispatch", cover)
