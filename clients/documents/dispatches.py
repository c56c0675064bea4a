"""A dispatch as programs get it, and what its sender has made of it since, in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from clients.actions.numbers import spell_number
from clients.documents.plain import clean
from clients.documents.texts import _, label_of
from clients.mail.amendments import Amendments
from clients.mail.inbox import Delivery, DispatchStatus, handling_of
from clients.store import Answer, StoredReference
from schemas.claims import Dispatch
from schemas.claims.operations import FACTS
from schemas.labels import Status
from schemas.operations.words import Decision, StepKind
from schemas.reports import ReadReport
from schemas.rules.status import is_status_known

_KEYS: Final = {"attachments": {"__all__": {"key"}}}
"""What no file or screen has of a report: the keys of its attachments, which open them to everybody."""


def amendment_text(amendments: Amendments) -> str:
    """What its sender has made of a dispatch since, in a line; empty if there is nothing to say."""
    if amendments.cancelled_by is not None:
        return _("CANCELLED by {number}").format(number=spell_reference(amendments.cancelled_by))
    if amendments.completed_by is not None and amendments.completed_by == amendments.corrected_by:
        return _("with attachments: {number}").format(number=spell_reference(amendments.completed_by))
    if amendments.corrected_by is not None:
        return _("corrected by {number}").format(number=spell_reference(amendments.corrected_by))
    return ""


def spell_reference(reference: StoredReference) -> str:
    """The number of a dispatch that refers to another; ``?`` if it has none any more."""
    return "?" if reference.index is None else spell_number(reference.index, reference.status)


def status_text(status: str) -> str:
    """Whether a dispatch is real, in capitals; a word that is not known here says that this is not known."""
    if is_status_known(status):
        return label_of(Status, status).upper()
    return _("NOT KNOWN WHETHER REAL ({status})").format(status=clean(status))


def cover_json(cover: Dispatch | None) -> dict[str, Any] | None:
    """The cover as it was signed."""
    return None if cover is None else cover.model_dump(mode="json", exclude_none=True)


def answers_json(answers: Sequence[Answer]) -> list[dict[str, Any]]:
    """What was said of a dispatch."""
    return [
        {"member": each.member, "outcome": each.outcome, "at_ms": each.at_ms, "by": each.by, "reason": each.reason}
        for each in answers
    ]


def erased_json(erased: Answer | None) -> dict[str, Any] | None:
    """That the hub has erased the text, and why; ``None`` if it has not said so."""
    return None if erased is None else {"at_ms": erased.at_ms, "reason": erased.reason}


def amendments_json(amendments: Amendments) -> dict[str, Any]:
    """What its sender has made of a dispatch since."""
    named = {"cancelled_by": amendments.cancelled_by, "corrected_by": amendments.corrected_by}
    named["completed_by"] = amendments.completed_by
    return {
        name: None if each is None else {"number": each.index, "digest": each.source, "at_ms": each.accepted_at_ms}
        for name, each in named.items()
    }


def report_json(content: ReadReport | None) -> dict[str, Any]:
    """What is known of a report, and by its path what is not; without the keys of its attachments."""
    form = content.form if content else None
    return {
        "report": None if form is None else form.model_dump(mode="json", exclude_none=True, exclude=_KEYS),
        "not_known": [{"path": list(each.path), "value": each.value} for each in content.as_written] if content else [],
    }


def delivery_json(delivery: Delivery) -> dict[str, Any]:
    """A dispatch that came."""
    return {
        "number": delivery.index,
        "digest": delivery.digest,
        "lane": delivery.lane,
        "accepted_at_ms": delivery.accepted_at_ms,
        "met_at_ms": delivery.met_at_ms,
        "sender": delivery.sender,
        "acknowledged": delivery.acknowledged,
        "declined": delivery.declined,
        **amendments_json(delivery.amendments),
        "handling": delivery.handling,
        "reply_due_ms": delivery.reply_due_ms,
        "failed_step": delivery.step,
        "code": delivery.code,
        "cover": cover_json(delivery.cover),
        **report_json(delivery.content),
        "answers": answers_json(delivery.answers),
        "erased": erased_json(delivery.erased),
    }


def sent_json(status: DispatchStatus, content: ReadReport | None) -> dict[str, Any]:
    """A dispatch that was sent."""
    return {
        "number": status.index,
        "digest": status.digest,
        "accepted_at_ms": status.accepted_at_ms,
        **amendments_json(status.amendments),
        "handling": handling_of(status.cover, content),
        "cover": cover_json(status.cover),
        **report_json(content),
        "recipients": [
            {"member": each.member, "state": each.state, "answers": answers_json(each.answers)}
            for each in status.recipients.values()
        ],
        "later": answers_json(status.later),
        "erased": erased_json(status.erased),
    }


def act_text(do: str | None, decision: str | None) -> str:
    """What an act or a note of an operation does, by its cover; empty of a fact, whose content says what happened.

    Args:
        do: of the claim ``operation``.
        decision: of a ``decide``.
    """
    if do is None or do in FACTS:
        return ""
    return label_of(StepKind, do) if decision is None else label_of(Decision, decision)
