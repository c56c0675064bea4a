"""Texts of others on a page."""
# ruff: noqa: RUF001 - alphabets are what this is about

from __future__ import annotations

import hashlib
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients.documents.pdf.letters import BREAK, FONT_FILES, FONTS, MAX_TEXT, letters, set_text

LANGUAGES = {
    "Azerbaijani": "ABCÇDEƏFGĞHXIİJKQLMNOÖPRSŞTUÜVYZ abcçdeəfgğhxıijkqlmnoöprsştuüvyz",
    "Kazakh": "АӘБВГҒДЕЁЖЗИЙКҚЛМНҢОӨПРСТУҰҮФХҺЦЧШЩЪЫІЬЭЮЯ аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя",
    "Kyrgyz": "ҢӨҮ ңөү",
    "Tajik": "ҒӢҚӮҲҶ ғӣқӯҳҷ",
    "Turkmen": "ÄŽŇÖŞÜÝ äžňöşüý",
    "Uzbek": "ЎҚҒҲ ўқғҳ OʻGʻ oʻgʻ ’",
    "Ukrainian": "ҐЄІЇ ґєії",
    "signs": "№ « » „ “ ” – — … · • → ≠ ≤ ≥ ° ² ³ − € ₸ §",
}
WILD = st.text(
    st.one_of(
        st.characters(), st.sampled_from("\u0301\u0308\u202e\u2066\u200b\ue000\t\r\n \u00a0\u00adab[]#$*_`@\\<>Ққ")
    ),
    max_size=300,
)
CODE = re.compile(r"\[U\+([0-9A-F]{4,6})(?: x(\d+))?\]")


@pytest.mark.parametrize("language", LANGUAGES)
def test_languages_of_the_region_are_whole(language: str) -> None:
    """The fonts have every letter of the languages in which members write, in both weights."""
    text = LANGUAGES[language]
    assert set_text(text).replace(BREAK, "") == text


def test_fonts_are_those_of_the_list() -> None:
    """Each font, and its licence, is the file whose SHA-256 the list beside it has; no other lies there."""
    rows = re.findall(r"^\| `([\w.-]+)` \|.*`([0-9a-f]{64})` \|$", (FONTS / "README.md").read_text(), re.MULTILINE)
    assert {name: hashlib.sha256((FONTS / name).read_bytes()).hexdigest() for name, _sum in rows} == dict(rows)
    assert {path.name for path in FONTS.iterdir()} == {name for name, _sum in rows} | {"README.md"}
    assert {*FONT_FILES} < dict(rows).keys()


@given(WILD)
def test_nothing_is_hidden(text: str) -> None:
    """All that is set is letters of the fonts; read back, with its codes resolved, it is the text but for spaces."""
    shown = set_text(text).replace(BREAK, "")
    assert not {each for each in shown if each not in letters() and each not in "\n "}
    read = CODE.sub(lambda found: chr(int(found[1], 16)) * int(found[2] or 1), shown)
    written = CODE.sub(lambda found: chr(int(found[1], 16)) * int(found[2] or 1), text)
    assert _bare(read) == _bare(written)


def _bare(text: str) -> str:
    return "".join(each for each in text if unicodedata.category(each) != "Zs" and each not in "\n\r\t")


@given(WILD)
def test_no_word_leaves_its_column(text: str) -> None:
    """A word of many letters may be broken, and never between a letter and the marks upon it."""
    for piece in re.split(rf"[ \n{BREAK}]", set_text(text)):
        assert len(piece) <= 24
        assert not piece or not unicodedata.combining(piece[0]) or BREAK + piece not in set_text(text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a" + "\u0301" * 1000, "a\u0301\u0301[U+0301 x998]"),
        ("to\u202edo", "to[U+202E]do"),
        ("中中a", "[U+4E2D x2]a"),
        ("a\n\n\n\nb", "a\n\n[U+000A x2]\nb"),
        ("a \u00a0\tb", "a b"),
    ],
)
def test_what_has_no_letter_stands_as_its_code(text: str, shown: str) -> None:
    """Marks of direction, marks upon marks, other scripts and many line feeds stand as codes with their number."""
    assert set_text(text).replace(BREAK, "") == shown


@pytest.mark.parametrize("text", ["word " * 400_000, "x" * 2_000_000, "\u202e\u202d" * 1_000_000, "a\n" * 1_000_000])
def test_a_long_text_is_cut_and_says_so(text: str) -> None:
    """Of two million characters the first stand there, and how many more there are."""
    shown = set_text(text)
    assert len(shown) < 2 * MAX_TEXT
    found = re.search(r"\[CUT HERE: (\d+) more characters\]$", shown)
    assert found is not None
    assert int(found[1]) > len(text) - 2 * MAX_TEXT
