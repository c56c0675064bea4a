"""The mailroom: what was committed lately, and who is waiting for it.

Commits of the last moments stay in memory, once, for all sessions; a session that lags
behind them reads from the database. So memory is bounded whatever anybody does not read.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from broker.core.prover import TileCache
from broker.core.tree import TileSource
from broker.service.head import LedgerHead, RecentTiles
from broker.service.items import LiveItem
from broker.service.sequencer import Commit
from schemas import limits
from schemas.addresses import Address
from schemas.directory import Directory
from schemas.errors import Code, SeraiError

RECENT_BYTES = 32 * 1024 * 1024
"""About what recent commits may take."""


class Listener(Protocol):
    """A session, as the mailroom sees it."""

    def wake(self) -> None:
        """There is something for the session's mailbox."""

    def replace(self) -> None:
        """A newer session of the seat has come."""


@dataclass(frozen=True, slots=True)
class Recent:
    """One commit in memory."""

    start: int
    end: int
    public: tuple[LiveItem, ...]
    by_member: dict[Address, list[LiveItem]]
    size_bytes: int


class Mailroom:
    """Sessions, recent commits and the committed head.

    Args:
        tiles: committed tiles.
        cache: of inner nodes.
    """

    def __init__(self, tiles: TileSource, cache: TileCache | None = None) -> None:
        self._tiles = RecentTiles(tiles)
        self._cache = cache or TileCache()
        self._recent: deque[Recent] = deque()
        self._recent_bytes = 0
        self._sessions: dict[Address, dict[str, Listener]] = {}
        self.head: LedgerHead = LedgerHead(0, "", self._tiles, self._cache)
        self.directory: Directory | None = None

    def load(self, size: int, note: str, directory: Directory) -> None:
        """Take the state that was read at start."""
        self._tiles.clear()
        self._cache.clear()
        self._forget()
        self.head = LedgerHead(size, note, self._tiles, self._cache)
        self.directory = directory

    def _forget(self) -> None:
        self._recent.clear()
        self._recent_bytes = 0

    def publish(self, commit: Commit) -> None:
        """Take a commit and wake those it is for: everybody, if one before it was not seen."""
        missed = commit.start != self.head.size
        if missed:
            self._tiles.clear()
            self._forget()
        self._tiles.add(dict(commit.tiles))
        self.head = LedgerHead(commit.head.size, commit.head.note, self._tiles, self._cache)
        self.directory = commit.directory
        recent = _recent(commit)
        self._keep(recent)
        if commit.withdrawn:
            self._forget()  # what was withdrawn may be in it; the database knows
        self._wake(self._sessions if missed or recent.public else recent.by_member)

    def _keep(self, recent: Recent) -> None:
        self._recent.append(recent)
        self._recent_bytes += recent.size_bytes
        while self._recent_bytes > RECENT_BYTES:
            self._recent_bytes -= self._recent.popleft().size_bytes

    def _wake(self, members: Iterable[Address]) -> None:
        for member in list(members):
            for session in list(self._sessions.get(member, {}).values()):
                session.wake()

    def since(self, size: int) -> list[Recent] | None:
        """Recent commits from a size on; ``None`` if memory does not reach back so far."""
        if size == self.head.size:
            return []
        if not self._recent or self._recent[0].start > size:
            return None
        found: list[Recent] = []
        for recent in reversed(self._recent):
            if recent.end <= size:
                break
            found.append(recent)
        return found[::-1]

    # Sessions

    def join(self, member: Address, seat: str, session: Listener) -> None:
        """A session takes its seat; the one that had it is replaced.

        Raises:
            SeraiError: ``rate_limited`` if the member has too many seats open.
        """
        seats = self._sessions.setdefault(member, {})
        if (old := seats.get(seat)) is not None:
            old.replace()
        elif len(seats) >= limits.SEATS:
            raise SeraiError(Code.RATE_LIMITED, f"more than {limits.SEATS} seats")
        seats[seat] = session

    def leave(self, member: Address, seat: str, session: Listener) -> None:
        """A session gives its seat up, if it still has it."""
        seats = self._sessions.get(member, {})
        if seats.get(seat) is session:
            del seats[seat]
            if not seats:
                del self._sessions[member]

    def sessions(self) -> Iterator[Listener]:
        """Every live session."""
        for seats in list(self._sessions.values()):
            yield from list(seats.values())

    def count(self) -> int:
        """How many sessions are live."""
        return sum(len(seats) for seats in self._sessions.values())


def _recent(commit: Commit) -> Recent:
    public: list[LiveItem] = []
    by_member: dict[Address, list[LiveItem]] = {}
    size_bytes = 0
    for admitted in commit.admitted:
        item = LiveItem(admitted)
        size_bytes += 1_000 + 2 * len(admitted.statement.text)
        if admitted.content is not None:
            size_bytes += 2 * len(admitted.content.body) + sum(len(e.data) for e in admitted.content.entries)
        if admitted.leaf.public:
            public.append(item)
        for member in item.members:
            by_member.setdefault(member, []).append(item)
    return Recent(commit.start, commit.head.size, tuple(public), by_member, size_bytes)
