"""What is to be said: drafted, signed, accepted or refused; it survives restarts and days offline."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from clients.store.database import Database

_COLUMNS = "id, rank, state, digest, place, code, made_at, blob"


class OutState(StrEnum):
    """How far something that is to be said has got."""

    DRAFTED = "drafted"
    SIGNED = "signed"
    ACCEPTED = "accepted"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A row of the outbox.

    Attributes:
        id: number of the row, in the order in which things were said.
        urgent: goes before everything that is not.
        state: how far it has got.
        made_ms: milliseconds, when it was drafted.
        draft: what is to be signed, as JSON; kept, so that it can be signed anew.
        statement: compact JWS, once signed.
        sealed: general JWE beside it.
        digest: identity of the statement.
        index: place in the ledger, once accepted.
        code: why it was refused.
        detail: the same for people.
    """

    id: int
    urgent: bool
    state: OutState
    made_ms: int
    draft: Mapping[str, Any]
    statement: str | None = None
    sealed: Mapping[str, Any] | None = None
    digest: str | None = None
    index: int | None = None
    code: str | None = None
    detail: str = ""


class Outbox:
    """The table of what is to be said."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, draft: Mapping[str, Any], *, urgent: bool, made_ms: int) -> int:
        """Keep a draft; its number is returned."""
        with self._database.transaction():
            row = int(self._database.execute("SELECT coalesce(max(id), 0) + 1 FROM outbox").fetchone()[0])
            blob = self._database.seal("outbox", row, {"draft": dict(draft)})
            sql = "INSERT INTO outbox (id, rank, state, made_at, blob) VALUES (?, ?, 'drafted', ?, ?)"
            self._database.execute(sql, row, 0 if urgent else 1, made_ms, blob)
        return row

    def get(self, row: int) -> Outgoing | None:
        """A row by its number."""
        found = self._database.execute(f"SELECT {_COLUMNS} FROM outbox WHERE id = ?", row).fetchone()  # noqa: S608
        return None if found is None else self._outgoing(found)

    def find(self, digest: str) -> Outgoing | None:
        """The row whose newest statement has a digest."""
        sql = f"SELECT {_COLUMNS} FROM outbox WHERE digest = ?"  # noqa: S608 - names of columns
        found = self._database.execute(sql, digest).fetchone()
        return None if found is None else self._outgoing(found)

    def waiting(self, limit: int) -> list[int]:
        """Numbers of what has no answer yet, urgent first, then in the order in which it was said."""
        sql = "SELECT id FROM outbox WHERE state IN ('drafted', 'signed') ORDER BY rank, id LIMIT ?"
        return [row for (row,) in self._database.execute(sql, limit).fetchall()]

    def states(self, rows: Iterable[int]) -> dict[int, OutState]:
        """How far each of these rows has got."""
        sql = "SELECT state FROM outbox WHERE id = ?"
        found = {row: self._database.execute(sql, row).fetchone() for row in rows}
        return {row: OutState(state[0]) for row, state in found.items() if state is not None}

    def waiting_count(self) -> int:
        """How much has no answer yet."""
        sql = "SELECT count(*) FROM outbox WHERE state IN ('drafted', 'signed')"
        return int(self._database.execute(sql).fetchone()[0])

    def set_signed(self, row: int, statement: str, digest: str, sealed: Mapping[str, Any] | None) -> None:
        """Keep the bytes that will be submitted, the same ones however often."""
        value = {"statement": statement, **({"sealed": dict(sealed)} if sealed is not None else {})}
        self._update(row, OutState.SIGNED, {"digest": digest, "code": None}, value)

    def set_drafted(self, row: int) -> None:
        """Drop the signed bytes: what is drafted has to be signed anew."""
        self._update(row, OutState.DRAFTED, {"digest": None}, {})

    def set_accepted(self, row: int, index: int) -> None:
        """It stands in the ledger; the bytes stay, because a new epoch may ask for them again."""
        self._database.execute("UPDATE outbox SET state = 'accepted', place = ? WHERE id = ?", index, row)

    def set_refused(self, row: int, code: str, detail: str) -> None:
        """It will not be said again; what was signed stays, to look at."""
        outgoing = self._required(row)
        kept = {} if outgoing.statement is None else {"statement": outgoing.statement}
        self._update(row, OutState.REFUSED, {"code": code}, {**kept, "detail": detail})

    def drop_places(self, index: int) -> None:
        """Submit again, the same bytes, what a new epoch has dropped from an index on (PROTOCOL 8)."""
        sql = "UPDATE outbox SET state = 'signed', place = NULL WHERE state = 'accepted' AND place >= ?"
        self._database.execute(sql, index)

    def all(self, limit: int) -> list[Outgoing]:
        """The newest rows, newest first."""
        sql = f"SELECT {_COLUMNS} FROM outbox ORDER BY id DESC LIMIT ?"  # noqa: S608 - names of columns
        return [self._outgoing(found) for found in self._database.execute(sql, limit).fetchall()]

    def _required(self, row: int) -> Outgoing:
        outgoing = self.get(row)
        if outgoing is None:
            raise LookupError(f"no row {row} in the outbox")
        return outgoing

    def _update(self, row: int, state: OutState, columns: Mapping[str, Any], value: Mapping[str, Any]) -> None:
        blob = self._database.seal("outbox", row, {"draft": dict(self._required(row).draft), **value})
        names = "".join(f", {name} = ?" for name in columns)
        sql = f"UPDATE outbox SET state = ?, blob = ?{names} WHERE id = ?"  # noqa: S608 - names of columns
        self._database.execute(sql, state.value, blob, *columns.values(), row)

    def _outgoing(self, found: tuple[Any, ...]) -> Outgoing:
        row, rank, state, digest, place, code, made_at, blob = found
        value = self._database.open("outbox", row, blob)
        return Outgoing(
            id=row,
            urgent=rank == 0,
            state=OutState(state),
            made_ms=made_at,
            draft=value["draft"],
            statement=value.get("statement"),
            sealed=value.get("sealed"),
            digest=digest,
            index=place,
            code=code,
            detail=value.get("detail", ""),
        )
