"""Asking what a country guarantees or demands with its decision: ticked, all in one line."""

from __future__ import annotations

import click

from clients.actions.operations.guarantees import TICKED, read_guarantees
from clients.cli.ui import note
from clients.documents.texts import _, label
from schemas.reports.operations.parts import Guarantee


def ask_guarantees() -> tuple[Guarantee, ...]:
    """Ticks, by number; Enter for none."""
    note(_("What do you guarantee or demand with it?"))
    for number, kind in enumerate(TICKED, 1):
        note(f"  {number:>2}  {label(kind)}")
    while True:
        question = _("Numbers with spaces between them; Enter: none")
        typed: str = click.prompt(question, default="", show_default=False, err=True)
        found = read_guarantees(typed.replace(",", " ").split())
        if found is not None:
            return found
        note(_("This answer cannot be used; please type it again."))
