"""What a provider permits: which handling code holds, and for what it may be used (PROTOCOL 6).

A report is of its *provider*: the member that sent it, or the one that its `provider` names where it was passed on.
What the provider has not permitted needs its permission, for everybody but the provider itself. The Traffic Light
Protocol restricts passing on too; it is never turned into a handling code.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from schemas.labels import CodedValue

CODES: Final = ("H0", "H1", "H2", "H3")
"""The handling codes, from the one that permits most to the one that permits least."""


class Use(CodedValue):
    """What somebody wants to do with a report, beyond reading it on a screen."""

    OWN = "own", "for the own agency's work", "для работы своего ведомства"
    OTHERS = "others", "for another agency", "для другого ведомства"
    COURT = "court", "for judicial proceedings", "для суда"


_PERMITTED: Final[Mapping[str, frozenset[Use]]] = {
    "H0": frozenset(Use),
    "H1": frozenset({Use.OWN, Use.OTHERS}),
    "H2": frozenset({Use.OWN}),
    "H3": frozenset(),
}


def handling_that_holds(cover: str, report: Iterable[str] = ()) -> str:
    """The strictest of the codes; one that is not known permits nothing, so it counts as the strictest there is.

    Args:
        cover: code of the cover.
        report: codes H0 to H3 that the report names; empty where it was not opened.
    """
    return max((code if code in CODES else CODES[-1] for code in (cover, *report)), key=CODES.index)


def is_permitted(use: Use, holds: str, colours: Iterable[str] = ()) -> bool:
    """Whether a use needs no permission of the provider.

    Args:
        use: what is wanted.
        holds: the handling code that holds; one that is not known permits nothing.
        colours: of the Traffic Light Protocol that the report names; one that is not known lets nothing be passed on.
    """
    if use is Use.OTHERS and any(colour not in ("green", "clear") for colour in colours):
        return False
    return use in _PERMITTED.get(holds, frozenset())
