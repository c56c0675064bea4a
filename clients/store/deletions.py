"""What was deleted here: a log without content, the rules by which it is done, and the backups that may still hold it.

The log is what keeps a text away: an item that it names is kept without its text however often it is delivered.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import astuple, dataclass, replace
from typing import Any, Final

from clients.store.database import Database
from clients.store.rows import TableRows
from clients.store.schema import DELETION, META
from schemas.addresses import Address

_RULES: Final = "retention"
_COPIES: Final = "copies"
_MOST_COPIES: Final = 1000


@dataclass(frozen=True, slots=True)
class Deletion:
    """An entry of the log; it never has content.

    Attributes:
        digest: of the dispatch, base64url.
        at_ms: milliseconds since 1970 UTC, when its text was deleted here.
        by: officer who did it, or the member where it has no officer here.
        reason: in words; ``None`` if a rule did it.
        days: of the rule that did it; ``None`` if a person gave a reason.
        rule: of which kind that rule was, or ``all``; ``None`` as for ``days``.
        number: its place in the ledger; ``None`` if it had none.
        kind: of its report; ``None`` if its signature did not hold.
        status: ``actual``, ``exercise``, ``test``; ``None`` as for ``kind``.
        sender: who signed it; ``None`` as for ``kind``.
        sent_by_us: whether the own member sent it.
        mark: a keyed hash of its content, to know it again; ``None`` if it could not be read here.
    """

    digest: str
    at_ms: int
    by: Address
    reason: str | None
    days: int | None
    number: int | None
    kind: str | None
    status: str | None
    sender: Address | None
    sent_by_us: bool
    mark: str | None = None
    rule: str | None = None


@dataclass(frozen=True, slots=True)
class CopyMade:
    """A backup that was made of this store.

    Attributes:
        at_ms: milliseconds since 1970 UTC, when it was made.
        name: the folder that it was written to.
        destroyed_ms: when somebody said that it is destroyed, milliseconds since 1970 UTC; 0 if nobody did.
        destroyed_by: who did; empty as for ``destroyed_ms``.
    """

    at_ms: int
    name: str
    destroyed_ms: int = 0
    destroyed_by: str = ""


class Deletions:
    """The log, the rules and the backups; all of it tagged and summed as every row of a store."""

    def __init__(self, database: Database) -> None:
        self._rows = TableRows(database, DELETION)
        self._meta = TableRows(database, META)
        self._database = database

    def add(self, entry: Deletion) -> None:
        """Keep an entry; belongs into the transaction that deletes. The first of a dispatch stays."""
        value = {
            "by": entry.by,
            "reason": entry.reason,
            "days": entry.days,
            "number": entry.number,
            "kind": entry.kind,
            "status": entry.status,
            "sender": entry.sender,
            "sent_by_us": entry.sent_by_us,
            "mark": entry.mark,
            "rule": entry.rule,
        }
        self._rows.add(entry.digest, value, at=entry.at_ms)

    def get(self, digest: str) -> Deletion | None:
        """The entry of a dispatch; ``None`` if it was not deleted here."""
        return next(self._select("digest = ?", digest), None)

    def mark_of(self, content: str | None) -> str | None:
        """By which a content is known again; ``None`` for none."""
        return None if content is None else self._database.name("deleted", content).hex()

    def newest(self, limit: int) -> list[Deletion]:
        """Entries, the newest first."""
        return list(self._select("1 ORDER BY at DESC, rowid DESC LIMIT ?", limit))

    def count(self) -> int:
        """How many entries there are."""
        return int(self._database.execute("SELECT count(*) FROM deletion").fetchone()[0])

    def _select(self, where: str, *values: Any) -> Iterator[Deletion]:
        for row, value in self._rows.read(where, *values):
            addresses = {name: Address(value[name]) if value[name] else None for name in ("by", "sender")}
            yield Deletion(row["digest"], row["at"], **{**value, **addresses})

    # Rules

    @property
    def rules(self) -> dict[str, int]:
        """Days after which texts of a kind may be deleted; ``all`` is for every kind without a rule of its own."""
        return dict(self._meta.value(_RULES) or {})

    def set_rules(self, rules: Mapping[str, int]) -> None:
        """Keep other rules."""
        self._meta.put(_RULES, dict(rules))

    # Backups

    def copies(self) -> list[CopyMade]:
        """Backups that were made of this store, the oldest first."""
        return [CopyMade(*each) for each in self._meta.value(_COPIES) or ()]

    def add_copy(self, copy: CopyMade) -> None:
        """Remember a backup; at most the newest 1,000."""
        with self._database.transaction():
            self._set_copies([*self.copies(), copy][-_MOST_COPIES:])

    def note_destroyed(self, name: str, by: Address, at_ms: int) -> list[CopyMade]:
        """Note that the backups in a folder are destroyed; gives those of which nobody had said so."""
        with self._database.transaction():
            copies = self.copies()
            gone = {each: replace(each, destroyed_ms=at_ms, destroyed_by=by) for each in copies if each.name == name}
            gone = {before: after for before, after in gone.items() if not before.destroyed_ms}
            self._set_copies([gone.get(each, each) for each in copies])
        return list(gone.values())

    def _set_copies(self, copies: Iterable[CopyMade]) -> None:
        self._meta.put(_COPIES, [list(astuple(each)) for each in copies])
