"""A report of the minimal form opened again: its answers, and the report with some of them changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from clients.actions.forms import steps_by_list, steps_for, steps_of_entry
from schemas.reports.paths import read_path, write_path


def answers_of(kind: str, report: Mapping[str, Any]) -> dict[str, str]:
    """The answers that would make a report, as far as there is a step for each.

    Args:
        kind: of the report.
        report: its members, as in JSON.
    """
    found: dict[str, Any] = {}
    for name, steps in steps_by_list(kind):
        entries = len(read_path(report, name) or ()) if name else 1
        for number in range(1, entries + 1):
            found |= {step.key: read_path(report, step.path) for step in steps_of_entry(steps, number)}
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
    for step in list(steps_for(kind, answers_of(kind, report) | changes)):
        if step.key not in changes and step.falls_with(changes):
            changes[step.key] = ""
        if step.key in changes:
            changed = write_path(changed, step.path, changes[step.key] or None)
    return changed
