"""Blobs: any file comes back, however it is cut into pieces, and nothing else does."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator, Sequence
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.blobs import BlobOpener, BlobSealer, blob_size, padded_size_in
from schemas.encoding import sha256
from schemas.errors import Code, SeraiError
from schemas.limits import CHUNK_BYTES
from schemas.padding import is_padded, padded_size
from tests.support.refusals import refused

KEY = bytes(range(32))
SIZES = st.integers(1, 5_000) | st.integers(CHUNK_BYTES - 3, CHUNK_BYTES + 3) | st.integers(1, 3 * CHUNK_BYTES)
CUTS = st.lists(st.integers(0, 4 * CHUNK_BYTES), max_size=6)


def pieces(data: bytes, cuts: Sequence[int]) -> Iterator[bytes]:
    """The data in pieces, some of them empty."""
    at = [0, *sorted(cuts), len(data)]
    return (data[begin:end] for begin, end in pairwise(at))


def content(size: int) -> bytes:
    """A file that ends in a byte that is not padding."""
    return (b"serai" * (size // 5 + 1))[: size - 1] + b"!"


def sealed(file: bytes, cuts: Sequence[int] = ()) -> tuple[bytes, BlobOpener]:
    """A file's blob, and what opens it."""
    sealer = BlobSealer(KEY, len(file))
    blob = b"".join(sealer.seal(pieces(file, cuts)))
    return blob, BlobOpener(KEY, len(file), sealer.file_digest, sealer.blob_digest)


@settings(deadline=None)
@given(SIZES, CUTS, CUTS)
def test_a_file_comes_back(size: int, cuts: list[int], others: list[int]) -> None:
    """A file is sealed and opened in any pieces, to the same bytes; its blob has the length of its padded size."""
    file = content(size)
    blob, opener = sealed(file, cuts)
    assert b"".join(opener.open(pieces(blob, others))) == file
    assert blob == sealed(file)[0]
    assert len(blob) == blob_size(padded_size(size))
    assert padded_size_in(len(blob)) == padded_size(size)


@settings(deadline=None)
@given(SIZES, st.data())
def test_any_other_bytes_do_not_open(size: int, data: st.DataObject) -> None:
    """A blob that was cut, extended, or has another byte anywhere, opens to nothing."""
    blob, opener = sealed(content(size))
    at = data.draw(st.integers(0, len(blob) - 1))
    spoilt = data.draw(
        st.sampled_from([blob[:at], blob + bytes(16), blob[:at] + bytes([blob[at] ^ 1]) + blob[at + 1 :], blob * 2])
    )
    with refused(Code.ATTACHMENT_MISMATCH):
        b"".join(opener.open([spoilt]))


@given(st.integers(1, 1 << 28))
def test_padded_sizes(length: int) -> None:
    """A padded size is its own, holds what it pads, and adds an eighth at most beyond the least."""
    padded = padded_size(length)
    assert is_padded(padded)
    assert length <= padded <= max(2_048, length + length // 8)


@pytest.mark.parametrize("change", [b"", b"more"])
def test_a_file_that_changes_meanwhile(change: bytes) -> None:
    """A file that grows or shrinks while it is read is no attachment."""
    file = content(100)
    with refused(Code.MALFORMED_ATTACHMENT, "changed"):
        b"".join(BlobSealer(KEY, 100).seal([file[:50] if not change else file + change]))


def test_another_files_padding() -> None:
    """A file that is shorter or longer than was named, in padding of the same size, does not open."""
    file = content(100)
    sealer = BlobSealer(KEY, 100)
    blob = b"".join(sealer.seal([file]))
    for size in (99, 101):
        with refused(Code.ATTACHMENT_MISMATCH):
            b"".join(BlobOpener(KEY, size, sha256(file[:size]), sealer.blob_digest).open([blob]))


def test_memory_does_not_grow_with_the_file() -> None:
    """Sealing and opening 16 MiB needs less than 2 MiB at any time."""
    size, piece = 16 << 20, bytes(1 << 16)
    sealer = BlobSealer(KEY, size)
    names = BlobSealer(KEY, size)
    for _chunk in names.seal(piece for _ in range(size // len(piece))):
        pass
    opener = BlobOpener(KEY, size, names.file_digest, names.blob_digest)
    tracemalloc.start()
    try:
        read = sum(map(len, opener.open(sealer.seal(piece for _ in range(size // len(piece))))))
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert read == size
    assert most < 2 << 20


def test_a_key_has_32_bytes() -> None:
    """A short key is refused, not stretched."""
    for make in (lambda: BlobSealer(bytes(16), 1), lambda: BlobOpener(bytes(16), 1, sha256(b""), sha256(b""))):
        with pytest.raises(SeraiError):
            make()
