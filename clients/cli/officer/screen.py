"""A terminal that is drawn over, and is as it was afterwards, however that comes."""

from __future__ import annotations

import os
import re
import select
import shutil
import signal
import sys
import termios
import tty
from codecs import getincrementaldecoder
from collections.abc import Callable, Mapping, Sequence
from types import FrameType, TracebackType
from typing import Any, Final, Self

import click

from clients.cli.officer.watch_line import ScreenLine, Tone
from clients.documents.plain import WIDTH

_ENTER: Final = "\x1b[?1049h\x1b[?25l\x1b[?7l"
_LEAVE: Final = "\x1b[?7h\x1b[?25h\x1b[?1049l"
_HOME: Final = "\x1b[H"
_REST_OF_LINE: Final = "\x1b[K"
_REST: Final = "\x1b[J"
_INTERRUPT: Final = "\x03"
_GONE: Final = "\x04"
_NO_LETTER: Final = re.compile("\x1b(?:\\[[0-9;?]*[ -/]*[@-~]|O.)")
_ENDED: Final = 128
_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGTSTP)

_STYLES: Final[Mapping[Tone, Mapping[str, Any]]] = {
    Tone.PLAIN: {},
    Tone.HEAD: {"reverse": True},
    Tone.OPEN: {"fg": "green", "bold": True},
    Tone.FAULT: {"fg": "red", "bold": True},
    Tone.AMBER: {"fg": "magenta", "bold": True},
    Tone.URGENT: {"fg": "white", "bg": "red", "bold": True},
    Tone.EXERCISE: {"fg": "black", "bg": "yellow"},
    Tone.QUIET: {"dim": True},
}


def may_draw() -> bool:
    """Whether there is a terminal that can be drawn over, and a person at it."""
    return sys.stdin.isatty() and sys.stdout.isatty() and os.environ.get("TERM", "dumb") != "dumb"


class FullScreen:
    """The whole terminal, as long as the block lasts.

    Keys come one by one and are not shown. At the end, at a stop (Ctrl-Z) and when somebody ends the process
    the terminal is as it was before. Signals are read like keys: an exception of a handler is lost where it falls
    into a finalizer. A second one while the first is not read, because the program hangs, does raise.

    Args:
        put_aside: called before a stop (Ctrl-Z) gives the terminal to whoever is there.
    """

    def __init__(self, put_aside: Callable[[], None]) -> None:
        self._put_aside = put_aside
        self._letters = getincrementaldecoder("utf-8")(errors="ignore")
        self._input = sys.stdin.fileno()
        self._signals, self._wakeup = -1, -1
        self._wakeup_before = -1
        self._is_noted = False
        self._before: list[Any] = []
        self._shown = ""
        self._handlers: dict[signal.Signals, Any] = {}

    @property
    def size(self) -> tuple[int, int]:
        """Columns and rows now."""
        size = shutil.get_terminal_size((WIDTH, 24))
        return size.columns, size.lines

    def draw(self, lines: Sequence[ScreenLine]) -> None:
        """Show these lines; nothing is written if they are what is shown already."""
        frame = f"{_REST_OF_LINE}\r\n".join(_painted(line) for line in lines) + _REST_OF_LINE + _REST
        if frame != self._shown:
            self._shown = frame
            self._write(_HOME + frame)

    def ring(self) -> None:
        """Ring the terminal's bell."""
        self._write("\a")

    def keys(self, wait_s: float) -> str:
        """What was typed, within a time; Ctrl-C and Ctrl-D as their letters, Ctrl-D where the terminal is gone.

        Arrows and other keys that are no letters are left out.

        Raises:
            SystemExit: somebody ends the process.
        """
        ready, _writable, _faulty = select.select([self._input, self._signals], [], [], wait_s)
        typed = ""
        if self._signals in ready:
            typed += self._take_signals(os.read(self._signals, 64))
        if self._input in ready:
            data = os.read(self._input, 64)
            typed += self._letters.decode(data) if data else _GONE
        return _NO_LETTER.sub("", typed)

    def _take_signals(self, numbers: bytes) -> str:
        """What the signals that came mean, as keys."""
        self._is_noted = False
        for number in numbers:
            if number in (signal.SIGTERM, signal.SIGHUP):
                raise SystemExit(_ENDED + number)
            if number == signal.SIGTSTP:
                self._stop()
        return _INTERRUPT if signal.SIGINT in numbers else ""

    def _note(self, number: int, _frame: FrameType | None) -> None:
        """A signal came; its number is in the pipe already."""
        if self._is_noted and number == signal.SIGINT:
            raise KeyboardInterrupt
        if self._is_noted and number != signal.SIGTSTP:
            raise SystemExit(_ENDED + number)
        self._is_noted = True

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

    def _stop(self) -> None:
        """Ctrl-Z: give the terminal back, and take it again when the process goes on."""
        self._put_aside()
        self._leave()
        os.kill(os.getpid(), signal.SIGSTOP)
        self._enter()

    def __enter__(self) -> Self:
        self._before = termios.tcgetattr(self._input)
        self._signals, self._wakeup = os.pipe()
        os.set_blocking(self._wakeup, False)
        self._wakeup_before = signal.set_wakeup_fd(self._wakeup, warn_on_full_buffer=False)
        self._handlers = {number: signal.signal(number, self._note) for number in _SIGNALS}
        self._enter()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, handler in self._handlers.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(self._wakeup_before)
        os.close(self._signals)
        os.close(self._wakeup)
        self._leave()


def _painted(line: ScreenLine) -> str:
    """A line in its colour, where colour is wanted."""
    if os.environ.get("NO_COLOR") or line.tone is Tone.PLAIN:
        return line.text
    return click.style(line.text, **_STYLES[line.tone])
