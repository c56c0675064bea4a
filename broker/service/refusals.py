"""Refusals in the log: the first of each kind at once, the rest in summary, so that a flood of them fills no disk."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import structlog

WINDOW_S: Final = 10.0
"""After one refusal of a kind was logged, others of the kind are only counted for so long."""

log = structlog.get_logger("serai.refusals")


class Refusals:
    """Logs refusals.

    Args:
        monotonic: seconds that never go back.
    """

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._until: dict[tuple[str, str], float] = {}
        self._unlogged: dict[tuple[str, str], int] = {}

    def note(self, event: str, code: str, **context: Any) -> None:
        """Log a refusal, or count it.

        Args:
            event: what was refused; a word of the program.
            code: why; with ``event`` it makes the kind.
            context: digest, member; nothing secret.
        """
        kind, now_s = (event, code), self._monotonic()
        if now_s < self._until.get(kind, 0.0):
            self._unlogged[kind] = self._unlogged.get(kind, 0) + 1
            return
        self._until[kind] = now_s + WINDOW_S
        if unlogged := self._unlogged.pop(kind, 0):
            context["others_before"] = unlogged
        log.info(event, code=code, **context)
