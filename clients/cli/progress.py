"""How far something has got: said on standard error once it lasts longer than two seconds.

At a terminal it is one line that is written over, without colour and in 80 columns. Elsewhere
(a log, a pipe) it is silent, or a plain line now and then where a command asks for it. What is
said is wiped away at the end: the result speaks for itself.
"""

from __future__ import annotations

import logging
import os
import shutil
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Final, Self, TextIO

from clients.actions.numbers import spell_number
from clients.actions.progress import Work
from clients.documents.plain import WIDTH, clean
from clients.documents.texts import _

QUICK_S: Final = 2.0
"""What is over sooner says nothing."""

_REDRAW_S: Final = 0.25
_PLAIN_S: Final = 10.0
_BAR: Final = 20


class Progress:
    """Something that takes its time; a context manager.

    Args:
        what: what is going on, for people.
        total: how much there is; ``None`` if nobody knows.
        plain: whether a log or pipe gets a line every ten seconds.
        counts: whether numbers are shown; else the share alone.
        stream: where it is said; standard error if ``None``.
        clock: seconds that only go forward.
    """

    def __init__(
        self,
        what: str,
        total: int | None = None,
        *,
        plain: bool = False,
        counts: bool = True,
        stream: TextIO | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._what, self._total, self._counts = what, total, counts
        self._stream = sys.stderr if stream is None else stream
        self._clock = clock
        self._done = 0
        self._began_s = clock()
        self._is_terminal = self._stream.isatty() and os.environ.get("TERM") != "dumb"
        self._is_plain = plain and not self._is_terminal
        self._said_s = self._began_s
        self._width = 0
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None
        self._above = _Above(self)
        self._one = threading.Lock()  # who writes the line

    def reach(self, done: int) -> None:
        """So much is done now."""
        self._done = done

    def advance(self, count: int = 1) -> None:
        """So much more is done."""
        self._done += count

    def draw(self) -> None:
        """Say how far it is, if that is due; called by itself while the block lasts."""
        now_s = self._clock()
        if self._is_terminal and now_s - self._began_s >= QUICK_S:
            self._write_over(self._line(now_s - self._began_s))
        elif self._is_plain and now_s - self._said_s >= _PLAIN_S:
            self._said_s = now_s
            self._write(f"{self._what}: {self._figures()}".removesuffix(": ") + "\n")

    def _line(self, elapsed_s: float) -> str:
        if not self._total:
            return " ".join(each for each in (f"{self._what} ...", self._figures(), _span(elapsed_s)) if each)
        share = min(self._done / self._total, 1.0)
        filled = int(share * _BAR)
        left = f", {_span(elapsed_s / share - elapsed_s)} " + _("left") if share > 0 else ""
        return f"{self._what} [{'#' * filled}{'.' * (_BAR - filled)}] {self._figures()}{left}"

    def _figures(self) -> str:
        done = spell_number(self._done, None)
        if not self._total:
            return done if self._done else ""
        share = f"{100 * min(self._done, self._total) // self._total}%"
        count = _("{done} of {total}").format(done=done, total=spell_number(self._total, None))
        return f"{count} ({share})" if self._counts else share

    def _write_over(self, text: str) -> None:
        columns = min(shutil.get_terminal_size((WIDTH, 24)).columns, WIDTH) - 1
        shown = text[:columns]
        with self._one:
            self._write("\r" + shown + " " * (self._width - len(shown)))
            self._width = len(shown)

    def _write(self, text: str) -> None:
        with suppress(OSError, ValueError):  # nobody looks any more: no reason to stop
            self._stream.write(text)
            self._stream.flush()

    def _work(self) -> None:
        while not self._ended.wait(_REDRAW_S):
            self.draw()

    def tell(self, text: str) -> None:
        """Say something above the line."""
        shown = clean(text)
        with self._one:
            self._write("\r" + shown + " " * (self._width - len(shown)) + "\n")
            self._width = 0

    def __enter__(self) -> Self:
        if self._is_terminal:
            logging.getLogger("serai").addHandler(self._above)
        if self._is_terminal or self._is_plain:
            self._thread = threading.Thread(target=self._work, name="progress", daemon=True)
            self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        logging.getLogger("serai").removeHandler(self._above)
        if self._thread is not None:
            self._thread.join()
        if self._width:
            self._write("\r" + " " * self._width + "\r")


def show_progress(work: Work, total: int | None = None, /) -> Progress:
    """Work of an action as a command shows it: a file by its share, all else by its count."""
    words = {
        Work.AUDITING: _("Following the ledger"),
        Work.CHECKING: _("Checking"),
        Work.COPYING: _("Copying"),
        Work.EXPORTING: _("Exporting"),
        Work.FETCHING: _("Fetching"),
        Work.FETCHING_FILE: _("Fetching the attachment"),
        Work.MAKING: _("Making the network"),
        Work.PROVING: _("Asking the hub for proofs"),
        Work.QUEUEING: _("Queueing"),
        Work.READING: _("Reading"),
        Work.RESTORING: _("Checking and copying"),
        Work.SENDING: _("Sending"),
        Work.UPLOADING: _("Uploading"),
        Work.WAITING: _("Waiting for the hub"),
    }
    of_file = total is not None and work not in (Work.EXPORTING, Work.SENDING)
    is_long = total is not None or work in (Work.COPYING, Work.RESTORING)
    return Progress(words[work], total, plain=is_long, counts=not of_file)


class _Above(logging.Handler):
    """Puts what the program logs above the line, which it would tear otherwise."""

    def __init__(self, progress: Progress) -> None:
        super().__init__(logging.WARNING)
        self._progress = progress

    def emit(self, record: logging.LogRecord) -> None:
        """Say one record."""
        self._progress.tell(record.getMessage())


def _span(seconds: float) -> str:
    """A span of time as a clock shows it: ``0:07``, ``1:02:03``."""
    minutes, left = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{left:02}" if hours else f"{minutes}:{left:02}"
