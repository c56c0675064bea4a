"""A hub without lines for tests: real database, register and keys, in the time of a toy world.

`Notary` holds the ports and the sequencer of one folder. Faults are injected where the real
ones happen: `FlakyStore` fails at the commit, before or after it is on disk, and
`FlakyRegister` at the write that follows.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Literal

from broker.adapters.db.store import SqlStore
from broker.adapters.db.transaction import SqlTransaction
from broker.adapters.register import FileRegister
from broker.adapters.system import FileSigner
from broker.core.verification import VerifiedSubmission, verify_submission
from broker.ports import StoredHead
from broker.service.sequencer import AcceptedAt, Candidate, Commit, Sequencer, TurnResult, Verdict
from schemas.addresses import Address, member_of
from schemas.checkpoint import parse_note, verify_note
from schemas.claims import Event, Lane
from schemas.encoding import Digest, encode_base64url
from schemas.errors import Code, SeraiError
from schemas.ids import make_uuid7
from schemas.leaf import parse_leaf
from schemas.merkle import hash_leaf, root_of
from schemas.statements import parse_statement
from tests.support.world import Sent, World

Item = str | Sent


class FlakyStore(SqlStore):
    """The real store, whose next commit may fail.

    Attributes:
        fault: ``lost`` if it fails before it is on disk, ``kept`` if after.
        blind: how many of the next reads of the head fail.
        turns: transactions begun.
    """

    fault: Literal["lost", "kept"] | None = None
    blind = 0
    turns = 0

    @contextmanager
    def transaction(self) -> Iterator[SqlTransaction]:
        """A transaction; the fault strikes once."""
        self.turns += 1
        fault, self.fault = self.fault, None
        with super().transaction() as transaction:
            yield transaction
            if fault == "lost":
                raise SeraiError(Code.STORAGE_FAILED, "lost")
        if fault == "kept":
            raise SeraiError(Code.STORAGE_FAILED, "kept")

    def head(self) -> StoredHead:
        """The head, unless it cannot be read."""
        if self.blind:
            self.blind -= 1
            raise SeraiError(Code.STORAGE_FAILED, "blind")
        return super().head()


class FlakyRegister(FileRegister):
    """The real register, whose next write may fail."""

    fails = False

    def swap(self, before: str, after: str) -> None:
        """Write, unless the disk fails."""
        if self.fails:
            self.fails = False
            raise SeraiError(Code.STORAGE_FAILED, "register")
        super().swap(before, after)


class WorldClock:
    """The time of a world; ``fault`` is raised while it is set."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.fault: SeraiError | None = None

    def now_ms(self) -> int:
        """The world's time."""
        if self.fault is not None:
            raise self.fault
        return self.world.time_ms

    def new_jti(self) -> str:
        """A fresh UUIDv7."""
        return make_uuid7(self.world.time_ms, self.world.entropy(10))


def committed(result: TurnResult) -> Commit:
    """A turn that has not failed."""
    assert isinstance(result, Commit), result.fault
    return result


class Notary:
    """Ports and sequencer of one folder, with a world's public statements admitted.

    Args:
        path: a folder, made if it is not there.
        world: whose keys and time it has.

    Attributes:
        published: every commit that admitted something, in order.
    """

    def __init__(self, path: Path, world: World) -> None:
        self.path, self.world = path, world
        path.mkdir(exist_ok=True)
        self.database = path / "hub.db"
        self.store = FlakyStore(f"sqlite:///{self.database}")
        self.store.migrate()
        self.register = FlakyRegister(path / "register" / "checkpoint")
        self.signer = FileSigner(_keys(path / "keys", world))
        self.clock = WorldClock(world)
        self.published: list[Commit] = []
        self.sequencer = self.make_sequencer()
        self._seen = 0

    def make_sequencer(self, **changes: Any) -> Sequencer:
        """A sequencer over these ports."""
        ports = (self.store, self.register, self.signer, self.clock, self.world.network)
        return Sequencer(*ports, self.published.append, **changes)

    def close(self) -> None:
        """Give the folder up."""
        self.store.close()
        self.register.close()

    def restore(self, backup: Path) -> None:
        """Put a backup in the place of the database."""
        self.store.close()
        for suffix in ("-wal", "-shm"):
            self.database.with_name(self.database.name + suffix).unlink(missing_ok=True)
        shutil.copy2(backup, self.database)
        self.sequencer = self.make_sequencer()

    def catch_up(self) -> None:
        """Admit what is new in the world's log, in one commit."""
        new, self._seen = self.world.log[self._seen :], len(self.world.log)
        commit = self.make_sequencer(new_epoch=True).take_turn([self.candidate(logged.text) for logged in new])
        assert [error for error in commit.verdicts if isinstance(error, SeraiError)] == []
        self.sequencer.load()

    def candidate(
        self,
        item: Item,
        answer: Callable[[Verdict], None] = lambda _: None,
        by: Address | None = None,
        size_bytes: int = 0,
    ) -> Candidate:
        """An item on its way to a decision; ``by`` is the session's member if not the signer's own."""
        text, sealed = (item, None) if isinstance(item, str) else (item.text, item.sealed.to_json())
        statement = parse_statement(text)
        submission: VerifiedSubmission | SeraiError
        try:
            submission = verify_submission(statement, sealed, self.world.directory)
        except SeraiError as error:
            submission = error
        else:
            by = by or member_of(submission.statement.claims.iss)
        return Candidate(statement.digest, submission, by, answer, size_bytes)

    def turn(self, *items: Item) -> Commit:
        """Decide items in one turn, here and now."""
        return committed(self._take_turn(*items))

    def _take_turn(self, *items: Item) -> TurnResult:
        result = self.sequencer.take_turn([self.candidate(item) for item in items])
        if isinstance(result, Commit) and result.admitted:
            self.published.append(result)
        return result

    def submit(self, *items: Item) -> Sequence[Verdict]:
        """Decide items in one turn; gives what became of each."""
        return self._take_turn(*items).verdicts

    def accept(self, *items: Item) -> list[AcceptedAt]:
        """Decide items of which none may be refused."""
        accepted = []
        for verdict in self.submit(*items):
            assert isinstance(verdict, AcceptedAt), verdict
            accepted.append(verdict)
        return accepted

    # What the ledger says

    def leaves(self) -> list[bytes]:
        """Every leaf, from the database."""
        return list(self.store.leaves(0, self.store.head().size))

    def at(self, digest: Digest, index: int) -> AcceptedAt:
        """The verdict on what stands at a place now."""
        leaf = parse_leaf(self.leaves()[index])
        assert leaf.accepted_at == self.world.time_ms
        return AcceptedAt(digest, index, leaf)

    def assert_whole(self) -> None:
        """Leaves, checkpoint, register and what is read at a start say the same."""
        head, leaves = self.store.head(), self.leaves()
        epoch = self.world.directory.epoch
        verified = verify_note(parse_note(head.note), epoch.origin, self.world.ledger_key.public)
        assert verified.checkpoint.size == len(leaves) == head.size
        assert verified.checkpoint.root == root_of([hash_leaf(leaf) for leaf in leaves])
        assert parse_leaf(leaves[-1]).accepted_at == head.accepted_at
        assert self.register.read() == head.note
        assert self.sequencer.load().head == head

    def mail(self, member: Address, lane: Lane = "normal") -> list[str]:
        """Texts in a mailbox, in order."""
        return [item.statement or "" for item in self.store.mailbox(member, lane, 0, 10_000, 10_000)]

    def events(self, commit: Commit) -> list[Event]:
        """The events of a commit; each is signed with the event key, and the ledger has what was signed."""
        leaves, events = self.leaves(), []
        for admitted in commit.admitted:
            if isinstance(admitted.statement.claims, Event):
                verified = self.world.verified(admitted.statement.text)
                assert verified.kid == self.world.event_key.kid
                assert parse_leaf(leaves[admitted.index]).digest == verified.digest
                assert isinstance(verified.claims, Event)
                events.append(verified.claims)
        return events

    def damage(self, sql: str, *values: Any) -> None:
        """Change the database behind the hub's back."""
        with closing(sqlite3.connect(self.database)) as connection, connection:
            assert connection.execute(sql, values).rowcount


def _keys(folder: Path, world: World) -> Path:
    folder.mkdir(mode=0o700, exist_ok=True)
    for name, key in (("ledger", world.ledger_key), ("event", world.event_key)):
        file = folder / f"{name}.json"
        file.write_text(json.dumps({"seed": encode_base64url(key.seed)}))
        file.chmod(0o600)
    return folder


def codes(verdicts: Sequence[Verdict]) -> list[Code | None]:
    """Why each was refused; ``None`` for what was accepted."""
    return [verdict.code if isinstance(verdict, SeraiError) else None for verdict in verdicts]


def digest_bytes(item: Item) -> Digest:
    """An item's identity."""
    return parse_statement(item if isinstance(item, str) else item.text).digest


@contextmanager
def founded(path: Path, world: World) -> Iterator[Notary]:
    """A notary whose ledger is the world's log."""
    notary = Notary(path, world)
    try:
        notary.catch_up()
        yield notary
    finally:
        notary.close()
