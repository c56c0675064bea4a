"""Asking who takes part in an operation, and as what."""

from __future__ import annotations

from collections.abc import Mapping

import click

from clients.actions.operations.participants import parse_parts
from clients.cli.ui import note
from clients.documents.texts import _, label
from schemas.addresses import Address
from schemas.labels import find_code
from schemas.operations.words import OperationPart


def ask_parts(proposed: Mapping[Address, str]) -> dict[Address, str]:
    """Who takes part: as proposed, by Enter, or as typed."""
    note(_("Who takes part, and as what? All of them get this and what is decided."))
    for member, part in proposed.items():
        word = find_code(OperationPart, part)
        note(f"  {member:<14} {part:<12} {label(word) if word is not None else ''}".rstrip())
    question = _("Enter if all is right; or type all of them: UZ/NFP transit, RU/NFP destination")
    while True:
        typed: str = click.prompt(question, default="", show_default=False, err=True).strip()
        found = dict(proposed) if not typed and proposed else parse_parts(typed)
        if found is not None:
            return found
        parts = ", ".join(part.value for part in OperationPart)
        note(_("This answer cannot be used. Parts are: {parts}").format(parts=parts))
