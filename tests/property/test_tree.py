"""The tree against the recursive definitions of RFC 9162 section 2.1, at any size."""

from __future__ import annotations

from functools import cache
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker.core.prover import Prover, TileCache
from broker.core.tree import RightEdge, TileId, TileMap, grow
from schemas.encoding import sha256
from schemas.errors import Code, SeraiError
from schemas.merkle import Frontier, hash_leaf, verify_consistency, verify_inclusion

LEAVES = [hash_leaf(number.to_bytes(4)) for number in range(66_500)]
TILES = TileMap(grow(RightEdge.empty(), LEAVES).tiles)

SMALL = st.integers(1, 600)
# Beyond 65,536 leaves there is a third level of tiles.
LARGE = st.one_of(st.integers(601, len(LEAVES)), st.integers(65_500, len(LEAVES)))
SIZES = st.one_of(SMALL, LARGE)


@cache
def naive_root(start: int, end: int) -> bytes:
    """MTH of leaves ``start`` to ``end``, as defined."""
    if end - start <= 1:
        return LEAVES[start] if end > start else sha256(b"")
    middle = start + _split(end - start)
    return sha256(b"\x01" + naive_root(start, middle) + naive_root(middle, end))


def _split(size: int) -> int:
    power = 1
    while power * 2 < size:
        power *= 2
    return power


def naive_path(index: int, start: int, end: int) -> tuple[bytes, ...]:
    """PATH of the leaf ``index`` of leaves ``start`` to ``end``, as defined."""
    if end - start == 1:
        return ()
    middle = start + _split(end - start)
    if index < middle:
        return (*naive_path(index, start, middle), naive_root(middle, end))
    return (*naive_path(index, middle, end), naive_root(start, middle))


def naive_subproof(size: int, start: int, end: int, whole: bool) -> tuple[bytes, ...]:
    """SUBPROOF that the first leaves up to ``size`` are in leaves ``start`` to ``end``, as defined."""
    if size == end:
        return () if whole else (naive_root(start, end),)
    middle = start + _split(end - start)
    if size <= middle:
        return (*naive_subproof(size, start, middle, whole), naive_root(middle, end))
    return (*naive_subproof(size, middle, end, False), naive_root(start, middle))


@given(SIZES, st.data())
def test_inclusion_is_the_path(size: int, data: st.DataObject) -> None:
    """An inclusion proof is PATH of the definition, and verifies."""
    index = data.draw(st.integers(0, size - 1))
    prover = Prover(size, TILES)
    assert prover.root == naive_root(0, size)
    assert prover.inclusion(index) == naive_path(index, 0, size)
    verify_inclusion(LEAVES[index], index, size, prover.inclusion(index), prover.root)


@given(SIZES, st.data())
def test_consistency_is_the_subproof(size: int, data: st.DataObject) -> None:
    """A consistency proof is PROOF of the definition, and verifies."""
    size1 = data.draw(st.integers(1, size))
    prover = Prover(size, TILES)
    assert prover.root_at(size1) == naive_root(0, size1)
    assert prover.consistency(size1) == naive_subproof(size1, 0, size, True)
    verify_consistency(size1, naive_root(0, size1), size, prover.root, prover.consistency(size1))


@given(SIZES, st.data())
def test_run_equals_single_proofs(size: int, data: st.DataObject) -> None:
    """A run of proofs, in any order, is the proofs made one by one."""
    start = data.draw(st.integers(0, size - 1))
    run = [*range(start, min(size, start + 600), 7), *data.draw(st.lists(st.integers(0, size - 1), max_size=5))]
    prover = Prover(size, TILES)
    for index in run:
        assert prover.inclusion_bytes(index) == b"".join(naive_path(index, 0, size))


@given(st.lists(st.integers(0, 300), max_size=8))
def test_batches_make_one_tree(batches: list[int]) -> None:
    """However leaves are grouped into batches, edge, root and tiles come out the same."""
    edge, tiles, size = RightEdge.empty(), dict[TileId, bytes](), 0
    for count in batches:
        growth = grow(edge, LEAVES[size : size + count])
        edge, size = growth.edge, size + count
        tiles |= growth.tiles
        assert growth.root == naive_root(0, size)
    at_once = grow(RightEdge.empty(), LEAVES[:size])
    assert (edge, tiles) == (at_once.edge, at_once.tiles)
    assert RightEdge.load(size, TileMap(tiles)) == edge


@given(LARGE, st.integers(0, 600))
def test_growing_goes_on_from_a_loaded_edge(size: int, count: int) -> None:
    """A large stored tree is taken up from its tiles and grows to the root of the definition."""
    count = min(count, len(LEAVES) - size)
    growth = grow(RightEdge.load(size, TILES), LEAVES[size : size + count])
    assert growth.root == naive_root(0, size + count)
    assert growth.edge == RightEdge.load(size + count, TILES)


@given(st.lists(SIZES, min_size=1, max_size=5), st.integers(1, 4), st.data())
def test_shared_cache_changes_no_proof(sizes: list[int], max_tiles: int, data: st.DataObject) -> None:
    """Provers of any sizes in any order may share a small cache over tiles just wide enough."""
    shared = TileCache(max_tiles)
    for size in sizes:
        index = data.draw(st.integers(0, size - 1))
        prover = Prover(size, TILES, shared)
        assert prover.inclusion(index) == naive_path(index, 0, size)
        assert prover.consistency(index + 1) == naive_subproof(index + 1, 0, size, True)


@given(st.lists(st.integers(0, 600), max_size=6))
def test_frontier_root_is_the_root(batches: list[int]) -> None:
    """A frontier extended in any batches has the tree's root."""
    frontier, size = Frontier.empty(), 0
    ends = [sum(batches[:count]) for count in range(len(batches) + 1)]
    for start, end in pairwise(ends):
        frontier, size = frontier.extend(LEAVES[start:end]), end
    assert (frontier.size, frontier.root()) == (size, naive_root(0, size))


def _flip(hashes: tuple[bytes, ...], bit: int) -> list[bytes]:
    which, inside = divmod(bit, 256)
    flipped = int.from_bytes(hashes[which]) ^ (1 << inside)
    return [*hashes[:which], flipped.to_bytes(32), *hashes[which + 1 :]]


@given(st.integers(2, 600), st.data())
def test_flipped_bit_of_inclusion(size: int, data: st.DataObject) -> None:
    """An inclusion proof, its leaf or its root with any one bit flipped is refused."""
    index = data.draw(st.integers(0, size - 1))
    hashes = (LEAVES[index], naive_root(0, size), *naive_path(index, 0, size))
    leaf_hash, root, *proof = _flip(hashes, data.draw(st.integers(0, 256 * len(hashes) - 1)))
    with pytest.raises(SeraiError) as caught:
        verify_inclusion(leaf_hash, index, size, proof, root)
    assert caught.value.code is Code.BAD_PROOF


@given(st.integers(2, 600), st.data())
def test_flipped_bit_of_consistency(size: int, data: st.DataObject) -> None:
    """A consistency proof or one of its roots with any one bit flipped is refused."""
    size1 = data.draw(st.integers(1, size - 1))
    hashes = (naive_root(0, size1), naive_root(0, size), *naive_subproof(size1, 0, size, True))
    root1, root2, *proof = _flip(hashes, data.draw(st.integers(0, 256 * len(hashes) - 1)))
    with pytest.raises(SeraiError) as caught:
        verify_consistency(size1, root1, size, root2, proof)
    assert caught.value.code is Code.BAD_PROOF


@given(SMALL, st.data())
def test_proof_holds_at_one_place_only(size: int, data: st.DataObject) -> None:
    """A proof that is good at one place is refused at any other, and with a hash more or less."""
    index, other = data.draw(st.integers(0, size - 1)), data.draw(st.integers(0, size - 1))
    proof, root = naive_path(index, 0, size), naive_root(0, size)
    wrong = [(index, (*proof, root)), (index, (root, *proof))]
    wrong += [(index, proof[:-1]), (index, proof[1:])] if proof else []
    wrong += [(other, proof)] if other != index else []
    for place, hashes in wrong:
        with pytest.raises(SeraiError, match="bad_proof"):
            verify_inclusion(LEAVES[index], place, size, hashes, root)
