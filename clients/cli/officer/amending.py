"""Correcting and cancelling what the own member sent as N: to the same recipients, referring to N."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import click

from clients.cli.desk import Desk, tell_sent
from clients.cli.faults import Fault
from clients.cli.numbers import Spoken, spell_number
from clients.cli.officer.about import About, find_about
from clients.cli.officer.asking import ask_step, may_ask
from clients.cli.officer.rewriting import lines_gone, rewrite
from clients.cli.officer.steps import Step
from clients.cli.officer.writing import (
    Ready,
    agree_and_send,
    everybody,
    keep_draft,
    keeps_draft,
    moment_after,
    unfinished,
)
from clients.cli.texts import _
from clients.cli.ui import note
from clients.focalpoint import Sent
from clients.follow import ReportModel
from clients.state import cover_of
from schemas.addresses import Address
from schemas.encoding import encode_json
from schemas.errors import Code
from schemas.limits import REFERENCES
from schemas.reports import parse_report
from schemas.reports.base import Text

_REASON = Step("reason", "Why is it cancelled?", Text)


@dataclass(frozen=True, slots=True)
class Version:
    """One version of what was sent.

    Attributes:
        digest: identity, base64url.
        number: its place in the ledger.
        to: its recipients.
    """

    digest: str
    number: int
    to: tuple[Address, ...]


def correct(desk: Desk, spoken: Spoken, changes: dict[str, str], given: dict[str, Any]) -> None:
    """Send a new version of what was sent as N.

    Args:
        desk: where.
        spoken: N.
        changes: what the options have said of the content.
        given: the other options of `clients.cli.officer.amend`.

    Raises:
        SeraiError: ``not_permitted`` if it is not ours, cancelled, corrected before or a cancellation itself; what
            `clients.cli.officer.about.find_about` and `clients.FocalPoint.send` raise.
        click.UsageError: nothing is changed, or something is missing and there is nobody to ask.
    """
    about = _ours(desk, spoken, given)
    if about.marks.corrected_by is not None:
        by = spell_number(about.marks.corrected_by.index or 0, about.cover.status)
        raise _refusal(
            _("{number} was corrected by {by} already").format(number=about.spoken, by=by),
            _("Correct the newest version: serai correct {by}.").format(by=by),
        )
    if _waiting(desk, "update", about.digest) is not None:
        raise _refusal(
            _("a correction of {number} waits to be sent").format(number=about.spoken),
            _("Wait until it is accepted, then correct it by its own number; see serai sent."),
        )
    if about.report is None:
        raise _refusal(_("this seat cannot read {number}").format(number=about.spoken), _("Use a seat that can."))
    draft = f"correct {about.digest}"
    with keeps_draft(desk, draft):
        report = rewrite(desk, about.report, changes, {**given, "draft": draft})
    if report == about.report:
        text = _("nothing of {number} is changed; say what is to change, for example --summary")
        raise click.UsageError(text.format(number=about.spoken))
    cover = {**_cover(desk, about, given, list(about.cover.to)), "refs": [("update", about.digest)]}
    cover["reply_by"] = moment_after(desk, given["reply_hours"])
    done = _("Sent as {number}, corrects {about}, to {to}; accepted by the hub.")
    done = done.format(number="{place}", about=about.spoken, to=", ".join(cover["to"]))
    value = {"about": about.number, "rel": "update"}
    agree_and_send(desk, Ready(report, cover, draft, done, value, lines_gone(about.report, report)), given)


def cancel(desk: Desk, spoken: Spoken, reason: str | None, given: dict[str, Any]) -> None:
    """Withdraw what was sent as N, with all its versions.

    Args:
        desk: where.
        spoken: N.
        reason: why; asked for if it was not said.
        given: the other options of `clients.cli.officer.amend`.

    Raises:
        SeraiError: as `correct`; a version that was corrected may be cancelled.
        click.UsageError: no reason was given, and there is nobody to ask.
    """
    about = _ours(desk, spoken, given)
    if (sent := _waiting(desk, "cancel", about.digest)) is not None:
        note(_("It was cancelled already, and waits to be sent."))
        to = sent.outgoing.draft["to"]
        _tell_cancelled(desk, sent, about, to, given)
        return
    draft = f"cancel {about.digest}"
    reason = _asked_reason(desk, draft, reason, given)
    versions = _versions(desk, about)
    to = list(dict.fromkeys(member for each in versions for member in each.to))
    cover = {**_cover(desk, about, given, to), "refs": [("cancel", each.digest) for each in versions]}
    value = {"about": about.number, "rel": "cancel", "cancels": [each.number for each in versions]}
    done = _cancelled_text(about, cover["to"])
    agree_and_send(desk, Ready(_withdrawal(about, reason), cover, draft, done, value), given)


# What may be amended


def _ours(desk: Desk, spoken: Spoken, given: Mapping[str, Any]) -> About:
    """The dispatch, which must be ours and in force.

    Raises:
        SeraiError: ``not_permitted``.
    """
    desk.catch_up(given["wait_s"], needed=lambda: not everybody(desk))
    about = find_about(desk, spoken, given["status"])
    if not about.item.mine:
        raise _refusal(
            _("{number} was sent by {sender}; only its sender can correct or cancel it").format(
                number=about.spoken, sender=about.sender
            ),
            _("Tell its sender: serai reply {number}.").format(number=about.number),
        )
    if about.marks.cancelled_by is not None:
        by = spell_number(about.marks.cancelled_by.index or 0, about.cover.status)
        raise _refusal(
            _("{number} was cancelled by {by} already").format(number=about.spoken, by=by),
            _("If the case goes on after all, send it anew: serai send {kind}.").format(kind=about.cover.kind),
        )
    _check_version(desk, about)
    return about


def _check_version(desk: Desk, about: About) -> None:
    """Refuse what is no version of a case: a cancellation, or the same content under another key."""
    for ref in about.cover.refs or ():
        if ref.rel == "cancel":
            raise _refusal(
                _("{number} is a cancellation; it cannot be taken back").format(number=about.spoken),
                _("If the case goes on after all, send it anew: serai send warning."),
            )
        if ref.rel == "reseal":
            place = desk.store.items.place_of(ref.digest) or 0
            raise _refusal(
                _("{number} is {first} once more, under a newer key").format(number=about.spoken, first=place),
                _("Use the first number: {first}.").format(first=place),
            )


def _refusal(text: str, hint: str) -> Fault:
    return Fault(Code.NOT_PERMITTED, text, hint)


def _waiting(desk: Desk, rel: str, digest: str) -> Sent | None:
    """What says the same and waits in the outbox."""
    for row in desk.store.outbox.waiting(1000):
        outgoing = desk.store.outbox.get(row)
        refs = outgoing.draft.get("refs", ()) if outgoing else ()
        if any(ref["rel"] == rel and ref.get("digest") == digest for ref in refs):
            return Sent(desk.point, row)
    return None


def _versions(desk: Desk, about: About) -> list[Version]:
    """What was sent as N, what it corrects and what corrects it, oldest first; at most so many as one may refer to."""
    found: dict[str, Version] = {}
    due = [about.digest]
    while due:
        digest = due.pop()
        item = desk.store.items.get(digest)
        cover = cover_of(item) if item is not None and item.mine else None
        if item is None or cover is None or digest in found:
            continue
        found[digest] = Version(digest, item.index or 0, tuple(cover.to))
        due += [ref.digest for ref in cover.refs or () if ref.rel == "update"]
        due += [each.source for each in desk.store.references.to(digest, "update")]
    return sorted(found.values(), key=lambda each: each.number)[-REFERENCES:]


# Cover and content


def _cover(desk: Desk, about: About, given: Mapping[str, Any], to: list[Address]) -> dict[str, Any]:
    """As N is marked, to those of its recipients who can be written to.

    Raises:
        SeraiError: ``unknown_recipient`` if nobody is left.
    """
    known = {*everybody(desk), desk.state.member}
    reached = [each for each in to if each in known]
    if lost := [each for each in to if each not in known]:
        note(_("Not to {members}: they cannot be written to any more.").format(members=", ".join(lost)))
    if not reached:
        raise Fault(Code.UNKNOWN_RECIPIENT, _("none of its recipients can be written to"), _("See serai directory."))
    said = {name: given[name] or getattr(about.cover, name) for name in ("precedence", "handling")}
    kept = {name: getattr(about.cover, name) for name in ("status", "group", "operation")}
    return {"to": reached, **said, **kept, "officer": desk.signer(given["officer"]), "reply_by": None}


def _withdrawal(about: About, reason: str) -> ReportModel:
    """A cancellation is a feedback on the own report: what came of it is that it is withdrawn, and why."""
    value: dict[str, Any] = {
        "report": "feedback",
        "version": 1,
        "our_reference": about.reference(),
        "your_reference": about.reference(),
        "outcome": {"code": "other", "as_written": _("withdrawn")},
        "summary": reason,
    }
    answers = {"answers": about.cover.kind} if about.cover.kind in ("warning", "seizure") else {}
    return parse_report(encode_json({**value, **answers}).encode())


def _cancelled_text(about: About, to: Sequence[str]) -> str:
    text = _("Sent as {number}, cancels {about}, to {to}; accepted by the hub.")
    return text.format(number="{place}", about=about.spoken, to=", ".join(to))


def _tell_cancelled(desk: Desk, sent: Sent, about: About, to: Sequence[str], given: Mapping[str, Any]) -> None:
    value = {"to": list(to), "about": about.number, "rel": "cancel"}
    done = _cancelled_text(about, to)
    tell_sent(desk, sent, given["wait_s"], as_json=given["as_json"], done=done, value=value)


def _asked_reason(desk: Desk, draft: str, reason: str | None, given: Mapping[str, Any]) -> str:
    said = {"reason": reason} if reason else {}
    found = unfinished(desk, draft, said, {**given, "file": None}).get("reason")
    if not found:
        if not may_ask():
            raise click.UsageError(_("missing: {options}").format(options="--reason"))
        found = ask_step(_REASON)
        keep_draft(desk, draft, {"reason": found})
    if not _REASON.fits(found):
        raise click.UsageError(_("{option}: that will not do").format(option="--reason"))
    return found
