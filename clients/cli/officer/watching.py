"""The live screen of ``serai watch``: looks at the store and the line, and draws what there is."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import replace
from typing import Final

from clients.cli.administrator.urgent import Urgent
from clients.cli.desk import Desk
from clients.cli.officer.feed import Feed, LineState, render
from clients.cli.officer.screen import Screen
from schemas.errors import Code, SeraiError

BELL_S: Final = 5.0
"""How often the terminal rings while something urgent waits."""
_LOOK_S: Final = 0.2
_END: Final = frozenset("qQйЙ\x04")
"""Keys that end it: the same key in both layouts, and Ctrl-D."""


def watch_live(desk: Desk, *, bell: bool) -> None:
    """Show what comes, until a person ends it.

    Args:
        desk: whose.
        bell: whether the terminal rings as long as something urgent waits for an officer.

    Raises:
        SeraiError: the store is damaged.
    """
    watcher, rung = Watcher(desk), -BELL_S
    with Screen() as screen, suppress(KeyboardInterrupt):
        while _END.isdisjoint(screen.keys(_LOOK_S if watcher.has_looked else 0)):
            columns, rows = screen.size
            feed = watcher.look(rows)
            screen.draw(render(feed, columns, rows))
            if bell and feed.waiting and time.monotonic() - rung >= BELL_S:
                rung = time.monotonic()
                screen.ring()


class Watcher:
    """Looks, and reads the store again only when somebody has changed it.

    Args:
        desk: whose.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._urgent = Urgent(desk.store)
        self._read_at: tuple[int, int] | None = None
        self._feed = Feed(desk.store.keys.member, desk.settings.seat, _status(desk), 0, LineState())

    @property
    def has_looked(self) -> bool:
        """Whether there is anything to show yet."""
        return self._read_at is not None

    def look(self, rows: int) -> Feed:
        """What there is now.

        Args:
            rows: of the screen; more dispatches are not looked at.

        Raises:
            SeraiError: the store is damaged.
        """
        line = line_state(self._desk)
        now_ms = self._desk.state.system.clock.local_ms() + line.offset_ms
        self._feed = replace(self._feed, line=line, now_ms=now_ms, fault="")
        try:
            self._read(rows)
        except SeraiError as error:
            if error.code is not Code.STORAGE_FAILED:
                raise
            self._feed = replace(self._feed, fault=error.detail)
        return self._feed

    def _read(self, rows: int) -> None:
        store = self._desk.store
        read_at = store.version, rows
        if read_at == self._read_at:
            return
        waiting = self._urgent.look()
        urgent = [item for digest in reversed(waiting[-rows:]) if (item := store.items.get(digest)) is not None]
        others = store.items.inbox_beside(frozenset(waiting), rows)
        self._feed = replace(
            self._feed,
            urgent=[self._desk.delivery(item) for item in urgent],
            waiting=len(waiting),
            others=[self._desk.delivery(item) for item in others],
            queued=store.outbox.waiting_count(),
            alarms=len(store.trust.alarms()),
        )
        self._read_at = read_at


def line_state(desk: Desk) -> LineState:
    """How the line is, as whoever holds it says."""
    holder = desk.holder
    if holder is None:
        return LineState(offset_ms=desk.state.system.clock.offset_ms)
    since_ms = holder.turned_ms or holder.since_ms
    return LineState(held=True, live=holder.live, since_ms=since_ms, fault=holder.fault, offset_ms=holder.offset_ms)


def _status(desk: Desk) -> str:
    epochs = desk.state.epochs
    return epochs[-1].document.status if epochs else "actual"
