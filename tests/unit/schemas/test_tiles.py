"""Paths of tiles: one for each."""

from __future__ import annotations

import pytest

from schemas.errors import Code, SeraiError
from schemas.tiles import TilePath, parse_tile_path, tile_path


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
