"""The committed head: proofs that hold at it, and tiles at hand that never differ from those stored."""

from __future__ import annotations

import pytest

from broker.core.prover import TileCache
from broker.core.tree import RightEdge, TileId, TileMap, grow
from broker.service import head as module
from broker.service.head import LedgerHead, RecentTiles
from schemas.errors import Code
from schemas.merkle import decode_proof, hash_leaf, root_of, verify_consistency, verify_inclusion
from tests.support.refusals import refused

LEAVES = [hash_leaf(number.to_bytes(4)) for number in range(600)]
SIZES = (1, 2, 3, 255, 256, 257, 600)


def _grown(size: int) -> dict[TileId, bytes]:
    return grow(RightEdge.empty(), LEAVES[:size]).tiles


def _tiles(size: int) -> TileMap:
    return TileMap(_grown(size))


def _head(size: int, cache: TileCache | None = None) -> LedgerHead:
    return LedgerHead(size, f"note of {size}", _tiles(600), cache or TileCache())


class _Counted(TileMap):
    """Tiles that say how often they were read."""

    reads = 0

    def tile(self, level: int, number: int) -> bytes:
        """The tile, counted."""
        self.reads += 1
        return super().tile(level, number)


# LedgerHead


@pytest.mark.parametrize("size", SIZES)
def test_inclusion(size: int) -> None:
    """Each place is proven at the head's size, from tiles that have grown since."""
    head = _head(size)
    for index in {0, size // 2, size - 1}:
        verify_inclusion(LEAVES[index], index, size, decode_proof(head.inclusion(index)), root_of(LEAVES[:size]))


@pytest.mark.parametrize("size", SIZES)
def test_consistency(size: int) -> None:
    """The head is proven to extend each earlier size."""
    head = _head(size)
    for earlier in {1, size // 2 or 1, size}:
        proof = decode_proof(head.consistency(earlier))
        verify_consistency(earlier, root_of(LEAVES[:earlier]), size, root_of(LEAVES[:size]), proof)


def test_consistency_from_nothing() -> None:
    """From nothing there is nothing to prove."""
    assert _head(600).consistency(0) == ""


@pytest.mark.parametrize("beyond", [600, 601])
def test_beyond_the_head(beyond: int) -> None:
    """What stands beyond the head is proven by nothing."""
    head = _head(600)
    with refused(Code.NOT_FOUND):
        head.inclusion(beyond)
    with refused(Code.NOT_FOUND):
        head.consistency(beyond + 1)


def test_same_proof_for_everybody(monkeypatch: pytest.MonkeyPatch) -> None:
    """Proofs of the newest places are encoded once for all recipients; older ones are made again, and are equal."""
    monkeypatch.setattr(module, "_SHARED", 10)
    head = _head(600)
    assert head.inclusion(590) is head.inclusion(590)
    assert head.inclusion(589) == head.inclusion(589)
    assert head.inclusion(589) is not head.inclusion(589)
    assert head.consistency(300) is head.consistency(300)


@pytest.mark.parametrize("size", SIZES)
def test_roots_and_leaves(size: int) -> None:
    """The head gives the roots and leaf hashes that the stored tiles hold."""
    head = _head(size)
    assert head.root == root_of(LEAVES[:size])
    assert head.root_at(size // 2) == root_of(LEAVES[: size // 2])
    assert [head.leaf_hash(index) for index in (0, size - 1)] == [LEAVES[0], LEAVES[size - 1]]


def test_heads_share_what_they_have_read() -> None:
    """A head reads no tile that an earlier head of the same hub has read as wide."""
    tiles, cache = _Counted(_grown(600)), TileCache()
    LedgerHead(600, "", tiles, cache).inclusion(3)
    reads = tiles.reads
    LedgerHead(599, "", tiles, cache).inclusion(3)
    assert (tiles.reads, reads > 0) == (reads, True)


@pytest.mark.parametrize("size", SIZES)
def test_prover_of_an_earlier_size(size: int) -> None:
    """A head proves in the tree as it was at any earlier size."""
    prover = _head(600).prover(size)
    assert prover.root == root_of(LEAVES[:size])
    verify_inclusion(LEAVES[size - 1], size - 1, size, prover.inclusion(size - 1), prover.root)


def test_prover_of_an_earlier_size_reads_what_fits_the_tree_of_today() -> None:
    """A tile that was partial then and is full now is compared with what lies above it today."""
    tiles = {**_grown(600), TileId(0, 0): bytes(32) + _grown(600)[TileId(0, 0)][32:]}
    head = LedgerHead(600, "", TileMap(tiles), TileCache())
    with refused(Code.DAMAGED):
        head.prover(10)


def test_no_prover_of_a_later_size() -> None:
    """Nothing is proven in a tree that is not there yet."""
    with refused(Code.NOT_FOUND):
        _head(257).prover(258)


# RecentTiles


def test_stored_tiles() -> None:
    """What was not added lately is read where it is stored."""
    recent = RecentTiles(_tiles(300))
    assert (recent.tile(0, 1), recent.tile(5, 5)) == (b"".join(LEAVES[256:300]), b"")


def test_added_tiles() -> None:
    """What was added lately is at hand, as wide as the newest commit made it, and is not read."""
    stored = _Counted(_grown(300))
    recent = RecentTiles(stored)
    recent.add({TileId(0, 1): b"".join(LEAVES[256:310])})
    recent.add({TileId(0, 1): b"".join(LEAVES[256:320])})
    assert (recent.tile(0, 1), stored.reads) == (b"".join(LEAVES[256:320]), 0)
    assert recent.tile(0, 0) == b"".join(LEAVES[:256])


def test_few_tiles_are_at_hand() -> None:
    """However many are added, the newest 64 are kept; one that grew again counts as new."""
    stored = _Counted({TileId(0, number): bytes(32) for number in range(100)})
    recent = RecentTiles(stored)
    recent.add({TileId(0, number): bytes(32) for number in range(64)})
    recent.add({TileId(0, 0): bytes(64)})
    recent.add({TileId(0, 64): bytes(32)})
    assert recent.tile(0, 0) == bytes(64)
    assert stored.reads == 0
    recent.tile(0, 1)
    assert stored.reads == 1


def test_cleared() -> None:
    """After clearing, everything is read where it is stored."""
    recent = RecentTiles(_tiles(300))
    recent.add({TileId(0, 1): b"".join(LEAVES[256:320])})
    recent.clear()
    assert recent.tile(0, 1) == b"".join(LEAVES[256:300])
