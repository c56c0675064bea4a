"""What a desk shows of its line and of its counts: as much as a locked screen may show, too."""

from __future__ import annotations

from typing import Any

from clients.actions.client import Client
from clients.actions.watching import line_state
from clients.desk.feed import Parts


class LineLooking:
    """The line, and how many alarms are open; read at every look, because it costs next to nothing."""

    def __init__(self) -> None:
        self._seen: Parts = {}

    def look(self, client: Client, revision: int) -> bool:  # noqa: ARG002 - it is read at every look
        """Read the line and the counts."""
        line, alarms = line_state(client), client.store.alarms.in_short()
        seen = {
            "line": {"held": line.held, "connected": line.live, "since_ms": line.since_ms, "fault": line.fault},
            "counts": {"alarms": alarms.count, "queued": client.store.outbox.waiting_count()},
        }
        is_new = seen != self._seen
        self._seen = seen
        return is_new

    def parts(self, client: Client, language: str) -> Parts:  # noqa: ARG002 - there are no words in it
        """What was seen last."""
        return self._seen

    def diff(self, old: Parts, new: Parts) -> list[dict[str, Any]]:
        """Every part that is another, whole."""
        return [{"kind": name, "value": value} for name, value in new.items() if old.get(name) != value]
