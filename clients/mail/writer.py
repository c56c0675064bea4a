"""What a member can say: it is kept in the outbox, whether there is a line or not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import cast

from clients.mail.amendments import reply_refs
from clients.mail.attaching import (
    FileToAttach,
    MeasuredFile,
    check_files,
    following,
    measure,
    seal_file,
    split_urgent,
    with_attachments,
)
from clients.mail.compose import BlobRef, DispatchDraft, Draft, PublicDraft, ReceiptDraft
from clients.mail.cover import Cover
from clients.mail.inbox import Delivery, content_of, handling_of
from clients.mail.operations import hold_operation
from clients.mail.sender import Sender
from clients.mail.sent import Acceptance, Sent, Settling
from clients.mail.state import State, cover_of
from clients.mail.steps import judge_draft, mark_step
from clients.store import Outgoing
from schemas.addresses import Address, member_of, parse_address, parse_member
from schemas.claims import Dispatch, Handling, counted_precedence
from schemas.errors import Code, SeraiError
from schemas.padding import padded_size
from schemas.reports import FeedbackReport, ReportModel, encode_report
from schemas.rules.handling import handling_that_holds
from schemas.rules.status import status_to_answer


class Writer:
    """Says things for a member; a `clients.focalpoint.FocalPoint` is one, with a line.

    Args:
        state: what the client believes.
        sender: keeps what is said, and has what goes.
        kept: called after something was kept.
    """

    def __init__(self, state: State, sender: Sender, kept: Callable[[], None]) -> None:
        self._state = state
        self._sender = sender
        self._kept = kept
        self._settling = Settling(state.store.outbox)

    def send(self, report: ReportModel, cover: Cover, attachments: Sequence[FileToAttach] = ()) -> Sent:
        """Send a report, now or when there is a line; it is on disk when this returns.

        Args:
            report: the content; attachments that it has already go as they are, without an upload.
            cover: where it goes, and how it is marked.
            attachments: files that go with it; they are encrypted before this returns. A report that is urgent does
                not wait for them: they follow in an update, and the first is what is returned.

        Raises:
            ClientError: a file cannot go; see `clients.mail.attaching`.
            SeraiError: it can never be accepted; nothing was kept.
            OSError: a file cannot be read.
        """
        return self.send_all(self.attach(report, [measure(each) for each in attachments]), cover)[0]

    def attach(self, report: ReportModel, files: Sequence[MeasuredFile]) -> ReportModel:
        """The report with files, encrypted into the spool; none is encrypted if one cannot go.

        Raises:
            ClientError: see `clients.mail.attaching.check_files` and `seal_file`.
        """
        check_files(files, report.attachments, self._state.store.trust.hub_blob_bytes)
        sealed = [seal_file(each, self._state.store, self._state.system.entropy) for each in files]
        return with_attachments(report, sealed) if sealed else report

    def send_all(self, report: ReportModel, cover: Cover) -> list[Sent]:
        """The same as `send` for what `attach` has made: what goes at once, and what follows it.

        Raises:
            SeraiError: it can never be accepted; nothing was kept.
        """
        draft = self.draft(report, cover)
        if not draft.urgent or self._sender.waiting.is_there(draft):
            return self.say([draft])
        first, second = split_urgent(draft, report)
        with self._state.change():
            rows = self._sender.draft([first])
            rows += self._sender.draft([following(second, rows[0])])
        self._kept()
        return [self.sent(row) for row in rows]

    def step(self, report: ReportModel, cover: Cover, attachments: Sequence[FileToAttach] = ()) -> Sent:
        """Take a step in an operation: as `send`, judged before it is kept with the rules by which the hub will judge.

        Args:
            report: the content; a form of `schemas.reports.operations`.
            cover: with `Cover.operation`; what it leaves open of ``after`` is what this client holds.
            attachments: as of `send`; those of an urgent step follow in a note.

        Raises:
            SeraiError: with the code with which the hub would refuse it; those of `send`.
        """
        mark = cover.operation
        if mark is not None and mark.id is not None and not mark.after:
            held = hold_operation(self._state, mark.id)
            cover = replace(cover, operation=mark_step(self._state, held, mark))
        judge_draft(self._state, self.draft(report, cover))
        return self.send(report, cover, attachments)

    def draft(self, report: ReportModel, cover: Cover) -> DispatchDraft:
        """A report under its cover, as `say` takes it; what the cover leaves open follows from this client.

        A report that permits less than its cover makes the cover say so too.
        """
        return DispatchDraft(
            content=encode_report(report).decode(),
            kind=report.kind,
            to=tuple(parse_member(each) for each in cover.to),
            iss=parse_address(cover.signer) if cover.signer else self._state.default_signer(),
            status=cover.status or self._status(),
            precedence=cover.precedence,
            handling=handling_that_holds(cover.handling, report.handling_codes),
            refs=cover.refs,
            expects=cover.expects,
            stale_after=cover.stale_after,
            attachments=tuple(BlobRef(each.blob, padded_size(each.size)) for each in report.attachments),
            operation=cover.operation,
        )

    def say(self, drafts: Iterable[Draft]) -> list[Sent]:
        """Keep drafts in one transaction and send them; see `send`."""
        rows = self._sender.draft(drafts)
        self._kept()
        return [self.sent(row) for row in rows]

    def sign_again(self, rows: Iterable[int]) -> list[Sent]:
        """Sign what waits in the outbox for officers whose keys are open now, and send it; see `Sender.sign_again`."""
        rows = list(rows)
        self._sender.sign_again(rows)
        self._kept()
        return [self.sent(row) for row in rows]

    def publish(self, statement: str) -> Sent:
        """Submit a public statement that somebody has signed: a credential, a revocation."""
        return self.say([PublicDraft(statement)])[0]

    def acknowledge(self, what: Delivery | str | Sequence[str], officer: str | None = None) -> Sent:
        """Let an officer acknowledge dispatches of one sender.

        Args:
            what: a delivery, its digest, or up to 256 digests.
            officer: address of the officer; may be left out if there is one only.

        Raises:
            ClientError: ``no_key_held``; ``officer_locked`` until `Store.officers` has unlocked it.
            SeraiError: ``unknown_reference`` if a
                digest is not in the inbox, ``reference_not_permitted`` if there are several senders.
        """
        return self._answer(what, officer, "acknowledged", None)

    def decline(self, what: Delivery | str | Sequence[str], reason: str, officer: str | None = None) -> Sent:
        """Let an officer decline; ``reason`` is a `schemas.labels.DeclineReason`; else as `acknowledge`."""
        return self._answer(what, officer, "declined", reason)

    def feedback(self, report: FeedbackReport, on: Delivery | str, *, officer: Address | None = None) -> Sent:
        """Tell the sender of a dispatch what came of it; a reply, marked as that dispatch is.

        Args:
            report: what came of it.
            on: the delivery, or its digest.
            officer: who signs; the member if ``None``.

        Raises:
            SeraiError: ``unknown_reference``; those of `send`.
        """
        digest = on if isinstance(on, str) else on.digest
        sender, cover = self._sender_of(digest)
        status = status_to_answer(cover.status)
        kept = Cover((sender,), officer, status, counted_precedence(cover.precedence), self._handling(digest, cover))
        return self.send(report, replace(kept, refs=reply_refs(digest, self._state.store)))

    def _answer(
        self, what: Delivery | str | Sequence[str], officer: str | None, outcome: str, reason: str | None
    ) -> Sent:
        digests = _digests(what)
        covers = [self._sender_of(digest) for digest in digests]
        if len({sender for sender, _ in covers}) != 1:
            raise SeraiError(Code.REFERENCE_NOT_PERMITTED, "a receipt is to one sender")
        signer = self._state.officer(parse_address(officer) if officer else None)
        urgent = any(cover.lane() == "urgent" for _, cover in covers)
        draft = ReceiptDraft(covers[0][0], outcome, digests, signer, reason=reason, urgent=urgent)
        return self.say([draft])[0]

    def _sender_of(self, digest: str) -> tuple[Address, Dispatch]:
        item = self._state.store.items.get(digest)
        cover = cover_of(item) if item is not None and item.inbox else None
        if cover is None:
            raise SeraiError(Code.UNKNOWN_REFERENCE, digest)
        return member_of(cover.iss), cover

    def _handling(self, digest: str, cover: Dispatch) -> Handling:
        """What may be done with the answer is what may be done with the dispatch."""
        item = self._state.store.items.get(digest)
        return cast("Handling", handling_of(cover, content_of(item, cover) if item is not None else None))

    def _status(self) -> str:
        epochs = self._state.epochs
        return epochs[-1].document.status if epochs else ""

    def sent(self, row: int) -> Sent:
        """What is in a row of the outbox, to be awaited."""
        return Sent(self._settling, row)

    def outgoing(self, row: int) -> Outgoing:
        """A row of the outbox.

        Raises:
            SeraiError: ``not_found``.
        """
        return self._settling.outgoing(row)

    async def settled(self, row: int) -> Acceptance:
        """The place of what was said, once it is accepted; see `Sent`."""
        return await self._settling.settled(row)


def _digests(what: Delivery | str | Sequence[str]) -> tuple[str, ...]:
    if isinstance(what, Delivery):
        return (what.digest,)
    return (what,) if isinstance(what, str) else tuple(what)
