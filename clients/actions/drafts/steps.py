"""From the draft of a step of an operation to what would be signed, judged with the hub's own rules."""

from __future__ import annotations

from collections.abc import Mapping

from clients.actions.client import Client
from clients.actions.drafts.fields import operation_of
from clients.actions.drafts.record import WrittenDraft
from clients.actions.drafts.writing import Gaps, WrittenDispatch, gaps_of
from clients.actions.forms import missing, steps_for, unfit
from clients.actions.moments import read_answer
from clients.actions.operations.commands import StepCommand, prepare_step
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
from clients.actions.operations.guarantees import Ticks, read_guarantees
from clients.actions.operations.known import KnownOperation
from clients.actions.operations.participants import parse_parts
from clients.actions.operations.recipients import others_of, read_recipients
from clients.actions.revision import answers_of, revise
from clients.actions.writing import Marking, write_report
from schemas.addresses import Address
from schemas.encoding import encode_json
from schemas.operations.table import GRANTS, PLANS
from schemas.operations.words import Decision
from schemas.reports import parse_report
from schemas.reports.operations import OperationForm


def write_step_draft(client: Client, draft: WrittenDraft, officer: Address, at_ms: int) -> WrittenDispatch | Gaps:
    """What would be signed.

    Args:
        client: whose.
        draft: of a step.
        officer: who would sign, unless the member's own key does.
        at_ms: when it is shown, milliseconds since 1970 UTC: what happened just now happened then.

    Raises:
        ClientError: ``entries_impossible`` and what else `clients.actions.operations.commands.prepare_step` raises.
        SeraiError: with the code with which the hub would refuse it.
    """
    subject, wishes, known = draft.subject, draft.wishes, operation_of(client, draft)
    if gaps := _beside_gaps(draft):
        return gaps
    found = _form(client, draft, known, at_ms)
    if isinstance(found, Gaps):
        return found
    decision = draft.answers.get(DECISION) or None
    if decision in GRANTS:
        found = with_guarantees(found, read_guarantees(draft.answers.get(GUARANTEES, "").split()) or Ticks())
    parts = _parts(client, draft, known, found)
    others = others_of(known, client.member) if known is not None else []
    command = StepCommand(
        found,
        subject.operation or None,
        subject.on or wishes.step or None,
        decision if subject.do == "decide" else None,
        tuple(parts.items()) or None,
        wishes.legs,
        read_recipients(wishes.to, others) if wishes.to else (),
        marking=Marking(wishes.status, wishes.precedence, wishes.handling),
        officer=None if wishes.by_machine else officer,
        by_machine=wishes.by_machine,
    )
    prepared = prepare_step(client, command)
    return WrittenDispatch(prepared.report, prepared.cover, left_out=prepared.left_out, step=prepared)


def _beside_gaps(draft: WrittenDraft) -> Gaps:
    """What is wrong in what no form asks for."""
    answers = draft.answers
    if draft.subject.do == "decide":
        decision = answers.get(DECISION, "")
        if not decision:
            return Gaps(missing=(DECISION,))
        if decision not in list(Decision):
            return Gaps(unfit=(DECISION,))
    bad_parts = bool(answers.get(PARTS)) and parse_parts(answers[PARTS]) is None
    bad_ticks = read_guarantees(answers.get(GUARANTEES, "").split()) is None
    return Gaps(unfit=tuple(key for key, is_bad in ((PARTS, bad_parts), (GUARANTEES, bad_ticks)) if is_bad))


def _form(client: Client, draft: WrittenDraft, known: KnownOperation | None, at_ms: int) -> OperationForm | Gaps:
    kind, do = draft.subject.form, draft.subject.do
    plain = {key: answer for key, answer in draft.answers.items() if key not in BESIDE}
    if do == "plan" and known is not None:
        members = revise(kind, plan_before(known), plain)
        strange = tuple(step.key for step in unfit(kind, plain))
        gaps = gaps_of(kind, answers_of(kind, members))
        return (
            Gaps(gaps.missing, strange) if gaps or strange else step_form(parse_report(encode_json(members).encode()))
        )
    answers = _complete(
        client, draft, {**standing_answers(known), **{k: text for k, text in plain.items() if text}}, at_ms
    )
    decision = draft.answers.get(DECISION, "")
    needed = [key for key in needed_keys(decision) if not answers.get(key)] if do == "decide" else []
    gaps = gaps_of(kind, answers, needed)
    return gaps or step_form(write_report(kind, answers))


def _complete(client: Client, draft: WrittenDraft, answers: dict[str, str], at_ms: int) -> dict[str, str]:
    """With what is known where nothing was answered; without what does not go with the decision."""
    kind, known = draft.subject.form, operation_of(client, draft)
    decision = draft.answers.get(DECISION, "")
    if draft.subject.do == "decide":
        asked = asked_keys(kind, decision)
        answers = {key: text for key, text in answers.items() if key in asked}
    suggested: Mapping[str, str] = known_answers(draft.subject.do, known, client.member)
    steps = {step.key: step for step in steps_for(kind, answers)}
    lacking = {step.key for step in missing(kind, answers)}
    taken = accepted_answers(suggested, lacking, answers)
    read = {key: read_answer(steps[key], text, at_ms) for key, text in taken.items()}
    return answers | {key: text for key, text in read.items() if text}


def _parts(
    client: Client, draft: WrittenDraft, known: KnownOperation | None, form: OperationForm
) -> dict[Address, str]:
    """Who takes part in a plan: as written, or as it follows from it."""
    if draft.subject.do not in PLANS:
        return {}
    written = draft.answers.get(PARTS, "")
    return (parse_parts(written) or {}) if written else proposed_parts(client, known, form)
