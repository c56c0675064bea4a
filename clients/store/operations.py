"""Which dispatches belong to which operation, which other steps of it exist, and what a person is called for in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from clients.store.database import Database
from clients.store.rows import TableRows
from clients.store.schema import CALL, META, STEP
from schemas.addresses import Address
from schemas.encoding import decode_base64url, encode_base64url
from schemas.leaf import Leaf, unpack_leaf


@dataclass(frozen=True, slots=True)
class ShownStep:
    """A step that was not sent to the own member, as the hub has shown it: its cover, or its leaf alone.

    Attributes:
        index: its number.
        leaf: its leaf.
        proof: inclusion proof, base64url.
        note: the checkpoint note under which the proof holds.
        statement: compact JWS, if the cover was shown, verified; ``None`` else.
    """

    index: int
    leaf: Leaf
    proof: str
    note: str
    statement: str | None = None

    @property
    def digest(self) -> str:
        """Identity of the statement, base64url."""
        return encode_base64url(self.leaf.digest)


@dataclass(frozen=True, slots=True)
class OperationCall:
    """Something in an operation for which a person is called once.

    Attributes:
        operation: digest of its ``open``.
        kind: what has happened.
        about: what tells it from others of its kind: a step, a leg, a moment.
        at_ms: when it was found, milliseconds since 1970 UTC, by the hub's time.
        step: digest of the step that it concerns; that of the operation if it concerns none alone.
        members: whom it concerns.
        count: of how many things.
    """

    operation: str
    kind: str
    about: str
    at_ms: int
    step: str
    members: tuple[Address, ...] = ()
    count: int = 1


class Operations:
    """The tables of steps and of calls."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._steps, self._calls = TableRows(database, STEP), TableRows(database, CALL)
        self._meta = TableRows(database, META)

    # Steps

    def add(self, digest: str, operation: str) -> None:
        """A dispatch belongs to an operation, and is here; the same again changes nothing.

        Args:
            digest: of the dispatch.
            operation: digest of its ``open``, which is the same for the open.
        """
        found = self._steps.get(digest)
        if found is None or found["place"] is not None:
            self._steps.put(digest, {"operation": operation}, thread=self._thread(operation), place=None)

    def show(self, operation: str, steps: Iterable[ShownStep], size: int, at_ms: int) -> None:
        """The hub has shown all steps of an operation, up to a size of the ledger.

        It takes back nothing that it has shown: a step stays, with its cover, and with its operation unless its cover
        says another.

        Args:
            operation: digest of its ``open``.
            steps: those that are not here, each verified.
            size: of the ledger.
            at_ms: when, milliseconds since 1970 UTC.
        """
        earlier = {each.digest: each.statement for each in self.shown(operation)}
        with self._database.transaction():
            for each in steps:
                statement = each.statement or earlier.get(each.digest)
                value = {
                    "operation": operation,
                    "leaf": encode_base64url(each.leaf.to_bytes()),
                    "proof": each.proof,
                    "note": each.note,
                    **({"statement": statement} if statement is not None else {}),
                }
                known = self._steps.get(each.digest)
                is_proven = statement is not None or known is None or known["thread"] == self._thread(operation)
                if known is None or (known["place"] is not None and is_proven):
                    self._steps.put(each.digest, value, thread=self._thread(operation), place=each.index)
            self._meta.put(self._read_row(operation), {"size": size, "at_ms": at_ms})

    def read_up_to(self, operation: str) -> tuple[int, int]:
        """Up to which size of the ledger the hub has shown the steps of an operation, and when; 0 and 0 if never."""
        found = self._meta.value(self._read_row(operation)) or {"size": 0, "at_ms": 0}
        return found["size"], found["at_ms"]

    def steps(self, operation: str) -> list[str]:
        """Digests of the dispatches of an operation that are here."""
        return [row["digest"] for row in self._steps.find("thread = ? AND place IS NULL", self._thread(operation))]

    def shown(self, operation: str) -> list[ShownStep]:
        """The steps of an operation that are not here, by number."""
        found = self._steps.read("thread = ? AND place IS NOT NULL ORDER BY place", self._thread(operation))
        return [_shown(row["place"], value) for row, value in found]

    def shown_step(self, digest: str) -> ShownStep | None:
        """A step that is not here, as the hub has shown it; ``None`` if it has not."""
        found = next(self._steps.read("digest = ? AND place IS NOT NULL", digest), None)
        return None if found is None else _shown(found[0]["place"], found[1])

    def mark(self) -> tuple[int, int, int]:
        """Something that is another after anything came, or became known, that an operation may depend on."""
        sql = (
            "SELECT (SELECT count(*) FROM step), (SELECT coalesce(max(seq), 0) FROM item),"
            " (SELECT coalesce(max(seq), 0) FROM outcome)"
        )
        steps, items, outcomes = self._database.execute(sql).fetchone()
        return int(steps), int(items), int(outcomes)

    def mark_of(self, operation: str) -> tuple[int, int, int, int]:
        """Something that is another after a step of an operation came, became known, or lost or got its place."""
        sql = (
            "SELECT count(*), count(step.place), count(item.place), coalesce(sum(item.place), 0) FROM step"
            " LEFT JOIN item ON item.digest = step.digest WHERE step.thread = ?"
        )
        steps, shown, placed, places = self._database.execute(sql, self._thread(operation)).fetchone()
        return int(steps), int(shown), int(placed), int(places)

    def newest(self, operation: str) -> tuple[int, int]:
        """The highest number of a step of an operation that is here, and when the last came; -1 and 0 if none has one.

        The time is in milliseconds since 1970 UTC, by the ledger.
        """
        sql = (
            "SELECT coalesce(max(item.place), -1), coalesce(max(item.accepted_at), 0) FROM step"
            " JOIN item ON item.digest = step.digest WHERE step.thread = ?"
        )
        place, at_ms = self._database.execute(sql, self._thread(operation)).fetchone()
        return int(place), int(at_ms)

    def operation_of(self, digest: str) -> str | None:
        """Digest of the ``open`` of the operation that a dispatch belongs to; ``None`` if it belongs to none."""
        value = self._steps.value(digest)
        return None if value is None else str(value["operation"])

    def all(self) -> list[str]:
        """Digests of the opens of all operations of which anything is known here."""
        threads = self._database.execute("SELECT DISTINCT thread FROM step").fetchall()
        found = (next(self._steps.read("thread = ? LIMIT 1", thread), None) for (thread,) in threads)
        return [value["operation"] for _, value in (each for each in found if each is not None)]

    def drop_places(self, index: int) -> None:
        """Forget what the hub has shown from an index on: a new epoch goes on from there (PROTOCOL 8)."""
        self._steps.drop_all("place >= ?", index)

    # Calls

    def call(self, what: OperationCall) -> bool:
        """Keep that a person is to be called; returns whether nobody was called for it yet."""
        row = self._database.name("call", what.operation, what.kind, what.about)
        value = {
            "operation": what.operation,
            "kind": what.kind,
            "about": what.about,
            "step": what.step,
            "members": list(what.members),
            "count": what.count,
        }
        return self._calls.add(row, value, at=what.at_ms)

    def told(self, caller: str) -> int:
        """The last row of `calls_after` for which a caller has called; 0 if it has for none."""
        return int(self._meta.value(f"told {caller}") or 0)

    def set_told(self, caller: str, row: int) -> None:
        """Remember that it has called."""
        self._meta.put(f"told {caller}", row)

    def calls_after(self, row: int) -> list[tuple[int, OperationCall]]:
        """What was kept after a row, in that order, with its row; all of it, where fewer are kept than are known.

        Args:
            row: the last that is known; 0 for all.
        """
        after = row if row < self._calls.next_number("seq") else 0
        found = self._calls.read("seq > ? ORDER BY seq", after)
        return [(each["seq"], _call(each["at"], value)) for each, value in found]

    def _thread(self, operation: str) -> str:
        return encode_base64url(self._database.name("operation", operation))

    def _read_row(self, operation: str) -> str:
        return f"shown {self._database.name('shown', operation).hex()}"


def _shown(index: int, value: dict[str, Any]) -> ShownStep:
    leaf = unpack_leaf(decode_base64url(value["leaf"]))
    return ShownStep(index, leaf, value["proof"], value["note"], value.get("statement"))


def _call(at_ms: int, value: dict[str, Any]) -> OperationCall:
    members = tuple(map(Address, value.pop("members")))
    return OperationCall(**value, members=members, at_ms=at_ms)
