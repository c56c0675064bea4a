"""Exhibits, and what balances (PROTOCOL 16). Values only."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Context, Decimal
from functools import reduce
from typing import Final

from schemas.addresses import Address
from schemas.operations.terms import Colour

_EXACT: Final = Context(prec=200)
"""Sums of quantities are never rounded: a quantity has at most 55 digits."""


def plus(one: Decimal, other: Decimal) -> Decimal:
    """A sum, exact."""
    return _EXACT.add(one, other)


def minus(one: Decimal, other: Decimal) -> Decimal:
    """A difference, exact."""
    return _EXACT.subtract(one, other)


@dataclass(frozen=True, slots=True, order=True)
class Measure:
    """What is added and what is not: one kind in one unit.

    Attributes:
        group: code of the kind.
        name: of the kind, where the group is ``other``; in small letters.
        unit: code of the unit, or its word where that is ``other``.
    """

    group: str
    name: str
    unit: str


@dataclass(frozen=True, slots=True)
class Exhibit:
    """An exhibit, in the tree of what comes of what.

    Attributes:
        name: on its label.
        step: that registered it.
        parent: of which it comes.
        relation: ``root``, ``piece``, ``sample``, ``removed`` or ``dummy``.
        holder: in whose hands it is.
        since_ms: since when.
        colour: of its custody: amber while one side alone signed.
        amounts: registered in it, by measure.
        remaining: by the books: what is in it still.
        not_counted_because: why nobody knows how much.
        ended: ``seized``, ``destroyed`` or ``lost``, if it is.
        stays: whether it travels with the consignment no more.
        steps: that concern it, in order.
        seals: numbers of its seals, as they were stated last.
        laboratory: number of the laboratory that has it, or had it last.
        offered_to: to whom it is offered, by name.
        offer: the step that offers it.
    """

    name: str
    step: str
    parent: str | None
    relation: str
    holder: Address | None
    since_ms: int
    colour: Colour
    amounts: dict[Measure, Decimal]
    remaining: dict[Measure, Decimal]
    not_counted_because: str | None
    ended: str | None
    stays: bool
    steps: tuple[str, ...]
    seals: tuple[str, ...] = ()
    laboratory: str | None = None
    offered_to: Address | None = None
    offer: str | None = None


@dataclass(frozen=True, slots=True)
class Balance:
    """What came in and what became of it: in = seized + samples + removed + destroyed + lost + difference.

    Attributes:
        measure: of what.
        came_in: registered.
        seized: of it.
        samples: of it.
        removed: of it.
        destroyed: of it.
        lost: of it.
        not_counted: exhibits of this kind, or of any, whose amount nobody knows yet and says why.
    """

    measure: Measure
    came_in: Decimal = Decimal(0)
    seized: Decimal = Decimal(0)
    samples: Decimal = Decimal(0)
    removed: Decimal = Decimal(0)
    destroyed: Decimal = Decimal(0)
    lost: Decimal = Decimal(0)
    not_counted: tuple[str, ...] = ()

    @property
    def difference(self) -> Decimal:
        """What came in and is accounted for nowhere: while goods travel, what is on the way."""
        gone = (self.seized, self.samples, self.removed, self.destroyed, self.lost)
        return reduce(minus, gone, self.came_in)


@dataclass(frozen=True, slots=True)
class Custody:
    """Exhibits and how they balance.

    Attributes:
        exhibits: parents before what comes of them.
        balances: by measure.
    """

    exhibits: tuple[Exhibit, ...] = ()
    balances: tuple[Balance, ...] = ()
