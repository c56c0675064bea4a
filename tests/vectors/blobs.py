"""Blobs of attachments, and what covers and reports say of them (PROTOCOL 7, Attachments).

Files are SHAKE-256 of a text, so a vector of a large one is short. A blob with a fault is a list of its chunks: which
bytes of the padded file each has, and under which nonce it is sealed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any, Final

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from schemas.blobs import BlobSealer, blob_size, padded_size_in
from schemas.encoding import encode_base64url, sha256
from schemas.errors import Code, SeraiError
from schemas.limits import BLOB_CONTENT_BYTES, CHUNK_BYTES
from schemas.padding import padded_size
from schemas.reports.attachments import Attachment
from schemas.rules.attaching import check_attached, compare_attached
from tests.vectors import scenario
from tests.vectors.covers import read_cover
from tests.vectors.scenario import Scenario

Vector = dict[str, Any]

KEY: Final = hashlib.sha256(b"key of a blob").digest()
LARGE: Final = 150_000
"""Its padded size is 151,552: three chunks."""

_SIZES: Final = (
    *(1, 2_047, 2_048, 2_049, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1),
    *(2 * CHUNK_BYTES, LARGE, BLOB_CONTENT_BYTES - 1, BLOB_CONTENT_BYTES),
)


def file_of(size: int) -> bytes:
    """The file of a vector, by its size in bytes."""
    return hashlib.shake_256(b"serai file").digest(size)


def padded_file(size: int) -> bytes:
    """The same with its padding."""
    return file_of(size).ljust(padded_size(size), b"\0")


def sealed_of(vector: Vector) -> bytes:
    """The blob of a vector that lists its chunks."""
    padded = padded_file(vector["size"]) + bytes.fromhex(vector.get("more", ""))
    cipher = AESGCM(bytes.fromhex(vector["sealed_with"]))
    return b"".join(
        cipher.encrypt(number.to_bytes(11, "big") + bytes([last]), padded[begin:end], None)
        for number, last, begin, end in vector["chunks"]
    )


def blob_vectors(made: Scenario) -> dict[str, Vector]:
    """The vectors by the name of their file."""
    return {
        "blobs": {"files": [_file(size) for size in (11, LARGE)], "sizes": [_sizes(size) for size in _SIZES]},
        "attached": {"covers": _covers(made), "compared": _compared(made)},
    }


def _file(size: int) -> Vector:
    sealer = BlobSealer(KEY, size)
    blob = b"".join(sealer.seal([file_of(size)]))
    whole = {"blob_bytes": encode_base64url(blob)} if size < 100 else {}
    return {
        "shake256_of": b"serai file".hex(),
        "size": size,
        "sha256": encode_base64url(sealer.file_digest),
        "key": encode_base64url(KEY),
        "padded": sealer.padded_bytes,
        "chunks": _chunks(sealer.padded_bytes),
        "blob_size": len(blob),
        "blob": encode_base64url(sealer.blob_digest),
        **whole,
    }


def _chunks(padded_bytes: int) -> list[list[int | bool]]:
    begins = range(0, padded_bytes, CHUNK_BYTES)
    return [
        [number, begin + CHUNK_BYTES >= padded_bytes, begin, min(begin + CHUNK_BYTES, padded_bytes)]
        for number, begin in enumerate(begins)
    ]


def _sizes(size: int) -> Vector:
    padded = padded_size(size)
    assert padded_size_in(blob_size(padded)) == padded
    return {"size": size, "padded": padded, "blob_size": blob_size(padded)}


# What does not open


def blobs_refused() -> dict[str, Vector]:
    """Blobs that their reader takes for nothing."""
    first, second, last = _chunks(padded_size(LARGE))
    whole = [first, second, last]
    small = _chunks(2_048)
    other = sha256(b"another file")
    return {
        "blob-cut": _blob("the last chunk is missing", LARGE, [first, second]),
        "blob-cut-and-flagged": _blob("cut, and the last flag on what is left", LARGE, [first, [1, True, *second[2:]]]),
        "blob-reordered": _blob("two chunks change places", LARGE, [second, first, last]),
        "blob-repeated": _blob("a chunk comes twice", LARGE, [first, first, second, last]),
        "blob-extended": _blob(
            "a chunk behind the last one", LARGE, [*whole, [3, True, *last[2:]]], sealed=[*whole[:2], [2, False]]
        ),
        "blob-last-flag": _blob("no chunk has the last flag", LARGE, [first, second, [2, False, *last[2:]]]),
        "blob-flag-early": _blob("the last flag on a chunk that is not", LARGE, [first, [1, True, *second[2:]], last]),
        "blob-empty-chunk": _blob("an empty last chunk", 65_536, [[0, False, 0, 65_536], [1, True, 65_536, 65_536]]),
        "blob-short-chunk": _blob("a chunk that is shorter, before the last", 131_072, _uneven()),
        "blob-padding": _blob("padding that is not zero", 2_047, [[0, True, 1, 2_049]], more="01", shifted=1),
        "blob-padded-more": _blob("more padding than Padmé's", 11, [[0, True, 0, 2_176]], more="00" * 128),
        "blob-padded-less": _blob("less padding than Padmé's", 11, [[0, True, 0, 2_047]]),
        "blob-other-file": _blob("opens to another file than was named", 11, small, sha256=encode_base64url(other)),
        "blob-other-name": _blob("is not the blob that was named", 11, small, blob=encode_base64url(other)),
        "blob-other-key": _blob("is sealed under another key", 11, small, key=encode_base64url(other)),
        "blob-other-size": _blob("the size is of another file with this padding", 11, small, named=12, **_named(11)),
    }


def _named(size: int) -> dict[str, str]:
    return {"sha256": encode_base64url(sha256(file_of(size)))}


def _uneven() -> list[list[int | bool]]:
    return [[0, False, 0, 65_000], [1, True, 65_000, 131_072]]


def _blob(fault: str, size: int, chunks: Iterable[Any], **given: Any) -> Vector:
    """A blob with a fault; the digests named are those of what it has, but where ``given`` says otherwise."""
    sealed, shifted, named = given.pop("sealed", None), given.pop("shifted", 0), given.pop("named", size)
    listed = [list(chunk) for chunk in chunks]
    if sealed:
        listed[2] = [*sealed[2], *listed[2][2:]]
    vector = {"size": size, "sealed_with": KEY.hex(), "chunks": listed, "more": given.pop("more", "")}
    file = (padded_file(size) + bytes.fromhex(vector["more"]))[shifted : shifted + named]
    said = {
        "named_size": named,
        "sha256": encode_base64url(sha256(file)),
        "blob": encode_base64url(sha256(sealed_of(vector))),
        "key": encode_base64url(KEY),
    }
    return {"fault": fault, "kind": "blob", **vector, **said, **given, "code": Code.ATTACHMENT_MISMATCH.value}


# Covers


def _digest(number: int) -> str:
    return encode_base64url(sha256(bytes([number])))


def _cover(made: Scenario, *attached: tuple[int, int]) -> dict[str, Any]:
    named = [{"digest": _digest(number), "size": size} for number, size in attached]
    return scenario.cover(made.sealed[1], attachments=named)


def judged(claims: dict[str, Any]) -> str | None:
    """The code with which composer and hub refuse a cover; ``None`` if they do not."""
    try:
        check_attached(read_cover(claims))
    except SeraiError as error:
        return error.code.value
    return None


def _covers(made: Scenario) -> list[Vector]:
    most = BLOB_CONTENT_BYTES
    covers = [
        _cover(made, (0, 2_048)),
        _cover(made, *((number, 2_048) for number in range(32))),
        _cover(made, *((number, 2_048) for number in range(33))),
        _cover(made, (0, 2_048), (0, 2_048)),
        _cover(made, (0, 2_048), (0, 2_176)),
        _cover(made, (0, 0)),
        _cover(made, (0, 1_024)),
        _cover(made, (0, 2_049)),
        _cover(made, (0, most)),
        _cover(made, (0, most + 8_388_608)),
        _cover(made, *((number, most) for number in range(4))),
        _cover(made, *((number, most) for number in range(4)), (4, 2_048)),
    ]
    return [{"cover": cover, "refused": judged(cover)} for cover in covers]


def attachment(number: int, size: int) -> Vector:
    """An attachment of a report whose blob has the name that a cover of these vectors gives it."""
    return {
        "name": "photo.jpg",
        "media_type": "image/jpeg",
        "size": size,
        "sha256": _digest(100 + number),
        "blob": _digest(number),
        "key": encode_base64url(KEY),
    }


def compared(claims: dict[str, Any], attached: list[Vector]) -> Vector:
    """How a reader compares cover and report."""
    found = compare_attached(read_cover(claims), [Attachment.model_validate(each) for each in attached])
    return {"fits": [fit.value for fit in found.fits], "unnamed": found.unnamed}


def _compared(made: Scenario) -> list[Vector]:
    two = _cover(made, (0, 2_048), (1, 2_176))
    none = scenario.cover(made.sealed[1])
    cases = [
        (two, [attachment(0, 11), attachment(1, 2_049)]),
        (two, [attachment(1, 2_049), attachment(0, 11)]),
        (two, [attachment(0, 2_049), attachment(1, 2_049)]),
        (two, [attachment(1, 2_049)]),
        (two, [attachment(0, 11), attachment(0, 11)]),
        (two, [attachment(0, 11), attachment(2, 11), attachment(1, 2_049)]),
        (two, []),
        (none, [attachment(0, 11)]),
        (none, []),
    ]
    return [{"cover": cover, "report": report, **compared(cover, report)} for cover, report in cases]
