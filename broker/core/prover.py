"""Proving from the ledger's Merkle tree (PROTOCOL 8, RFC 9162 section 2.1).

`Prover` makes inclusion and consistency proofs at one size from the tiles that
`broker.core.tree` lays. What is computed from a tile holds for every later size, so the
provers of all sizes share one `TileCache`.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Sequence
from threading import Lock
from typing import Final

from broker.core.tree import TileId, TileSource, read_tile, tile_width
from schemas.encoding import Digest
from schemas.errors import Code, SeraiError
from schemas.merkle import EMPTY_ROOT, HASH_BYTES, NODE_PREFIX, Frontier, hash_children, split_hashes
from schemas.tiles import TILE_HEIGHT, TILE_WIDTH

DEFAULT_CACHE_TILES: Final = 900
"""Tiles that a cache keeps: each takes at most 17 KiB, so at most 15 MiB."""

_PAIR_BYTES = 2 * HASH_BYTES
Rows = tuple[bytes, ...]
_NO_ROWS: Rows = (b"",) * TILE_HEIGHT


class TileCache:
    """Inner nodes of the tiles used last, shared by provers of all sizes of one tree, in any thread.

    The *rows* of a tile are its complete subtrees: row h joins the roots of those of 2**h of its
    hashes. Nothing in them grows stale. That holds for committed tiles: never let a prover over
    uncommitted ones share a cache.

    Args:
        max_tiles: how many tiles to keep.
    """

    def __init__(self, max_tiles: int = DEFAULT_CACHE_TILES) -> None:
        self._max_tiles = max_tiles
        self._tiles: OrderedDict[TileId, Rows] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._tiles)

    def clear(self) -> None:
        """Forget everything; after a restore, or when the stored tree was found damaged."""
        with self._lock:
            self._tiles.clear()

    def find(self, tile: TileId, width: int) -> Rows | None:
        """The rows of a tile, if it is kept as wide as that."""
        with self._lock:
            rows = self._tiles.get(tile)
            if rows is None or len(rows[0]) < width * HASH_BYTES:
                return None
            self._tiles.move_to_end(tile)
            return rows

    def extend(self, tile: TileId, hashes: bytes) -> Rows:
        """The rows of a tile that has just been read, from those that are kept of it; nothing is kept yet.

        Raises:
            SeraiError: ``damaged`` if the stored tile is not what it was.
        """
        rows = self._tiles.get(tile, _NO_ROWS)
        return rows if rows[0].startswith(hashes) else _extend_rows(rows, hashes)

    def keep(self, tile: TileId, rows: Rows) -> None:
        """Keep the rows of a tile, once whatever can be checked of them has been."""
        with self._lock:
            if len(self._tiles.get(tile, _NO_ROWS)[0]) < len(rows[0]):
                self._tiles[tile] = rows
            self._tiles.move_to_end(tile)
            while len(self._tiles) > self._max_tiles:
                self._tiles.popitem(last=False)


def _extend_rows(rows: Rows, tile: bytes) -> Rows:
    if not tile.startswith(rows[0]):
        raise SeraiError(Code.DAMAGED, "a stored tile is not what it was")
    below, extended = tile, [tile]
    for row in rows[1:]:
        starts = range(2 * len(row), len(below) - HASH_BYTES, _PAIR_BYTES)
        new = (hashlib.sha256(NODE_PREFIX + below[at : at + _PAIR_BYTES]).digest() for at in starts)
        below = row + b"".join(new)
        extended.append(below)
    return tuple(extended)


class Prover:
    """Proofs from one tree at one size.

    An inclusion proof is the siblings of a path that are complete subtrees, then a *tail*
    that depends only on the height where the path meets the path of the last leaf: the
    rest of the tree to the right, if any, and all complete subtrees further left. Tails are
    computed once.

    Args:
        size: number of leaves.
        source: committed tiles of this tree at this size or a larger one.
        cache: shared with the provers of other sizes; one of its own if ``None``.

    Raises:
        SeraiError: ``damaged`` from any method if a stored tile is missing, too narrow, or full and
            not what the tile above says. Partial tiles are right if the `root` is.
    """

    def __init__(self, size: int, source: TileSource, cache: TileCache | None = None) -> None:
        self.size = size
        self._source = source
        self._cache = TileCache() if cache is None else cache
        self._tails, self._root = self._prepare()
        self._last: tuple[int, Rows, bytes] = (-1, _NO_ROWS, b"")

    def _prepare(self) -> tuple[list[bytes], Digest]:
        """Tails by meeting height, and the root; both from the path of the last leaf."""
        if not self.size:
            return [], EMPTY_ROOT
        last, lefts, edges = self.size - 1, [], [self._node(0, self.size - 1)]
        for height in range(last.bit_length()):
            left = self._node(height, (last >> height) - 1) if last >> height & 1 else None
            lefts.append(left or b"")
            edges.append(hash_children(left, edges[-1]) if left else edges[-1])
        tails = [b"".join(lefts)]
        tails += [edges[height] + b"".join(lefts[height + 1 :]) for height in range(len(lefts))]
        return tails, edges[-1]

    @property
    def root(self) -> Digest:
        """Root of the tree; compare it with the checkpoint's before proofs are handed out."""
        return self._root

    def inclusion(self, index: int) -> tuple[Digest, ...]:
        """Inclusion proof of a leaf (RFC 9162 section 2.1.3.1).

        Raises:
            SeraiError: ``not_found`` if the tree has no such place.
        """
        return split_hashes(self.inclusion_bytes(index))

    def inclusion_bytes(self, index: int) -> bytes:
        """Inclusion proof of a leaf, its hashes joined: what travels, before base64url.

        Raises:
            SeraiError: ``not_found`` if the tree has no such place.
        """
        if not 0 <= index < self.size:
            raise SeraiError(Code.NOT_FOUND, "no such place in the tree")
        rows, above = self._around(index >> TILE_HEIGHT)
        meeting = (index ^ (self.size - 1)).bit_length()
        if meeting <= TILE_HEIGHT:
            return _path(rows, index, 0, meeting - 1) + self._tails[meeting]
        return _path(rows, index, 0, TILE_HEIGHT) + above

    def _around(self, number: int) -> tuple[Rows, bytes]:
        """The rows of a tile of leaf hashes, and how the proofs of its leaves go on above it."""
        known, rows, above = self._last
        if known != number:  # a run of leaves pays once for what they share
            rows, above = self._rows(0, number), b""
            if meeting := (number ^ (self.size - 1 >> TILE_HEIGHT)).bit_length():
                high = TILE_HEIGHT + meeting
                above = self._siblings(number << TILE_HEIGHT, TILE_HEIGHT, high - 1) + self._tails[high]
            self._last = (number, rows, above)
        return rows, above

    def consistency(self, size1: int) -> tuple[Digest, ...]:
        """Proof that this tree extends its first ``size1`` leaves (RFC 9162 section 2.1.4.1).

        Raises:
            SeraiError: ``not_found`` if ``size1`` is 0 or larger than the tree.
        """
        return split_hashes(self.consistency_bytes(size1))

    def consistency_bytes(self, size1: int) -> bytes:
        """The consistency proof from ``size1``, its hashes joined.

        Raises:
            SeraiError: ``not_found`` if ``size1`` is 0 or larger than the tree.
        """
        if not 0 < size1 <= self.size:
            raise SeraiError(Code.NOT_FOUND, "nothing to prove from that size")
        if size1 == self.size:
            return b""
        # It is the path of the largest complete subtree that ends at size1, and that subtree's
        # root before it, unless the earlier tree is just this subtree.
        last, height = size1 - 1, (size1 & -size1).bit_length() - 1
        meeting = (last ^ (self.size - 1)).bit_length()
        seed = b"" if size1.bit_count() == 1 else self._node(height, last >> height)
        return seed + self._siblings(last, height, meeting - 1) + self._tails[meeting]

    def leaf_hash(self, index: int) -> Digest:
        """The leaf hash at a place.

        Raises:
            SeraiError: ``not_found`` if the tree has no such place.
        """
        if not 0 <= index < self.size:
            raise SeraiError(Code.NOT_FOUND, "no such place in the tree")
        at = index % TILE_WIDTH * HASH_BYTES
        return Digest(self._around(index >> TILE_HEIGHT)[0][0][at : at + HASH_BYTES])

    def tile(self, level: int, number: int) -> bytes:
        """Hashes of a tile, as wide as it is in this tree."""
        return self._rows(level, number)[0]

    def root_at(self, size: int) -> Digest:
        """Root over the first ``size`` leaves.

        Raises:
            SeraiError: ``not_found`` if the tree is smaller.
        """
        return self.frontier_at(size).root()

    def frontier_at(self, size: int) -> Frontier:
        """Frontier of the first ``size`` leaves.

        Raises:
            SeraiError: ``not_found`` if the tree is smaller.
        """
        if not 0 <= size <= self.size:
            raise SeraiError(Code.NOT_FOUND, "the tree is not that large")
        heights = [height for height in reversed(range(size.bit_length())) if size >> height & 1]
        return Frontier(size, tuple(self._node(height, (size >> height) - 1) for height in heights))

    def _rows(self, level: int, number: int) -> Rows:
        tile, width = TileId(level, number), tile_width(self.size, level, number)
        return self._cache.find(tile, width) or self._read(tile, width)

    def _read(self, tile: TileId, width: int) -> Rows:
        # No wider than asked for: what is kept of a full tile has been checked, also for other threads.
        hashes = read_tile(self._source, tile.level, tile.number, width)[: width * HASH_BYTES]
        rows = self._cache.extend(tile, hashes)
        if width == TILE_WIDTH:
            self._check(tile, rows)
        self._cache.keep(tile, rows)
        return rows

    def _check(self, tile: TileId, rows: Rows) -> None:
        """A full tile that was just read, against its root in the tile above; so up to the root of the tree."""
        top = rows[TILE_HEIGHT - 1]
        if hash_children(top[:HASH_BYTES], top[HASH_BYTES:]) != self._node(TILE_HEIGHT * (tile.level + 1), tile.number):
            raise SeraiError(Code.DAMAGED, f"tile {tile.level}/{tile.number} is not what lies above it")

    def _node(self, height: int, index: int) -> Digest:
        """Root of the complete subtree that is number ``index`` among those of 2**height leaves."""
        level, inside = divmod(height, TILE_HEIGHT)
        number, place = divmod(index << inside, TILE_WIDTH)
        at = (place >> inside) * HASH_BYTES
        return Digest(self._rows(level, number)[inside][at : at + HASH_BYTES])

    def _siblings(self, index: int, low: int, high: int) -> bytes:
        """Siblings of a leaf's path from height ``low`` to below ``high``, all complete subtrees, joined."""
        parts: list[bytes] = []
        while low < high:
            level = low // TILE_HEIGHT
            number, place = divmod(index >> TILE_HEIGHT * level, TILE_WIDTH)
            top = min(TILE_HEIGHT, high - TILE_HEIGHT * level)
            parts.append(_path(self._rows(level, number), place, low % TILE_HEIGHT, top))
            low = TILE_HEIGHT * (level + 1)
        return b"".join(parts)


def _path(rows: Rows, index: int, low: int, high: int) -> bytes:
    """Siblings within a tile of the path of one of its hashes, from one height to below another."""
    place, parts = index % TILE_WIDTH, []
    for height in range(low, high):
        at = ((place >> height) ^ 1) * HASH_BYTES
        parts.append(rows[height][at : at + HASH_BYTES])
    return b"".join(parts)


def prove_list(leaf_hashes: Sequence[bytes]) -> tuple[Digest, list[bytes]]:
    """Root and joined inclusion proofs of a list that is held in memory whole.

    Raises:
        SeraiError: ``bad_proof`` if a leaf hash is not 32 bytes.
    """
    if any(len(leaf_hash) != HASH_BYTES for leaf_hash in leaf_hashes):
        raise SeraiError(Code.BAD_PROOF, "a leaf hash that is not 32 bytes")
    paths: list[list[bytes]] = [[] for _ in leaf_hashes]
    root = _join(leaf_hashes, paths, 0, len(leaf_hashes)) if leaf_hashes else EMPTY_ROOT
    return root, [b"".join(path) for path in paths]


def _join(leaf_hashes: Sequence[bytes], paths: list[list[bytes]], start: int, end: int) -> Digest:
    """Root over a part of a list; each leaf's path gets the sibling it has there (RFC 9162 section 2.1.1)."""
    if end - start == 1:
        return Digest(leaf_hashes[start])
    middle = start + (1 << (end - start - 1).bit_length() - 1)
    left, right = _join(leaf_hashes, paths, start, middle), _join(leaf_hashes, paths, middle, end)
    for path in paths[start:middle]:
        path.append(right)
    for path in paths[middle:end]:
        path.append(left)
    return hash_children(left, right)
