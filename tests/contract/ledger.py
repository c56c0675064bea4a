"""What a store is told: commits as the sequencer makes them, without the rest of the hub."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from broker.adapters.db.store import SqlStore
from broker.core.admission.batch import Admitter
from broker.core.admission.effects import Admitted, EventDraft
from broker.core.admission.events import Due, event_claims, overdue
from broker.core.facts import Facts, Needs, needs_of
from broker.core.tree import RightEdge, grow
from broker.core.verification import VerifiedSubmission, verify_submission
from broker.ports import LedgerStore, StoredHead, Transaction
from schemas.addresses import ROOT, Address, member_of
from schemas.claims import Claims
from schemas.directory import Directory
from schemas.encoding import Digest, decode_digest
from schemas.ids import make_uuid7
from schemas.statements import VerifiedStatement, parse_statement, sign_statement
from tests.support.world import Sent, World

NOTHING: Final = Needs(frozenset(), frozenset(), frozenset(), frozenset(), frozenset())
SIZE: Final = 7
"""Leaves of the world: an epoch, three members, three officers."""

Item = Sent | str
Open = Callable[[], SqlStore]
Told = tuple[Due, tuple[Address, ...]]


def raw(digest: str) -> Digest:
    """A digest as bytes."""
    return decode_digest(digest)


class Broken(Exception):  # noqa: N818 - what a test does on purpose
    """The writer stops in the middle."""


class Ledger:
    """A ledger in a store, with the public statements of a world.

    Args:
        store: an empty store.
        world: signs, and tells the time.
    """

    def __init__(self, store: LedgerStore, world: World) -> None:
        self.store, self.world = store, world
        self.directory = Directory(world.network)
        self.edge = RightEdge.load(0, store)
        self.commit(*(logged.text for logged in world.log))

    @property
    def size(self) -> int:
        """Leaves."""
        return self.edge.frontier.size

    def commit(self, *items: Item) -> list[Admitted]:
        """Write statements in one transaction."""
        with self.store.transaction() as transaction:
            admitter, _ = self.write(transaction, *items)
        self.take(admitter)
        return admitter.admitted

    def write(self, transaction: Transaction, *items: Item, watches: int = 0) -> tuple[Admitter, Sequence[Told]]:
        """Everything that the sequencer writes for statements, and for watches that are due."""
        submissions = [self.verify(item) for item in items]
        digests = [submission.statement.digest for submission in submissions]
        facts = transaction.facts(needs_of(digests, submissions, self.directory))
        now_ms = self.world.time_ms
        admitter = Admitter(self.directory, transaction.head.size, now_ms, facts, new_epoch=True)
        due = self.take_due(transaction, now_ms, watches) if watches else []
        for each in due:
            if (draft := overdue(*each)) is not None:
                admitter.append_event(self.sign(draft), draft)
        for submission in submissions:
            iss = submission.statement.claims.iss
            admitter.admit(submission, None if iss == ROOT else member_of(iss))
            while admitter.owed:
                draft = admitter.owed.pop(0)
                admitter.append_event(self.sign(draft), draft)
        growth = grow(self.edge, (item.leaf.hash for item in admitter.admitted))
        size = growth.edge.frontier.size
        transaction.append(admitter.admitted, admitter.ceased)
        head = StoredHead(admitter.directory.epoch.number, size, now_ms, f"note of {size} — ü")
        transaction.advance(head, growth.tiles)
        return admitter, due

    def take(self, admitter: Admitter) -> None:
        """Go on from what was written."""
        self.directory = admitter.directory
        self.edge = grow(self.edge, (item.leaf.hash for item in admitter.admitted)).edge

    def verify(self, item: Item) -> VerifiedSubmission:
        """A statement as it is before the store sees it."""
        text, sealed = (item, None) if isinstance(item, str) else (item.text, item.sealed.to_json())
        return verify_submission(parse_statement(text), sealed, self.world.directory)

    def sign(self, draft: EventDraft) -> VerifiedStatement[Claims]:
        """An event, signed."""
        jti = make_uuid7(self.world.time_ms, self.world.entropy(10))
        claims = event_claims(draft, self.world.network, jti, self.world.time_s)
        return self.world.verified(sign_statement(claims, self.world.event_key))

    def facts(self, needs: Needs) -> Facts:
        """What the ledger says to needs."""
        with self.store.transaction() as transaction:
            return transaction.facts(needs)

    def take_due(self, transaction: Transaction, now_ms: int, limit: int, after: str = "") -> list[Told]:
        """Watches that are due, each with who is silent; they are taken off."""
        told = []
        for due in transaction.due(now_ms, limit, after):
            transaction.forget(due)
            told.append((due, transaction.silent(due)))
        return told

    def due(self, after_s: float, limit: int = 100, after: str = "") -> list[Told]:
        """Take off the watches that are due by then."""
        with self.store.transaction() as transaction:
            return self.take_due(transaction, self.world.time_ms + int(1000 * after_s), limit, after)

    def places(self, member: Address, lane: str, limit: int = 100) -> list[int]:
        """What is in a mailbox."""
        items = self.store.mailbox(member, lane, 0, self.size, limit)  # type: ignore[arg-type]
        return [item.index for item in items]
