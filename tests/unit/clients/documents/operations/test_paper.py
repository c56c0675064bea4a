"""An operation on paper."""

# ruff: noqa: RUF001 - Russian words contain letters that look Latin

from __future__ import annotations

import io
import re
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
from pypdf import PdfReader

from clients.documents.operations.paper import operation_paper
from clients.documents.operations.paper_words import MAX_ROWS, GoesWith, PaperUse
from clients.documents.operations.view import OperationView
from clients.documents.pdf.blocks import PdfTable, PdfText
from clients.documents.pdf.letters import letters
from clients.documents.pdf.setting import set_paper
from schemas.addresses import Address
from schemas.operations.asof import picture_of
from schemas.operations.held import HeldOperation
from schemas.operations.proven import ProvenOperation
from schemas.operations.terms import MissingHow
from schemas.rules.handling import Use
from tests.support.story import PARTS, Story, at_ms, digest_of, plan_content
from tests.unit.clients.documents.operations.scenes import SCENES
from tests.unit.clients.documents.operations.scenes import hostile as hostile_view
from tests.unit.clients.documents.operations.test_picture_text import HOSTILE
from tests.vectors.operations import kilograms, whole

ROOT = "Zk3mJ0m8b6kq2XWm0b3v8mV0j2f7fYk8o3mH1b6kq2X"
COURT = GoesWith("court.evidence.json", "ab" * 32)
USE = PaperUse(Address("KZ/NFP/CHIEF"), at_ms(3_410), Use.COURT, "letter 12/4", "H1", ROOT, COURT)
MARKUP = '#panic() *b* $x$ <label> "'


def set_story(story: Story, minute: float = 3_400, use: PaperUse = USE) -> bytes:
    """The paper about a story."""
    held, folded = story.held(), story.folded()
    view = OperationView.proven(ProvenOperation(held, folded, picture_of(folded, at_ms(minute)), 0))
    return set_paper(operation_paper(view, held, use))


def told(play: Callable[[Story], None] = whole) -> Story:
    """A story."""
    story = Story()
    play(story)
    return story


def pages(data: bytes) -> list[str]:
    """The text of each page."""
    return [page.extract_text() for page in PdfReader(io.BytesIO(data)).pages]


def bare(text: str) -> str:
    """A text without its spaces: on paper they are lost at the ends of lines."""
    return re.sub(r"\s", "", text)


@cache
def halves() -> tuple[str, str]:
    """The English and the Russian part of the paper about a whole operation, without spaces."""
    found = pages(set_story(told()))
    half = len(found) // 2
    at = next(number for number, text in enumerate(found) if "Контролируемая поставка TJ-CD-7\nЗапрос" in text)
    assert half - 2 <= at <= half + 2
    return bare("".join(found[:at])), bare("".join(found[at:]))


@pytest.mark.parametrize("part", [0, 1], ids=["en", "ru"])
def test_each_language_has_every_step(part: int) -> None:
    """Number, digest and signer of every step stand in each part, so that a reader needs one language."""
    text = halves()[part]
    for step in told().held().steps:
        assert step.digest in text
        assert f"EX{step.number}" in text
        assert bare(step.cover.iss) in text


@pytest.mark.parametrize(
    ("part", "words"),
    [
        (0, "Request|Deputy prosecutor|Constant surveillance|Insufficient|TJ-7/S|seals: 0071|TJ/NFP → UZ/NFP|Samara"),
        (0, "Came in|11.99|Surveillance lost|Cancelled|STRUCK OUT by EX 116|It is in sight again|letter 12/4|44/1"),
        (
            0,
            "On conditions, confirmed|Heroin: 12 kilogram|for judicial proceedings|without sight|serai verify",
        ),
        (1, "Запрос|Deputy prosecutor|Constant surveillance|TJ-7/S|пломбы: 0071|TJ/NFP → UZ/NFP|Samara|для суда"),
        (1, "Поступило|11.99|Наблюдение потеряно|Отменён|ВЫЧЕРКНУТО шагом EX 116|letter 12/4|Разница|serai verify"),
    ],
)
def test_what_a_prosecutor_looks_for(part: int, words: str) -> None:
    """Request, authority, custody, seals, quantities, stops, and what took the effect from a step."""
    found = words.replace("Insufficient", "Not enough information").split("|")
    assert [word for word in found if bare(word) not in halves()[part]] == []


def test_every_page_says_what_it_is() -> None:
    """On each page: exercise, handling, who printed it, how to verify it, the file that goes with it, its number."""
    for number, text in enumerate(found := pages(set_story(told())), 1):
        assert "EXERCISE" in text or "УЧЕНИЕ" in text
        assert "H1: " in text
        assert bare(f"serai verify {COURT.name} --root {ROOT}") in bare(text)
        assert COURT.sha256 in bare(text)
        assert "KZ/NFP/CHIEF" in text
        assert f"page {number} of {len(found)}" in text or f"страница {number} из {len(found)}" in text


def test_the_same_operation_is_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bytes depend on operation, moment, use and language alone; the reader's own language comes first."""
    monkeypatch.setenv("SERAI_LANG", "en")
    first = set_story(told())
    assert first == set_story(told())
    assert first != set_story(told(), minute=3_401)
    monkeypatch.setenv("SERAI_LANG", "ru")
    assert "Контролируемая поставка" in pages(set_story(told()))[0]


def test_what_is_withheld_stands_with_who_names_it() -> None:
    """A step that another names and that is not here is listed with its digest, who named it, what it could change."""
    story = told()
    story.steps = [step for step in story.steps if step.digest != digest_of("offered")]
    text = bare("".join(pages(set_story(story, 500))))
    naming = next(step.number for step in story.steps if step.digest == digest_of("accepted"))
    assert digest_of("offered") in text
    assert bare(f"Only named by others EX {naming}") in text
    assert bare("1 withheld") in text
    assert bare("NOT SURE") in text


def test_what_is_not_disclosed_is_said() -> None:
    """A decision of which the content is not here stands there, and that it is not."""
    story = Story()
    story.opened()
    story.add("grant", "UZ!", "decide", 9, MissingHow.NOT_DISCLOSED, decision="granted", refs=[("reply", "open")])
    assert bare("What it says is not here: Not disclosed in the file") in bare("".join(pages(set_story(story, 20))))


def test_a_lead_that_the_request_does_not_list_stands_there_as_lead() -> None:
    """Whoever asks takes part, listed or not: the paper says as what."""
    story = Story()
    parts = {member: part for member, part in PARTS.items() if member != "TJ/NFP"}
    story.add("open", "TJ", "open", 0, plan_content(), parts=parts)
    story.confirm("open", 1)
    text = "".join(pages(set_story(story)))
    assert bare("TJ/NFP lead") in bare(text)
    assert bare("TJ/NFP инициатор") in bare(text)


def test_a_difference_is_printed() -> None:
    """When an operation is closed and goods are not accounted for, the difference stands in the books, and in red."""
    story = Story()
    story.opened()
    story.granted()
    story.exhibit("in", "TJ", "registered", "A", 10, amounts=kilograms("12.000"))
    story.exhibit("seized", "TJ", "seized", "A", 20, amounts=kilograms("11.5"))
    story.add("close", "TJ", "close", 30, refs=[("reply", "open")])
    text = bare("".join(pages(set_story(story, 40))))
    assert bare("Heroin, kilogram 12 11.5 0 0 0 0 0.5") in text
    assert bare("Closed, and goods are not accounted for") in text


def test_every_exhibit_stands_there() -> None:
    """However many exhibits there are, each stands in the table, under what it comes of."""
    story = Story()
    story.opened()
    for number in range(150):
        parts = [{"exhibit": f"A-{number}/S", "not_counted_because": "sealed"}]
        story.exhibit(f"in {number}", "TJ", "registered", f"A-{number}", 10 + number)
        story.exhibit(f"sample {number}", "TJ", "sampled", f"A-{number}", 10 + number, parts=parts)
    held, folded = story.held(), story.folded()
    view = OperationView.proven(ProvenOperation(held, folded, picture_of(folded, at_ms(500)), 0))
    part = operation_paper(view, held, USE).parts[0]
    tables = [block for block in part.blocks if isinstance(block, PdfTable)]
    cells = {cell.lstrip("· ") for table in tables for row in table.rows for cell in row}
    assert {each.name for each in folded.state.custody.exhibits} <= cells
    assert len(folded.state.custody.exhibits) == 300


def _hostile(text: str) -> Story:
    """An operation whose forms have a text wherever they take one, and where they take none, too."""
    story, line = Story(), text[:200]
    story.opened(
        offence=text,
        grounds=text,
        summary=text,
        stop_rule={"when": text, "decided_by": "TJ/NFP", "post": line},
        goods=[{"group": "other", "name": line, "note": line}],
        further=[{"label": line, "value": text}],
        conveyances=[{"mode": text}],
        not_in_any_form=text,
    )
    said: dict[str, Any] = {"conditions": [text] * 8, "legal_basis": text, "authority": {"post": line}, "else": text}
    story.decide("grant", "UZ!", "granted", 5, ["2"], content=said)
    story.exhibit("in", "TJ", "registered", "A", 6, not_counted_because=line, seals=[text[:60]], summary=text)
    story.hand("offer", "TJ", "offered", "UZ", 7, content={"differences": text, "learned_from": line, "more": text})
    story.move("moved", "TJ", "crossed", 8, content={"place": {"name": line, "division": line}, "soil": text})
    story.add("result", "TJ", "result", 9, {"losses": text, "injuries": text, "lessons": text})
    story.add("note", "KZ", "note", 10, {"summary": text})
    return story


@pytest.mark.parametrize(
    "text", [*HOSTILE.values(), MARKUP, "x" * 2_000_000, "a\n" * 1_000_000], ids=[*HOSTILE, "m", "x", "n"]
)
def test_texts_of_others_do_nothing(text: str) -> None:
    """Whatever others wrote, wherever: the paper is made, on few pages, and all on it are letters that one sees."""
    reader = PdfReader(io.BytesIO(set_story(_hostile(text), 20)))
    assert len(reader.pages) < 300
    shown = set("".join(page.extract_text() for page in reader.pages[:4])) - set("\n ")
    assert shown <= letters()


def test_markup_stands_as_it_was_written() -> None:
    """What means something to the setter is on paper as it was written, in each part."""
    text = bare("".join(pages(set_story(_hostile(MARKUP), 20))))
    assert text.count(bare(MARKUP)) > 40


@pytest.mark.parametrize("scene", [*SCENES, "hostile"])
def test_every_scene_can_be_printed(scene: str) -> None:
    """What the screen can show can be printed, though no step is here."""
    view = SCENES[scene]() if scene in SCENES else hostile_view(MARKUP)
    made = set_paper(operation_paper(view, HeldOperation(view.state.id, ()), USE))
    assert 2 <= len(PdfReader(io.BytesIO(made)).pages) < 400


def test_a_table_that_is_cut_says_so() -> None:
    """Of more rows than a table has the paper says how many, because a court must know."""
    story = Story()
    story.opened()
    for number in range(MAX_ROWS + 20):
        story.add(f"note {number}", "KZ", "note", 10)
    held, folded = story.held(), story.folded()
    view = OperationView.proven(ProvenOperation(held, folded, picture_of(folded, at_ms(20)), 0))
    blocks = operation_paper(view, held, USE).parts[0].blocks
    assert max(len(block.rows) for block in blocks if isinstance(block, PdfTable)) == MAX_ROWS
    assert [block for block in blocks if isinstance(block, PdfText) and block.text.startswith("22 more rows")]
