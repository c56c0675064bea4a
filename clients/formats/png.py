"""PNG files (W3C, third edition) without what they say beside the picture; what is shown stays byte for byte.

Chunks are copied or left out, as in `clients.formats.jpeg`; none is unpacked, so a small file stays a small one.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import BinaryIO, Final

from clients.formats.jpeg import PictureError
from clients.formats.traces import Trace, exif_of_orientation, traces_of_exif, traces_of_xmp

SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_CHUNKS: Final = 100_000
_BLOCK: Final = 1 << 16
_DRAWN: Final = frozenset(
    b"IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP sBIT cICP mDCV cLLI bKGD pHYs acTL fcTL fdAT".split()
)
"""What the picture is drawn from: its data, transparency, colours, and the frames of a moving one."""

_SIZES: Final = {b"IHDR": 13, b"IEND": 0, b"gAMA": 4, b"cHRM": 32, b"sRGB": 1, b"pHYs": 9}
"""Chunks that have one size: in a longer one something could hide."""

_KEYWORDS: Final = {
    b"Author": Trace.AUTHOR,
    b"Copyright": Trace.AUTHOR,
    b"Software": Trace.DEVICE,
    b"Source": Trace.DEVICE,
    b"Creation Time": Trace.TIME,
}


def clean_png(source: BinaryIO, found: set[Trace]) -> Iterator[bytes]:
    """A picture without what it says beside what it shows, piece by piece.

    Orientation and colour profile stay.

    Args:
        source: can be sought in; at the beginning of the file.
        found: gets what is left out.

    Raises:
        PictureError: it is no PNG, or not built like one; what came before it is worth nothing.
        OSError: it cannot be read.
    """
    if source.read(8) != SIGNATURE:
        raise PictureError("not a PNG")
    yield SIGNATURE
    end = source.seek(0, 2)
    at, lies = len(SIGNATURE), False
    for number in range(_CHUNKS):
        source.seek(at)
        head = source.read(8)
        size, kind = int.from_bytes(head[:4]), head[4:]
        at += 12 + size
        if len(head) != 8 or at > end or (kind == b"IHDR") != (number == 0):
            raise PictureError("a chunk that is cut off, or out of its place")
        if size != _SIZES.get(kind, size):
            raise PictureError("a chunk of another size than it has")
        if kind in _DRAWN:
            yield head
            yield from _body(source, size + 4)
        elif not kind[0] & 0x20:
            raise PictureError("a chunk of an unknown kind that is needed")
        else:
            said, orientation = _said(kind, source.read(min(size, _BLOCK)))
            found |= said
            if orientation != 1 and not lies:
                yield _chunk(b"eXIf", exif_of_orientation(orientation))
                lies = True
        if kind == b"IEND":
            found |= {Trace.APPENDED} if at < end else set()
            return
    raise PictureError("too many chunks")


def _body(source: BinaryIO, size: int) -> Iterator[bytes]:
    while size:
        block = source.read(min(size, _BLOCK))
        if not block:
            raise PictureError("a chunk that is cut off")
        yield block
        size -= len(block)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return len(data).to_bytes(4) + kind + data + zlib.crc32(kind + data).to_bytes(4)


def _said(kind: bytes, data: bytes) -> tuple[set[Trace], int]:
    """What a chunk that draws nothing says, and how the picture lies by it."""
    keyword = data[:80].split(b"\0")[0]
    if kind == b"eXIf":
        return traces_of_exif(data)
    if kind == b"iTXt" and keyword == b"XML:com.adobe.xmp":
        return traces_of_xmp(data), 1
    if kind in (b"tEXt", b"zTXt", b"iTXt"):
        return {_KEYWORDS.get(keyword, Trace.TEXT)}, 1
    return {Trace.TIME if kind == b"tIME" else Trace.OTHER}, 1
