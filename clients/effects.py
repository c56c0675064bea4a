"""What verified statements do to a client's records (PROTOCOL 6).

A dispatch that arrived is owed a receipt; one that the own member sent is awaited at its
recipients; receipts and events settle that. Everything here runs inside the transaction of
the frame that brought it.
"""

from __future__ import annotations

from clients.follow import StepError
from clients.state import Answered, Arrived, Settled, State, cover_of
from clients.store import Answer, OutState, Owed
from schemas import limits
from schemas.addresses import ROOT, Address, member_of
from schemas.checkpoint import parse_note
from schemas.claims import Claims, Dispatch, Event, Lane, Receipt
from schemas.encoding import encode_base64url
from schemas.errors import Code, SeraiError
from schemas.leaf import Leaf
from schemas.statements import VerifiedStatement


class Effects:
    """Writes what follows from a statement."""

    def __init__(self, state: State) -> None:
        self._state = state

    def is_mine(self, iss: str) -> bool:
        """Whether the own member, or an officer of it, signed."""
        return iss != ROOT and member_of(Address(iss)) == self._state.member

    def arrived(self, digest: str, lane: Lane, sender: Address | None, fault: StepError | None, *, again: bool) -> None:
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

    def owe(self, digest: str, lane: Lane, sender: Address | None, fault: StepError | None) -> None:
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
        due_ms = since_ms + 1000 * limits.RECEIVED_DUE_S[cover.precedence]
        self._state.store.outcomes.await_members(digest, cover.to, due_ms)
        for ref in cover.refs or ():
            for member in cover.to if ref.rel == "reseal" else ():
                answer = Answer(member, "resealed", leaf.accepted_at, by=cover.iss, statement=digest)
                self._state.store.outcomes.add(ref.digest, answer)
        self.settle(digest, index)

    def settle(self, digest: str, index: int) -> None:
        """What stands in the ledger is accepted, whether or not the hub's answer came."""
        outgoing = self._state.store.outbox.find(digest)
        if outgoing is not None and outgoing.state is not OutState.ACCEPTED:
            self._state.store.outbox.set_accepted(outgoing.id, index)
            self._state.notices.append(Settled(outgoing.id))

    def receipt(self, digest: str, leaf: Leaf, claims: Receipt) -> None:
        """Keep what a receipt says of each dispatch it names."""
        member, outcomes = member_of(claims.iss), self._state.store.outcomes
        for each in claims.digests:
            if not self._is_recipient(each, member):
                self._state.alarm("bad_statement", f"{digest}: {member} answers {each}, which it was not sent")
                continue
            said = (claims.outcome, leaf.accepted_at, claims.iss, claims.step, claims.reason)
            self._answer(each, Answer(member, *said, statement=digest))
            if claims.outcome in ("received", "rejected"):
                outcomes.settle(each, member)
                self._ask_reseal(each, member, claims)
        if member == self._state.member and claims.outcome in ("received", "rejected"):
            outcomes.drop_owed(claims.digests)

    def _is_recipient(self, digest: str, member: Address) -> bool:
        """Whether a member was sent a dispatch, as far as it is known here."""
        item = self._state.store.items.get(digest)
        cover = cover_of(item) if item is not None else None
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
        """Keep what an event says of each dispatch it names."""
        for each in claims.digests or ():
            for member in _concerned(claims):
                self._answer(each, Answer(member, _outcome(claims), leaf.accepted_at, statement=digest))
                if claims.event == "undeliverable":
                    self._state.store.outcomes.settle(each, member)

    def silent(self, local_ms: int) -> None:
        """Alarm on recipients who should have confirmed by the own clock: somebody may be withholding."""
        now_ms = self._state.system.clock.time_ms()
        for digest, members in self._state.store.outcomes.take_silent(local_ms).items():
            for member in members:
                self._answer(digest, Answer(member, "silent", now_ms))
            self._state.alarm("overdue", f"{digest}: not confirmed by {', '.join(members)}")

    def _answer(self, digest: str, answer: Answer) -> None:
        if self._state.store.outcomes.add(digest, answer):
            self._state.notices.append(Answered(digest, answer))

    def view(self, statement: VerifiedStatement[Claims]) -> None:
        """Keep the checkpoint note that somebody else has seen, for the audit."""
        note = statement.claims.view
        if note is None or self.is_mine(statement.claims.iss):
            return
        try:
            size = parse_note(note).checkpoint.size
        except SeraiError:
            return
        self._state.store.trust.add_view(note, size, encode_base64url(statement.digest))


def _concerned(claims: Event) -> list[Address]:
    if claims.event == "overdue":
        return list(claims.members or ())
    return [claims.member] if claims.member else []


def _outcome(claims: Event) -> str:
    return "overdue_reply" if claims.event == "overdue" and claims.missing == "reply" else claims.event
