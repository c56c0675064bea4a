"""Whether a file is one that a dispatch in verified evidence names as its attachment (PROTOCOL 7, Attachments; 11).

A file is known by its size and SHA-256, as a disclosed report names them, and by nothing else: its name says nothing.
A blob, as the hub keeps it, is known by its digest on the cover, and is opened with the key from the report.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from schemas.blobs import BlobOpener
from schemas.claims import Dispatch
from schemas.encoding import Digest, encode_base64url
from schemas.errors import SeraiError
from schemas.proven import VerifiedEvidence, VerifiedItem
from schemas.reports.attachments import Attachment
from schemas.rules.attaching import Fit, compare_attached

MOST_OPENED: Final = 16
"""As how many attachments one blob is opened: who makes the evidence decides how often it is named."""

_PIECE_BYTES: Final = 65_536


_Way = tuple[bytes, int, Digest, Digest]


class Likeness(StrEnum):
    """What a file is to an evidence file; the value is what ``--json`` prints."""

    FILE = "file"
    BLOB = "blob"
    BLOB_NOT_OPENED = "blob_not_opened"
    BLOB_OF_ANOTHER_FILE = "blob_of_another_file"
    BLOB_OF_TOO_MANY = "blob_of_too_many"
    NOT_JUDGED = "not_judged"
    NONE = "none"


IS_ATTACHED: Final = frozenset({Likeness.FILE, Likeness.BLOB})
"""The file, or the blob of the file, that a report names."""


@dataclass(frozen=True, slots=True)
class AttachmentPlace:
    """An attachment of an item.

    Attributes:
        index: number of the dispatch.
        position: of the attachment in its report, or on its cover where the report does not name it; from 1.
        name: as the report has it; empty where the report does not name it.
        as_on_cover: whether cover and report name the same.
    """

    index: int
    position: int
    name: str = ""
    as_on_cover: bool = True


@dataclass(frozen=True, slots=True)
class ComparedFile:
    """A file that was compared.

    Attributes:
        path: as it was named.
        size_bytes: of what was read.
        sha256: of what was read, base64url.
        likeness: what it is.
        places: where it is attached; where it cannot be judged, the dispatches whose reports do not tell; where too
            many name the blob, those that were not tried.
    """

    path: Path
    size_bytes: int
    sha256: str
    likeness: Likeness
    places: tuple[AttachmentPlace, ...] = ()


def compare_files(evidence: VerifiedEvidence, paths: Iterable[Path]) -> list[ComparedFile]:
    """Compare files with the attachments of every dispatch in the evidence.

    Args:
        evidence: verified.
        paths: files, of any size: a piece of one is in memory at a time.

    Raises:
        OSError: one cannot be read.
    """
    return [_compare(evidence, path) for path in paths]


def _compare(evidence: VerifiedEvidence, path: Path) -> ComparedFile:
    digest, size_bytes = hashlib.sha256(), 0
    for piece in _pieces(path):
        digest.update(piece)
        size_bytes += len(piece)
    sha256 = encode_base64url(digest.digest())
    likeness, places = _judge(evidence, path, size_bytes, sha256)
    return ComparedFile(path, size_bytes, sha256, likeness, tuple(places))


def _judge(
    evidence: VerifiedEvidence, path: Path, size_bytes: int, sha256: str
) -> tuple[Likeness, list[AttachmentPlace]]:
    named = [each for item in evidence.items for each in _named(item)]
    same = [place for place, each in named if (each.size, each.sha256) == (size_bytes, sha256)]
    if same:
        return Likeness.FILE, same
    blobs = [(place, each) for place, each in named if each.blob == sha256]
    ways = list(dict.fromkeys(_way(each) for _place, each in blobs))
    good = {way for way in ways[:MOST_OPENED] if _opens(path, way)}
    opened = [place for place, each in blobs if _way(each) in good]
    if opened:
        return Likeness.BLOB, opened
    if len(ways) > MOST_OPENED:
        return Likeness.BLOB_OF_TOO_MANY, [place for place, each in blobs if _way(each) in ways[MOST_OPENED:]]
    if blobs:
        return Likeness.BLOB_OF_ANOTHER_FILE, [place for place, _each in blobs]
    unopened = [place for item in evidence.items for place, blob in _on_cover(item) if blob == sha256]
    if unopened:
        return Likeness.BLOB_NOT_OPENED, unopened
    unknown = [AttachmentPlace(item.index, 0) for item in evidence.items if _is_silent(item)]
    return (Likeness.NOT_JUDGED, unknown) if unknown else (Likeness.NONE, [])


def _named(item: VerifiedItem) -> Iterator[tuple[AttachmentPlace, Attachment]]:
    """Attachments that the disclosed report of a dispatch names."""
    cover, report = item.statement.claims, _attachments(item)
    if isinstance(cover, Dispatch):
        fits = compare_attached(cover, report).fits
        for position, (each, fit) in enumerate(zip(report, fits, strict=True), 1):
            yield AttachmentPlace(item.index, position, each.name, as_on_cover=fit is Fit.SAME), each


def _on_cover(item: VerifiedItem) -> Iterator[tuple[AttachmentPlace, str]]:
    """Attachments that the cover of a dispatch names, by the digest of the blob."""
    cover = item.statement.claims
    for position, each in enumerate((cover.attachments or []) if isinstance(cover, Dispatch) else [], 1):
        yield AttachmentPlace(item.index, position), each.digest


def _attachments(item: VerifiedItem) -> tuple[Attachment, ...]:
    report = item.content.report if item.content else None
    return report.form.attachments if report is not None and report.form is not None else ()


def _is_silent(item: VerifiedItem) -> bool:
    """Whether a dispatch has attachments of which its report, as far as it is disclosed and known, does not tell."""
    cover = item.statement.claims
    return isinstance(cover, Dispatch) and compare_attached(cover, _attachments(item)).unnamed > 0


def _way(named: Attachment) -> _Way:
    """How a blob is opened as an attachment: what is not different is not opened twice."""
    return named.blob_key, named.size, named.file_digest, named.blob_digest


def _opens(path: Path, way: _Way) -> bool:
    """Whether a blob opens to the file that a report names; nothing of it is kept."""
    opener = BlobOpener(*way)
    try:
        for _piece in opener.open(_pieces(path)):
            pass
    except SeraiError:
        return False
    return True


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(_PIECE_BYTES):
            yield piece
