"""What a paper is made of. Texts are plain: nothing in one is ever read as markup."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias


class PdfTone(Enum):
    """What a text is; told apart on a black and white sheet too."""

    PLAIN = "plain"
    STRONG = "strong"
    QUIET = "quiet"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class PdfHeading:
    """A heading.

    Attributes:
        text: of it.
        level: 1 for a part, 2 for a section, 3 below; none is left out on the way down.
    """

    text: str
    level: int = 2


@dataclass(frozen=True, slots=True)
class PdfText:
    """A paragraph.

    Attributes:
        text: of it; a line feed begins a new line.
        tone: what it is.
    """

    text: str
    tone: PdfTone = PdfTone.PLAIN


@dataclass(frozen=True, slots=True)
class PdfFacts:
    """Named values, the names at the left.

    Attributes:
        rows: name and value of each.
    """

    rows: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class PdfTable:
    """A table, whose head stands again on every page that it reaches.

    Attributes:
        head: the names of the columns.
        rows: the texts of each row, as many as there are columns.
        widths: how wide each column is beside the others.
        warnings: the numbers of rows that are set as a warning, from 0.
    """

    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    widths: Sequence[int]
    warnings: frozenset[int] = frozenset()


PdfBlock: TypeAlias = PdfHeading | PdfText | PdfFacts | PdfTable


@dataclass(frozen=True, slots=True)
class PdfPart:
    """A part of a paper in one language; it begins on a page of its own.

    Attributes:
        language: its code: ``en``, ``ru``.
        blocks: a heading of level 1 first.
        head: what stands above on every page.
        foot: what stands below on every page.
        pages: the words of the number of a page, with ``{page}`` and ``{pages}``, in this order.
        marking: what lies across every page, such as EXERCISE; empty for none.
    """

    language: str
    blocks: Sequence[PdfBlock]
    head: str
    foot: str
    pages: str
    marking: str = ""


@dataclass(frozen=True, slots=True)
class PdfPaper:
    """A paper.

    Attributes:
        title: as programs show it.
        parts: in order, at least one.
        made_ms: the moment that it shows, in milliseconds since 1970 UTC.
    """

    title: str
    parts: Sequence[PdfPart]
    made_ms: int
