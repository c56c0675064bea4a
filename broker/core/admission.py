"""Admission: what enters the ledger, and what follows from it (PROTOCOL 5, 6).

`Admitter` decides one batch in order, each statement against the ledger as the earlier
ones of the batch leave it. A statement is admitted whole or changes nothing. It leaves
to others: signatures and content (`broker.core.verification`), recognising repeats (the
sequencer does, before any other check), signing events, and writing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from broker.core.facts import Facts, Known, Unreceived, most_urgent, require_known
from broker.core.verification import StoredEntry, VerifiedContent, VerifiedSubmission
from schemas import limits
from schemas.addresses import HUB, Address, is_officer, member_of
from schemas.claims import (
    Claims,
    Credential,
    Dispatch,
    Epoch,
    Event,
    Lane,
    Outcome,
    Receipt,
    Reference,
    Rel,
    Revocation,
    is_public,
)
from schemas.directory import Certified, Directory, Place
from schemas.encoding import Digest, decode_digest, encode_base64url
from schemas.errors import Code, SeraiError
from schemas.keys import Kid
from schemas.leaf import Leaf
from schemas.statements import VerifiedStatement

OWN_ONLY: frozenset[Rel] = frozenset({"update", "cancel", "countersign", "reseal"})
"""References that only the member that sent the original may make."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A statement enters a mailbox.

    Attributes:
        member: whose mailbox.
        addressed: false for the copy of the signer's own member.
        entry: the member's entry, of a dispatch.
    """

    member: Address
    addressed: bool
    entry: StoredEntry | None = None


@dataclass(frozen=True, slots=True)
class Watch:
    """Something that is due: when, of which statement, and what is missing by then."""

    due_ms: int
    index: int
    missing: str


@dataclass(frozen=True, slots=True)
class Admitted:
    """An admitted statement and everything that is written with it."""

    index: int
    leaf: Leaf
    statement: VerifiedStatement[Claims]
    sender: str
    lane: Lane
    content: VerifiedContent | None = None
    deliveries: tuple[Delivery, ...] = ()
    references: tuple[tuple[int, Rel], ...] = ()
    outcomes: tuple[tuple[int, Outcome], ...] = ()
    watches: tuple[Watch, ...] = ()


@dataclass(frozen=True, slots=True)
class EventDraft:
    """An event that the hub owes, not yet signed."""

    event: str
    to: tuple[Address, ...]
    digests: tuple[Digest, ...]
    lane: Lane
    member: Address | None = None
    members: tuple[Address, ...] = ()
    missing: str | None = None
    due_s: int | None = None


@dataclass(slots=True)
class _Plan:
    """What a decision found before anything is changed."""

    lane: Lane
    deliveries: tuple[Delivery, ...] = ()
    references: tuple[tuple[int, Rel], ...] = ()
    outcomes: tuple[tuple[int, Outcome], ...] = ()
    watches: tuple[Watch, ...] = ()
    named: tuple[Digest, ...] = ()
    directory: Directory | None = None
    events: list[EventDraft] = field(default_factory=list)
    ceased: list[Address] = field(default_factory=list)


class Admitter:
    """One batch being decided.

    Args:
        directory: as of ``size``.
        size: leaves in the ledger before the batch.
        accepted_at: milliseconds; the time of every statement in the batch.
        facts: what the ledger holds of what the batch names.
        new_epoch: whether an epoch statement may be admitted (only while the hub serves
            nobody, see `broker.service.operator`).
    """

    def __init__(
        self, directory: Directory, size: int, accepted_at: int, facts: Facts, *, new_epoch: bool = False
    ) -> None:
        self.directory = directory
        self.admitted: list[Admitted] = []
        self.owed: list[EventDraft] = []
        self.ceased: list[tuple[Address, int]] = []
        self._size = size
        self._accepted_at = accepted_at
        self._new_epoch = new_epoch
        self._known = dict(facts.known)
        self._jtis = dict(facts.jtis)
        self._readers = set(facts.readers)
        self._outcomes = set(facts.outcomes)
        self._unreceived = {member: list(items) for member, items in facts.unreceived.items()}
        # What this directory says is the same at every place from here on, because the time is.
        self._signers: dict[tuple[Kid, str], Certified] = {}
        self._entry_keys: set[tuple[Address, str]] = set()

    @property
    def place(self) -> Place:
        """Where the next statement would stand."""
        return Place(self._size + len(self.admitted), self._accepted_at // 1000)

    def repeat(self, digest: Digest) -> Known | None:
        """The statement of this digest, if it has been accepted."""
        return self._known.get(digest)

    def admit(self, submission: VerifiedSubmission, submitter: Address | None) -> Admitted:
        """Decide one statement.

        Args:
            submission: verified in itself.
            submitter: member of the session it came by; ``None`` for the operator, who
                may bring public statements only.

        Raises:
            SeraiError: the reason of the refusal; nothing has changed.
        """
        claims = submission.statement.claims
        self._check_common(submission.statement, submitter)
        if isinstance(claims, Dispatch) and submission.content is not None:
            plan = self._plan_dispatch(submission.statement, claims, submission.content)
        elif isinstance(claims, Receipt):
            plan = self._plan_receipt(submission.statement, claims)
        elif isinstance(claims, Credential | Revocation | Epoch):
            plan = self._plan_public(submission.statement, claims)
        else:
            raise SeraiError(Code.UNSUPPORTED_TYPE, claims.type.typ)
        return self._append(submission.statement, submission.content, plan)

    def append_event(self, statement: VerifiedStatement[Claims], draft: EventDraft) -> Admitted:
        """Append an event that the hub has signed for a draft of its own."""
        plan = _Plan(draft.lane, tuple(Delivery(member, addressed=True) for member in draft.to))
        if not draft.to:
            plan.lane, plan.directory = "public", self.directory.apply(statement, self.place)
        return self._append(statement, None, plan)

    def _check_common(self, statement: VerifiedStatement[Claims], submitter: Address | None) -> None:
        claims = statement.claims
        used = self._jtis.get((member_of(claims.iss), claims.jti))
        if used is not None and used != statement.digest:
            raise SeraiError(Code.JTI_REUSED, claims.jti)
        if claims.iat > self.place.time_s + limits.CLOCK_AHEAD_S:
            raise SeraiError(Code.CLOCK_AHEAD, f"{claims.iat - self.place.time_s} s ahead")
        if isinstance(claims, Event):
            raise SeraiError(Code.NOT_PERMITTED, "events are the hub's")
        if not is_public(claims) and member_of(claims.iss) != submitter:
            raise SeraiError(Code.NOT_YOUR_STATEMENT, str(claims.iss))

    # Public statements

    def _plan_public(self, statement: VerifiedStatement[Claims], claims: Credential | Revocation | Epoch) -> _Plan:
        if isinstance(claims, Epoch) and not self._new_epoch:
            raise SeraiError(Code.NOT_PERMITTED, "an epoch begins while the hub is stopped")
        plan = _Plan("public", directory=self.directory.apply(statement, self.place))
        if isinstance(claims, Revocation) and not is_officer(claims.sub):
            self._plan_ceasing(plan, claims.sub)
        return plan

    def _plan_ceasing(self, plan: _Plan, member: Address) -> None:
        """A member that has no key left ceases, and so do the units that it alone certified."""
        before, after = self.place, Place(self.place.index + 1, self.place.time_s)
        for each in (member, *self.directory.units(member)):
            had = self.directory.current(each, before) is not None
            if had and plan.directory is not None and plan.directory.current(each, after) is None:
                plan.ceased.append(each)
                plan.events += undeliverable(each, self._unreceived.get(each, ()))

    # Dispatches

    def _plan_dispatch(self, statement: VerifiedStatement[Claims], cover: Dispatch, content: VerifiedContent) -> _Plan:
        if "exchange" not in self._signer(statement).roles:
            raise SeraiError(Code.ROLE_MISSING, "exchange")
        if cover.status == "actual" and self.directory.epoch.document.status == "exercise":
            raise SeraiError(Code.STATUS_NOT_ALLOWED)
        self._check_entry_keys(content)
        addressed = frozenset(cover.to)
        references = tuple(self._check_reference(cover, reference) for reference in cover.refs or ())
        return _Plan(
            cover.lane(),
            tuple(
                Delivery(member, member in addressed, entry)
                for member, entry in zip(content.recipients, content.entries, strict=True)
            ),
            references,
            watches=self._watches(cover),
        )

    def _signer(self, statement: VerifiedStatement[Claims]) -> Certified:
        key = (statement.kid, statement.claims.iss)
        if key not in self._signers:
            self._signers[key] = self.directory.signer(statement, self.place)
        return self._signers[key]

    def _check_entry_keys(self, content: VerifiedContent) -> None:
        for member, kid in zip(content.recipients, content.kids, strict=True):
            if (member, kid) not in self._entry_keys:
                self.directory.verify_entry_key(member, kid, self.place)  # type: ignore[arg-type]
                self._entry_keys.add((member, kid))

    def _watches(self, cover: Dispatch) -> tuple[Watch, ...]:
        due_ms = self._accepted_at + 1000 * limits.RECEIVED_DUE_S[cover.precedence]
        received = Watch(due_ms, self.place.index, "received")
        if cover.reply_by is None:
            return (received,)
        return (received, Watch(1000 * cover.reply_by, self.place.index, "reply"))

    def _check_reference(self, cover: Dispatch, reference: Reference) -> tuple[int, Rel]:
        digest, sender = decode_digest(reference.digest), member_of(cover.iss)
        known = require_known(self._known, digest)
        if known.sender != sender and (reference.rel in OWN_ONLY or (digest, sender) not in self._readers):
            raise SeraiError(Code.REFERENCE_NOT_PERMITTED, reference.rel)
        interrupts = reference.rel == "interrupts" and known.status == "exercise" and cover.status == "actual"
        if known.status != cover.status and not interrupts:
            raise SeraiError(Code.STATUS_MISMATCH, f"{known.status} before, {cover.status} now")
        if reference.rel == "reseal":
            self._check_reseal(cover, digest, known)
        return known.index, reference.rel

    def _check_reseal(self, cover: Dispatch, digest: Digest, known: Known) -> None:
        for member in cover.to:
            if (digest, member) not in self._readers:
                raise SeraiError(Code.REFERENCE_NOT_PERMITTED, f"{member} was not a recipient")
            if not self.directory.rotated_since(member, known.index, self.place):
                raise SeraiError(Code.REFERENCE_NOT_PERMITTED, f"{member} has no newer key")

    # Receipts

    def _plan_receipt(self, statement: VerifiedStatement[Claims], receipt: Receipt) -> _Plan:
        self._signer(statement)
        by_officer = receipt.outcome in ("acknowledged", "declined")
        if by_officer != is_officer(receipt.iss):
            raise SeraiError(Code.NOT_PERMITTED, "officers acknowledge and decline, members receive and reject")
        member = member_of(receipt.iss)
        named = [decode_digest(digest) for digest in receipt.digests]
        known = [require_known(self._known, digest) for digest in named]
        for digest, item in zip(named, known, strict=True):
            if item.sender != receipt.to or (digest, member) not in self._readers:
                raise SeraiError(Code.NOT_A_RECIPIENT)
        given = [(digest, member, receipt.outcome) in self._outcomes for digest in named]
        if all(given):
            raise SeraiError(Code.RECEIPT_REPEATED)
        new = tuple((item.index, receipt.outcome) for item, old in zip(known, given, strict=True) if not old)
        to = (receipt.to,) if receipt.to == member else (receipt.to, member)
        deliveries = tuple(Delivery(address, addressed=address == receipt.to) for address in to)
        return _Plan(most_urgent(item.lane for item in known), deliveries, outcomes=new, named=tuple(named))

    # Writing down

    def _append(self, statement: VerifiedStatement[Claims], content: VerifiedContent | None, plan: _Plan) -> Admitted:
        claims = statement.claims
        leaf = Leaf(self._accepted_at, claims.type, is_public(claims), statement.digest)
        sender = member_of(claims.iss)
        admitted = Admitted(
            self.place.index, leaf, statement, sender, plan.lane, content,
            plan.deliveries, plan.references, plan.outcomes, plan.watches,
        )  # fmt: skip
        self._remember(admitted, plan)
        self.admitted.append(admitted)
        return admitted

    def _remember(self, admitted: Admitted, plan: _Plan) -> None:
        claims, digest = admitted.statement.claims, admitted.statement.digest
        status = claims.status if isinstance(claims, Dispatch) else None
        self._known[digest] = Known(
            admitted.index, self._accepted_at, claims.type, admitted.sender, admitted.lane, status
        )
        self._jtis[admitted.sender, claims.jti] = digest
        if isinstance(claims, Dispatch):
            self._remember_readers(admitted, digest)
        elif isinstance(claims, Receipt):
            self._remember_outcomes(member_of(claims.iss), claims.outcome, plan.named)
        if plan.directory is not None:
            self.directory = plan.directory
            self._signers.clear()
            self._entry_keys.clear()
        self.owed.extend(plan.events)
        for member in plan.ceased:
            self.ceased.append((member, admitted.index))
            self._unreceived[member] = []

    def _remember_readers(self, admitted: Admitted, digest: Digest) -> None:
        for delivery in admitted.deliveries:
            if delivery.addressed:
                self._readers.add((digest, delivery.member))
                item = Unreceived(admitted.index, digest, Address(admitted.sender), admitted.lane)
                self._unreceived.setdefault(delivery.member, []).append(item)

    def _remember_outcomes(self, member: Address, outcome: Outcome, named: tuple[Digest, ...]) -> None:
        self._outcomes.update((digest, member, outcome) for digest in named)
        if outcome == "rejected":
            return  # it came and could not be opened: nothing was received
        waiting = self._unreceived.get(member, [])
        waiting[:] = [item for item in waiting if item.digest not in named]


def undeliverable(member: Address, waiting: Iterable[Unreceived]) -> list[EventDraft]:
    """The events that tell each sender what a member will not get, in order of the ledger."""
    by_sender: dict[Address, list[Unreceived]] = {}
    for item in waiting:
        by_sender.setdefault(item.sender, []).append(item)
    drafts = []
    for sender, items in by_sender.items():
        for start in range(0, len(items), limits.DIGESTS):
            part = items[start : start + limits.DIGESTS]
            lane = most_urgent(item.lane for item in part)
            drafts.append(EventDraft("undeliverable", (sender,), tuple(i.digest for i in part), lane, member=member))
    return drafts


@dataclass(frozen=True, slots=True)
class Due:
    """A watch that has fallen due, and what the ledger says of it.

    Attributes:
        watch: when, which, and what was to have come.
        digest: of the dispatch.
        sender: who is to be told.
        lane: of the dispatch.
        silent: recipients from whom it has not come; empty if all is well.
    """

    watch: Watch
    digest: Digest
    sender: Address
    lane: Lane
    silent: tuple[Address, ...]


def overdue(due: Due) -> EventDraft | None:
    """The event that a due watch gives rise to; ``None`` if nobody is silent."""
    if not due.silent:
        return None
    return EventDraft(
        "overdue",
        (due.sender,),
        (due.digest,),
        due.lane,
        members=due.silent,
        missing=due.watch.missing,
        due_s=due.watch.due_ms // 1000,
    )


def event_claims(draft: EventDraft, network: str, jti: str, iat: int) -> Event:
    """The claims of an event, ready to be signed.

    Args:
        draft: what is owed.
        network: network id.
        jti: a fresh UUIDv7.
        iat: now, in seconds.
    """
    return Event.model_validate(
        {
            "iss": HUB,
            "aud": network,
            "jti": jti,
            "iat": iat,
            "event": draft.event,
            "to": list(draft.to) or None,
            "digests": [encode_base64url(digest) for digest in draft.digests] or None,
            "member": draft.member,
            "members": list(draft.members) or None,
            "missing": draft.missing,
            "due": draft.due_s,
        }
    )
