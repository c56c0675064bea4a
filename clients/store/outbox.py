"""What is to be said: drafted, signed, accepted or refused; it survives restarts and days offline."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from clients.store.alarms import Closing
from clients.store.database import Database
from clients.store.rows import TableRows
from clients.store.schema import OUTBOX

_UNANSWERED: Final = "state IN ('drafted', 'signed')"


class OutState(StrEnum):
    """How far something that is to be said has got; what is refused waits for a person, what is dropped for nobody."""

    DRAFTED = "drafted"
    SIGNED = "signed"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A row of the outbox.

    Attributes:
        id: number of the row, in the order in which things were said.
        urgent: goes before everything that is not.
        first: goes before what is urgent too.
        state: how far it has got.
        made_ms: milliseconds, when it was drafted.
        draft: what is to be signed, as JSON; kept, so that it can be signed anew.
        statement: compact JWS, once signed.
        sealed: general JWE beside it.
        digest: identity of the statement.
        index: place in the ledger, once accepted.
        code: why it was refused; while it is drafted, why its officer must sign it.
        detail: the same for people.
        part_of: the row that goes to the other recipients, where it is for some of them only.
        closing: who has dealt with what came back, and how.
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
    part_of: int | None = None
    closing: Closing | None = None
    first: bool = False

    @property
    def is_open(self) -> bool:
        """Whether the hub has not answered for good."""
        return self.state in (OutState.DRAFTED, OutState.SIGNED)


class Outbox:
    """The table of what is to be said."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._rows = TableRows(database, OUTBOX)

    def add(
        self,
        draft: Mapping[str, Any],
        *,
        urgent: bool,
        made_ms: int,
        part_of: int | None = None,
        first: bool = False,
    ) -> int:
        """Keep a draft; its number is returned.

        Args:
            draft: as JSON.
            urgent: whether it goes before what is not.
            made_ms: milliseconds since 1970 UTC.
            part_of: the row that goes to the other recipients.
            first: whether it goes before what is urgent too.
        """
        with self._database.transaction():
            row = self._rows.next_number("id")
            clear = {
                "rank": _rank(urgent=urgent, first=first),
                "state": OutState.DRAFTED.value,
                "made_at": made_ms,
                "part_of": part_of,
            }
            self._rows.put(row, {"draft": dict(draft)}, **clear, digest=None, place=None, code=None)
        return row

    def get(self, row: int) -> Outgoing | None:
        """A row by its number."""
        return next(self._select("id = ?", row), None)

    def find(self, digest: str) -> Outgoing | None:
        """The row whose newest statement has a digest."""
        return next(self._select("digest = ?", digest), None)

    def waiting(self, limit: int) -> list[int]:
        """Numbers of what has no answer yet, urgent first, then in the order in which it was said."""
        return [row["id"] for row in self._rows.find(f"{_UNANSWERED} ORDER BY rank, id LIMIT ?", limit)]

    def waiting_before(self, row: int, limit: int) -> list[int]:
        """Numbers of what was said before a row and has no answer yet, in the order in which it was said."""
        found = self._rows.find(f"{_UNANSWERED} AND id < ? ORDER BY id LIMIT ?", row, limit)
        return [each["id"] for each in found]

    def states(self, rows: Iterable[int]) -> dict[int, OutState]:
        """How far each of these rows has got."""
        found = {row: self._rows.get(row) for row in rows}
        return {row: OutState(stored["state"]) for row, stored in found.items() if stored is not None}

    def waiting_count(self) -> int:
        """How much has no answer yet."""
        sql = f"SELECT count(*) FROM outbox WHERE {_UNANSWERED}"  # noqa: S608 - words of this module
        return int(self._database.execute(sql).fetchone()[0])

    def set_signed(self, row: int, statement: str, digest: str, sealed: Mapping[str, Any] | None) -> None:
        """Keep the bytes that will be submitted, the same ones however often."""
        value = {"statement": statement, **({"sealed": dict(sealed)} if sealed is not None else {})}
        self._update(row, OutState.SIGNED, {"digest": digest, "code": None}, value)

    def set_drafted(self, row: int, code: str | None = None) -> None:
        """Drop the signed bytes: what is drafted has to be signed anew.

        Args:
            row: which.
            code: why that has to wait, if its officer was told.
        """
        self._update(row, OutState.DRAFTED, {"digest": None, "code": code}, {})

    def drafted(self) -> list[Outgoing]:
        """What is not signed, in the order in which it was said."""
        return list(self._select("state = 'drafted' ORDER BY rank, id"))

    def set_accepted(self, row: int, index: int) -> None:
        """It stands in the ledger; the bytes stay, because a new epoch may ask for them again."""
        self._rows.change(row, state=OutState.ACCEPTED.value, place=index)

    def set_refused(self, row: int, code: str, detail: str) -> None:
        """It will not be said again; what was signed stays, to look at."""
        outgoing = self._required(row)
        kept = {} if outgoing.statement is None else {"statement": outgoing.statement}
        self._update(row, OutState.REFUSED, {"code": code}, {**kept, "detail": detail})

    def set_draft(self, row: int, draft: Mapping[str, Any]) -> None:
        """Say something else in its place: it has to be signed anew."""
        self._update(row, OutState.DRAFTED, {"digest": None}, {"draft": dict(draft)})

    def drop(self, row: int, closing: Closing | None = None, code: str | None = None) -> None:
        """Nobody needs to deal with it any more.

        Args:
            row: which.
            closing: the person who has dealt with it, and how; ``None`` if no person had to.
            code: why it was refused, where that is not kept yet.
        """
        found = self._required(row)
        value: dict[str, Any] = {"detail": found.detail}
        value |= {} if found.statement is None else {"statement": found.statement}
        if closing is not None:
            value["closing"] = {"by": closing.by, "at_ms": closing.at_ms, "reason": closing.reason}
        self._update(row, OutState.DROPPED, {"code": code or found.code}, value)

    def strip(self, row: int) -> None:
        """Delete what was said, and leave that something was: the row keeps its number, state and digest."""
        self._rows.put(row, {"draft": {}}, **self._rows.clear(row))

    def returned(self, limit: int) -> list[int]:
        """Numbers of what was refused and nobody has dealt with, urgent first, then the oldest first."""
        return [row["id"] for row in self._rows.find("state = 'refused' ORDER BY rank, id LIMIT ?", limit)]

    def returned_count(self, *, urgent: bool = False) -> int:
        """How much was refused and nobody has dealt with; only what is urgent, or all of it."""
        sql = "SELECT count(*) FROM outbox WHERE state = 'refused' AND rank <= ?"
        return int(self._database.execute(sql, 0 if urgent else 1).fetchone()[0])

    def parts(self, row: int) -> list[Outgoing]:
        """What of a row could not go to some of its recipients."""
        return list(self._select("part_of = ? ORDER BY id", row))

    def drop_places(self, index: int) -> None:
        """Submit again, the same bytes, what a new epoch has dropped from an index on (PROTOCOL 8)."""
        with self._database.transaction():
            where = "state = 'accepted' AND place >= ? AND digest NOT IN (SELECT digest FROM deletion)"
            for row in list(self._rows.find(where, index)):
                self._rows.change(row["id"], state=OutState.SIGNED.value, place=None)

    def all(self, limit: int) -> list[Outgoing]:
        """The newest rows, newest first."""
        return list(self._select("1 ORDER BY id DESC LIMIT ?", limit))

    def _required(self, row: int) -> Outgoing:
        outgoing = self.get(row)
        if outgoing is None:
            raise LookupError(f"no row {row} in the outbox")
        return outgoing

    def _update(self, row: int, state: OutState, columns: Mapping[str, Any], value: Mapping[str, Any]) -> None:
        with self._database.transaction():
            outgoing = self._required(row)
            clear = {
                "rank": _rank(urgent=outgoing.urgent, first=outgoing.first),
                "state": state.value,
                "digest": outgoing.digest,
                "place": outgoing.index,
                "code": outgoing.code,
                "made_at": outgoing.made_ms,
                "part_of": outgoing.part_of,
            }
            self._rows.put(row, {"draft": dict(outgoing.draft), **value}, **{**clear, **columns})

    def _select(self, where: str, *values: Any) -> Iterator[Outgoing]:
        for row, value in self._rows.read(where, *values):
            yield Outgoing(
                id=row["id"],
                urgent=row["rank"] <= 0,
                first=row["rank"] < 0,
                state=OutState(row["state"]),
                made_ms=row["made_at"],
                draft=value["draft"],
                statement=value.get("statement"),
                sealed=value.get("sealed"),
                digest=row["digest"],
                index=row["place"],
                code=row["code"],
                detail=value.get("detail", ""),
                part_of=row["part_of"],
                closing=Closing(**value["closing"]) if "closing" in value else None,
            )


def _rank(*, urgent: bool, first: bool) -> int:
    return -1 if first else 0 if urgent else 1
