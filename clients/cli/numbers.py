"""Numbers that officers say to each other: the place in the ledger, ``10 423``; in an exercise ``EX 10 423``."""

from __future__ import annotations

import re
from typing import Final

import click

from clients.cli.texts import _

_PREFIX: Final = {"exercise": "EX ", "test": "TEST "}
_NUMBER: Final = re.compile(r"(?:(?:EX|TEST)[ -]*)?([0-9][0-9 ,.\u00a0\u202f]*)", re.IGNORECASE)


def spell_number(place: int, status: str | None) -> str:
    """A place as it is spoken."""
    return _PREFIX.get(status or "", "") + f"{place:,}".replace(",", " ")


def parse_number(text: str) -> int | None:
    """The place that a person means; ``None`` if it is no number."""
    found = _NUMBER.fullmatch(text.strip())
    return int(re.sub(r"[^0-9]", "", found[1])) if found else None


class NumberArgument(click.Argument):
    """``N``: one number, which may be typed as it is spoken, in several words."""

    def __init__(self, *_args: object, **_options: object) -> None:
        super().__init__(["number"], nargs=-1, required=True, metavar="N")

    def type_cast_value(self, ctx: click.Context, value: object) -> int | None:
        """The number."""
        words = super().type_cast_value(ctx, value)
        if not words:
            return None
        number = parse_number(" ".join(words))
        if number is None:
            raise click.BadParameter(_("the number of a dispatch is due: 10423, or EX 10 423"), ctx, self)
        return number
