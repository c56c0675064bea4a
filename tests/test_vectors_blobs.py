"""Blobs are what their committed vectors say, and so is what covers and reports say of them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from schemas.blobs import BlobOpener, BlobSealer, blob_size, padded_size_in
from schemas.encoding import decode_base64url, decode_digest, encode_base64url, sha256
from schemas.errors import Code
from schemas.limits import BLOB_CONTENT_BYTES
from schemas.padding import padded_size
from tests.support.refusals import refused
from tests.vectors.blobs import compared, file_of, judged, sealed_of
from tests.vectors.generate import DIRECTORY


def _load(name: str) -> Any:
    return json.loads((DIRECTORY / f"{name}.json").read_text(encoding="utf-8"))


def test_files() -> None:
    """A file and a key give the blob that is stated, which its chunks make too, and which opens to the file."""
    for vector in _load("blobs")["files"]:
        key, file = decode_base64url(vector["key"], 32), file_of(vector["size"])
        sealer = BlobSealer(key, vector["size"])
        blob = b"".join(sealer.seal([file]))
        assert (len(blob), sealer.padded_bytes) == (vector["blob_size"], vector["padded"])
        assert encode_base64url(sha256(blob)) == vector["blob"] == encode_base64url(sealer.blob_digest)
        assert encode_base64url(sealer.file_digest) == vector["sha256"]
        assert blob == sealed_of({**vector, "sealed_with": key.hex()})
        assert vector.get("blob_bytes") in (None, encode_base64url(blob))
        opener = BlobOpener(key, vector["size"], decode_digest(vector["sha256"]), decode_digest(vector["blob"]))
        assert b"".join(opener.open([blob])) == file


def test_sizes() -> None:
    """Sizes on the edge have the padded size and the length of blob that is stated, both ways."""
    for vector in _load("blobs")["sizes"]:
        assert padded_size(vector["size"]) == vector["padded"]
        assert blob_size(vector["padded"]) == vector["blob_size"]
        assert padded_size_in(vector["blob_size"]) == vector["padded"]


@pytest.mark.parametrize("length", [0, 16, 2_063, 2_065, 65_568, blob_size(BLOB_CONTENT_BYTES) + 1])
def test_lengths_that_no_blob_has(length: int) -> None:
    """An empty chunk, a size that is not Padmé's and one beyond the limit are no blob's."""
    with refused(Code.MALFORMED_ATTACHMENT):
        padded_size_in(length)


def test_what_is_no_file() -> None:
    """Nothing, and more than a blob may have, is sealed by nobody."""
    with refused(Code.MALFORMED_ATTACHMENT):
        BlobSealer(bytes(32), 0)
    with refused(Code.ATTACHMENT_TOO_LARGE):
        BlobSealer(bytes(32), BLOB_CONTENT_BYTES + 1)


def test_covers() -> None:
    """Composer and hub refuse the covers that the vectors say, and a reader marks what differs."""
    vector = _load("attached")
    assert [judged(case["cover"]) for case in vector["covers"]] == [case["refused"] for case in vector["covers"]]
    for case in vector["compared"]:
        assert compared(case["cover"], case["report"]) == {name: case[name] for name in ("fits", "unnamed")}
    assert {case["refused"] for case in vector["covers"]} == {None, "malformed_statement", "attachment_too_large"}
    assert {fit for case in vector["compared"] for fit in case["fits"]} == {"same", "different_size", "not_in_cover"}
