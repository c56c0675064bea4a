"""A terminal that is drawn over, and is as it was afterwards, however that comes."""

from __future__ import annotations

import os
import select
import shutil
import signal
import sys
import termios
import tty
from collections.abc import Mapping, Sequence
from types import FrameType, TracebackType
from typing import Any, Final, Self

import click

from clients.cli.officer.feed import Line, Tone
from clients.cli.ui import WIDTH

_ENTER: Final = "\x1b[?1049h\x1b[?25l\x1b[?7l"
_LEAVE: Final = "\x1b[?7h\x1b[?25h\x1b[?1049l"
_HOME: Final = "\x1b[H"
_REST_OF_LINE: Final = "\x1b[K"
_REST: Final = "\x1b[J"
_ENDED: Final = 128

_STYLES: Final[Mapping[Tone, Mapping[str, Any]]] = {
    Tone.PLAIN: {},
    Tone.HEAD: {"reverse": True},
    Tone.FAULT: {"fg": "red", "bold": True},
    Tone.URGENT: {"fg": "white", "bg": "red", "bold": True},
    Tone.EXERCISE: {"fg": "black", "bg": "yellow"},
    Tone.QUIET: {"dim": True},
}


def may_draw() -> bool:
    """Whether there is a terminal that can be drawn over, and a person at it."""
    return sys.stdin.isatty() and sys.stdout.isatty() and os.environ.get("TERM", "dumb") != "dumb"


class Screen:
    """The whole terminal, as long as the block lasts.

    Keys come one by one and are not shown. At the end, at a stop (Ctrl-Z) and when somebody ends the process
    the terminal is as it was before.
    """

    def __init__(self) -> None:
        self._input = sys.stdin.fileno()
        self._before: list[Any] = []
        self._shown = ""
        self._handlers: dict[signal.Signals, Any] = {}

    @property
    def size(self) -> tuple[int, int]:
        """Columns and rows now."""
        size = shutil.get_terminal_size((WIDTH, 24))
        return size.columns, size.lines

    def draw(self, lines: Sequence[Line]) -> None:
        """Show these lines; nothing is written if they are what is shown already."""
        frame = f"{_REST_OF_LINE}\r\n".join(_painted(line) for line in lines) + _REST_OF_LINE + _REST
        if frame != self._shown:
            self._shown = frame
            self._write(_HOME + frame)

    def ring(self) -> None:
        """Ring the terminal's bell."""
        self._write("\a")

    def keys(self, wait_s: float) -> str:
        """What was typed, within a time; ``q`` also where the terminal is gone."""
        ready, _writable, _faulty = select.select([self._input], [], [], wait_s)
        if not ready:
            return ""
        return os.read(self._input, 64).decode(errors="ignore") or "q"

    def _write(self, text: str) -> None:
        sys.stdout.write(text)
        sys.stdout.flush()

    def _enter(self) -> None:
        tty.setcbreak(self._input)
        self._shown = ""
        self._write(_ENTER)

    def _leave(self) -> None:
        termios.tcsetattr(self._input, termios.TCSADRAIN, self._before)
        self._write(_LEAVE)

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        """Ctrl-Z: give the terminal back, and take it again when the process goes on."""
        self._leave()
        os.kill(os.getpid(), signal.SIGSTOP)
        self._enter()

    def _end(self, number: int, _frame: FrameType | None) -> None:
        raise SystemExit(_ENDED + number)

    def __enter__(self) -> Self:
        self._before = termios.tcgetattr(self._input)
        self._handlers = {number: signal.signal(number, self._end) for number in (signal.SIGTERM, signal.SIGHUP)}
        self._handlers[signal.SIGTSTP] = signal.signal(signal.SIGTSTP, self._stop)
        self._enter()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, handler in self._handlers.items():
            signal.signal(number, handler)
        self._leave()


def _painted(line: Line) -> str:
    """A line in its colour, where colour is wanted."""
    if os.environ.get("NO_COLOR") or line.tone is Tone.PLAIN:
        return line.text
    return click.style(line.text, **_STYLES[line.tone])
