"""A report of the minimal form opened again: its answers, and the report with some of them changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from schemas.reports.kinds import find_entry
from schemas.reports.paths import read_path, write_path


def answers_of(kind: str, report: Mapping[str, Any]) -> dict[str, str]:
    """The answers that would make a report, as far as there is a step for each.

    Args:
        kind: of the report.
        report: its members, as in JSON.
    """
    found = {step.key: read_path(report, step.path) for step in find_entry(kind).steps}
    return {key: value for key, value in found.items() if isinstance(value, str)}


def revise(kind: str, report: Mapping[str, Any], changes: Mapping[str, str]) -> dict[str, Any]:
    """A report in which some answers are others; everything else stays as it was, to the letter.

    What means nothing without what was changed goes with it: the words that explained a code, the unit of a quantity.

    Args:
        kind: of the report.
        report: its members, as in JSON.
        changes: by the key of the step; an empty answer takes away what was there.
    """
    changes, changed = dict(changes), dict(report)
    for step in find_entry(kind).steps:
        if step.key not in changes and step.falls_with(changes):
            changes[step.key] = ""
        if step.key in changes:
            changed = write_path(changed, step.path, changes[step.key] or None)
    return changed
