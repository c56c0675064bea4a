"""What a client believes of its network and of the ledger; pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from clients.store import Head, StoredItem
from schemas.directory import UNREADABLE, Directory, NetworkEpoch, Position, apply_statement, mark_unread
from schemas.errors import SeraiError
from schemas.frames import Cursors
from schemas.statements import parse_statement


@dataclass(frozen=True, slots=True)
class Belief:
    """What a client believes of its network and of the ledger, all of one moment.

    Attributes:
        directory: what the public statements say.
        public_end: above the newest public statement that was applied.
        epochs: every epoch that was learned, perhaps ahead of the directory.
        head: newest verified state of the ledger.
        cursors: next ledger index wanted on each lane.
    """

    directory: Directory
    public_end: int
    epochs: tuple[NetworkEpoch, ...]
    head: Head | None
    cursors: Cursors


@dataclass(frozen=True, slots=True)
class Replayed:
    """What stored public statements come to.

    Attributes:
        directory: what they say.
        public_end: above the newest one that was applied.
        dropped: those that do not follow after all, because one that came late stands below them; and why.
    """

    directory: Directory
    public_end: int
    dropped: tuple[tuple[StoredItem, SeraiError], ...]


def replay(network: str, items: Iterable[StoredItem]) -> Replayed:
    """Compute a directory anew.

    Args:
        network: the pinned identity.
        items: the public statements of the store, in the order of the ledger.
    """
    directory, end, dropped = Directory(network), 0, []
    for item in items:
        if item.statement is None or item.index is None or item.step is not None:
            continue
        try:
            directory = _applied(directory, item.statement, Position(item.index, item.leaf.accepted_s))
        except SeraiError as error:
            dropped.append((item, error))
            continue
        end = item.index + 1
    return Replayed(directory, end, tuple(dropped))


def _applied(directory: Directory, text: str, place: Position) -> Directory:
    """The directory after a public statement, which this program may have learnt to read since it came."""
    try:
        return apply_statement(directory, directory.verify(parse_statement(text)), place)
    except SeraiError as error:
        if error.code not in UNREADABLE:
            raise
        return mark_unread(directory, text, place)
