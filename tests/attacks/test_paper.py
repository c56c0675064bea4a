"""An operation on paper that is to show something else than its steps say."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from pypdf import PdfReader

from clients.actions.handling import WantedUse
from clients.actions.operations.printing import choose_operation_print
from clients.documents.operations.paper import operation_paper
from clients.documents.operations.paper_words import PaperUse
from clients.documents.operations.view import OperationView
from clients.documents.pdf.setting import set_paper
from clients.errors import LocalCode
from schemas.addresses import Address
from schemas.operations.asof import picture_of
from schemas.operations.proven import ProvenOperation
from schemas.rules.handling import Use
from tests.support.crew import Crew
from tests.support.refusals import refused
from tests.support.story import Story, at_ms
from tests.support.world import KZ

USE = PaperUse(Address("KZ/NFP/CHIEF"), at_ms(30), Use.OWN, "", "H1", "A" * 43)


def printed(story: Story) -> list[str]:
    """The text of each page of the paper about a story."""
    held, folded = story.held(), story.folded()
    view = OperationView.proven(ProvenOperation(held, folded, picture_of(folded, at_ms(30)), 0))
    reader = PdfReader(io.BytesIO(set_paper(operation_paper(view, held, USE))))
    return [page.extract_text() for page in reader.pages]


def conditions(text: str) -> str:
    """The text of the paper about a decision with this condition."""
    story = Story()
    story.opened()
    story.decide("grant", "UZ!", "conditional", 5, ["2"], content={"conditions": [text]})
    return "".join(printed(story)).replace("\n", " ")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("No \u202eton\u202c condition", "No [U+202E]ton[U+202C] condition"),
        ("Pay\u200b\u2060ment", "Pay[U+200B][U+2060]ment"),
        ("Go\x08\x08on", "Go[U+0008 x2]on"),
        ("Under\u0336\u0336\u0336\u0336\u0336", "Under[U+0336 x5]"),
    ],
)
def test_text_that_hides_on_paper(text: str, shown: str) -> None:
    """Marks of direction, what has no width, what strikes through: each stands where it was written, by its code."""
    assert conditions(text).count(shown) >= 2


def test_markup_on_paper() -> None:
    """What would hide a text, or read a file, were it markup, stands on paper as it was written."""
    text = '#hide[no] #read("OFL.txt")'
    assert conditions(f"On {text} condition").count(text) >= 2


def test_paper_for_a_court_without_permission(tmp_path: Path) -> None:
    """What others provided under H1 goes on paper for the own file, and for a court only where it was permitted."""
    crew = Crew(tmp_path)
    operation = crew.open()
    office, chief = crew[KZ], Address(f"{KZ}/CHIEF")
    with refused(LocalCode.USE_NOT_PERMITTED):
        choose_operation_print(office, operation, chief, WantedUse(Use.COURT))
    assert choose_operation_print(office, operation, chief, WantedUse(Use.COURT, "letter 12")).digests == (operation,)
    assert choose_operation_print(office, operation, chief, WantedUse(Use.OWN)).digests == (operation,)


def test_exercise_on_every_page() -> None:
    """No page of an exercise can be taken out and shown as real."""
    story = Story()
    story.opened()
    story.granted()
    assert all(text.count("EXERCISE") + text.count("УЧЕНИЕ") >= 2 for text in printed(story))
