"""What is wrong and must reach a person, and when somebody is called for it; pure.

A line that is down, a seat that was replaced, a process that keeps the connection no more, a new alarm, something
urgent that came back: each calls once, and again after a long time if it is still so. Alarms that are counted in one
line call at once when their number has doubled, and otherwise `FOLDED_S` after the last call: a flood calls seldom,
and each of them is in a call that counts it.
"""

# ruff: noqa: RUF001 - Russian words contain letters that look Latin

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from clients.actions.hooks import Hooks
from schemas.labels import CodedValue

DOWN_S: Final = 60.0
"""How long a line is down before anybody is called: it may come back by itself."""

UNHELD_S: Final = 15.0
"""How long no process keeps the connection before anybody is called: a service that is started anew takes as long."""

FOLDED_S: Final = 300.0
"""How long an alarm that is counted among many waits at most until a call counts it."""

_DETAIL: Final = 200


class FaultCause(CodedValue):
    """What is wrong."""

    LINE = "line", "not connected", "нет связи"
    NOBODY = "nobody", "NOBODY RINGS: serai run is not running", "НИКТО НЕ ПОДАСТ СИГНАЛ: serai run не работает"
    SEAT = "seat", "another session took this seat", "это место занял другой сеанс"
    ALARM = "alarm", "new alarm", "новая тревога"
    RETURNED = "returned", "urgent, came back and was not sent", "срочное вернулось, не отправлено"


_AGAIN_S: Final[Mapping[FaultCause, float]] = {
    FaultCause.LINE: 3_600.0,
    FaultCause.NOBODY: 600.0,
    FaultCause.SEAT: 3_600.0,
    FaultCause.ALARM: 12 * 3_600.0,
    FaultCause.RETURNED: 300.0,
}
"""After how long somebody is called again, if it is still so."""

_APART_S: Final[Mapping[FaultCause, float]] = {
    FaultCause.LINE: 300.0,
    FaultCause.NOBODY: 300.0,
    FaultCause.SEAT: 300.0,
    FaultCause.ALARM: 10.0,
    FaultCause.RETURNED: 10.0,
}
"""How far two calls of one cause are apart at least: a line that comes and goes calls no more often."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What there is to judge.

    Attributes:
        now_ms: milliseconds since 1970 UTC.
        held: whether a process keeps the connection, or tries to.
        live: whether the hub answers it.
        line_fault: why it does not.
        alarms: how many alarms that differ are open.
        newest_alarm: the highest number of an open alarm; 0 if there is none.
        folded: how many of them have no number of their own, but are counted in a line of many.
        alarm_kind: what the last of them is.
        returned: how much that is urgent came back.
        newest_returned: number of the newest of it; 0 if there is none.
        replaced: whether another session took this seat.
    """

    now_ms: int
    held: bool = True
    live: bool = True
    line_fault: str = ""
    alarms: int = 0
    newest_alarm: int = 0
    folded: int = 0
    alarm_kind: str = ""
    returned: int = 0
    newest_returned: int = 0
    replaced: bool = False


@dataclass(frozen=True, slots=True)
class StandingFault:
    """Something that is wrong now.

    Attributes:
        cause: what.
        since_ms: since when, as far as it was looked at; milliseconds since 1970 UTC.
        count: of how many.
        detail: more for people, in a few words; never content.
    """

    cause: FaultCause
    since_ms: int
    count: int = 1
    detail: str = ""


@dataclass(slots=True)
class _Watched:
    """What is remembered of a cause: since when, how long it was wrong in all, and since when it is well again."""

    since_s: float
    since_ms: int
    newest: int = 0
    folded: int = 0
    wrong_s: float = 0.0
    looked_s: float = 0.0
    well_s: float | None = None


@dataclass(frozen=True, slots=True)
class _Called:
    """When somebody was called, and for how much."""

    at_s: float
    newest: int = 0
    folded: int = 0


class FaultWatch:
    """Remembers since when something is wrong, and for what somebody was called."""

    def __init__(self) -> None:
        self._wrong: dict[FaultCause, _Watched] = {}
        self._called: dict[FaultCause, _Called] = {}
        self.standing: tuple[StandingFault, ...] = ()

    def look(self, seen: Seen, now_s: float) -> list[StandingFault]:
        """Those for which somebody is to be called now.

        Args:
            seen: how things are.
            now_s: by a clock that never goes back.
        """
        found = {
            FaultCause.SEAT: (seen.replaced, 1, 0, "", 0.0),
            FaultCause.NOBODY: (not seen.held and not seen.replaced, 1, 0, "", UNHELD_S),
            FaultCause.LINE: (seen.held and not seen.live and not seen.replaced, 1, 0, seen.line_fault, DOWN_S),
            FaultCause.RETURNED: (seen.returned > 0, seen.returned, seen.newest_returned, "", 0.0),
            FaultCause.ALARM: (seen.alarms > 0, seen.alarms, seen.newest_alarm, seen.alarm_kind, 0.0),
        }
        standing, due = [], []
        for cause, (is_wrong, count, newest, detail, grace_s) in found.items():
            self._recover(cause, grace_s, now_s)
            if not is_wrong:
                if (known := self._wrong.get(cause)) is not None and known.well_s is None:
                    known.well_s = now_s
                continue
            watched = self._wrong.setdefault(cause, _Watched(now_s, seen.now_ms, looked_s=now_s))
            watched.wrong_s += now_s - watched.looked_s if watched.well_s is None else 0.0
            watched.newest, watched.looked_s, watched.well_s = newest, now_s, None
            watched.folded = seen.folded if cause is FaultCause.ALARM else 0
            if watched.wrong_s < grace_s:
                continue
            fault = StandingFault(cause, watched.since_ms, count, detail[:_DETAIL])
            standing.append(fault)
            if self._is_due(cause, watched, now_s):
                due.append(fault)
        self.standing = tuple(standing)
        return due

    def _recover(self, cause: FaultCause, grace_s: float, now_s: float) -> None:
        """Forget what was wrong once it is well for half as long as it may be wrong: a moment proves nothing."""
        watched = self._wrong.get(cause)
        if watched is not None and watched.well_s is not None and now_s - watched.well_s >= grace_s / 2:
            del self._wrong[cause]

    def _is_due(self, cause: FaultCause, watched: _Watched, now_s: float) -> bool:
        if cause not in self._called:
            return True
        called = self._called[cause]
        if watched.folded < called.folded:  # a person has closed some of them
            called = self._called[cause] = replace(called, folded=watched.folded)
        apart_s = now_s - called.at_s
        if apart_s < _APART_S[cause]:
            return False
        is_more = watched.folded > called.folded
        is_due = is_more and (watched.folded >= 2 * called.folded or apart_s >= FOLDED_S)
        is_new = watched.newest > called.newest or watched.since_s > called.at_s
        return is_new or is_due or apart_s >= _AGAIN_S[cause]

    def called(self, cause: FaultCause, now_s: float) -> None:
        """Remember that somebody was called."""
        watched, before = self._wrong.get(cause), self._called.get(cause, _Called(now_s))
        newest, folded = (watched.newest, watched.folded) if watched else (0, 0)
        self._called[cause] = _Called(now_s, max(newest, before.newest), folded)


class FaultCalls:
    """Calls for what is wrong, by a program of the operator's and by whatever the caller rings.

    Args:
        hooks: the program; one at a time for each cause.
        spell: how a time is told to the program.
    """

    def __init__(self, hooks: Hooks, spell: Callable[[int], str]) -> None:
        self.hooks = hooks
        self.watch = FaultWatch()
        self._spell = spell

    def tick(self, seen: Seen, now_s: float) -> list[StandingFault]:
        """Call for what is due, and give it; what cannot be called for now is called for at the next tick."""
        made = []
        for fault in self.watch.look(seen, now_s):
            if self.hooks.is_set and not self.hooks.start(fault.cause.value, self._facts(fault)):
                continue
            self.watch.called(fault.cause, now_s)
            made.append(fault)
        return made

    def _facts(self, fault: StandingFault) -> dict[str, str]:
        return {
            "SERAI_FAULT": fault.cause.value,
            "SERAI_SINCE": self._spell(fault.since_ms),
            "SERAI_COUNT": str(fault.count),
            "SERAI_DETAIL": fault.detail,
        }
