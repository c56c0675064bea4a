"""Growing the tree: which tiles are written, how wide, and what is refused."""

from __future__ import annotations

import pytest

from broker.core.tree import RightEdge, TileId, TileMap, grow, read_tile, tile_levels, tile_width
from schemas.errors import Code, SeraiError
from schemas.merkle import EMPTY_ROOT, Frontier, hash_leaf, root_of

LEAVES = [hash_leaf(number.to_bytes(4)) for number in range(600)]
TILE_ROOT = root_of(LEAVES[:256])


def _joined(leaves: list[bytes]) -> bytes:
    return b"".join(leaves)


def test_first_leaf() -> None:
    """One leaf makes one partial tile, and is the root."""
    growth = grow(RightEdge.empty(), LEAVES[:1])
    assert growth.tiles == {TileId(0, 0): LEAVES[0]}
    assert (growth.root, growth.edge.frontier.size) == (LEAVES[0], 1)


def test_no_leaves() -> None:
    """Appending nothing writes nothing and keeps the root."""
    growth = grow(RightEdge.empty(), [])
    assert (growth.tiles, growth.root, growth.edge) == ({}, EMPTY_ROOT, RightEdge.empty())


def test_full_tile_enters_the_level_above() -> None:
    """256 leaves are a full tile, and its root alone in a partial tile above, as tlog-tiles says."""
    growth = grow(RightEdge.empty(), LEAVES[:256])
    assert growth.tiles == {TileId(0, 0): _joined([*LEAVES[:256]]), TileId(1, 0): TILE_ROOT}
    assert growth.edge.partials == (b"", TILE_ROOT)


def test_partial_tile_is_replaced_whole() -> None:
    """A tile that gets wider is written again with what it had; tiles left alone are not."""
    before = grow(RightEdge.empty(), LEAVES[:300])
    growth = grow(before.edge, LEAVES[300:310])
    assert growth.tiles == {TileId(0, 1): _joined([*LEAVES[256:310]])}
    assert growth.root == root_of(LEAVES[:310])


def test_batch_across_tiles() -> None:
    """A batch that ends one tile and begins the next writes both, and the level above."""
    before = grow(RightEdge.empty(), LEAVES[:250])
    growth = grow(before.edge, LEAVES[250:])
    second = root_of(LEAVES[256:512])
    assert growth.tiles == {
        TileId(0, 0): _joined([*LEAVES[:256]]),
        TileId(0, 1): _joined([*LEAVES[256:512]]),
        TileId(0, 2): _joined([*LEAVES[512:]]),
        TileId(1, 0): TILE_ROOT + second,
    }


def test_row_that_comes_round_to_the_same_width() -> None:
    """A batch of exactly 256 writes the new partial tile although it is as wide as the one before."""
    before = grow(RightEdge.empty(), LEAVES[:10])
    growth = grow(before.edge, LEAVES[10:266])
    assert growth.tiles[TileId(0, 1)] == _joined([*LEAVES[256:266]])


def test_growing_changes_nothing_that_was_given() -> None:
    """A growth that is thrown away leaves the edge fit to append something else."""
    edge = grow(RightEdge.empty(), LEAVES[:5]).edge
    grow(edge, LEAVES[100:120])
    assert grow(edge, LEAVES[5:6]).root == root_of(LEAVES[:6])


def test_tile_widths_of_the_specification() -> None:
    """A tree of 70,000 leaves has the tiles that tlog-tiles counts for it."""
    assert tile_levels(70_000) == 3
    assert [tile_width(70_000, 0, number) for number in (0, 272, 273, 274)] == [256, 256, 112, 0]
    assert [tile_width(70_000, 1, number) for number in (0, 1, 2)] == [256, 17, 0]
    assert tile_width(70_000, 2, 0) == 1


def test_levels_begin_where_a_tile_is_full() -> None:
    """A level of tiles appears with the first full tile below it."""
    assert [tile_levels(size) for size in (0, 1, 255, 256, 65_535, 65_536)] == [0, 1, 1, 2, 2, 3]


def test_hashes_of_other_lengths_are_refused() -> None:
    """A leaf hash that is not 32 bytes is not appended."""
    with pytest.raises(SeraiError) as caught:
        grow(RightEdge.empty(), [LEAVES[0], b"leaf"])
    assert caught.value.code is Code.BAD_PROOF


def test_edge_is_loaded_from_its_tiles() -> None:
    """The edge of a stored tree is the one that growing left, also from wider tiles."""
    edge = grow(RightEdge.empty(), LEAVES[:520]).edge
    wider = TileMap(grow(RightEdge.empty(), LEAVES).tiles)
    assert RightEdge.load(520, wider) == edge
    assert RightEdge.load(0, TileMap({})) == RightEdge.empty()
    assert edge.frontier == Frontier.empty().extend(LEAVES[:520])


@pytest.mark.parametrize("tile", [b"", bytes(32), bytes(65), bytes(32 * 257)], ids=["none", "narrow", "odd", "wide"])
def test_damaged_tiles_are_not_read(tile: bytes) -> None:
    """A tile that is missing, too narrow, too wide or no row of hashes is reported as damaged."""
    with pytest.raises(SeraiError) as caught:
        RightEdge.load(2, TileMap({TileId(0, 0): tile}))
    assert caught.value.code is Code.DAMAGED


def test_wider_tile_is_read() -> None:
    """A tile may be wider than asked for, up to full."""
    assert len(read_tile(TileMap({TileId(0, 0): bytes(8_192)}), 0, 0, 3)) == 8_192
