"""`SqlTransaction`: everything that is written with a commit (port `broker.ports.Transaction`)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from functools import cache
from typing import Any, cast

from sqlalchemy import (
    BindParameter,
    Connection,
    Table,
    and_,
    bindparam,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.engine.interfaces import Compiled, Dialect

from broker.adapters.db import tables
from broker.adapters.db.blobs import LINK, held_blobs, link_rows, unlink
from broker.adapters.db.operations import (
    CLOSED,
    OPERATION,
    STEP,
    entry_kids,
    noted_operations,
    noted_steps,
    steps_among,
)
from broker.adapters.db.raw import RawChoice, RawStatement, Values
from broker.adapters.db.rows import (
    KEPT_CODES,
    LANE_CODES,
    Row,
    effect_rows,
    mailbox_rows,
    retention_rows,
    statement_row,
)
from broker.core.admission.effects import Admitted, EndOfWait, Watch
from broker.core.admission.events import Due, Holding
from broker.core.facts import AcceptedStatement, Facts, Needs, Unreceived
from broker.core.tree import TileId
from broker.ports import Kept, StoredHead
from schemas.addresses import Address
from schemas.claims import LANES, Event, Lane, StatementType
from schemas.encoding import Digest, decode_digest
from schemas.leaf import parse_leaf
from schemas.rules.deadlines import ANSWERS_RECEIVED, CONFIRMS


def _table(model: type[Any]) -> Table:
    return cast("Table", model.__table__)


HEAD, STATEMENT, MAILBOX, TILE, OUTCOME, REFERENCE, OWING, WATCH, RETENTION, CURSOR = (
    _table(model)
    for model in (
        tables.HeadRow,
        tables.StatementRow,
        tables.MailboxRow,
        tables.TileRow,
        tables.OutcomeRow,
        tables.ReferenceRow,
        tables.OwingRow,
        tables.WatchRow,
        tables.RetentionRow,
        tables.CursorRow,
    )
)
_S, _M, _O, _A, _W, _R = STATEMENT.c, MAILBOX.c, OUTCOME.c, OWING.c, WATCH.c, RETENTION.c

_HEAD_QUERY = select(HEAD.c.epoch, HEAD.c.size, HEAD.c.accepted_at, HEAD.c.note).where(HEAD.c.id == 1)
_HEAD = {False: RawStatement(_HEAD_QUERY), True: RawStatement(_HEAD_QUERY.with_for_update())}
NO_HEAD = StoredHead(0, 0, 0, "")
"""Of an empty ledger."""

_KNOWN = RawChoice(select(_S.digest, _S.index, _S.leaf, _S.sender, _S.lane, _S.status, _S.origin), _S.digest)
_JTIS = RawChoice(select(_S.sender, _S.jti, _S.digest), _S.jti)
_READERS = RawChoice(select(_M.index, _M.member).where(_M.addressed), _M.member, _M.lane, _M.index)
_OUTCOMES = RawChoice(select(_O.target, _O.member, _O.outcome), _O.target, _O.member, _O.outcome)
_WATCH = select(_W.due_ms, _W.index, _W.missing, _W.sender).where(_W.due_ms <= bindparam("now_ms"))
_DUE = RawStatement(_WATCH.order_by(_W.due_ms, _W.index, _W.missing).limit(bindparam("most")))
_DUE_TO = RawStatement(
    _WATCH.where(_W.sender == bindparam("sender")).order_by(_W.due_ms, _W.index, _W.missing).limit(bindparam("most"))
)
_NEXT_SENDER = RawStatement(select(func.min(_W.sender)).where(_W.sender > bindparam("after")))
_NAMED = RawChoice(select(_S.index, _S.digest, _S.lane, _S.entries), _S.index)
_FORGOTTEN = RawStatement(delete(WATCH).where(*(column == bindparam(column.name) for column in _W)))
_INDEX: BindParameter[int] = bindparam("index")
_CONFIRMED = exists().where(
    _O.target == _INDEX,
    _O.member == _M.member,
    or_(*(_O.outcome == word for word in ANSWERS_RECEIVED)),
)
_WITHDRAWN = exists().where(
    _M.member == _A.member, _M.lane == bindparam("lane"), _M.index == _INDEX, _M.addressed, _M.withdrawn
)
_SILENT = {
    "received": RawStatement(
        select(_M.member).where(_M.index == _INDEX, _M.addressed, ~_M.withdrawn, ~_CONFIRMED).order_by(_M.member)
    ),
    "reply": RawStatement(
        select(_A.member).where(_A.index == _INDEX, _A.ended.is_(None), ~_WITHDRAWN, ~CLOSED).order_by(_A.member)
    ),
}
"""Members of whom something is missing, each question from the dispatch's own place."""
_END = RawStatement(
    update(OWING)
    .where(_A.index == _INDEX, _A.member == bindparam("owing"), _A.ended.is_(None))
    .values(ended=bindparam("by"))
)
_END_ALL = RawStatement(update(OWING).where(_A.index == _INDEX, _A.ended.is_(None)).values(ended=bindparam("by")))


_UNCONFIRMED = exists().where(
    _M.index == _R.index,
    _M.addressed,
    ~_M.withdrawn,
    ~exists().where(_O.target == _M.index, _O.member == _M.member, or_(*(_O.outcome == word for word in CONFIRMS))),
)
"""Whether a recipient, but one from which it was withdrawn, has not confirmed that it could open it."""
_START = update(RETENTION).where(_R.since_ms.is_(None), ~_UNCONFIRMED).values(since_ms=bindparam("now_ms"))
_CONFIRMED_NOW = RawStatement(_START.where(_R.index == _INDEX))
_OUTLIVED = RawStatement(
    select(_S.index, _S.digest, _S.lane)
    .join(RETENTION, _R.index == _S.index)
    .where(_R.kind == bindparam("kind"), _R.since_ms <= bindparam("until_ms"))
    .order_by(_R.since_ms, _R.index)
    .limit(bindparam("most"))
)


def ask(connection: Connection, statement: RawStatement, values: Values) -> list[Any]:
    """The rows that answer a statement, within a transaction."""
    return list(connection.exec_driver_sql(*statement.bind(connection.dialect, values)).all())


def read_head(connection: Connection, *, lock: bool) -> StoredHead:
    """The head row; an empty ledger's if there is none yet.

    Args:
        connection: within a transaction.
        lock: hold it until the transaction ends. What is not there cannot be locked, so the row is made then.
    """
    rows = ask(connection, _HEAD[lock], {})
    if lock and not rows:
        connection.execute(_insert_for(connection.dialect)(HEAD).values(_head_row(NO_HEAD)).on_conflict_do_nothing())
        rows = ask(connection, _HEAD[lock], {})
    return StoredHead(*rows[0]) if rows else NO_HEAD


def members_of(connection: Connection, places: Sequence[int]) -> dict[int, tuple[Address, ...]]:
    """Whose mailboxes statements are in, by place; those from which they were withdrawn aside."""
    query = select(_M.index, _M.member).where(_M.index.in_(places), ~_M.withdrawn).order_by(_M.index, _M.member)
    held: dict[int, list[Address]] = {}
    for index, member in connection.execute(query) if places else ():
        held.setdefault(index, []).append(Address(member))
    return {index: tuple(members) for index, members in held.items()}


def _head_row(head: StoredHead) -> Row:
    return {"id": 1, **asdict(head)}


def _insert_for(dialect: Dialect) -> Callable[[Table], Any]:
    """The kind of INSERT that can say what to do on a conflict: each dialect has one of its own."""
    return insert_sqlite if dialect.name == "sqlite" else insert_postgresql


class SqlTransaction:
    """One transaction with the head locked.

    Args:
        connection: within a transaction that the caller commits.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._head = read_head(connection, lock=True)

    @property
    def head(self) -> StoredHead:
        """The head as locked."""
        return self._head

    # Reading

    def facts(self, needs: Needs) -> Facts:
        """What the ledger holds, as of the head."""
        known = self._known(sorted(needs.digests))
        places = {item.index: digest for digest, item in known.items()}
        blobs, blob_statuses = held_blobs(self._connection, needs.blobs)
        named = [known[digest].asked_at for digest in needs.steps if digest in known]
        resealed = [(known[digest].index, member) for digest, member in needs.resealed if digest in known]
        kids = entry_kids(self._connection, resealed)
        return Facts(
            known,
            self._jtis(sorted(needs.jtis)),
            self._readers(needs, known, places),
            self._outcomes(needs, known, places),
            {member: self._unreceived(member) for member in needs.ceasing},
            blobs,
            blob_statuses,
            noted_operations(self._connection, needs.operations),
            noted_steps(self._connection, named),
            {(places[index], member): kid for (index, member), kid in kids.items()},
        )

    def _ask(self, statement: RawStatement, **values: Any) -> list[Any]:
        return ask(self._connection, statement, values)

    def _choose(self, choice: RawChoice, keys: Sequence[tuple[Any, ...]]) -> Iterator[Any]:
        for statement, values in choice.split(keys):
            yield from ask(self._connection, statement, values)

    def _known(self, digests: Sequence[Digest]) -> dict[Digest, AcceptedStatement]:
        known = {}
        for digest, index, leaf, sender, lane, *rest in self._choose(_KNOWN, [(each,) for each in digests]):
            known[Digest(digest)] = AcceptedStatement(index, parse_leaf(leaf), sender, LANES[lane], *rest)
        return known

    def _jtis(self, pairs: Sequence[tuple[str, str]]) -> dict[tuple[str, str], Digest]:
        return {(row[0], row[1]): Digest(row[2]) for row in self._choose(_JTIS, [(jti,) for _, jti in pairs])}

    def _readers(
        self, needs: Needs, known: Mapping[Digest, AcceptedStatement], places: Mapping[int, Digest]
    ) -> frozenset[tuple[Digest, Address]]:
        wanted = [
            (member, LANE_CODES[known[digest].lane], known[digest].index)
            for digest, member in needs.readers
            if digest in known
        ]
        return frozenset((places[index], Address(member)) for index, member in self._choose(_READERS, wanted))

    def _outcomes(
        self, needs: Needs, known: Mapping[Digest, AcceptedStatement], places: Mapping[int, Digest]
    ) -> frozenset[tuple[Digest, Address, str]]:
        wanted = [
            (known[digest].index, member, outcome) for digest, member, outcome in needs.outcomes if digest in known
        ]
        rows = self._choose(_OUTCOMES, wanted)
        return frozenset((places[row[0]], Address(row[1]), row[2]) for row in rows)

    def _unreceived(self, member: Address) -> tuple[Unreceived, ...]:
        heard = exists().where(_O.target == _M.index, _O.member == member, _O.outcome.in_(CONFIRMS))
        query = (
            select(_S.index, _S.digest, _S.sender, _S.lane)
            .join(MAILBOX, _M.index == _S.index)
            .where(_M.member == member, _M.addressed, ~_M.withdrawn, _S.type == StatementType.DISPATCH.code, ~heard)
            .order_by(_S.index)
        )
        rows = self._connection.execute(query)
        return tuple(Unreceived(row[0], Digest(row[1]), Address(row[2]), LANES[row[3]]) for row in rows)

    def due(self, now_ms: int, limit: int, after: str = "") -> Sequence[Due]:
        """Watches that have fallen due: the oldest of all if that is everything, else of the members in turn."""
        rows = self._ask(_DUE, now_ms=now_ms, most=limit + 1)
        if len(rows) > limit:
            rows = self._due_in_turn(now_ms, limit, after)
        named = {row[0]: row[1:] for row in self._choose(_NAMED, [(row[1],) for row in rows])}
        steps = steps_among(self._connection, [index for _, index, missing, _ in rows if missing == "reply"])
        informed = members_of(self._connection, sorted(steps))
        return [
            Due(
                Watch(due_ms, index, missing),
                Digest(digest),
                Address(sender),
                LANES[lane],
                entries,
                informed.get(index, ()) if missing == "reply" else (),
            )
            for due_ms, index, missing, sender in rows
            for digest, lane, entries in [named[index]]
        ]

    def _due_in_turn(self, now_ms: int, limit: int, after: str) -> list[Any]:
        """The oldest of each member, a share for each, so that nobody waits until another's have all been told."""
        found: list[list[Any]] = []
        for sender in self._senders(after):
            rows = self._ask(_DUE_TO, now_ms=now_ms, sender=sender, most=limit)
            found += [rows] if rows else []
            if len(found) == limit:
                break
        share = max(1, limit // len(found))
        return [row for rows in found for row in rows[:share]]

    def _senders(self, after: str) -> Iterator[str]:
        """Members to whom anything may be due, each once, from the one whose turn it is."""
        first, place = after, self._ask(_NEXT_SENDER, after=after)[0][0]
        while place is not None:
            yield place
            place = self._ask(_NEXT_SENDER, after=place)[0][0]
        place = self._ask(_NEXT_SENDER, after="")[0][0]
        while place is not None and place <= first:
            yield place
            place = self._ask(_NEXT_SENDER, after=place)[0][0]

    def outlived(self, kind: Kept, until_ms: int, limit: int) -> Sequence[Holding]:
        """Texts that all have confirmed by a time, the longest ago first."""
        rows = self._ask(_OUTLIVED, kind=KEPT_CODES[kind], until_ms=until_ms, most=limit)
        held = members_of(self._connection, [row[0] for row in rows])
        return [Holding(Digest(row[1]), LANES[row[2]], held.get(row[0], ())) for row in rows]

    def forget(self, due: Due) -> None:
        """Take a watch off."""
        values = {"sender": due.sender, **asdict(due.watch)}
        self._connection.exec_driver_sql(*_FORGOTTEN.bind(self._connection.dialect, values))

    def silent(self, due: Due) -> tuple[Address, ...]:
        """Who has not said what was due."""
        asked = {"index": due.watch.index, "lane": LANE_CODES[due.lane]}
        return tuple(Address(member) for [member] in self._ask(_SILENT[due.watch.missing], **asked))

    # Writing

    def append(self, admitted: Sequence[Admitted], ceased: Iterable[tuple[Address, int]]) -> None:
        """Write statements with everything that follows; withdraw the dispatches a member had when it ceased."""
        self._insert(STATEMENT, [statement_row(item) for item in admitted])
        self._insert(MAILBOX, [row for item in admitted for row in mailbox_rows(item)])
        effects = effect_rows(admitted)
        for table in (OUTCOME, REFERENCE, OWING, WATCH, OPERATION, STEP):
            self._insert(table, effects[table.name])
        self._insert(RETENTION, retention_rows(admitted))
        self._insert(LINK, link_rows(admitted))
        for item in admitted:
            for ending in item.endings:
                self._end(ending, item.index)
            self._begin_days(item)
        for member, index in ceased:
            self._withdraw(member, index, admitted[-1].leaf.accepted_at)
        for item in admitted:
            claims = item.statement.claims
            if isinstance(claims, Event) and claims.event == "erased":
                self._erase([decode_digest(digest) for digest in claims.digests or ()], item.index)

    def _end(self, ending: EndOfWait, by: int) -> None:
        statement = _END_ALL if ending.member is None else _END
        values = {"index": ending.target, "owing": ending.member, "by": by}
        self._connection.exec_driver_sql(*statement.bind(self._connection.dialect, values))

    def _begin_days(self, item: Admitted) -> None:
        """Count the days of what an answer was the last to confirm."""
        for target, outcome in item.outcomes:
            if outcome in CONFIRMS:
                values = {"index": target, "now_ms": item.leaf.accepted_at}
                self._connection.exec_driver_sql(*_CONFIRMED_NOW.bind(self._connection.dialect, values))

    def _erase(self, digests: Sequence[Digest], by: int) -> None:
        """Text, content and entries go; leaf, digest and the row's place stay."""
        rows = self._connection.execute(select(_S.index).where(_S.digest.in_(digests), _S.lane != LANE_CODES["public"]))
        places = list(rows.scalars())
        gone = update(STATEMENT).where(_S.index.in_(places), _S.erased.is_(None))
        self._connection.execute(gone.values(text=None, body=None, erased=by))
        copies = update(MAILBOX).where(_M.index.in_(places), _M.entry.is_not(None))
        self._connection.execute(copies.values(entry=None, entry_proof=None))
        self._connection.execute(delete(RETENTION).where(_R.index.in_(places)))
        unlink(self._connection, places)

    def _withdraw(self, member: Address, index: int, now_ms: int) -> None:
        """Dispatches only: what others said to a member is kept for it."""
        heard = exists().where(_O.target == _M.index, _O.member == member, _O.outcome.in_(CONFIRMS))
        unheard = and_(_M.member == member, _M.addressed, _M.index < index, _M.position.is_not(None), ~heard)
        self._connection.execute(update(MAILBOX).where(unheard).values(withdrawn=True))
        theirs = select(_M.index).where(_M.member == member, _M.addressed, _M.index < index, _M.withdrawn)
        self._connection.execute(_START.where(_R.index.in_(theirs)), {"now_ms": now_ms})

    def _insert(self, table: Table, rows: list[Row]) -> None:
        if rows:
            self._write(_compiled_insert(self._connection.dialect, table), rows)

    def _write(self, compiled: Compiled, rows: list[Row]) -> None:
        # Straight to the driver: the values need no conversion, and looking at each would cost more than writing it.
        names = getattr(compiled, "positiontup", None)
        values: Any = [tuple(row[name] for name in names) for row in rows] if names else rows
        self._connection.exec_driver_sql(str(compiled), values)

    def advance(self, head: StoredHead, tiles: Mapping[TileId, bytes]) -> None:
        """Write the new head and the tiles that grew."""
        rows = [{"level": tile.level, "number": tile.number, "hashes": hashes} for tile, hashes in tiles.items()]
        self._upsert(TILE, rows, ("level", "number"))
        self._upsert(HEAD, [_head_row(head)], ("id",))

    def keep_cursors(self, cursors: Mapping[tuple[Address, str, Lane], int]) -> None:
        """Write the hub's copy of cursors."""
        rows = [
            {"member": member, "seat": seat, "lane": LANE_CODES[lane], "next": following}
            for (member, seat, lane), following in cursors.items()
        ]
        self._upsert(CURSOR, rows, ("member", "seat", "lane"))

    def _upsert(self, table: Table, rows: list[Row], key: tuple[str, ...]) -> None:
        if rows:
            self._write(_compiled_upsert(self._connection.dialect, table, key), rows)


@cache
def _compiled_insert(dialect: Dialect, table: Table) -> Compiled:
    return insert(table).compile(dialect=dialect)


@cache
def _compiled_upsert(dialect: Dialect, table: Table, key: tuple[str, ...]) -> Compiled:
    statement = _insert_for(dialect)(table)
    changed = {column.name: statement.excluded[column.name] for column in table.c if column.name not in key}
    compiled: Compiled = statement.on_conflict_do_update(index_elements=key, set_=changed).compile(dialect=dialect)
    return compiled
