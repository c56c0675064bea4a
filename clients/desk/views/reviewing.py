"""A draft as its officer looks at it before signing, in the reader's language and as the other side will see it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from clients.actions.client import Client
from clients.actions.drafts.record import Act
from clients.actions.drafts.review import Review
from clients.actions.drafts.writing import FILES, PRECEDENCE, TO, WrittenDispatch
from clients.actions.operations.known import read_operation
from clients.actions.watching import line_state
from clients.desk.errors import error_json
from clients.desk.views.drafting import file_view
from clients.documents.attachments import size_text
from clients.documents.cover_texts import (
    addressed_texts,
    files_move_texts,
    gone_texts,
    marked_texts,
    member_name,
    waiting_text,
    withdrawn_texts,
)
from clients.documents.drafts import draft_status, verb_text
from clients.documents.named import NamedText, strong
from clients.documents.operations.review import step_name, warning_lines
from clients.documents.plain import clean
from clients.documents.report_text import report_texts
from clients.documents.texts import LANGUAGES, _, label, label_of, speaking
from schemas.claims import lane_of
from schemas.labels import CodedValue, Precedence
from schemas.operations.words import OperationPart
from schemas.reports.steps import Step

_OF_THE_COVER: Final = {TO: "To", PRECEDENCE: "Precedence", FILES: "Attachments"}


def review_view(client: Client, review: Review, steps: Iterable[Step]) -> dict[str, Any]:
    """What is shown before signing.

    Args:
        client: whose.
        review: of the draft.
        steps: its questions, of which some may lack an answer.
    """
    names = {step.key: _(step.question) for step in steps}
    names |= {key: _(words) for key, words in _OF_THE_COVER.items()}
    gaps, found = review.gaps, review.dispatch
    is_connected = line_state(client).live
    return {
        "draft": review.draft.id,
        "version": review.draft.version,
        "shown": review.shown,
        "ready": review.is_ready,
        "missing": [{"key": key, "label": names.get(key, key)} for key in gaps.missing],
        "unfit": [{"key": key, "label": names.get(key, key)} for key in gaps.unfit],
        "unchanged": gaps.is_unchanged,
        "fault": None if review.fault is None else error_json(review.fault)["error"],
        "doubts": [{"code": each.path, "text": _doubt(each.finding.warning)} for each in review.doubts],
        "warnings": [] if found is None else _warnings(client, review, found),
        "recipients": _recipients(client, review),
        "preview": {each: _in_language(client, review, each) for each in LANGUAGES},
        "cover": [] if found is None else _lines(_cover_texts(client, found)),
        "files": [file_view(number, kept) for number, kept in enumerate(review.draft.files, 1)],
        "verb": verb_text(client, review, is_connected=is_connected),
        "exercise": draft_status(client, review.draft) != "actual",
        "queued": not is_connected,
        "needs_passphrase": review.needs_passphrase,
        "officer": review.officer,
        "at_ms": review.at_ms,
    }


def _doubt(warning: Any) -> str:
    return label(warning) if isinstance(warning, CodedValue) else ""


def _recipients(client: Client, review: Review) -> list[dict[str, Any]]:
    return [
        {
            "member": {"value": each.member, "label": member_name(client, each.member)},
            "can": each.why is None and each.is_known,
            "why": label(each.why) if each.why is not None else None if each.is_known else _("not known here yet"),
        }
        for each in review.recipients
    ]


def _warnings(client: Client, review: Review, found: WrittenDispatch) -> list[str]:
    """What its officer should look at once more."""
    texts: list[str] = []
    held = [each.member for each in review.recipients if each.why is not None]
    if held and found.cover.precedence == "flash":
        text = _("{members} cannot read it now. Send this flash without anybody there knowing?")
        texts.append(text.format(members=", ".join(held)))
    if found.step is not None:
        known = None if found.step.command.operation is None else read_operation(client, found.step.command.operation)
        texts += warning_lines(client, known, found.step)
    elif found.left_out and review.draft.subject.act in (Act.REPLY, Act.FEEDBACK):
        texts.append(_("Others got it, too, and do not get this: {members}").format(members=", ".join(found.left_out)))
    elif found.left_out:
        texts.append(
            _("Not to {members}: they cannot be written to any more.").format(members=", ".join(found.left_out))
        )
    if found.had_it:
        texts.append(_("They have it already: {members}").format(members=", ".join(found.had_it)))
    moves = files_move_texts if review.draft.files else withdrawn_texts
    texts += moves(found.withdrawn)
    return [*texts, *([waiting_text(found.cover)] if review.draft.files else [])]


# As the other side sees it


def _in_language(client: Client, review: Review, language: str) -> list[dict[str, Any]]:
    """Sections in a language: how it is marked, what a step does, the content, its files, what is no longer said."""
    found = review.dispatch
    if found is None:
        return []
    with speaking(language):
        sections = [section_view(_("This will be sent:").rstrip(":"), _cover_texts(client, found))]
        if found.step is not None:
            sections.append(section_view(_("Step"), _step_texts(found)))
        sections.append(section_view(_("Content"), report_texts(found.report)))
        if review.draft.files:
            sections.append(section_view(_("Attachments"), _file_texts(review)))
        if found.before is not None and review.draft.subject.act in (Act.CORRECT, Act.PROFILE):
            gone = gone_texts(found.before, found.report)
            sections += [section_view(_("No longer said:").rstrip(":"), gone)] if gone else []
        elif found.before is not None and review.draft.subject.act is Act.COUNTERSIGN:
            counts = _("This will count for your country from then on:").rstrip(":")
            sections.append(section_view(counts, report_texts(found.before)))
        return sections


def _cover_texts(client: Client, found: WrittenDispatch) -> list[NamedText]:
    precedence = found.cover.precedence
    urgency = label_of(Precedence, precedence)
    is_urgent = lane_of(precedence) == "urgent"
    named = strong(_("Precedence"), urgency.upper()) if is_urgent else NamedText(_("Precedence"), urgency)
    before, after = addressed_texts(client, found.cover, found.report), marked_texts(client, found.cover, found.report)
    return [*before, named, *after]


def _step_texts(found: WrittenDispatch) -> list[NamedText]:
    assert found.step is not None  # noqa: S101 - it is one
    mark = found.cover.operation
    texts = [NamedText(_("Step"), step_name(found.step))]
    for member, part in mark.participants if mark is not None else ():
        texts.append(NamedText(_("Takes part"), f"{member}: {label_of(OperationPart, part)}"))
    return texts


def _file_texts(review: Review) -> list[NamedText]:
    texts = []
    for each in review.draft.files:
        file = each.attachment
        what = f"{file.media_type}, {size_text(file.size)}"
        texts.append(NamedText(clean(file.name), f"{what}: {clean(file.caption)}" if file.caption else what))
    return texts


def section_view(title: str, texts: Iterable[NamedText]) -> dict[str, Any]:
    """A part of what is shown, with its title."""
    return {"title": title, "lines": _lines(texts)}


def _lines(texts: Iterable[NamedText]) -> list[dict[str, Any]]:
    return [
        {"label": each.name, "value": each.text, "depth": each.depth, **({"kind": "strong"} if each.is_strong else {})}
        for each in texts
    ]
