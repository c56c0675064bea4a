"""Texts that are gone, and what the hub says of that (PROTOCOL 6, 8)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from clients.mail.notices import Arrived
from clients.mail.state import State, evidence_of
from clients.store import Answer, Store, StoredItem
from clients.trust.heads import epoch_at
from clients.trust.verification import Failed, PlacedItem, verify_event, verify_place
from schemas import limits
from schemas.addresses import HUB, Address
from schemas.claims import Event, Lane, StatementType
from schemas.directory import Directory
from schemas.errors import Code
from schemas.frames import DeliverItem
from schemas.leaf import Leaf
from schemas.rules.deadlines import CONFIRMS

_DAY_MS: Final = 86_400_000


@dataclass(frozen=True, slots=True)
class Erasure:
    """Why a text is gone: an `erased` event of the hub that names it, at its place.

    Attributes:
        placed: the event, proven.
        claims: what it says.
    """

    placed: PlacedItem
    claims: Event

    @property
    def reason(self) -> str:
        """Why, in the hub's word."""
        return self.claims.reason or ""


def erasure_of(placed: PlacedItem, directory: Directory, member: Address) -> Erasure | Failed | None:
    """What goes with an item whose text is gone; ``None`` if nothing says why.

    Args:
        placed: the item, proven.
        directory: with every public statement that is known.
        member: whose mailbox.
    """
    given = placed.item.erased
    if given is None:
        return None
    item = DeliverItem(
        lane=placed.lane, index=given.index, leaf=given.leaf, statement=given.statement, proof=given.proof
    )
    event = verify_place(item, placed.head)
    if isinstance(event, Failed):
        return event
    statement = verify_event(event, directory)
    if isinstance(statement, Failed):
        return statement
    claims = statement.claims
    is_named = placed.digest in (claims.digests or ()) and member in (claims.to or ())
    if claims.event != "erased" or not is_named or event.index <= placed.index:
        return Failed(2, Code.UNKNOWN_REFERENCE, "the event says nothing of it")
    return Erasure(event, claims)


def is_permitted(reason: str, event: PlacedItem, leaf: Leaf | None, directory: Directory) -> bool:
    """Whether a reason may be given: `retention` only for what the network document keeps no longer.

    Args:
        reason: the hub's word.
        event: that says so.
        leaf: of what was erased; ``None`` if it is not known here.
        directory: with the network document.
    """
    if reason != "retention":
        return True
    keep = epoch_at(directory.epochs, event.index).document.keep_days
    if keep is None:
        return False
    if leaf is None:
        return keep.mail is not None or keep.receipts is not None
    days = keep.mail if leaf.type is StatementType.DISPATCH else keep.receipts
    return days is not None and event.leaf.accepted_at - leaf.accepted_at >= days * _DAY_MS


def was_had(digest: str, leaf: Leaf | None, reason: str, store: Store) -> bool:
    """Whether nobody here misses a text that was erased.

    It is here, it was told that it is missing, the own member had confirmed it or sent it, it is no dispatch, or its
    days were over. Of what is not known here not even the age is proven.

    Args:
        digest: of the text.
        leaf: its leaf; ``None`` if it is not known here.
        reason: why it was erased; one that `is_permitted`.
        store: of the client.
    """
    item = store.items.get(digest)
    if store.deletions.get(digest) is not None:
        return True
    if item is not None and (item.statement is not None or item.inbox):
        return True
    if leaf is not None and (reason == "retention" or leaf.type not in (None, StatementType.DISPATCH)):
        return True
    if store.outbox.find(digest) is not None:
        return True
    return any(store.outcomes.has(digest, store.keys.member, outcome) for outcome in CONFIRMS)


def lane_of_missing(event: PlacedItem, now_ms: int) -> Lane:
    """The lane by which it is told that an erased text was never had.

    It counts as urgent whatever lane the hub took, for nobody can see what it was; after the fewest days that a
    network may keep anything it is no news.

    Args:
        event: that says so.
        now_ms: milliseconds since 1970 UTC.
    """
    return "urgent" if now_ms - event.leaf.accepted_at < limits.KEEP_DAYS_LEAST * _DAY_MS else "normal"


def at_new_place(known: StoredItem, placed: PlacedItem) -> StoredItem:
    """What is stored, at the place that a new epoch gave it."""
    given = placed.item.proof, placed.head.note or ""
    return replace(known, index=placed.index, lane=placed.lane, leaf=placed.leaf, proof=given[0], note=given[1])


class Erasing:
    """Keeps what the hub has erased, and tells where one of its readers misses it.

    Args:
        state: of the client.
    """

    def __init__(self, state: State) -> None:
        self._state = state

    def item(self, placed: PlacedItem, stored: StoredItem, erasure: Erasure) -> None:
        """A text that never came here and was erased; it is told unless nobody here misses it.

        Args:
            placed: what was delivered.
            stored: as it is to be kept.
            erasure: why its text is gone.
        """
        reason = self._judged(erasure.reason, erasure.placed, placed.digest, placed.leaf)
        if was_had(placed.digest, placed.leaf, reason, self._state.store):
            self._state.store.items.put(stored)
        else:
            self._miss(stored, erasure.placed)
        at_ms, by = erasure.placed.leaf.accepted_at, erasure.placed.digest
        said = Answer(HUB, "erased", at_ms, reason=erasure.reason, statement=by)
        self._state.store.outcomes.add(placed.digest, said)

    def event(self, placed: PlacedItem, stored: StoredItem, claims: Event) -> None:
        """The hub has erased texts: an alarm where it may not, and told where one of them never came here.

        Args:
            placed: the event.
            stored: as it is kept.
            claims: what it says.
        """
        is_missed = False
        for digest in claims.digests or ():
            item = self._state.store.items.get(digest)
            leaf = item.leaf if item is not None else None
            reason = self._judged(claims.reason or "", placed, digest, leaf)
            is_missed |= not was_had(digest, leaf, reason, self._state.store)
        if is_missed:
            self._miss(stored, placed)

    def _judged(self, reason: str, event: PlacedItem, digest: str, leaf: Leaf | None) -> str:
        """The reason, or none where it may not be given: that is an alarm."""
        if is_permitted(reason, event, leaf, self._state.directory):
            return reason
        detail = f"{digest}: erased for the reason retention, which the network document does not permit"
        self._state.alarm("erased", detail, evidence_of(event.item, event.head))
        return ""

    def _miss(self, stored: StoredItem, event: PlacedItem) -> None:
        """Tell that something was erased that never came here: unread in the inbox, and it rings."""
        lane = lane_of_missing(event, self._state.system.clock.time_ms())
        self._state.store.items.put(replace(stored, lane=lane, inbox=True, code=Code.ERASED.value))
        self._state.notices.append(Arrived(lane, stored.digest))
