"""A draft in words: what it is, what it is about, how it is marked, what the button says."""

from __future__ import annotations

from clients.actions.client import Client
from clients.actions.drafts.record import Act, WrittenDraft
from clients.actions.drafts.review import Review
from clients.actions.drafts.signing import SignedDraft
from clients.actions.operations.finding import number_of, reference_of
from clients.actions.watching import line_state
from clients.documents.plain import clean
from clients.documents.texts import _, label, label_of
from clients.mail.state import cover_of
from schemas.labels import Status
from schemas.operations.deconfliction import KIND
from schemas.operations.words import Decision, StepKind
from schemas.reports.kinds import KINDS

_HEADLINE_CHARACTERS = 120


def draft_title(client: Client, draft: WrittenDraft) -> str:
    """What is written, and about what."""
    subject = draft.subject
    if subject.act in (Act.STEP, Act.QUESTION):
        about = step_about(client, draft)
        return f"{what_is_written(draft)}: {about}" if about else what_is_written(draft)
    if not subject.on:
        return what_is_written(draft)
    about = {
        Act.REPORT: _("{what}, on {number}"),
        Act.REPLY: _("Reply to {number}"),
        Act.FEEDBACK: _("Feedback on {number}"),
        Act.CORRECT: _("Correction of {number}"),
        Act.CANCEL: _("Cancellation of {number}"),
        Act.FORWARD: _("{number}, passed on"),
    }[subject.act]
    return about.format(what=what_is_written(draft), number=number_of(client, subject.on))


def step_about(client: Client, draft: WrittenDraft) -> str:
    """The operation in which a step is taken: its lead's reference, or its number; empty where one is opened."""
    operation = draft.subject.operation
    return clean(reference_of(client, operation)) or number_of(client, operation) if operation else ""


def what_is_written(draft: WrittenDraft) -> str:
    """What is written, in a word or two."""
    subject = draft.subject
    if subject.act is Act.STEP:
        return _step_word(draft)
    words = {
        Act.REPLY: _("Reply"),
        Act.FEEDBACK: label(KINDS["feedback"]),
        Act.CORRECT: _("Correction"),
        Act.CANCEL: _("Cancellation"),
        Act.FORWARD: _("Passing on"),
        Act.PROFILE: label(KINDS["profile"]),
        Act.QUESTION: label(KINDS[KIND]),
        Act.COUNTERSIGN: _("Countersignature of the profile"),
    }
    return words[subject.act] if subject.act in words else label(KINDS[subject.kind])


def _step_word(draft: WrittenDraft) -> str:
    do = draft.subject.do
    if do == "cancel":
        return _("Strike out")
    decision = draft.answers.get("decision", "")
    return f"{label_of(StepKind, do)}: {label_of(Decision, decision)}" if decision else label_of(StepKind, do)


def draft_status(client: Client, draft: WrittenDraft) -> str:
    """How what is written will be marked: as what it is about, or as chosen, or as the network."""
    about = draft.subject.on or draft.subject.operation
    item = client.store.items.get(about) if about else None
    cover = cover_of(item) if item is not None else None
    return cover.status if cover is not None else draft.wishes.status or client.network_status


def draft_headline(draft: WrittenDraft) -> str:
    """What was typed so far, in a line: the case in words, or whatever there is."""
    answers = draft.answers
    text = next((answers[key] for key in ("summary", "reason", "changes") if answers.get(key)), "")
    return clean(text or ", ".join(each for each in answers.values() if each))[:_HEADLINE_CHARACTERS]


def verb_text(client: Client, review: Review, *, is_connected: bool) -> str:
    """What the button says: what will be done, with what is not real named, and whether it has to wait."""
    dispatch = review.dispatch
    chosen = dispatch.cover.status if dispatch is not None else None
    status = chosen or draft_status(client, review.draft)
    marking = [] if status == "actual" else [label_of(Status, status)]
    verb = _("Sign and send") if is_connected else _("Sign and queue: not connected")
    return " \N{MIDDLE DOT} ".join([verb, *marking, what_is_written(review.draft)]).upper()


def sent_words(client: Client, signed: SignedDraft) -> str:
    """What has become of a draft that was signed: whether it goes now, or waits."""
    first = signed.sent[0]
    if line_state(client).live:
        return _("Signed; it goes to the hub now, as item {number}.").format(number=first.id)
    return _("Signed and kept as item {number}: it goes when this client is connected.").format(number=first.id)
