"""Proving: the shapes of RFC 9162, the cache, and what is refused."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

import pytest

from broker.core.prover import Prover, TileCache, prove_list
from broker.core.tree import RightEdge, TileId, TileMap, grow
from schemas.errors import Code, SeraiError
from schemas.merkle import (
    EMPTY_ROOT,
    Frontier,
    hash_leaf,
    root_of,
    split_hashes,
    verify_consistency,
    verify_inclusion,
)

LEAVES = [hash_leaf(number.to_bytes(4)) for number in range(1_000)]
TILES = grow(RightEdge.empty(), LEAVES).tiles


class CountingSource:
    """Tiles that remember which were read."""

    def __init__(self, tiles: dict[TileId, bytes]) -> None:
        self.tiles = tiles
        self.read: list[TileId] = []

    def tile(self, level: int, number: int) -> bytes:
        """The tile, noted as read."""
        self.read.append(TileId(level, number))
        return self.tiles.get(TileId(level, number), b"")


def _prover(size: int) -> Prover:
    return Prover(size, TileMap(TILES))


def _proofs(prover: Prover, places: Iterable[int]) -> list[bytes]:
    return [prover.inclusion_bytes(place) for place in places]


def test_inclusion_of_seven() -> None:
    """Proofs in a tree of seven leaves are those drawn in RFC 9162 section 2.1.5."""
    prover = _prover(7)
    assert prover.inclusion(0) == (LEAVES[1], root_of(LEAVES[2:4]), root_of(LEAVES[4:7]))
    assert prover.inclusion(4) == (LEAVES[5], LEAVES[6], root_of(LEAVES[:4]))
    assert prover.inclusion(6) == (root_of(LEAVES[4:6]), root_of(LEAVES[:4]))


def test_consistency_of_seven() -> None:
    """Consistency proofs to seven leaves are those drawn in RFC 9162 section 2.1.5."""
    prover = _prover(7)
    assert prover.consistency(3) == (LEAVES[2], LEAVES[3], root_of(LEAVES[:2]), root_of(LEAVES[4:7]))
    assert prover.consistency(4) == (root_of(LEAVES[4:7]),)
    assert prover.consistency(6) == (root_of(LEAVES[4:6]), LEAVES[6], root_of(LEAVES[:4]))
    assert prover.consistency(7) == ()


def test_empty_and_single_trees() -> None:
    """The empty tree has its root and no proofs; one leaf is proven by nothing."""
    assert _prover(0).root == EMPTY_ROOT
    assert _prover(1).inclusion(0) == ()
    assert _prover(1).root == LEAVES[0]


def test_proofs_hold_across_tiles() -> None:
    """Every proof of a tree of several tiles passes the contract's own verification."""
    prover, root = _prover(1_000), root_of(LEAVES)
    for index, proof in enumerate(_proofs(prover, range(1_000))):
        verify_inclusion(LEAVES[index], index, 1_000, split_hashes(proof), root)
    for size in range(1, 1_001):
        verify_consistency(size, prover.root_at(size), 1_000, root, prover.consistency(size))


def test_tiles_may_be_ahead() -> None:
    """A prover of an earlier size reads the wider tiles of a later one and proves its own size."""
    prover = _prover(300)
    assert prover.root == root_of(LEAVES[:300])
    verify_inclusion(LEAVES[299], 299, 300, prover.inclusion(299), root_of(LEAVES[:300]))


def test_root_and_frontier_of_earlier_sizes() -> None:
    """Any earlier size has its root and frontier, size 0 and the present one included."""
    prover = _prover(700)
    assert prover.root_at(0) == EMPTY_ROOT
    assert prover.root_at(700) == prover.root
    assert prover.frontier_at(513) == Frontier.empty().extend(LEAVES[:513])


@pytest.mark.parametrize("index", [-1, 7, 1 << 60])
def test_no_proof_outside_the_tree(index: int) -> None:
    """A place that the tree does not have is not found."""
    with pytest.raises(SeraiError) as caught:
        _prover(7).inclusion(index)
    assert caught.value.code is Code.NOT_FOUND


@pytest.mark.parametrize("size", [-1, 0, 8])
def test_no_consistency_from_elsewhere(size: int) -> None:
    """Nothing is proven from size 0 or from a size that the tree has not reached."""
    with pytest.raises(SeraiError) as caught:
        _prover(7).consistency(size)
    assert caught.value.code is Code.NOT_FOUND


@pytest.mark.parametrize("size", [-1, 8])
def test_no_root_of_sizes_not_reached(size: int) -> None:
    """A size that the tree has not reached has no root."""
    with pytest.raises(SeraiError) as caught:
        _prover(7).root_at(size)
    assert caught.value.code is Code.NOT_FOUND


def test_run_of_leaves_reads_each_tile_once() -> None:
    """Proving a run of consecutive leaves reads every tile once, however many leaves."""
    source = CountingSource(TILES)
    _proofs(Prover(1_000, source), range(1_000))
    assert sorted(source.read) == sorted(TILES)


def test_cache_follows_the_tree() -> None:
    """A prover of a larger size reads only the tile that got wider."""
    cache, source = TileCache(), CountingSource(TILES)
    growth = grow(RightEdge.empty(), LEAVES[:600])
    _proofs(Prover(600, TileMap(growth.tiles), cache), range(600))
    prover = Prover(700, source, cache)
    proofs = _proofs(prover, range(700))
    assert source.read == [TileId(0, 2)]
    assert proofs == _proofs(_prover(700), range(700))


def test_cache_is_bounded() -> None:
    """A cache of one tile forgets what was used longest ago, and proofs stay right."""
    cache, source = TileCache(max_tiles=1), CountingSource(TILES)
    assert _proofs(Prover(1_000, source, cache), range(1_000)) == _proofs(_prover(1_000), range(1_000))
    assert len(cache) == 1
    assert len(source.read) > len(TILES)


def test_cache_keeps_what_is_used() -> None:
    """The tile that goes is the one used longest ago, not the one read first."""
    cache = TileCache(max_tiles=2)
    for number in (0, 1, 0, 2):
        tile = TileId(0, number)
        cache.keep(tile, cache.find(tile, 256) or cache.extend(tile, TILES[tile]))
    assert [cache.find(TileId(0, number), 256) is not None for number in (0, 1, 2)] == [True, False, True]


def test_cache_forgets_when_told() -> None:
    """After `clear` everything is read again."""
    cache, source = TileCache(), CountingSource(TILES)
    Prover(10, source, cache)
    assert cache.find(TileId(0, 0), 10)
    cache.clear()
    assert not cache.find(TileId(0, 0), 10)
    Prover(10, source, cache)
    assert source.read == [TileId(0, 0)] * 2


def test_changed_tile_is_noticed() -> None:
    """A tile that got wider and has not kept its hashes is reported, not mixed with the old."""
    cache = TileCache()
    Prover(3, TileMap(grow(RightEdge.empty(), LEAVES[:3]).tiles), cache)
    with pytest.raises(SeraiError) as caught:
        Prover(5, TileMap(grow(RightEdge.empty(), LEAVES[2:7]).tiles), cache)
    assert caught.value.code is Code.DAMAGED


@pytest.mark.parametrize("tile", [TileId(0, 0), TileId(0, 2)])
def test_a_full_tile_is_kept_only_if_it_is_what_lies_above_it(tile: TileId) -> None:
    """A full tile with a changed hash is reported each time, and nobody who shares the cache is given it."""
    changed = {**TILES, tile: bytes(32) + TILES[tile][32:]}
    cache = TileCache()
    prover = Prover(1_000, TileMap(changed), cache)
    for _ in range(2):
        with pytest.raises(SeraiError) as caught:
            prover.inclusion(tile.number * 256 + 9)
        assert caught.value.code is Code.DAMAGED
        assert cache.find(tile, 256) is None
    assert Prover(1_000, TileMap(TILES), cache).inclusion(tile.number * 256) == _prover(1_000).inclusion(
        tile.number * 256
    )


def test_threads_may_share_a_cache() -> None:
    """Provers in several threads over one small cache make the proofs that one alone makes."""
    cache, expected = TileCache(max_tiles=2), _proofs(_prover(1_000), range(1_000))

    def prove(start: int) -> bool:
        prover = Prover(1_000, TileMap(TILES), cache)
        places = [(start + 7 * step) % 1_000 for step in range(1_000)]
        return _proofs(prover, places) == [expected[place] for place in places]

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(prove, range(0, 1_000, 125)))


def test_missing_tile_is_noticed() -> None:
    """A tree whose tile is gone is reported as damaged."""
    with pytest.raises(SeraiError) as caught:
        Prover(1_000, TileMap({TileId(0, 3): TILES[TileId(0, 3)], TileId(1, 0): TILES[TileId(1, 0)]})).inclusion(0)
    assert caught.value.code is Code.DAMAGED


def test_list_is_proven_whole() -> None:
    """Every member of a list, as of a dispatch's entries, is proven under the list's root."""
    entries = LEAVES[:301]
    root, proofs = prove_list(entries)
    assert root == root_of(entries)
    assert len(proofs) == 301
    for index, proof in enumerate(proofs):
        verify_inclusion(entries[index], index, 301, split_hashes(proof), root_of(entries))
    assert prove_list([]) == (EMPTY_ROOT, [])
    assert prove_list(entries[:1]) == (entries[0], [b""])
