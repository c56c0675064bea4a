"""What a plan does not meet of a country's profile, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from clients.documents.columns import shorten
from clients.documents.plain import clean
from clients.documents.texts import label, label_of
from schemas.addresses import Address
from schemas.labels import CodedValue, find_code
from schemas.operations.demands import DemandKind, UnmetDemand
from schemas.reports.base import LINE_CHARACTERS
from schemas.reports.operations.codes import PlanItem, SubstitutionPlan
from schemas.reports.operations.parts import ProfileDemand
from schemas.reports.profile import LetterOfRequest

_NOBODY: Final = Address("")
_CODES: Final[Mapping[DemandKind, type[CodedValue]]] = {
    DemandKind.SUBSTITUTION: SubstitutionPlan,
    DemandKind.STATED: PlanItem,
    DemandKind.LETTER: LetterOfRequest,
}
"""Of which table the words of a demand may be a code."""


def demand_text(demand: UnmetDemand) -> str:
    """A demand in words: what is asked for, and how much of it or which."""
    if not demand.words:
        return label(demand.kind)
    codes = _CODES.get(demand.kind)
    words = label_of(codes, demand.words) if codes is not None else demand.words
    return f"{label(demand.kind)}: {shorten(clean(words), LINE_CHARACTERS)}"


def frozen_text(frozen: ProfileDemand) -> str:
    """A profile on which a plan rests, and what the plan does not meet of it, as its sender has written that."""
    named = f"{frozen.member} ({frozen.digest[:8]})"
    return f"{named}: {'; '.join(map(_line_text, frozen.not_met))}" if frozen.not_met else named


def _line_text(line: str) -> str:
    """A demand as a form has it: the code of its kind, and what is asked; what nobody knows here as it was written."""
    code, _sep, words = line.partition(": ")
    kind = find_code(DemandKind, code)
    return clean(line) if kind is None else demand_text(UnmetDemand(_NOBODY, kind, words))
