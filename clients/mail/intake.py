"""What comes from the hub: judged, stored, answered for (PROTOCOL 6 to 9).

One frame is one transaction: items, directory, head, cursors, receipts owed. An item that
fails a step is stored with its number; a frame whose checkpoint or public lane cannot be
believed is refused whole, and the line with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from clients.mail.attached import want_attachments
from clients.mail.doubts import Doubts
from clients.mail.effects import Effects
from clients.mail.erasing import Erasing, at_new_place, erasure_of
from clients.mail.kept import as_delivered, as_kept, claimed_sender, is_unread
from clients.mail.notices import Arrived
from clients.mail.public_lane import PublicLane
from clients.mail.state import State, claims_of, cover_of, evidence_of
from clients.store import Deletion, Head, Outgoing, StoredItem
from clients.store.items import without_text
from clients.trust.heads import check_accepted
from clients.trust.verification import (
    Failed,
    PlacedItem,
    is_of_later_key,
    judge_newer,
    verify_dispatch,
    verify_event,
    verify_place,
    verify_receipt,
)
from schemas.addresses import Address, member_of
from schemas.claims import Dispatch, Lane, Receipt, StatementType
from schemas.encoding import encode_base64url, sha256
from schemas.errors import Code, SeraiError
from schemas.frames import Accepted, AcceptedItem, Cursors, Deliver, DeliverItem
from schemas.leaf import Leaf, read_leaf
from schemas.statements import VerifiedStatement, read_claims

_TO_US: Final = 5
"""The recipient's step that says that the own member is named (PROTOCOL 7)."""


class Intake:
    """Takes `deliver` and `accepted` frames into the store."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._effects = Effects(state)
        self._erasing = Erasing(state)
        self._public = PublicLane(state, self._effects)
        self._doubts = Doubts(state)

    # Frames

    def deliver(self, frame: Deliver) -> None:
        """Judge and store everything in a frame; on disk when this returns.

        Raises:
            SeraiError: the checkpoint, or an item of the public lane, cannot be believed;
                nothing but the alarm was stored.
        """
        self._learn_first(frame)
        head = self._state.judge_head(frame.checkpoint, frame.consistency)
        public = [self._public.place(item, head) for item in frame.items if item.lane == "public"]
        with self._state.change():
            self._state.set_head(head)
            for each in sorted(public, key=lambda placed: placed.index):
                self._public.take(each)
            mail = [placed for item in frame.items if item.lane != "public" and (placed := self._item(item, head))]
            self._move_cursors([*public, *mail])
        self._state.catching_up &= _is_one_of_more(frame, head)

    def accepted(self, frame: Accepted) -> None:
        """Keep the places of what was submitted; on disk when this returns.

        Raises:
            SeraiError: checkpoint or proof cannot be believed; nothing but the alarm was stored.
        """
        head = self._state.judge_head(frame.checkpoint, frame.consistency)
        judged = [found for item in frame.items if (found := self._judge_accepted(item, head))]
        with self._state.change():
            self._state.set_head(head)
            for kept, outgoing in judged:
                self._accept(kept, outgoing)

    def take_public(self, item: DeliverItem, head: Head) -> None:
        """Take in a public statement that the line did not bring.

        Args:
            item: as the ledger showed it.
            head: verified; its own proof is under it.

        Raises:
            SeraiError: its place cannot be believed.
        """
        placed = self._public.place(item, head)
        with self._state.change():
            self._public.take(placed)

    def take_lost(self, item: DeliverItem, head: Head) -> bool:
        """Take in a dispatch that the line has brought before, and that is not here; whether it was one.

        Args:
            item: as the hub showed it beside the line.
            head: verified; its own proof is under it.
        """
        digest = encode_base64url(read_leaf(item.leaf).digest)
        store = self._state.store
        known = store.items.get(digest)
        is_here = known is not None and (known.statement is not None or store.deletions.get(digest) is not None)
        if is_here or item.lane == "public" or item.index >= self._state.cursors.of(item.lane):
            return False  # what is still to come comes in its turn
        with self._state.change():
            self._item(item, head)
        return True

    def judge_learnt(self) -> None:
        """Judge what was kept unread of types that this program has learnt since, each at its place.

        Before anything more is taken: what comes later may stand on it.
        """
        learnt = self._state.store.trust.learnt_types()
        if not learnt:
            return
        with self._state.change():
            kept = [item for item in self._state.store.items.of_types(learnt) if is_unread(item)]
            for item in sorted(kept, key=lambda item: (item.lane != "public", item.index)):
                self._judge_again(item)
            self._state.store.trust.set_types()

    def _judge_again(self, item: StoredItem) -> None:
        given, head = as_delivered(item)
        placed = verify_place(given, head)
        if isinstance(placed, Failed):  # its flag does not fit the type that it turns out to be of
            self._state.alarm("bad_proof", f"{item.lane} item {item.index}: {placed.detail}", evidence_of(given, head))
            self._state.store.items.put(replace(item, step=placed.step, code=placed.code.value))
        elif placed.lane == "public":
            self._public.apply(placed, again=True)
        else:
            self._judge(placed, None)

    def check_silent(self, local_ms: int) -> None:
        """Alarm on recipients who should have confirmed by now, in milliseconds by the uncorrected clock."""
        with self._state.change():
            self._effects.silent(local_ms)

    def _learn_first(self, frame: Deliver) -> None:
        """Learn epoch 0 where it comes: everything else is under it."""
        first = next((item for item in frame.items if item.lane == "public" and item.index == 0), None)
        if not self._state.epochs and first is not None and first.statement is not None:
            self._state.learn([first.statement])

    def _move_cursors(self, stored: Sequence[PlacedItem]) -> None:
        """Want what comes after; an item without a proven place says nothing of what may come."""
        if not stored:
            return
        wanted = self._state.cursors.model_dump()
        for placed in stored:
            wanted[placed.lane] = max(wanted[placed.lane], placed.index + 1)
        self._state.set_cursors(Cursors.model_validate(wanted))

    # Mail

    def _item(self, item: DeliverItem, head: Head) -> PlacedItem | None:
        """Judge and store an item; ``None`` if it has no place."""
        placed = verify_place(item, head)
        if isinstance(placed, Failed):
            self._unplaced(item, head, placed)
            return None
        self._state.watch_leaf(placed.leaf, evidence_of(item, head))
        known = self._state.store.items.get(placed.digest)
        if (deletion := self._state.store.deletions.get(placed.digest)) is not None:
            self._deleted(placed, known, sent_by_us=deletion.sent_by_us)
        elif placed.item.statement is None:
            self._gone(placed, known)
        elif known is None or _is_to_be_judged(known):
            self._judge(placed, known)
        else:
            self._belongs_again(known)
        return placed

    def _belongs_again(self, known: StoredItem) -> None:
        """What is known comes again, because rows of the store were lost: it belongs where it did."""
        cover = cover_of(known) if known.leaf.type is StatementType.DISPATCH else None
        if cover is not None and (known.step is None or known.step > _TO_US):
            self._effects.belongs(known.digest, cover)

    def _deleted(self, placed: PlacedItem, known: StoredItem | None, *, sent_by_us: bool) -> None:
        """What was deleted here comes again: its place is kept, nothing of its text."""
        kept = known or self._stored(placed, sent_by_us=sent_by_us)
        if known is None or known.index is None or known.statement is not None:
            self._state.store.items.put(without_text(at_new_place(kept, placed)))

    def _deleted_before(self, cover: Dispatch, content: str | None) -> Deletion | None:
        """The entry of what a dispatch brings again under a newer key; only what says the same is kept away."""
        deletions = self._state.store.deletions
        named = (ref.digest for ref in cover.refs or () if ref.rel == "reseal")
        found = (entry for digest in named if (entry := deletions.get(digest)) is not None)
        mark = deletions.mark_of(content)
        return next((entry for entry in found if mark is not None and entry.mark == mark), None)

    def _deleted_again(self, kept: StoredItem, deletion: Deletion, sender: Address) -> None:
        """What was deleted here comes again under a newer key: it is confirmed, and deleted as it was."""
        self._state.store.items.put(without_text(kept))
        self._state.store.deletions.add(replace(deletion, digest=kept.digest, number=kept.index))
        if kept.inbox:
            self._effects.owe(kept.digest, kept.lane, sender, None)

    def _gone(self, placed: PlacedItem, known: StoredItem | None) -> None:
        """A text that the hub has no longer: told quietly where an `erased` event says why, else an alarm.

        What is here stays.
        """
        erasure = erasure_of(placed, self._state.directory, self._state.member)
        if isinstance(erasure, Failed):
            detail = f"why {placed.lane} item {placed.index} is gone: {erasure}"
            self._state.alarm("bad_statement", detail, evidence_of(placed.item, placed.head))
            erasure = None
        if known is not None and known.statement is not None:
            if erasure is None:
                self._state.alarm("damaged", f"item {placed.index} is gone", evidence_of(placed.item, placed.head))
            if known.index is None:
                self._state.store.items.put(at_new_place(known, placed))
                self._effects.settle(placed.digest, placed.index)
        elif known is not None and known.index is not None:
            return
        elif erasure is None:
            self._judge(placed, known)
        else:
            failed = Failed(2, Code.ERASED, erasure.reason)
            self._erasing.item(placed, self._stored(placed, sent_by_us=False, failed=failed), erasure)

    def _judge(self, placed: PlacedItem, known: StoredItem | None) -> None:
        again = known is not None and known.inbox
        if placed.leaf.type is None:
            self._newer(placed, again=again)
        elif placed.leaf.type is StatementType.DISPATCH:
            self._dispatch(placed, again=again)
        elif placed.leaf.type is StatementType.RECEIPT:
            self._receipt(placed)
        else:
            self._event(placed)

    def _unplaced(self, item: DeliverItem, head: Head, failed: Failed) -> None:
        """Step 1 failed: kept as evidence of an alarm, for it is no item of the ledger."""
        self._state.alarm("bad_proof", f"{item.lane} item {item.index}: {failed.detail}", evidence_of(item, head))
        sender = claimed_sender(item.statement)
        if item.statement is not None and sender is not None:
            digest = encode_base64url(sha256(item.statement.encode()))
            self._effects.owe(digest, item.lane, sender, failed)

    def _newer(self, placed: PlacedItem, *, again: bool) -> None:
        """Mail of a type that is not known: unread in the inbox, and it rings if its lane does (PROTOCOL 8).

        It is nobody's dispatch, so no receipt is owed. Where it is not newer but false, that is an alarm too.
        """
        failed = judge_newer(placed)
        if failed.code is not Code.UNSUPPORTED_TYPE:
            self._refuse(placed, failed)
        self._state.store.items.put(self._stored(placed, sent_by_us=False, inbox=True, failed=failed))
        if not again:
            self._state.notices.append(Arrived(placed.lane, placed.digest))

    def _dispatch(self, placed: PlacedItem, *, again: bool) -> None:
        keys = self._state.keys.decryption_by_kid
        opened = verify_dispatch(placed, self._state.directory, self._state.member, keys)
        if isinstance(opened, Failed):
            self._failed_dispatch(placed, opened, again=again)
            return
        cover = opened.statement.claims
        inbox = self._state.member in cover.to
        kept = self._stored(placed, sent_by_us=self._effects.is_ours(cover.iss), inbox=inbox)
        if (deletion := self._deleted_before(cover, opened.content)) is not None:
            self._deleted_again(kept, deletion, member_of(cover.iss))
            return
        is_judged = self._is_judged(placed, opened.statement)
        code = None if is_judged else Code.UNJUDGED.value
        self._state.store.items.put(replace(kept, content=opened.content, content_key=opened.content_key, code=code))
        self._effects.belongs(placed.digest, cover)
        if is_judged:
            self._effects.refer(placed.digest, placed.leaf, cover)
            want_attachments(self._state, cover, opened.content, urgent=placed.lane == "urgent")
        self._effects.view(opened.statement)
        if kept.sent_by_us:
            self._effects.sent(placed.digest, placed.index, placed.leaf, cover)
        if inbox and is_judged:
            self._effects.owes(placed.digest, cover)
        if inbox:
            self._doubts.arrived(placed.digest, opened.statement)
            self._effects.arrived(placed.digest, placed.lane, member_of(cover.iss), None, again=again)

    def _failed_dispatch(self, placed: PlacedItem, failed: Failed, *, again: bool) -> None:
        cover = failed.statement.claims if failed.statement else None
        sent_by_us = cover is not None and self._effects.is_ours(cover.iss)
        inbox = cover is None or self._state.member in cover.to or not sent_by_us
        self._state.store.items.put(self._stored(placed, sent_by_us=sent_by_us, inbox=inbox, failed=failed))
        if failed.code is Code.GONE:
            self._state.alarm("damaged", f"item {placed.index} is gone", evidence_of(placed.item, placed.head))
        if failed.statement is not None:
            self._effects.view(failed.statement)
        if cover is not None and failed.step > _TO_US:
            self._effects.belongs(placed.digest, cover)
        if cover is not None and failed.step > _TO_US and self._is_judged(placed, failed.statement):
            self._effects.refer(placed.digest, placed.leaf, cover)  # it was for us
            self._effects.owes(placed.digest, cover)
        if sent_by_us and cover is not None:
            self._effects.sent(placed.digest, placed.index, placed.leaf, cover)
        if inbox:
            if failed.statement is not None:
                self._doubts.arrived(placed.digest, failed.statement)
            sender = claimed_sender(placed.item.statement)
            self._effects.arrived(placed.digest, placed.lane, sender, failed, again=again)

    def _receipt(self, placed: PlacedItem) -> None:
        statement = verify_receipt(placed, self._state.directory)
        if isinstance(statement, Failed):
            self._failed_receipt(placed, statement)
            return
        ours = self._effects.is_ours(statement.claims.iss)
        unjudged = None if self._is_judged(placed, statement) else Code.UNJUDGED.value
        self._state.store.items.put(replace(self._stored(placed, sent_by_us=ours), code=unjudged))
        self._effects.view(statement)
        if unjudged is None:
            self._effects.receipt(placed.digest, placed.leaf, statement.claims)
        else:
            self._effects.unsettled(placed.digest, placed.leaf, statement.claims, unjudged)
        self._effects.settle(placed.digest, placed.index)

    def _failed_receipt(self, placed: PlacedItem, failed: Failed) -> None:
        """A receipt that is not believed; where only this version is too old, that is told beside what it names."""
        claims = _read_receipt(placed.item.statement) if failed.code is Code.UNSUPPORTED_ALG else None
        if claims is None or not is_of_later_key(placed, self._state.directory, claims.iss):
            self._refuse(placed, failed)
            return
        self._state.store.items.put(self._stored(placed, sent_by_us=False, failed=failed))
        self._effects.unsettled(placed.digest, placed.leaf, claims, "unchecked")

    def _is_judged(
        self, placed: PlacedItem, statement: VerifiedStatement[Dispatch] | VerifiedStatement[Receipt] | None
    ) -> bool:
        """Whether all that was said of a signer can be read here: else its key may have been revoked (PROTOCOL 5).

        What it signs then is shown; it answers, cancels, corrects and settles nothing.
        """
        if statement is None or self._effects.is_ours(statement.claims.iss):
            return True
        return self._state.directory.judges(statement, placed.place)

    def _event(self, placed: PlacedItem) -> None:
        statement = verify_event(placed, self._state.directory)
        if isinstance(statement, Failed):
            self._refuse(placed, statement)
            return
        stored = self._stored(placed, sent_by_us=False)
        self._state.store.items.put(stored)
        if statement.claims.event == "erased":
            self._erasing.event(placed, stored, statement.claims)
        self._effects.event(placed.digest, placed.leaf, statement.claims)

    def _refuse(self, placed: PlacedItem, failed: Failed) -> None:
        kind = "damaged" if failed.code is Code.GONE else "bad_statement"
        detail = f"{placed.lane} item {placed.index}, step {failed.step}: {failed}"
        self._state.alarm(kind, detail, evidence_of(placed.item, placed.head))
        self._state.store.items.put(self._stored(placed, sent_by_us=False, failed=failed))

    def _stored(
        self, placed: PlacedItem, *, sent_by_us: bool, inbox: bool = False, failed: Failed | None = None
    ) -> StoredItem:
        met_at_ms = self._state.system.clock.time_ms()
        return as_kept(placed, met_at_ms, sent_by_us=sent_by_us, inbox=inbox, failed=failed)

    # What was submitted

    def _judge_accepted(self, item: AcceptedItem, head: Head) -> tuple[StoredItem, Outgoing] | None:
        """What will be kept of an accepted statement; ``None`` if it was not said here."""
        outgoing = self._state.store.outbox.find(item.digest)
        if outgoing is None or outgoing.statement is None:
            return None
        try:
            leaf = check_accepted(outgoing.statement, item, head)
        except SeraiError as error:
            evidence = {"checkpoint": head.note or "", "statement": outgoing.statement, "proof": item.proof}
            evidence["leaf"] = item.leaf
            self._state.alarm("bad_proof", f"accepted at {item.index}: {error.detail}", evidence)
            raise
        self._state.watch_leaf(leaf, {"leaf": item.leaf, "proof": item.proof, "checkpoint": head.note or ""})
        kept = self._accepted_item(item, outgoing, leaf, head)
        return kept, outgoing

    def _accepted_item(self, item: AcceptedItem, outgoing: Outgoing, leaf: Leaf, head: Head) -> StoredItem:
        lane: Lane = "urgent" if outgoing.urgent else "normal"
        return StoredItem(
            digest=item.digest,
            index=item.index,
            lane="public" if leaf.public else lane,
            leaf=leaf,
            statement=outgoing.statement,
            proof=item.proof,
            note=head.note or "",
            sent_by_us=True,
            inbox=False,
            met_at=self._state.system.clock.time_ms(),
        )

    def _accept(self, kept: StoredItem, outgoing: Outgoing) -> None:
        """Settle it; a public statement counts only when it comes in its turn on the public lane."""
        index = kept.index or 0
        self._effects.accept(outgoing, index)
        if kept.leaf.public or self._state.store.items.has(kept.digest) or kept.statement is None:
            return
        self._state.store.items.put(kept)
        claims = claims_of(kept)
        if isinstance(claims, Dispatch):
            self._effects.belongs(kept.digest, claims)
            self._effects.refer(kept.digest, kept.leaf, claims)
            self._effects.sent(kept.digest, index, kept.leaf, claims)
        elif isinstance(claims, Receipt):
            self._effects.receipt(kept.digest, kept.leaf, claims)


def _is_one_of_more(frame: Deliver, head: Head) -> bool:
    """Whether more public items may follow: they are sent first, so whatever else comes says no (PROTOCOL 9)."""
    return bool(frame.items) and all(item.lane == "public" and item.index + 1 < head.size for item in frame.items)


def _is_to_be_judged(known: StoredItem) -> bool:
    """Whether an item that is stored is looked at again: no place or text, or an own dispatch without its copy."""
    if known.index is None or known.statement is None:
        return True
    own = known.sent_by_us and known.leaf.type is StatementType.DISPATCH
    return own and known.sealed is None and known.step is None


def _read_receipt(statement: str | None) -> Receipt | None:
    """What may be a receipt, not verified; ``None`` if it is none."""
    try:
        claims = read_claims(statement or "", StatementType.RECEIPT)
    except SeraiError:
        return None
    return claims if isinstance(claims, Receipt) else None
