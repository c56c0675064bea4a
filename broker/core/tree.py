"""Growing the ledger's Merkle tree (PROTOCOL 8, RFC 9162 section 2.1).

The tree is kept as tiles of 256 hashes (C2SP ``tlog-tiles``): tile n of level l holds the
roots of complete subtrees of 256**l leaves. A hash in a tile never changes; tiles only
get wider. `grow` appends, and needs only the `RightEdge`: a few kilobytes for any size.
Where tiles are stored is left to others; they are read through a `TileSource`. Proofs are
made in `broker.core.prover`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple, Protocol, Self

from schemas.encoding import Digest
from schemas.errors import Code, SeraiError
from schemas.merkle import HASH_BYTES, NODE_PREFIX, Frontier, split_hashes
from schemas.tiles import TILE_HEIGHT, TILE_WIDTH


class TileId(NamedTuple):
    """Name of a tile: its level, 0 for leaf hashes, and its number in the level, from 0."""

    level: int
    number: int


class TileSource(Protocol):
    """Where committed tiles are read."""

    def tile(self, level: int, number: int) -> bytes:
        """The tile as wide as it is now: 32 bytes for each hash, up to 256 hashes.

        It may be wider than the reader's size calls for. ``b""`` if there is none.
        """


class TileMap:
    """Tiles at hand, as a `TileSource`; for what `grow` wrote."""

    def __init__(self, tiles: Mapping[TileId, bytes]) -> None:
        self._tiles = tiles

    def tile(self, level: int, number: int) -> bytes:
        """The tile, or ``b""``."""
        return self._tiles.get(TileId(level, number), b"")


def tile_levels(size: int) -> int:
    """How many levels of tiles a tree of ``size`` leaves has."""
    return -(-size.bit_length() // TILE_HEIGHT)


def tile_width(size: int, level: int, number: int) -> int:
    """Hashes that a tile has in a tree of ``size`` leaves: 0 to 256."""
    return max(0, min(TILE_WIDTH, (size >> TILE_HEIGHT * level) - number * TILE_WIDTH))


def read_tile(source: TileSource, level: int, number: int, width: int) -> bytes:
    """A tile that is at least ``width`` hashes wide.

    Raises:
        SeraiError: ``damaged`` if the source has none such.
    """
    tile = source.tile(level, number)
    if len(tile) < width * HASH_BYTES or len(tile) > TILE_WIDTH * HASH_BYTES or len(tile) % HASH_BYTES:
        raise SeraiError(Code.DAMAGED, f"tile {level}/{number} is not {width} hashes wide")
    return tile


@dataclass(frozen=True, slots=True)
class RightEdge:
    """What appending needs of a tree, however large.

    Attributes:
        frontier: roots of its complete subtrees.
        partials: by level, the hashes of the partial tile at the right; ``b""`` for none.
    """

    frontier: Frontier
    partials: tuple[bytes, ...]

    @classmethod
    def empty(cls) -> Self:
        """The edge of the tree without leaves."""
        return cls(Frontier.empty(), ())

    @classmethod
    def load(cls, size: int, source: TileSource) -> Self:
        """The edge of a stored tree, from one partial tile a level.

        The caller compares ``frontier.root()`` with the checkpoint before it appends.

        Raises:
            SeraiError: ``damaged`` if a tile is narrower than the size calls for.
        """
        partials: list[bytes] = []
        hashes: tuple[Digest, ...] = ()
        while (level := len(partials)) < tile_levels(size):
            number, width = divmod(size >> TILE_HEIGHT * level, TILE_WIDTH)
            tile = read_tile(source, level, number, width) if width else b""
            partials.append(tile[: width * HASH_BYTES])
            hashes = Frontier.empty().extend(split_hashes(partials[-1])).hashes + hashes
        return cls(Frontier(size, hashes), tuple(partials))


@dataclass(frozen=True, slots=True)
class Growth:
    """A tree after appending.

    Attributes:
        edge: the new right edge, to append to next.
        root: the new root.
        tiles: every tile that is new or wider than before, whole; a tile replaces the
            narrower one of the same name.
    """

    edge: RightEdge
    root: Digest
    tiles: dict[TileId, bytes]


def grow(edge: RightEdge, leaf_hashes: Iterable[bytes]) -> Growth:
    """Append leaves, at about one hash for each.

    Args:
        edge: right edge of the tree so far.
        leaf_hashes: 32-byte leaf hashes in order.

    Raises:
        SeraiError: ``bad_proof`` if a leaf hash is not 32 bytes.
    """
    grower = _Grower(edge)
    for leaf_hash in leaf_hashes:
        if len(leaf_hash) != HASH_BYTES:
            raise SeraiError(Code.BAD_PROOF, "a leaf hash that is not 32 bytes")
        grower.append(leaf_hash)
    return grower.growth()


class _Grower:
    """A tree while leaves are appended: the frontier as a stack, the partial tiles as rows."""

    def __init__(self, edge: RightEdge) -> None:
        self._size = edge.frontier.size
        self._stack: list[bytes] = list(edge.frontier.hashes)
        self._rows = [bytearray(partial) for partial in edge.partials]
        self._touched: set[int] = set()
        self._tiles: dict[TileId, bytes] = {}

    def append(self, leaf_hash: bytes) -> None:
        self._lay(0, leaf_hash)
        node, carry, height = leaf_hash, self._size, 0
        while carry & 1:
            node = hashlib.sha256(NODE_PREFIX + self._stack.pop() + node).digest()
            carry >>= 1
            height += 1
            if height % TILE_HEIGHT == 0:
                self._lay(height // TILE_HEIGHT, node)
        self._stack.append(node)
        self._size += 1

    def _lay(self, level: int, node: bytes) -> None:
        if level == len(self._rows):
            self._rows.append(bytearray())
        row = self._rows[level]
        row += node
        self._touched.add(level)
        if len(row) == TILE_WIDTH * HASH_BYTES:
            self._write(level, row)
            row.clear()

    def _write(self, level: int, row: bytearray) -> None:
        self._tiles[TileId(level, self._size >> TILE_HEIGHT * (level + 1))] = bytes(row)

    def growth(self) -> Growth:
        for level in sorted(self._touched):
            if self._rows[level]:
                self._write(level, self._rows[level])
        frontier = Frontier(self._size, tuple(Digest(node) for node in self._stack))
        return Growth(RightEdge(frontier, tuple(bytes(row) for row in self._rows)), frontier.root(), self._tiles)
