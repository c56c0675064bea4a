"""Setting a paper: blocks in, a PDF out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from typst import Compiler, Fonts

from clients.documents.pdf.blocks import PdfBlock, PdfFacts, PdfHeading, PdfPaper, PdfPart, PdfText
from clients.documents.pdf.letters import FONTS, MAX_TEXT, set_text
from clients.documents.plain import calendar

_SHEETS: Final = Path(__file__).resolve().parent / "sheets.typ"
MAX_CELL: Final = 1_000
"""Characters of one cell of a table that are set."""

MAX_PART: Final = 300_000
"""Characters of a part, about a hundred pages; texts that come after them are cut to `_CUT`."""

_CUT: Final = 64
"""A digest is whole still, and so is a number."""

_SHORT: Final = 300
"""Characters of a cell that fit on one page, however narrow its column is."""

_LINE: Final = 10

_NOTHING: Final = "-"
"""A title of nothing: a standard asks for one."""


def set_paper(paper: PdfPaper) -> bytes:
    """A paper as PDF, which depends on nothing but the paper: no clock, no font or setting of the machine.

    Args:
        paper: what stands on it.
    """
    fonts = Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])
    compiler = Compiler(
        _SHEETS.read_bytes(),
        root=FONTS,  # the only folder that a template could read, and it reads nothing
        font_paths=fonts,
        ignore_system_fonts=True,
        sys_inputs={"paper": json.dumps(_paper(paper))},
    )
    # For keeping (ISO 19005-2, level A: tagged, every font inside), and for readers who listen (ISO 14289-1).
    moment = calendar(paper.made_ms).replace(microsecond=0)
    made = compiler.compile(format="pdf", pdf_standards=["a-2a", "ua-1"], timestamp=moment)
    if not isinstance(made, bytes):  # only pictures come page by page
        raise TypeError(type(made))
    return made


def _paper(paper: PdfPaper) -> dict[str, Any]:
    return {"title": set_text(paper.title).strip() or _NOTHING, "parts": [_Part().set(part) for part in paper.parts]}


class _Part:
    """A part as the sheets read it; when it has grown too long, every further text is cut short, and says so."""

    def __init__(self) -> None:
        self._room = MAX_PART

    def set(self, part: PdfPart) -> dict[str, Any]:
        """The part."""
        before, _page, rest = part.pages.partition("{page}")
        between, _pages, after = rest.partition("{pages}")
        return {
            "language": part.language,
            "blocks": [self._block(each) for each in part.blocks],
            "head": set_text(part.head),
            "foot": set_text(part.foot),
            "pages": [before, between, after],
            "marking": set_text(part.marking),
        }

    def _text(self, text: str, most: int = MAX_TEXT) -> str:
        made = set_text(text, most if self._room > 0 else min(most, _CUT))
        self._room -= len(made) + _LINE * made.count("\n")
        return made

    def _block(self, block: PdfBlock) -> dict[str, Any]:
        if isinstance(block, PdfHeading):
            return {"is": "heading", "level": block.level, "text": self._text(block.text, MAX_CELL).strip() or _NOTHING}
        if isinstance(block, PdfText):
            return {"is": "text", "tone": block.tone.value, "text": self._text(block.text)}
        if isinstance(block, PdfFacts):
            return {"is": "facts", "rows": [[self._text(name), self._text(value)] for name, value in block.rows]}
        rows = [[self._text(cell, MAX_CELL) for cell in row] for row in block.rows]
        return {
            "is": "table",
            "head": [set_text(name) for name in block.head],
            "rows": rows,
            "widths": list(block.widths),
            "warnings": sorted(block.warnings),
            "long": [at for at, row in enumerate(rows) if max(map(_height, row), default=0) > _SHORT],
        }


def _height(text: str) -> int:
    """How many characters fill as much of a narrow column."""
    return len(text) + _LINE * text.count("\n")
