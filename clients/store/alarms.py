"""Alarms: what a person must look at, until a person closes it with a reason.

The same alarm is kept once, however often it is raised. Of one cause, and of one kind, so many stand on their own; what
is beyond folds into one row that counts: who can raise alarms must not bury another's, or fill a disk.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from clients.store.database import Database
from clients.store.rows import TableRows
from clients.store.schema import ALARM

MOST_OF_CAUSE: Final = 8
"""How many open alarms of one kind and cause stand on their own."""

MOST_OF_KIND: Final = 64
"""The same of one kind, whatever the cause."""

MOST_WITH_FIRSTS: Final = 256
"""The same, where it is the first of its cause: what many others bring about does not hide somebody new."""

QUIET_MS: Final = 24 * 3600 * 1000
"""How long what was closed, and is raised again with the same evidence, stays closed."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """Something that a person must look at.

    Attributes:
        kind: what, one word. Of the hub: ``fork``, ``bad_proof``, ``bad_time``, ``bad_statement``,
            ``public_refused``, ``withheld``, ``damaged``, ``epoch`` (a new one dropped the end of the
            ledger). Of the hub's time and this machine's: ``clock``. Of this machine: ``store_changed``.
            Of others: ``unknown_own_key``, ``bad_view``, ``overdue``. Of what was said here: ``refused``.
        detail: for people.
        at_ms: milliseconds since 1970 UTC.
        evidence: texts to keep and to show, by name.
        cause: who or what brought it about, where that is known: alarms of one cause are counted together.
    """

    kind: str
    detail: str
    at_ms: int
    evidence: Mapping[str, str] = field(default_factory=dict)
    cause: str = ""


@dataclass(frozen=True, slots=True)
class Closing:
    """That a person has closed an alarm.

    Attributes:
        by: address of the officer, or of the member.
        at_ms: milliseconds since 1970 UTC.
        reason: in the words of that person.
    """

    by: str
    at_ms: int
    reason: str


@dataclass(frozen=True, slots=True)
class KeptAlarm:
    """An alarm as it is kept.

    Attributes:
        number: by which a person names it.
        alarm: as it was raised first; where `is_further`, as it was raised last.
        count: how often it was raised.
        last_ms: when it was raised last, milliseconds since 1970 UTC.
        is_further: whether it stands for many of its kind that differ.
        closing: who has closed it; ``None`` while it is open.
    """

    number: int
    alarm: Alarm
    count: int = 1
    last_ms: int = 0
    is_further: bool = False
    closing: Closing | None = None


@dataclass(frozen=True, slots=True)
class Raised:
    """What became of an alarm that was raised.

    Attributes:
        name: under which it is counted; `Alarms.is_open` takes it.
        is_new: whether a person has not met it yet.
    """

    name: bytes
    is_new: bool


class Alarms:
    """The table of alarms."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._rows = TableRows(database, ALARM)

    def add(self, alarm: Alarm) -> Raised:
        """Keep an alarm with its evidence, or count it where it is known already."""
        with self._database.transaction():
            own = self._database.name("alarm", alarm.kind, alarm.detail)
            if self._count(own, alarm) or self._is_settled(own, alarm):
                return Raised(own, is_new=False)
            cause = self._database.name("alarm", alarm.kind, "of", alarm.cause)
            of_cause, of_kind = self._open(" AND cause = ?", cause), self._open(" AND kind = ?", alarm.kind)
            if of_cause >= MOST_OF_CAUSE:
                return self._fold(self._database.name("alarm", alarm.kind, "further of", alarm.cause), cause, alarm)
            if of_kind >= (MOST_OF_KIND if of_cause else MOST_WITH_FIRSTS):
                further = self._database.name("alarm", alarm.kind, "further")
                return self._fold(further, further, alarm)  # of no one cause, so that nothing closes it but a person
            self._insert(own, cause, alarm, is_further=False)
            return Raised(own, is_new=True)

    def is_open(self, name: bytes) -> bool:
        """Whether an alarm that was counted under a name is still open."""
        return self._row_of(name) is not None

    def _row_of(self, name: bytes) -> int | None:
        row = self._rows.first("name = ? AND state = 'open'", name)
        return None if row is None else int(row["id"])

    def _fold(self, name: bytes, cause: bytes, alarm: Alarm) -> Raised:
        """Count it among many; the newest of them is what is shown."""
        is_known = self._count(name, alarm, shown=True)
        if not is_known:
            self._insert(name, cause, alarm, is_further=True)
        return Raised(name, is_new=not is_known)

    def _count(self, name: bytes, alarm: Alarm, *, shown: bool = False) -> bool:
        row = self._row_of(name)
        if row is None:
            return False
        value = self._rows.value(row)
        value |= {"count": value["count"] + 1, "last_ms": alarm.at_ms}
        self._write(row, value | (_written(alarm) if shown else {}))
        return True

    def _is_settled(self, name: bytes, alarm: Alarm) -> bool:
        """Whether a person has closed the very same a short while ago."""
        found = self._rows.read("name = ? AND state = 'closed' ORDER BY id DESC LIMIT 1", name)
        value = next((value for _, value in found), None)
        if value is None or value["evidence"] != dict(alarm.evidence):
            return False
        return 0 <= alarm.at_ms - int(value["closing"]["at_ms"]) < QUIET_MS

    def _open(self, where: str = "", *values: Any) -> int:
        sql = f"SELECT count(*) FROM alarm WHERE state = 'open'{where}"  # noqa: S608 - names of columns
        return int(self._database.execute(sql, *values).fetchone()[0])

    def _insert(self, name: bytes, cause: bytes, alarm: Alarm, *, is_further: bool) -> None:
        value = {**_written(alarm), "count": 1, "last_ms": alarm.at_ms, "is_further": is_further}
        clear = {"at": alarm.at_ms, "kind": alarm.kind, "state": "open", "name": name, "cause": cause}
        self._rows.put(self._rows.next_number("id"), value, **clear)

    def _write(self, row: int, value: Mapping[str, Any], **clear: Any) -> None:
        """Give a row another content, and other clear columns where they are named."""
        self._rows.put(row, value, **{**self._rows.clear(row), **clear})

    # What there is

    def raised(self) -> list[Alarm]:
        """Every alarm, open or closed, in the order in which they were raised first."""
        return [self._kept(row, value).alarm for row, value in self._rows.read("1 ORDER BY id")]

    def open_count(self) -> int:
        """How many are open."""
        return self._open()

    def count(self) -> int:
        """How many there are, the closed ones too."""
        return int(self._database.execute("SELECT count(*) FROM alarm").fetchone()[0])

    def newest(self, limit: int, *, closed: bool = False) -> list[KeptAlarm]:
        """Those that are open, or those that are closed, the newest first.

        Args:
            limit: at most so many.
            closed: which of the two.
        """
        found = self._rows.read("state = ? ORDER BY id DESC LIMIT ?", "closed" if closed else "open", limit)
        return [self._kept(row, value) for row, value in found]

    def get(self, number: int) -> KeptAlarm | None:
        """An alarm by its number."""
        return next((self._kept(row, value) for row, value in self._rows.read("id = ?", number)), None)

    def close(self, number: int, closing: Closing) -> None:
        """Keep that a person has closed it; the first closing counts."""
        with self._database.transaction():
            kept = self.get(number)
            if kept is None or kept.closing is not None:
                return
            said = {"by": closing.by, "at_ms": closing.at_ms, "reason": closing.reason}
            self._write(number, {**self._rows.value(number), "closing": said}, state="closed")

    def close_cause(self, kind: str, cause: str, closing: Closing) -> None:
        """Close those of one kind and cause: a person has dealt with it otherwise."""
        name = self._database.name("alarm", kind, "of", cause)
        for row in list(self._rows.find("state = 'open' AND cause = ?", name)):
            self.close(row["id"], closing)

    def _kept(self, row: Mapping[str, Any], value: Mapping[str, Any]) -> KeptAlarm:
        closing = Closing(**value["closing"]) if "closing" in value else None
        alarm = Alarm(row["kind"], value["detail"], row["at"], value["evidence"], value["cause"])
        return KeptAlarm(row["id"], alarm, value["count"], value["last_ms"], value["is_further"], closing)


def _written(alarm: Alarm) -> dict[str, Any]:
    return {"detail": alarm.detail, "evidence": dict(alarm.evidence), "cause": alarm.cause}
