"""Numbers that officers say to each other: the place in the ledger, ``10 423``; in an exercise ``EX 10 423``."""

# ruff: noqa: RUF001 - Russian letters that look Latin

from __future__ import annotations

import re
from typing import Final, NamedTuple

import click

from clients.cli.texts import _

_PREFIX: Final = {"exercise": "EX ", "test": "TEST "}
_LATIN: Final = str.maketrans("ЕХТС", "EXTS")  # typed on a Russian keyboard, EX and TEST look the same
_NUMBER: Final = re.compile(r"(?:(EX|TEST)[ -]*)?([0-9]{1,15}|[0-9]{1,3}(?:[ ,.\u00a0\u202f][0-9]{3}){1,4})")


def spell_number(place: int, status: str | None) -> str:
    """A place as it is spoken."""
    return _PREFIX.get(status or "", "") + f"{place:,}".replace(",", " ")


def parse_number(text: str) -> int | None:
    """The place that a person means; ``None`` if it is no number."""
    spoken = parse_spoken(text)
    return spoken.place if spoken else None


class Spoken(NamedTuple):
    """A number as a person said it.

    Attributes:
        place: in the ledger.
        status: ``exercise`` or ``test`` if the person said so before the number.
    """

    place: int
    status: str | None


def parse_spoken(text: str) -> Spoken | None:
    """The number that a person says, and as what; ``None`` if it is none, or more than one."""
    found = _NUMBER.fullmatch(text.strip().upper().translate(_LATIN))
    if found is None:
        return None
    status = next((status for status, prefix in _PREFIX.items() if prefix.strip() == found[1]), None)
    return Spoken(int(re.sub(r"[^0-9]", "", found[2])), status)


class NumberArgument(click.Argument):
    """``N``: one number, which may be typed as it is spoken, in several words."""

    def __init__(self, *_args: object, **_options: object) -> None:
        super().__init__(["number"], nargs=-1, required=True, metavar="N")

    def type_cast_value(self, ctx: click.Context, value: object) -> object:
        """The number."""
        words = super().type_cast_value(ctx, value)
        if not words:
            return None
        spoken = parse_spoken(" ".join(words))
        if spoken is None:
            raise click.BadParameter(_("the number of a dispatch is due: 10423, or EX 10 423"), ctx, self)
        return self.given(spoken)

    def given(self, spoken: Spoken) -> object:
        """What the command gets."""
        return spoken.place


class SpokenArgument(NumberArgument):
    """The same where it matters whether a person takes it for an exercise."""

    def given(self, spoken: Spoken) -> object:
        """The number, and as what it was said."""
        return spoken
