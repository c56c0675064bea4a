"""Blobs on the disk: whole or not there, and nobody else's to read."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from clients.store import Spool
from schemas.encoding import Digest, encode_base64url
from schemas.errors import Code, SeraiError

DATA = bytes(range(256)) * 700
DIGEST = encode_base64url(hashlib.sha256(DATA).digest())


def make(spool: Spool, data: bytes = DATA) -> str:
    """A blob in the spool."""
    return spool.make([data[:1000], data[1000:]], lambda: Digest(hashlib.sha256(data).digest()), b"12345678")


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    """An empty one."""
    return Spool(tmp_path / "spool")


def test_blob_is_whole_and_private(spool: Spool) -> None:
    """A blob that was made is read as it was written, in part too, and only its owner can read it."""
    assert make(spool) == DIGEST
    assert b"".join(spool.read(DIGEST)) == DATA
    assert b"".join(spool.read(DIGEST, 70_000, 70_010)) == DATA[70_000:70_010]
    assert spool.size(DIGEST) == len(DATA)
    assert [path.stat().st_mode & 0o777 for path in (spool.folder, *spool.folder.iterdir())] == [0o700, 0o600]


def test_blob_that_is_not_finished_is_not_there(spool: Spool) -> None:
    """What fails while it is made leaves nothing."""

    def pieces() -> object:
        yield DATA
        raise SeraiError(Code.MALFORMED_ATTACHMENT, "the file changed")

    with pytest.raises(SeraiError):
        spool.make(pieces(), lambda: Digest(bytes(32)), b"1")  # type: ignore[arg-type]
    assert list(spool.folder.iterdir()) == []


def test_part_grows_and_gets_its_name(spool: Spool) -> None:
    """A part is written on where it ended, over restarts, and gets its name when its digest holds."""
    for begin in (0, 100_000):
        with Spool(spool.folder).append(DIGEST, len(DATA)) as file:
            file.write(DATA[begin : begin + 100_000])
    assert (spool.part_bytes(DIGEST, len(DATA)), spool.size(DIGEST)) == (len(DATA), None)
    assert spool.complete(DIGEST, len(DATA))
    assert (spool.part_bytes(DIGEST, len(DATA)), spool.size(DIGEST)) == (0, len(DATA))


def test_part_of_another_blob_is_dropped(spool: Spool) -> None:
    """Bytes whose digest is another are not kept under the name."""
    with spool.append(DIGEST, len(DATA)) as file:
        file.write(DATA[:-1] + b"x")
    assert not spool.complete(DIGEST, len(DATA))
    assert (spool.part_bytes(DIGEST, len(DATA)), spool.size(DIGEST)) == (0, None)


def test_what_a_crash_has_left_is_swept(spool: Spool) -> None:
    """Files that nothing names and that are old are removed, and no others."""
    make(spool)
    other = make(spool, b"another" * 100)
    (spool.folder / "aa.making").write_bytes(b"cut off")
    assert spool.sweep({DIGEST}, 0.0) == 0
    assert spool.sweep({DIGEST}, 1e12) == 2
    assert (spool.size(DIGEST), spool.size(other)) == (len(DATA), None)


def test_copy_says_what_is_missing(spool: Spool, tmp_path: Path) -> None:
    """A copy has the blobs that are here, and names those that are not."""
    make(spool)
    absent = encode_base64url(bytes(32))
    assert spool.copy_to(tmp_path / "copy", [DIGEST, absent]) == [absent]
    assert b"".join(Spool(tmp_path / "copy").read(DIGEST)) == DATA


def test_folder_that_is_open_to_others(spool: Spool) -> None:
    """Nothing is written into a folder that others can read."""
    spool.folder.mkdir(mode=0o755)
    spool.folder.chmod(0o755)
    with pytest.raises(SeraiError, match="open to other users"):
        make(spool)


def test_parts_of_two_lengths_lie_apart(spool: Spool) -> None:
    """A part that grows under a wrong length takes nothing from the right one; removing the blob ends both."""
    for size, piece in ((len(DATA), DATA[:1000]), (5, DATA[:5])):
        with spool.append(DIGEST, size) as file:
            file.write(piece)
    assert not spool.complete(DIGEST, 5)
    assert (spool.part_bytes(DIGEST, len(DATA)), spool.part_bytes(DIGEST, 5)) == (1000, 0)
    assert spool.sweep({DIGEST}, 1e12) == 0
    spool.drop(DIGEST)
    assert spool.part_bytes(DIGEST, len(DATA)) == 0
