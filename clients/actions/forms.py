"""A report in its minimal form, from the answers of a person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from schemas.reports.kinds import find_entry
from schemas.reports.paths import write_path
from schemas.reports.steps import Step


def missing(kind: str, answers: Mapping[str, str]) -> list[Step]:
    """Steps that must be answered and were not.

    Args:
        kind: of the report, or the name of its form (`form_name`).
        answers: by the key of the step.
    """
    return [
        step for step in find_entry(kind).steps if step.needed and step.is_due(answers) and not answers.get(step.key)
    ]


def unfit(kind: str, answers: Mapping[str, str]) -> list[Step]:
    """Steps whose answer has another form than it must have; see `missing`."""
    return [step for step in find_entry(kind).steps if (answer := answers.get(step.key)) and not step.fits(answer)]


def build_report(kind: str, answers: Mapping[str, str]) -> dict[str, Any]:
    """The members of a report, as in JSON, from its answers; see `missing`."""
    report: dict[str, Any] = {**find_entry(kind).constants}
    for step in find_entry(kind).steps:
        if answer := answers.get(step.key):
            report = write_path(report, step.path, answer)
    return report
