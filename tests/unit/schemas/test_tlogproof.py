"""Proof files and tile paths: one spelling, bounded, nothing believed."""

from __future__ import annotations

from base64 import b64encode

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from schemas.checkpoint import Checkpoint, parse_note, sign_note, verify_note
from schemas.errors import Code, SeraiError
from schemas.merkle import hash_children, hash_leaf, verify_inclusion
from schemas.tlogproof import (
    MAX_EXTRA_BYTES,
    MAX_TLOGPROOF_BYTES,
    TilePath,
    TlogProof,
    encode_tlogproof,
    parse_tile_path,
    parse_tlogproof,
    tile_path,
)

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
ORIGIN = f"serai/caricc/{'q' * 43}/0"
LEFT, RIGHT = hash_leaf(b"left"), hash_leaf(b"right")
NOTE = sign_note(Checkpoint(ORIGIN, 2, hash_children(LEFT, RIGHT)), KEY)
PROOF = TlogProof(1, (LEFT,), NOTE)
TEXT = encode_tlogproof(PROOF)
LEFT_TEXT = b64encode(LEFT).decode()


def test_file_to_the_letter() -> None:
    """A proof file is header, index, hashes, an empty line and the note."""
    assert f"c2sp.org/tlog-proof@v1\nindex 1\n{LEFT_TEXT}\n\n{NOTE}" == TEXT


def test_extra_data_stands_before_the_index() -> None:
    """Extra data has a line of its own and comes back."""
    proof = TlogProof(1, (LEFT,), NOTE, b"more")
    text = encode_tlogproof(proof)
    assert text.startswith("c2sp.org/tlog-proof@v1\nextra bW9yZQ==\nindex 1\n")
    assert parse_tlogproof(text) == proof


def test_file_is_checked_offline() -> None:
    """What is read from a file is enough to verify a leaf with the ledger key alone."""
    proof = parse_tlogproof(TEXT)
    checkpoint = verify_note(parse_note(proof.note_text), ORIGIN, KEY.public_key()).checkpoint
    verify_inclusion(RIGHT, proof.index, checkpoint.size, proof.hashes, checkpoint.root)


def test_single_leaf_has_no_hashes() -> None:
    """A proof without hashes is header, index, empty line, note."""
    proof = TlogProof(0, (), NOTE)
    assert parse_tlogproof(encode_tlogproof(proof)) == proof


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        TEXT.replace("@v1", "@v2"),
        TEXT.replace("\n", "\r\n"),
        "\n" + TEXT,
        TEXT.replace("index 1\n", ""),
        TEXT.replace("index 1", "index 01"),
        TEXT.replace("index 1", "index  1"),
        TEXT.replace("index 1", "index -1"),
        TEXT.replace("index 1", f"index {2**53}"),
        TEXT.replace("index 1\n", "index 1\nextra bW9yZQ==\n"),
        TEXT.replace("index 1\n", "extra bW9yZQ==\nextra bW9yZQ==\nindex 1\n"),
        TEXT.replace("index 1\n", "extra \nindex 1\n"),
        TEXT.replace("index 1\n", "extra bW9yZR==\nindex 1\n"),
        TEXT.replace("index 1\n", "extra bW9yZQ\nindex 1\n"),
        TEXT.replace(LEFT_TEXT, LEFT_TEXT[:-1]),
        TEXT.replace(LEFT_TEXT, LEFT_TEXT + " "),
        TEXT.replace(LEFT_TEXT, b64encode(bytes(31)).decode()),
        TEXT.replace(LEFT_TEXT, b64encode(bytes(33)).decode()),
        TEXT.replace(LEFT_TEXT, "\n".join([LEFT_TEXT] * 65)),
        TEXT.replace(LEFT_TEXT, "A" * MAX_TLOGPROOF_BYTES),
        f"c2sp.org/tlog-proof@v1\nextra {b64encode(bytes(MAX_EXTRA_BYTES + 1)).decode()}\nindex 1\n\n{NOTE}",
    ],
)
def test_files_have_one_spelling(text: str) -> None:
    """A file in any other spelling, or beyond its bounds, is refused."""
    assert text != TEXT
    with pytest.raises(SeraiError) as caught:
        parse_tlogproof(text)
    assert caught.value.code is Code.BAD_PROOF


@pytest.mark.parametrize(
    "text", [TEXT + "\n", TEXT[:-1], TEXT.replace("\n\n", "\n\n\n", 1), TEXT.replace("serai/", "")]
)
def test_note_in_a_file_is_checked_for_form(text: str) -> None:
    """The note in a file has to be in its one spelling too."""
    with pytest.raises(SeraiError) as caught:
        parse_tlogproof(text)
    assert caught.value.code is Code.BAD_CHECKPOINT


def test_largest_file_is_read() -> None:
    """64 hashes, the most extra data and a note are within the bounds together."""
    proof = TlogProof(2**53 - 1, (LEFT,) * 64, NOTE, bytes(MAX_EXTRA_BYTES))
    assert parse_tlogproof(encode_tlogproof(proof)) == proof


@pytest.mark.parametrize(
    "proof",
    [TlogProof(-1, (), NOTE), TlogProof(0, (), "note"), TlogProof(0, (), NOTE, b""), TlogProof(0, (LEFT,) * 65, NOTE)],
)
def test_nothing_is_written_that_cannot_be_read(proof: TlogProof) -> None:
    """A proof that readers would refuse is not written."""
    with pytest.raises(SeraiError):
        encode_tlogproof(proof)


@pytest.mark.parametrize(
    ("tile", "path"),
    [
        (TilePath(0, 0, 256), "tile/0/000"),
        (TilePath(0, 273, 112), "tile/0/273.p/112"),
        (TilePath(1, 1_000, 17), "tile/1/x001/000.p/17"),
        (TilePath(2, 1_234_067, 256), "tile/2/x001/x234/067"),
        (TilePath(63, 999, 1), "tile/63/999.p/1"),
        (TilePath(None, 1_234, 255), "tile/entries/x001/234.p/255"),
        (TilePath(0, 2**53 - 1, 256), "tile/0/x009/x007/x199/x254/x740/991"),
    ],
)
def test_tile_path_both_ways(tile: TilePath, path: str) -> None:
    """A tile has one path, as tlog-tiles writes it, and the path names that tile."""
    assert tile_path(*tile) == path
    assert parse_tile_path(path) == tile


@pytest.mark.parametrize(
    "path",
    [
        "",
        "tile/0",
        "tile/0/",
        "tile/00/000",
        "tile/64/000",
        "tile/-1/000",
        "tile/0/0",
        "tile/0/0000",
        "tile/0/001/000",
        "tile/0/x001/x000",
        "tile/0/x000/001",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/01",
        "tile/0/000.p/",
        "tile/0/000/",
        "/tile/0/000",
        "tile/0/000\n",
        "tile/0/\N{ARABIC-INDIC DIGIT TWO}00",
        "tile/0/../000",
        "tile/Entries/000",
        "tile/0/x999/x999/x999/x999/x999/999",
        "tile/0/" + "x001/" * 1_000 + "000",
    ],
)
def test_other_paths_name_nothing(path: str) -> None:
    """A path in any other spelling is not found."""
    with pytest.raises(SeraiError) as caught:
        parse_tile_path(path)
    assert caught.value.code is Code.NOT_FOUND


@pytest.mark.parametrize("tile", [TilePath(-1, 0, 1), TilePath(64, 0, 1), TilePath(0, -1, 1), TilePath(0, 0, 0)])
def test_no_path_for_no_tile(tile: TilePath) -> None:
    """A tile that cannot be has no path."""
    with pytest.raises(SeraiError) as caught:
        tile_path(*tile)
    assert caught.value.code is Code.NOT_FOUND
