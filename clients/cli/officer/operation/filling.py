"""The content of a step, from what was typed: asked question by question, or as a file or options have it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import click

from clients.actions.client import Client
from clients.actions.drafting import keep_draft
from clients.actions.forms import build_report, missing
from clients.actions.operations.defaults import accepted_answers, known_answers, plan_before, standing_answers
from clients.actions.operations.filling import (
    BESIDE,
    DECISION,
    GUARANTEES,
    PARTS,
    asked_keys,
    needed_keys,
    proposed_parts,
    step_form,
    with_guarantees,
)
from clients.actions.operations.guarantees import read_guarantees, spell_guarantees
from clients.actions.operations.known import KnownOperation
from clients.actions.operations.participants import parse_parts, spell_parts
from clients.actions.revision import answers_of, revise
from clients.actions.writing import read_report, write_report
from clients.cli.officer.asking import ask_code, check_answers, may_ask, option_of
from clients.cli.officer.composing import Begun, lacks, take_up
from clients.cli.officer.correcting import ask_changes
from clients.cli.officer.operation.guarantees import ask_guarantees
from clients.cli.officer.operation.guided import Questions, ask_form, ask_one, read_answers
from clients.cli.officer.operation.participants import ask_parts
from clients.cli.officer.options import TypedCommand
from clients.documents.texts import _
from schemas.addresses import Address
from schemas.encoding import encode_json
from schemas.operations.table import GRANTS, PLANS
from schemas.operations.words import Decision
from schemas.reports import parse_report
from schemas.reports.operations import DecideForm, OperationForm

Keep = Callable[[Mapping[str, str]], None]


@dataclass(frozen=True, slots=True)
class TypedStep:
    """What was typed of a step, beside what every command that sends has.

    Attributes:
        do: ``open`` and so on; ``cancel`` strikes something out.
        command: what every such command has.
        on: the step that it is on, as typed.
        legs: names of those on which is decided.
        only: keys that are asked; all of the form if there are none.
        by_machine: whether the member's own key signs.
    """

    do: str
    command: TypedCommand
    on: str = ""
    legs: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    by_machine: bool = False

    @property
    def kind(self) -> str:
        """Name of its form."""
        return f"operation-{self.do}"


@dataclass(frozen=True, slots=True)
class WrittenStep:
    """A step as far as it is written.

    Attributes:
        form: its content.
        begun: its files.
        answers: by the key of the question; none if it came as a file.
        decision: of a ``decide``.
        parts: of the members that a plan names.
    """

    form: OperationForm
    begun: Begun
    answers: Mapping[str, str] = field(default_factory=dict)
    decision: str | None = None
    parts: Mapping[Address, str] = field(default_factory=dict)


def write_step(client: Client, typed: TypedStep, known: KnownOperation | None, draft: str) -> WrittenStep:
    """The content of a step; each answer is on disk before the next question.

    Args:
        client: whose.
        typed: what was typed.
        known: the operation; ``None`` where this opens one.
        draft: name of its draft.

    Raises:
        SeraiError: ``malformed_report``.
        ClientError: a file cannot be used.
        click.UsageError: something is missing, and there is nobody to ask.
        click.Abort: the person went away.
    """
    options = typed.command.options
    extras = {key: answer for key, answer in typed.command.answers.items() if key in BESIDE}
    plain = {key: answer for key, answer in typed.command.answers.items() if key not in extras}
    answers = read_answers(typed.kind, plain, client.state.system.clock.time_ms()) | extras
    if typed.do == "stop":
        options = replace(options, yes=True)  # nobody is asked about an old draft while the goods move
    begun = take_up(client, draft, answers, options)
    is_resumed, answers = dict(begun.answers) != answers, dict(begun.answers)

    def keep(so_far: Mapping[str, str]) -> None:
        keep_draft(client, draft, so_far, begun.files)

    if typed.do == "decide":
        answers = _decided(answers, keep)
    if options.file:
        form = step_form(read_report(typed.kind, options.file))
    else:
        is_whole = is_resumed and typed.do != "plan" and not missing(typed.kind, answers)
        fill = _changed if is_whole else _from_answers
        form, answers = fill(client, typed, known, answers, keep)
        form, answers = _with_guarantees(form, answers, keep, asks=options.may_ask)
    parts: Mapping[Address, str] = {}
    if typed.do in PLANS:
        parts = _parts(client, typed, known, form, answers, keep)
    return WrittenStep(form, begun, {} if options.file else answers, answers.get(DECISION), parts)


def amend_step(
    client: Client, typed: TypedStep, known: KnownOperation | None, draft: str, written: WrittenStep
) -> WrittenStep:
    """The same step with what a person puts right in it; each answer is on disk before the next question.

    Args:
        client: whose.
        typed: what was typed.
        known: the operation; ``None`` where this opens one.
        draft: name of its draft.
        written: as far as it was written.

    Raises:
        SeraiError: ``malformed_report``.
        click.Abort: the person went away.
    """

    def keep(so_far: Mapping[str, str]) -> None:
        keep_draft(client, draft, so_far, written.begun.files)

    form, answers = _changed(client, typed, known, dict(written.answers), keep)
    form, answers = _with_guarantees(form, answers, keep, asks=True)
    parts = written.parts
    if typed.do in PLANS:
        parts = _parts(client, typed, known, form, {**answers, PARTS: spell_parts(parts)}, keep)
    return replace(written, form=form, answers=answers, parts=parts)


def _from_answers(
    client: Client, typed: TypedStep, known: KnownOperation | None, answers: dict[str, str], keep: Keep
) -> tuple[OperationForm, dict[str, str]]:
    if typed.do == "plan" and known is not None:
        return _from_plan(client, typed, plan_before(known), answers, keep)
    answers = {**standing_answers(known), **answers}
    check_answers(typed.kind, answers)
    now_ms = client.state.system.clock.time_ms
    suggested = known_answers(typed.do, known, client.member)
    if typed.command.options.may_ask and missing(typed.kind, answers):
        answers = ask_form(_questions(typed, now_ms, suggested, answers.get(DECISION, "")), answers, keep)
    lacking = missing(typed.kind, answers)
    filled = accepted_answers(suggested, [step.key for step in lacking], answers)
    answers |= read_answers(typed.kind, filled, now_ms())
    if lacking := missing(typed.kind, answers):
        raise lacks(*map(option_of, lacking))
    return step_form(write_report(typed.kind, answers)), answers


def _changed(
    client: Client, typed: TypedStep, known: KnownOperation | None, answers: dict[str, str], keep: Keep
) -> tuple[OperationForm, dict[str, str]]:
    """What is written already, with the answers that a person wants to be others."""
    now_ms = client.state.system.clock.time_ms
    is_plan = typed.do == "plan" and known is not None
    old = plan_before(known) if is_plan and known is not None else build_report(typed.kind, answers)
    extras = {key: answer for key, answer in answers.items() if key in BESIDE}
    begun = {key: answer for key, answer in answers.items() if is_plan and key not in extras}
    changes = ask_changes(
        typed.kind, old, begun, lambda so_far: keep({**answers, **so_far}), lambda step: ask_one(step, now_ms)
    )
    members = revise(typed.kind, old, changes)
    found = dict(changes) if is_plan else answers_of(typed.kind, members)
    return step_form(parse_report(encode_json(members).encode())), {**found, **extras}


def _questions(typed: TypedStep, now_ms: Callable[[], int], known: Mapping[str, str], decision: str) -> Questions:
    """What is asked: of a decision what goes with it."""
    only = asked_keys(typed.kind, decision) if decision else typed.only
    return Questions(typed.kind, now_ms, known, only, needed_keys(decision))


def _from_plan(
    client: Client, typed: TypedStep, old: dict[str, Any], answers: dict[str, str], keep: Keep
) -> tuple[OperationForm, dict[str, str]]:
    """A plan begins with the one before it: what is not changed stays to the letter."""
    check_answers(typed.kind, answers)
    if typed.command.options.may_ask and not typed.command.answers:
        now_ms = client.state.system.clock.time_ms
        answers = dict(ask_changes(typed.kind, old, answers, keep, lambda step: ask_one(step, now_ms)))
    members = revise(typed.kind, old, answers)
    return step_form(parse_report(encode_json(members).encode())), answers


def _decided(answers: dict[str, str], keep: Keep) -> dict[str, str]:
    """With the decision, which is asked for first: what else is asked depends on it."""
    if answers.get(DECISION):
        return answers
    if not may_ask():
        raise lacks("--decision")
    answers = {**answers, DECISION: ask_code(_("What do you decide?"), Decision)}
    keep(answers)
    return answers


def _with_guarantees(
    form: OperationForm, answers: dict[str, str], keep: Keep, *, asks: bool
) -> tuple[OperationForm, dict[str, str]]:
    """A decision that permits, with what was ticked beside it; every other step as it is."""
    if not isinstance(form, DecideForm) or answers.get(DECISION) not in GRANTS:
        return form, answers
    found = read_guarantees(answers.get(GUARANTEES, "").split())
    if found is None:
        raise click.UsageError(_("{option}: this value cannot be used").format(option="--guarantee"))
    if GUARANTEES not in answers and asks:
        found = ask_guarantees()
        answers = {**answers, GUARANTEES: spell_guarantees(found)}
        keep(answers)
    return with_guarantees(form, found), answers


def _parts(
    client: Client,
    typed: TypedStep,
    known: KnownOperation | None,
    form: OperationForm,
    answers: dict[str, str],
    keep: Keep,
) -> Mapping[Address, str]:
    """Who takes part: as typed, as asked, or as the plan before has it."""
    written = answers.get(PARTS, "")
    kept = parse_parts(written) if written else {}
    if kept is None:
        raise lacks("--parts")
    if kept and (typed.command.answers.get(PARTS) == written or not typed.command.options.may_ask):
        return kept
    proposed = proposed_parts(client, known, form)
    if not typed.command.options.may_ask:
        return proposed
    found = ask_parts(kept or proposed)
    keep({**answers, PARTS: spell_parts(found)})
    return found
