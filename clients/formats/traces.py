"""What a picture says beside what it shows: where, when, by whom and with what it was made.

Exif (a TIFF inside the picture), XMP (RDF as text) and IPTC (records of press agencies) are looked at only so far
that a person can be told what they hold; nothing of them is unpacked, followed or believed.
"""

# ruff: noqa: RUF001 - Russian words contain letters that look Latin

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Final

from schemas.labels import CodedValue


class Trace(CodedValue):
    """What a picture says beside what it shows."""

    LOCATION = "location", "location", "место съёмки"
    AUTHOR = "author", "author or owner", "автор или владелец"
    DEVICE = "device", "camera", "сведения о камере"
    TIME = "time", "time", "время съёмки"
    TEXT = "text", "comments", "комментарии"
    PREVIEW = "preview", "a smaller copy", "уменьшенная копия"
    APPENDED = "appended", "data after its end", "данные после конца снимка"
    OTHER = "other", "other data", "прочие данные"


_ORIENTATION: Final = 0x0112
_EXIF_PART: Final = 0x8769
_TAGS: Final = {
    0x8825: Trace.LOCATION,
    **dict.fromkeys((0x013B, 0x8298, 0x9C9D, 0xA430), Trace.AUTHOR),
    **dict.fromkeys((0x010F, 0x0110, 0x0131, 0x927C, 0xA431, 0xA433, 0xA434, 0xA435), Trace.DEVICE),
    **dict.fromkeys((0x0132, 0x9003, 0x9004), Trace.TIME),
    **dict.fromkeys((0x010E, 0x9286, 0x9C9B, 0x9C9C, 0x9C9E, 0x9C9F), Trace.TEXT),
}
_ENTRIES: Final = 512
"""Entries of one directory of Exif that are looked at; cameras write some dozens."""

_XMP_WORDS: Final = {
    Trace.LOCATION: (b"GPS", b"Iptc4xmpCore:Location", b"photoshop:City", b"photoshop:Country"),
    Trace.AUTHOR: (b"dc:creator", b"dc:rights", b"photoshop:Credit", b"aux:OwnerName", b"tiff:Artist"),
    Trace.DEVICE: (b"tiff:Make", b"tiff:Model", b"CreatorTool", b"SerialNumber"),
    Trace.TIME: (b"CreateDate", b"ModifyDate", b"DateCreated"),
    Trace.TEXT: (b"dc:description", b"dc:title", b"dc:subject"),
}
_IPTC_RECORDS: Final = {
    Trace.LOCATION: (90, 92, 95, 100, 101),
    Trace.AUTHOR: (80, 85, 110, 115, 116, 122),
    Trace.TIME: (55, 60),
    Trace.TEXT: (5, 25, 40, 105, 120),
}


def traces_of_exif(tiff: bytes) -> tuple[set[Trace], int]:
    """What an Exif block says, and how the picture lies.

    Args:
        tiff: from its byte order on.

    Returns:
        Traces; and the orientation 1 to 8, which is 1 where none is said.
    """
    found: set[Trace] = set()
    orientation, others = 1, False
    try:
        order = {b"II*\0": "<", b"MM\0*": ">"}[bytes(tiff[:4])]
        first = struct.unpack_from(order + "I", tiff, 4)[0]
        due = [first]
        for at in due:
            for tag, kind, value in _entries(tiff, at, order):
                found |= {_TAGS[tag]} if tag in _TAGS else set()
                others = others or tag not in (_ORIENTATION, _EXIF_PART)
                if tag == _ORIENTATION and kind == 3 and at == first:
                    orientation = struct.unpack(order + "H", value[:2])[0]
                if tag == _EXIF_PART and len(due) == 1:
                    due.append(struct.unpack(order + "I", value)[0])
        if _next_directory(tiff, first, order):
            found.add(Trace.PREVIEW)
    except (KeyError, struct.error):
        others = True
    return found or ({Trace.OTHER} if others else set()), orientation if 1 <= orientation <= 8 else 1


def _entries(tiff: bytes, at: int, order: str) -> Iterator[tuple[int, int, bytes]]:
    """Tag, type and the four bytes of the value of each entry of a directory."""
    for number in range(min(struct.unpack_from(order + "H", tiff, at)[0], _ENTRIES)):
        tag, kind, _, value = struct.unpack_from(order + "HHI4s", tiff, at + 2 + 12 * number)
        yield tag, kind, value


def _next_directory(tiff: bytes, at: int, order: str) -> int:
    count = struct.unpack_from(order + "H", tiff, at)[0]
    return int(struct.unpack_from(order + "I", tiff, at + 2 + 12 * count)[0])


def exif_of_orientation(orientation: int) -> bytes:
    """An Exif block that says how the picture lies, and nothing else."""
    return struct.pack(">2sHIHHHIHHI", b"MM", 42, 8, 1, _ORIENTATION, 3, 1, orientation, 0, 0)


def traces_of_xmp(packet: bytes) -> set[Trace]:
    """What an XMP packet says, as far as its words show."""
    return {trace for trace, words in _XMP_WORDS.items() if any(word in packet for word in words)} or {Trace.OTHER}


def traces_of_iptc(records: bytes) -> set[Trace]:
    """What IPTC records say, as far as their numbers show."""
    said = {trace for trace, numbers in _IPTC_RECORDS.items() if any(bytes((28, 2, n)) in records for n in numbers)}
    return said or {Trace.OTHER}
