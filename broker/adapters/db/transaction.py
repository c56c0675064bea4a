"""`SqlTransaction`: everything that is written with a commit (port `broker.ports.Transaction`)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from functools import cache
from typing import Any, cast

from sqlalchemy import BindParameter, Connection, Table, and_, bindparam, delete, exists, insert, or_, select, update
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.engine.interfaces import Compiled, Dialect

from broker.adapters.db import tables
from broker.adapters.db.raw import RawChoice, RawStatement, Values
from broker.adapters.db.rows import LANE_CODES, Row, effect_rows, mailbox_rows, statement_row
from broker.core.admission import Admitted, Due, Watch
from broker.core.facts import Facts, Known, Needs, Unreceived
from broker.core.tree import TileId
from broker.ports import StoredHead
from schemas.addresses import Address
from schemas.claims import BY_CODE, LANES, Lane, Outcome, StatementType
from schemas.encoding import Digest


def _table(model: type[Any]) -> Table:
    return cast("Table", model.__table__)


HEAD, STATEMENT, MAILBOX, TILE, OUTCOME, REFERENCE, WATCH, CURSOR = (
    _table(model)
    for model in (
        tables.Head,
        tables.Statement,
        tables.Mailbox,
        tables.Tile,
        tables.Outcome,
        tables.Reference,
        tables.Watch,
        tables.Cursor,
    )
)
_S, _M, _O, _R, _W = STATEMENT.c, MAILBOX.c, OUTCOME.c, REFERENCE.c, WATCH.c
_ANSWER, _COPY = REFERENCE.alias(), MAILBOX.alias()

_HEAD_QUERY = select(HEAD.c.epoch, HEAD.c.size, HEAD.c.accepted_at, HEAD.c.note).where(HEAD.c.id == 1)
_HEAD = {False: RawStatement(_HEAD_QUERY), True: RawStatement(_HEAD_QUERY.with_for_update())}
_KNOWN = RawChoice(select(_S.digest, _S.index, _S.leaf, _S.type, _S.sender, _S.lane, _S.status), _S.digest)
_JTIS = RawChoice(select(_S.sender, _S.jti, _S.digest), _S.jti)
_READERS = RawChoice(select(_M.index, _M.member).where(_M.addressed), _M.member, _M.lane, _M.index)
_OUTCOMES = RawChoice(select(_O.target, _O.member, _O.outcome), _O.target, _O.member, _O.outcome)
_DUE = RawStatement(
    select(_W.due_ms, _W.index, _W.missing, _S.digest, _S.sender, _S.lane)
    .join(STATEMENT, _S.index == _W.index)
    .where(_W.due_ms <= bindparam("now_ms"))
    .order_by(_W.due_ms)
    .limit(bindparam("most"))
)
_LOOKED_AT = RawStatement(delete(WATCH).where(*(column == bindparam(column.name) for column in _W)))
_INDEX: BindParameter[int] = bindparam("index")
_SEALED_AGAIN = select(_R.index).where(_R.target == _INDEX, _R.rel == "reseal")
_HEARD = {
    "received": exists().where(_O.target == _INDEX, _O.member == _M.member),
    "reply": exists().where(
        or_(_ANSWER.c.target == _INDEX, _ANSWER.c.target.in_(_SEALED_AGAIN)),
        _ANSWER.c.member == _M.member,
        _ANSWER.c.rel == "reply",
        _COPY.c.index == _ANSWER.c.index,
        _COPY.c.member == bindparam("sender"),
        _COPY.c.addressed,
    ),
}
_SILENT = {
    missing: RawStatement(
        select(_M.member).where(_M.index == _INDEX, _M.addressed, ~_M.withdrawn, ~heard).order_by(_M.member)
    )
    for missing, heard in _HEARD.items()
}
"""Recipients of whom something is missing."""


def ask(connection: Connection, statement: RawStatement, values: Values) -> list[Any]:
    """The rows that answer a statement, within a transaction."""
    return list(connection.exec_driver_sql(*statement.bind(connection.dialect, values)).all())


def read_head(connection: Connection, *, lock: bool) -> StoredHead:
    """The head row; an empty ledger's if there is none yet."""
    rows = ask(connection, _HEAD[lock], {})
    return StoredHead(*rows[0]) if rows else StoredHead(0, 0, 0, "")


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
        return Facts(
            known,
            self._jtis(sorted(needs.jtis)),
            self._readers(needs, known, places),
            self._outcomes(needs, known, places),
            {member: self._unreceived(member) for member in needs.ceasing},
        )

    def _ask(self, statement: RawStatement, **values: Any) -> list[Any]:
        return ask(self._connection, statement, values)

    def _choose(self, choice: RawChoice, keys: Sequence[tuple[Any, ...]]) -> Iterator[Any]:
        for statement, values in choice.split(keys):
            yield from ask(self._connection, statement, values)

    def _known(self, digests: Sequence[Digest]) -> dict[Digest, Known]:
        known = {}
        for digest, index, leaf, code, sender, lane, status in self._choose(_KNOWN, [(each,) for each in digests]):
            accepted_at = int.from_bytes(leaf[1:9], "big")
            known[Digest(digest)] = Known(index, accepted_at, BY_CODE[code], sender, LANES[lane], status)
        return known

    def _jtis(self, pairs: Sequence[tuple[str, str]]) -> dict[tuple[str, str], Digest]:
        return {(row[0], row[1]): Digest(row[2]) for row in self._choose(_JTIS, [(jti,) for _, jti in pairs])}

    def _readers(
        self, needs: Needs, known: Mapping[Digest, Known], places: Mapping[int, Digest]
    ) -> frozenset[tuple[Digest, Address]]:
        wanted = [
            (member, LANE_CODES[known[digest].lane], known[digest].index)
            for digest, member in needs.readers
            if digest in known
        ]
        return frozenset((places[index], Address(member)) for index, member in self._choose(_READERS, wanted))

    def _outcomes(
        self, needs: Needs, known: Mapping[Digest, Known], places: Mapping[int, Digest]
    ) -> frozenset[tuple[Digest, Address, Outcome]]:
        wanted = [
            (known[digest].index, member, outcome) for digest, member, outcome in needs.outcomes if digest in known
        ]
        rows = self._choose(_OUTCOMES, wanted)
        return frozenset((places[row[0]], Address(row[1]), cast("Outcome", row[2])) for row in rows)

    def _unreceived(self, member: Address) -> tuple[Unreceived, ...]:
        heard = exists().where(_O.target == _M.index, _O.member == member, _O.outcome != "rejected")
        query = (
            select(_S.index, _S.digest, _S.sender, _S.lane)
            .join(MAILBOX, _M.index == _S.index)
            .where(_M.member == member, _M.addressed, ~_M.withdrawn, _S.type == StatementType.DISPATCH.code, ~heard)
            .order_by(_S.index)
        )
        rows = self._connection.execute(query)
        return tuple(Unreceived(row[0], Digest(row[1]), Address(row[2]), LANES[row[3]]) for row in rows)

    def due(self, now_ms: int, limit: int) -> Sequence[Due]:
        """Watches that have fallen due, oldest first; they are taken off."""
        due = []
        for due_ms, index, missing, digest, sender, lane in self._ask(_DUE, now_ms=now_ms, most=limit):
            watch, silent = Watch(due_ms, index, missing), self._silent(index, missing, sender)
            due.append(Due(watch, Digest(digest), Address(sender), LANES[lane], silent))
            self._connection.exec_driver_sql(*_LOOKED_AT.bind(self._connection.dialect, asdict(watch)))
        return due

    def _silent(self, index: int, missing: str, sender: str) -> tuple[Address, ...]:
        return tuple(Address(member) for [member] in self._ask(_SILENT[missing], index=index, sender=sender))

    # Writing

    def append(self, admitted: Sequence[Admitted], ceased: Iterable[tuple[Address, int]]) -> None:
        """Write statements with everything that follows; withdraw the dispatches a member had when it ceased."""
        self._insert(STATEMENT, [statement_row(item) for item in admitted])
        self._insert(MAILBOX, [row for item in admitted for row in mailbox_rows(item)])
        effects = effect_rows(admitted)
        for table in (OUTCOME, REFERENCE, WATCH):
            self._insert(table, effects[table.name])
        for member, index in ceased:
            self._withdraw(member, index)

    def _withdraw(self, member: Address, index: int) -> None:
        """Dispatches only: what others said to a member is kept for it."""
        heard = exists().where(_O.target == _M.index, _O.member == member, _O.outcome != "rejected")
        unheard = and_(_M.member == member, _M.addressed, _M.index < index, _M.entry.is_not(None), ~heard)
        self._connection.execute(update(MAILBOX).where(unheard).values(withdrawn=True))

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
        values = {"epoch": head.epoch, "size": head.size, "accepted_at": head.accepted_at, "note": head.note}
        self._upsert(HEAD, [{"id": 1, **values}], ("id",))

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
    statement = (insert_sqlite if dialect.name == "sqlite" else insert_postgresql)(table)
    changed = {column.name: statement.excluded[column.name] for column in table.c if column.name not in key}
    return statement.on_conflict_do_update(index_elements=key, set_=changed).compile(dialect=dialect)
