"""Structured logs: one JSON object a line on standard error, UTC times, never content or tokens."""

from __future__ import annotations

import logging
import sys
import time
from contextlib import suppress
from typing import TextIO, cast

import structlog

from broker.core.summary import Summary


class _Stderr:
    """Standard error; what cannot be written is dropped, because a full disk must not end the hub."""

    def write(self, text: str) -> None:
        with suppress(OSError):
            sys.stderr.write(text)

    def flush(self) -> None:
        with suppress(OSError):
            sys.stderr.flush()


class LibraryFilter(logging.Filter):
    """What libraries log: of each of their lines the first at once, the rest in summary.

    Some write a line, or a traceback, for each fault of a peer, and anybody can be a peer.
    """

    def __init__(self) -> None:
        super().__init__()
        self._summary = Summary()

    def filter(self, record: logging.LogRecord) -> bool:
        """Let one pass, with the number of those that did not pass before it."""
        before = self._summary.take((record.pathname, record.lineno), time.monotonic())
        if before is None:
            return False
        if before:
            record.msg, record.args = f"{record.getMessage()} (and {before} others before)", None
        return True


def configure_logs(level: str = "info") -> None:
    """Set up logging for the process.

    Args:
        level: ``debug``, ``info``, ``warning`` or ``error``.
    """
    number = logging.getLevelNamesMapping()[level.upper()]
    shared: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.processors.format_exc_info, structlog.processors.JSONRenderer()],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.WriteLoggerFactory(file=cast("TextIO", _Stderr())),
    )
    handler = logging.StreamHandler(sys.stderr)
    renderer = structlog.processors.JSONRenderer()
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(processor=renderer, foreign_pre_chain=shared))
    handler.addFilter(LibraryFilter())
    logging.basicConfig(handlers=[handler], level=max(number, logging.WARNING), force=True)
