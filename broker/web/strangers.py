"""Strangers: connections that have shown no good token yet, and what all of them together may cost.

Anybody can open a connection, so none may cost much, and all together must leave room for those with a token:
descriptors, memory, and processor time. Where there are too many, the oldest of the address that has the most is
cut: a flood from one address pushes out itself. What has shown a token is counted by its member.
"""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv6Address, ip_address
from typing import Any, Final

from broker.core.budget import Budget
from schemas.addresses import Address

RESERVED: Final = 256
"""Descriptors that are no connections: database, register, helpers, standard streams."""

REQUESTS_BURST: Final = 1_000
"""Requests of all strangers that are answered at once."""

REQUESTS_PER_S: Final = 500
"""Requests of all strangers that are answered in a second after that; one costs about half a millisecond."""

ADDRESS_BURST: Final = 128
"""Requests of the strangers of one address that are answered at once: each of 32 seats asks a few times."""

ADDRESS_PER_S: Final = 16
"""Requests of the strangers of one address that are answered in a second after that."""

BODIES: Final = 32
"""Bodies of strangers that wait for their token to be judged: of each about 256 KiB have been read."""

ADDRESSES: Final = 4_096
"""Addresses of which it is remembered what they have spent."""


class Cut(StrEnum):
    """Why a connection is ended without an answer; what stands in the log and in the metrics."""

    TOO_MANY = "too_many"
    TOO_OFTEN = "too_often"
    TOO_LATE = "too_late"
    TOO_LARGE = "too_large"
    PIPELINED = "pipelined"
    MALFORMED = "malformed"
    UPGRADE = "unknown_upgrade"
    HANDSHAKE = "tls_handshake"
    FLOOD = "flood"


Note = Callable[[Cut, Address | None], object]
"""Takes note of what is cut, with its member if it has shown a token."""


@dataclass(frozen=True, slots=True)
class StrangerLimits:
    """How many connections there may be at once.

    Attributes:
        most: strangers.
        of_address: strangers of one address; addresses of this machine, where a proxy may stand, have no such limit.
        of_member: connections that have shown a token of one member: a line for each of its 32 seats, and requests.
        room: connections of all kinds.
    """

    most: int = 512
    of_address: int = 64
    of_member: int = 128
    room: int = 65_536 - RESERVED


def limits_for(descriptors: int) -> StrangerLimits:
    """What so many open files allow: half of them at least for connections, half of those at least for tokens."""
    room = max(descriptors - RESERVED, descriptors // 2)
    return StrangerLimits(most=min(StrangerLimits().most, room // 2), room=room)


class Visit:
    """One connection, from the moment it is accepted, whichever protocol it speaks.

    Args:
        strangers: those that count it.
        address: of its peer, as `address_of` gives it.
        abort: ends the connection at once.

    Attributes:
        address: as above.
        member: of the token it has shown; ``None`` for a stranger.
        is_cut: whether it ends because it broke a rule.
    """

    __slots__ = ("_abort", "_go_on", "_spent", "_strangers", "address", "is_cut", "member")

    def __init__(self, strangers: Strangers, address: str, abort: Callable[[], object]) -> None:
        self._strangers = strangers
        self._abort = abort
        self._go_on: Callable[[], object] = _nothing
        self._spent = 0
        self.address = address
        self.member: Address | None = None
        self.is_cut = False

    def ends_by(self, abort: Callable[[], object]) -> None:
        """From now on it is another object that ends the connection at once."""
        self._abort = abort

    def goes_on_by(self, go_on: Callable[[], object]) -> None:
        """What gives it time anew: a body that comes, or an answer that is read."""
        self._go_on = go_on

    def go_on(self) -> None:
        """It has shown a token, and gone on with a body or an answer that takes long."""
        if self.member is not None:
            self._go_on()

    def may_bring(self) -> bool:
        """Whether a body may wait for its token to be judged; those with a token may always."""
        return self.member is not None or self._strangers.hold_body(self)

    def may_ask(self) -> bool:
        """Whether one more request, or a handshake, is answered now; those with a token may always."""
        if self.member is not None:
            return True
        self._spent += 1
        return self._strangers.spend(self.address)

    def welcome(self, member: Address) -> None:
        """It has shown a good token: it is a stranger no more, and what it cost is forgotten."""
        if self.member is None:
            self._strangers.welcome(self, member, self._spent)

    def note(self, why: Cut) -> None:
        """It ends for this reason; the first one counts."""
        if not self.is_cut:
            self.is_cut = True
            self._strangers.note(why, self.member)

    def cut(self, why: Cut) -> None:
        """End it without an answer."""
        self.note(why)
        self._abort()

    def abort(self) -> None:
        """End it at once, and drop what waits to be sent; that is no fault."""
        self._abort()

    def leave(self) -> None:
        """It has ended."""
        self._strangers.leave(self)
        self._abort = self._go_on = _nothing  # what ended it would keep it


def _nothing() -> None:
    """It has ended already."""


class _Groups:
    """Visits by a key, each group in order of coming."""

    def __init__(self) -> None:
        self._groups: dict[str, dict[Visit, None]] = {}
        self.count = 0

    def add(self, key: str, visit: Visit) -> int:
        """Gives how many the group has."""
        group = self._groups.setdefault(key, {})
        group[visit] = None
        self.count += 1
        return len(group)

    def remove(self, key: str, visit: Visit) -> None:
        """Nothing if it is not there."""
        group = self._groups.get(key, {})
        if visit in group:
            del group[visit]
            self.count -= 1
            if not group:
                del self._groups[key]

    def oldest(self, key: str) -> Visit:
        """Of a group."""
        return next(iter(self._groups[key]))

    def largest(self) -> str:
        """The key of the group that has the most."""
        return max(self._groups, key=lambda key: len(self._groups[key]))


class Strangers:
    """Keeps count of every connection.

    Args:
        now_s: seconds that never go back.
        note: takes note of each that is cut.
        limits: how many there may be.
    """

    def __init__(self, now_s: Callable[[], float], note: Note, limits: StrangerLimits | None = None) -> None:
        self._now_s = now_s
        self.note = note
        self._limits = limits or StrangerLimits()
        self._strangers = _Groups()
        self._known = _Groups()
        self._requests = Budget(REQUESTS_BURST, REQUESTS_PER_S)
        self._of_address: dict[str, Budget] = {}
        self._bodies: set[Visit] = set()

    def __len__(self) -> int:
        """How many strangers there are."""
        return self._strangers.count

    def enter(self, peer: object, abort: Callable[[], object]) -> Visit:
        """A connection has been accepted; an older one, or this one if there is no other, may be cut for it.

        Args:
            peer: host and port.
            abort: ends the connection at once.
        """
        visit = Visit(self, address_of(peer), abort)
        of_address = self._strangers.add(visit.address, visit)
        if visit.address and of_address > self._limits.of_address:
            self._cut_oldest(self._strangers, visit.address)
        elif len(self) > self._limits.most or len(self) + self._known.count > self._limits.room:
            self._cut_oldest(self._strangers, self._strangers.largest())
        return visit

    @staticmethod
    def _cut_oldest(groups: _Groups, key: str) -> None:
        oldest = groups.oldest(key)
        groups.remove(key, oldest)  # its connection may be lost later: it counts as gone at once
        oldest.cut(Cut.TOO_MANY)

    def welcome(self, visit: Visit, member: Address, spent: int) -> None:
        """A stranger has shown a good token; the member's oldest connection is cut if it has too many.

        Args:
            visit: the stranger.
            member: of the token.
            spent: requests that it was answered until now.
        """
        self._strangers.remove(visit.address, visit)
        self._bodies.discard(visit)
        visit.member = member
        self._requests.give_back(spent)
        if visit.address in self._of_address:
            self._of_address[visit.address].give_back(spent)
        if self._known.add(member, visit) > self._limits.of_member:
            self._cut_oldest(self._known, member)

    def leave(self, visit: Visit) -> None:
        """A connection has ended; nothing if it has left before."""
        self._bodies.discard(visit)
        self._strangers.remove(visit.address, visit)
        if visit.member is not None:
            self._known.remove(visit.member, visit)

    def hold_body(self, visit: Visit) -> bool:
        """Whether a stranger's body may wait for its token to be judged; a few at a time, of a read each."""
        if len(self._bodies) >= BODIES:
            return False
        self._bodies.add(visit)
        return True

    def spend(self, address: str) -> bool:
        """Whether one more request of a stranger is answered now.

        Args:
            address: of its peer; an empty one may use up what all have together.
        """
        now_s = self._now_s()
        if address and not self._budget_of(address, now_s).spend(1, now_s):
            return False
        return self._requests.spend(1, now_s)

    def _budget_of(self, address: str, now_s: float) -> Budget:
        budget = self._of_address.get(address)
        if budget is None:
            if len(self._of_address) >= ADDRESSES:
                kept = {key: each for key, each in self._of_address.items() if not each.is_full(now_s)}
                self._of_address = kept if len(kept) < ADDRESSES else {}
            budget = self._of_address[address] = Budget(ADDRESS_BURST, ADDRESS_PER_S)
        return budget


def address_of(peer: object) -> str:
    """What stands for the address of a peer: of IPv6 the first 64 bits, which one owner has.

    Args:
        peer: host and port; anything else is a peer of this machine.

    Returns:
        Empty for this machine, where a proxy may stand, and for Unix sockets.
    """
    try:
        address = ip_address(peer[0])  # type: ignore[index]  # whatever is no pair raises
    except (ValueError, LookupError, TypeError):
        return ""
    if isinstance(address, IPv6Address):
        address = address.ipv4_mapped or address
    if address.is_loopback:
        return ""
    return f"{int(address) >> 64:x}::" if isinstance(address, IPv6Address) else str(address)


def go_on(scope: MutableMapping[str, Any]) -> None:
    """Say that a long body or answer has gone on.

    Args:
        scope: of ASGI; without a visit, as another server makes it, nothing waits.
    """
    visit: Visit | None = scope.get("state", {}).get("visit")
    if visit is not None:
        visit.go_on()


def welcome(scope: MutableMapping[str, Any], member: Address) -> None:
    """Say that a request has shown a good token.

    Args:
        scope: of ASGI; without a visit, as another server makes it, nothing is counted.
        member: of the token.
    """
    visit: Visit | None = scope.get("state", {}).get("visit")
    if visit is not None:
        visit.welcome(member)
