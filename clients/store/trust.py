"""What a client believes of the ledger, between two runs: head, cursors, audit, views."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from clients.store.database import Database
from clients.store.rows import TableRows
from clients.store.schema import META, VIEW
from schemas.claims import BY_CODE
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


class Trust:
    """The tables of what is believed."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._meta, self._views = TableRows(database, META), TableRows(database, VIEW)

    # Single values

    def _read(self, name: str) -> Any:
        return self._meta.value(name)

    def _write(self, name: str, value: Any) -> None:
        self._meta.put(name, value)

    @property
    def hub_blob_bytes(self) -> int | None:
        """Largest padded file that the hub takes, as it said last; ``None`` before that."""
        value = self._read("hub_blob_bytes")
        return None if value is None else int(value)

    def set_hub_blob_bytes(self, most: int) -> None:
        """Remember what the hub takes."""
        if most != self.hub_blob_bytes:
            self._write("hub_blob_bytes", most)

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
    def is_mail_wanted(self) -> bool:
        """Whether all mail is to be asked for again: something may be missing in the store."""
        return bool(self._read("mail_wanted"))

    def ask_mail(self) -> None:
        """Ask the connected process for all mail again, and for an audit from the beginning of the ledger."""
        self._write("mail_wanted", value=True)

    def start_anew(self) -> None:
        """What `ask_mail` asked for has begun: nothing is believed to be here."""
        self.set_cursors(NO_CURSORS)
        self.set_audited(Frontier.empty(), 0, 0)
        self.reset_newer()
        self._write("mail_wanted", value=False)

    @property
    def clock_offset_ms(self) -> int:
        """What the hub's time differed by when last heard."""
        return int(self._read("clock_offset_ms") or 0)

    def set_clock_offset_ms(self, offset_ms: int) -> None:
        """Remember the difference."""
        self._write("clock_offset_ms", offset_ms)

    @property
    def clock_confirmed_ms(self) -> int:
        """What has to be added to this machine's clock, as a person has confirmed; 0 if nobody has."""
        return int(self._read("clock_confirmed_ms") or 0)

    def set_clock_confirmed_ms(self, confirmed_ms: int) -> None:
        """Remember what a person has confirmed."""
        self._write("clock_confirmed_ms", confirmed_ms)

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
    def audit_begun(self) -> tuple[str, int]:
        """On which machine an audit last began with the first leaf, and when (ms)."""
        value = self._read("audit_begun") or {"machine": "", "at_ms": 0}
        return value["machine"], value["at_ms"]

    def begin_audit(self, machine: str, at_ms: int) -> None:
        """Forget how far audits got: the next one begins with the first leaf."""
        self.set_audited(Frontier.empty(), 0, 0)
        self.reset_newer()
        self._write("audit_begun", {"machine": machine, "at_ms": at_ms})

    @property
    def whole_audit_since_ms(self) -> int:
        """When an audit of every leaf began that has not ended: monthly, or on another machine (ms); 0 if none."""
        return self.audit_begun[1] if not self.audited[2] else 0

    @property
    def audit_ended_ms(self) -> int:
        """When an audit last came to its end, with faults or without, by this machine's clock (ms); 0 if never."""
        return int(self._read("audit_ended") or 0)

    def set_audit_ended(self, at_ms: int) -> None:
        """Remember that an audit came to its end."""
        self._write("audit_ended", at_ms)

    # The store itself

    @property
    def store_checked(self) -> tuple[int, str]:
        """When all of the store was last checked (ms), and what was found; 0 if never, empty if nothing."""
        value = self._read("store_checked") or {"at_ms": 0, "found": ""}
        return value["at_ms"], value["found"]

    def set_store_checked(self, at_ms: int, found: str) -> None:
        """Remember what a check of the whole store found."""
        self._write("store_checked", {"at_ms": at_ms, "found": found})

    # What is newer than this program

    @property
    def newer(self) -> dict[int, int]:
        """Codes of types that were met and are not known to this program, and how many leaves of each were audited."""
        found = {int(code): int(count) for code, count in (self._read("newer") or {}).items()}
        return {code: count for code, count in sorted(found.items()) if code not in BY_CODE}

    def add_newer(self, counts: Mapping[int, int]) -> None:
        """Remember leaves of types that are not known, and count them."""
        known = self.newer
        added = {code: known.get(code, 0) + count for code, count in counts.items()}
        if added.items() - known.items():
            self._write("newer", {str(code): count for code, count in (known | added).items()})

    def reset_newer(self) -> None:
        """Count anew: the ledger is audited from its beginning."""
        self._write("newer", {})

    def learnt_types(self) -> frozenset[int]:
        """Codes of the types that this program knows and the one that last read this store did not."""
        return frozenset(BY_CODE) - frozenset(self._read("types") or ())

    def set_types(self) -> None:
        """Remember that everything kept of the types that are known has been judged."""
        self._write("types", sorted(BY_CODE))

    @property
    def audit_asked_ms(self) -> int:
        """When an audit was last asked for by a process that is not connected (ms); 0 if never."""
        return int(self._read("audit_asked") or 0)

    def ask_audit(self, now_ms: int) -> None:
        """Ask the connected process for an audit."""
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
        self._views.add(row, {"note": note, "digest": digest}, size=size)

    def views(self, up_to: int) -> list[tuple[str, str]]:
        """Note and digest of the statement, of every view up to a size."""
        return [(value["note"], value["digest"]) for _, value in self._views.read("size <= ?", up_to)]

    def drop_views(self, up_to: int) -> None:
        """Forget the views that have been compared."""
        self._views.drop_all("size <= ?", up_to)
