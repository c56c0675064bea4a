"""As of when a list is true: what the hub has had since is not in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from clients.actions.client import Client
from clients.line.lock import caught_up_ms

_CURRENT_MS: Final = 30_000
"""A connected process says so every few seconds: what it said last is still true for so long."""


@dataclass(frozen=True, slots=True)
class AsOf:
    """As of when what is in the store is all that there is.

    Attributes:
        true_ms: everything that the hub had then is here; milliseconds since 1970 UTC, 0 if that is not known.
        now_ms: now, by the hub's clock.
        connected: whether a process is connected now.
        since_ms: since when that is so; 0 if that is not known, or no process tries to be.
        held: whether any process tries to be connected.
    """

    true_ms: int
    now_ms: int
    connected: bool = False
    since_ms: int = 0
    held: bool = False

    @property
    def is_current(self) -> bool:
        """Whether nothing can be missing but what came this moment."""
        return bool(self.true_ms) and abs(self.now_ms - self.true_ms) <= _CURRENT_MS


def read_as_of(client: Client) -> AsOf:
    """As of when the lists of a client are true."""
    holder, clock = client.holder, client.state.system.clock
    true_ms = holder.caught_up_ms if holder else caught_up_ms(client.store.path)
    if holder is None:
        return AsOf(true_ms, clock.time_ms())
    now_ms = clock.local_ms() + holder.offset_ms
    return AsOf(true_ms, now_ms, holder.live, holder.turned_ms or holder.since_ms, held=True)
