"""Pictures made byte by byte, with everything in them that cameras, agencies and liars write beside the picture."""

from __future__ import annotations

import re
import struct
import zlib
from pathlib import Path

from clients.demo.photograph import exif_with_location, make_jpeg

PROFILE = b"ICC_PROFILE\0\x01\x01a colour profile"
XMP = b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta exif:GPSLatitude='43,14N' dc:creator='A. Officer'/>"
IPTC = b"Photoshop 3.0\x008BIM\x04\x04\0\0\0\0\0\x16\x1c\x02\x50\0\x0aA. Officer\x1c\x02\x5a\0\x06Almaty"


def segment(marker: int, payload: bytes) -> bytes:
    """One segment of a JPEG."""
    return bytes((0xFF, marker)) + (len(payload) + 2).to_bytes(2) + payload


def jpeg(*beside: bytes, columns: int = 16, rows: int = 12) -> bytes:
    """A JPEG with segments that draw nothing."""
    return make_jpeg(columns, rows, lambda x, y: (37 * x * y + 11 * x) % 256, b"".join(beside))


def photograph(orientation: int = 6) -> bytes:
    """A JPEG as a telephone writes it, edited by an agency, and with a film after its end."""
    return (
        jpeg(
            segment(0xE1, b"Exif\0\0" + exif_with_location(orientation)),
            segment(0xE0, b"JFIF\0\x01\x02\0\0\x01\0\x01\x01\x01RGB"),
            segment(0xE1, XMP),
            segment(0xED, IPTC),
            segment(0xE2, PROFILE),
            segment(0xE2, b"MPF\0II*\0"),
            segment(0xFE, b"seen by the driver of KZ 123"),
            segment(0xEE, b"Adobe\0\x64\0\0\0\0\0"),
        )
        + b"\0\0\0\x18ftypmp42 a film that knows where it was taken"
    )


def drawn_of_jpeg(data: bytes) -> list[bytes]:
    """The segments and scans that a picture is drawn from, read without the code under test."""
    found, at = [], 2
    while at < len(data) - 1 and data[at + 1] != 0xD9:
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4])
        if data[at + 1] == 0xDA:
            end += re.search(rb"\xff[^\0\xd0-\xd7]", data[end:]).start()  # type: ignore[union-attr]
        if not 0xE0 <= data[at + 1] <= 0xEF and data[at + 1] != 0xFE:
            found.append(data[at:end])
        at = end
    return found


def chunk(kind: bytes, data: bytes) -> bytes:
    """One chunk of a PNG."""
    return len(data).to_bytes(4) + kind + data + zlib.crc32(kind + data).to_bytes(4)


def png(*beside: bytes, after: bytes = b"") -> bytes:
    """A PNG of 16 by 12 grey points with chunks that draw nothing."""
    points = b"".join(b"\0" + bytes((37 * x * y) % 256 for x in range(16)) for y in range(12))
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">2I5B", 16, 12, 8, 0, 0, 0, 0))
        + b"".join(beside)
        + chunk(b"IDAT", zlib.compress(points))
        + chunk(b"IEND", b"")
        + after
    )


def screenshot() -> bytes:
    """A PNG with everything that programs write beside the picture."""
    return png(
        chunk(b"iCCP", b"profile\0\0" + zlib.compress(b"a colour profile")),
        chunk(b"eXIf", exif_with_location(3)),
        chunk(b"tEXt", b"Author\0A. Officer"),
        chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(1 << 24))),
        chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + XMP),
        chunk(b"tIME", bytes((7, 234, 11, 24, 3, 0, 0))),
        after=b"and what was cropped away",
    )


def chunks_of_png(data: bytes) -> list[tuple[bytes, bytes]]:
    """Kind and data of each chunk, read without the code under test; every check sum holds."""
    found, at = [], 8
    while at < len(data):
        size, kind = int.from_bytes(data[at : at + 4]), data[at + 4 : at + 8]
        body, end = data[at + 8 : at + 8 + size], at + 12 + size
        assert zlib.crc32(kind + body).to_bytes(4) == data[end - 4 : end]
        found.append((kind, body))
        at = end
    return found


def save_photograph(folder: Path, name: str = "photo.jpg") -> Path:
    """The file of `photograph` in a folder."""
    path = folder / name
    path.write_bytes(photograph())
    return path
