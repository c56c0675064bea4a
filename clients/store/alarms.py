"""Alarms: what a person must look at, until a person closes it with a reason.

The same alarm is kept once, however often it is raised. Of one cause, and of one kind, so many stand on their own; what
is beyond folds into one row that counts: who can raise alarms must not bury another's, or fill a disk. What folds is
counted once as long as its name is remembered, so that whoever calls a person knows whether there is something new.
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

MOST_NAMES: Final = 256
"""How many of those that are folded into one row are known by name: what is beyond counts as new each time."""

QUIET_MS: Final = 24 * 3600 * 1000
"""How long what was closed, and is raised again with the same evidence, stays closed."""

_SHORT: Final = 8
"""Bytes of a name that tell those in one row apart."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """Something that a person must look at.

    Attributes:
        kind: what, one word. Of the hub: ``fork``, ``bad_proof``, ``bad_time``, ``bad_statement``,
            ``public_refused``, ``withheld``, ``damaged``, ``epoch`` (a new one dropped the end of the
            ledger). Of the hub's time and this machine's: ``clock``. Of this machine: ``store_changed``,
            ``audit_late`` (no audit of the ledger has ended for 48 hours).
            Of others: ``unknown_own_key``, ``bad_view``, ``overdue``, ``asks_much``. Of what was said here:
            ``refused``, ``withdrawn``.
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
        differing: for how many that differ it stands, as far as their names are remembered.
        closing: who has closed it; ``None`` while it is open.
    """

    number: int
    alarm: Alarm
    count: int = 1
    last_ms: int = 0
    is_further: bool = False
    differing: int = 1
    closing: Closing | None = None


@dataclass(frozen=True, slots=True)
class OpenAlarms:
    """What is open, in short.

    Attributes:
        count: how many stand on their own, a line of many counted once.
        folded: how many that differ are behind the lines of many.
        newest: the one that came last; of a line of many, the last that folded into it.
    """

    count: int = 0
    folded: int = 0
    newest: KeptAlarm | None = None

    @property
    def differing(self) -> int:
        """How many that differ are open in all."""
        return self.count + self.folded


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
                further = self._database.name("alarm", alarm.kind, "further of", alarm.cause)
                return self._fold(further, cause, own, alarm)
            if of_kind >= (MOST_OF_KIND if of_cause else MOST_WITH_FIRSTS):
                further = self._database.name("alarm", alarm.kind, "further")
                return self._fold(
                    further, further, own, alarm
                )  # of no one cause, so that nothing closes it but a person
            self._insert(own, cause, alarm)
            return Raised(own, is_new=True)

    def is_open(self, name: bytes) -> bool:
        """Whether an alarm that was counted under a name is still open."""
        return self._row_of(name) is not None

    def _row_of(self, name: bytes) -> int | None:
        row = self._rows.first("name = ? AND state = 'open'", name)
        return None if row is None else int(row["id"])

    def _fold(self, name: bytes, cause: bytes, own: bytes, alarm: Alarm) -> Raised:
        """Count it among many; the newest is what is shown. A person meets them anew when their number doubles."""
        row, short = self._row_of(name), own[:_SHORT].hex()
        if row is None:
            self._insert(name, cause, alarm, {"differing": 1, "names": [short]}, further=True)
            return Raised(name, is_new=True)
        value = self._rows.value(row)
        is_other = short not in value["names"]
        differing = value["differing"] + is_other
        names = [*value["names"], short][-MOST_NAMES:] if is_other else value["names"]
        counted = {"count": value["count"] + 1, "last_ms": alarm.at_ms, "differing": differing, "names": names}
        self._write(row, value | _written(alarm) | counted)
        return Raised(name, is_new=is_other and differing.bit_count() == 1)

    def _count(self, name: bytes, alarm: Alarm) -> bool:
        row = self._row_of(name)
        if row is None:
            return False
        value = self._rows.value(row)
        self._write(row, value | {"count": value["count"] + 1, "last_ms": alarm.at_ms})
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

    def _insert(
        self, name: bytes, cause: bytes, alarm: Alarm, more: Mapping[str, Any] | None = None, *, further: bool = False
    ) -> None:
        value = {**_written(alarm), "count": 1, "last_ms": alarm.at_ms, **(more or {})}
        clear = {"at": alarm.at_ms, "kind": alarm.kind, "state": "open", "name": name, "cause": cause}
        clear["further"] = further
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

    def in_short(self) -> OpenAlarms:
        """How many are open, how many are folded behind them, and which came last."""
        many = [self._kept(*found) for found in self._rows.read("state = 'open' AND further = 1")]
        newest = max((*self.newest(1), *many), key=lambda each: (each.last_ms, each.number), default=None)
        return OpenAlarms(self.open_count(), sum(each.differing - 1 for each in many), newest)

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
        further, differing = bool(row["further"]), value.get("differing", 1)
        return KeptAlarm(row["id"], alarm, value["count"], value["last_ms"], further, differing, closing)


def _written(alarm: Alarm) -> dict[str, Any]:
    return {"detail": alarm.detail, "evidence": dict(alarm.evidence), "cause": alarm.cause}
