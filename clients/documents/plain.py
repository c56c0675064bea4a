"""Plain text that people read in 80 columns: texts of others made harmless, named values, times, JSON in a line.

Nothing here knows a terminal: a screen, a file and a letter have the same lines.
"""

from __future__ import annotations

import json
import textwrap
from datetime import UTC, datetime
from typing import Any, Final

WIDTH: Final = 80
"""Columns of a line."""

_LABEL: Final = 14
_END_MS: Final = 253_402_300_799_000  # the last second of 9999: a calendar has no more
_WHOLE: Final[dict[str, Any]] = {"break_long_words": False, "break_on_hyphens": False}


def clean(text: str) -> str:
    """A text of somebody else, in one line that cannot do anything to a terminal."""
    return _harmless(" ".join(text.split()))


def _harmless(text: str) -> str:
    return "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in text)


def field(name: str, value: str) -> list[str]:
    """A named value within 80 columns, the name at the left."""
    width = WIDTH - _LABEL - 1
    lines = (_harmless(line.expandtabs()) for line in value.split("\n"))
    parts = [part for line in lines for part in textwrap.wrap(line, width, **_WHOLE) or [""]]
    names = [name[:_LABEL], *[""] * (len(parts) - 1)]
    return [f"{each:<{_LABEL}} {part}".rstrip() for each, part in zip(names, parts, strict=True)]


def wrap(text: str, indent: str = "") -> str:
    """A text within 80 columns."""
    return textwrap.fill(text, WIDTH, initial_indent=indent, subsequent_indent=indent, **_WHOLE)


def json_line(value: Any) -> str:
    """JSON in one line; what could do anything to a terminal is escaped, so that nothing of it is lost."""
    text = json.dumps(value, ensure_ascii=False)
    return "".join(each if each.isprintable() else json.dumps(each)[1:-1] for each in text)


def utc(time_ms: int) -> str:
    """A time as people read it: always UTC, always said to be."""
    return calendar(time_ms).strftime("%Y-%m-%d %H:%M UTC")


def calendar(time_ms: int) -> datetime:
    """A time of somebody else, which may be any number: what is beyond the calendar is its last second."""
    return datetime.fromtimestamp(min(time_ms, _END_MS) / 1000, UTC)


def spoken(digest: bytes) -> list[str]:
    """A digest as it is read out by telephone: two lines of eight groups of four hexadecimal digits."""
    text = digest.hex().upper()
    groups = [text[at : at + 4] for at in range(0, len(text), 4)]
    return [" ".join(groups[at : at + 8]) for at in range(0, len(groups), 8)]
