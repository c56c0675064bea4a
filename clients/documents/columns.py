"""How wide a text is at a terminal: letters of some scripts take two columns, marks on letters none."""

from __future__ import annotations

import unicodedata
from typing import Final

_MARKS: Final = 2
"""So many marks on one letter are shown; a heap of them would cover the lines above and below."""


_MORE: Final = "..."
_EDGE: Final = "***"


def width_of(text: str) -> int:
    """The columns that a text takes.

    Args:
        text: without anything that could move a cursor (`clients.documents.plain.clean`).
    """
    return sum(_width(each) for each in text)


def shorten(text: str, columns: int) -> str:
    """As `fit`; what was cut ends in dots, so that nobody takes the beginning of a number for the number."""
    if width_of(text) <= columns or columns < len(_MORE):
        return fit(text, columns)
    return fit(text, columns - len(_MORE)) + _MORE


def fit(text: str, columns: int) -> str:
    """As much of a text as goes into so many columns."""
    taken, marks = 0, 0
    kept = []
    for each in text:
        width = _width(each)
        marks = marks + 1 if width == 0 else 0
        if taken + width > columns:
            break
        if marks <= _MARKS:
            kept.append(each)
            taken += width
    return "".join(kept)


def across(word: str, columns: int) -> str:
    """A word, again and again, over a whole line, so that nobody can overlook it."""
    room = columns - 2 * (len(_EDGE) + 1)
    text = fit(" - ".join([word] * max(1, room // (width_of(word) + 3))), room)
    free = room - width_of(text)
    return f"{_EDGE} {' ' * (free // 2)}{text}{' ' * (free - free // 2)} {_EDGE}"


def _width(letter: str) -> int:
    if letter.isascii():
        return 1
    if unicodedata.category(letter) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(letter) in ("W", "F") else 1
