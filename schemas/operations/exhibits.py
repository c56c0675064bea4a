"""An exhibit while facts are applied to it, and quantities by kind and unit (PROTOCOL 16)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from schemas.addresses import Address
from schemas.operations.books import Exhibit, Measure, plus
from schemas.operations.terms import Colour
from schemas.reports.operations import ExhibitForm
from schemas.reports.operations.parts import GoodsAmount

Amounts = dict[Measure, Decimal]


def measured(amounts: Iterable[GoodsAmount]) -> Amounts:
    """Quantities by kind and unit; the same kind twice is added."""
    found: Amounts = {}
    for each in amounts:
        name = " ".join(each.name.split()).casefold() if each.name is not None and each.group.value == "other" else ""
        unit = (
            each.unit.value if each.unit.value != "other" else " ".join((each.unit_as_written or "").split()).casefold()
        )
        measure = Measure(each.group.value, name, unit)
        found[measure] = plus(found.get(measure, Decimal(0)), Decimal(each.quantity))
    return found


def sum_of(one: Amounts, other: Amounts) -> Amounts:
    """Two quantities together, by kind and unit."""
    zero = Decimal(0)
    return {measure: plus(one.get(measure, zero), other.get(measure, zero)) for measure in {**one, **other}}


@dataclass(slots=True)
class ExhibitNode:
    """An exhibit while facts are applied to it."""

    name: str
    step: str
    parent: str | None
    relation: str
    holder: Address
    since_ms: int
    colour: Colour
    amounts: Amounts
    not_counted_because: str | None
    remaining: Amounts = field(default_factory=dict)
    lost: Amounts = field(default_factory=dict)
    ended: str | None = None
    stays: bool = False
    seals: tuple[str, ...] = ()
    laboratory: str | None = None
    offered_to: Address | None = None
    offer: str | None = None
    steps: list[str] = field(default_factory=list)

    def mark(self, form: ExhibitForm) -> None:
        """Take over the numbers that a fact has of it: of its seals, of a laboratory."""
        self.seals = form.seals or self.seals
        self.laboratory = form.laboratory_reference or self.laboratory

    def move(self, holder: Address, at_ms: int, colour: Colour) -> None:
        """Put it into somebody's hands; whatever was offered is offered no more."""
        self.offered_to = self.offer = None
        if self.holder != holder:
            self.holder, self.since_ms, self.colour = holder, at_ms, colour

    def exhibit(self) -> Exhibit:
        """As it is in the end."""
        return Exhibit(
            name=self.name,
            step=self.step,
            parent=self.parent,
            relation=self.relation,
            holder=self.holder,
            since_ms=self.since_ms,
            colour=self.colour,
            amounts=self.amounts,
            remaining=self.remaining,
            not_counted_because=self.not_counted_because,
            ended=self.ended,
            stays=self.stays,
            seals=self.seals,
            laboratory=self.laboratory,
            offered_to=self.offered_to,
            offer=self.offer,
            steps=tuple(self.steps),
        )
