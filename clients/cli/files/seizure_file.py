"""Reading a file of seizures before anything is sent: what would go, what would not, and why."""

from __future__ import annotations

import hashlib
import stat
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Final

from clients.cli.faults import Fault
from clients.cli.progress import Progress
from clients.cli.texts import _
from clients.ids_import import Importer, NotOurs, Ours, Refused, judge_row
from clients.store import OutState, Store
from clients.unodc import COLUMNS, Reason, open_file, read_rows
from schemas.addresses import Address, domain_of, is_country
from schemas.errors import Code, SeraiError
from schemas.reports import SeizureReport

MAX_CONTENT_BYTES: Final = 1 << 30
"""Largest content of a file, unpacked: more than five times all seizures of the world in four years."""

MOST_TOLD: Final = 1_000
"""So many refused rows are told one by one, and so many others by name; ``--refused`` writes all rows."""

MANY: Final = "..."
"""Stands for all others whose rows there are."""

_CHUNK: Final = 65_536
_NAME: Final = 74  # the longest address
_UNREADABLE: Final = (EOFError, OSError, zlib.error)
_PACKED: Final = {b"PK\x03\x04", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd", b"7z\xbc\xaf"}


@dataclass
class Plan:
    """What a file amounts to for one member.

    Attributes:
        path: the file.
        by: who imports it, how marked, and the digest of its content.
        stamp: what tells that the file was changed.
        new: rows that would be sent.
        before: rows that were put into the outbox by an earlier import.
        known: rows that are dispatches in the store already, exported from there.
        repeated: how many new rows say just what rows of another file said.
        skips: whether those are left out.
        not_ours: how many rows are whose else.
        refused: why no report can be made of rows, for the first `MOST_TOLD` of them.
        refused_count: all of them.
        first: the first report that would be sent.
        days: the earliest and the latest day of what would be sent; empty if there is none.
    """

    path: Path
    by: Importer
    stamp: tuple[int, ...]
    new: int = 0
    before: int = 0
    known: int = 0
    repeated: int = 0
    skips: bool = False
    not_ours: Counter[str] = field(default_factory=Counter)
    refused: list[Refused] = field(default_factory=list)
    refused_count: int = 0
    first: SeizureReport | None = None
    days: tuple[str, str] = ("", "")

    @property
    def ours(self) -> int:
        """Rows that are reports of this member."""
        return self.new + self.before + self.known + (self.repeated if self.skips else 0)

    @property
    def rows(self) -> int:
        """All rows."""
        return self.ours + self.not_ours.total() + self.refused_count


def start_plan(path: Path, member: Address, status: str, *, skips: bool = False) -> Plan:
    """The plan of a file of which nothing but the digest is known yet.

    Args:
        path: the file.
        member: who imports it.
        status: how the reports will be marked.
        skips: whether rows that say just what rows of another file said are left out.

    Raises:
        SeraiError: ``not_permitted`` if the member is of no country, ``malformed_report`` if it is no such file.
    """
    if not is_country(domain_of(member)):
        raise Fault(
            Code.NOT_PERMITTED,
            _("{member} is of no country, and a file is imported for the own country").format(member=member),
            _("Let the focal point of each country import it."),
        )
    if not stat.S_ISREG(path.stat().st_mode):
        raise _no_file(_("{path} is not a regular file").format(path=path), _("Save it to a disk first."))
    stamp = stamp_of(path)
    return Plan(path, Importer(member, status, _digest(path)), stamp, skips=skips)


def read_plan(plan: Plan, store: Store) -> Iterator[Refused]:
    """Look at every row, and gives those that are refused; the plan is whole when nothing more comes.

    Raises:
        SeraiError: ``malformed_report`` if the columns are not those of such a file.
    """
    for each in judged(plan, _("Checking")):
        if isinstance(each, NotOurs):
            plan.not_ours[_whose(each, plan)] += 1
        elif isinstance(each, Refused):
            plan.refused_count += 1
            if len(plan.refused) < MOST_TOLD:
                plan.refused.append(Refused(each.fault))  # a row may be long
            yield each
        else:
            _count(plan, each, store)


def _whose(row: NotOurs, plan: Plan) -> str:
    """Whose a row is; a file that has a new name in each row is not kept in memory."""
    is_short = len(row.whose) <= _NAME
    return row.whose if row.whose in plan.not_ours or (is_short and len(plan.not_ours) < MOST_TOLD) else MANY


def _count(plan: Plan, ours: Ours, store: Store) -> None:
    if row_of(ours, plan, store) is not None:
        plan.before += 1
    elif is_known(ours, store):
        plan.known += 1
    else:
        is_repeated = store.imports.is_repeated(plan.by.content, ours.text)
        plan.repeated += is_repeated
        if not (is_repeated and plan.skips):
            _count_new(plan, ours.report)


def _count_new(plan: Plan, report: SeizureReport) -> None:
    plan.new += 1
    plan.first = plan.first or report
    days = sorted(day for day in (*plan.days, report.date) if day)
    plan.days = days[0], days[-1]


def is_known(ours: Ours, store: Store) -> bool:
    """Whether a row is a dispatch that stands in the store."""
    return bool(ours.digest) and store.items.has(ours.digest)


def is_left_out(ours: Ours, plan: Plan, store: Store) -> bool:
    """Whether a row that is not in the outbox shall not go there."""
    return is_known(ours, store) or (plan.skips and store.imports.is_repeated(plan.by.content, ours.text))


def row_of(ours: Ours, plan: Plan, store: Store) -> int | None:
    """The row of the outbox that a line became; ``None`` if none, or if the hub has refused that for good."""
    row = store.imports.outgoing(plan.by.content, ours.line)
    state = store.outbox.states([row]).get(row) if row is not None else None
    return None if state in (None, OutState.REFUSED) else row


def judged(plan: Plan, what: str) -> Iterator[Ours | NotOurs | Refused]:
    """Every row in order, judged; how far it is, is shown.

    Args:
        plan: of which file.
        what: what is going on, for people.

    Raises:
        SeraiError: ``malformed_report`` as by `read_plan`.
    """
    with (
        open_file(plan.path) as stream,
        Progress(what, plan.path.stat().st_size, plain=True, counts=False) as progress,
    ):
        try:
            for row in read_rows(stream):
                progress.reach(_position(stream))
                yield judge_row(row, plan.by)
        except SeraiError as error:
            raise _explain(plan.path, error) if error.code is Code.MALFORMED_REPORT else error from None


def stamp_of(path: Path) -> tuple[int, ...]:
    """What is another after a file was changed; the last of it nobody can set back."""
    seen = path.stat()
    return seen.st_dev, seen.st_ino, seen.st_size, seen.st_mtime_ns, seen.st_ctime_ns


def _digest(path: Path) -> str:
    """SHA-256 of the content, the same however it is packed and called."""
    digest, size = hashlib.sha256(), 0
    with open_file(path) as stream, Progress(_("Reading"), path.stat().st_size, plain=True, counts=False) as progress:
        while chunk := _read(path, stream):
            digest.update(chunk)
            size += len(chunk)
            progress.reach(_position(stream))
            if size > MAX_CONTENT_BYTES:
                text = _("{path} holds more than {count} MiB").format(path=path, count=MAX_CONTENT_BYTES >> 20)
                raise _no_file(text, _("Split it into smaller files, each with the line of column names."))
    if not size:
        raise _no_file(_("{path} is empty").format(path=path), _("Ask for it again."))
    return digest.hexdigest()


def _read(path: Path, stream: BinaryIO) -> bytes:
    """The next bytes. Half a file is not imported: whole, later, it would be another one, and sent again."""
    try:
        return stream.read(_CHUNK)
    except _UNREADABLE as error:
        text = _("{path} is damaged, or cut off: {why}").format(path=path, why=error)
        raise _no_file(text, _("Fetch it again; nothing of it was sent.")) from None


def _position(stream: BinaryIO) -> int:
    """How far the packed file was read."""
    raw: BinaryIO = getattr(stream, "fileobj", None) or stream
    return raw.tell()


def _no_file(text: str, hint: str) -> Fault:
    return Fault(Code.MALFORMED_REPORT, text, hint)


def _explain(path: Path, error: SeraiError) -> Fault:
    """Why the first line is not that of such a file, as far as can be told."""
    with open_file(path) as stream:
        line = stream.readline(_CHUNK)
    save = _("Save it as CSV in UTF-8, with semicolons between the columns.")
    if any(line.startswith(magic) for magic in _PACKED):
        return _no_file(_("{path} is a spreadsheet or an archive").format(path=path), save)
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError:
        return _no_file(_("{path} is not UTF-8").format(path=path), save)
    if ";" not in text and any(mark in text for mark in (",", "\t")):
        return _no_file(_("{path} has no semicolons between its columns").format(path=path), save)
    hint = _("The first line must name these columns: {columns}.").format(columns=" ".join(COLUMNS))
    return _no_file(f"{path}: {error.detail}", hint)


def remedy(reason: Reason) -> str:
    """What to do about a row that was refused."""
    hints = {
        Reason.WRONG_COLUMNS: _("Give the line as many cells as the first line; a semicolon in a text needs quotes."),
        Reason.LINE_TOO_LONG: _("Shorten the line, or close its quotation mark."),
        Reason.NOT_UTF8: _("Save the file as UTF-8."),
        Reason.BAD_QUOTES: _("Close the quotation mark; write one in a text twice."),
        Reason.BAD_DATE: _("Write the day as 2026-11-24."),
        Reason.BAD_AMOUNT: _("Write the amount in figures with a point: 2.5; leave it empty if it is not known."),
        Reason.UNKNOWN_COUNTRY: _("Write the country's English or Russian name, or its code of two letters."),
        Reason.NO_DRUG_NAME: _("Say what was seized."),
        Reason.TEXT_TOO_LONG: _("Shorten the text to 255 characters."),
        Reason.OTHER_STATUS: _("An exercise is sent as one, and nothing else is: see --status."),
    }
    return hints.get(reason, _("Mend the line, or send it with serai send seizure."))
