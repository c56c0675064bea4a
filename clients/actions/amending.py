"""Correcting and cancelling what the own member sent: to the same recipients, referring to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, cast

from clients.actions.client import Client
from clients.actions.numbers import SpokenNumber, spell_number
from clients.actions.reading import Original, find_original, waiting
from clients.actions.writing import CoverOptions, check_asked, expectation, reachable_members
from clients.errors import ClientError, LocalCode
from clients.mail.compose import DispatchDraft, Ref
from clients.mail.cover import Cover
from clients.mail.inbox import handling_of
from clients.mail.sent import Sent
from clients.mail.state import cover_of
from clients.mail.withdrawing import unsent_versions
from schemas.addresses import Address
from schemas.claims import Handling, counted_precedence
from schemas.encoding import encode_json
from schemas.limits import REFERENCES
from schemas.reports import ReportModel, parse_report
from schemas.rules.attaching import is_same_with_files
from schemas.rules.status import status_to_answer

Change = Literal["update", "cancel"]
"""How a dispatch refers to one of its own sender that it changes."""


@dataclass(frozen=True, slots=True)
class CaseVersion:
    """One version of what was sent.

    Attributes:
        digest: identity, base64url.
        index: its number.
        to: its recipients.
    """

    digest: str
    index: int
    to: tuple[Address, ...]


@dataclass(frozen=True, slots=True)
class Amendment:
    """A correction or a cancellation that is about to be sent.

    Attributes:
        original: what is amended.
        change: how.
        versions: what it refers to, oldest first.
        to: who got one of these and can be written to.
        left_out: who got one and cannot be written to any more.
    """

    original: Original
    change: Change
    versions: tuple[CaseVersion, ...]
    to: tuple[Address, ...]
    left_out: tuple[Address, ...]


# What may be amended


def find_amendable(client: Client, spoken: SpokenNumber, status: str | None) -> Original:
    """The dispatch with a number, which must be ours and in force.

    Args:
        client: whose.
        spoken: the number, as a person typed it.
        status: how the person takes it to be marked; ``None`` if that is open.

    Raises:
        ClientError: ``not_sent_by_us``, ``cancelled_before``, ``is_cancellation``, ``is_reseal``; what
            `clients.actions.reading.find_original` raises.
    """
    original = find_original(client, spoken, status)
    if not original.item.sent_by_us:
        raise ClientError(
            LocalCode.NOT_SENT_BY_US, number=original.number, sender=original.sender, index=original.index
        )
    cancelled = original.amendments.cancelled_by
    if cancelled is not None:
        by = spell_number(cancelled.index or 0, original.cover.status)
        raise ClientError(LocalCode.CANCELLED_BEFORE, number=original.number, by=by, kind=original.cover.kind)
    for ref in original.cover.refs or ():
        if ref.rel == "cancel":
            raise ClientError(LocalCode.IS_CANCELLATION, number=original.number)
        if ref.rel == "reseal":
            first = client.store.items.place_of(ref.digest) or 0
            raise ClientError(LocalCode.IS_RESEAL, number=original.number, first=first)
    return original


def find_correctable(client: Client, spoken: SpokenNumber, status: str | None) -> tuple[Original, ReportModel]:
    """The dispatch with a number, which must be the newest version of its case, and its content.

    Where its attachments wait to follow it, they belong to the content: they go with the correction.

    Args, raises: as `find_amendable`; ``corrected_before``, ``correction_waits``, ``unreadable_here``,
        ``not_all_known``.
    """
    original = find_amendable(client, spoken, status)
    corrected = original.amendments.corrected_by
    if corrected is not None:
        by = spell_number(corrected.index or 0, original.cover.status)
        raise ClientError(LocalCode.CORRECTED_BEFORE, number=original.number, by=by)
    unsent = unsent_versions([original.digest], client.store)
    full = parse_report(unsent[0].draft["content"].encode()) if unsent else original.report
    if len(unsent) > 1 or (unsent and not _brings_files(original, full)):
        raise ClientError(LocalCode.CORRECTION_WAITS, number=original.number)
    if original.content is None:
        raise ClientError(LocalCode.UNREADABLE_HERE, number=original.number)
    if full is None or not original.content.is_known:
        # A correction is written in the form that is known here, so what is not known would be lost.
        raise ClientError(LocalCode.NOT_ALL_KNOWN, number=original.number)
    return original, full


def _brings_files(original: Original, full: ReportModel | None) -> bool:
    return original.report is not None and full is not None and is_same_with_files(original.report, full)


def find_waiting(client: Client, digest: str, change: Change) -> tuple[Sent, DispatchDraft] | None:
    """What changes a dispatch so, and waits in the outbox."""
    for outgoing, draft in waiting(client):
        if isinstance(draft, DispatchDraft) and any(ref.rel == change and ref.digest == digest for ref in draft.refs):
            return client.point.sent(outgoing.id), draft
    return None


def versions_of(client: Client, original: Original) -> list[CaseVersion]:
    """What was sent, what it corrects and what corrects it, oldest first; at most so many as one may refer to."""
    found: dict[str, CaseVersion] = {}
    due = [original.digest]
    while due:
        digest = due.pop()
        item = client.store.items.get(digest)
        cover = cover_of(item) if item is not None and item.sent_by_us else None
        if item is None or cover is None or digest in found:
            continue
        found[digest] = CaseVersion(digest, item.index or 0, tuple(cover.to))
        due += [ref.digest for ref in cover.refs or () if ref.rel == "update"]
        due += [each.source for each in client.store.references.to(digest, "update")]
    return sorted(found.values(), key=lambda each: each.index)[-REFERENCES:]


# Cover and content


def plan_correction(client: Client, original: Original) -> Amendment:
    """A correction, to all who got what it corrects."""
    version = CaseVersion(original.digest, original.index, tuple(original.cover.to))
    return _plan(client, original, "update", [version])


def plan_cancellation(client: Client, original: Original) -> Amendment:
    """A cancellation of all versions, to all who got one of them."""
    return _plan(client, original, "cancel", versions_of(client, original))


def _plan(client: Client, original: Original, change: Change, versions: list[CaseVersion]) -> Amendment:
    known = {*reachable_members(client), client.state.member}
    to = tuple(dict.fromkeys(member for each in versions for member in each.to))
    reached = tuple(each for each in to if each in known)
    left_out = tuple(each for each in to if each not in known)
    return Amendment(original, change, tuple(versions), reached, left_out)


def amending_cover(client: Client, amendment: Amendment, options: CoverOptions) -> Cover:
    """The cover of a correction or a cancellation: as the original's, but for what was asked.

    Args:
        client: whose.
        amendment: what is about to be sent.
        options: what was asked.

    Raises:
        ClientError: ``nobody_reached`` if none of the recipients can be written to; what `Client.signer` and
            `check_asked` raise.
    """
    if not amendment.to:
        raise ClientError(LocalCode.NOBODY_REACHED)
    before, asked, signer = amendment.original.cover, options.marking, client.signer(options.officer)
    expects = expectation(client, options)
    check_asked(expects, amendment.to, signer)
    return Cover(
        to=amendment.to,
        signer=signer,
        status=status_to_answer(before.status),
        precedence=asked.precedence or counted_precedence(before.precedence),
        handling=asked.handling or cast("Handling", handling_of(before, amendment.original.content)),
        refs=tuple(Ref(amendment.change, each.digest) for each in amendment.versions),
        expects=expects,
    )


def write_withdrawal(original: Original, reason: str, withdrawn: str) -> ReportModel:
    """A cancellation is a feedback on the own report: what came of it is that it is withdrawn, and why.

    Args:
        original: what is cancelled.
        reason: why, in words.
        withdrawn: the word for it, in the language of who cancels.
    """
    value: dict[str, Any] = {
        "report": "feedback",
        "version": 1,
        "our_reference": original.reference,
        "your_reference": original.reference,
        "outcome": {"code": "other", "as_written": withdrawn},
        "summary": reason,
    }
    if original.cover.kind in ("warning", "seizure"):
        value["answers"] = original.cover.kind
    return parse_report(encode_json(value).encode())
