"""What a file is, by its first bytes, and whether its name or its sender calls it something else."""

from __future__ import annotations

import mimetypes
from typing import Final

HEAD_BYTES: Final = 512
"""So many bytes are looked at."""

UNKNOWN: Final = "application/octet-stream"

_MAGIC: Final = (
    (b"\xff\xd8", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
    (b"BM", "image/bmp"),
    (b"%PDF-", "application/pdf"),
    (b"{\\rtf", "application/rtf"),
    (b"PK\x03\x04", "application/zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (b"7z\xbc\xaf'\x1c", "application/x-7z-compressed"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"\x1f\x8b", "application/gzip"),
    (b"\x1aE\xdf\xa3", "video/webm"),
    (b"ID3", "audio/mpeg"),
    (b"OggS", "audio/ogg"),
    (b"MZ", "application/vnd.microsoft.portable-executable"),
    (b"\x7fELF", "application/x-elf"),
    (b"#!", "text/x-shellscript"),
)
_INSIDE: Final = {b"RIFF": ((b"WEBP", "image/webp"), (b"WAVE", "audio/wav"), (b"AVI ", "video/x-msvideo"))}
_BOXES: Final = (
    (b"hei", "image/heic"),
    (b"mif1", "image/heic"),
    (b"avif", "image/avif"),
    (b"qt", "video/quicktime"),
)
_IN_ZIP: Final = ("vnd.openxmlformats-officedocument.", "vnd.oasis.opendocument.", "epub")
_IN_OLE: Final = ("application/msword", "application/vnd.ms-")
_SAME: Final = (
    frozenset(("image/heic", "image/heif")),
    frozenset(("video/webm", "video/x-matroska")),
    frozenset(("video/mp4", "video/quicktime", "audio/mp4", "video/3gpp", "audio/mp4a-latm")),
    frozenset(("audio/wav", "audio/x-wav")),
    frozenset(("application/rtf", "text/rtf")),
    frozenset(("text/x-shellscript", "application/x-sh", "text/plain", "text/x-python", "text/x-perl")),
)
PROGRAMS: Final = frozenset(
    ("application/vnd.microsoft.portable-executable", "application/x-elf", "text/x-shellscript")
)
"""What a machine would run."""


def media_type_of(head: bytes) -> str:
    """The media type of a file by its content, `UNKNOWN` where that shows none.

    Args:
        head: its first `HEAD_BYTES` bytes, or all of it.
    """
    if head[4:8] == b"ftyp":
        return next((kind for brand, kind in _BOXES if head[8:].startswith(brand)), "video/mp4")
    for word, kind in _INSIDE.get(head[:4], ()):
        if head[8:12] == word:
            return kind
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    return "text/plain" if _is_text(head) else UNKNOWN


def _is_text(head: bytes) -> bool:
    try:
        text = head[: HEAD_BYTES - 4 if len(head) >= HEAD_BYTES else len(head)].decode("utf-8", "strict")
    except UnicodeDecodeError as error:
        if error.start < len(head) - 4:
            return False
        text = head[: error.start].decode()
    return bool(text) and not any(character < " " and character not in "\t\n\r\f" for character in text)


def type_of_name(name: str) -> str | None:
    """The media type that the end of a name stands for; ``None`` where it stands for none that is known."""
    return mimetypes.MimeTypes().guess_type(f"x.{name.rpartition('.')[2]}")[0] if "." in name else None


def is_lie(called: str | None, content: str) -> bool:
    """Whether a file is called something that its content is not.

    Args:
        called: what name or sender call it; ``None`` where nobody calls it anything.
        content: what `media_type_of` says.
    """
    if called is None or called in (content, UNKNOWN):
        return False
    if content == UNKNOWN:  # what shows no type may be anything but what always shows one
        return called in {kind for _, kind in _MAGIC} | {kind for _, kind in _BOXES}
    if content == "application/zip":
        return not any(word in called for word in _IN_ZIP)
    if content == "application/x-ole-storage":
        return not called.startswith(_IN_OLE)
    if content == "text/plain":
        return not called.startswith(("text/", "application/json", "application/xml", "image/svg", "message/"))
    return not any({called, content} <= group for group in _SAME)
