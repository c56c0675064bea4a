"""What a program or person sees of stored statements: dispatches that came, and what became of those sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from clients.errors import ClientError, LocalCode
from clients.mail.amendments import Amendments, amendments_of, completes
from clients.mail.compose import DispatchDraft, draft_from_json
from clients.mail.kept import claimed_sender
from clients.mail.state import cover_of
from clients.store import NOTED, Answer, Store, StoredItem
from clients.store.outcomes import HANDED_CHANGED
from schemas.addresses import HUB, Address, member_of
from schemas.claims import Dispatch, Lane
from schemas.errors import Code, SeraiError
from schemas.reports import ReadReport, ReportModel, read_content
from schemas.rules.expecting import asked_of
from schemas.rules.handling import handling_that_holds
from schemas.rules.signers import OFFICERS_SAY
from schemas.rules.status import is_status_known

_RANK = ("undeliverable", "declined", "acknowledged", "answered", "received", "rejected", "silent", "overdue")

_NOT_OURS: Final = ("compromised", HANDED_CHANGED)
"""Outcomes of what came that are no answers of the own member."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A dispatch that came for the own member.

    Attributes:
        digest: identity, base64url.
        index: place in the ledger; ``None`` if a new epoch has dropped it.
        lane: ``urgent`` or ``normal``.
        accepted_at_ms: milliseconds since 1970 UTC, by the ledger.
        met_at_ms: the same, when it came here.
        cover: what its sender signed; ``None`` if signature or chain did not hold, or it is gone.
        content: the report as it was read; ``None`` if a step failed or this seat shows covers only.
        step: which of the recipient's steps failed (PROTOCOL 7).
        code: why.
        answers: what the own member has said of it.
        amendments: what its sender has made of it since.
        member: the own member.
        erased: that the hub has erased its text, and why.
        completes: digest of the dispatch that it says once more, with attachments; ``None`` if it is something else.
        compromised: that the key that signed it was revoked since, because somebody else has it.
        sender_is_told: whether a receipt tells somebody that a step failed: the member that the statement names.
    """

    digest: str
    index: int | None
    lane: Lane
    accepted_at_ms: int
    met_at_ms: int
    cover: Dispatch | None
    content: ReadReport | None = field(repr=False)
    step: int | None
    code: str | None
    answers: tuple[Answer, ...] = ()
    amendments: Amendments = field(default_factory=Amendments)
    member: Address | None = None
    erased: Answer | None = None
    completes: str | None = None
    compromised: Answer | None = None
    sender_is_told: bool = False

    @property
    def report(self) -> ReportModel | None:
        """What is known of the report; ``None`` too if it is of a form that this program does not know."""
        return self.content.form if self.content else None

    @property
    def sender(self) -> Address | None:
        """The member that sent it, if that could be verified."""
        return member_of(self.cover.iss) if self.cover else None

    @property
    def handling(self) -> str | None:
        """The handling code that holds, of those of cover and report; ``None`` without a cover."""
        return None if self.cover is None else handling_of(self.cover, self.content)

    @property
    def reply_due_ms(self) -> int | None:
        """When the own member's answer is due, milliseconds since 1970 UTC; ``None`` if it owes none."""
        cover, done = self.cover, {answer.outcome for answer in self.answers}
        is_over = self.amendments.cancelled_by is not None or self.amendments.asked_anew
        if cover is None or cover.expects is None or is_over or done & {"answered", "declined"}:
            return None
        return 1000 * cover.expects.by if self.member in asked_of(cover) else None

    @property
    def acknowledged(self) -> bool:
        """Whether an officer of the own member has acknowledged it, here or at another seat."""
        return any(answer.outcome == "acknowledged" for answer in self.answers)

    @property
    def newer(self) -> bool:
        """Whether it is of a type that this program does not know."""
        return self.code == Code.UNSUPPORTED_TYPE.value

    @property
    def missing(self) -> bool:
        """Whether it was erased before it came here, or says that something was."""
        return self.cover is None and self.code == Code.ERASED.value

    @property
    def unchecked(self) -> bool:
        """Whether its signature is of an alg that this program does not know."""
        return self.code == Code.UNSUPPORTED_ALG.value

    @property
    def unjudged(self) -> bool:
        """Whether something had been said of its signer that this program cannot read (PROTOCOL 5)."""
        return self.code == Code.UNJUDGED.value

    @property
    def noted(self) -> bool:
        """Whether an officer here has seen that it came, though it cannot be answered."""
        return not self.can_be_answered and any(answer.outcome == NOTED for answer in self.answers)

    @property
    def can_be_answered(self) -> bool:
        """Whether it is known here who sent it, and whether it is real."""
        return self.cover is not None and is_status_known(self.cover.status)

    @property
    def declined(self) -> bool:
        """Whether an officer of the own member has declined it."""
        return any(answer.outcome == "declined" for answer in self.answers)


@dataclass(frozen=True, slots=True)
class RecipientStatus:
    """What one recipient did with a dispatch.

    Attributes:
        member: who.
        answers: everything that was said or noticed, by time.
        resealed: digest of the dispatch that brought the content under a newer key.
    """

    member: Address
    answers: tuple[Answer, ...]
    resealed: str | None = None

    @property
    def state(self) -> str:
        """The strongest outcome, ``sent`` if there is none."""
        said = {answer.outcome for answer in self.answers}
        return next((outcome for outcome in _RANK if outcome in said), "sent")


@dataclass(frozen=True, slots=True)
class DispatchStatus:
    """What became of a dispatch of the own member.

    Attributes:
        digest: identity, base64url.
        index: place in the ledger.
        accepted_at_ms: milliseconds since 1970 UTC.
        cover: as signed.
        recipients: by member, in the order of the cover.
        amendments: what the own member has made of it since.
        later: what the hub said of it that is newer than this program.
        erased: that the hub has erased its text, and why.
    """

    digest: str
    index: int | None
    accepted_at_ms: int
    cover: Dispatch
    recipients: Mapping[Address, RecipientStatus]
    amendments: Amendments = field(default_factory=Amendments)
    later: tuple[Answer, ...] = ()
    erased: Answer | None = None


def handling_of(cover: Dispatch, content: ReadReport | None) -> str:
    """The handling code that holds for a dispatch: the strictest that its cover or report names."""
    return handling_that_holds(cover.handling, content.handling_codes if content else ())


def delivery_of(item: StoredItem, store: Store, member: Address) -> Delivery:
    """A stored dispatch as it is shown."""
    said = store.outcomes.of(item.digest)
    completed = completes(item.digest, store)  # who has answered that has answered this
    before = store.outcomes.of(completed) if completed is not None else []
    said += [each for each in before if each.outcome in ("acknowledged", "declined", NOTED)]
    answers = tuple(answer for answer in said if answer.member == member and answer.outcome not in _NOT_OURS)
    cover = cover_of(item)
    content, step, code = _read(item, cover)
    if content is None and cover is not None and item.sent_by_us and step is None:
        content = _drafted(item, cover, store)
    return Delivery(
        digest=item.digest,
        index=item.index,
        lane=item.lane,
        accepted_at_ms=item.leaf.accepted_at,
        met_at_ms=item.met_at,
        cover=cover,
        content=content,
        step=step,
        code=code,
        answers=answers,
        amendments=amendments_of(item.digest, cover, store),
        member=member,
        erased=_erased(said),
        completes=completed,
        compromised=next((answer for answer in said if answer.outcome == "compromised"), None),
        sender_is_told=step is not None and claimed_sender(item.statement) is not None,
    )


def content_of(item: StoredItem, cover: Dispatch) -> ReadReport | None:
    """The report of a stored item, as far as it can be read here."""
    return _read(item, cover)[0]


def _read(item: StoredItem, cover: Dispatch | None) -> tuple[ReadReport | None, int | None, str | None]:
    """The report of a stored item; step and code that failed when it came, or now in a program that knows less."""
    if item.content is None or cover is None:
        return None, item.step, item.code
    try:
        return read_content(item.content.encode(), cover), item.step, item.code
    except SeraiError as error:
        return None, 10, error.code.value


def _drafted(item: StoredItem, cover: Dispatch, store: Store) -> ReadReport | None:
    """The report of what was sent just now: its own copy has not come yet."""
    outgoing = store.outbox.find(item.digest)
    draft = draft_from_json(outgoing.draft) if outgoing else None
    return read_content(draft.content.encode(), cover) if isinstance(draft, DispatchDraft) else None


def status_of(digest: str, store: Store) -> DispatchStatus:
    """What became of a dispatch of the own member.

    Where its files followed it, whoever has answered the dispatch that brought them has answered this one.

    Raises:
        ClientError: ``not_in_store`` if none of this digest that the own member sent is in the ledger.
    """
    item = store.items.get(digest)
    cover = cover_of(item) if item is not None and item.sent_by_us else None
    if item is None or cover is None:
        raise ClientError(LocalCode.NOT_IN_STORE, digest=digest)
    answers, amendments = list(store.outcomes.of(digest)), amendments_of(digest, cover, store)
    if amendments.completed_by is not None:
        whole = store.outcomes.of(amendments.completed_by.source)
        answers += [answer for answer in whole if answer.outcome in OFFICERS_SAY or answer.outcome == "answered"]
    recipients = {member: _recipient(member, answers, store) for member in cover.to}
    later = tuple(each for each in answers if each.member == HUB and each.outcome != "erased")
    at_ms = item.leaf.accepted_at
    return DispatchStatus(digest, item.index, at_ms, cover, recipients, amendments, later, _erased(answers))


def _erased(answers: Sequence[Answer]) -> Answer | None:
    """What the hub has said of its text."""
    return next((each for each in answers if each.member == HUB and each.outcome == "erased"), None)


def _recipient(member: Address, answers: Sequence[Answer], store: Store) -> RecipientStatus:
    own = [answer for answer in answers if answer.member == member]
    resealed = next((answer.statement for answer in reversed(own) if answer.outcome == "resealed"), None)
    if resealed is not None:
        own += [answer for answer in store.outcomes.of(resealed) if answer.member == member]
    return RecipientStatus(member, tuple(own), resealed)
