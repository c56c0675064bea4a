"""Which bytes of a blob a request brings or wants (PROTOCOL 10; RFC 9110 section 14): one range, in one spelling."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from schemas.errors import Code, SeraiError

_NUMBER: Final = r"(0|[1-9][0-9]{0,15})"
_CONTENT: Final = re.compile(rf"bytes {_NUMBER}-{_NUMBER}/{_NUMBER}", re.ASCII)
_WANTED: Final = re.compile(rf"bytes={_NUMBER}-{_NUMBER}?", re.ASCII)


@dataclass(frozen=True, slots=True)
class BlobPart:
    """A part of a blob.

    Attributes:
        start: its first byte, counted from 0.
        end: the byte after its last one.
        size: of the whole blob.
    """

    start: int
    end: int
    size: int


def brought(content_range: str | None, content_length: str | None) -> BlobPart:
    """What a ``PUT`` brings.

    Args:
        content_range: the header, ``bytes a-b/n``.
        content_length: the header.

    Raises:
        SeraiError: ``malformed_range`` if one is missing, or they do not agree.
    """
    found = _CONTENT.fullmatch(content_range or "")
    if found is None:
        raise SeraiError(Code.MALFORMED_RANGE, "Content-Range: bytes a-b/n is due")
    first, last, size = map(int, found.groups())
    if not first <= last < size:
        raise SeraiError(Code.MALFORMED_RANGE, "Content-Range: no part of n bytes")
    if content_length != str(last - first + 1):
        raise SeraiError(Code.MALFORMED_RANGE, "Content-Length: b - a + 1 is due")
    return BlobPart(first, last + 1, size)


def wanted(header: str | None, size: int) -> BlobPart | None:
    """What a ``GET`` wants; ``None`` if it names no range, and wants all.

    Args:
        header: ``Range``, ``bytes=a-b`` or ``bytes=a-``; a last byte beyond the end means the end.
        size: of the blob.

    Raises:
        SeraiError: ``malformed_range``: several ranges, the last so many bytes, or beyond the end.
    """
    if header is None:
        return None
    found = _WANTED.fullmatch(header)
    if found is None:
        raise SeraiError(Code.MALFORMED_RANGE, "Range: bytes=a-b or bytes=a- is due")
    first, last = int(found[1]), size - 1 if found[2] is None else min(int(found[2]), size - 1)
    if not first <= last:
        raise SeraiError(Code.MALFORMED_RANGE, f"Range: no part of {size} bytes")
    return BlobPart(first, last + 1, size)
