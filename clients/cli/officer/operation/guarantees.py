"""What a country guarantees or demands with its decision: ticked, all in one line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import click

from clients.cli.ui import note
from clients.documents.texts import _, label
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
