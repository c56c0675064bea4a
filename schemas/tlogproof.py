"""Texts around the ledger as C2SP writes them: proof files and tile paths (PROTOCOL 8, 10, 11).

A ``tlog-proof`` file holds a place, its inclusion proof and the checkpoint it leads to, so
that it can be checked with no hub. Reading one checks its form only: the caller verifies
the note (`schemas.checkpoint.verify_note`) and then the proof
(`schemas.merkle.verify_inclusion`). Tile paths are those of ``tlog-tiles``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, NamedTuple

from schemas.checkpoint import decode_base64, encode_base64, parse_note
from schemas.encoding import MAX_SAFE_INTEGER, Digest
from schemas.errors import Code, SeraiError
from schemas.merkle import HASH_BYTES, MAX_PROOF_HASHES

MAX_EXTRA_BYTES: Final = 1_024
"""Largest opaque extra data of a proof file."""

MAX_TLOGPROOF_BYTES: Final = 5_120
"""Largest proof file: 64 hashes, the extra data and a note find room in it."""

TILE_WIDTH: Final = 256
"""Hashes, or leaves, in a full tile."""

TILE_HEIGHT: Final = 8
"""Levels of the tree from one level of tiles to the next."""

_HEADER = "c2sp.org/tlog-proof@v1"
_HASH_CHARACTERS = 44
_MAX_LEVEL = 63
_INDEX_LINE = re.compile(r"index (0|[1-9][0-9]{0,15})")
_TILE_PATH = re.compile(
    r"tile/(entries|0|[1-9][0-9]?)/((?:x[0-9]{3}/){0,5}[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?",
)


@dataclass(frozen=True, slots=True)
class TlogProof:
    """Content of a proof file; nothing in it has been verified.

    Attributes:
        index: place of the leaf, from 0.
        hashes: inclusion proof, the leaf's sibling first.
        note_text: the checkpoint's note, a text in the form of `parse_note`.
        extra: opaque data that nothing authenticates, at least one byte; or ``None``.
    """

    index: int
    hashes: tuple[Digest, ...]
    note_text: str
    extra: bytes | None = None


def encode_tlogproof(proof: TlogProof) -> str:
    """Text of a proof file.

    Raises:
        SeraiError: ``bad_proof`` or ``bad_checkpoint`` if `parse_tlogproof` would refuse it.
    """
    lines = [_HEADER]
    if proof.extra is not None:
        lines.append(f"extra {encode_base64(proof.extra)}")
    lines.append(f"index {proof.index}")
    lines.extend(encode_base64(node) for node in proof.hashes)
    text = "\n".join(lines) + "\n\n" + proof.note_text
    parse_tlogproof(text)
    return text


def parse_tlogproof(text: str) -> TlogProof:
    """Read a proof file.

    Raises:
        SeraiError: ``bad_proof`` if it is too large or not in the one accepted spelling,
            ``bad_checkpoint`` if its note is not.
    """
    if len(text) > MAX_TLOGPROOF_BYTES:
        raise SeraiError(Code.BAD_PROOF, f"a proof file of more than {MAX_TLOGPROOF_BYTES} bytes")
    head, separator, note_text = text.partition("\n\n")
    header, *lines = head.split("\n")
    if not separator or header != _HEADER:
        raise SeraiError(Code.BAD_PROOF, "not a tlog-proof of version 1")
    extra = _parse_extra(lines.pop(0)) if lines and lines[0].startswith("extra ") else None
    index = _parse_index(lines.pop(0) if lines else "")
    if len(lines) > MAX_PROOF_HASHES:
        raise SeraiError(Code.BAD_PROOF, f"a proof of more than {MAX_PROOF_HASHES} hashes")
    parse_note(note_text)
    return TlogProof(index, tuple(_parse_hash(line) for line in lines), note_text, extra)


def _parse_extra(line: str) -> bytes:
    data = decode_base64(line.removeprefix("extra "), Code.BAD_PROOF)
    if not 0 < len(data) <= MAX_EXTRA_BYTES:
        raise SeraiError(Code.BAD_PROOF, f"extra data is 1 to {MAX_EXTRA_BYTES} bytes")
    return data


def _parse_index(line: str) -> int:
    match = _INDEX_LINE.fullmatch(line)
    if not match or int(match[1]) > MAX_SAFE_INTEGER:
        raise SeraiError(Code.BAD_PROOF, "no index where it is due")
    return int(match[1])


def _parse_hash(line: str) -> Digest:
    if len(line) != _HASH_CHARACTERS or len(data := decode_base64(line, Code.BAD_PROOF)) != HASH_BYTES:
        raise SeraiError(Code.BAD_PROOF, "a line that is not a hash")
    return Digest(data)


class TilePath(NamedTuple):
    """What a tile path names.

    Attributes:
        level: level of hashes, 0 for leaf hashes; ``None`` for the leaves themselves ("entries").
        number: number of the tile in its level, from 0.
        width: 1 to 255 for a partial tile, 256 for a full one.
    """

    level: int | None
    number: int
    width: int


def tile_path(level: int | None, number: int, width: int = TILE_WIDTH) -> str:
    """Path of a tile below the ledger's address: ``tile/0/x001/x234/067.p/5``.

    Args:
        level: 0 to 63; ``None`` for the leaves themselves.
        number: number of the tile in its level.
        width: 1 to 256; less than 256 is a partial tile.

    Raises:
        SeraiError: ``not_found`` if there is no such tile.
    """
    if not (_is_level(level) and 0 <= number <= MAX_SAFE_INTEGER and 1 <= width <= TILE_WIDTH):
        raise SeraiError(Code.NOT_FOUND, "no such tile")
    *groups, last = re.findall("...", f"{number:0{-(-len(str(number)) // 3) * 3}d}")
    name = "".join(f"x{group}/" for group in groups) + last
    suffix = "" if width == TILE_WIDTH else f".p/{width}"
    return f"tile/{'entries' if level is None else level}/{name}{suffix}"


def _is_level(level: int | None) -> bool:
    return level is None or 0 <= level <= _MAX_LEVEL


def parse_tile_path(path: str) -> TilePath:
    """The tile that a path names.

    Raises:
        SeraiError: ``not_found`` if `tile_path` would not have written it so.
    """
    match = _TILE_PATH.fullmatch(path)
    if not match:
        raise SeraiError(Code.NOT_FOUND, "not a tile path")
    level = None if match[1] == "entries" else int(match[1])
    number = int(match[2].replace("x", "").replace("/", ""))
    width = int(match[3]) if match[3] else TILE_WIDTH
    if tile_path(level, number, width) != path:
        raise SeraiError(Code.NOT_FOUND, "not the canonical path of a tile")
    return TilePath(level, number, width)
