"""`SqlBlobs`: what is known of blobs, in SQL (port `broker.ports.blobs.BlobRecords`), and of blobs within a commit.

Whatever writes locks the head first, as a commit does: no blob is dropped while a dispatch that names it is admitted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Any, cast

from sqlalchemy import Connection, Select, and_, delete, exists, func, insert, select, update

from broker.adapters.db import tables
from broker.adapters.db.rows import KEPT_CODES
from broker.core.admission.effects import Admitted
from broker.core.facts import HeldBlob
from broker.core.quota import Quota, Usage, check_quota
from broker.ports.blobs import BlobCount, UploadedBlob
from schemas.addresses import Address
from schemas.encoding import Digest
from schemas.errors import Code, SeraiError

BLOB, LINK, BLOB_DAY = (cast("Any", model).__table__ for model in (tables.BlobRow, tables.LinkRow, tables.BlobDayRow))
_B, _L, _D = BLOB.c, LINK.c, BLOB_DAY.c
_S, _M, _R = (cast("Any", model).__table__.c for model in (tables.StatementRow, tables.MailboxRow, tables.RetentionRow))
_COLUMNS = (_B.id, _B.member, _B.digest, _B.file, _B.size, _B.whole)
_LINKED = exists().where(_L.blob == _B.id)
_DAY_MS = 86_400_000


def _blob(row: Sequence[Any]) -> UploadedBlob:
    return UploadedBlob(row[0], Address(row[1]), Digest(row[2]), row[3], row[4], whole=row[5])


def _fetchable(*wanted: Any) -> Select[Any]:
    """Links of dispatches that are in a member's mailbox and have their text: newest first."""
    return (
        select(*_COLUMNS, _M.member, _L.digest)
        .select_from(LINK)
        .join(_M.member.table, _M.index == _L.index)
        .join(_S.index.table, _S.index == _L.index)
        .outerjoin(BLOB, _B.id == _L.blob)
        .where(_M.withdrawn.is_(False), _S.erased.is_(None), *wanted)
        .order_by(_L.index.desc())
    )


# Within a commit


def held_blobs(
    connection: Connection, wanted: Iterable[tuple[Digest, Address]]
) -> tuple[dict[tuple[Digest, Address], HeldBlob], dict[Digest, str]]:
    """Which of these blobs a member may name: what it has uploaded, or may fetch; and the status of each.

    Args:
        connection: within the transaction.
        wanted: (blob, member) pairs.
    """
    pairs = set(wanted)
    if not pairs:
        return {}, {}
    digests, members = {digest for digest, _ in pairs}, {member for _, member in pairs}
    mine = select(*_COLUMNS, _B.member, _B.digest).where(_B.digest.in_(digests), _B.member.in_(members), _B.whole)
    theirs = _fetchable(_L.digest.in_(digests), _M.member.in_(members), _B.whole, _B.digest == _L.digest)
    held: dict[tuple[Digest, Address], HeldBlob] = {}
    for query in (theirs, mine):
        for *columns, member, digest in connection.execute(query):
            if (pair := (Digest(digest), Address(member))) in pairs:
                held[pair] = HeldBlob(columns[0], columns[4])
    named = select(_L.digest, _S.status).join(_S.index.table, _S.index == _L.index).where(_L.digest.in_(digests))
    return held, {Digest(digest): str(status) for digest, status in connection.execute(named)}


def link_rows(admitted: Iterable[Admitted]) -> list[dict[str, Any]]:
    """The rows of `tables.LinkRow`."""
    return [{"digest": link.digest, "index": item.index, "blob": link.row} for item in admitted for link in item.links]


def unlink(connection: Connection, places: Sequence[int]) -> None:
    """Drop the links of dispatches whose texts are erased."""
    connection.execute(delete(LINK).where(_L.index.in_(places)))


# Beside commits


class SqlBlobs:
    """The records over a database.

    Args:
        writing: begins a transaction with the head locked.
        reading: begins one that only reads.
    """

    def __init__(
        self,
        writing: Callable[[], AbstractContextManager[Connection]],
        reading: Callable[[], AbstractContextManager[Connection]],
    ) -> None:
        self._writing = writing
        self._reading = reading

    def find(self, member: Address, digest: Digest) -> UploadedBlob | None:
        """What a member has uploaded under a digest."""
        with self._reading() as connection:
            return self._find(connection, member, digest)

    @staticmethod
    def _find(connection: Connection, member: Address, digest: Digest) -> UploadedBlob | None:
        mine = _B.member == member, _B.digest == digest
        row = connection.execute(select(*_COLUMNS).where(*mine)).first()
        return None if row is None else _blob(row)

    def begin(self, member: Address, digest: Digest, size: int, file: str, now_ms: int, quota: Quota) -> UploadedBlob:
        """Reserve what an upload needs; if it has begun already, that one as it is."""
        with self._writing() as connection:
            if (begun := self._find(connection, member, digest)) is not None:
                return begun
            day = now_ms // _DAY_MS
            usage = self._usage(connection, member, day)
            check_quota(usage, size, quota)
            values = {"member": member, "digest": digest, "file": file, "size": size, "whole": False}
            made = connection.execute(insert(BLOB).values(**values, since_ms=now_ms).returning(_B.id)).scalar_one()
            connection.execute(delete(BLOB_DAY).where(_D.member == member))
            connection.execute(insert(BLOB_DAY).values(member=member, day=day, size=usage.day_bytes + size))
        return UploadedBlob(made, member, digest, file, size, whole=False)

    @staticmethod
    def _usage(connection: Connection, member: Address, day: int) -> Usage:
        mine = _B.member == member
        partial = connection.execute(select(func.count()).select_from(BLOB).where(mine, ~_B.whole)).scalar_one()
        waiting = connection.execute(select(func.coalesce(func.sum(_B.size), 0)).where(mine, ~_LINKED)).scalar_one()
        today = connection.execute(select(_D.size).where(_D.member == member, _D.day == day)).scalar()
        return Usage(partial, int(waiting), today or 0)

    def complete(self, blob: UploadedBlob, now_ms: int) -> None:
        """It is whole, and on the disk."""
        with self._writing() as connection:
            connection.execute(update(BLOB).where(_B.id == blob.row).values(whole=True, since_ms=now_ms))

    def restart(self, blob: UploadedBlob, file: str, now_ms: int) -> None:
        """Its file is lost, or has other bytes: it is uploaded anew, into another file; a link stays."""
        with self._writing() as connection:
            anew = {"file": file, "whole": False, "since_ms": now_ms}
            connection.execute(update(BLOB).where(_B.id == blob.row).values(**anew))

    def forget(self, blob: UploadedBlob) -> None:
        """Drop the row of an upload that came to nothing, unless a dispatch names it."""
        with self._writing() as connection:
            connection.execute(delete(BLOB).where(_B.id == blob.row, ~_B.whole, ~_LINKED))

    def fetchable(self, member: Address, digest: Digest) -> UploadedBlob:
        """The blob that a member may fetch."""
        with self._reading() as connection:
            rows = connection.execute(_fetchable(_L.digest == digest, _M.member == member)).all()
        if not rows:
            raise SeraiError(Code.NOT_FOUND, "no attachment of this name for this reader")
        kept = [_blob(row) for row in rows if row[0] is not None]
        if not kept:
            raise SeraiError(Code.ERASED, "the network keeps attachments no longer")
        if not (whole := [blob for blob in kept if blob.whole and blob.digest == digest]):
            raise SeraiError(Code.GONE, "the hub has lost this attachment")
        return whole[0]

    def outlived(self, until_ms: int, limit: int) -> int:
        """Let go of attachments whose dispatch all had confirmed by a time; gives how many."""
        over = (
            select(_L.digest, _L.index)
            .join(_R.index.table, _R.index == _L.index)
            .where(_R.kind == KEPT_CODES["mail"], _R.since_ms <= until_ms, _L.blob.is_not(None))
            .limit(limit)
        )
        with self._writing() as connection:
            rows = connection.execute(over).all()
            for digest, index in rows:
                connection.execute(update(LINK).where(_L.digest == digest, _L.index == index).values(blob=None))
        return len(rows)

    def take_unlinked(self, until_ms: int, limit: int) -> Sequence[UploadedBlob]:
        """Drop the rows of whole blobs that no dispatch names and that were whole by a time."""
        return self._take(and_(_B.whole, _B.since_ms <= until_ms), limit)

    def partial(self, until_ms: int, limit: int) -> Sequence[UploadedBlob]:
        """Uploads that are not whole, that no dispatch names, and that began by a time."""
        query = select(*_COLUMNS).where(~_B.whole, _B.since_ms <= until_ms, ~_LINKED).order_by(_B.id).limit(limit)
        with self._reading() as connection:
            return [_blob(row) for row in connection.execute(query)]

    def take_partial(self, blobs: Sequence[UploadedBlob]) -> Sequence[UploadedBlob]:
        """Drop the rows of some of these that are still not whole."""
        return self._take(and_(~_B.whole, _B.id.in_([blob.row for blob in blobs])), len(blobs)) if blobs else []

    def _take(self, over: Any, limit: int) -> list[UploadedBlob]:
        query = select(*_COLUMNS).where(over, ~_LINKED).order_by(_B.since_ms, _B.id).limit(limit)
        with self._writing() as connection:
            blobs = [_blob(row) for row in connection.execute(query)]
            if blobs:
                connection.execute(delete(BLOB).where(_B.id.in_([blob.row for blob in blobs])))
        return blobs

    def all(self) -> Iterator[UploadedBlob]:
        """Every upload, whole or not, in order."""
        after = 0
        while True:
            query = select(*_COLUMNS).where(_B.id > after).order_by(_B.id).limit(500)
            with self._reading() as connection:
                rows = connection.execute(query).all()
            if not rows:
                return
            yield from (_blob(row) for row in rows)
            after = rows[-1][0]

    def files(self, names: Sequence[str]) -> frozenset[str]:
        """Those of these names that are some upload's."""
        with self._reading() as connection:
            return frozenset(connection.execute(select(_B.file).where(_B.file.in_(names))).scalars())

    def count(self) -> BlobCount:
        """How many there are, and how large."""
        query = select(_B.whole, func.count(), func.coalesce(func.sum(_B.size), 0)).group_by(_B.whole)
        with self._reading() as connection:
            found = {bool(whole): (count, int(size)) for whole, count, size in connection.execute(query)}
        return BlobCount(*found.get(True, (0, 0)), *found.get(False, (0, 0)))
