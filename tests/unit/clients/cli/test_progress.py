"""How far something has got, and who is told."""

from __future__ import annotations

import io
import logging

import pytest

from clients.cli.progress import Progress

TERMINAL = True


class Screen(io.StringIO):
    """A stream that is a terminal, or is none."""

    def __init__(self, *, terminal: bool) -> None:
        super().__init__()
        self._terminal = terminal

    def isatty(self) -> bool:
        """Whether it is one."""
        return self._terminal


class Scene:
    """A progress whose clock a test turns by hand."""

    def __init__(self, total: int | None = None, *, terminal: bool = TERMINAL, **options: bool) -> None:
        self.now_s = 0.0
        self.screen = Screen(terminal=terminal)
        self.progress = Progress("Reading", total, stream=self.screen, clock=lambda: self.now_s, **options)

    def at(self, now_s: float, done: int) -> str:
        """What is said when so much is done after so many seconds."""
        self.now_s = now_s
        self.progress.reach(done)
        self.screen.seek(0)
        self.screen.truncate()
        self.progress.draw()
        return self.screen.getvalue()


@pytest.fixture(autouse=True)
def _wide_and_still(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("clients.cli.progress._REDRAW_S", 3600.0)
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setenv("TERM", "xterm")


def test_quick_things_say_nothing() -> None:
    """Below two seconds nothing is said, whatever has been done."""
    scene = Scene(10)
    assert scene.at(1.9, 9) == ""
    assert scene.at(2.0, 9) != ""


def test_terminal_sees_bar_share_and_rest() -> None:
    """A terminal sees how much of how much is done, and how long the rest takes at this pace."""
    assert Scene(2000).at(10.0, 500) == "\rReading [#####...............] 500 of 2 000 (25%), 0:30 left"


def test_share_alone() -> None:
    """Where the numbers mean nothing to a person, only the share is shown; never more than the whole."""
    scene = Scene(2000, counts=False)
    assert scene.at(4.0, 0) == "\rReading [....................] 0%"
    assert scene.at(4.0, 3000).startswith("\rReading [####################] 100%, 0:00 left")


def test_unknown_end_shows_the_time() -> None:
    """Without a known end there is no bar, but what was done and the time."""
    scene = Scene(None)
    assert scene.at(3723.0, 0) == "\rReading ... 1:02:03"
    assert scene.at(3723.0, 7) == "\rReading ... 7 1:02:03"


def test_shorter_line_wipes_the_longer() -> None:
    """Nothing of an older line stays when a shorter one is written over it."""
    scene = Scene(None)
    longer, shorter = scene.at(5.0, 1_000_000), scene.at(6.0, 1)
    assert shorter == "\rReading ... 1 0:06        "
    assert len(shorter) == len(longer)


def test_line_fits_the_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The line is never as wide as the terminal, and never wider than 80 columns."""
    progress = Progress("x" * 300, 2, stream=(screen := Screen(terminal=True)), clock=iter([0.0, 9.0, 9.0]).__next__)
    progress.draw()
    assert len(screen.getvalue()) == 1 + 79
    monkeypatch.setenv("COLUMNS", "40")
    progress = Progress("x" * 300, 2, stream=(screen := Screen(terminal=True)), clock=iter([0.0, 9.0]).__next__)
    progress.draw()
    assert len(screen.getvalue()) == 1 + 39


def test_log_is_left_alone() -> None:
    """What is no terminal gets nothing, or where it is asked for a plain line every ten seconds."""
    assert Scene(10, terminal=False).at(60.0, 5) == ""
    plain = Scene(10, terminal=False, plain=True)
    assert [plain.at(second, 5) for second in (9.9, 10.0, 19.9, 20.0)] == [
        "",
        "Reading: 5 of 10 (50%)\n",
        "",
        "Reading: 5 of 10 (50%)\n",
    ]


def test_dumb_terminal_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal that cannot go back in a line is treated like a log."""
    monkeypatch.setenv("TERM", "dumb")
    assert Scene(10).at(60.0, 5) == ""


def be_stopped(scene: Scene) -> None:
    """Be cut off in the middle."""
    with scene.progress:
        scene.at(5.0, 5)
        raise KeyboardInterrupt


def test_line_is_gone_at_the_end() -> None:
    """When the block ends, also by a fault, the line is wiped and the cursor stands at its beginning."""
    scene = Scene(10)
    with pytest.raises(KeyboardInterrupt):
        be_stopped(scene)
    line, wiped, rest = scene.screen.getvalue().split("\r")[-3:]
    assert line.startswith("Reading")
    assert (wiped, rest) == (" " * len(line), "")


def test_log_goes_above_the_line() -> None:
    """What is logged meanwhile stands in a line of its own, cannot move the cursor, and the line goes on below."""
    scene = Scene(None)
    with scene.progress:
        line = scene.at(5.0, 1_000_000)
        logging.getLogger("serai.client").warning("no \x1b line")
        assert scene.screen.getvalue() == f"{line}\rno \ufffd line{' ' * 17}\n"
        assert scene.at(6.0, 1) == "\rReading ... 1 0:06"
    said = scene.screen.getvalue()
    logging.getLogger("serai.client").warning("after")
    assert scene.screen.getvalue() == said


def test_closed_stream_stops_nothing() -> None:
    """That nobody reads standard error any more is no fault of the work."""
    scene = Scene(10)
    scene.screen.close()
    scene.now_s = 9.0
    with scene.progress:
        scene.progress.draw()
