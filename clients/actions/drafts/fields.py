"""What is asked for a draft: every question of its form, with what was answered and what is known already."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from clients.actions.amending import find_correctable
from clients.actions.client import Client
from clients.actions.drafts.record import Act, WrittenDraft
from clients.actions.forms import list_of, missing, steps_to_change
from clients.actions.numbers import SpokenNumber
from clients.actions.operations.deconflicting import next_question
from clients.actions.operations.defaults import known_answers, plan_before, standing_answers
from clients.actions.operations.filling import (
    BESIDE,
    DECISION,
    GUARANTEES,
    PARTS,
    STOP_KEYS,
    asked_keys,
    needed_keys,
    proposed_parts,
    step_form,
)
from clients.actions.operations.known import KnownOperation, read_operation
from clients.actions.operations.participants import spell_parts
from clients.actions.profiles import form_to_edit
from clients.actions.responding import begin_feedback, begin_reply
from clients.actions.revision import answers_of, revise
from clients.actions.writing import write_report
from clients.errors import ClientError, LocalCode
from schemas.encoding import decode_object, encode_json
from schemas.errors import SeraiError
from schemas.operations.deconfliction import DESK
from schemas.operations.table import PLANS
from schemas.operations.words import Decision
from schemas.reports import MAX_REPORT_BYTES, ReportModel, encode_report, parse_report
from schemas.reports.base import Line, Text
from schemas.reports.kinds import KINDS, find_entry
from schemas.reports.steps import Step

REASON: Final = Step("reason", "Why is it cancelled?", Text)
"""What is asked of a cancellation."""

IN_A_REPLY: Final = ("summary", "outcome", "outcome_words", "reference")
"""What is asked of a reply."""

_DECISION: Final = Step(DECISION, "What do you decide?", Decision)
_GUARANTEES: Final = Step(GUARANTEES, "What do you guarantee or demand with it?", Line, needed=False)
_PARTS: Final = Step(PARTS, "Who takes part, and as what? All of them get this and what is decided.", Line)


@dataclass(frozen=True, slots=True)
class DraftField:
    """A question of a draft.

    Attributes:
        step: what is asked.
        value: what was answered, or what stands there before a change; empty if nothing does.
        suggested: what stands unless something else is answered; empty if nothing is known.
        list: the list to whose entries it belongs; empty if it is no list's.
        first: whether it is asked first: without it nothing can be sent.
    """

    step: Step
    value: str = ""
    suggested: str = ""
    list: str = ""
    first: bool = False


def spoken_of(client: Client, digest: str) -> SpokenNumber:
    """The number of the dispatch that a draft is about.

    Raises:
        ClientError: ``no_dispatch`` if it has none here any more.
    """
    index = client.store.items.place_of(digest)
    if index is None:
        raise ClientError(LocalCode.NO_DISPATCH, number=digest[:8])
    return SpokenNumber(index, None)


def operation_of(client: Client, draft: WrittenDraft) -> KnownOperation | None:
    """The operation in which a step is taken; ``None`` where it opens one, or there is none."""
    return read_operation(client, draft.subject.operation) if draft.subject.operation else None


def version_before(client: Client, draft: WrittenDraft) -> ReportModel | None:
    """The report that a draft changes: that of what is corrected, the own profile; ``None`` if there is none.

    Raises:
        ClientError: what `clients.actions.amending.find_correctable` and `form_to_edit` raise.
    """
    if draft.subject.act is Act.CORRECT:
        return find_correctable(client, spoken_of(client, draft.subject.on), draft.wishes.status)[1]
    return form_to_edit(client, draft.wishes.status) if draft.subject.act is Act.PROFILE else None


def form_of_draft(client: Client, draft: WrittenDraft) -> str:
    """Name of the form that is filled in; empty if there is none."""
    if draft.subject.act is Act.CORRECT:
        before = version_before(client, draft)
        return before.kind if before is not None else ""
    return draft.subject.form


def known_before(client: Client, draft: WrittenDraft, known: KnownOperation | None) -> dict[str, str]:
    """Answers that stand unless they are changed: of the version before, of the plan before, of what is answered."""
    subject, spoken = draft.subject, SpokenNumber(0, None)
    if subject.act in (Act.REPLY, Act.FEEDBACK):
        spoken = spoken_of(client, subject.on)
        begin = begin_reply if subject.act is Act.REPLY else begin_feedback
        return dict(begin(client, spoken, None, to_all=draft.wishes.to_all).known)
    if subject.act is Act.STEP:
        is_plan = subject.do == "plan" and known is not None
        plan = plan_before(known) if is_plan and known is not None else None
        return answers_of(subject.form, plan) if plan is not None else standing_answers(known)
    if subject.act is Act.QUESTION:
        status = draft.wishes.status or client.network_status
        asked = next_question(client, plan_before(known), status, DESK) if known is not None else None
        return {} if asked is None else answers_of(subject.form, members_of(asked))
    before = version_before(client, draft)
    return {} if before is None else answers_of(before.kind, members_of(before))


def members_of(report: ReportModel) -> dict[str, Any]:
    """The members of a report, as in JSON."""
    return decode_object(encode_report(report), MAX_REPORT_BYTES)


def steps_asked(client: Client, draft: WrittenDraft, answers: Mapping[str, str]) -> list[Step]:
    """Every question that a draft may answer.

    Args:
        client: whose.
        draft: which.
        answers: how many entries its lists have.
    """
    subject, form = draft.subject, form_of_draft(client, draft)
    if subject.act is Act.CANCEL:
        return [REASON]
    if not form:
        return []
    plain = {key: answer for key, answer in answers.items() if key not in BESIDE}
    if subject.act is Act.REPORT:
        return _with_lists(form, plain)
    before = known_before(client, draft, operation_of(client, draft))
    steps = _with_lists(form, {**before, **plain})
    if subject.act is Act.REPLY:
        by_key = {step.key: step for step in steps}
        return [by_key[key] for key in IN_A_REPLY]
    if subject.do == "stop":
        return [step for step in steps if step.key in STOP_KEYS]
    return _with_cover_steps(subject.do, steps, answers)


def _with_lists(form: str, answers: Mapping[str, str]) -> list[Step]:
    """The steps of a form, with one more entry of each list: reports that are only sent have but their first."""
    is_short = form in KINDS and not KINDS[form].has_own_commands
    return list(find_entry(form).steps) if is_short and not answers else list(steps_to_change(form, answers))


def _with_cover_steps(do: str, steps: list[Step], answers: Mapping[str, str]) -> list[Step]:
    """With what stands on the cover of a step, and what goes with a decision needed as it has to be."""
    if do == "decide":
        decision = answers.get(DECISION, "")
        needed = needed_keys(decision)
        steps = [replace(step, needed=step.needed or step.key in needed) for step in steps]
        return [_DECISION, *steps, _GUARANTEES]
    return [*steps, _PARTS] if do in PLANS else steps


def draft_fields(client: Client, draft: WrittenDraft) -> list[DraftField]:
    """What is asked for a draft, what is needed first.

    Raises:
        ClientError: what is said of the dispatch, the operation or the profile that it is about.
    """
    known = operation_of(client, draft)
    subject, answers = draft.subject, draft.answers
    before = known_before(client, draft, known) if subject.act not in (Act.REPORT, Act.CANCEL) else {}
    suggested = known_answers(subject.do, known, client.member) if subject.act is Act.STEP and subject.do else {}
    if subject.do in PLANS:
        suggested = {**suggested, PARTS: _parts(client, draft, known, before)}
    decision = answers.get(DECISION, "")
    wanted = set(asked_keys(subject.form, decision)) | set(BESIDE) if subject.do == "decide" and decision else None
    first = {step.key for step in missing(form, before)} if (form := form_of_draft(client, draft)) else set()
    found = []
    for step in steps_asked(client, draft, answers):
        if wanted is not None and step.key not in wanted:
            continue
        value = answers.get(step.key, before.get(step.key, ""))
        is_first = step.key in first or step.key == DECISION or (step.needed and not step.after and not list_of(step))
        found.append(DraftField(step, value, suggested.get(step.key, ""), list_of(step), is_first))
    return found


def _parts(client: Client, draft: WrittenDraft, known: KnownOperation | None, before: Mapping[str, str]) -> str:
    """Who takes part, as far as what is written so far says that."""
    plain = {key: answer for key, answer in draft.answers.items() if key not in BESIDE}
    try:
        if known is not None and draft.subject.do == "plan":
            members = revise(draft.subject.form, plan_before(known), plain)
            form = step_form(parse_report(encode_json(members).encode()))
        else:
            form = step_form(write_report(draft.subject.form, {**before, **plain}))
    except SeraiError:
        return ""
    return spell_parts(proposed_parts(client, known, form))
