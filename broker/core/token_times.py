"""What members' tokens say of the time: a warning for the operator, never a reason to move a clock."""

from __future__ import annotations

from statistics import median
from typing import Final

from schemas.addresses import Address

KEPT_S: Final = 3_600.0
"""How long what a member's token said counts."""

DIFFERS_S: Final = 60
"""A difference that is more than lines and slow machines make."""

_COUNTRIES: Final = 3
"""One that is wrong, or lies, is no warning."""


class TokenTimes:
    """The largest difference that each country's tokens had lately: a member can make units, but not countries.

    A client whose token is refused corrects its clock by the hub's time and comes again at once, so the newest
    token of a member says nothing.
    """

    def __init__(self) -> None:
        self._said: dict[str, tuple[int, float]] = {}

    def note(self, member: Address, difference_s: int, now_s: float) -> None:
        """Take in a token whose signature holds.

        Args:
            member: whose.
            difference_s: when it was signed less the hub's time, seconds.
            now_s: seconds of a clock that never goes back.
        """
        country = member.partition("/")[0]
        before = self._said.get(country)
        if before is None or now_s - before[1] > KEPT_S or abs(difference_s) >= abs(before[0]):
            self._said[country] = difference_s, now_s

    def difference_s(self, now_s: float) -> int:
        """By how much the clocks of most members are ahead of the hub's, in seconds; 0 while too few have come.

        Args:
            now_s: seconds of a clock that never goes back.
        """
        self._said = {country: said for country, said in self._said.items() if now_s - said[1] <= KEPT_S}
        if len(self._said) < _COUNTRIES:
            return 0
        return int(median(difference for difference, _ in self._said.values()))
