"""Text on sheets of paper: every sheet says what it is, how it is marked, and who printed it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

SHEET_LINES: Final = 60
"""Lines of a sheet: A4 and Letter have room for them in ten characters an inch, six lines an inch."""

_FEED: Final = "\f"


def sheets(lines: Sequence[str], head: Sequence[str], foot: str) -> Iterator[str]:
    """The sheets of a text, each with a form feed at its end.

    Args:
        lines: of the text, each of at most 80 columns.
        head: what stands above on every sheet.
        foot: what stands below on every sheet; ``{page}`` and ``{pages}`` are its number and how many there are.
    """
    room = SHEET_LINES - len(head) - 3
    parts = [lines[at : at + room] for at in range(0, len(lines), room)] or [[]]
    for page, part in enumerate(parts, 1):
        blank = [""] * (room - len(part))
        below = foot.format(page=page, pages=len(parts))
        yield "\n".join([*head, "", *part, *blank, "", below]) + _FEED
