"""From a file of seizures to dispatches in the outbox, each line once, and to the hub.

A line's mark and its row of the outbox are written in one transaction, a few lines at a time:
whenever the program ends, every line is either marked and in the outbox, or neither.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final

from clients.cli.desk import Desk
from clients.cli.faults import Fault
from clients.cli.files.seizure_file import Plan, is_left_out, judged, row_of, stamp_of
from clients.cli.progress import Progress
from clients.cli.texts import _
from clients.compose import DispatchDraft
from clients.focalpoint import FocalPoint
from clients.holder import LineHeld
from clients.ids_import import Ours
from clients.store import OutState
from clients.store.outbox import Outbox
from schemas.errors import Code
from schemas.reports import encode_report

BATCH: Final = 32
"""Lines in one transaction: others may write between two of them."""

_WINDOW: Final = 512
_LOOK_S: Final = 0.2
_OPEN: Final = (OutState.DRAFTED, OutState.SIGNED)


@dataclass
class Queued:
    """Where the lines of a file are.

    Attributes:
        lines: line by row of the outbox, of all that are there.
        new: how many were put there now.
    """

    lines: dict[int, int] = field(default_factory=dict)
    new: int = 0


def put_all(desk: Desk, plan: Plan, cover: Mapping[str, Any], queued: Queued) -> None:
    """Put every line into the outbox that is not there yet.

    Args:
        desk: where.
        plan: of which file.
        cover: of every dispatch.
        queued: is told what is there, also if this ends early.

    Raises:
        SeraiError: ``malformed_report`` if the file was changed meanwhile; what a dispatch is refused with. What was
            put into the outbox before stays there.
    """
    rows = (each for each in judged(plan, _("Queueing")) if isinstance(each, Ours))
    while batch := list(islice(rows, BATCH)):
        if stamp_of(plan.path) != plan.stamp:
            raise Fault(
                Code.MALFORMED_REPORT,
                _("{path} was changed while it was read").format(path=plan.path),
                _("What is queued goes out. Import the file again; look at what it would send before you agree."),
            )
        _put(desk, plan, cover, batch, queued)


def _put(desk: Desk, plan: Plan, cover: Mapping[str, Any], batch: Iterable[Ours], queued: Queued) -> None:
    with desk.store.transaction():
        found = [(each, row_of(each, plan, desk.store)) for each in batch]
        new = [each for each, row in found if row is None and not is_left_out(each, plan, desk.store)]
        sent = desk.point.say(_draft(each, cover) for each in new)
        for ours, one in zip(new, sent, strict=True):
            desk.store.imports.record(plan.by.content, ours.line, ours.text, one.id)
    queued.lines |= {row: each.line for each, row in found if row is not None}
    queued.lines |= {one.id: each.line for each, one in zip(new, sent, strict=True)}
    queued.new += len(new)


def _draft(ours: Ours, cover: Mapping[str, Any]) -> DispatchDraft:
    return DispatchDraft(
        content=encode_report(ours.report).decode(),
        kind=ours.report.report,
        to=tuple(cover["to"]),
        iss=cover["officer"],
        status=cover["status"],
        precedence=cover["precedence"],
        handling=cover["handling"],
    )


class _Waiting:
    """Rows that the hub has not answered yet; they are answered about in their order."""

    def __init__(self, outbox: Outbox, rows: Iterable[int], progress: Progress) -> None:
        self._outbox, self._progress = outbox, progress
        self._rows = deque(sorted(rows))
        self._moved_s = time.monotonic()
        self.look()

    @property
    def quiet_s(self) -> float:
        """Since when nothing was answered."""
        return time.monotonic() - self._moved_s

    def look(self) -> bool:
        """Look again; whether anything still waits."""
        while self._rows:
            head = [self._rows.popleft() for _each in range(min(_WINDOW, len(self._rows)))]
            states = self._outbox.states(head)
            waiting = [row for row in head if states.get(row) in _OPEN]
            self._rows.extendleft(reversed(waiting))
            if len(waiting) < len(head):
                self._moved_s = time.monotonic()
                self._progress.advance(len(head) - len(waiting))
            if waiting:
                return True
        return False


def settle(desk: Desk, queued: Queued, wait_s: float) -> dict[int, OutState]:
    """Wait until the hub has answered about every row, or about none for some time; gives how they stand.

    Args:
        desk: where; if nobody holds its line, it is held here.
        queued: what waits.
        wait_s: for how long the hub may be silent.
    """
    with Progress(_("Sending"), len(queued.lines), plain=True) as progress:
        waiting = _Waiting(desk.store.outbox, queued.lines, progress)
        if wait_s and waiting.look() and desk.holder is None:
            with suppress(LineHeld):  # somebody took it just now, and will send what is here
                asyncio.run(_hold(desk, waiting, wait_s))
        while waiting.look() and desk.holder is not None and waiting.quiet_s < wait_s:
            time.sleep(_LOOK_S)
    return desk.store.outbox.states(queued.lines)


async def _hold(desk: Desk, waiting: _Waiting, wait_s: float) -> None:
    async with FocalPoint.open(desk.store, desk.settings.hubs, **desk.holding) as point:
        while waiting.look() and waiting.quiet_s < wait_s:
            with suppress(TimeoutError):
                async with asyncio.timeout(_LOOK_S):
                    await point.until(lambda: False)  # only another session that takes the seat ends this sooner
