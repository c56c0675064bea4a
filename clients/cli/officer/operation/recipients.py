"""Asking who gets a fact or a note beside those who need it."""

from __future__ import annotations

import click

from clients.actions.operations.known import KnownOperation
from clients.actions.operations.recipients import others_of, read_recipients
from clients.cli.ui import note
from clients.documents.texts import _, label_of
from schemas.addresses import Address
from schemas.errors import SeraiError
from schemas.operations.words import OperationPart


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
