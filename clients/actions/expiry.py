"""Own keys that will soon be out of date: a person is told thirty days before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from clients.mail.state import State
from schemas.addresses import Address, is_officer

WARN_DAYS: Final = 30
_DAY_S: Final = 24 * 3600


@dataclass(frozen=True, slots=True)
class Ending:
    """A credential of an own address that ends soon, has ended, or is not there.

    Attributes:
        address: whose.
        days: until it ends; negative if it has; ``None`` if there is none.
    """

    address: Address
    days: int | None

    @property
    def is_over(self) -> bool:
        """Whether there is no credential in force."""
        return self.days is None or self.days < 0


def endings(state: State, warn_days: int = WARN_DAYS) -> list[Ending]:
    """Own addresses of which a person should be told; officers that were removed are none."""
    found = []
    for address in state.own_addresses():
        if state.keys.signing and is_officer(address) and state.is_removed(address):
            continue  # its end was wanted
        current = state.directory.current(address, state.place)
        days = None if current is None else (current.statement.claims.exp - state.place.time_s) // _DAY_S
        if days is None or days < warn_days:
            found.append(Ending(address, days))
    return found
