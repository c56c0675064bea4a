"""`LedgerHead`: the committed head, and proofs at it, encoded once and sent to many, in any thread."""

from __future__ import annotations

from broker.core.prover import Prover, TileCache
from broker.core.tree import TileId, TileSource
from schemas.encoding import Digest, encode_base64url
from schemas.errors import Code, SeraiError

_SHARED = 1_024
"""Proofs of the newest places are kept, because many recipients get the same; older ones are read once."""


class LedgerHead:
    """The ledger as of one commit.

    Args:
        size: leaves.
        note: the signed checkpoint.
        source: committed tiles.
        cache: shared by the heads of one hub and by provers of earlier sizes.
    """

    def __init__(self, size: int, note: str, source: TileSource, cache: TileCache) -> None:
        self.size = size
        self.note = note
        self._cache = cache
        self._prover = Prover(size, source, cache)
        self._inclusion: dict[int, str] = {}
        self._consistency: dict[int, str] = {}

    @property
    def root(self) -> Digest:
        """Root of the tree as the stored tiles give it."""
        return self._prover.root

    def inclusion(self, index: int) -> str:
        """Inclusion proof of a place, base64url."""
        proof = self._inclusion.get(index)
        if proof is None:
            proof = encode_base64url(self._prover.inclusion_bytes(index))
            if self.size - index <= _SHARED:
                self._inclusion[index] = proof
        return proof

    def consistency(self, size: int) -> str:
        """Proof that this head extends an earlier size, base64url; empty from nothing."""
        if size == 0:
            return ""
        proof = self._consistency.get(size)
        if proof is None:
            proof = encode_base64url(self._prover.consistency_bytes(size))
            self._consistency[size] = proof
        return proof

    def leaf_hash(self, index: int) -> Digest:
        """The leaf hash that the tree holds at a place."""
        return self._prover.leaf_hash(index)

    def tile(self, level: int, number: int) -> bytes:
        """Hashes of a tile, as wide as it is at this head."""
        return self._prover.tile(level, number)

    def prover(self, size: int) -> Prover:
        """A prover of the tree at an earlier size; what it reads is checked as part of this tree.

        Raises:
            SeraiError: ``not_found`` if this tree is smaller; ``damaged``.
        """
        if size > self.size:
            raise SeraiError(Code.NOT_FOUND, "the tree is not that large")
        return self._prover if size == self.size else Prover(size, self, self._cache)

    def root_at(self, size: int) -> Digest:
        """Root over the first ``size`` leaves."""
        return self._prover.root_at(size)


class RecentTiles:
    """Committed tiles, the newest of which are at hand (a `TileSource`).

    Args:
        stored: where all of them are.
    """

    def __init__(self, stored: TileSource) -> None:
        self._stored = stored
        self._recent: dict[TileId, bytes] = {}

    def add(self, tiles: dict[TileId, bytes]) -> None:
        """Tiles that a commit has just written."""
        for tile, hashes in tiles.items():
            self._recent.pop(tile, None)
            self._recent[tile] = hashes
        while len(self._recent) > 64:
            self._recent.pop(next(iter(self._recent)))

    def tile(self, level: int, number: int) -> bytes:
        """A tile, as wide as it is now."""
        return self._recent.get(TileId(level, number)) or self._stored.tile(level, number)

    def clear(self) -> None:
        """Forget what is at hand."""
        self._recent.clear()
