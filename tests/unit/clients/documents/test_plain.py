"""Plain text in 80 columns."""

from __future__ import annotations

import json

from clients.documents.plain import WIDTH, clean, field, json_line, utc, wrap
from schemas.encoding import MAX_SAFE_INTEGER


def test_texts_of_others_cannot_move_the_cursor() -> None:
    """Escape sequences, turned writing and line ends of others do nothing."""
    assert clean("a\x1b[2Jb\u202ec\nd") == "a\ufffd[2Jb\ufffdc d"


def test_json_cannot_move_the_cursor_and_loses_nothing() -> None:
    """JSON of others' texts has no character that does anything to a terminal, and reads back the same."""
    value = {"text": "a\x1b[2J\u202eb\x9b\u2028\U000e0041 ё\n"}
    line = json_line(value)
    assert line.isprintable()
    assert "ё" in line
    assert json.loads(line) == value


def test_lines_stay_within_the_screen() -> None:
    """Long values are wrapped at 80 columns; a path is never broken."""
    assert max(map(len, field("Name", "word " * 60) + wrap("word " * 60, "  ").splitlines())) <= WIDTH
    path = "/" + "x" * 100
    assert field("File", path)[-1].strip().endswith(path)
    assert field("A", "") == ["A"]


def test_times_are_utc_and_say_so() -> None:
    """No time is shown without its zone."""
    assert utc(0) == "1970-01-01 00:00 UTC"


def test_any_time_can_be_shown() -> None:
    """A time beyond the calendar, which a member or a hub may sign, is shown as the end of it and stops nothing."""
    assert utc(1000 * MAX_SAFE_INTEGER) == utc(MAX_SAFE_INTEGER) == "9999-12-31 23:59 UTC"
