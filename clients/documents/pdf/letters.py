"""Texts of others as a page can show them: nothing in them can hide, move or overprint what stands beside it.

A letter that the font has stands as it is. Everything else stands as its code, ``[U+202E]``, a run of the same with
their number, ``[U+0301 x100000]``: marks of direction, controls, letters of other scripts, marks upon marks. A text
that is too long is cut, and says so.
"""

from __future__ import annotations

import struct
import unicodedata
from collections.abc import Iterator
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Final

from clients.documents.texts import _

FONTS: Final = Path(__file__).resolve().parent.parent / "fonts"
"""Where the fonts lie, with their licence."""

FONT_FILES: Final = ("IBMPlexSans-Regular.ttf", "IBMPlexSans-SemiBold.ttf")
MAX_TEXT: Final = 8_000
"""Characters of one text that are set: as many as a text of a report may have."""

_ROOM: Final = 12_000
"""How much room a text gets: its characters and codes, and `_LINE` for each new line."""

BREAK: Final = "\x1f"
"""Where a long word may be broken; never a character of a text."""

_MARKS: Final = 2
"""Marks that stand upon one letter, as any language of the region has them."""

_FEEDS: Final = 2
"""Line feeds on end: one empty line."""

_LINE: Final = 40
"""For how many characters a new line counts, so that many short ones do not fill a book."""

_WORD: Final = 24
_PIECE: Final = 8
_FORMAT_4: Final = 4


@cache
def letters() -> frozenset[str]:
    """The characters that every font of this package has, and that a reader sees."""
    common = frozenset.intersection(*(_covered((FONTS / name).read_bytes()) for name in FONT_FILES))
    return frozenset(each for each in map(chr, common) if each.isprintable() and unicodedata.category(each) != "Co")


def _covered(font: bytes) -> frozenset[int]:
    """The code points of a font: its `cmap` table, subtable of format 4 (OpenType, ISO/IEC 14496-22)."""
    (tables,) = struct.unpack_from(">H", font, 4)
    entries = (struct.unpack_from(">4sIII", font, 12 + 16 * at) for at in range(tables))
    start = next(offset for tag, _sum, offset, _length in entries if tag == b"cmap")
    (count,) = struct.unpack_from(">H", font, start + 2)
    subtables = [start + struct.unpack_from(">HHI", font, start + 4 + 8 * at)[2] for at in range(count)]
    at = next(each for each in subtables if struct.unpack_from(">H", font, each) == (_FORMAT_4,))
    segments = struct.unpack_from(">H", font, at + 6)[0] // 2
    column = f">{segments}H"
    ends = struct.unpack_from(column, font, at + 14)
    starts = struct.unpack_from(column, font, at + 16 + 2 * segments)
    spans = zip(starts, ends, strict=True)
    return frozenset(point for first, last in spans for point in range(first, last + 1) if point < 0xFFFF)


def set_text(text: str, most: int = MAX_TEXT) -> str:
    """A text for a page: what a reader would not see is a code, long words may be broken, what is cut is said.

    Args:
        text: of somebody, of any length.
        most: characters of it that are set; as many as a table has room for.

    Returns:
        A text in which nothing but letters of the fonts, spaces, line feeds and `BREAK` stand.
    """
    window = "".join(" " if _is_space(each) else each for each in text[:most].replace("\r\n", "\n"))
    parts, used, taken = [], 0, 0
    for part, count in _shown(window):
        parts.append(part)
        used += len(part) + _LINE * part.count("\n")
        taken += count
        if used >= most * _ROOM // MAX_TEXT:
            break
    shown = _broken("".join(parts))
    left = len(window) - taken + max(len(text) - most, 0)
    if not left:
        return shown
    cut = _("[CUT HERE: {count} more characters]").format(count=left)
    return f"{shown} {cut}"


def _is_space(letter: str) -> bool:
    return letter == "\t" or unicodedata.category(letter) == "Zs"


def _shown(text: str) -> Iterator[tuple[str, int]]:
    """What stands for each character, or for each run of what has no letter, and how many it stands for."""
    marks = 0
    for letter, run in groupby(text):
        if letter in "\n ":
            marks = 0
            yield _blank(letter, sum(1 for _each in run))
            continue
        is_mark = unicodedata.combining(letter) > 0
        if letter in letters() and not is_mark:
            marks = 0
            yield from ((each, 1) for each in run)
            continue
        count = sum(1 for _each in run)
        room = max(_MARKS - marks, 0) if is_mark and letter in letters() else 0
        stands = min(room, count)
        marks += stands
        if stands:
            yield letter * stands, stands
        if count > stands:
            yield _code(letter, count - stands), count - stands


def _blank(letter: str, count: int) -> tuple[str, int]:
    """Spaces are one; line feeds are at most one empty line, and more of them a code."""
    if letter != "\n":
        return " ", count
    more = f"{_code(letter, count - _FEEDS)}\n" if count > _FEEDS else ""
    return letter * min(count, _FEEDS) + more, count


def _code(letter: str, count: int) -> str:
    return f"[U+{ord(letter):04X}]" if count == 1 else f"[U+{ord(letter):04X} x{count}]"


def _broken(text: str) -> str:
    """A text whose long words may be broken, so that none leaves its column."""
    lines = (line.split(" ") for line in text.split("\n"))
    return "\n".join(" ".join(_pieces(word) for word in line) for line in lines)


def _pieces(word: str) -> str:
    if len(word) <= _WORD:
        return word
    starts = [at for at in range(0, len(word), _PIECE) if not unicodedata.combining(word[at])]
    ends = [*starts[1:], len(word)]
    return BREAK.join(word[first:last] for first, last in zip(starts, ends, strict=True))
