"""Refusals in the log: the first of each kind at once, the rest in summary, so that a flood of them fills no disk."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import structlog

from broker.core.summary import Summary

log = structlog.get_logger("serai.refusals")


class Refusals:
    """Logs refusals.

    Args:
        monotonic: seconds that never go back.
    """

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._summary = Summary()

    def note(self, event: str, code: str, **context: Any) -> None:
        """Log a refusal, or count it.

        Args:
            event: what was refused; a word of the program.
            code: why; with ``event`` it makes the kind.
            context: digest, member; nothing secret.
        """
        before = self._summary.take((event, code), self._monotonic())
        if before is None:
            return
        if before:
            context["others_before"] = before
        log.info(event, code=code, **context)
