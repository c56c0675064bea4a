"""A draft as the page fills it in: what it is, what is asked, what may be chosen of its cover."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

from clients.actions.client import Client
from clients.actions.drafts.fields import DraftField, draft_fields, operation_of
from clients.actions.drafts.files import WITH_FILES
from clients.actions.drafts.record import Act, KeptAttachment, WrittenDraft
from clients.actions.moments import is_moment
from clients.actions.operations.guarantees import AS_IN_PROFILE, TICKED
from clients.actions.operations.recipients import others_of
from clients.actions.reaching import unreachable
from clients.actions.writing import reachable_members
from clients.desk.errors import error_json
from clients.desk.views.reader import SHOWABLE
from clients.documents.attachments import size_text
from clients.documents.cover_texts import member_name, note_texts
from clients.documents.drafts import draft_headline, draft_status, draft_title
from clients.documents.operations.viewing import view_of
from clients.documents.operations.words import step_text
from clients.documents.plain import clean
from clients.documents.texts import _, label, label_of
from clients.errors import ClientError
from schemas.addresses import Address, MemberField, member_of
from schemas.claims.operations import FACTS
from schemas.errors import SeraiError
from schemas.labels import CodedValue, HandlingCode, Precedence, Status
from schemas.operations.words import OperationPart, StepKind
from schemas.reports.base import CountryCode, DecimalText, Moment, Text
from schemas.reports.kinds import sendable
from schemas.reports.steps import Step

_TYPES: Final = ((Text, "long"), (Moment, "date"), (DecimalText, "number"), (CountryCode, "country"))
_WITH_RECIPIENTS: Final = frozenset({Act.REPORT, Act.FORWARD})
_MARKED_AS_CHOSEN: Final = frozenset({Act.REPORT, Act.PROFILE})


def word(code: CodedValue) -> dict[str, str]:
    """A code with what a person reads for it."""
    return {"value": code.value, "label": label(code)}


def forms_view() -> list[dict[str, str]]:
    """What may be written anew, in the order in which people see it."""
    return [
        {"what": "report", "kind": kind.name, "label": label(kind), "purpose": _(kind.purpose)} for kind in sendable()
    ]


def type_of(step: Step) -> str:
    """What kind of answer a question has, for whoever draws it."""
    if step.key == "guarantees":
        return "ticks"
    if step.codes is not None:
        return "code"
    if is_moment(step):
        return "moment"
    if step.form is MemberField:
        return "member"
    return next((name for form, name in _TYPES if step.form is form), "text")


def field_view(each: DraftField) -> dict[str, Any]:
    """A question with its answer."""
    step = each.step
    codes = None if step.codes is None else [word(code) for code in step.codes]
    if step.key == "guarantees":
        profile = {"value": AS_IN_PROFILE, "label": _("As in our profile")}
        codes = [*(word(code) for code in TICKED), profile]
    return {
        "key": step.key,
        "label": _(step.question),
        "help": _(step.help),
        "type": type_of(step),
        "codes": codes,
        "needed": step.needed,
        "after": step.after,
        "list": each.list,
        "value": each.value,
        "suggested": each.suggested,
        "first": each.first,
    }


def file_view(number: int, kept: KeptAttachment) -> dict[str, Any]:
    """A file of a draft, and what an officer should see of it."""
    file = kept.attachment
    return {
        "number": number,
        "name": clean(file.name),
        "type": file.media_type,
        "size": file.size,
        "size_text": size_text(file.size),
        "caption": file.caption or "",
        "notes": [each.text for each in note_texts(kept)],
        "alarming": [each.text for each in note_texts(kept) if each.is_strong],
        "showable": file.media_type in SHOWABLE,
    }


def draft_view(client: Client, draft: WrittenDraft) -> dict[str, Any]:
    """A draft, all that is asked for it, and what may be chosen; a fault of what it is about stands in its place."""
    fault, fields = None, list[DraftField]()
    try:
        fields = draft_fields(client, draft)
    except SeraiError as error:
        fault = error
    return {
        "draft": head_view(client, draft) | body_view(draft),
        "fields": [field_view(each) for each in fields],
        "choices": choices_view(client, draft),
        "fault": None if fault is None else error_json(fault)["error"],
    }


def head_view(client: Client, draft: WrittenDraft) -> dict[str, Any]:
    """A draft in a row."""
    return {
        "id": draft.id,
        "version": draft.version,
        "act": draft.subject.act.value,
        "kind": draft.subject.kind,
        "do": draft.subject.do,
        "on": draft.subject.on,
        "operation": draft.subject.operation,
        "title": draft_title(client, draft),
        "exercise": draft_status(client, draft) != "actual",
        "by": draft.by,
        "at_ms": draft.at_ms,
        "headline": draft_headline(draft),
    }


def body_view(draft: WrittenDraft) -> dict[str, Any]:
    """What was typed, chosen and attached."""
    cover = asdict(draft.wishes)
    cover.pop("withdrawn")
    files = [file_view(number, kept) for number, kept in enumerate(draft.files, 1)]
    return {"answers": dict(draft.answers), "cover": cover, "files": files}


# What may be chosen


def choices_view(client: Client, draft: WrittenDraft) -> dict[str, Any]:
    """What may be chosen of the cover; ``None`` where it follows from what it is about."""
    act, is_step = draft.subject.act, draft.subject.act is Act.STEP
    is_marked = act in _MARKED_AS_CHOSEN and not draft.subject.on
    is_opened = is_step and draft.subject.do == "open"
    return {
        "to": _recipients(client, draft),
        "precedence": [word(code) for code in Precedence],
        "handling": [word(code) for code in HandlingCode],
        "status": [word(code) for code in Status] if is_marked or is_opened else None,
        "reply_minutes": act in (Act.REPORT, Act.REPLY, Act.FEEDBACK, Act.CORRECT, Act.FORWARD),
        "to_all": act in (Act.REPLY, Act.FEEDBACK),
        "permission": act is Act.FORWARD,
        "by_machine": is_step and draft.subject.do in ("move", "note"),
        "files": act in WITH_FILES,
        "legs": _legs(client, draft),
        "step": _steps(client, draft),
    }


def _recipients(client: Client, draft: WrittenDraft) -> list[dict[str, Any]] | None:
    """Members that may be named, each with why it cannot be reached; in a step those who take part."""
    subject = draft.subject
    if subject.act is Act.STEP and subject.do in FACTS | {"note"}:
        try:
            known = operation_of(client, draft)
        except ClientError:
            return None
        members = others_of(known, client.member) if known is not None else []
        parts = known.state.parts if known is not None else {}
        return [_recipient(client, each, label_of(OperationPart, parts.get(each, ""))) for each in members]
    if subject.act not in _WITH_RECIPIENTS or (subject.act is Act.REPORT and subject.on):
        return None
    return [_recipient(client, each) for each in reachable_members(client)]


def _recipient(client: Client, member: Address, part: str = "") -> dict[str, Any]:
    why = unreachable(client.state, [member]).get(member)
    name = member_name(client, member)
    return {
        "value": member,
        "label": f"{member} ({name})" + (f", {part}" if part else ""),
        "can": why is None,
        "why": None if why is None else label(why),
    }


_RESTS_ON: Final[Mapping[str, tuple[str, ...]]] = {
    "plan": ("open", "plan"),
    "confirm": ("open", "plan", "decide"),
    "decide": ("open", "plan"),
    "hand": ("hand",),
    "close": ("open", "plan"),
}
"""On which steps another one may be."""


def _steps(client: Client, draft: WrittenDraft) -> list[dict[str, str]] | None:
    """The steps on which this one may be, the newest first; the one that is meant, if none is chosen."""
    wanted = _RESTS_ON.get(draft.subject.do)
    try:
        known = operation_of(client, draft) if wanted is not None else None
    except ClientError:
        return None
    if known is None or wanted is None:
        return None
    view, found = view_of(client, known), []
    for each in sorted(known.held.steps, key=lambda step: -step.number):
        claim = each.cover.operation
        if claim is not None and claim.do in wanted:
            text = f"{step_text(view, each.digest)}: {label_of(StepKind, claim.do)} ({member_of(each.cover.iss)})"
            found.append({"value": each.digest, "label": text})
    return found


def _legs(client: Client, draft: WrittenDraft) -> list[dict[str, str]] | None:
    """The own legs on which can be decided."""
    if draft.subject.do != "decide":
        return None
    try:
        known = operation_of(client, draft)
    except ClientError:
        return None
    plan = known.state.plan(known.state.plans[-1].step) if known is not None and known.state.plans else None
    legs: Sequence[Any] = plan.legs if plan is not None else ()
    return [{"value": leg.leg, "label": clean(leg.leg)} for leg in legs if leg.member == client.member]
