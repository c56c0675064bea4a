"""Who gets a fact or a note beside those who need it: the sender chooses among those who take part."""

from __future__ import annotations

from collections.abc import Sequence

from clients.actions.operations.known import KnownOperation
from clients.actions.writing import ALL
from schemas.addresses import Address, parse_member


def others_of(known: KnownOperation, own: Address) -> list[Address]:
    """Members that take part, without the own one and without those that left."""
    lead = [known.state.lead] if known.state.lead is not None else []
    parts = [member for member, part in known.state.parts.items() if part != "left"]
    return [each for each in dict.fromkeys((*lead, *parts)) if each != own]


def read_recipients(typed: Sequence[str], others: Sequence[Address]) -> tuple[Address, ...]:
    """Recipients as they were typed: addresses, numbers of the list, or the word for all who take part.

    Raises:
        SeraiError: ``malformed_address``.
    """
    words = [word.upper() for each in typed for word in each.replace(",", " ").split()]
    if words in ALL:
        return tuple(others)
    return tuple(dict.fromkeys(_read(word, others) for word in words))


def _read(word: str, others: Sequence[Address]) -> Address:
    if word.isdecimal() and 1 <= int(word) <= len(others):
        return others[int(word) - 1]
    return parse_member(word)
