"""What a program or person sees of stored statements: dispatches that came, and what became of those sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from clients.follow import ReportModel
from clients.marks import Marks, marks_of
from clients.state import cover_of
from clients.store import Answer, Store, StoredItem
from schemas.addresses import Address, member_of
from schemas.claims import Dispatch, Lane
from schemas.errors import Code, SeraiError
from schemas.reports import parse_report

_RANK = ("undeliverable", "declined", "acknowledged", "received", "rejected", "silent", "overdue")


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
        report: the opened content; ``None`` if a step failed or this seat shows covers only.
        step: which of the recipient's steps failed (PROTOCOL 7).
        code: why.
        answers: what the own member has said of it.
        marks: what its sender has made of it since.
    """

    digest: str
    index: int | None
    lane: Lane
    accepted_at_ms: int
    met_at_ms: int
    cover: Dispatch | None
    report: ReportModel | None = field(repr=False)
    step: int | None
    code: str | None
    answers: tuple[Answer, ...] = ()
    marks: Marks = field(default_factory=Marks)

    @property
    def sender(self) -> Address | None:
        """The member that sent it, if that could be verified."""
        return member_of(self.cover.iss) if self.cover else None

    @property
    def acknowledged(self) -> bool:
        """Whether an officer of the own member has acknowledged it, here or at another seat."""
        return any(answer.outcome == "acknowledged" for answer in self.answers)

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
        marks: what the own member has made of it since.
    """

    digest: str
    index: int | None
    accepted_at_ms: int
    cover: Dispatch
    recipients: Mapping[Address, RecipientStatus]
    marks: Marks = field(default_factory=Marks)


def delivery_of(item: StoredItem, store: Store, member: Address) -> Delivery:
    """A stored dispatch as it is shown."""
    answers = tuple(answer for answer in store.outcomes.of(item.digest) if answer.member == member)
    cover = cover_of(item)
    return Delivery(
        digest=item.digest,
        index=item.index,
        lane=item.lane,
        accepted_at_ms=item.leaf.accepted_at,
        met_at_ms=item.met_at,
        cover=cover,
        report=None if item.content is None else parse_report(item.content.encode()),
        step=item.step,
        code=item.code,
        answers=answers,
        marks=marks_of(item.digest, cover, store),
    )


def status_of(digest: str, store: Store) -> DispatchStatus:
    """What became of a dispatch of the own member.

    Raises:
        SeraiError: ``not_found`` if none of this digest is in the ledger.
    """
    item = store.items.get(digest)
    cover = cover_of(item) if item is not None and item.mine else None
    if item is None or cover is None:
        raise SeraiError(Code.NOT_FOUND, f"no own dispatch {digest}")
    answers = store.outcomes.of(digest)
    recipients = {member: _recipient(member, answers, store) for member in cover.to}
    marks = marks_of(digest, cover, store)
    return DispatchStatus(digest, item.index, item.leaf.accepted_at, cover, recipients, marks)


def _recipient(member: Address, answers: Sequence[Answer], store: Store) -> RecipientStatus:
    own = [answer for answer in answers if answer.member == member]
    resealed = next((answer.statement for answer in reversed(own) if answer.outcome == "resealed"), None)
    if resealed is not None:
        own += [answer for answer in store.outcomes.of(resealed) if answer.member == member]
    return RecipientStatus(member, tuple(own), resealed)
