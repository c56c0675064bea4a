"""What comes from the hub: judged, stored, answered for (PROTOCOL 6 to 9).

One frame is one transaction: items, directory, head, cursors, receipts owed. An item that
fails a step is stored with its number; a frame whose checkpoint or public lane cannot be
believed is refused whole, and the line with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from clients.effects import Effects
from clients.follow import (
    PlacedItem,
    StepError,
    check_accepted,
    verify_dispatch,
    verify_event,
    verify_place,
    verify_public,
    verify_receipt,
)
from clients.state import Settled, State
from clients.store import Head, Outgoing, StoredItem
from schemas import limits
from schemas.addresses import Address, member_of, parse_address
from schemas.claims import Claims, Credential, Dispatch, Lane, Receipt, StatementType, parse_claims
from schemas.encoding import decode_base64url, decode_object, encode_base64url
from schemas.errors import Code, SeraiError
from schemas.frames import Accepted, AcceptedItem, Cursors, Deliver, DeliverItem
from schemas.keys import EncryptionKey, VerifyKey
from schemas.leaf import Leaf
from schemas.statements import VerifiedStatement, parse_statement


class Intake:
    """Takes `deliver` and `accepted` frames into the store."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._effects = Effects(state)

    # Frames

    def deliver(self, frame: Deliver) -> None:
        """Judge and store everything in a frame; on disk when this returns.

        Raises:
            SeraiError: the checkpoint, or an item of the public lane, cannot be believed;
                nothing but the alarm was stored.
        """
        self._learn_first(frame)
        head = self._state.judge_head(frame.checkpoint, frame.consistency)
        public = [self._place_public(item, head) for item in frame.items if item.lane == "public"]
        with self._state.change():
            self._state.set_head(head)
            for each in sorted(public, key=lambda placed: placed.index):
                self._public(each)
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
        placed = self._place_public(item, head)
        with self._state.change():
            self._public(placed)

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

    # The public lane

    def _place_public(self, item: DeliverItem, head: Head) -> PlacedItem:
        """Step 1; everything later is judged by the public lane, so a fault there ends the line."""
        try:
            return verify_place(item, head)
        except StepError as error:
            self._state.alarm("bad_proof", f"public item {item.index}: {error.detail}", _evidence(item, head))
            raise

    def _public(self, placed: PlacedItem) -> None:
        known = self._state.store.items.get(placed.digest)
        has_place = known is not None and known.index is not None
        if known is not None and has_place and (known.statement is not None or placed.item.statement is None):
            return
        late = placed.index < self._state.public_end
        try:
            statement = verify_public(placed, self._state.directory)
            changed = self._state.directory if late else self._state.directory.apply(statement, placed.place)
        except SeraiError as error:
            self._refuse_public(placed, error)
            return
        self._state.store.items.put(self._stored(placed, mine=self._effects.is_mine(statement.claims.iss)))
        self._state.directory = changed
        if placed.index < max(self._state.public_end, self._state.cursors.urgent, self._state.cursors.normal):
            # What has a higher index was judged without it (PROTOCOL 9).
            self._state.alarm("withheld", f"public item {placed.index} came late", _evidence(placed.item, placed.head))
        self._state.public_end = max(self._state.public_end, placed.index + 1)
        if late:
            self._state.rebuild()
        self._effects.settle(placed.digest, placed.index)
        self._effects.view(statement)
        self._check_own(statement, placed)

    def _refuse_public(self, placed: PlacedItem, error: SeraiError) -> None:
        kind = "damaged" if error.code is Code.GONE else "public_refused"
        self._state.alarm(kind, f"public item {placed.index}: {error}", _evidence(placed.item, placed.head))
        fault = error if isinstance(error, StepError) else StepError(3, error.code)
        self._state.store.items.put(self._stored(placed, mine=False, fault=fault))

    def _check_own(self, statement: VerifiedStatement[Claims], placed: PlacedItem) -> None:
        """Alarm on a key for an own address that nobody here enrolled (PROTOCOL 5)."""
        claims = statement.claims
        if not isinstance(claims, Credential) or not self._is_watched(claims.sub):
            return
        kids = {VerifyKey.from_jwk(claims.key.sig).kid}
        if claims.key.enc is not None:
            kids.add(EncryptionKey.from_jwk(claims.key.enc).kid)
        if kids - self._state.keys.own_kids:
            detail = f"{claims.sub}: a key that is not known here was certified by {claims.iss}"
            self._state.alarm("unknown_own_key", detail, _evidence(placed.item, placed.head))

    def _is_watched(self, address: Address) -> bool:
        if self._state.keys.signing:
            return member_of(address) == self._state.member
        return address in self._state.keys.officers

    # Other lanes

    def _item(self, item: DeliverItem, head: Head) -> PlacedItem | None:
        """Judge and store an item; ``None`` if it has no place."""
        try:
            placed = verify_place(item, head)
        except StepError as error:
            self._unplaced(item, head, error)
            return None
        known = self._state.store.items.get(placed.digest)
        if known is None or _is_to_be_judged(known):
            self._judge(placed, known)
        return placed

    def _judge(self, placed: PlacedItem, known: StoredItem | None) -> None:
        if placed.leaf.type is StatementType.DISPATCH:
            self._dispatch(placed, again=known is not None and known.inbox)
        elif placed.leaf.type is StatementType.RECEIPT:
            self._receipt(placed)
        else:
            self._event(placed)

    def _unplaced(self, item: DeliverItem, head: Head, error: StepError) -> None:
        """Step 1 failed: kept as evidence of an alarm, for it is no item of the ledger."""
        self._state.alarm("bad_proof", f"{item.lane} item {item.index}: {error.detail}", _evidence(item, head))
        claimed = _claim(item.statement)
        if claimed is not None:
            self._effects.owe(claimed[0], item.lane, claimed[1], error)

    def _dispatch(self, placed: PlacedItem, *, again: bool) -> None:
        keys = self._state.keys.decryption_by_kid
        try:
            verified = verify_dispatch(placed, self._state.directory, self._state.member, keys)
        except StepError as error:
            self._failed_dispatch(placed, error, again=again)
            return
        cover = verified.statement.claims
        inbox = self._state.member in cover.to
        kept = self._stored(placed, mine=self._effects.is_mine(cover.iss), inbox=inbox)
        opened = replace(kept, content=verified.content, content_key=verified.content_key)
        self._state.store.items.put(opened)
        self._state.store.references.add(placed.digest, cover)
        self._effects.view(verified.statement)
        if kept.mine:
            self._effects.sent(placed.digest, placed.index, placed.leaf, cover)
        if inbox:
            self._effects.arrived(placed.digest, placed.lane, member_of(cover.iss), None, again=again)

    def _failed_dispatch(self, placed: PlacedItem, error: StepError, *, again: bool) -> None:
        cover = error.statement.claims if error.statement else None
        mine = cover is not None and self._effects.is_mine(cover.iss)
        inbox = cover is None or self._state.member in cover.to or not mine
        self._state.store.items.put(self._stored(placed, mine=mine, inbox=inbox, fault=error))
        if error.code is Code.GONE:
            self._state.alarm("damaged", f"item {placed.index} is gone", _evidence(placed.item, placed.head))
        if error.statement is not None:
            self._effects.view(error.statement)
        if cover is not None and error.step > 5:  # it was for us, so it may say what it refers to
            self._state.store.references.add(placed.digest, cover)
        if mine and cover is not None:
            self._effects.sent(placed.digest, placed.index, placed.leaf, cover)
        if inbox:
            claimed = _claim(placed.item.statement)
            sender = claimed[1] if claimed else None
            self._effects.arrived(placed.digest, placed.lane, sender, error, again=again)

    def _receipt(self, placed: PlacedItem) -> None:
        try:
            statement = verify_receipt(placed, self._state.directory)
        except StepError as error:
            self._refuse(placed, error)
            return
        self._state.store.items.put(self._stored(placed, mine=self._effects.is_mine(statement.claims.iss)))
        self._effects.view(statement)
        self._effects.receipt(placed.digest, placed.leaf, statement.claims)
        self._effects.settle(placed.digest, placed.index)

    def _event(self, placed: PlacedItem) -> None:
        try:
            statement = verify_event(placed, self._state.directory)
        except StepError as error:
            self._refuse(placed, error)
            return
        self._state.store.items.put(self._stored(placed, mine=False))
        self._effects.event(placed.digest, placed.leaf, statement.claims)

    def _refuse(self, placed: PlacedItem, error: StepError) -> None:
        kind = "damaged" if error.code is Code.GONE else "bad_statement"
        detail = f"{placed.lane} item {placed.index}, step {error.step}: {error}"
        self._state.alarm(kind, detail, _evidence(placed.item, placed.head))
        self._state.store.items.put(self._stored(placed, mine=False, fault=error))

    def _stored(
        self, placed: PlacedItem, *, mine: bool, inbox: bool = False, fault: StepError | None = None
    ) -> StoredItem:
        return StoredItem(
            digest=placed.digest,
            index=placed.index,
            lane=placed.lane,
            leaf=placed.leaf,
            statement=placed.item.statement,
            proof=placed.item.proof,
            note=placed.head.note or "",
            mine=mine,
            inbox=inbox,
            met_at=self._state.system.clock.time_ms(),
            sealed=placed.item.sealed,
            entry_proof=placed.item.entry_proof,
            step=fault.step if fault else None,
            code=fault.code.value if fault else None,
        )

    # What was submitted

    def _judge_accepted(self, item: AcceptedItem, head: Head) -> tuple[StoredItem, Outgoing] | None:
        """What will be kept of an accepted statement; ``None`` if it was not said here."""
        outgoing = self._state.store.outbox.find(item.digest)
        if outgoing is None or outgoing.statement is None:
            return None
        try:
            leaf = check_accepted(outgoing.statement, item.digest, item.index, item.accepted_at, item.proof, head)
        except SeraiError as error:
            evidence = {"checkpoint": head.note or "", "statement": outgoing.statement, "proof": item.proof}
            self._state.alarm("bad_proof", f"accepted at {item.index}: {error.detail}", evidence)
            raise
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
            mine=True,
            inbox=False,
            met_at=self._state.system.clock.time_ms(),
        )

    def _accept(self, kept: StoredItem, outgoing: Outgoing) -> None:
        """Settle it; a public statement counts only when it comes in its turn on the public lane."""
        index = kept.index or 0
        self._state.store.outbox.set_accepted(outgoing.id, index)
        self._state.notices.append(Settled(outgoing.id))
        if kept.leaf.public or self._state.store.items.has(kept.digest) or kept.statement is None:
            return
        self._state.store.items.put(kept)
        claims = _claims(kept.leaf.type, kept.statement)
        if isinstance(claims, Dispatch):
            self._state.store.references.add(kept.digest, claims)
            self._effects.sent(kept.digest, index, kept.leaf, claims)
        elif isinstance(claims, Receipt):
            self._effects.receipt(kept.digest, kept.leaf, claims)


def _is_one_of_more(frame: Deliver, head: Head) -> bool:
    """Whether more public items may follow: they are sent first, so whatever else comes says no (PROTOCOL 9)."""
    return bool(frame.items) and all(item.lane == "public" and item.index + 1 < head.size for item in frame.items)


def _is_to_be_judged(known: StoredItem) -> bool:
    """Whether an item that is stored is looked at again: no place, or an own dispatch without its copy."""
    if known.index is None:
        return True
    own = known.mine and known.leaf.type is StatementType.DISPATCH
    return own and known.sealed is None and known.step is None


def _claims(kind: StatementType, statement: str) -> Claims:
    payload = decode_object(decode_base64url(statement.split(".")[1]), limits.STATEMENT_MEMBERS)
    return parse_claims(kind, payload)


def _claim(statement: str | None) -> tuple[str, Address] | None:
    """Digest and sender of what may be a dispatch, believed only to answer it; ``None`` if it is none."""
    try:
        unverified = parse_statement(statement or "")
        payload = decode_object(decode_base64url(unverified.text.split(".")[1]), limits.STATEMENT_MEMBERS)
        return encode_base64url(unverified.digest), member_of(parse_address(str(payload.get("iss"))))
    except SeraiError:
        return None


def _evidence(item: DeliverItem, head: Head) -> dict[str, str]:
    parts = {"leaf": item.leaf, "proof": item.proof, "statement": item.statement, "checkpoint": head.note}
    return {name: part for name, part in parts.items() if part}
