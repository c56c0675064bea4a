"""Papers as PDF."""

from __future__ import annotations

import io
import re
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from clients.documents.pdf.blocks import PdfBlock, PdfFacts, PdfHeading, PdfPaper, PdfPart, PdfTable, PdfText, PdfTone
from clients.documents.pdf.setting import set_paper

NOON = 1_788_350_400_000
MARKUP = '#panic() #read("OFL.txt") *b* _i_ $x$ @cite <label> `raw` // \\ [c] {d} = h'


def paper(text: str, marking: str = "", rows: int = 2) -> PdfPaper:
    """A paper with a text in every place that has one."""
    blocks: tuple[PdfBlock, ...] = (
        PdfHeading(text, 1),
        *(PdfText(text, tone) for tone in PdfTone),
        PdfHeading(text, 2),
        PdfFacts([(text, text)]),
        PdfTable(["a", "b"], [[text, str(at)] for at in range(rows)], [3, 1], frozenset({1})),
    )
    parts = [PdfPart(each, blocks, "H1", "serai verify", "page {page} of {pages}", marking) for each in ("en", "ru")]
    return PdfPaper(text, parts, NOON)


def read(data: bytes) -> list[str]:
    """The text of each page."""
    return [page.extract_text() for page in PdfReader(io.BytesIO(data)).pages]


def bare(text: str) -> str:
    """A text without its spaces, because those at the ends of lines are not on paper."""
    return re.sub(r"\s", "", text)


def test_the_same_paper_is_the_same_bytes() -> None:
    """The bytes depend on the paper alone: twice the same, and another for another text or moment."""
    first = set_paper(paper("a"))
    assert first == set_paper(paper("a"))
    assert first != set_paper(paper("b"))
    assert first != set_paper(PdfPaper("a", paper("a").parts, NOON + 1000))


def test_a_paper_is_kept_and_read_aloud() -> None:
    """It is PDF/A-2a and PDF/UA-1 by its own word, tagged, with a title, a language, and every font in it."""
    made = set_paper(paper("Операция"))
    reader = PdfReader(io.BytesIO(made))
    assert reader.metadata is not None
    assert reader.metadata.title == "Операция"
    root: Any = reader.trailer["/Root"]
    about = root["/Metadata"].get_data().decode()
    assert re.search(r"<pdfaid:part>2</pdfaid:part>\s*<pdfaid:conformance>A</", about)
    assert "<pdfuaid:part>1</pdfuaid:part>" in about
    assert root["/MarkInfo"]["/Marked"]
    fonts = {name for page in reader.pages for name in _fonts(page)}
    assert fonts == {"IBMPlexSans-Regular", "IBMPlexSans-SemiBold"}


def _fonts(page: Any) -> set[str]:
    found = page["/Resources"]["/Font"].values()
    return {each.get_object()["/BaseFont"].partition("+")[2] for each in found}


def test_every_page_is_numbered_and_marked() -> None:
    """On each page stand the marking, what holds for all, how to verify, and its number of all."""
    pages = read(set_paper(paper("word " * 100, "EXERCISE", rows=40)))
    assert len(pages) > 4
    for number, text in enumerate(pages, 1):
        assert f"page {number} of {len(pages)}" in text
        assert text.count("EXERCISE") == 2
        assert "H1" in text
        assert "serai verify" in text


def test_every_block_is_on_the_page() -> None:
    """No block is lost on the way to the page, of whatever tone it is."""
    tones = [PdfText(f"tone {tone.value}", tone) for tone in PdfTone]
    blocks: list[PdfBlock] = [PdfHeading("first", 1), PdfHeading("second"), *tones, PdfFacts([("name", "value")])]
    blocks.append(PdfTable(("head",), (("plain",), ("warned",), ("long " * 200,)), (1,), frozenset({1})))
    (text,) = read(set_paper(PdfPaper("t", [PdfPart("en", blocks, "above", "below", "page {page} of {pages}")], NOON)))
    due = ["first", "second", *(each.text for each in tones), "name value", "head", "plain", "warned", "above", "below"]
    assert [each for each in due if each not in text] == []
    assert text.count("long") == 200


def test_markup_is_text() -> None:
    """What would be markup to the setter stands on the page as it was written."""
    (text, _russian) = read(set_paper(paper(MARKUP)))
    assert bare(text).count(bare(MARKUP)) == 10


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(max_size=60))
@example("\n ")
def test_any_text_is_set(text: str) -> None:
    """Whatever somebody has written, the paper is made, in both languages and on few pages."""
    assert 2 <= len(read(set_paper(paper(text)))) <= 8


def test_hostile_texts_make_few_pages() -> None:
    """Marks upon marks, marks of direction, one endless word, two megabytes of lines: few pages."""
    for text in ("a" + "\u0301" * 100_000, "\u202e\u0301" * 100_000, "x" * 2_000_000, "a\n" * 1_000_000):
        assert len(PdfReader(io.BytesIO(set_paper(paper(text)))).pages) < 150
