"""Everything with a place in the ledger that this client keeps, once by digest."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

from clients.store.database import Database
from clients.store.rows import TableRows
from clients.store.schema import ITEM
from schemas.claims import BY_CODE, Lane, StatementType
from schemas.encoding import decode_base64url, encode_base64url
from schemas.leaf import Leaf, unpack_leaf

_BATCH = 256
_HERE = "digest NOT IN (SELECT digest FROM deletion)"


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
        sent_by_us: signed by the own member.
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
    sent_by_us: bool
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


def without_text(item: StoredItem) -> StoredItem:
    """What stays of an item whose text is deleted here: its place and what proves it; it is in no list."""
    return replace(
        item,
        statement=None,
        sealed=None,
        entry_proof=None,
        content_key=None,
        content=None,
        inbox=False,
        step=None,
        code=None,
    )


@dataclass(frozen=True, slots=True)
class Glance:
    """A stored dispatch, looked at quickly: nothing of it was parsed.

    Attributes:
        seq: order of arrival.
        digest: identity, base64url.
        sent_by_us: signed by the own member.
        inbox: for the own member, to be shown.
        statement: compact JWS; ``None`` if it is gone.
        content: the report as JSON text, if it was opened.
        step: which of the recipient's steps failed.
    """

    seq: int
    digest: str
    sent_by_us: bool
    inbox: bool
    statement: str | None
    content: str | None = field(repr=False)
    step: int | None


class Items:
    """The table of items."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._rows = TableRows(database, ITEM)

    def has(self, digest: str) -> bool:
        """Whether a statement with a place is stored."""
        return self._rows.first("digest = ? AND place IS NOT NULL", digest) is not None

    def put(self, item: StoredItem) -> None:
        """Store an item; one of the same digest keeps its order of arrival and whether it was shown."""
        fixed = {"type": item.leaf.code, "mine": int(item.sent_by_us), "taken": 0, "met_at": item.met_at}
        with self._database.transaction():
            stored = self._rows.sound(item.digest) or {}
            kept = {name: stored[name] for name in ("seq", *fixed) if name in stored}
            clear = {"place": item.index, "accepted_at": item.leaf.accepted_at, "lane": item.lane}
            self._rows.put(item.digest, _content(item), **clear, inbox=int(item.inbox), **{**fixed, **kept})

    def get(self, digest: str) -> StoredItem | None:
        """The item of a digest."""
        return next(self._select("digest = ?", (digest,), "seq", 1), None)

    def public(self) -> Iterator[StoredItem]:
        """Public statements that stand in the ledger, in its order."""
        codes = ", ".join(str(kind.code) for kind in _public_types())
        where = f"place IS NOT NULL AND lane = 'public' AND type IN ({codes})"
        yield from self._select(where, (), "place")

    def of_types(self, codes: Iterable[int]) -> list[StoredItem]:
        """Everything of some types, by their codes, that stands in the ledger."""
        return list(self._select(f"place IS NOT NULL AND type IN ({', '.join(map(str, codes))})", (), "place"))

    def untaken(self) -> list[tuple[str, str]]:
        """Lane and digest of what the application has not been shown, in order of arrival."""
        return [(row["lane"], row["digest"]) for row in self._rows.find("inbox = 1 AND taken = 0 ORDER BY seq")]

    def mark_taken(self, digests: Iterable[str]) -> None:
        """Remember that the application has been shown these."""
        with self._database.transaction():
            for digest in digests:
                self._rows.change(digest, taken=1)

    def at(self, index: int) -> StoredItem | None:
        """The item at a place in the ledger."""
        return next(self._select("place = ?", (index,), "seq", 1), None)

    def urgent_after(self, seq: int) -> list[tuple[int, str]]:
        """Order of arrival and digest of urgent dispatches for the own member that came after one."""
        found = self._rows.find("inbox = 1 AND lane = 'urgent' AND seq > ? ORDER BY seq", seq)
        return [(row["seq"], row["digest"]) for row in found]

    def inbox(self, limit: int, before_seq: int | None = None) -> list[StoredItem]:
        """Dispatches for the own member, the newest first.

        Args:
            limit: at most so many.
            before_seq: only what came before this `StoredItem.seq`.
        """
        bound = before_seq if before_seq is not None else 1 << 62
        return list(self._select("inbox = 1 AND seq < ?", (bound,), "seq DESC", limit))

    def inbox_beside(self, apart: frozenset[str], limit: int) -> list[str]:
        """Digests of dispatches for the own member, the highest number first, without some.

        Args:
            apart: digests of those that are left out; there may be very many.
            limit: at most so many.
        """
        return self._beside("inbox = 1", apart, limit)

    def sent_beside(self, apart: frozenset[str], limit: int) -> list[str]:
        """Digests of dispatches of the own member; arguments as for `inbox_beside`."""
        return self._beside(f"mine = 1 AND type = {StatementType.DISPATCH.code} AND {_HERE}", apart, limit)

    def _beside(self, where: str, apart: frozenset[str], limit: int) -> list[str]:
        sql = f"SELECT digest FROM item WHERE {where} ORDER BY place DESC, seq DESC"  # noqa: S608 - no value is in it
        return list(islice((digest for (digest,) in self._database.execute(sql) if digest not in apart), limit))

    def inbox_places(self) -> list[tuple[str, int | None]]:
        """Digests and numbers of dispatches for the own member, the highest number first."""
        return self._places("inbox = 1")

    def sent_places(self) -> list[tuple[str, int | None]]:
        """Digests and numbers of dispatches of the own member, the highest number first."""
        return self._places(f"mine = 1 AND type = {StatementType.DISPATCH.code} AND {_HERE}")

    def _places(self, where: str) -> list[tuple[str, int | None]]:
        sql = f"SELECT digest, place FROM item WHERE {where} ORDER BY place DESC, seq DESC"  # noqa: S608 - as above
        return [(digest, place) for digest, place in self._database.execute(sql)]

    def inbox_count(self) -> int:
        """How many dispatches came for the own member."""
        return int(self._database.execute("SELECT count(*) FROM item WHERE inbox = 1").fetchone()[0])

    def sent_count(self) -> int:
        """How many dispatches the own member has sent."""
        sql = f"SELECT count(*) FROM item WHERE mine = 1 AND type = ? AND {_HERE}"  # noqa: S608 - no value is in it
        return int(self._database.execute(sql, StatementType.DISPATCH.code).fetchone()[0])

    def sent(self, limit: int, before_seq: int | None = None) -> list[StoredItem]:
        """Dispatches of the own member, the newest first; arguments as for `inbox`."""
        bound = before_seq if before_seq is not None else 1 << 62
        code = StatementType.DISPATCH.code
        return list(self._select(f"mine = 1 AND type = ? AND seq < ? AND {_HERE}", (code, bound), "seq DESC", limit))

    def glances(self, since_ms: int = 0, until_ms: int = 1 << 62) -> Iterator[Glance]:
        """Dispatches that came or were sent, the highest number first, read a few at a time: the store may be large.

        Args:
            since_ms: only what the hub accepted then or later, milliseconds since 1970 UTC.
            until_ms: only what it accepted before.
        """
        sql = (
            f"SELECT seq FROM item WHERE type = ? AND (inbox = 1 OR mine = 1) AND {_HERE}"  # noqa: S608 - as above
            " AND accepted_at >= ? AND accepted_at < ? ORDER BY place DESC, seq DESC"
        )
        rows = self._database.execute(sql, StatementType.DISPATCH.code, since_ms, until_ms)
        numbers = array("q", (seq for (seq,) in rows))
        for start in range(0, len(numbers), _BATCH):
            yield from self._glances(numbers[start : start + _BATCH])

    def _glances(self, numbers: Sequence[int]) -> Iterator[Glance]:
        found = self._rows.skim(f"seq IN ({','.join('?' * len(numbers))})", *numbers)
        by_number = {row["seq"]: (row, value) for row, value in found}
        for row, value in (by_number[number] for number in numbers if number in by_number):
            parts = value.get("statement"), value.get("content"), value.get("step")
            yield Glance(row["seq"], row["digest"], bool(row["mine"]), bool(row["inbox"]), *parts)

    def place_of(self, digest: str) -> int | None:
        """Where a statement stands in the ledger; ``None`` if it is not here, or was dropped."""
        row = self._rows.get(digest)
        return None if row is None else row["place"]

    def own_between(self, start: int, end: int) -> dict[int, str]:
        """Places from ``start`` to below ``end`` and digests of what the own member signed."""
        found = self._rows.find("mine = 1 AND place >= ? AND place < ?", start, end)
        return {row["place"]: row["digest"] for row in found}

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
        with self._database.transaction():
            for row in list(self._rows.find("place >= ?", index)):
                self._rows.change(row["digest"], place=None)

    def dropped_public(self, index: int) -> list[str]:
        """Credentials and revocations held from an index on, in the order of the ledger."""
        codes = f"{StatementType.CREDENTIAL.code}, {StatementType.REVOCATION.code}"
        found = self._select(f"place >= ? AND lane = 'public' AND type IN ({codes})", (index,), "place")
        return [item.statement for item in found if item.statement is not None and item.step is None]

    def has_dropped(self) -> bool:
        """Whether anything that a new epoch has dropped has not come back."""
        return self._rows.first("place IS NULL") is not None

    def is_dropped(self, digest: str) -> bool:
        """Whether a new epoch has dropped this, and it has not come back."""
        return self._rows.first("digest = ? AND place IS NULL", digest) is not None

    def _select(self, where: str, values: tuple[Any, ...], order: str, limit: int = -1) -> Iterator[StoredItem]:
        for row, value in self._rows.read(f"{where} ORDER BY {order} LIMIT ?", *values, limit):
            yield self._item(row, value)

    def _item(self, row: Mapping[str, Any], value: Mapping[str, Any]) -> StoredItem:
        key = value.get("content_key")
        return StoredItem(
            digest=row["digest"],
            index=row["place"],
            lane=row["lane"],
            leaf=unpack_leaf(decode_base64url(value["leaf"])),
            statement=value.get("statement"),
            proof=value["proof"],
            note=value["note"],
            sent_by_us=bool(row["mine"]),
            inbox=bool(row["inbox"]),
            met_at=row["met_at"],
            sealed=value.get("sealed"),
            entry_proof=value.get("entry_proof"),
            content_key=None if key is None else decode_base64url(key, 32),
            content=value.get("content"),
            step=value.get("step"),
            code=value.get("code"),
            seq=row["seq"],
            taken=bool(row["taken"]),
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
