"""A machine's clock that a test turns (port `broker.ports.MachineClock`), and a record of life in memory."""

from __future__ import annotations

from broker.core.timekeeping import SignOfLife
from schemas.ids import make_uuid7

MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
YEAR = 365 * DAY
NOW = 1_796_000_000_000


class Dial:
    """A clock whose hands a test moves.

    Attributes:
        wall_ms: what it says, milliseconds since 1970 UTC.
        synchronised: what the system says of it.
    """

    def __init__(self, wall_ms: int = NOW, *, synchronised: bool = False) -> None:
        self.wall_ms = wall_ms
        self.synchronised = synchronised
        self._monotonic_ms = 5_000
        self._made = 0

    def pass_ms(self, ms: int) -> None:
        """Let time pass."""
        self.wall_ms += ms
        self._monotonic_ms += ms

    def offset_ms(self) -> int:
        """The wall clock less the monotonic one."""
        return self.wall_ms - self._monotonic_ms

    def monotonic_ms(self) -> int:
        """Milliseconds that nobody moves."""
        return self._monotonic_ms

    def is_synchronised(self) -> bool:
        """As the test says."""
        return self.synchronised

    def new_jti(self) -> str:
        """A UUIDv7, each another."""
        self._made += 1
        return make_uuid7(self.wall_ms, self._made.to_bytes(10))


class MemoryLife:
    """A record in memory (port `broker.ports.LifeRecord`)."""

    def __init__(self, sign: SignOfLife | None = None) -> None:
        self.sign = sign

    def read(self) -> SignOfLife | None:
        """What was written."""
        return self.sign

    def write(self, sign: SignOfLife) -> None:
        """Replace it."""
        self.sign = sign
