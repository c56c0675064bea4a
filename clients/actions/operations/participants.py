"""Who takes part in an operation, and as what: proposed from the plan, read as typed, spelled; pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from schemas.addresses import Address, parse_member
from schemas.errors import SeraiError
from schemas.labels import find_code
from schemas.operations.words import OperationPart
from schemas.reports.operations import OperationForm, PlanContent

CENTRE: Final = Address("CENTRE/ROOM")
"""The room that coordinates, where there is one."""

_PAIR: Final = re.compile(r"(\S+?)\s*[=:\s]\s*(.+)")


def parse_parts(text: str) -> dict[Address, str] | None:
    """Members with their parts, ``UZ/NFP transit, RU/NFP=destination``, in either language; ``None`` if it is none."""
    found: dict[Address, str] = {}
    for each in filter(None, (part.strip() for part in text.split(","))):
        pair = _PAIR.fullmatch(each)
        part = find_code(OperationPart, pair[2]) if pair is not None else None
        if pair is None or part is None:
            return None
        try:
            found[parse_member(pair[1].upper())] = part.value
        except SeraiError:
            return None
    return found or None


def spell_parts(parts: Mapping[Address, str]) -> str:
    """Members with their parts, as `parse_parts` reads them."""
    return ", ".join(f"{member} {part}" for member, part in parts.items())


def propose_parts(form: OperationForm, known: Iterable[Address]) -> dict[Address, str]:
    """Whom a plan names, each with the part that it seems to have.

    Where the goods begin is the origin, where they end the destination, between them transit; who is asked and answers
    for no leg observes; the room coordinates.

    Args:
        form: the plan.
        known: members that can be written to.
    """
    if not isinstance(form, PlanContent):
        return {}
    on_the_way = [leg.member for leg in form.legs]
    found = dict.fromkeys(on_the_way, "transit")
    if on_the_way:
        found |= {on_the_way[0]: "origin", on_the_way[-1]: "destination"}
    others = dict.fromkeys([*(each.member for each in form.asks), form.stop_rule.decided_by])
    found |= {each: "observer" if on_the_way else "transit" for each in others if each not in found}
    return found | ({CENTRE: "coordinator"} if CENTRE in found or CENTRE in known else {})
