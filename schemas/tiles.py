"""Paths of tiles of the ledger, as C2SP ``tlog-tiles`` writes them (PROTOCOL 10)."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from schemas.encoding import MAX_SAFE_INTEGER
from schemas.errors import Code, SeraiError

TILE_WIDTH: Final = 256
"""Hashes, or leaves, in a full tile."""

TILE_HEIGHT: Final = 8
"""Levels of the tree from one level of tiles to the next."""

_MAX_LEVEL = 63
_TILE_PATH = re.compile(
    r"tile/(entries|0|[1-9][0-9]?)/((?:x[0-9]{3}/){0,5}[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?",
)


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
