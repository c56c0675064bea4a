"""A photograph made by arithmetic: grey squares in a JPEG that says where and by whom it was taken, as phones do."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable
from typing import Final

_CODE_BITS: Final = 4
_LARGEST: Final = 8
"""Bits of the largest step from one square to the next."""


def draw_photograph(columns: int = 40, rows: int = 30) -> bytes:
    """A JPEG of a lorry's dark outline on a bright ground, with Exif that names place, camera and author.

    Args:
        columns: squares of 8 by 8 points beside each other.
        rows: and above each other.
    """

    def grey(x: int, y: int) -> int:
        is_wheel = y == rows - 7 and x % 9 in (3, 4)
        is_body = rows // 3 <= y < rows - 7 and columns // 6 <= x < columns - 6
        return 30 if is_wheel else 60 + 2 * (x + y) % 40 if is_body else 170 + (x * y) % 50

    return make_jpeg(columns, rows, grey, _segment(0xE1, b"Exif\0\0" + exif_with_location()))


def make_jpeg(columns: int, rows: int, grey: Callable[[int, int], int], beside: bytes = b"") -> bytes:
    """A baseline JPEG in which each square of 8 by 8 points has one grey (ITU-T T.81, annexes B and F).

    Args:
        columns: squares beside each other.
        rows: and above each other.
        grey: 0 to 255 for a square.
        beside: segments that draw nothing, put behind the first two bytes.
    """
    frame = struct.pack(">BHHB3B", 8, 8 * rows, 8 * columns, 1, 1, 0x11, 0)
    steps = bytes([0x00, 0, 0, 0, _LARGEST + 1, *[0] * 12, *range(_LARGEST + 1)])
    ends = bytes([0x10, 1, *[0] * 15, 0])
    parts = (
        _segment(0xDB, bytes([0, *[8] * 64])),
        _segment(0xC0, frame),
        _segment(0xC4, steps),
        _segment(0xC4, ends),
        _segment(0xDA, bytes([1, 1, 0x00, 0, 63, 0])),
    )
    levels = (grey(x, y) - 128 for y in range(rows) for x in range(columns))
    return b"\xff\xd8" + beside + b"".join(parts) + _entropy(levels) + b"\xff\xd9"


def _segment(marker: int, payload: bytes) -> bytes:
    return bytes((0xFF, marker)) + (len(payload) + 2).to_bytes(2) + payload


def _entropy(levels: Iterable[int]) -> bytes:
    bits, before = [], 0
    for level in levels:
        step, before = level - before, level
        size = abs(step).bit_length()
        value = step if step > 0 else step + (1 << size) - 1
        bits.append(f"{size:0{_CODE_BITS}b}" + (f"{value:0{size}b}" if size else "") + "0")
    joined = "".join(bits)
    joined += "1" * (-len(joined) % 8)
    return int(joined, 2).to_bytes(len(joined) // 8).replace(b"\xff", b"\xff\0")


def exif_with_location(orientation: int = 1) -> bytes:
    """An Exif block as a telephone writes it: camera, orientation, author, and where it was.

    Args:
        orientation: 1 to 8.
    """
    maker, artist = b"Telephone\0", b"A. Officer\0"
    after = 8 + 2 + 4 * 12 + 4
    gps_at = after + len(maker) + len(artist)
    entries = (
        struct.pack(">HHII", 0x010F, 2, len(maker), after),
        struct.pack(">HHIHH", 0x0112, 3, 1, orientation, 0),
        struct.pack(">HHII", 0x013B, 2, len(artist), after + len(maker)),
        struct.pack(">HHII", 0x8825, 4, 1, gps_at),
    )
    north, east = struct.pack(">6I", 43, 1, 14, 1, 0, 1), struct.pack(">6I", 76, 1, 53, 1, 0, 1)
    data_at = gps_at + 2 + 4 * 12 + 4
    places = (
        struct.pack(">HHI4s", 1, 2, 2, b"N\0"),
        struct.pack(">HHII", 2, 5, 3, data_at),
        struct.pack(">HHI4s", 3, 2, 2, b"E\0"),
        struct.pack(">HHII", 4, 5, 3, data_at + len(north)),
    )
    head = b"MM" + struct.pack(">HIH", 42, 8, len(entries)) + b"".join(entries) + bytes(4)
    return head + maker + artist + struct.pack(">H", len(places)) + b"".join(places) + bytes(4) + north + east
