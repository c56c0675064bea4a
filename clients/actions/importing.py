"""A file of seizures before anything of it is sent: what would go, what would not, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from clients.actions.client import Client
from clients.actions.progress import Work
from clients.actions.seizure_file import digest_file, rows_of, stamp_of
from clients.errors import ClientError, LocalCode
from clients.formats.ids_import import Importer, NotOurs, Ours, UnusableRow, judge_row
from clients.store import OutState, Store
from schemas.addresses import domain_of, is_country
from schemas.claims import Status
from schemas.reports import SeizureReport

MOST_LISTED: Final = 1_000
"""So many unusable rows are kept one by one, and so many others by name; all are counted."""

MANY: Final = "..."
"""Stands for all others whose rows there are."""

_NAME: Final = 74  # the longest address


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """What a person wants to import.

    Attributes:
        path: the file, plain or gzip.
        status: how the reports will be marked.
        skips_repeated: whether rows that say just what rows of another file said are left out.
    """

    path: Path
    status: Status
    skips_repeated: bool = False


@dataclass(slots=True)
class ImportPlan:
    """What a file amounts to for one member.

    Attributes:
        path: the file.
        by: who imports it, how marked, and the digest of its content.
        stamp: what tells that the file was changed.
        skips_repeated: whether repeated rows are left out.
        new: rows that would be sent.
        before: rows that were put into the outbox by an earlier import.
        known: rows that are dispatches in the store already, exported from there.
        repeated: how many new rows say just what rows of another file said.
        not_ours: how many rows are whose else.
        unusable: why no report can be made of rows, for the first `MOST_LISTED` of them.
        unusable_count: all of them.
        first: the first report that would be sent.
        days: the earliest and the latest day of what would be sent; empty if there is none.
    """

    path: Path
    by: Importer
    stamp: tuple[int, ...]
    skips_repeated: bool = False
    new: int = 0
    before: int = 0
    known: int = 0
    repeated: int = 0
    not_ours: Counter[str] = field(default_factory=Counter)
    unusable: list[UnusableRow] = field(default_factory=list)
    unusable_count: int = 0
    first: SeizureReport | None = None
    days: tuple[str, str] = ("", "")

    @property
    def ours(self) -> int:
        """Rows that are reports of this member."""
        return self.new + self.before + self.known + (self.repeated if self.skips_repeated else 0)

    @property
    def rows(self) -> int:
        """All rows."""
        return self.ours + self.not_ours.total() + self.unusable_count


def start_plan(client: Client, options: ImportOptions) -> ImportPlan:
    """The plan of a file of which nothing but the digest is known yet.

    Args:
        client: who imports it.
        options: what.

    Raises:
        ClientError: ``not_a_country`` if the member is of none; as `digest_file`.
    """
    member, path = client.store.keys.member, options.path
    if not is_country(domain_of(member)):
        raise ClientError(LocalCode.NOT_A_COUNTRY, member=member)
    stamp = stamp_of(path)
    by = Importer(member, options.status, digest_file(path, client.progress))
    return ImportPlan(path, by, stamp, options.skips_repeated)


def read_plan(client: Client, plan: ImportPlan) -> Iterator[UnusableRow]:
    """Look at every row, and give those that are unusable; the plan is whole when nothing more comes.

    Raises:
        ClientError: as `clients.actions.seizure_file.rows_of`.
    """
    for each in judged(client, plan, Work.CHECKING):
        if isinstance(each, NotOurs):
            plan.not_ours[_whose(each, plan)] += 1
        elif isinstance(each, UnusableRow):
            plan.unusable_count += 1
            if len(plan.unusable) < MOST_LISTED:
                plan.unusable.append(UnusableRow(each.fault))  # a row may be long
            yield each
        else:
            _count(plan, each, client.store)


def judged(client: Client, plan: ImportPlan, work: Work) -> Iterator[Ours | NotOurs | UnusableRow]:
    """Every row of a plan's file in order, judged.

    Raises:
        ClientError: as `clients.actions.seizure_file.rows_of`.
    """
    for row in rows_of(plan.path, work, client.progress):
        yield judge_row(row, plan.by)


def _whose(row: NotOurs, plan: ImportPlan) -> str:
    """Whose a row is; a file that has a new name in each row is not kept in memory."""
    is_short = len(row.whose) <= _NAME
    return row.whose if row.whose in plan.not_ours or (is_short and len(plan.not_ours) < MOST_LISTED) else MANY


def _count(plan: ImportPlan, ours: Ours, store: Store) -> None:
    if row_of(ours, plan, store) is not None:
        plan.before += 1
    elif _is_known(ours, store):
        plan.known += 1
    else:
        is_repeated = store.imports.is_repeated(plan.by.content, ours.text)
        plan.repeated += is_repeated
        if not (is_repeated and plan.skips_repeated):
            _count_new(plan, ours.report)


def _count_new(plan: ImportPlan, report: SeizureReport) -> None:
    plan.new += 1
    plan.first = plan.first or report
    days = sorted(day for day in (*plan.days, report.date) if day)
    plan.days = days[0], days[-1]


def _is_known(ours: Ours, store: Store) -> bool:
    """Whether a row is a dispatch that stands in the store."""
    return bool(ours.digest) and store.items.has(ours.digest)


def is_left_out(ours: Ours, plan: ImportPlan, store: Store) -> bool:
    """Whether a row that is not in the outbox shall not go there."""
    return _is_known(ours, store) or (plan.skips_repeated and store.imports.is_repeated(plan.by.content, ours.text))


def row_of(ours: Ours, plan: ImportPlan, store: Store) -> int | None:
    """The row of the outbox that a line became; ``None`` if none, or if the hub has refused that for good."""
    row = store.imports.outgoing(plan.by.content, ours.line)
    state = store.outbox.states([row]).get(row) if row is not None else None
    return None if state in (None, OutState.REFUSED) else row
