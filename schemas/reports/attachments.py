"""A file that comes with a report (PROTOCOL 7, Attachments)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from schemas.blobs import KEY_BYTES
from schemas.encoding import DIGEST_PATTERN, Digest, decode_base64url, decode_digest
from schemas.limits import BLOB_CONTENT_BYTES
from schemas.reports.base import Line, Part
from schemas.text import NAME

FileName = Annotated[str, StringConstraints(max_length=128, pattern=NAME)]
"""Name of a file: one line of at most 128 characters without ``/`` and ``\\``, in no folder."""

_TOKEN = r"[a-z0-9][a-z0-9!#$&^_.+-]{0,63}"  # noqa: S105 - a pattern of RFC 6838

MediaType = Annotated[str, StringConstraints(pattern=rf"^{_TOKEN}/{_TOKEN}$")]
"""Media type in small letters, without parameters (RFC 6838): what the sender says of the file, not what it is."""

Bytes32Text = Annotated[str, StringConstraints(pattern=DIGEST_PATTERN)]
"""32 bytes as text."""


class Attachment(Part):
    """A photograph, an X-ray, a waybill.

    Attributes:
        name: of the file.
        media_type: what the sender says that it is.
        size: of the file, in bytes.
        sha256: digest of the file, by which alone it is known.
        blob: digest of the blob that it is in.
        key: opens the blob.
        caption: what is to be seen.
    """

    name: FileName
    media_type: MediaType
    size: Annotated[int, Field(strict=True, ge=1, le=BLOB_CONTENT_BYTES)]
    sha256: Bytes32Text
    blob: Bytes32Text
    key: Bytes32Text = Field(repr=False)
    caption: Line | None = None

    @property
    def file_digest(self) -> Digest:
        """SHA-256 of the file."""
        return decode_digest(self.sha256)

    @property
    def blob_digest(self) -> Digest:
        """Name of the blob."""
        return decode_digest(self.blob)

    @property
    def blob_key(self) -> bytes:
        """The key, as bytes."""
        return decode_base64url(self.key, KEY_BYTES)
