"""What became of dispatches: receipts given and met, receipts owed, recipients still silent."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from clients.store.database import Database
from schemas.addresses import Address
from schemas.claims import Lane


@dataclass(frozen=True, slots=True)
class Answer:
    """What one member did with a dispatch, or what was noticed about it.

    Attributes:
        member: who.
        outcome: ``received``, ``acknowledged``, ``declined``, ``rejected``; ``undeliverable``,
            ``overdue`` (the hub noticed), ``silent`` (the own clock noticed), ``resealed``.
        at_ms: milliseconds since 1970 UTC, by the ledger where it says.
        by: address of the signer, of receipts.
        step: of ``rejected``.
        reason: of ``rejected`` and ``declined``.
        statement: digest of what says so.
    """

    member: Address
    outcome: str
    at_ms: int
    by: str | None = None
    step: int | None = None
    reason: str | None = None
    statement: str | None = None


@dataclass(frozen=True, slots=True)
class Owed:
    """A receipt that is to be signed.

    Attributes:
        digest: what it names.
        lane: of what it names.
        outcome: ``received`` or ``rejected``.
        to: member that sent what it names.
        step: of ``rejected``.
        reason: of ``rejected``.
    """

    digest: str
    lane: Lane
    outcome: str
    to: Address
    step: int | None = None
    reason: str | None = None

    @property
    def group(self) -> tuple[str, ...]:
        """Receipts of one group may be one statement."""
        return (str(self.lane == "urgent"), self.to, self.outcome, str(self.step), str(self.reason))


class Outcomes:
    """The tables of outcomes, awaited recipients, receipts due and reseals asked for."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # Answers

    def add(self, digest: str, answer: Answer) -> bool:
        """Keep an answer; the first of its kind counts. Returns whether it is new."""
        row = self._database.name(digest, answer.member, answer.outcome)
        value = {
            "member": answer.member,
            "by": answer.by,
            "step": answer.step,
            "reason": answer.reason,
            "statement": answer.statement,
        }
        blob = self._database.seal("outcome", row, value)
        sql = "INSERT OR IGNORE INTO outcome (id, digest, outcome, at, blob) VALUES (?, ?, ?, ?, ?)"
        return self._database.execute(sql, row, digest, answer.outcome, answer.at_ms, blob).rowcount > 0

    def has(self, digest: str, member: Address, outcome: str) -> bool:
        """Whether a member has given an outcome."""
        row = self._database.name(digest, member, outcome)
        return self._database.execute("SELECT 1 FROM outcome WHERE id = ?", row).fetchone() is not None

    def of(self, digest: str) -> list[Answer]:
        """Every answer to a dispatch, by time."""
        sql = "SELECT id, outcome, at, blob FROM outcome WHERE digest = ? ORDER BY at, rowid"
        rows = self._database.execute(sql, digest).fetchall()
        return [
            Answer(outcome=outcome, at_ms=at, **self._database.open("outcome", row, blob))
            for row, outcome, at, blob in rows
        ]

    # Recipients who have not confirmed

    def await_members(self, digest: str, members: Iterable[Address], due_ms: int) -> None:
        """Expect a ``received`` from members until a time, except where it has come already."""
        for member in members:
            if any(self.has(digest, member, outcome) for outcome in ("received", "rejected", "undeliverable")):
                continue
            row = self._database.name(digest, member)
            blob = self._database.seal("awaited", row, {"member": member})
            sql = "INSERT OR IGNORE INTO awaited (id, digest, due_at, blob) VALUES (?, ?, ?, ?)"
            self._database.execute(sql, row, digest, due_ms, blob)

    def settle(self, digest: str, member: Address) -> None:
        """Expect nothing more from a member."""
        self._database.execute("DELETE FROM awaited WHERE id = ?", self._database.name(digest, member))

    def take_silent(self, now_ms: int) -> dict[str, list[Address]]:
        """Members who should have confirmed by now, by digest; each is named once."""
        rows = self._database.execute("SELECT id, digest, blob FROM awaited WHERE due_at < ?", now_ms).fetchall()
        silent: dict[str, list[Address]] = {}
        for row, digest, blob in rows:
            silent.setdefault(digest, []).append(self._database.open("awaited", row, blob)["member"])
            self._database.execute("DELETE FROM awaited WHERE id = ?", row)
        return silent

    # Receipts due

    def owe(self, owed: Owed) -> None:
        """Keep a receipt that is to be signed; one for each digest."""
        value = {"to": owed.to, "step": owed.step, "reason": owed.reason}
        blob = self._database.seal("due", owed.digest, value)
        sql = "INSERT OR IGNORE INTO due (digest, outcome, lane, blob) VALUES (?, ?, ?, ?)"
        self._database.execute(sql, owed.digest, owed.outcome, owed.lane, blob)

    def owed(self) -> list[Owed]:
        """Receipts that are to be signed, in order of arrival."""
        rows = self._database.execute("SELECT digest, outcome, lane, blob FROM due ORDER BY seq").fetchall()
        return [
            Owed(digest=digest, outcome=outcome, lane=lane, **self._database.open("due", digest, blob))
            for digest, outcome, lane, blob in rows
        ]

    def owed_count(self) -> int:
        """How many receipts are to be signed."""
        return int(self._database.execute("SELECT count(*) FROM due").fetchone()[0])

    def drop_owed(self, digests: Iterable[str]) -> None:
        """Forget receipts that have been signed, by this seat or another."""
        for digest in digests:
            self._database.execute("DELETE FROM due WHERE digest = ?", digest)

    # Reseals asked for

    def ask_reseal(self, digest: str, member: Address) -> None:
        """Keep that a member wants a dispatch under a new key."""
        row = self._database.name(digest, member)
        blob = self._database.seal("reseal", row, {"member": member})
        sql = "INSERT OR IGNORE INTO reseal (id, digest, blob) VALUES (?, ?, ?)"
        self._database.execute(sql, row, digest, blob)

    def reseals(self) -> dict[str, list[Address]]:
        """Members who want a dispatch under a new key, by digest."""
        wanted: dict[str, list[Address]] = {}
        for row, digest, blob in self._database.execute("SELECT id, digest, blob FROM reseal").fetchall():
            wanted.setdefault(digest, []).append(self._database.open("reseal", row, blob)["member"])
        return wanted

    def drop_reseal(self, digest: str, member: Address) -> None:
        """Forget a wish that has been met."""
        self._database.execute("DELETE FROM reseal WHERE id = ?", self._database.name(digest, member))
