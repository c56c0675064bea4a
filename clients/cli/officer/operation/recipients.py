"""Who gets a fact or a note beside those who need it: the sender chooses."""

from __future__ import annotations

from collections.abc import Sequence

import click

from clients.actions.operations.known import KnownOperation
from clients.cli.officer.asking import ALL
from clients.cli.ui import note
from clients.documents.texts import _, label_of
from schemas.addresses import Address, parse_member
from schemas.errors import SeraiError
from schemas.operations.words import OperationPart


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


def ask_recipients(known: KnownOperation, own: Address, *, needed: bool) -> tuple[Address, ...]:
    """Who else gets it.

    Args:
        known: the operation.
        own: the own member.
        needed: whether somebody has to be named.
    """
    others = others_of(known, own)
    note(
        _("Who gets it?") if needed else _("Lead and coordinator get it. Who else? The others see only that it exists.")
    )
    for number, member in enumerate(others, 1):
        part = known.state.parts.get(member)
        note(f"  {number:>2}  {member:<14} {label_of(OperationPart, part) if part else ''}".rstrip())
    question = _("Numbers or addresses, or ALL") if needed else _("Numbers or addresses, ALL, or Enter: nobody else")
    while True:
        typed: str = click.prompt(question, default="", show_default=False, err=True).strip()
        try:
            found = read_recipients([typed], others)
        except SeraiError:
            found = ()
        if found or (not typed and not needed):
            return found
        note(_("This answer cannot be used; please type it again."))
