"""`SqlStore`: the ledger and the mailboxes in SQL (port `broker.ports.LedgerStore`).

The same statements run on SQLite and PostgreSQL. All writing goes through
`SqlTransaction`, which locks the head row first; reading uses connections of its own and
sees committed data only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar, cast

from sqlalchemy import Connection, Engine, Select, bindparam, delete, func, insert, literal_column, select
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from broker.adapters.db import tables
from broker.adapters.db.blobs import SqlBlobs
from broker.adapters.db.checkpointer import Checkpointer
from broker.adapters.db.comparison import compare_endings, compare_rows, compare_withdrawn
from broker.adapters.db.engine import for_writing, migrate, open_engine
from broker.adapters.db.operations import is_named, step_notes, step_read, steps_query
from broker.adapters.db.raw import RawStatement, reading
from broker.adapters.db.rows import (
    EVENT_COLUMNS,
    LANE_CODES,
    MAILBOX_COLUMNS,
    STATEMENT_COLUMNS,
    item_of,
    text_of,
)
from broker.adapters.db.transaction import SqlTransaction, members_of, read_head
from broker.core.admission.effects import Admitted, StepNote
from broker.core.admission.events import Holding
from broker.ports import LedgerItem, StoredHead, StoredStep, StoredText
from schemas.addresses import Address
from schemas.claims import LANES, Event, Lane, StatementType
from schemas.encoding import Digest
from schemas.errors import Code, SeraiError
from schemas.statements import read_claims

T = TypeVar("T")

_S = cast("Any", tables.StatementRow).__table__.c
_M = cast("Any", tables.MailboxRow).__table__.c
_T = cast("Any", tables.TileRow).__table__.c
_W = cast("Any", tables.WatchRow).__table__.c
_TOKEN = cast("Any", tables.TokenRow).__table__
_STATEMENT = tuple(_S[name] for name in STATEMENT_COLUMNS)
_EVENT = cast("Any", tables.StatementRow).__table__.alias("event").c
_ITEM = (*_STATEMENT, *(_M[name] for name in MAILBOX_COLUMNS), *(_EVENT[name] for name in EVENT_COLUMNS))
_NO_COPY = (None,) * len(MAILBOX_COLUMNS)
_NO_END = 2**63 - 1

_TILE = RawStatement(select(_T.hashes).where(_T.level == bindparam("level"), _T.number == bindparam("number")))
_PUBLIC = RawStatement(
    select(*_STATEMENT)
    .where(_S.lane == literal_column("0"), _S.index >= bindparam("start"), _S.index < bindparam("end"))
    .order_by(_S.index)
    .limit(bindparam("limit"))
)
_MAIL = RawStatement(
    select(*_ITEM)
    .select_from(tables.MailboxRow)
    .join(tables.StatementRow, _S.index == _M.index)
    .outerjoin(_EVENT.index.table, _S.erased == _EVENT.index)
    .where(
        _M.member == bindparam("member"),
        _M.lane == bindparam("lane"),
        _M.index >= bindparam("start"),
        _M.index < bindparam("end"),
    )
    .where(_M.withdrawn.is_(False))
    .order_by(_M.index)
    .limit(bindparam("limit"))
)


def _size(item: LedgerItem) -> int:
    return item.size_bytes


def _fill(items: Iterable[T], room_bytes: int, size: Callable[[T], int]) -> list[T]:
    """Items until their sizes pass a bound: the last one may go beyond it."""
    filled: list[T] = []
    for item in items:
        filled.append(item)
        room_bytes -= size(item)
        if room_bytes < 0:
            break
    return filled


@contextmanager
def _translated() -> Iterator[None]:
    """The one place where the database library's errors become ours."""
    try:
        yield
    except SQLAlchemyError as error:
        raise SeraiError(Code.STORAGE_FAILED, type(error).__name__) from error


def _may_go(kind: int, text: str | None) -> bool:
    """Whether a text is there, and is no `erased` event: these say for ever what is missing."""
    if text is None or kind != StatementType.EVENT.code:
        return text is not None
    try:
        claims = read_claims(text, StatementType.EVENT, lenient=True)
    except SeraiError:  # of a later version, or damaged
        return True
    return not (isinstance(claims, Event) and claims.event == "erased")


class SqlStore:
    """The store behind a SQLAlchemy engine.

    Args:
        url: database URL, for SQLite or PostgreSQL.

    Attributes:
        blobs: what is known of attachments.
    """

    def __init__(self, url: str) -> None:
        self._engine: Engine = open_engine(url)
        self._writer = for_writing(self._engine)
        self.blobs = SqlBlobs(self._locked, self._reading)
        self._checkpointer = Checkpointer(self._engine) if self._engine.dialect.name == "sqlite" else None

    def migrate(self) -> None:
        """Bring the schema to the newest version.

        Raises:
            SeraiError: ``storage_failed``, also if a later version of this program has written it.
        """
        with _translated():
            migrate(self._writer)

    def close(self) -> None:
        """Close every connection."""
        if self._checkpointer is not None:
            self._checkpointer.stop()
        self._engine.dispose()

    @contextmanager
    def transaction(self) -> Iterator[SqlTransaction]:
        """A transaction with the head locked.

        Raises:
            SeraiError: ``storage_failed``; whether it was committed is then unknown.
        """
        with _translated(), self._writer.begin() as connection:
            yield SqlTransaction(connection)
        if self._checkpointer is not None:
            self._checkpointer.note_commit()

    @contextmanager
    def _locked(self) -> Iterator[Connection]:
        """A transaction beside those of the ledger, none of which goes on meanwhile."""
        with _translated(), self._writer.begin() as connection:
            read_head(connection, lock=True)
            yield connection

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with _translated(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def _raw(self, statement: RawStatement, **values: Any) -> Iterator[Any]:
        try:
            with _translated(), reading(self._engine, statement, values) as cursor:
                yield cursor
        except self._engine.dialect.loaded_dbapi.Error as error:
            raise SeraiError(Code.STORAGE_FAILED, type(error).__name__) from error

    def head(self) -> StoredHead:
        """The committed head."""
        with self._reading() as connection:
            return read_head(connection, lock=False)

    def tile(self, level: int, number: int) -> bytes:
        """A tile of the tree, ``b""`` if there is none."""
        with self._raw(_TILE, level=level, number=number) as cursor:
            row = cursor.fetchone()
        return row[0] if row else b""

    def public(self, start: int, end: int, limit: int, room_bytes: int = _NO_END) -> Sequence[LedgerItem]:
        """Public statements with ``start <= index < end``, until they pass ``room_bytes``."""
        with self._raw(_PUBLIC, start=start, end=end, limit=limit) as cursor:
            return _fill((item_of((*row, *_NO_COPY)) for row in cursor), room_bytes, _size)

    def mailbox(
        self, member: Address, lane: Lane, start: int, end: int, limit: int, room_bytes: int = _NO_END
    ) -> Sequence[LedgerItem]:
        """A member's statements on a lane with ``start <= index < end``, until they pass ``room_bytes``."""
        with self._raw(_MAIL, member=member, lane=LANE_CODES[lane], start=start, end=end, limit=limit) as cursor:
            return _fill(map(item_of, cursor), room_bytes, _size)

    def find(self, digest: Digest, member: Address | None, *, auditor: bool) -> LedgerItem | None:
        """A statement by digest, if the reader may have it."""
        with self._reading() as connection:
            row = connection.execute(self._find(digest, member)).first()
        if row is None:
            return None
        item, public, mine = item_of(row[:-1]), row[0] == LANE_CODES["public"], row[-1] is not None
        return item if public or mine or auditor else None

    @staticmethod
    def _find(digest: Digest, member: Address | None) -> Select[Any]:
        mail = (_M.index == _S.index) & (_M.member == (member or "")) & _M.withdrawn.is_(False)
        return (
            select(*_ITEM, _M.member)
            .select_from(tables.StatementRow)
            .outerjoin(tables.MailboxRow, mail)
            .outerjoin(_EVENT.index.table, _S.erased == _EVENT.index)
            .where(_S.digest == digest)
        )

    def indices(self, digests: Sequence[Digest]) -> Mapping[Digest, int]:
        """Places of those digests that are in the ledger."""
        with self._reading() as connection:
            rows = connection.execute(select(_S.digest, _S.index).where(_S.digest.in_(digests)))
            return {Digest(row[0]): row[1] for row in rows}

    def holdings(self, digests: Sequence[Digest]) -> Sequence[Holding]:
        """Of those digests that are in the ledger, where they are held; each once."""
        query = select(_S.index, _S.digest, _S.lane, _S.type, _S.text).where(_S.digest.in_(digests)).order_by(_S.index)
        with self._reading() as connection:
            rows = connection.execute(query).all()
            held = members_of(connection, [row[0] for row in rows])
        return [
            Holding(Digest(digest), LANES[lane], held.get(index, ()), LANES[lane] != "public" and _may_go(kind, text))
            for index, digest, lane, kind, text in rows
        ]

    def members(self) -> Sequence[Address]:
        """Every member that has a mailbox."""
        with self._reading() as connection:
            return [Address(member) for member in connection.execute(select(_M.member).distinct()).scalars()]

    def backup(self, path: Path) -> None:
        """A consistent copy of a SQLite database in a new file."""
        if self._engine.dialect.name != "sqlite":
            raise SeraiError(Code.NOT_PERMITTED, "back PostgreSQL up with its own tools")
        with _translated(), self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM INTO ?", (str(path),))

    def leaves(self, start: int, end: int) -> Sequence[bytes]:
        """Leaves by place."""
        query = select(_S.leaf).where(_S.index >= start, _S.index < end).order_by(_S.index)
        with self._reading() as connection:
            return list(connection.execute(query).scalars())

    def texts(self, start: int, end: int) -> Sequence[StoredText]:
        """Statements by place, with every copy."""
        mail = select(_M.index, *(_M[name] for name in MAILBOX_COLUMNS)).where(
            _M.index >= start, _M.index < end, _M.entry.is_not(None)
        )
        copies: dict[int, list[Any]] = {}
        with self._reading() as connection:
            query = select(*_STATEMENT).where(_S.index >= start, _S.index < end).order_by(_S.index)
            rows = connection.execute(query).all()
            for index, *entry in connection.execute(mail):
                copies.setdefault(index, []).append(entry)
        place = STATEMENT_COLUMNS.index("index")
        return [text_of(row, copies.get(row[place], [])) for row in rows]

    def compare(self, admitted: Sequence[Admitted], now_ms: int) -> Sequence[str]:
        """Where rows of consecutive statements are not what would be written with them now."""
        with self._reading() as connection:
            return list(compare_rows(connection, admitted, now_ms)) if admitted else []

    def step_notes(self, start: int, end: int) -> Mapping[int, StepNote]:
        """What is noted of steps, by place."""
        with self._reading() as connection:
            return step_notes(connection, start, end)

    def operation_steps(
        self, operation: Digest, member: Address, start: int, end: int, limit: int, room_bytes: int = _NO_END
    ) -> Sequence[StoredStep] | None:
        """The steps of an operation as a participant may read them; ``None`` if the member is none."""
        with self._reading() as connection:
            if not is_named(connection, operation, member):
                return None
            rows = connection.execute(steps_query(operation, member, start, end, limit))
            return _fill(map(step_read, rows), room_bytes, lambda step: step.item.size_bytes)

    def compare_withdrawn(
        self,
        ceased: Iterable[tuple[Address, int]],
        kept_from: Iterable[tuple[Address, int]] = (),
        unknown: AbstractSet[int] = frozenset(),
    ) -> Sequence[str]:
        """Where mail is withdrawn, or not, and should be the other."""
        with self._reading() as connection:
            return list(compare_withdrawn(connection, ceased, kept_from, unknown))

    def compare_endings(
        self, ended: Mapping[tuple[int, Address], int | None], unknown: AbstractSet[int]
    ) -> Sequence[str]:
        """Where an answer is waited for, or not, against what the texts say."""
        with self._reading() as connection:
            return list(compare_endings(connection, ended, unknown))

    def use_token(self, kid: str, jti: str, expires_s: int, now_s: int) -> bool:
        """Mark a session token as used; false if it had been used before."""
        with _translated():
            try:
                with self._writer.begin() as connection:
                    connection.execute(delete(_TOKEN).where(_TOKEN.c.expires_s < now_s))
                    connection.execute(insert(_TOKEN).values(kid=kid, jti=jti, expires_s=expires_s))
            except IntegrityError:
                return False
        return True

    def due_at(self) -> int | None:
        """When the next watch falls due, in milliseconds."""
        with self._reading() as connection:
            return connection.execute(select(func.min(_W.due_ms))).scalar()

    def backlog(self) -> Mapping[Lane, int]:
        """Statements addressed and not yet below any seat's cursor, by lane."""
        cursor = cast("Any", tables.CursorRow).__table__.c
        done = (
            select(cursor.member, cursor.lane, func.max(cursor.next).label("next"))
            .group_by(cursor.member, cursor.lane)
            .subquery()
        )
        joined = (done.c.member == _M.member) & (done.c.lane == _M.lane)
        query = (
            select(_M.lane, func.count())
            .select_from(tables.MailboxRow)
            .outerjoin(done, joined)
            .where(_M.addressed, _M.withdrawn.is_(False), _M.index >= func.coalesce(done.c.next, 0))
            .group_by(_M.lane)
        )
        with self._reading() as connection:
            counts = {LANES[lane]: count for lane, count in connection.execute(query)}
        return {lane: counts.get(lane, 0) for lane in LANES}
