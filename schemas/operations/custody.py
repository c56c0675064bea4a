"""Exhibits: what comes of what, in whose hands, and whether it balances (PROTOCOL 16)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from schemas.addresses import Address
from schemas.operations.books import Balance, Custody, Exhibit, Measure, minus, plus
from schemas.operations.facts import Fact
from schemas.operations.results import Because
from schemas.operations.state import Contradiction
from schemas.operations.terms import Colour, ContradictionKind, Rule
from schemas.reports.operations import ExhibitForm, HandForm
from schemas.reports.operations.codes import ExhibitEvent, HandStage
from schemas.reports.operations.parts import ExhibitPart, GoodsAmount

Amounts = dict[Measure, Decimal]

_RELATIONS: Final = {
    ExhibitEvent.SPLIT: "piece",
    ExhibitEvent.SAMPLED: "sample",
    ExhibitEvent.REMOVED: "removed",
    ExhibitEvent.SUBSTITUTED: "dummy",
}
_ENDS: Final = (ExhibitEvent.SEIZED, ExhibitEvent.DESTROYED, ExhibitEvent.LOST)
_COLUMNS: Final = ("came_in", "seized", "samples", "removed", "destroyed", "lost")


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


def _sum(one: Amounts, other: Amounts) -> Amounts:
    zero = Decimal(0)
    return {measure: plus(one.get(measure, zero), other.get(measure, zero)) for measure in {**one, **other}}


@dataclass(slots=True)
class _Node:
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
    ended: str | None = None
    stays: bool = False
    steps: list[str] = field(default_factory=list)

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
            steps=tuple(self.steps),
        )


def custody_of(facts: Sequence[Fact], agreed: Mapping[Measure, Decimal]) -> tuple[Custody, list[Contradiction]]:
    """The tree of exhibits, its balances, and what is wrong with them.

    Args:
        facts: in their order; those that give way are passed over.
        agreed: the quantity at most of the plan in force.
    """
    books = _Books()
    for fact in facts:
        if fact.gives_way_to is not None:
            continue
        if isinstance(fact.form, ExhibitForm):
            books.apply(fact, fact.form)
        elif isinstance(fact.form, HandForm) and fact.form.stage is HandStage.ACCEPTED:
            books.hand(fact, fact.form)
    return books.close(agreed)


class _Books:
    """The books of exhibits, fact by fact."""

    def __init__(self) -> None:
        self._nodes: dict[str, _Node] = {}
        self._columns: dict[str, Amounts] = {name: {} for name in _COLUMNS}
        self._found: list[Contradiction] = []

    def apply(self, fact: Fact, form: ExhibitForm) -> None:
        """What a fact of an exhibit does."""
        if form.event is ExhibitEvent.REGISTERED:
            self._register(fact, form)
            return
        node = self._nodes.get(form.exhibit)
        if node is None:
            self._wrong(ContradictionKind.EXHIBIT_UNKNOWN, Colour.RED, fact, form.exhibit)
            return
        node.steps.append(fact.step.digest)
        if form.event in _RELATIONS:
            self._come_of(fact, form, node)
        elif form.event in _ENDS:
            self._end(fact, form, node)
        elif form.event is ExhibitEvent.WEIGHED:
            self._weigh(fact, form, node)
        elif form.event is ExhibitEvent.FOUND:
            self._find(fact, form, node)
        if form.holder is not None and form.event is not ExhibitEvent.SUBSTITUTED:
            self._move(node, form.holder, fact)

    def hand(self, fact: Fact, form: HandForm) -> None:
        """A handover: of the exhibits that it names, else of what travels and is in the giver's hands."""
        if form.exhibits:
            nodes = [self._nodes[name] for name in form.exhibits if name in self._nodes]
            for name in form.exhibits:
                if name not in self._nodes:
                    self._wrong(ContradictionKind.EXHIBIT_UNKNOWN, Colour.RED, fact, name)
        else:
            travelling = (node for node in self._nodes.values() if not node.stays and node.ended is None)
            nodes = [node for node in travelling if node.holder == form.other]
        for node in nodes:
            node.steps.append(fact.step.digest)
            self._move(node, fact.member, fact)

    def close(self, agreed: Mapping[Measure, Decimal]) -> tuple[Custody, list[Contradiction]]:
        """Exhibits, balances and faults."""
        uncounted = [node for node in self._nodes.values() if not node.amounts and node.relation != "dummy"]
        for node in uncounted:
            if node.not_counted_because is None:
                self._silent(node)
        waiting = tuple(node.name for node in uncounted if node.not_counted_because is not None)
        measures = sorted({measure for column in self._columns.values() for measure in column})
        balances = []
        for measure in measures:
            values = {name: column.get(measure, Decimal(0)) for name, column in self._columns.items()}
            balances.append(Balance(measure, not_counted=waiting, **values))
        for measure, most in agreed.items():
            came = self._columns["came_in"].get(measure, Decimal(0))
            if came > most:
                steps = tuple(
                    node.step for node in self._nodes.values() if measure in node.amounts and node.parent is None
                )
                difference = ((measure, minus(came, most)),)
                kind, because = ContradictionKind.QUANTITY_EXCEEDED, Because(Rule.F2, steps)
                self._found.append(Contradiction(kind, Colour.RED, steps, None, because, difference=difference))
        return Custody(tuple(node.exhibit() for node in self._nodes.values()), tuple(balances)), self._found

    def _register(self, fact: Fact, form: ExhibitForm) -> None:
        amounts = measured(form.amounts)
        if self._new(fact, form.exhibit, None, "root", amounts, form.not_counted_because, form.holder):
            self._add("came_in", amounts)

    def _new(
        self,
        fact: Fact,
        name: str,
        parent: str | None,
        relation: str,
        amounts: Amounts,
        because: str | None,
        holder: Address | None,
    ) -> bool:
        if name in self._nodes:
            self._wrong(ContradictionKind.EXHIBIT_TWICE, Colour.RED, fact, name, self._nodes[name].step)
            return False
        self._nodes[name] = _Node(
            name=name,
            step=fact.step.digest,
            parent=parent,
            relation=relation,
            holder=holder or fact.member,
            since_ms=fact.occurred_ms,
            colour=fact.colour,
            amounts=amounts,
            not_counted_because=because,
            remaining=dict(amounts),
            stays=relation in ("sample", "removed"),
            steps=[fact.step.digest],
        )
        return True

    def _come_of(self, fact: Fact, form: ExhibitForm, node: _Node) -> None:
        """Pieces, samples and what was removed come out of an exhibit; a dummy takes its place."""
        relation = _RELATIONS[form.event]
        parts = form.parts
        if not parts and relation in ("sample", "removed"):
            parts = (ExhibitPart(exhibit=f"{form.exhibit} {fact.step.digest[:8]}", amounts=form.amounts),)
        for part in parts:
            amounts = measured(part.amounts) or (measured(form.amounts) if len(parts) == 1 else {})
            holder = form.holder or (fact.member if relation in ("sample", "removed") else node.holder)
            if self._new(fact, part.exhibit, node.name, relation, amounts, part.not_counted_because, holder):
                if relation == "dummy":
                    continue
                self._take_out(fact, node, amounts)
                if relation != "piece":
                    self._add("samples" if relation == "sample" else "removed", amounts)
        if relation == "dummy":
            node.stays = True  # the real goods stay an exhibit where they are

    def _end(self, fact: Fact, form: ExhibitForm, node: _Node) -> None:
        """Seized, destroyed, lost: so much of it, or all that is in it by the books."""
        amounts = measured(form.amounts) or dict(node.remaining)
        is_apart = node.relation in ("sample", "removed", "dummy")
        self._take_out(fact, node, amounts)
        if not is_apart:  # what came out before is in its own column already
            self._add(form.event.value, amounts)
        if not form.amounts or not any(node.remaining.values()):
            node.ended = form.event.value

    def _find(self, fact: Fact, form: ExhibitForm, node: _Node) -> None:
        """What was lost is found: it goes back into the books."""
        if node.ended != ExhibitEvent.LOST.value:
            return
        amounts = measured(form.amounts) or dict(node.amounts)
        if node.relation not in ("sample", "removed", "dummy"):
            self._add("lost", {measure: minus(Decimal(0), value) for measure, value in amounts.items()})
        for measure, value in amounts.items():
            node.remaining[measure] = plus(node.remaining.get(measure, Decimal(0)), value)
        node.ended = None
        self._move(node, form.holder or fact.member, fact)

    def _weigh(self, fact: Fact, form: ExhibitForm, node: _Node) -> None:
        amounts = measured(form.amounts)
        if not node.amounts:  # counted at last: what came out of it before was in it too
            left, amounts = amounts, _sum(amounts, {measure: -value for measure, value in node.remaining.items()})
            node.amounts, node.remaining, node.not_counted_because = amounts, left, None
            if node.relation == "root":
                self._add("came_in", amounts)
            elif node.relation in ("sample", "removed"):
                self._add("samples" if node.relation == "sample" else "removed", amounts)
            if node.parent is not None and node.relation != "dummy":
                self._take_out(fact, self._nodes[node.parent], amounts)
            return
        differs = [
            (measure, minus(value, node.remaining.get(measure, Decimal(0))))
            for measure, value in sorted(amounts.items())
            if value != node.remaining.get(measure, Decimal(0))
        ]
        if differs:
            self._wrong(ContradictionKind.WEIGHS_DIFFERENT, Colour.RED, fact, node.name, node.step, difference=differs)

    def _take_out(self, fact: Fact, node: _Node, amounts: Amounts) -> None:
        short = []
        for measure, value in sorted(amounts.items()):
            left = minus(node.remaining.get(measure, Decimal(0)), value)
            node.remaining[measure] = left
            if left < 0 and node.amounts:
                short.append((measure, left))
        if short:
            self._wrong(ContradictionKind.MORE_OUT_THAN_IN, Colour.RED, fact, node.name, node.step, difference=short)

    def _move(self, node: _Node, holder: Address, fact: Fact) -> None:
        if node.holder != holder:
            node.holder, node.since_ms, node.colour = holder, fact.occurred_ms, fact.colour

    def _add(self, column: str, amounts: Amounts) -> None:
        for measure, value in amounts.items():
            self._columns[column][measure] = plus(self._columns[column].get(measure, Decimal(0)), value)

    def _silent(self, node: _Node) -> None:
        because = Because(Rule.F5, (node.step,))
        kind = ContradictionKind.NOT_COUNTED
        self._found.append(Contradiction(kind, Colour.AMBER, (node.step,), node.holder, because, about=node.name))

    def _wrong(
        self,
        kind: ContradictionKind,
        colour: Colour,
        fact: Fact,
        about: str,
        *others: str,
        difference: Sequence[tuple[Measure, Decimal]] = (),
    ) -> None:
        steps = (fact.step.digest, *others)
        because = Because(Rule.F5, steps)
        self._found.append(Contradiction(kind, colour, steps, fact.member, because, about, tuple(difference)))
