"""What a country guarantees or demands with its decision: ticked, not typed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from schemas.labels import find_code
from schemas.reports.operations.codes import GuaranteeKind
from schemas.reports.operations.parts import Guarantee

TICKED: Final = tuple(kind for kind in GuaranteeKind if kind is not GuaranteeKind.OTHER)
"""Those that need no words."""


def read_guarantees(words: Sequence[str]) -> tuple[Guarantee, ...] | None:
    """Guarantees by their codes, or by their numbers in the list; ``None`` if one is none.

    Args:
        words: each a number from 1, or a code.
    """
    found: dict[GuaranteeKind, None] = {}
    for word in words:
        is_number = word.isdecimal() and 1 <= int(word) <= len(TICKED)
        kind: GuaranteeKind | None = TICKED[int(word) - 1] if is_number else find_code(GuaranteeKind, word)
        if kind is None or kind not in TICKED:
            return None
        found[kind] = None
    return tuple(Guarantee(kind=kind) for kind in found)


def spell_guarantees(found: Sequence[Guarantee]) -> str:
    """Guarantees by their codes, as `read_guarantees` reads them."""
    return " ".join(each.kind.value for each in found)
