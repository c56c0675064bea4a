"""What a plan does not meet of a country's profile, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from clients.documents.operations.words import words_of
from clients.documents.texts import label, label_of
from schemas.labels import CodedValue
from schemas.operations.demands import DemandKind, UnmetDemand
from schemas.reports.operations.codes import PlanItem, SubstitutionPlan
from schemas.reports.profile import LetterOfRequest

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
    return f"{label(demand.kind)}: {words_of(words)}"
