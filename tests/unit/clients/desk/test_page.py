"""The page's own modules: their texts in two languages, and what they must not do."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.support import desk_messages
from tests.support.desk_gallery import GALLERY, MOST_BYTES, PHOTOGRAPHS
from tests.support.desk_messages import FIELD, STATIC, TEXTS, messages, modules, page_texts, translated

MOST_LINES = 300
FORBIDDEN = {
    "text of others as markup": r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|dangerouslySet|DOMParser",
    "code from text": r"\beval\(|new Function\(|setTimeout\(\s*[\"'`]",
    "a secret kept": r"localStorage\.setItem\([^n]",
    "another origin": r"https?://(?!www\.w3\.org)",
    "a style that the policy refuses": r"style=\"",
}


def test_every_text_has_its_russian() -> None:
    """The catalogue has every text of the page in full, and none that the page does not have."""
    there = {each for each, forms in translated().items() if all(forms)}
    assert messages() - there == set()
    assert there - messages() == set()
    assert len(there) > 100


def test_no_value_of_a_text_is_lost() -> None:
    """Each form of a Russian text names the values that the English names."""
    for message, forms in translated().items():
        named = set(FIELD.findall(message if isinstance(message, str) else message[1]))
        assert [set(FIELD.findall(form)) for form in forms] == [named] * len(forms), message
        assert len(forms) == (1 if isinstance(message, str) else 3)


def test_file_of_texts_is_that_of_the_catalogue() -> None:
    """What the page loads was made of the catalogue as it is."""
    assert TEXTS.read_text() == page_texts()


def test_call_without_a_text_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A call whose text is not in it cannot be translated, so it is a fault; comments and other names are not."""
    monkeypatch.setattr(desk_messages, "STATIC", tmp_path)
    (tmp_path / "a.js").write_text('// t(no)\nt("A", { count }); list.t(x); set(y); n(\n  "one",\n  "many", 3);')
    assert messages() == {"A", ("one", "many")}
    (tmp_path / "b.js").write_text("t(word)")
    with pytest.raises(ValueError, match="has no text"):
        messages()


@pytest.mark.parametrize("name", FORBIDDEN)
def test_page_has_none_of(name: str) -> None:
    """No own module has text of others as markup, code from text, a kept secret, another origin, an inline style."""
    found = [f"{path.name}: {hit[0]}" for path in modules() for hit in re.finditer(FORBIDDEN[name], path.read_text())]
    assert found == []


def test_modules_are_short_and_whole() -> None:
    """Each module says what it is, is checked as typed, is short, and imports by a relative path what is there."""
    for path in modules():
        text = path.read_text()
        assert text.startswith("// @ts-check\n/**"), path.name
        assert len(text.splitlines()) <= MOST_LINES, path.name
        for wanted in re.findall(r'^(?:import|export) .*?from "([^"]+)"', text, re.MULTILINE | re.DOTALL):
            assert wanted.startswith("."), f"{path.name}: {wanted}"
            assert (path.parent / wanted).is_file(), f"{path.name}: {wanted}"
    assert (STATIC / "main.js") in modules()


def _needed(path: Path, found: set[Path]) -> set[Path]:
    """A module and all that it imports, but not what it loads later."""
    if path not in found:
        found.add(path)
        for wanted in re.findall(r'^(?:import|export)\b[^;]*?from "([^"]+)"', path.read_text(), re.MULTILINE):
            _needed((path.parent / wanted).resolve(), found)
    return found


def test_page_names_what_it_needs_at_once() -> None:
    """The template asks for every module that the inbox needs, at once and not one after another, and for no other."""
    text = (STATIC.parent / "templates" / "desk.html").read_text()
    named = set(re.findall(r'rel="modulepreload" href="/static/([^"]+)"', text))
    assert named == {str(each.relative_to(STATIC)) for each in _needed(STATIC / "main.js", set())} - {"main.js"}


def test_gallery_is_the_one_that_is_taken() -> None:
    """The README shows every photograph that `make gallery` takes, and no other; together they are small."""
    shown = set(re.findall(r"\(gallery/([a-z-]+)\.jpg\)", (STATIC.parent / "README.md").read_text()))
    files = {path.stem: path.stat().st_size for path in GALLERY.iterdir()}
    assert shown == set(files) == {each.name for each in PHOTOGRAPHS}
    assert sum(files.values()) < MOST_BYTES
