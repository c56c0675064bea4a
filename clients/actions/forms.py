"""A report in its minimal form, from the answers of a person.

A step asks for the first entry of a list (``legs[0].leg``). The answer for the second entry has the key ``leg_2``, and
so on: `steps_of_entry` has the steps of an entry, `steps_for` all those that answers have.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import count, groupby, takewhile
from typing import Any, Final

from schemas.reports.kinds import KINDS, find_entry
from schemas.reports.paths import write_path
from schemas.reports.steps import Step

_FIRST: Final = re.compile(r"([a-z0-9_.]+)\[0\](.*)")


def list_of(step: Step) -> str:
    """The list for whose first entry a step asks; empty if there is none."""
    found = _FIRST.fullmatch(step.path)
    return found[1] if found else ""


def steps_by_list(kind: str) -> list[tuple[str, list[Step]]]:
    """The steps of a form in their order: those of one list together, every other on its own; see `missing`."""
    grouped = groupby(enumerate(find_entry(kind).steps), lambda each: list_of(each[1]) or str(each[0]))
    found = [[step for _at, step in steps] for _key, steps in grouped]
    return [(list_of(steps[0]), steps) for steps in found]


def steps_of_entry(steps: Sequence[Step], number: int) -> list[Step]:
    """The steps of a list for one of its entries.

    Args:
        steps: of its first entry.
        number: of the entry, from 1.
    """
    return [_numbered(step, number, {each.key for each in steps}) for step in steps]


def _numbered(step: Step, number: int, keys: set[str]) -> Step:
    found = _FIRST.fullmatch(step.path)
    if number == 1 or found is None:
        return step
    key, sep, value = step.after.partition("=")
    after = f"{key}_{number}{sep}{value}" if key in keys else step.after
    return replace(step, key=f"{step.key}_{number}", after=after, path=f"{found[1]}[{number - 1}]{found[2]}")


def steps_for(kind: str, answers: Mapping[str, str]) -> Iterator[Step]:
    """Every step of a form, those of each entry for which there are answers; see `missing`."""
    for name, steps in steps_by_list(kind):
        yield from steps
        further = (steps_of_entry(steps, number) for number in count(2))
        for entry in takewhile(lambda each: any(step.key in answers for step in each), further) if name else ():
            yield from entry


def steps_to_change(kind: str, answers: Mapping[str, str]) -> Iterator[Step]:
    """The steps of a form that may be answered anew; where it has commands of its own, one more entry of each list."""
    further = [step.key for step in steps_for(kind, answers)]
    has_more = kind not in KINDS or KINDS[kind].has_own_commands
    for name, steps in steps_by_list(kind):
        for number in count(1):
            entry = steps_of_entry(steps, number)
            is_there = entry[0].key in further
            if is_there or (name and has_more):
                yield from entry
            if not (name and is_there):
                break


def missing(kind: str, answers: Mapping[str, str]) -> list[Step]:
    """Steps that must be answered and were not.

    Args:
        kind: of the report, or the name of its form (`form_name`).
        answers: by the key of the step.
    """
    steps = steps_for(kind, answers)
    return [step for step in steps if step.needed and step.is_due(answers) and not answers.get(step.key)]


def unfit(kind: str, answers: Mapping[str, str]) -> list[Step]:
    """Steps whose answer has another form than it must have; see `missing`."""
    return [step for step in steps_for(kind, answers) if (answer := answers.get(step.key)) and not step.fits(answer)]


def build_report(kind: str, answers: Mapping[str, str]) -> dict[str, Any]:
    """The members of a report, as in JSON, from its answers; see `missing`."""
    report: dict[str, Any] = {**find_entry(kind).constants}
    for step in steps_for(kind, answers):
        if answer := answers.get(step.key):
            report = write_path(report, step.path, answer)
    return report
