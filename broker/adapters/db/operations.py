"""Operations in SQL: what a commit needs to know of them, each question from a key, never over a whole operation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, cast

from sqlalchemy import Connection, Select, and_, bindparam, exists, select

from broker.adapters.db import tables
from broker.adapters.db.raw import RawChoice
from broker.adapters.db.rows import EVENT_COLUMNS, MAILBOX_COLUMNS, STATEMENT_COLUMNS, STEP_COLUMNS, item_of, step_of
from broker.core.admission.effects import StepNote
from broker.ports import StoredStep
from schemas.addresses import Address
from schemas.encoding import Digest
from schemas.keys import Kid
from schemas.operations.steps import NotedOperation, NotedStep

OPERATION, STEP = (cast("Any", model).__table__ for model in (tables.OperationRow, tables.StepRow))
_O, _T = OPERATION.c, STEP.c
_M = cast("Any", tables.MailboxRow).__table__.c
_S = cast("Any", tables.StatementRow).__table__.c
_EVENT = cast("Any", tables.StatementRow).__table__.alias("event").c

_NAMED = RawChoice(select(_O.operation, _O.member, _O.lead), _O.operation)
_STEPS = RawChoice(select(*(_T[name] for name in STEP_COLUMNS)), _T.index)
_ENTRIES = RawChoice(
    select(_M.index, _M.member, _M.entry).where(_M.entry.is_not(None), _M.withdrawn.is_(False)), _M.member, _M.index
)
_STEPS_AMONG = RawChoice(select(_T.index), _T.index)

_CLOSE = STEP.alias("close")
CLOSED = exists().where(
    and_(
        _T.index == bindparam("index"),
        _CLOSE.c.operation == _T.operation,
        _CLOSE.c.do == "close",
        _CLOSE.c.index > _T.index,
    )
)
"""Whether the operation of the step at ``index`` has been closed since."""


def _choose(connection: Connection, choice: RawChoice, keys: Sequence[tuple[Any, ...]]) -> Iterator[Any]:
    for statement, values in choice.split(keys):
        yield from connection.exec_driver_sql(*statement.bind(connection.dialect, values)).all()


def noted_operations(connection: Connection, opened: Iterable[Digest]) -> dict[Digest, NotedOperation]:
    """Operations by the digest of what opens them: their leads, and all that were ever named."""
    leads: dict[Digest, Address] = {}
    named: dict[Digest, set[Address]] = {}
    for operation, member, lead in _choose(connection, _NAMED, [(each,) for each in sorted(opened)]):
        named.setdefault(Digest(operation), set()).add(Address(member))
        if lead:
            leads[Digest(operation)] = Address(member)
    return {each: NotedOperation(leads[each], frozenset(named[each])) for each in leads}


def noted_steps(connection: Connection, places: Iterable[int]) -> dict[int, NotedStep]:
    """What is noted of those places that are steps."""
    rows = _choose(connection, _STEPS, [(place,) for place in sorted(set(places))])
    return {row[0]: step_of(row) for row in rows}


def steps_among(connection: Connection, places: Iterable[int]) -> set[int]:
    """Which places are steps."""
    return {row[0] for row in _choose(connection, _STEPS_AMONG, [(place,) for place in sorted(set(places))])}


def entry_kids(connection: Connection, wanted: Iterable[tuple[int, Address]]) -> dict[tuple[int, Address], Kid]:
    """The keys that members' entries of dispatches are under, where the members can still be delivered them."""
    rows = _choose(connection, _ENTRIES, [(member, place) for place, member in wanted])
    return {(index, Address(member)): Kid(bytes(entry).split(b".")[1].decode()) for index, member, entry in rows}


# Reading


def step_notes(connection: Connection, start: int, end: int) -> dict[int, StepNote]:
    """What is noted of steps, by place."""
    joining: dict[int, list[Address]] = {}
    named = select(_O.index, _O.member).where(_O.index >= start, _O.index < end).order_by(_O.index, _O.member)
    for index, member in connection.execute(named):
        joining.setdefault(index, []).append(Address(member))
    columns = (*(_T[name] for name in STEP_COLUMNS), _T.to_all)
    rows = connection.execute(select(*columns).where(_T.index >= start, _T.index < end))
    return {row[0]: StepNote(step_of(row[:-1]), tuple(joining.get(row[0], ())), row[-1]) for row in rows}


def is_named(connection: Connection, operation: Digest, member: Address) -> bool:
    """Whether a member was ever named in an operation."""
    query = select(_O.member).where(_O.operation == operation, _O.member == member)
    return connection.execute(query).first() is not None


def steps_query(operation: Digest, member: Address, start: int, end: int, limit: int) -> Select[Any]:
    """The steps of an operation, each with the member's copy where it has one; see `step_read`."""
    columns = (
        *(_S[name] for name in STATEMENT_COLUMNS),
        *(_M[name] for name in MAILBOX_COLUMNS),
        *(_EVENT[name] for name in EVENT_COLUMNS),
    )
    mail = (_M.index == _S.index) & (_M.lane == _S.lane) & (_M.member == member) & _M.withdrawn.is_(False)
    return (
        select(*columns, _M.member, _T.to_all)
        .select_from(STEP)
        .join(_S.index.table, _S.index == _T.index)
        .outerjoin(_M.index.table, mail)
        .outerjoin(_EVENT.index.table, _S.erased == _EVENT.index)
        .where(_T.operation == operation, _T.index >= start, _T.index < end)
        .order_by(_T.index)
        .limit(limit)
    )


def step_read(row: Any) -> StoredStep:
    """A step as a participant may read it, from a row of `steps_query`.

    Raises:
        SeraiError: ``damaged`` if it is on no lane.
    """
    *columns, mine, to_all = row
    item = item_of(columns)
    return StoredStep(item, shown=mine is not None or (to_all and item.statement is not None))
