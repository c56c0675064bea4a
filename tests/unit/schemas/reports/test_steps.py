"""A question of a form."""

from __future__ import annotations

import pytest

from schemas.reports.base import DecimalText
from schemas.reports.drugs import Unit
from schemas.reports.steps import Step

UNIT = Step("unit", "In what unit?", Unit, after="quantity")
WORDS = Step("unit_words", "In what words?", str, after="unit=other")


def test_an_answer_has_the_form_of_its_step() -> None:
    """A text must fit its type, a code must be one of its table."""
    assert [Step("quantity", "?", DecimalText).fits(answer) for answer in ("2.5", "2,5")] == [True, False]
    assert [UNIT.fits(answer) for answer in ("gram", "stone")] == [True, False]
    assert (UNIT.codes, WORDS.codes) == (Unit, None)


def test_an_answer_goes_where_its_step_says() -> None:
    """To the member called as its key, unless the step names another place."""
    assert Step("date", "?", str).path == "date"
    assert Step("reference", "?", str, path="our_reference").path == "our_reference"


@pytest.mark.parametrize(
    ("step", "answers", "is_due"),
    [
        (Step("date", "?", str), {}, True),
        (UNIT, {}, False),
        (UNIT, {"quantity": ""}, False),
        (UNIT, {"quantity": "1"}, True),
        (WORDS, {"unit": "gram"}, False),
        (WORDS, {"unit": "other"}, True),
    ],
)
def test_a_step_is_due_after_what_it_depends_on(step: Step, answers: dict[str, str], is_due: bool) -> None:
    """It is asked if that was answered at all, or if the answer was the one that needs it."""
    assert step.is_due(answers) is is_due


@pytest.mark.parametrize(
    ("step", "changes", "falls"),
    [
        (Step("date", "?", str), {"country": ""}, False),
        (UNIT, {"quantity": ""}, True),
        (UNIT, {"quantity": "2"}, False),
        (WORDS, {"unit": "gram"}, True),
        (WORDS, {"quantity": "2"}, False),
    ],
)
def test_an_answer_falls_with_what_it_depends_on(step: Step, changes: dict[str, str], falls: bool) -> None:
    """Words fall with every change of their code, a unit with its quantity, and nothing else falls."""
    assert step.falls_with(changes) is falls
