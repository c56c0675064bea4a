"""Setting a paper: blocks in, a PDF out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from typst import Compiler, Fonts

from clients.documents.pdf.blocks import PdfBlock, PdfFacts, PdfHeading, PdfPaper, PdfPart, PdfText
from clients.documents.pdf.letters import FONTS, set_text
from clients.documents.plain import calendar

_SHEETS: Final = Path(__file__).resolve().parent / "sheets.typ"
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
    return {"title": set_text(paper.title) or _NOTHING, "parts": [_part(part) for part in paper.parts]}


def _part(part: PdfPart) -> dict[str, Any]:
    before, _page, rest = part.pages.partition("{page}")
    between, _pages, after = rest.partition("{pages}")
    return {
        "language": part.language,
        "blocks": [_block(each) for each in part.blocks],
        "head": set_text(part.head),
        "foot": set_text(part.foot),
        "pages": [before, between, after],
        "marking": set_text(part.marking),
    }


def _block(block: PdfBlock) -> dict[str, Any]:
    if isinstance(block, PdfHeading):
        return {"is": "heading", "level": block.level, "text": set_text(block.text) or _NOTHING}
    if isinstance(block, PdfText):
        return {"is": "text", "tone": block.tone.value, "text": set_text(block.text)}
    if isinstance(block, PdfFacts):
        return {"is": "facts", "rows": [[set_text(name), set_text(value)] for name, value in block.rows]}
    return {
        "is": "table",
        "head": [set_text(name) for name in block.head],
        "rows": [[set_text(cell) for cell in row] for row in block.rows],
        "widths": list(block.widths),
        "warnings": sorted(block.warnings),
    }
