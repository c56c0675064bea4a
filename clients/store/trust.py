"""What a client believes of the ledger, between two runs: head, cursors, audit, views, alarms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from clients.store.database import Database
from schemas.encoding import Digest, decode_digest, encode_base64url, sha256
from schemas.frames import Cursors
from schemas.merkle import Frontier

NO_CURSORS = Cursors(public=0, urgent=0, normal=0)


@dataclass(frozen=True, slots=True)
class Head:
    """The newest state of the ledger that was verified.

    Attributes:
        size: number of leaves.
        root: Merkle root over them.
        note: the signed checkpoint note; ``None`` where the root's signature on a new
            epoch stands for it.
    """

    size: int
    root: Digest
    note: str | None


@dataclass(frozen=True, slots=True)
class Alarm:
    """Something that a person must look at.

    Attributes:
        kind: what, one word. Of the hub: ``fork``, ``bad_proof``, ``bad_time``, ``bad_statement``,
            ``public_refused``, ``withheld``, ``damaged``, ``epoch`` (a new one dropped the end of the
            ledger). Of others: ``unknown_own_key``, ``bad_view``, ``overdue``. Of what was said here:
            ``refused``.
        detail: for people.
        at_ms: milliseconds since 1970 UTC.
        evidence: texts to keep and to show, by name.
    """

    kind: str
    detail: str
    at_ms: int
    evidence: Mapping[str, str] = field(default_factory=dict)


class Trust:
    """The tables of what is believed."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # Single values

    def _read(self, name: str) -> Any:
        row = self._database.execute("SELECT blob FROM meta WHERE name = ?", name).fetchone()
        return None if row is None else self._database.open("meta", name, row[0])

    def _write(self, name: str, value: Any) -> None:
        blob = self._database.seal("meta", name, value)
        self._database.execute("INSERT OR REPLACE INTO meta (name, blob) VALUES (?, ?)", name, blob)

    @property
    def head(self) -> Head | None:
        """The newest state that was verified; ``None`` before the first."""
        value = self._read("head")
        return None if value is None else Head(value["size"], decode_digest(value["root"]), value["note"])

    def set_head(self, head: Head) -> None:
        """Remember a newer verified state."""
        self._write("head", {"size": head.size, "root": encode_base64url(head.root), "note": head.note})

    @property
    def epochs(self) -> tuple[str, ...]:
        """The epoch statements that were learned, oldest first."""
        return tuple(self._read("epochs") or ())

    def set_epochs(self, texts: Iterable[str]) -> None:
        """Remember the epoch statements."""
        self._write("epochs", list(texts))

    @property
    def cursors(self) -> Cursors:
        """The next ledger index wanted on each lane."""
        value = self._read("cursors")
        return NO_CURSORS if value is None else Cursors.model_validate(value)

    def set_cursors(self, cursors: Cursors) -> None:
        """Remember what is stored."""
        self._write("cursors", cursors.model_dump())

    @property
    def clock_offset_ms(self) -> int:
        """What the hub's time differed by when last heard."""
        return int(self._read("clock_offset_ms") or 0)

    def set_clock_offset_ms(self, offset_ms: int) -> None:
        """Remember the difference."""
        self._write("clock_offset_ms", offset_ms)

    # Audit

    @property
    def audited(self) -> tuple[Frontier, int, int]:
        """Frontier of what was audited, the time of its last leaf (ms) and when the audit was (ms)."""
        value = self._read("audit")
        if value is None:
            return Frontier.empty(), 0, 0
        hashes = tuple(decode_digest(node) for node in value["hashes"])
        return Frontier(value["size"], hashes), value["last_ms"], value["at_ms"]

    def set_audited(self, frontier: Frontier, last_ms: int, at_ms: int) -> None:
        """Remember how far an audit got."""
        hashes = [encode_base64url(node) for node in frontier.hashes]
        self._write("audit", {"size": frontier.size, "hashes": hashes, "last_ms": last_ms, "at_ms": at_ms})

    @property
    def audit_asked_ms(self) -> int:
        """When an audit was last asked for by a process that does not hold the line (ms); 0 if never."""
        return int(self._read("audit_asked") or 0)

    def ask_audit(self, now_ms: int) -> None:
        """Ask whoever holds the line for an audit."""
        self._write("audit_asked", now_ms)

    @property
    def audit_result(self) -> Mapping[str, Any]:
        """What the last audit found, as whoever did it told it; empty before the first."""
        return dict(self._read("audit_result") or {})

    def set_audit_result(self, result: Mapping[str, Any]) -> None:
        """Tell what an audit found."""
        self._write("audit_result", dict(result))

    def add_view(self, note: str, size: int, digest: str) -> None:
        """Keep a checkpoint note that somebody else has seen, until an audit compares it.

        Args:
            note: as it stood in the statement.
            size: what it says.
            digest: the statement it stood in.
        """
        row = encode_base64url(sha256(note.encode()))
        blob = self._database.seal("view", row, {"note": note, "digest": digest})
        self._database.execute("INSERT OR IGNORE INTO view (id, size, blob) VALUES (?, ?, ?)", row, size, blob)

    def views(self, up_to: int) -> list[tuple[str, str]]:
        """Note and digest of the statement, of every view up to a size."""
        rows = self._database.execute("SELECT id, blob FROM view WHERE size <= ?", up_to).fetchall()
        values = [self._database.open("view", row, blob) for row, blob in rows]
        return [(value["note"], value["digest"]) for value in values]

    def drop_views(self, up_to: int) -> None:
        """Forget the views that have been compared."""
        self._database.execute("DELETE FROM view WHERE size <= ?", up_to)

    # Alarms

    def add_alarm(self, alarm: Alarm) -> None:
        """Keep an alarm with its evidence."""
        with self._database.transaction():
            row = self._database.execute("SELECT coalesce(max(id), 0) + 1 FROM alarm").fetchone()[0]
            blob = self._database.seal("alarm", row, {"detail": alarm.detail, "evidence": dict(alarm.evidence)})
            sql = "INSERT INTO alarm (id, at, kind, blob) VALUES (?, ?, ?, ?)"
            self._database.execute(sql, row, alarm.at_ms, alarm.kind, blob)

    def alarms(self) -> list[Alarm]:
        """Every alarm, oldest first."""
        rows = self._database.execute("SELECT id, at, kind, blob FROM alarm ORDER BY id").fetchall()
        return [
            Alarm(kind, value["detail"], at, value["evidence"])
            for value, at, kind in ((self._database.open("alarm", row, blob), at, kind) for row, at, kind, blob in rows)
        ]
