"""Rows as they are stored against rows as they would be written (for ``serai-hub ledger check``)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, and_, exists, func, select

from broker.adapters.db.blobs import BLOB, LINK
from broker.adapters.db.operations import OPERATION, STEP
from broker.adapters.db.rows import KEPT_CODES, effect_rows, mailbox_rows, retention_rows, statement_row
from broker.adapters.db.transaction import (
    MAILBOX,
    OUTCOME,
    OWING,
    REFERENCE,
    RETENTION,
    STATEMENT,
    WATCH,
)
from broker.core.admission.effects import Admitted
from schemas.addresses import Address
from schemas.encoding import Digest
from schemas.leaf import parse_leaf
from schemas.rules.deadlines import CONFIRMS

_KEPT = frozenset({"text", "body", "entry", "entry_proof", "withdrawn", "ended", "erased"})
"""Columns that are the source of the others, are checked by their digests, or change later."""


def compare_rows(connection: Connection, admitted: Sequence[Admitted], now_ms: int) -> Iterator[str]:
    """Places and tables where rows of consecutive statements differ.

    Args:
        connection: to the database.
        admitted: the statements as recounted.
        now_ms: time of the newest leaf: what fell due before it may have been taken off.
    """
    places = [item.index for item in admitted]
    effects = effect_rows(admitted)
    expected = {
        STATEMENT: [statement_row(item) for item in admitted],
        MAILBOX: [row for item in admitted for row in mailbox_rows(item)],
        OUTCOME: effects["outcome"],
        REFERENCE: effects["reference"],
        OWING: effects["owing"],
        WATCH: effects["watch"],
        OPERATION: effects["operation"],
        STEP: effects["step"],
    }
    for table, rows in expected.items():
        stored, due = _stored(connection, table, places), _tuples(table, rows)
        missing, further = due - stored, stored - due
        if table is WATCH:
            at = _names(table).index("due_ms")
            missing = {row for row in missing if row[at] > now_ms}
        index = _names(table).index("index")
        for place in sorted({row[index] for row in missing | further}):
            yield f"{table.name}: not what the text at {place} says"
    yield from _compare_retention(connection, admitted)
    yield from _compare_links(connection, admitted)


def _compare_retention(connection: Connection, admitted: Sequence[Admitted]) -> Iterator[str]:
    """Texts whose days are counted and should not be, from another time on, or the reverse."""
    places = [item.index for item in admitted]
    due = {row["index"]: (row["kind"], row["since_ms"]) for row in retention_rows(admitted)}
    within = RETENTION.c.index.between(places[0], places[-1])
    rows = connection.execute(select(RETENTION.c.index, RETENTION.c.kind, RETENTION.c.since_ms).where(within))
    stored = {index: (kind, since_ms) for index, kind, since_ms in rows}
    confirmed = _confirmed_at(connection, places[0], places[-1])
    over = STATEMENT.c.index.between(places[0], places[-1]), STATEMENT.c.erased.is_not(None)
    erased = set(connection.execute(select(STATEMENT.c.index).where(*over)).scalars())
    for place in [each for each in places if each not in erased]:
        if (at := due.get(place)) is not None and at[0] == KEPT_CODES["mail"]:
            since_ms, may_be_later = confirmed.get(place, (None, False))
            found = stored.get(place, (None, None))[1]
            is_later = may_be_later and found is not None and found >= (since_ms or 0)
            at = at[0], found if is_later else since_ms
        if stored.get(place) != at:
            yield f"retention: not what follows from the text at {place}"


def _compare_links(connection: Connection, admitted: Sequence[Admitted]) -> Iterator[str]:
    """Attachments that a text names and that are not linked, or the reverse; those of what was erased aside."""
    places = [item.index for item in admitted]
    named = {(item.index, link.digest) for item in admitted for link in item.links}
    within = LINK.c.index.between(places[0], places[-1])
    stored = {
        (index, Digest(digest))
        for index, digest in connection.execute(select(LINK.c.index, LINK.c.digest).where(within))
    }
    wanted = set(places)
    for place in sorted({index for index, _ in named ^ stored if index in wanted}):
        yield f"link: not the attachments that the text at {place} names"
    other = LINK.c.blob.is_not(None), BLOB.c.digest.is_distinct_from(LINK.c.digest)
    astray = select(LINK.c.index).outerjoin(BLOB, BLOB.c.id == LINK.c.blob).where(within, *other)
    for place in sorted(wanted.intersection(connection.execute(astray).scalars())):
        yield f"link: it leads from the text at {place} to another attachment, or to none"


def _confirmed_at(connection: Connection, first: int, last: int) -> dict[int, tuple[int | None, bool]]:
    """When the last recipient confirmed each dispatch, ``None`` if one has not; whether one was withdrawn."""
    answers = (
        select(OUTCOME.c.target, OUTCOME.c.member, func.min(OUTCOME.c.index).label("by"))
        .where(OUTCOME.c.target.between(first, last), OUTCOME.c.outcome.in_(CONFIRMS))
        .group_by(OUTCOME.c.target, OUTCOME.c.member)
        .subquery()
    )
    said: ColumnElement[bool] = STATEMENT.c.index == answers.c.by
    leaves = connection.execute(select(answers.c.target, answers.c.member, STATEMENT.c.leaf).join(STATEMENT, said))
    times = {(target, member): parse_leaf(leaf).accepted_at for target, member, leaf in leaves}
    addressed = (MAILBOX.c.index.between(first, last), MAILBOX.c.addressed, MAILBOX.c.position.is_not(None))
    found: dict[int, tuple[int | None, bool]] = {}
    for index, member, withdrawn in connection.execute(
        select(MAILBOX.c.index, MAILBOX.c.member, MAILBOX.c.withdrawn).where(*addressed)
    ):
        since_ms, was_withdrawn = found.get(index, (0, False))
        at_ms = times.get((index, member))
        if not withdrawn:
            since_ms = None if since_ms is None or at_ms is None else max(since_ms, at_ms)
        found[index] = since_ms, was_withdrawn or withdrawn
    return found


def _names(table: Table) -> list[str]:
    return [column.name for column in table.c if column.name not in _KEPT]


def _tuples(table: Table, rows: Iterable[dict[str, Any]]) -> set[tuple[Any, ...]]:
    names = _names(table)
    return {tuple(row[name] for name in names) for row in rows}


def _stored(connection: Connection, table: Table, places: Sequence[int]) -> set[tuple[Any, ...]]:
    columns = [table.c[name] for name in _names(table)]
    within = and_(table.c.index >= places[0], table.c.index <= places[-1])
    wanted = set(places)
    at = _names(table).index("index")
    found = {tuple(row) for row in connection.execute(select(*columns).where(within))}
    return {row for row in found if row[at] in wanted}


def compare_withdrawn(
    connection: Connection,
    ceased: Iterable[tuple[Address, int]],
    kept_from: Iterable[tuple[Address, int]],
    unknown: AbstractSet[int],
) -> Iterator[str]:
    """Mail that is withdrawn and should not be, or the reverse.

    Args:
        connection: to the database.
        ceased: members that have, and where.
        kept_from: members without a key, and the place of what was kept from them at once.
        unknown: places of what could not be recounted: whether it was kept from somebody nobody can say.
    """
    due = {row for member, index in ceased for row in _unheard(connection, member, index)} | {*kept_from}
    query = select(MAILBOX.c.member, MAILBOX.c.index).where(MAILBOX.c.withdrawn)
    stored = {(row[0], row[1]) for row in connection.execute(query)}
    further = {row for row in stored - due if row[1] not in unknown}
    for member, index in sorted((due - stored) | further):
        yield f"mailbox: {index} of {member} is withdrawn, or should be"


def compare_endings(
    connection: Connection, ended: Mapping[tuple[int, Address], int | None], unknown: AbstractSet[int]
) -> Iterator[str]:
    """Answers that are waited for and should not be, or the reverse.

    Args:
        connection: to the database.
        ended: who owes an answer to the dispatch at which place, and what ended that.
        unknown: places of what could not be recounted: what they ended nobody can say.
    """
    for row in connection.execute(
        select(OWING.c.index, OWING.c.member, OWING.c.ended).order_by(OWING.c.index, OWING.c.member)
    ):
        index, member, stored = row
        due = ended.get((index, Address(member)))
        if (index, member) in ended and due != stored and not {due, stored} & unknown:
            yield f"owing: the answer of {member} to {index} is waited for, or should be"


def _unheard(connection: Connection, member: Address, index: int) -> Iterator[tuple[str, int]]:
    heard = exists().where(OUTCOME.c.target == MAILBOX.c.index, OUTCOME.c.member == member, OUTCOME.c.index < index)
    heard = heard.where(OUTCOME.c.outcome.in_(("received", "acknowledged", "declined")))
    dispatched = MAILBOX.c.position.is_not(None)
    mail = (MAILBOX.c.member == member, MAILBOX.c.addressed, MAILBOX.c.index < index, dispatched, ~heard)
    for row in connection.execute(select(MAILBOX.c.member, MAILBOX.c.index).where(*mail)):
        yield row[0], row[1]
