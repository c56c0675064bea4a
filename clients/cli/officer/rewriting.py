"""What was sent, opened as a draft: only what is to change is asked for."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import click

from clients.cli.desk import Desk
from clients.cli.officer.asking import ask_step, check_answers, may_ask, missing, option_of
from clients.cli.officer.report_view import report_lines
from clients.cli.officer.revision import answers_of, revise
from clients.cli.officer.steps import STEPS, Step
from clients.cli.officer.writing import keep_draft, read_file, unfinished
from clients.cli.texts import _, label, label_of
from clients.cli.ui import WIDTH, clean, note, wrap
from clients.follow import ReportModel
from schemas.encoding import decode_object, encode_json
from schemas.labels import Kind
from schemas.reports import MAX_REPORT_BYTES, encode_report, parse_report


def rewrite(desk: Desk, report: ReportModel, changes: dict[str, str], given: Mapping[str, Any]) -> ReportModel:
    """The new version of a report.

    Args:
        desk: where.
        report: the old one.
        changes: what the options have said; if they say nothing, a person is asked.
        given: the other options of `clients.cli.officer.amend`; ``draft`` is the name of the draft.

    Raises:
        SeraiError: ``malformed_report``.
        click.UsageError: something will not do, or is missing and there is nobody to ask.
    """
    kind, old = report.report, decode_object(encode_report(report), MAX_REPORT_BYTES)
    if given["file"]:
        return read_file(kind, given["file"])
    _check_asked(kind, changes)
    check_answers(kind, changes)
    is_said = bool(changes)
    changes = unfinished(desk, given["draft"], changes, given)
    lacking = missing(kind, answers_of(kind, revise(kind, old, changes)))
    if may_ask() and not given["yes"] and (lacking or not is_said):
        changes = ask_changes(kind, old, changes, lambda so_far: keep_draft(desk, given["draft"], so_far))
    elif lacking:
        raise click.UsageError(_("missing: {options}").format(options=", ".join(map(option_of, lacking))))
    return parse_report(encode_json(revise(kind, old, changes)).encode())


def _check_asked(kind: str, changes: Mapping[str, str]) -> None:
    """Refuse options that say nothing of this kind of report.

    Raises:
        click.UsageError: naming them.
    """
    known = {step.key for step in STEPS[kind]}
    strange = ["--" + key.replace("_", "-") for key in changes if key not in known]
    if strange:
        text = _("a {kind} does not have {options}; for more than is asked for use --file")
        raise click.UsageError(text.format(kind=label_of(Kind, kind).lower(), options=", ".join(strange)))


def ask_changes(
    kind: str, old: Mapping[str, Any], changes: dict[str, str], keep: Callable[[Mapping[str, str]], None]
) -> dict[str, str]:
    """Ask what is to change, until a person says that all is right.

    Args:
        kind: of the report.
        old: its members.
        changes: so far.
        keep: puts the changes on disk.
    """
    while True:
        answers = answers_of(kind, revise(kind, old, changes))
        lacking = missing(kind, answers)
        step = lacking[0] if lacking else _chosen(kind, answers)
        if step is None:
            return changes
        changes = {**changes, step.key: ask_step(step)}
        keep(changes)


def _chosen(kind: str, answers: Mapping[str, str]) -> Step | None:
    """The step that a person wants to answer anew; ``None`` if none."""
    steps = [step for step in STEPS[kind] if step.is_due(answers)]
    for number, step in enumerate(steps, 1):
        name = re.split(r" \(|[:?]", _(step.question))[0]
        note(wrap(f"{number:>3}  {name}: {_shown(step, answers.get(step.key, ''))}"))
    while True:
        question = _("What is to change? Its number, or Enter if all is right")
        answer: str = click.prompt(question, default="", show_default=False, err=True).strip()
        if not answer:
            return None
        if answer.isdecimal() and 1 <= int(answer) <= len(steps):
            return steps[int(answer) - 1]
        note(_("That will not do; please type it again."))


def _shown(step: Step, answer: str) -> str:
    code = next((each for each in step.codes if each.value == answer), None) if step.codes else None
    return label(code) if code is not None else clean(answer) or "-"


def lines_gone(old: ReportModel, new: ReportModel) -> list[str]:
    """Lines of the old version that are not in the new one, as they are shown."""
    kept = set(report_lines(new))
    gone = [line for line in report_lines(old) if line not in kept]
    return [_("No longer said:"), *gone, "-" * WIDTH] if gone else []
