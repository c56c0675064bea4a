"""Numbers that officers say to each other: the index in the ledger, ``10 423``; in an exercise ``EX 10 423``."""

# ruff: noqa: RUF001 - Russian letters that look Latin

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_PREFIX: Final = {"exercise": "EX ", "test": "TEST "}
_LATIN: Final = str.maketrans("ЕХТС", "EXTS")  # typed on a Russian keyboard, EX and TEST look the same
_NUMBER: Final = re.compile(r"(?:(EX|TEST)[ -]*)?([0-9]{1,15}|[0-9]{1,3}(?:[ ,.\u00a0\u202f][0-9]{3}){1,4})")


@dataclass(frozen=True, slots=True)
class SpokenNumber:
    """A number as a person said it.

    Attributes:
        index: in the ledger.
        status: ``exercise`` or ``test`` if the person said so before the number.
    """

    index: int
    status: str | None


def spell_number(index: int, status: str | None) -> str:
    """An index of the ledger as it is spoken."""
    return _PREFIX.get(status or "", "") + f"{index:,}".replace(",", " ")


def parse_spoken(text: str) -> SpokenNumber | None:
    """The number that a person says, and as what; ``None`` if it is none, or more than one."""
    found = _NUMBER.fullmatch(text.strip().upper().translate(_LATIN))
    if found is None:
        return None
    status = next((status for status, prefix in _PREFIX.items() if prefix.strip() == found[1]), None)
    return SpokenNumber(int(re.sub(r"[^0-9]", "", found[2])), status)


def parse_number(text: str) -> int | None:
    """The index that a person means; ``None`` if it is no number."""
    spoken = parse_spoken(text)
    return spoken.index if spoken else None
