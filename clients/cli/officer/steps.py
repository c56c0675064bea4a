"""What is asked, step by step, to write a report in its minimal form, in the order in which an officer thinks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from schemas.labels import CodedValue
from schemas.reports.base import CountryCode, DecimalText, Line, Moment, Reference, Text
from schemas.reports.codes import FeedbackOutcome, RequestedAction
from schemas.reports.drugs import DrugGroup, Unit


@dataclass(frozen=True, slots=True)
class Step:
    """One question.

    Attributes:
        key: name of the answer, and of the option that gives it.
        question: what is asked.
        form: what the answer must be: a type of text, or a table of codes.
        needed: whether the report means nothing without it.
        after: the step is asked only if the answer of this key was given; with ``=value``, only if it was that.
    """

    key: str
    question: str
    form: Any
    needed: bool = True
    after: str = ""

    @property
    def codes(self) -> type[CodedValue] | None:
        """The table of codes, if the answer is one."""
        return self.form if isinstance(self.form, type) and issubclass(self.form, CodedValue) else None

    def fits(self, answer: str) -> bool:
        """Whether an answer has the form that it must have."""
        if self.codes is not None:
            return any(code.value == answer for code in self.codes)
        try:
            TypeAdapter(self.form).validate_python(answer)
        except ValidationError:
            return False
        return True

    def is_due(self, answers: Mapping[str, str]) -> bool:
        """Whether it is asked, after what was answered before."""
        key, _sep, value = self.after.partition("=")
        return not key or (answers.get(key) == value if value else bool(answers.get(key)))


_COMMON: Final = Step("reference", "Your own reference number of this report", Reference)

STEPS: Final[Mapping[str, tuple[Step, ...]]] = {
    "warning": (
        _COMMON,
        Step("action", "What do you ask for?", RequestedAction),
        Step("action_words", "What do you ask for, in words?", Line, after="action=other"),
        Step("summary", "The case in words: what, by what, from where, to where", Text),
        Step(
            "expected_from",
            "Earliest arrival (2026-11-24 or 2026-11-24T03:00Z; Enter if not known)",
            Moment,
            needed=False,
        ),
        Step("plate", "Number plate of the vehicle (Enter if not known)", Line, needed=False),
        Step("container", "Container number (Enter if none)", Line, needed=False),
    ),
    "seizure": (
        _COMMON,
        Step("date", "Day of the seizure (2026-11-24)", Moment),
        Step("country", "Country where it was made (KZ)", CountryCode),
        Step("group", "What was seized?", DrugGroup),
        Step("goods", "Its name, as you write it", Line),
        Step("quantity", "How much, in figures only (2.5; Enter if not weighed)", DecimalText, needed=False),
        Step("unit", "In what unit?", Unit, after="quantity"),
        Step("unit_words", "In what unit, in words?", Line, after="unit=other"),
        Step("summary", "The case in words (Enter for none)", Text, needed=False),
    ),
    "feedback": (
        _COMMON,
        Step("your_reference", "Their reference number of what you answer", Reference),
        Step("outcome", "What came of it?", FeedbackOutcome),
        Step("outcome_words", "What came of it, in words?", Line, after="outcome=other"),
        Step("date", "When (2026-11-24; Enter for no date)", Moment, needed=False),
        Step("summary", "In words (Enter for none)", Text, needed=False),
    ),
}
"""The steps of each kind."""


def build_report(kind: str, answers: Mapping[str, str]) -> dict[str, Any]:
    """The members of a report from its answers."""
    given = {key: value for key, value in answers.items() if value}
    report: dict[str, Any] = {"report": kind, "version": 1, "our_reference": given.get("reference")}
    for key in ("summary", "date", "country", "your_reference", "expected_from"):
        report[key] = given.get(key)
    if "action" in given:
        report["requested_action"] = {"code": given["action"], "as_written": given.get("action_words")}
    if "outcome" in given:
        report["outcome"] = {"code": given["outcome"], "as_written": given.get("outcome_words")}
    if "goods" in given:
        report["goods"] = [_goods(given)]
    numbers = [("vehicle_plate", given.get("plate")), ("container", given.get("container"))]
    report["identifiers"] = [{"kind": code, "value": value} for code, value in numbers if value]
    cleaned: dict[str, Any] = _without_none(report)
    return cleaned


def _goods(given: Mapping[str, str]) -> dict[str, Any]:
    names = {"group": "group", "name": "goods", "quantity": "quantity", "unit": "unit", "unit_as_written": "unit_words"}
    return {member: given.get(key) for member, key in names.items()}


def _without_none(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_none(each) for name, each in value.items() if each is not None and each != []}
    return [_without_none(each) for each in value] if isinstance(value, list) else value
