"""What verified statements do to a client's records (PROTOCOL 6).

A dispatch that arrived is owed a receipt; one that the own member sent is awaited at its
recipients; receipts and events settle that. Everything here runs inside the transaction of
the frame that brought it.
"""

from __future__ import annotations

from typing import Final, get_args

from clients.errors import LocalCode
from clients.mail.amendments import CHANGES, completes
from clients.mail.notices import Answered, Arrived, Settled
from clients.mail.state import State, cover_of
from clients.mail.undone import Undone
from clients.store import Answer, Outgoing, OutState, Owed
from clients.store.outcomes import HANDED_CHANGED, LATER, Missing
from clients.trust.verification import Failed
from schemas.addresses import HUB, ROOT, Address, member_of
from schemas.checkpoint import parse_note
from schemas.claims import Claims, Dispatch, Event, Lane, Outcome, Receipt
from schemas.claims.mail import EVENT_CLAIMS
from schemas.encoding import encode_base64url, encode_json
from schemas.errors import Code, SeraiError
from schemas.leaf import Leaf
from schemas.operations.answers import asked_do, ends_asking
from schemas.operations.deconfliction import ANSWER_KIND, KIND
from schemas.operations.profiles import KIND as PROFILE
from schemas.rules.deadlines import answers_due_ms, received_due_ms
from schemas.rules.expecting import EVERYBODY, owed_by
from schemas.rules.status import check_inherited
from schemas.statements import VerifiedStatement, read_payload

_COMMON: Final = frozenset({*Claims.model_fields, "event", "to"})
_MOST_WORDS: Final = 400
"""Characters of an event that is not known that are shown."""

_LISTED: Final = frozenset({PROFILE, KIND, ANSWER_KIND})
"""Kinds of which all dispatches are read together."""

_SILENT: Final[tuple[tuple[Missing, str, str], ...]] = (
    ("received", "silent", "not confirmed by"),
    ("reply", "silent_reply", "no answer from"),
)
"""What may be missing, the outcome that says so, and what an alarm says."""


class Effects:
    """Writes what follows from a statement."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._undone = Undone(state)

    def is_ours(self, iss: str) -> bool:
        """Whether the own member, or an officer of it, signed."""
        return iss != ROOT and member_of(Address(iss)) == self._state.member

    def arrived(self, digest: str, lane: Lane, sender: Address | None, fault: Failed | None, *, again: bool) -> None:
        """A dispatch for the own member is stored: tell of it, and owe a receipt where this seat reads.

        Args:
            digest: which.
            lane: it came on.
            sender: member that sent it; ``None`` if nobody can be named.
            fault: the step that failed.
            again: it was in the inbox before, and a new epoch gave it another place.
        """
        if not again:
            self._state.notices.append(Arrived(lane, digest))
        self.owe(digest, lane, sender, fault)

    def owe(self, digest: str, lane: Lane, sender: Address | None, fault: Failed | None) -> None:
        """Owe a ``received`` or ``rejected`` receipt, once."""
        outcome = "rejected" if fault else "received"
        outcomes = self._state.store.outcomes
        if sender is None or not self._state.opens_content or outcomes.has(digest, self._state.member, outcome):
            return
        step, reason = (fault.step, fault.code.value) if fault else (None, None)
        outcomes.owe(Owed(digest, lane, outcome, sender, step, reason))

    def sent(self, digest: str, index: int, leaf: Leaf, cover: Dispatch) -> None:
        """A dispatch of the own member stands in the ledger: expect its recipients to confirm.

        They are due by this machine's own clock: a hub that lies about time can hasten the alarm, not put it off.
        """
        clock = self._state.system.clock
        since_ms = min(leaf.accepted_at - clock.offset_ms, clock.local_ms())
        due_ms = received_due_ms(cover, since_ms)
        self._state.store.outcomes.await_members(digest, cover.to, due_ms)
        self._await_answers(digest, cover, since_ms)
        self._undone.sent(digest, cover, due_ms)
        for ref in cover.refs or ():
            for member in cover.to if ref.rel == "reseal" else ():
                answer = Answer(member, "resealed", leaf.accepted_at, by=cover.iss, statement=digest)
                self._state.store.outcomes.add(ref.digest, answer)
        self.settle(digest, index)

    def _await_answers(self, digest: str, cover: Dispatch, since_ms: int) -> None:
        """Expect the answers that are asked for, by this machine's own clock too, unless nobody waits any more."""
        due_ms = answers_due_ms(cover)
        if due_ms is None or self._is_over(digest, cover):
            return
        asked_ms = since_ms + max(0, due_ms - 1000 * cover.iat)
        by_own_clock_ms = min(due_ms - self._state.system.clock.offset_ms, asked_ms)
        self._state.store.outcomes.await_members(digest, owed_by(cover), by_own_clock_ms, "reply")

    def _is_over(self, digest: str, cover: Dispatch) -> bool:
        """Whether what ends the wait for everybody has come already, on a quicker lane."""
        found = self._state.store.references.to(digest, "cancel", "update")
        covers = [(each.rel, self._cover(each.source)) for each in found]
        asker = member_of(cover.iss)
        return any(
            by is not None and _is_as_real(by, rel, cover) and ends_asking(by, rel, asker, asked_do(cover)) == EVERYBODY
            for rel, by in covers
        )

    def _cover(self, digest: str) -> Dispatch | None:
        item = self._state.store.items.get(digest)
        return cover_of(item) if item is not None else None

    def owes(self, digest: str, cover: Dispatch) -> None:
        """A dispatch that came asks the own member for an answer: it is owed until it is given, or nobody waits."""
        member = self._state.member
        if cover.expects is None or member not in owed_by(cover) or self.is_ours(cover.iss):
            return
        if not self._is_over(digest, cover):
            self._state.store.outcomes.await_members(digest, [member], 1000 * cover.expects.by, "owed")

    def refer(self, digest: str, leaf: Leaf, cover: Dispatch) -> None:
        """Keep what a dispatch refers to; whom it answers, cancels or asks anew waits no more.

        What it refers to may come later, on a slower lane: only then it is known whether it is as real.

        Args:
            digest: which.
            leaf: its own.
            cover: verified.
        """
        self._state.store.references.add(digest, cover)
        self._change_handed(digest, leaf, cover)
        for ref in cover.refs or ():
            self._end_wait(digest, leaf.accepted_at, cover, ref.rel, ref.digest)
        for earlier in self._state.store.references.to(digest):
            if (by := self._cover(earlier.source)) is not None:
                self._end_wait(earlier.source, earlier.accepted_at_ms, by, earlier.rel, digest)

    def belongs(self, digest: str, cover: Dispatch) -> None:
        """A dispatch whose cover was verified is here, opened or not: a step, a profile, a question (PROTOCOL 16)?

        Args:
            digest: which.
            cover: its own.
        """
        if cover.operation is not None:
            self._state.store.operations.add(digest, cover.operation.id or digest)
        if cover.kind in _LISTED:
            self._state.store.references.list_kind(digest, cover)

    def _change_handed(self, digest: str, leaf: Leaf, cover: Dispatch) -> None:
        """Its provider changes what was printed, exported or passed on here: whoever did that must hear of it."""
        sender, ours = member_of(cover.iss), self.is_ours(cover.iss)
        for each in [ref.digest for ref in cover.refs or () if ref.rel in CHANGES]:
            if not self._state.store.handed.of(each) or completes(digest, self._state.store) == each:
                continue
            if self._state.store.handed.change(each, digest, sender, cover.status) and not ours:
                said = Answer(sender, HANDED_CHANGED, leaf.accepted_at, by=cover.iss, statement=digest)
                self._state.store.outcomes.add(each, said)

    def _end_wait(self, digest: str, at_ms: int, cover: Dispatch, rel: str, referred: str) -> None:
        """What follows from one reference of a dispatch, once what it refers to is here."""
        target, asked = self._asked(referred)
        if asked is None or not _is_as_real(cover, rel, asked):
            return
        outcomes = self._state.store.outcomes
        if self.is_ours(asked.iss):
            self._undone.refer(cover, rel, target, asked)
        ended = ends_asking(cover, rel, member_of(asked.iss), asked_do(asked))
        if ended == EVERYBODY:
            for member in owed_by(asked):
                outcomes.settle(target, member, "reply")
            outcomes.settle(target, self._state.member, "owed")
        elif ended is not None:
            said = Answer(Address(ended), "answered", at_ms, by=cover.iss, statement=digest)
            self._answer(target, said)
            outcomes.add(referred, said)
            outcomes.settle(target, said.member, "reply")
            outcomes.settle(target, said.member, "owed")
            self._undone.answered(target, asked, said.member, said.outcome)

    def _asked(self, digest: str, cover: Dispatch | None = None) -> tuple[str, Dispatch | None]:
        """Where an answer was asked for, and its cover as far as it is known here: a reseal asks nothing anew.

        Args:
            digest: of a dispatch.
            cover: its own, if that was read already.
        """
        cover = cover or self._cover(digest)
        first = next((ref.digest for ref in (cover.refs or () if cover else ()) if ref.rel == "reseal"), None)
        return (digest, cover) if first is None else (first, self._cover(first))

    def settle(self, digest: str, index: int) -> None:
        """What stands in the ledger is accepted, whether or not the hub's answer came."""
        outgoing = self._state.store.outbox.find(digest)
        if outgoing is not None and outgoing.state is not OutState.ACCEPTED:
            self.accept(outgoing, index)

    def accept(self, outgoing: Outgoing, index: int) -> None:
        """A row of the outbox stands in the ledger; what was withdrawn here, and went out all the same, is an alarm."""
        self._state.store.outbox.set_accepted(outgoing.id, index)
        self._state.notices.append(Settled(outgoing.id))
        if outgoing.code == LocalCode.WITHDRAWN.value:
            self._state.alarm("withdrawn", f"item {outgoing.id} went out as {index}: serai cancel {index}")

    def receipt(self, digest: str, leaf: Leaf, claims: Receipt) -> None:
        """Keep what a receipt says of each dispatch it names."""
        member, outcomes = member_of(claims.iss), self._state.store.outcomes
        for each in claims.digests:
            cover = self._cover(each)
            if cover is not None and member not in cover.to:
                detail = f"{digest}: {member} answers {each}, which it was not sent"
                self._state.alarm("bad_statement", detail, cause=member)
                continue
            outcome = claims.outcome if claims.outcome in get_args(Outcome) else LATER + claims.outcome
            said = (outcome, leaf.accepted_at, claims.iss, claims.step, claims.reason)
            self._answer(each, Answer(member, *said, statement=digest))
            target, asked = self._asked(each, cover)
            self._undone.answered(target, asked, member, outcome)
            if claims.outcome == "declined" and (asked is None or asked.operation is None):
                outcomes.settle(target, member, "reply")
                outcomes.settle(target, member, "owed")
            if claims.outcome in ("received", "rejected"):
                outcomes.settle(each, member)
                self._ask_reseal(each, member, claims)
        if member == self._state.member and claims.outcome in ("received", "rejected"):
            outcomes.drop_owed(claims.digests)

    def unsettled(self, digest: str, leaf: Leaf, claims: Receipt, why: str) -> None:
        """Tell that a recipient has answered in a way that this version cannot check or judge; it settles nothing."""
        member = member_of(claims.iss)
        for each in claims.digests:
            if self._state.store.outbox.find(each) is not None and self._is_recipient(each, member):
                self._answer(each, Answer(member, why, leaf.accepted_at, claims.iss, statement=digest))

    def _is_recipient(self, digest: str, member: Address) -> bool:
        """Whether a member was sent a dispatch, as far as it is known here."""
        cover = self._cover(digest)
        return cover is None or member in cover.to

    def _ask_reseal(self, digest: str, member: Address, claims: Receipt) -> None:
        """The seat that said it seals it again, so that it happens once; never what had been received before.

        Whoever got hold of a member's address later must not have old mail sealed to a key of its own.
        """
        store = self._state.store
        asked = claims.reason == Code.NO_KEY.value and not store.outcomes.has(digest, member, "received")
        if asked and store.outbox.find(digest) is not None:
            store.outcomes.ask_reseal(digest, member)

    def event(self, digest: str, leaf: Leaf, claims: Event) -> None:
        """Keep what an event says of each dispatch it names; one that is not known has no effect (PROTOCOL 6)."""
        if claims.event not in EVENT_CLAIMS or claims.missing not in (None, "received", "reply"):
            self._later_event(digest, leaf, claims)
            return
        for each in claims.digests or ():
            for member in _concerned(claims):
                said = Answer(member, _outcome(claims), leaf.accepted_at, reason=claims.reason, statement=digest)
                self._answer(each, said)
                self._undone.answered(*self._asked(each), member, said.outcome)
                if claims.event == "undeliverable":
                    self._state.store.outcomes.settle(each, member)
                    self._state.store.outcomes.settle(each, member, "reply")

    def _later_event(self, digest: str, leaf: Leaf, claims: Event) -> None:
        """Show it, as it was written, at each dispatch of ours that it seems to name; and say that there is one."""
        item = self._state.store.items.get(digest)
        payload = read_payload(item.statement) if item is not None and item.statement is not None else {}
        further = {name: value for name, value in payload.items() if name not in _COMMON}
        words = encode_json(further)[:_MOST_WORDS]
        named = payload.get("digests")
        for each in named if isinstance(named, list) else ():
            target = self._state.store.items.get(each) if isinstance(each, str) else None
            if target is not None and target.sent_by_us:
                said = Answer(HUB, LATER + claims.event, leaf.accepted_at, by=HUB, reason=words, statement=digest)
                self._answer(each, said)
        self._state.store.trust.add_newer({leaf.code: 0})

    def silent(self, local_ms: int) -> None:
        """Alarm on members who should have confirmed or answered by the own clock: somebody may be withholding."""
        for missing, outcome, words in _SILENT:
            for digest, members in self._state.store.outcomes.take_silent(local_ms, missing).items():
                for member in members:
                    self._answer(digest, Answer(member, outcome, self._state.system.clock.time_ms()))
                    self._undone.answered(*self._asked(digest), member, outcome)
                self._state.alarm(
                    "overdue", f"{digest}: {words} {', '.join(members)}", cause=", ".join(sorted(members))
                )

    def _answer(self, digest: str, answer: Answer) -> None:
        if self._state.store.outcomes.add(digest, answer):
            self._state.notices.append(Answered(digest, answer))

    def view(self, statement: VerifiedStatement[Claims]) -> None:
        """Keep the checkpoint note that somebody else has seen, for the audit."""
        note = statement.claims.view
        if note is None or self.is_ours(statement.claims.iss):
            return
        try:
            size = parse_note(note).checkpoint.size
        except SeraiError:
            return
        self._state.store.trust.add_view(note, size, encode_base64url(statement.digest))


def _concerned(claims: Event) -> list[Address]:
    if claims.event == "erased":
        return [HUB]
    if claims.event == "overdue":
        return list(claims.members or ())
    return [claims.member] if claims.member else []


def _outcome(claims: Event) -> str:
    return "overdue_reply" if claims.event == "overdue" and claims.missing == "reply" else claims.event


def _is_as_real(cover: Dispatch, rel: str, asked: Dispatch) -> bool:
    """Whether a dispatch has the status of what it refers to: an exercise answers and ends nothing real.

    Args:
        cover: of the dispatch.
        rel: how it refers.
        asked: cover of what it refers to.
    """
    try:
        check_inherited(rel, asked.status, cover.status)
    except SeraiError:
        return False
    return True
