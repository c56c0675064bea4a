"""Words, times and sections of the pages."""

from __future__ import annotations

from clients.desk.views.values import show_lines, show_time, word_of
from clients.documents.named import NamedText
from clients.documents.texts import speaking
from schemas.labels import Precedence

NOVEMBER_2026_MS = 1_796_000_000_000


def test_time_is_utc_first_then_local_with_its_zone() -> None:
    """The day and the year are said where they are others; the words are in the language of the session."""
    time = show_time(NOVEMBER_2026_MS, "KZ")
    assert (time.utc, time.local, time.zone) == ("00:53Z 30 Nov 2026", "05:53", "Asia/Almaty")
    assert show_time(NOVEMBER_2026_MS, "KZ", NOVEMBER_2026_MS).utc == "00:53Z 30 Nov"
    assert show_time(NOVEMBER_2026_MS, "RU").zone is None
    with speaking("ru"):
        assert show_time(NOVEMBER_2026_MS - 3_600_000 * 6, "KZ").utc == "18:53Z 29 ноя 2026"
        assert show_time(NOVEMBER_2026_MS - 3_600_000 * 6, "KZ").local == "23:53"
        assert show_time(NOVEMBER_2026_MS - 3_600_000 * 5, "KZ").local == "00:53 30 ноя"


def test_later_word_stands_for_itself() -> None:
    """A coded value of a later version is shown as it was written, bounded."""
    assert word_of(Precedence, "flash").label == "Flash"
    assert word_of(Precedence, "tomorrow").label == "tomorrow"
    assert len(word_of(Precedence, "x" * 500).label) < 200


def test_lines_that_are_left_out_are_counted() -> None:
    """A section is bounded, and says what it leaves out; values keep their depth and how they stand."""
    texts = [NamedText(f"n{number}", "v\nw", depth=number, is_written=number == 1) for number in range(10)]
    lines = show_lines(texts, lines=3)
    assert [(line.depth, line.kind) for line in lines[:3]] == [(0, "long"), (1, "written"), (2, "long")]
    assert lines[3].value == "7 more lines, open it to read all"
