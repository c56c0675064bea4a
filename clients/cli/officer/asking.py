"""Asking a person, step by step; each answer is on disk before the next question."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Final

import click

from clients.actions.forms import unfit
from clients.actions.writing import ALL
from clients.cli.ui import note
from clients.documents.plain import wrap
from clients.documents.texts import _, label
from schemas.labels import CodedValue, find_code
from schemas.reports.kinds import find_entry
from schemas.reports.steps import Step

_MANY: Final = 12


def may_ask() -> bool:
    """Whether there is a person at a terminal."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def option_of(step: Step) -> str:
    """The option that gives the answer of a step."""
    return "--" + step.key.replace("_", "-")


def check_answers(kind: str, answers: Mapping[str, str]) -> None:
    """Refuse answers of another form.

    Raises:
        click.UsageError: naming the option, and for codes what there is.
    """
    for step in unfit(kind, answers):
        known = ": " + ", ".join(code.value for code in step.codes) if step.codes else ""
        raise click.UsageError(_("{option}: this value cannot be used").format(option=option_of(step)) + known)


def ask_steps(kind: str, answers: dict[str, str], keep: Callable[[Mapping[str, str]], None]) -> dict[str, str]:
    """Ask what was not answered yet.

    Args:
        kind: of the report.
        answers: so far.
        keep: puts the answers on disk.
    """
    for step in find_entry(kind).steps:
        if step.key in answers or not step.is_due(answers):
            continue
        answers = {**answers, step.key: ask_step(step)}
        keep(answers)
    return answers


def ask_step(step: Step) -> str:
    """One answer; asked again until it will do."""
    question = _(step.question)
    if step.codes is not None:
        return ask_code(question, step.codes, needed=step.needed)
    while True:
        answer: str = click.prompt(question, default="", show_default=False, err=True).strip()
        if (not answer and not step.needed) or (answer and step.fits(answer)):
            return answer
        note(_("This answer cannot be used; please type it again."))


def ask_code(question: str, codes: type[CodedValue], *, needed: bool = True) -> str:
    """A code, by its number in the list, its label or itself; empty, if none is needed."""
    choices = list(codes)
    note(question)
    if len(choices) <= _MANY:
        for number, code in enumerate(choices, 1):
            note(f"  {number:>2}  {label(code)}")
    else:
        note(wrap("; ".join(f"{number} {label(code)}" for number, code in enumerate(choices, 1)), "  "))
    while True:
        answer: str = click.prompt(_("Number"), default="", show_default=False, err=True).strip()
        if not answer and not needed:
            return ""
        if answer.isdecimal() and 1 <= int(answer) <= len(choices):
            return choices[int(answer) - 1].value
        found = find_code(codes, answer) if answer else None
        if found is not None:
            return found.value
        note(_("This answer cannot be used; please type it again."))


def ask_recipients(members: Sequence[str]) -> list[str]:
    """Members, by number, address, or ALL."""
    note(_("To whom?"))
    for number, member in enumerate(members, 1):
        note(f"  {number:>2}  {member}")
    while True:
        answer: str = click.prompt(_("Numbers or addresses, or ALL"), default="", show_default=False, err=True)
        words = answer.upper().replace(",", " ").split()
        if words in ALL:
            return list(members)
        chosen = [_member(word, members) for word in words]
        if chosen and all(chosen):
            return list(dict.fromkeys(each for each in chosen if each))
        note(_("This answer cannot be used; please type it again."))


def _member(word: str, members: Sequence[str]) -> str | None:
    if word.isdecimal() and 1 <= int(word) <= len(members):
        return members[int(word) - 1]
    return word if word in members else None
