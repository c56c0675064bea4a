"""A named text: one value of what a person reads, with its name, for every skin that shows it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from clients.documents.plain import field


@dataclass(frozen=True, slots=True)
class NamedText:
    """A value with its name, in the reader's language.

    Attributes:
        name: of the value; empty where it goes on with the one before it.
        text: the value; it may have several lines, and letters of others that a skin makes harmless.
        depth: how deep it stands in what is above it; 0 at the edge.
        is_strong: whether a reader must see it first.
        is_written: whether it stands as its sender wrote it, because this program does not know it.
    """

    name: str
    text: str
    depth: int = 0
    is_strong: bool = False
    is_written: bool = False


def strong(name: str, text: str) -> NamedText:
    """A value that a reader must see first."""
    return NamedText(name, text, is_strong=True)


def field_lines(texts: Iterable[NamedText]) -> list[str]:
    """Values within 80 columns, each name at the left, without a colour."""
    return [line for each in texts for line in field(each.name, each.text)]
