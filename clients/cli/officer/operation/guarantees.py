"""Asking what a country guarantees or demands with its decision: ticked, all in one line."""

from __future__ import annotations

import click

from clients.actions.operations.guarantees import TICKED, Ticks, read_guarantees
from clients.cli.ui import note
from clients.documents.texts import _, label


def ask_guarantees() -> Ticks:
    """Ticks, by number; Enter for none."""
    note(_("What do you guarantee or demand with it?"))
    for number, kind in enumerate(TICKED, 1):
        note(f"  {number:>2}  {label(kind)}")
    note(f"  {len(TICKED) + 1:>2}  {_('As in our profile')}")
    while True:
        question = _("Numbers with spaces between them; Enter: none")
        typed: str = click.prompt(question, default="", show_default=False, err=True)
        found = read_guarantees(typed.replace(",", " ").split())
        if found is not None:
            return found
        note(_("This answer cannot be used; please type it again."))
