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
from typing import Final

from clients.actions.client import Client
from clients.actions.importing import ImportPlan, is_left_out, judged, row_of
from clients.actions.progress import Advance, Work
from clients.actions.returned import settle_again
from clients.actions.seizure_file import stamp_of
from clients.errors import ClientError, LocalCode
from clients.focalpoint import FocalPoint
from clients.formats.ids_import import Ours
from clients.line.lock import LineHeld
from clients.mail.cover import Cover
from clients.store import OutState
from clients.store.outbox import Outbox

BATCH: Final = 32
"""Lines in one transaction: others may write between two of them."""

_WINDOW: Final = 512
_LOOK_S: Final = 0.2
_OPEN: Final = (OutState.DRAFTED, OutState.SIGNED)


@dataclass(slots=True)
class QueuedLines:
    """Where the lines of a file are.

    Attributes:
        lines: line by row of the outbox, of all that are there.
        new: how many were put there now.
    """

    lines: dict[int, int] = field(default_factory=dict)
    new: int = 0


@dataclass(frozen=True, slots=True)
class RefusedLine:
    """A line that the hub has refused for good.

    Attributes:
        line: its number in the file.
        code: why.
        detail: the same for people, in the hub's words.
    """

    line: int
    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class ImportOutcome:
    """What became of the rows of a file.

    Attributes:
        new: put into the outbox by this import.
        accepted: rows that stand in the ledger.
        queued: rows that wait for the hub.
        refused: rows that the hub has refused for good.
        places: the lowest and the highest place of what was accepted; empty if nothing was.
    """

    new: int
    accepted: int
    queued: int
    refused: tuple[RefusedLine, ...]
    places: tuple[int, ...]


def queue_lines(client: Client, plan: ImportPlan, cover: Cover, queued: QueuedLines) -> None:
    """Put every line into the outbox that is not there yet.

    Args:
        client: where.
        plan: of which file.
        cover: of every dispatch.
        queued: learns what is there, also if this ends early.

    Raises:
        ClientError: ``file_changed`` if the file was changed meanwhile; what `Client.unlock` raises.
        SeraiError: a dispatch can never be accepted. What was put into the outbox before stays there.
    """
    if plan.new:
        client.unlock(cover.signer or client.state.default_signer())
    rows = (each for each in judged(client, plan, Work.QUEUEING) if isinstance(each, Ours))
    while batch := list(islice(rows, BATCH)):
        if stamp_of(plan.path) != plan.stamp:
            raise ClientError(LocalCode.FILE_CHANGED, path=plan.path)
        _queue(client, plan, cover, batch, queued)


def _queue(client: Client, plan: ImportPlan, cover: Cover, batch: Iterable[Ours], queued: QueuedLines) -> None:
    with client.store.transaction():
        found = [(each, row_of(each, plan, client.store)) for each in batch]
        new = [each for each, row in found if row is None and not is_left_out(each, plan, client.store)]
        sent = client.point.say(client.point.draft(each.report, cover) for each in new)
        for ours, one in zip(new, sent, strict=True):
            before = client.store.imports.outgoing(plan.by.content, ours.line)
            if before is not None:
                settle_again(client, before, one.id)
            client.store.imports.record(plan.by.content, ours.line, ours.text, one.id)
    queued.lines |= {row: each.line for each, row in found if row is not None}
    queued.lines |= {one.id: each.line for each, one in zip(new, sent, strict=True)}
    queued.new += len(new)


class _Waiting:
    """Rows that the hub has not answered yet; they are answered about in their order."""

    def __init__(self, outbox: Outbox, rows: Iterable[int], progress: Advance) -> None:
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


def settle(client: Client, queued: QueuedLines, wait_s: float) -> ImportOutcome:
    """Wait until the hub has answered about every row, or about none for some time.

    Args:
        client: where; if no process holds its line, it is held here.
        queued: what waits.
        wait_s: for how long the hub may be silent.
    """
    with client.progress(Work.SENDING, len(queued.lines)) as progress:
        waiting = _Waiting(client.store.outbox, queued.lines, progress)
        if wait_s and waiting.look() and client.holder is None:
            with suppress(LineHeld):  # another process took it just now, and will send what is here
                asyncio.run(_hold(client, waiting, wait_s))
        while waiting.look() and client.holder is not None and waiting.quiet_s < wait_s:
            time.sleep(_LOOK_S)
    return _outcome(client, queued, client.store.outbox.states(queued.lines))


async def _hold(client: Client, waiting: _Waiting, wait_s: float) -> None:
    async with FocalPoint.open(client.store, client.settings.hubs, **client.holding) as point:
        while waiting.look() and waiting.quiet_s < wait_s:
            with suppress(TimeoutError):
                async with asyncio.timeout(_LOOK_S):
                    await point.until(lambda: False)  # only another session that takes the seat ends this sooner


def _outcome(client: Client, queued: QueuedLines, states: Mapping[int, OutState]) -> ImportOutcome:
    accepted = [row for row, state in states.items() if state is OutState.ACCEPTED]
    refused = [client.point.outgoing(row) for row, state in states.items() if state is OutState.REFUSED]
    ends = [client.point.outgoing(row) for row in sorted({*accepted[:1], *accepted[-1:]})]
    return ImportOutcome(
        new=queued.new,
        accepted=len(accepted),
        queued=len(states) - len(accepted) - len(refused),
        refused=tuple(RefusedLine(queued.lines[each.id], each.code or "", each.detail) for each in refused),
        places=tuple(each.index for each in ends if each.index is not None),
    )
