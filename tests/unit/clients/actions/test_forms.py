"""What is asked, and the report that comes of it."""

from __future__ import annotations

import pytest

from clients.actions.forms import build_report, missing, unfit
from schemas.encoding import encode_json
from schemas.reports import parse_report
from schemas.reports.kinds import entry_of, find_entry, forms
from tests.unit.schemas.reports.operations.answers import STEP_ANSWERS

ANSWERS: dict[str, dict[str, str]] = {
    "warning": {
        "reference": "KZ-1",
        "action": "other",
        "action_words": "Weigh it",
        "summary": "Blue lorry",
        "plate": "A 1",
    },
    "seizure": {
        "reference": "KZ-2",
        "date": "2026-11-24",
        "country": "KZ",
        "group": "heroin",
        "goods": "Heroin",
        "quantity": "2.5",
        "unit": "kilogram",
    },
    **STEP_ANSWERS,
    "profile": {
        "reference": "KZ-P1",
        "contact": "Duty officer",
        "telephone": "+7 000 000 00 00",
        "hours": "always",
        "substitution": "part",
        "notice_hours": "24",
        "urgent_crossing": "yes",
        "urgent_minutes": "30",
    },
    "deconflict": {"reference": "KZ-1", "plate": "A 123 BC", "border": "KZKDR", "day": "2026-11-24"},
    "deconflict_answer": {"reference": "D-100", "result": "talk_to", "talk_to": "UZ/NFP"},
    "feedback": {"reference": "UZ-1", "your_reference": "KZ-1", "outcome": "seizure_made"},
}


@pytest.mark.parametrize("kind", forms())
def test_answers_make_a_report(kind: str) -> None:
    """The answers of each kind make a report of that kind, and nothing more is needed."""
    answers = ANSWERS[kind]
    assert missing(kind, answers) == []
    assert unfit(kind, answers) == []
    report = parse_report(encode_json(build_report(kind, answers)).encode())
    assert (entry_of(report).name, report.our_reference) == (kind, answers["reference"])


@pytest.mark.parametrize("kind", forms())
def test_every_needed_step_is_missed(kind: str) -> None:
    """What is needed and was not answered is named."""
    named = {step.key for step in missing(kind, {})}
    assert named == {step.key for step in find_entry(kind).steps if step.needed and not step.after}


def test_words_are_due_where_no_code_fits() -> None:
    """``other`` asks for words, a quantity for its unit; without them neither is asked."""
    assert [step.key for step in missing("warning", {**ANSWERS["warning"], "action_words": ""})] == ["action_words"]
    assert [step.key for step in missing("seizure", {**ANSWERS["seizure"], "unit": ""})] == ["unit"]
    assert missing("seizure", {**ANSWERS["seizure"], "quantity": "", "unit": ""}) == []


@pytest.mark.parametrize(
    ("kind", "key", "answer"),
    [
        ("warning", "action", "attack"),
        ("warning", "expected_from", "tomorrow"),
        ("seizure", "country", "Kazakhstan"),
        ("seizure", "quantity", "2,5"),
        ("seizure", "date", "24.11.2026"),
    ],
)
def test_mistyped_answer_does_not_fit(kind: str, key: str, answer: str) -> None:
    """An answer of another form is named before anything is made of it."""
    assert [step.key for step in unfit(kind, {**ANSWERS[kind], key: answer})] == [key]
