"""Matters: what two questions of deconfliction have in common or not, in one spelling (PROTOCOL 16).

A number is typed with spaces or without, in capitals or not, in Cyrillic letters that look like Latin ones, in digits
of another script. Its canonical form is by code points alone, so that every program computes the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Final

from schemas.identifiers import LOOK_ALIKES, IdentifierKind
from schemas.reports.deconflict import ComparedNumber, ComparedPoint, DeconflictReport

_SAME_KIND: Final = {
    IdentifierKind.TRAILER_PLATE.value: IdentifierKind.VEHICLE_PLATE.value,
    IdentifierKind.COURIER_PARCEL.value: IdentifierKind.POSTAL_ITEM.value,
}
"""Kinds that people take for each other: what one calls the lorry's plate another calls that of its trailer."""

_FULL_WIDTH: Final = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
_DIGITS: Final = {first + digit: str(digit) for first in (0x0660, 0x06F0) for digit in range(10)}
_CAPITALS: Final = {
    **{code: chr(code - 0x20) for code in (*range(0x61, 0x7B), *range(0x0430, 0x0450))},
    **{code: chr(code - 0x50) for code in range(0x0450, 0x0460)},
}
_SEPARATORS: Final = re.compile("[\x00-/:-@\\[-`{-\xbf\u2000-\u206f\u2116\u2212\u3000\ufeff]+")
"""What stands between letters and digits: all of ASCII and Latin-1 that is neither, dashes, spaces, the number sign."""

_IMO: Final = re.compile(r"^(IMO)+")
_ABROAD: Final = re.compile(r"^(00)+")
_TRUNK: Final = re.compile(r"^8(?=[79][0-9]{9}$)")
"""The 8 that is dialled for +7 before a mobile number; no country's code begins with 87 or 89 and has eleven digits."""


def canonical_text(text: str) -> str:
    """Letters and digits in one spelling; everything between them is left out."""
    folded = text.translate(_FULL_WIDTH).translate(_DIGITS).translate(_CAPITALS).translate(LOOK_ALIKES)
    return _SEPARATORS.sub("", folded)


def canonical_number(kind: str, value: str) -> str:
    """The canonical form of a number: it is that of itself, and two numbers that differ in letters or digits stay so.

    Args:
        kind: an `IdentifierKind`, or a later word.
        value: as written.
    """
    text = canonical_text(value)
    if kind == IdentifierKind.IMO_SHIP:
        return _IMO.sub("", text)
    if kind == IdentifierKind.PHONE:
        return _TRUNK.sub("7", _ABROAD.sub("", text))
    return text


def matters_of(form: DeconflictReport) -> frozenset[str]:
    """What a question asks about: a number with its kind, or a border point on a day. What is nothing is left out.

    Args:
        form: the question.
    """
    return frozenset((*number_matters(form.numbers), *point_matters(form.points)))


def number_matters(numbers: Iterable[ComparedNumber]) -> Iterator[str]:
    """Numbers with their kinds; what is nothing is left out."""
    for each in numbers:
        kind, canonical = str(each.kind.value), canonical_number(each.kind.value, each.value)
        if canonical:
            yield f"{_SAME_KIND.get(kind, kind)}:{canonical}"


def point_matters(points: Iterable[ComparedPoint]) -> Iterator[str]:
    """Border points, each by every name that it has, on every day."""
    for each in points:
        names = {canonical_text(name) for name in (each.un_locode, each.name) if name is not None} - {""}
        yield from (f"point:{name}:{day}" for name in sorted(names) for day in _days(each))


def _days(point: ComparedPoint) -> Iterator[str]:
    first = date.fromisoformat(point.first_day)
    last = date.fromisoformat(point.last_day or point.first_day)
    return ((first + timedelta(days=more)).isoformat() for more in range((last - first).days + 1))
