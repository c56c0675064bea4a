"""Names for files whose sender chose the name: one plain part, which no system reads as anything else."""

from __future__ import annotations

import re
from typing import Final
from unicodedata import normalize

from schemas.text import CONTROLS, UNSEEN

MARKS: Final = {"actual": "", "exercise": "EX-", "test": "TEST-"}
"""What the name of a file begins with, by the status of what it came with; a real one begins with none of them."""

_MARKED: Final = tuple(mark for mark in MARKS.values() if mark)
_LOOKS: Final = str.maketrans("ЕХТЅΕΧΤ‐‑‒–—―−﹣", "EXTSEXT" + "-" * 8)  # noqa: RUF001 - that they look alike is the point
"""Letters of other alphabets, and lines, that nobody can tell from those of a mark."""

_NAMELESS: Final = "attachment"
_NAME_BYTES: Final = 120
_ENDING_BYTES: Final = 16
_BLANK: Final = r"\u00AD\u034F\u115F\u1160\u17B4\u17B5\u180B-\u180F\u3164\uFE00-\uFE0F\uFFA0\uFFF9-\uFFFC"
_HIDDEN: Final = re.compile(rf"[{CONTROLS}{UNSEEN}{_BLANK}\uD800-\uDFFF\U000E0000-\U000E01EF]")
_MEANT: Final = re.compile(r'[:*?"<>|~$`&;!%\']')
"""What a shell, or another system's file names, would read as more than a name."""

_RESERVED: Final = re.compile(r"(?i)(?:con|prn|aux|nul|conin\$|conout\$|clock\$|com[0-9¹²³]|lpt[0-9¹²³])(?: *\.|$)")


def clean_name(name: str, *, status: str = "actual") -> str:
    """A name under which a file of somebody else may be saved.

    It has no part of a path, no control character or mark of direction, no point, space or hyphen at its beginning, is
    no name that a system reserves, and has at most 120 bytes of UTF-8; its ending stays.

    Args:
        name: as its sender wrote it.
        status: of what it came with: of an exercise, and only of one, the name begins with ``EX-``.
    """
    last = re.split(r"[/\\]", name.rstrip("/\\"))[-1]
    plain = _MEANT.sub("_", _HIDDEN.sub("", last)).strip(". \u00a0").lstrip("-. \u00a0") or _NAMELESS
    mark = MARKS.get(status, "")
    plain = plain.removeprefix(mark) or _NAMELESS
    if _RESERVED.match(plain) or _looks(plain).startswith(_MARKED):
        plain = f"_{plain}"
    return mark + _shorten(plain)


def _looks(name: str) -> str:
    """What a name looks like to a reader, in capitals."""
    return normalize("NFKC", name).upper().translate(_LOOKS).replace(" ", "")


def _shorten(name: str) -> str:
    if len(name.encode()) <= _NAME_BYTES:
        return name
    stem, point, ending = name.rpartition(".")
    if not point or len(ending.encode()) > _ENDING_BYTES or not stem:
        stem, point, ending = name, "", ""
    kept = stem.encode()[: _NAME_BYTES - len((point + ending).encode())].decode(errors="ignore")
    return f"{kept.rstrip(' .')}{point}{ending}"


def numbered(name: str, number: int) -> str:
    """The same name once more, for a file that must not replace one of this name: ``photo-2.jpg``."""
    stem, point, ending = name.rpartition(".")
    return f"{stem}-{number}{point}{ending}" if stem and point else f"{name}-{number}"
