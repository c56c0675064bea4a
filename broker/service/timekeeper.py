"""The hub's time: the machine's clock, as far as it may be believed (port `broker.ports.Timekeeping`; PROTOCOL 8)."""

# ruff: noqa: RUF001 - Russian words contain letters that look Latin

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from broker.core.timekeeping import (
    ClockDoubt,
    Course,
    SignOfLife,
    TimeReport,
    doubt_at_start,
    follow,
    last_life_ms,
    utc,
)
from broker.ports import LifeRecord, MachineClock
from schemas.errors import Code, ProblemType, SeraiError
from schemas.labels import Label
from schemas.rules.said_time import are_alike

_TITLE: Final = Label(
    "The hub does not believe its clock, and appends nothing.", "Узел не верит своим часам и ничего не записывает."
)
_OTHER_TIME: Final = Label(
    "The time that you confirm is not that of this machine.",
    "Время, которое вы подтверждаете, не то, что на этой машине.",
)
_SET_CLOCK: Final = Label(
    "Compare again. If this machine's clock is wrong, set it; then confirm the time.",
    "Сравните ещё раз. Если часы этой машины неверны, переведите их; затем подтвердите время.",
)
_REMEDIES: Final = {
    ClockDoubt.CATCHING_UP: Label(
        "Wait: it goes on by itself. If the clock is wrong, set it.",
        "Подождите: узел продолжит работу сам. Если часы неверны, переведите их.",
    ),
    ClockDoubt.UNSYNCHRONISED: Label(
        "Let the system set its clock (timedatectl), or confirm the time (serai-hub time --help).",
        "Пусть система сверит свои часы (timedatectl), или подтвердите время (serai-hub time --help).",
    ),
    ClockDoubt.UNCONFIRMED: Label(
        "Compare this machine's clock with another one, set it if it is wrong, and confirm the time "
        "(serai-hub time --help).",
        "Сравните часы этой машины с другими, переведите их, если они неверны, и подтвердите время "
        "(serai-hub time --help).",
    ),
    ClockDoubt.MOVED: Label(
        "Start the hub again, which its unit does, and find out what moved the clock.",
        "Запустите узел снова (служба делает это сама) и выясните, что перевело часы.",
    ),
}


class ClockDoubted(SeraiError):  # noqa: N818 - a state of things, told like an error
    """``hub_not_ready``: the hub does not believe its clock, so nothing is appended and nobody is let in.

    Args:
        doubt: why not.
    """

    def __init__(self, doubt: ClockDoubt) -> None:
        super().__init__(Code.HUB_NOT_READY, doubt.label.en)
        self.doubt = doubt

    @property
    def is_moved(self) -> bool:
        """Whether only a new start of the process helps."""
        return self.doubt is ClockDoubt.MOVED

    @property
    def title(self) -> Label:
        """What happened."""
        return _TITLE

    @property
    def remedy(self) -> Label:
        """What the operator is to do."""
        return _REMEDIES[self.doubt]

    @property
    def problem(self) -> ProblemType:
        """The table row of the code, in words for the operator."""
        return replace(super().problem, title=self.title.en, remedy=self.remedy.en)


class WordRefused(SeraiError):  # noqa: N818 - a state of things, told like an error
    """``not_permitted``: the time that the operator says is not this machine's.

    Args:
        detail: the two times.
    """

    def __init__(self, detail: str) -> None:
        super().__init__(Code.NOT_PERMITTED, detail)

    @property
    def title(self) -> Label:
        """What happened."""
        return _OTHER_TIME

    @property
    def remedy(self) -> Label:
        """What the operator is to do."""
        return _SET_CLOCK

    @property
    def problem(self) -> ProblemType:
        """The table row of the code, in words of time."""
        return replace(super().problem, title=self.title.en, remedy=self.remedy.en)


class Timekeeper:
    """The hub's time. Every thread may ask.

    A clock that is not believed is judged anew whenever somebody asks: the system may have set it since. Once a
    clock that was believed has been moved too far, this process believes none any more.

    Args:
        machine: the machine's clock.
        record: where the last sign of life is.
        newest_ms: time of the newest leaf, milliseconds since 1970 UTC; 0 if there is none.
    """

    def __init__(self, machine: MachineClock, record: LifeRecord, newest_ms: int) -> None:
        self._machine = machine
        self._record = record
        self._last_ms = last_life_ms(record.read(), newest_ms)
        self._course: Course | None = None
        self._moved = False
        self._steps: list[int] = []
        self._lock = threading.Lock()

    def now_ms(self) -> int:
        """Milliseconds since 1970 UTC.

        Raises:
            ClockDoubted: the clock may not be believed.
        """
        with self._lock:
            offset_ms = self._machine.offset_ms()
            if (doubt := self._judge(offset_ms)) is not None:
                raise ClockDoubted(doubt)
            return offset_ms + self._machine.monotonic_ms()

    def _judge(self, offset_ms: int) -> ClockDoubt | None:
        if self._moved:
            return ClockDoubt.MOVED
        if self._course is None:
            now_ms, synchronised = offset_ms + self._machine.monotonic_ms(), self._machine.is_synchronised()
            if (doubt := doubt_at_start(now_ms, self._last_ms, synchronised=synchronised)) is not None:
                return doubt
            self._course = Course(offset_ms, offset_ms)
        followed = follow(self._course, offset_ms)
        if followed is None:
            self._moved = True
            return ClockDoubt.MOVED
        self._course, step_ms = followed
        self._steps += [step_ms] if step_ms else []
        return None

    def new_jti(self) -> str:
        """A fresh UUIDv7."""
        return self._machine.new_jti()

    def report(self) -> TimeReport:
        """How the hub's time stands."""
        try:
            now_ms, doubt = self.now_ms(), None
        except ClockDoubted as error:
            now_ms, doubt = self._machine.offset_ms() + self._machine.monotonic_ms(), error.doubt
        return TimeReport(now_ms, self._machine.is_synchronised(), doubt, self._last_ms)

    def take_steps(self) -> Sequence[int]:
        """The steps forward that were gone over since the last call, in milliseconds."""
        with self._lock:
            steps, self._steps = self._steps, []
            return steps

    def keep_life(self, newest_ms: int) -> None:
        """Leave a sign of life, if the clock is believed; blocks.

        Args:
            newest_ms: time of the newest leaf, milliseconds since 1970 UTC.

        Raises:
            ClockDoubted: it is not.
            SeraiError: ``storage_failed``.
        """
        now_ms = self.now_ms()
        self._record.write(SignOfLife(now_ms, newest_ms))
        self._last_ms = now_ms

    def confirm(self, said_ms: int, newest_ms: int) -> None:
        """Believe the machine's clock, because the operator has compared it with another one; blocks.

        Args:
            said_ms: what the other clock said, milliseconds since 1970 UTC.
            newest_ms: time of the newest leaf, milliseconds since 1970 UTC.

        Raises:
            WordRefused: the two are more than five minutes apart.
            ClockDoubted: ``moved``: only a new start helps.
            SeraiError: ``storage_failed``.
        """
        with self._lock:
            offset_ms = self._machine.offset_ms()
            now_ms = offset_ms + self._machine.monotonic_ms()
            if self._moved:
                raise ClockDoubted(ClockDoubt.MOVED)
            if not are_alike(said_ms, now_ms):
                raise WordRefused(f"you say {utc(said_ms)}, this machine's clock says {utc(now_ms)}")
            self._record.write(SignOfLife(now_ms, newest_ms))
            self._last_ms, self._course = now_ms, Course(offset_ms, offset_ms)
