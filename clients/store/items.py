"""Everything with a place in the ledger that this client keeps, once by digest."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from clients.store.database import Database
from schemas.claims import BY_CODE, Lane, StatementType
from schemas.encoding import decode_base64url, encode_base64url
from schemas.leaf import Leaf, parse_leaf

_COLUMNS = "seq, digest, place, lane, mine, inbox, taken, met_at, blob"
_BATCH = 256


@dataclass(frozen=True, slots=True)
class StoredItem:
    """A statement as it was met, with what proves it.

    Attributes:
        digest: identity, base64url; that of the leaf.
        index: place in the ledger; ``None`` if a new epoch has dropped it.
        lane: the lane it came on.
        leaf: its leaf.
        statement: compact JWS; ``None`` if it is gone.
        proof: inclusion proof, base64url.
        note: the checkpoint note under which the proof holds.
        mine: signed by the own member.
        inbox: a dispatch for the own member, to be shown.
        met_at: milliseconds, when it came.
        sealed: the own copy of the sealed content, a flattened JWE.
        entry_proof: Merkle proof of the own entry, base64url.
        content_key: what opens the copy.
        content: the report as JSON text, if it was opened.
        step: which of the recipient's steps failed (PROTOCOL 7).
        code: why.
        seq: order of arrival; 0 before it is stored.
        taken: shown to the application.
    """

    digest: str
    index: int | None
    lane: Lane
    leaf: Leaf
    statement: str | None
    proof: str
    note: str
    mine: bool
    inbox: bool
    met_at: int
    sealed: Mapping[str, Any] | None = None
    entry_proof: str | None = None
    content_key: bytes | None = field(default=None, repr=False)
    content: str | None = field(default=None, repr=False)
    step: int | None = None
    code: str | None = None
    seq: int = 0
    taken: bool = False


@dataclass(frozen=True, slots=True)
class Glance:
    """A stored dispatch, looked at quickly: nothing of it was parsed.

    Attributes:
        seq: order of arrival.
        digest: identity, base64url.
        mine: signed by the own member.
        inbox: for the own member, to be shown.
        statement: compact JWS; ``None`` if it is gone.
        content: the report as JSON text, if it was opened.
        step: which of the recipient's steps failed.
    """

    seq: int
    digest: str
    mine: bool
    inbox: bool
    statement: str | None
    content: str | None = field(repr=False)
    step: int | None


class Items:
    """The table of items."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def has(self, digest: str) -> bool:
        """Whether a statement with a place is stored."""
        found = self._database.execute("SELECT 1 FROM item WHERE digest = ? AND place IS NOT NULL", digest)
        return found.fetchone() is not None

    def put(self, item: StoredItem) -> None:
        """Store an item; one of the same digest keeps its order of arrival and whether it was shown."""
        self._database.execute(
            "INSERT INTO item (digest, place, accepted_at, type, lane, mine, inbox, taken, met_at, blob)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, 0, ?, ?) ON CONFLICT (digest) DO UPDATE SET place = excluded.place,"
            " accepted_at = excluded.accepted_at, lane = excluded.lane, inbox = excluded.inbox, blob = excluded.blob",
            item.digest,
            item.index,
            item.leaf.accepted_at,
            item.leaf.type.code,
            item.lane,
            item.mine,
            item.inbox,
            item.met_at,
            self._database.seal("item", item.digest, _content(item)),
        )

    def get(self, digest: str) -> StoredItem | None:
        """The item of a digest."""
        row = self._database.execute(f"SELECT {_COLUMNS} FROM item WHERE digest = ?", digest).fetchone()  # noqa: S608
        return None if row is None else self._item(row)

    def public(self) -> Iterator[StoredItem]:
        """Public statements that stand in the ledger, in its order."""
        codes = ", ".join(str(kind.code) for kind in _public_types())
        where = f"place IS NOT NULL AND lane = 'public' AND type IN ({codes})"
        yield from self._select(where, (), "place")

    def untaken(self) -> list[tuple[str, str]]:
        """Lane and digest of what the application has not been shown, in order of arrival."""
        rows = self._database.execute("SELECT lane, digest FROM item WHERE inbox = 1 AND taken = 0 ORDER BY seq")
        return [(lane, digest) for lane, digest in rows]

    def mark_taken(self, digests: Iterable[str]) -> None:
        """Remember that the application has been shown these."""
        with self._database.transaction():
            for digest in digests:
                self._database.execute("UPDATE item SET taken = 1 WHERE digest = ?", digest)

    def at(self, index: int) -> StoredItem | None:
        """The item at a place in the ledger."""
        return next(self._select("place = ?", (index,), "seq", 1), None)

    def urgent_after(self, seq: int) -> list[tuple[int, str]]:
        """Order of arrival and digest of urgent dispatches for the own member that came after one."""
        sql = "SELECT seq, digest FROM item WHERE inbox = 1 AND lane = 'urgent' AND seq > ? ORDER BY seq"
        return [(number, digest) for number, digest in self._database.execute(sql, seq)]

    def inbox(self, limit: int, before_seq: int | None = None) -> list[StoredItem]:
        """Dispatches for the own member, the newest first.

        Args:
            limit: at most so many.
            before_seq: only what came before this `StoredItem.seq`.
        """
        bound = before_seq if before_seq is not None else 1 << 62
        return list(self._select("inbox = 1 AND seq < ?", (bound,), "seq DESC", limit))

    def inbox_beside(self, apart: frozenset[str], limit: int) -> list[StoredItem]:
        """Dispatches for the own member, the newest first, without some; only what is given is read.

        Args:
            apart: digests of those that are left out; there may be very many.
            limit: at most so many.
        """
        rows = self._database.execute("SELECT digest FROM item WHERE inbox = 1 ORDER BY seq DESC")
        digests = list(islice((digest for (digest,) in rows if digest not in apart), limit))
        return [item for digest in digests if (item := self.get(digest)) is not None]

    def sent(self, limit: int, before_seq: int | None = None) -> list[StoredItem]:
        """Dispatches of the own member, the newest first; arguments as for `inbox`."""
        bound = before_seq if before_seq is not None else 1 << 62
        code = StatementType.DISPATCH.code
        return list(self._select("mine = 1 AND type = ? AND seq < ?", (code, bound), "seq DESC", limit))

    def glances(self, since_ms: int = 0, until_ms: int = 1 << 62) -> Iterator[Glance]:
        """Dispatches that came or were sent, the newest first, read a few at a time: the store may be large.

        Args:
            since_ms: only what the hub accepted then or later, milliseconds since 1970 UTC.
            until_ms: only what it accepted before.
        """
        sql = (
            "SELECT seq, digest, mine, inbox, blob FROM item WHERE type = ? AND (inbox = 1 OR mine = 1)"
            " AND accepted_at >= ? AND accepted_at < ? AND seq < ? ORDER BY seq DESC LIMIT ?"
        )
        values, before = (StatementType.DISPATCH.code, since_ms, until_ms), 1 << 62
        while rows := self._database.execute(sql, *values, before, _BATCH).fetchall():
            for seq, digest, mine, inbox, blob in rows:
                value = self._database.open_own("item", digest, blob)
                parts = value.get("statement"), value.get("content"), value.get("step")
                yield Glance(seq, digest, bool(mine), bool(inbox), *parts)
            before = rows[-1][0]

    def place_of(self, digest: str) -> int | None:
        """Where a statement stands in the ledger; ``None`` if it is not here, or was dropped."""
        row = self._database.execute("SELECT place FROM item WHERE digest = ?", digest).fetchone()
        return None if row is None else row[0]

    def mine_between(self, start: int, end: int) -> dict[int, str]:
        """Places from ``start`` to below ``end`` and digests of what the own member signed."""
        rows = self._database.execute(
            "SELECT place, digest FROM item WHERE mine = 1 AND place >= ? AND place < ?", start, end
        )
        return dict(rows.fetchall())

    def public_between(self, start: int, end: int) -> dict[int, str]:
        """Places from ``start`` to below ``end`` and digests of the public statements whose text is held."""
        found = self._select("lane = 'public' AND place >= ? AND place < ?", (start, end), "place")
        return {item.index: item.digest for item in found if item.index is not None and item.statement is not None}

    def gone_public(self) -> dict[int, str]:
        """Places and digests of the public statements that came without their text."""
        found = self._select("lane = 'public' AND place IS NOT NULL", (), "place")
        return {item.index: item.digest for item in found if item.index is not None and item.statement is None}

    def drop_places(self, index: int) -> None:
        """Forget the places from an index on: a new epoch goes on from there (PROTOCOL 8)."""
        self._database.execute("UPDATE item SET place = NULL WHERE place >= ?", index)

    def dropped_public(self, index: int) -> list[str]:
        """Credentials and revocations held from an index on, in the order of the ledger."""
        codes = f"{StatementType.CREDENTIAL.code}, {StatementType.REVOCATION.code}"
        found = self._select(f"place >= ? AND lane = 'public' AND type IN ({codes})", (index,), "place")
        return [item.statement for item in found if item.statement is not None and item.step is None]

    def has_dropped(self) -> bool:
        """Whether anything that a new epoch has dropped has not come back."""
        return self._database.execute("SELECT 1 FROM item WHERE place IS NULL LIMIT 1").fetchone() is not None

    def is_dropped(self, digest: str) -> bool:
        """Whether a new epoch has dropped this, and it has not come back."""
        found = self._database.execute("SELECT 1 FROM item WHERE digest = ? AND place IS NULL", digest)
        return found.fetchone() is not None

    def _select(self, where: str, values: tuple[Any, ...], order: str, limit: int = -1) -> Iterator[StoredItem]:
        sql = f"SELECT {_COLUMNS} FROM item WHERE {where} ORDER BY {order} LIMIT ?"  # noqa: S608 - no value is in it
        for row in self._database.execute(sql, *values, limit).fetchall():
            yield self._item(row)

    def _item(self, row: sqlite3.Row | tuple[Any, ...]) -> StoredItem:
        seq, digest, place, lane, mine, inbox, taken, met_at, blob = row
        value = self._database.open("item", digest, blob)
        key = value.get("content_key")
        return StoredItem(
            digest=digest,
            index=place,
            lane=lane,
            leaf=parse_leaf(decode_base64url(value["leaf"])),
            statement=value.get("statement"),
            proof=value["proof"],
            note=value["note"],
            mine=bool(mine),
            inbox=bool(inbox),
            met_at=met_at,
            sealed=value.get("sealed"),
            entry_proof=value.get("entry_proof"),
            content_key=None if key is None else decode_base64url(key, 32),
            content=value.get("content"),
            step=value.get("step"),
            code=value.get("code"),
            seq=seq,
            taken=bool(taken),
        )


def _content(item: StoredItem) -> dict[str, Any]:
    value = {
        "leaf": encode_base64url(item.leaf.to_bytes()),
        "statement": item.statement,
        "proof": item.proof,
        "note": item.note,
        "sealed": None if item.sealed is None else dict(item.sealed),
        "entry_proof": item.entry_proof,
        "content_key": None if item.content_key is None else encode_base64url(item.content_key),
        "content": item.content,
        "step": item.step,
        "code": item.code,
    }
    return {name: part for name, part in value.items() if part is not None}


def _public_types() -> list[StatementType]:
    kinds = (StatementType.EPOCH, StatementType.CREDENTIAL, StatementType.REVOCATION, StatementType.EVENT)
    return [kind for kind in kinds if kind.code in BY_CODE]
