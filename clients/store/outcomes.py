"""What became of dispatches: receipts given and met, receipts owed, recipients still silent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from clients.store.database import Database
from clients.store.rows import TableRows
from clients.store.schema import AWAITED, DUE, META, OUTCOME, RESEAL
from schemas.addresses import Address
from schemas.claims import Lane

NOTED: Final = "noted"
"""An officer here has seen that something came which cannot be answered; nobody else is told."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What one member did with a dispatch, or what was noticed about it.

    Attributes:
        member: who.
        outcome: ``received``, ``acknowledged``, ``declined``, ``rejected``; ``undeliverable``,
            ``overdue``, ``overdue_reply`` (the hub noticed), ``silent``, ``silent_reply`` (the own clock noticed),
            ``later:`` and a word that is newer than this program, which has no effect;
            ``erased`` (the hub has erased the text, with ``reason``), ``compromised`` (the key that signed what came
            was revoked since, because somebody else has it),
            ``answered`` (with the answer that was asked for), ``resealed``, ``noted``.
        at_ms: milliseconds since 1970 UTC, by the ledger where it says.
        by: address of the signer, of receipts.
        step: of ``rejected``.
        reason: of ``rejected``, ``declined`` and ``erased``.
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


HANDED_CHANGED: Final = "handed_changed"
"""Outcome of a dispatch that left the system here (`clients.store.handed`), and was changed by its sender since."""

LATER: Final = "later:"
"""What stands before a word of a receipt or event that is not known: it must not be taken for one of ours."""

Missing = Literal["received", "reply", "done", "owed"]
"""What may be expected: of a recipient a receipt, an answer, all that was asked of it; of the own member an answer."""

_ENDS: Final[Mapping[Missing, tuple[str, ...]]] = {
    "received": ("received", "rejected", "undeliverable"),
    "reply": ("answered", "declined", "undeliverable"),
    "done": ("acknowledged", "answered"),
    "owed": ("answered", "declined"),
}
"""Outcomes after which it is not expected any more."""


class Outcomes:
    """The tables of outcomes, awaited recipients, receipts due and reseals asked for."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._outcomes, self._awaited = TableRows(database, OUTCOME), TableRows(database, AWAITED)
        self._meta = TableRows(database, META)
        self._due, self._reseals = TableRows(database, DUE), TableRows(database, RESEAL)

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
        return self._outcomes.add(row, value, digest=digest, outcome=answer.outcome, at=answer.at_ms)

    def note(self, digest: str, member: Address, officer: Address, now_ms: int) -> None:
        """Note that an officer has seen what cannot be answered; the first who did counts."""
        self.add(digest, Answer(member, NOTED, now_ms, by=officer))

    def has(self, digest: str, member: Address, outcome: str) -> bool:
        """Whether a member has given an outcome."""
        return self._outcomes.get(self._database.name(digest, member, outcome)) is not None

    def of(self, digest: str) -> list[Answer]:
        """Every answer to a dispatch, by time."""
        found = self._outcomes.read("digest = ? ORDER BY at, seq", digest)
        return [Answer(outcome=row["outcome"], at_ms=row["at"], **value) for row, value in found]

    # What a person is called for once

    def after(self, row: int, outcomes: Iterable[str]) -> list[tuple[int, str, Answer]]:
        """Answers of some kinds that were kept after one, in that order: row, digest of the dispatch, answer.

        All of them, where fewer are kept than are known: rows were lost, and others will have their numbers.

        Args:
            row: the last that is known; 0 for all.
            outcomes: their kinds.
        """
        kinds = tuple(outcomes)
        after = row if row < self._outcomes.next_number("seq") else 0
        where = f"seq > ? AND outcome IN ({','.join('?' * len(kinds))}) ORDER BY seq"
        return [
            (found["seq"], found["digest"], Answer(outcome=found["outcome"], at_ms=found["at"], **value))
            for found, value in self._outcomes.read(where, after, *kinds)
        ]

    def called(self, caller: str) -> int:
        """The last row of `after` for which somebody was called; 0 if nobody was.

        Args:
            caller: name of who calls: each does it once.
        """
        return int(self._meta.value(f"called {caller}") or 0)

    def set_called(self, caller: str, row: int) -> None:
        """Remember that somebody was called; arguments as for `called`."""
        self._meta.put(f"called {caller}", row)

    # Who has not confirmed, or not answered

    def await_members(
        self,
        digest: str,
        members: Iterable[Address],
        due_ms: int,
        missing: Missing = "received",
        ends: Iterable[str] | None = None,
    ) -> None:
        """Expect something of members until a time, except where it has come already.

        Args:
            digest: of the dispatch.
            members: of whom.
            due_ms: by when, milliseconds.
            missing: what.
            ends: outcomes that say that it has come; the usual ones if ``None``.
        """
        ended = tuple(_ENDS[missing] if ends is None else ends)
        for member in members:
            if any(self.has(digest, member, outcome) for outcome in ended):
                continue
            row = self._database.name(digest, member, missing)
            self._awaited.add(row, {"member": member}, digest=digest, missing=missing, due_at=due_ms)

    def settle(self, digest: str, member: Address, missing: Missing = "received") -> None:
        """Expect it of a member no more."""
        self._awaited.drop(self._database.name(digest, member, missing))

    def settle_all(self, digest: str, missing: Missing) -> None:
        """Expect it of nobody any more."""
        self._awaited.drop_all("missing = ? AND digest = ?", missing, digest)

    def is_missing(self, digest: str, missing: Missing) -> bool:
        """Whether it is expected of anybody."""
        return self._awaited.first("missing = ? AND digest = ?", missing, digest) is not None

    def missing(self, missing: Missing) -> dict[str, int]:
        """Of which dispatches it is expected of anybody, and by when, milliseconds since 1970 UTC, at the soonest."""
        found: dict[str, int] = {}
        for row in self._awaited.find("missing = ? ORDER BY due_at", missing):
            found.setdefault(row["digest"], row["due_at"])
        return found

    def take_silent(self, now_ms: int, missing: Missing = "received") -> dict[str, list[Address]]:
        """Members of whom it should have come by now, by digest; each is named once."""
        silent: dict[str, list[Address]] = {}
        for row, value in self._awaited.read("missing = ? AND due_at < ?", missing, now_ms):
            silent.setdefault(row["digest"], []).append(value["member"])
            self._awaited.drop(row["id"])
        return silent

    # Receipts due

    def owe(self, owed: Owed) -> None:
        """Keep a receipt that is to be signed; one for each digest."""
        value = {"to": owed.to, "step": owed.step, "reason": owed.reason}
        self._due.add(owed.digest, value, outcome=owed.outcome, lane=owed.lane)

    def owed(self) -> list[Owed]:
        """Receipts that are to be signed, in order of arrival."""
        return [
            Owed(digest=row["digest"], outcome=row["outcome"], lane=row["lane"], **value)
            for row, value in self._due.read("1 ORDER BY seq")
        ]

    def owed_count(self) -> int:
        """How many receipts are to be signed."""
        return int(self._database.execute("SELECT count(*) FROM due").fetchone()[0])

    def drop_owed(self, digests: Iterable[str]) -> None:
        """Forget receipts that have been signed, by this seat or another."""
        for digest in digests:
            self._due.drop(digest)

    # Reseals asked for

    def ask_reseal(self, digest: str, member: Address) -> None:
        """Keep that a member wants a dispatch under a new key."""
        self._reseals.add(self._database.name(digest, member), {"member": member}, digest=digest)

    def reseals(self) -> dict[str, list[Address]]:
        """Members who want a dispatch under a new key, by digest."""
        wanted: dict[str, list[Address]] = {}
        for row, value in self._reseals.read("1 ORDER BY rowid"):
            wanted.setdefault(row["digest"], []).append(value["member"])
        return wanted

    def drop_reseal(self, digest: str, member: Address) -> None:
        """Forget a wish that has been met."""
        self._reseals.drop(self._database.name(digest, member))
