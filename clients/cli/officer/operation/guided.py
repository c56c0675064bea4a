"""A form of an operation, asked question by question: what is required first, then what may be left open."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Final

import click

from clients.actions.forms import steps_by_list, steps_of_entry
from clients.actions.moments import NOW, is_moment, moment_ms, read_answer, read_moment
from clients.cli.officer.asking import ask_step, option_of
from clients.cli.ui import agrees, note
from clients.documents.operations.words import span_text
from clients.documents.plain import utc
from clients.documents.texts import _
from schemas.addresses import MemberField
from schemas.reports.kinds import find_entry
from schemas.reports.steps import Step

_MINUTE_MS: Final = 60_000


@dataclass(frozen=True, slots=True)
class Questions:
    """What is asked of a form.

    Attributes:
        kind: name of the form, ``operation-move``.
        now_ms: what the clock says, in milliseconds since 1970 UTC.
        known: answers that stand unless something else is typed: shown, and accepted by Enter.
        only: keys that are asked; all of the form if there are none.
        needed: keys without which the step means nothing here, though its form can do without.
    """

    kind: str
    now_ms: Callable[[], int]
    known: Mapping[str, str]
    only: Sequence[str] = ()
    needed: Sequence[str] = ()


def ask_form(
    questions: Questions, answers: dict[str, str], keep: Callable[[Mapping[str, str]], None]
) -> dict[str, str]:
    """Ask what was not answered yet; each answer is on disk before the next question.

    Args:
        questions: what is asked.
        answers: so far.
        keep: puts the answers on disk.
    """
    asking = _Asking(questions, answers, keep)
    by_list = steps_by_list(questions.kind)
    for at, (name, steps) in enumerate(by_list):
        wanted = [step for step in steps if not questions.only or step.key in questions.only]
        following = [step for _name, steps in by_list[at + 1 :] for step in steps]
        asking.may_leave = not any(step.needed and not step.after for step in (*wanted, *following))
        if name and wanted:
            is_done = any(step.key in asking.answers for step in following)
            asking.ask_list(wanted, is_done=is_done)
        else:
            asking.ask_entry(wanted)
    return asking.answers


def ask_one(step: Step, now_ms: Callable[[], int]) -> str:
    """One answer of a form; see `ask_form`."""
    return _Asking(Questions("", now_ms, {}), {}, lambda _so_far: None).ask(step)


def read_answers(kind: str, typed: Mapping[str, str], now_ms: int) -> dict[str, str]:
    """What was typed as options, as forms have it: times whole, addresses in capitals.

    Raises:
        click.UsageError: it is no time.
    """
    steps = {step.key: step for step in find_entry(kind).steps}
    return {key: _read_option(steps[key], text, now_ms) for key, text in typed.items() if key in steps}


def _read_option(step: Step, text: str, now_ms: int) -> str:
    found = read_answer(step, text, now_ms)
    if found is None:
        raise click.UsageError(_("{option}: this value cannot be used").format(option=option_of(step)))
    return found


class _Asking:
    """Questions in a row.

    Args:
        questions: what is asked.
        answers: so far.
        keep: puts them on disk.

    Attributes:
        answers: so far.
        may_leave: whether all that follows may be left open.
    """

    def __init__(
        self, questions: Questions, answers: dict[str, str], keep: Callable[[Mapping[str, str]], None]
    ) -> None:
        self._questions = questions
        self.answers = answers
        self.may_leave = False
        self._keep = keep
        self._has_explained_times = False
        self._has_left_open = False

    def ask_list(self, steps: Sequence[Step], *, is_done: bool) -> None:
        """Ask for an entry of a list, and whether there is another.

        Args:
            steps: of its first entry.
            is_done: whether what follows the list was answered before: then it is whole.
        """
        what = re.split(r" \(|[:?]", _(steps[0].question))[0]
        question = _("Is there one more? ({what})").format(what=what)
        for number in count(1):
            entry = steps_of_entry(steps, number)
            self.ask_entry(entry)
            if not any(self.answers.get(step.key) for step in entry):
                return
            following = steps_of_entry(steps, number + 1)
            is_begun = any(step.key in self.answers for step in following)
            if not is_begun and (is_done or not agrees(question)):
                return

    def ask_entry(self, steps: Sequence[Step]) -> None:
        """Ask each of these that was not answered."""
        for step in steps:
            if step.key in self.answers or not step.is_due(self.answers):
                continue
            wanted = replace(step, needed=step.needed or step.key in self._questions.needed)
            self._say_what_may_be_left()
            self.answers = {**self.answers, step.key: self.ask(wanted)}
            self._keep(self.answers)

    def _say_what_may_be_left(self) -> None:
        if self.may_leave and not self._has_left_open and not self._questions.only:
            self._has_left_open = True
            note(_("The rest may be left open: Enter means that it is not known yet."))

    def ask(self, step: Step) -> str:
        """One answer; what is known stands if nothing is typed."""
        known = self._questions.known.get(step.key, "")
        if is_moment(step):
            return self._ask_moment(step, known)
        if step.form is MemberField or (known and step.codes is None):
            return self._ask_words(step, known)
        return ask_step(replace(step, needed=step.needed and not known)) or known

    def _ask_words(self, step: Step, known: str) -> str:
        while True:
            typed: str = click.prompt(_(step.question), default=known, show_default=bool(known), err=True)
            answer = typed.strip().upper() if step.form is MemberField else typed.strip()
            if (not answer and not step.needed) or (answer and step.fits(answer)):
                return answer
            note(_("This answer cannot be used; please type it again."))

    def _ask_moment(self, step: Step, known: str) -> str:
        """A time, shown as it was understood: who types an hour of his own zone sees it."""
        if not self._has_explained_times:
            self._has_explained_times = True
            note(_("Times: now, -20m, +4h, 14:05 (UTC), 14:05+05:00, or whole: 2026-11-24T14:05+05:00."))
        while True:
            shown = _("now") if known == NOW else known
            typed: str = click.prompt(_(step.question), default=shown, show_default=bool(known), err=True).strip()
            if not typed and not step.needed:
                return ""
            answer = read_moment(typed, self._questions.now_ms())
            if answer is not None and step.fits(answer):
                note(f"  = {moment_text(answer, self._questions.now_ms())}")
                return answer
            note(_("This answer cannot be used; please type it again."))


def moment_text(written: str, now_ms: int) -> str:
    """A time in UTC, and how far it is from now, in whole minutes: the next ones begin at its minute."""
    at_ms = moment_ms(written)
    span_ms = at_ms - now_ms
    if abs(span_ms) < _MINUTE_MS:
        return utc(at_ms)
    if span_ms > 0:
        return _("{time}, in {span}").format(time=utc(at_ms), span=span_text(span_ms + _MINUTE_MS - 1))
    return _("{time}, {span} ago").format(time=utc(at_ms), span=span_text(span_ms))
