"""What a country guarantees or demands with its decision: ticked, not typed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from schemas.labels import find_code
from schemas.reports.operations.codes import GuaranteeKind
from schemas.reports.operations.parts import Guarantee

TICKED: Final = tuple(kind for kind in GuaranteeKind if kind is not GuaranteeKind.OTHER)
"""Those that need no words."""


AS_IN_PROFILE: Final = "as_in_profile"
"""The tick that stands for all: the guarantees are those of the country's profile, on which the request rests."""


@dataclass(frozen=True, slots=True)
class Ticks:
    """What was ticked.

    Attributes:
        guarantees: each by itself.
        as_in_profile: whether those of the country's profile are meant.
    """

    guarantees: tuple[Guarantee, ...] = ()
    as_in_profile: bool = False


def read_guarantees(words: Sequence[str]) -> Ticks | None:
    """Guarantees by their codes, or by their numbers in the list; ``None`` if one is none.

    Args:
        words: each a number from 1, or a code; the number after the last one is ``as_in_profile``.
    """
    as_in_profile = {AS_IN_PROFILE, str(len(TICKED) + 1)}
    plain = [word for word in words if word not in as_in_profile]
    found: dict[GuaranteeKind, None] = {}
    for word in plain:
        is_number = word.isdecimal() and 1 <= int(word) <= len(TICKED)
        kind: GuaranteeKind | None = TICKED[int(word) - 1] if is_number else find_code(GuaranteeKind, word)
        if kind is None or kind not in TICKED:
            return None
        found[kind] = None
    return Ticks(tuple(Guarantee(kind=kind) for kind in found), len(plain) < len(words))


def spell_guarantees(ticks: Ticks) -> str:
    """Guarantees by their codes, as `read_guarantees` reads them."""
    words = [each.kind.value for each in ticks.guarantees]
    return " ".join([*words, AS_IN_PROFILE] if ticks.as_in_profile else words)
