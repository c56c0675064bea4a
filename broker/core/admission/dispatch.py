"""Dispatches: to whom, under which keys, in which status, and what they may refer to (PROTOCOL 6, 7)."""

from __future__ import annotations

from broker.core.admission.effects import Admission, BlobLink, EndOfWait, MailboxEntry, Watch
from broker.core.admission.operation import admit_step, unread_events, unreadable
from broker.core.admission.view import View
from broker.core.facts import AcceptedStatement, require_known
from broker.core.verification import SubmittedContent
from schemas.addresses import Address, member_of
from schemas.blobs import blob_size
from schemas.claims import Claims, Dispatch, Reference
from schemas.encoding import Digest, decode_digest
from schemas.errors import Code, SeraiError
from schemas.operations.answers import NO_STEP, ends_asking
from schemas.operations.steps import is_stop
from schemas.rules.deadlines import answers_due_ms, received_due_ms
from schemas.rules.expecting import EVERYBODY, owed_by
from schemas.rules.references import check_reference
from schemas.rules.signers import check_dispatch_signer
from schemas.rules.status import check_inherited, check_status
from schemas.statements import VerifiedStatement


def admit_dispatch(
    statement: VerifiedStatement[Claims], cover: Dispatch, content: SubmittedContent, view: View
) -> Admission:
    """Decide a dispatch whose content is the one that its cover names.

    Raises:
        SeraiError: those of `Directory.signer`; ``role_missing``, ``status_not_allowed``,
            ``unknown_recipient``, ``stale_key``, ``unknown_reference``, ``reference_not_permitted``,
            ``status_mismatch``, ``attachment_missing``; those of `admit_step`.
    """
    roles = view.standing.signer(statement, view.place).roles
    check_dispatch_signer(roles)
    check_status(cover.status, view.directory.epoch.document.status)
    unread = unreadable(cover, content, view)
    links = _attach(cover, view)
    named = [(ref, _refer(cover, ref, view)) for ref in (() if is_stop(cover) else cover.refs or ())]
    return Admission(
        cover.lane(),
        _deliveries(cover, content, view),
        tuple((known.index, reference.rel) for reference, known in named),
        watches=_watches(cover, view),
        owing=owed_by(cover),
        endings=tuple(ending for reference, known in named if (ending := _ending(cover, reference, known, view))),
        origin=next((known.asked_at for reference, known in named if reference.rel == "reseal"), None),
        links=links,
        owed=unread_events(statement.digest, cover, unread, view),
        step=admit_step(statement.digest, cover, roles, named, view),
    )


def _deliveries(cover: Dispatch, content: SubmittedContent, view: View) -> tuple[MailboxEntry, ...]:
    """The mailboxes that it enters; of a stop, to whoever has no key it is kept from at once."""
    addressed = frozenset(cover.to)
    gone = {each for each in cover.to if view.directory.current(each, view.place) is None} if is_stop(cover) else ()
    return tuple(
        MailboxEntry(member, member in addressed, entry, member in gone)
        for member, entry in zip(content.recipients, content.entries, strict=True)
    )


def _attach(cover: Dispatch, view: View) -> tuple[BlobLink, ...]:
    """The blobs that a cover names, each whole, and its member's to name; whatever is missing has one answer."""
    links = []
    for each in cover.attachments or ():
        digest = decode_digest(each.digest)
        held = view.blobs.get((digest, member_of(cover.iss)))
        if held is None or held.size != blob_size(each.size):
            raise SeraiError(Code.ATTACHMENT_MISSING, each.digest)
        if view.blob_statuses.get(digest, cover.status) != cover.status:
            raise SeraiError(Code.STATUS_MISMATCH, "an attachment of a dispatch of another status")
        links.append(BlobLink(digest, held.row))
    return tuple(links)


def _watches(cover: Dispatch, view: View) -> tuple[Watch, ...]:
    received = Watch(received_due_ms(cover, view.accepted_at), view.place.index, "received")
    due_ms = answers_due_ms(cover)
    return (received,) if due_ms is None else (received, Watch(due_ms, view.place.index, "reply"))


def _ending(cover: Dispatch, reference: Reference, known: AcceptedStatement, view: View) -> EndOfWait | None:
    step = view.step_named(known)
    ended = ends_asking(cover, reference.rel, Address(known.sender), NO_STEP if step is None else step.do)
    return None if ended is None else EndOfWait(known.asked_at, None if ended == EVERYBODY else Address(ended))


def _refer(cover: Dispatch, reference: Reference, view: View) -> AcceptedStatement:
    """What a reference names, if the cover may refer to it so."""
    digest, sender = decode_digest(reference.digest), member_of(cover.iss)
    known = require_known(view.known, digest)
    by_recipient = (digest, sender) in view.readers
    check_reference(reference.rel, by_sender=known.sender == sender, by_recipient=by_recipient)
    check_inherited(reference.rel, known.status, cover.status)
    if reference.rel == "reseal":
        _check_reseal(cover, digest, known, view)
    return known


def _check_reseal(cover: Dispatch, digest: Digest, known: AcceptedStatement, view: View) -> None:
    step = view.step_named(known)
    of_stop = step is not None and step.do == "stop"
    for member in cover.to:
        if (digest, member) not in view.readers:
            raise SeraiError(Code.REFERENCE_NOT_PERMITTED, f"{member} was not a recipient")
        if not (_has_other_key if of_stop else _has_newer_key)(member, digest, known, view):
            raise SeraiError(Code.REFERENCE_NOT_PERMITTED, f"{member} has no newer key")


def _has_newer_key(member: Address, _: Digest, known: AcceptedStatement, view: View) -> bool:
    return view.directory.rotated_since(member, known.index, view.place)


def _has_other_key(member: Address, digest: Digest, _: AcceptedStatement, view: View) -> bool:
    """Whether a member's key is not the one of its entry, or the entry is kept from it: it may have had no key then."""
    return view.directory.encryption_key(member, view.place).kid != view.entry_kids.get((digest, member))
