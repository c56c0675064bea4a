"""Keys that will soon be out of date: said thirty days before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from clients.cli.texts import _, plural
from clients.state import State
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
    def text(self) -> str:
        """What to tell, and how to mend it."""
        mend = "serai officer add " + self.address if is_officer(self.address) else "serai renew"
        if self.days is None:
            return _("{address} is not certified, as far as is known here.").format(address=self.address)
        if self.days < 0:
            return _("The key of {address} is out of date: {mend}").format(address=self.address, mend=mend)
        left = plural("{count} day", "{count} days", self.days)
        text = _("The key of {address} is out of date in {left}: {mend}")
        return text.format(address=self.address, left=left, mend=mend)


def endings(state: State, warn_days: int = WARN_DAYS) -> list[Ending]:
    """Own addresses of which a person should hear."""
    found = []
    for address in state.own_addresses():
        current = state.directory.current(address, state.place)
        days = None if current is None else (current.statement.claims.exp - state.place.time_s) // _DAY_S
        if days is None or days < warn_days:
            found.append(Ending(address, days))
    return found
