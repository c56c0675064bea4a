"""The public lane: statements by which everything else is judged (PROTOCOL 5, 8, 9)."""

from __future__ import annotations

from dataclasses import replace

from clients.mail.doubts import Doubts
from clients.mail.effects import Effects
from clients.mail.kept import as_kept
from clients.mail.state import State, evidence_of
from clients.store import Head, StoredItem
from clients.trust.verification import Failed, PlacedItem, judge_newer, verify_place, verify_public
from schemas.addresses import Address, member_of
from schemas.claims import Claims, Credential, Revocation
from schemas.directory import UNREADABLE, apply_statement, mark_unread
from schemas.enrolment import read_request
from schemas.errors import Code, SeraiError
from schemas.frames import DeliverItem
from schemas.statements import VerifiedStatement


class PublicLane:
    """Takes public statements into the store and the directory.

    Args:
        state: of the client.
        effects: what follows from a statement.
    """

    def __init__(self, state: State, effects: Effects) -> None:
        self._state = state
        self._effects = effects
        self._doubts = Doubts(state)

    def place(self, item: DeliverItem, head: Head) -> PlacedItem:
        """Step 1; everything later is judged by the public lane, so a fault there ends the line.

        Args:
            item: as it came.
            head: verified; its own proof is under it.

        Raises:
            SeraiError: its place cannot be believed.
        """
        placed = verify_place(item, head)
        if isinstance(placed, Failed):
            self._state.alarm("bad_proof", f"public item {item.index}: {placed.detail}", evidence_of(item, head))
            raise SeraiError(placed.code, placed.detail)
        self._state.watch_leaf(placed.leaf, evidence_of(item, head))
        return placed

    def take(self, placed: PlacedItem) -> None:
        """Judge and store it, unless its text is here already. Within a change of the state.

        Args:
            placed: from `place`.
        """
        known = self._state.store.items.get(placed.digest)
        has_place = known is not None and known.index is not None
        if known is not None and has_place and (known.statement is not None or placed.item.statement is None):
            return
        if placed.leaf.type is None:
            self._keep_newer_public(placed)
        else:
            self.apply(placed, again=False)

    def apply(self, placed: PlacedItem, *, again: bool) -> None:
        """Take a public statement into the directory.

        Args:
            placed: of a type that is known.
            again: whether it came in its turn and could not be read then.
        """
        late = placed.index < self._state.public_end
        statement = verify_public(placed, self._state.directory)
        if isinstance(statement, Failed):
            self._refuse_or_mark(placed, statement)
            return
        try:
            changed = self._state.directory if late else apply_statement(self._state.directory, statement, placed.place)
        except SeraiError as error:
            self._refuse_or_mark(placed, Failed(3, error.code, error.detail))
            return
        self._state.store.items.put(self._kept(placed, sent_by_us=self._effects.is_ours(statement.claims.iss)))
        if not again:
            self._check_order(placed)
        self._state.set_directory(changed, max(self._state.public_end, placed.index + 1))
        if late:
            self._state.rebuild()
        self._effects.settle(placed.digest, placed.index)
        self._effects.view(statement)
        if isinstance(statement.claims, Revocation):
            self._doubts.revoked(placed.digest, placed.leaf.accepted_at, statement.claims)
        self._check_own(statement, placed)

    def _check_order(self, placed: PlacedItem) -> None:
        """Alarm on a public statement that comes late: what has a higher index was judged without it (PROTOCOL 9)."""
        if placed.index < max(self._state.public_end, self._state.cursors.urgent, self._state.cursors.normal):
            self._state.alarm(
                "withheld", f"public item {placed.index} came late", evidence_of(placed.item, placed.head)
            )

    def _keep_newer_public(self, placed: PlacedItem) -> None:
        """A public statement of a type that is not known: kept, for nothing follows from it yet (PROTOCOL 8)."""
        failed = judge_newer(placed)
        if failed.code is not Code.UNSUPPORTED_TYPE:
            self._refuse_public(placed, failed)
            return
        self._check_order(placed)
        self._state.store.items.put(self._kept(placed, sent_by_us=False, failed=failed))
        self._state.store.trust.add_newer({placed.leaf.code: 0})  # an audit counts it

    def _refuse_or_mark(self, placed: PlacedItem, failed: Failed) -> None:
        """What cannot be read marks its address, if somebody signed it who may speak of it (PROTOCOL 5)."""
        if failed.code not in UNREADABLE:
            self._refuse_public(placed, failed)
            return
        try:
            marked = mark_unread(self._state.directory, placed.item.statement or "", placed.place)
        except SeraiError:
            self._refuse_public(placed, failed)
            return
        self._check_order(placed)
        self._state.store.items.put(replace(self._kept(placed, sent_by_us=False), code=Code.UNJUDGED.value))
        if placed.index < self._state.public_end:
            self._state.rebuild()
        else:
            self._state.set_directory(marked, placed.index + 1)

    def _refuse_public(self, placed: PlacedItem, failed: Failed) -> None:
        if failed.code is Code.TOO_MANY_CREDENTIALS:  # told once, for there may be very many
            self._state.alarm("bounds", failed.detail)
        else:
            kind = "damaged" if failed.code is Code.GONE else "public_refused"
            self._state.alarm(kind, f"public item {placed.index}: {failed}", evidence_of(placed.item, placed.head))
        self._state.store.items.put(self._kept(placed, sent_by_us=False, failed=failed))

    def _check_own(self, statement: VerifiedStatement[Claims], placed: PlacedItem) -> None:
        """Alarm on a key for an own address that nobody here enrolled (PROTOCOL 5)."""
        claims = statement.claims
        if not isinstance(claims, Credential) or not self._is_watched(claims.sub):
            return
        if read_request(claims.request).kids - self._state.keys.own_kids:
            detail = f"{claims.sub}: a key that is not known here was certified by {claims.iss}"
            evidence = evidence_of(placed.item, placed.head)
            self._state.alarm("unknown_own_key", detail, evidence, cause=claims.sub)

    def _is_watched(self, address: Address) -> bool:
        if self._state.keys.signing:
            return member_of(address) == self._state.member
        return address in self._state.keys.officers

    def _kept(self, placed: PlacedItem, *, sent_by_us: bool, failed: Failed | None = None) -> StoredItem:
        return as_kept(placed, self._state.system.clock.time_ms(), sent_by_us=sent_by_us, failed=failed)
