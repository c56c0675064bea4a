"""Texts of others, made harmless and short enough that no page chokes on them; pure.

What is cut says how much is missing, so that nobody takes a part for the whole.
"""

from __future__ import annotations

import unicodedata
from typing import Final

from clients.documents.texts import plural

LINE: Final = 200
"""Characters of a text in a row, or of a name."""

TEXT: Final = 8_000
"""Characters of a value in the reader: as many as a form of this program permits."""

WHOLE: Final = 200_000
"""The same where a person asks for all of it."""

_MARKS: Final = 2
"""So many marks on one letter are shown; a heap of them would cover the lines above and below."""

_MARK_KINDS: Final = ("Mn", "Me")


def bounded(text: str, most: int = LINE) -> str:
    """A text in one line, without anything that moves or hides what stands beside it.

    Args:
        text: of anybody.
        most: characters at most; what was cut is counted.
    """
    return _bounded(" ".join(text[: 2 * most].split()), most, len(text))


def bounded_lines(text: str, most: int = TEXT) -> str:
    """The same of a text that may have several lines."""
    lines = text[: 2 * most].split("\n")
    return _bounded("\n".join(" ".join(line.split()) for line in lines), most, len(text))


def _bounded(text: str, most: int, length: int) -> str:
    kept, marks = [], 0
    for each in text[:most]:
        marks = marks + 1 if unicodedata.category(each) in _MARK_KINDS else 0
        if marks <= _MARKS:
            kept.append(each if each.isprintable() or each == "\n" else "\N{REPLACEMENT CHARACTER}")
    shown = "".join(kept)
    left = max(len(text), length) - most
    if left <= 0:
        return shown
    return f"{shown}\N{HORIZONTAL ELLIPSIS} " + plural(
        "({count} more character, open it to read all)", "({count} more characters, open it to read all)", left
    )
