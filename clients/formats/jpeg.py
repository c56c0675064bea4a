"""JPEG files (ITU-T T.81) without what they say beside the picture; what is shown stays byte for byte.

A library that opens and saves a picture compresses it a second time, which loses detail of what may be evidence, and it
decodes bytes that a stranger may have chosen. Here no picture is decoded: segments are copied or left out.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from typing import BinaryIO, Final

from clients.formats.traces import Trace, exif_of_orientation, traces_of_exif, traces_of_iptc, traces_of_xmp

START: Final = b"\xff\xd8"
_END: Final = 0xD9
_SCAN: Final = 0xDA
_COMMENT: Final = 0xFE
_APP1: Final = 0xE1
_SEGMENTS: Final = 20_000
"""Segments of one file: a progressive picture with a colour profile has some hundreds at most."""

_BLOCK: Final = 1 << 16
_MARKER_IN_SCAN: Final = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")  # neither a stuffed byte nor a restart nor fill
_EXIF: Final = b"Exif\0\0"
_XMP: Final = (b"http://ns.adobe.com/xap/1.0/\0", b"http://ns.adobe.com/xmp/extension/\0")
_PROFILE: Final = b"ICC_PROFILE\0"
_DRAWN: Final = frozenset((*range(0xC0, 0xC8), *range(0xC9, 0xD0), _SCAN, 0xDB, 0xDC, 0xDD, 0xDE, 0xDF))
"""Frames, tables and scans: what the picture is drawn from."""


class PictureError(ValueError):
    """A picture is not built as its kind is, so that it cannot be cleaned."""


def clean_jpeg(source: BinaryIO, found: set[Trace]) -> Iterator[bytes]:
    """A picture without what it says beside what it shows, piece by piece.

    Orientation, colour profile and how its colours are coded stay.

    Args:
        source: can be sought in; at the beginning of the file.
        found: gets what is left out.

    Raises:
        PictureError: it is no JPEG, or not built like one; what came before it is worth nothing.
        OSError: it cannot be read.
    """
    if source.read(2) != START:
        raise PictureError("not a JPEG")
    yield START
    marker, lies = _marker(source), False
    for _ in range(_SEGMENTS):
        if marker == _END:
            yield bytes((0xFF, _END))
            found |= {Trace.APPENDED} if source.read(1) else set()
            return
        payload = _payload(source)
        if marker in _DRAWN:
            yield _segment(marker, payload)
        elif marker == _APP1 and payload.startswith(_EXIF):
            said, orientation = traces_of_exif(payload[len(_EXIF) :])
            found |= said
            if orientation != 1 and not lies:  # the first block decides, as it does where the picture is shown
                yield _segment(marker, _EXIF + exif_of_orientation(orientation))
            lies = True
        elif 0xE0 <= marker <= 0xEF or marker == _COMMENT:
            kept, said = _beside(marker, payload)
            found |= said
            if kept:
                yield _segment(marker, kept)
        else:
            raise PictureError("a segment of an unknown kind")
        following = (yield from _scan(source)) if marker == _SCAN else _marker(source)
        if following is None:
            return
        marker = following
    raise PictureError("too many segments")


def _marker(source: BinaryIO) -> int:
    if source.read(1) != b"\xff":
        raise PictureError("no marker where one is due")
    for _ in range(_BLOCK):
        byte = source.read(1)
        if byte != b"\xff":
            break
    else:
        raise PictureError("nothing but fill")
    if byte in (b"", b"\0"):
        raise PictureError("no marker where one is due")
    return byte[0]


def _payload(source: BinaryIO) -> bytes:
    length = int.from_bytes(source.read(2))
    payload = source.read(length - 2) if length >= 2 else b""
    if length < 2 or len(payload) != length - 2:
        raise PictureError("a segment that is cut off")
    return payload


def _segment(marker: int, payload: bytes) -> bytes:
    return bytes((0xFF, marker)) + (len(payload) + 2).to_bytes(2) + payload


def _beside(marker: int, payload: bytes) -> tuple[bytes, set[Trace]]:
    """What stays of a segment that draws nothing, and what it says."""
    if marker == 0xE0 and payload.startswith(b"JFIF\0") and len(payload) >= 14:
        return payload[:12] + b"\0\0", {Trace.PREVIEW} if payload[12] and payload[13] else set()
    if marker == 0xE2 and payload.startswith(_PROFILE):
        return payload, set()
    if marker == 0xEE and payload.startswith(b"Adobe") and len(payload) >= 12:
        return payload[:12], set()
    return b"", _said(marker, payload)


def _said(marker: int, payload: bytes) -> set[Trace]:
    if marker == _APP1 and payload.startswith(_XMP):
        return traces_of_xmp(payload)
    if marker == 0xED:
        return traces_of_iptc(payload)
    if marker == 0xE0:
        return {Trace.PREVIEW}
    return {Trace.TEXT if marker == _COMMENT else Trace.OTHER}


def _scan(source: BinaryIO) -> Generator[bytes, None, int | None]:
    """What is drawn up to the next marker, which is returned; ``None`` where the file ends without one."""
    while block := source.read(_BLOCK):
        if met := _MARKER_IN_SCAN.search(block):
            source.seek(met.end() - len(block), 1)
            yield block[: met.start()]
            return block[met.end() - 1]
        whole = block[:-1] if block.endswith(b"\xff") and len(block) > 1 else block
        source.seek(len(whole) - len(block), 1)
        yield whole
    return None
