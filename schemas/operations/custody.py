"""Exhibits: what comes of what, in whose hands, and whether it balances (PROTOCOL 16)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final

from schemas.addresses import Address
from schemas.operations.books import Balance, Custody, Measure, minus, plus
from schemas.operations.exhibits import Amounts, ExhibitNode, measured, sum_of
from schemas.operations.facts import Fact
from schemas.operations.offers import Offers, both_signed, colour_of, differs, who_owes
from schemas.operations.results import Because
from schemas.operations.state import Contradiction
from schemas.operations.terms import Colour, ContradictionKind, Rule
from schemas.reports.operations import ExhibitForm, HandForm
from schemas.reports.operations.codes import ExhibitEvent, HandStage
from schemas.reports.operations.parts import ExhibitPart

_RELATIONS: Final = {
    ExhibitEvent.SPLIT: "piece",
    ExhibitEvent.SAMPLED: "sample",
    ExhibitEvent.REMOVED: "removed",
    ExhibitEvent.SUBSTITUTED: "dummy",
}
_ENDS: Final = (ExhibitEvent.SEIZED, ExhibitEvent.DESTROYED, ExhibitEvent.LOST)
_APART: Final = ("sample", "removed", "dummy")
_COLUMNS: Final = ("came_in", "seized", "samples", "removed", "destroyed", "lost")


def custody_of(facts: Sequence[Fact], agreed: Mapping[Measure, Decimal]) -> tuple[Custody, list[Contradiction]]:
    """The tree of exhibits, its balances, and what is wrong with them.

    Args:
        facts: in their order; those that give way are passed over.
        agreed: the quantity at most of the plan in force.
    """
    counted = [fact for fact in facts if fact.gives_way_to is None]
    books = _Books(Offers(counted))
    for fact in counted:
        if isinstance(fact.form, ExhibitForm):
            books.apply(fact, fact.form)
        elif isinstance(fact.form, HandForm):
            books.hand(fact, fact.form)
    return books.close(agreed)


class _Books:
    """The books of exhibits, fact by fact.

    Args:
        offers: what was offered to whom.
    """

    def __init__(self, offers: Offers) -> None:
        self._offers = offers
        self._nodes: dict[str, ExhibitNode] = {}
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
        if node.stays and node.holder != fact.member:  # what stays somewhere is not what travels: a dummy is
            self._wrong(ContradictionKind.EXHIBIT_ELSEWHERE, Colour.RED, fact, node.name, node.step)
            return
        if form.event not in _RELATIONS:
            node.mark(form)
        if form.event in _RELATIONS:
            self._come_of(fact, form, node)
        elif form.event in _ENDS:
            self._end(fact, form, node)
        elif form.event is ExhibitEvent.WEIGHED:
            self._weigh(fact, form, node)
        elif form.event is ExhibitEvent.FOUND:
            self._find(fact, form, node)
        if form.holder is not None and form.event is not ExhibitEvent.SUBSTITUTED:
            node.move(form.holder, fact.occurred_ms, fact.colour)

    def hand(self, fact: Fact, form: HandForm) -> None:
        """A handover: of the exhibits that it names, else of what travels and is in the giver's hands."""
        if not form.exhibits:
            if form.stage is HandStage.ACCEPTED:
                self._hand_all(fact, form)
            return
        for name in form.exhibits:
            node = self._nodes.get(name)
            if node is None:
                self._wrong(ContradictionKind.EXHIBIT_UNKNOWN, Colour.RED, fact, name)
            elif form.stage is HandStage.ACCEPTED:
                self._accept(fact, form, node)
            else:
                self._offer(fact, form, node)

    def _hand_all(self, fact: Fact, form: HandForm) -> None:
        colour = colour_of(fact, self._offers.answered_by(fact, form))
        travelling = (node for node in self._nodes.values() if not node.stays and node.ended is None)
        for node in travelling:
            if node.holder == form.other:
                node.steps.append(fact.step.digest)
                node.move(fact.member, fact.occurred_ms, colour)

    def _offer(self, fact: Fact, form: HandForm, node: ExhibitNode) -> None:
        node.steps.append(fact.step.digest)
        if node.holder == fact.member:
            node.offered_to, node.offer = form.other, fact.step.digest
        elif node.holder != form.other:  # who has accepted it already has it
            self._wrong(ContradictionKind.HANDOVER_NOT_HELD, Colour.RED, fact, node.name, node.steps[-2])

    def _accept(self, fact: Fact, form: HandForm, node: ExhibitNode) -> None:
        """An exhibit that is handed over by its name; whoever has not got it hands on nothing."""
        node.steps.append(fact.step.digest)
        if node.holder == fact.member:
            return
        offer = self._offers.answered_by(fact, form, node.name)
        others = (offer.step.digest,) if offer is not None else ()
        if node.holder != form.other:
            self._wrong(ContradictionKind.HANDOVER_NOT_HELD, Colour.RED, fact, node.name, *others)
            return
        if not both_signed(fact, offer):
            kind = ContradictionKind.ONE_SIDED_HANDOVER
            self._wrong(kind, Colour.AMBER, fact, node.name, *others, owner=who_owes(fact, form))
        if differs(form, offer):
            self._wrong(ContradictionKind.HANDOVER_DIFFERS, Colour.RED, fact, node.name, *others, owner=form.other)
        node.seals = form.seals or node.seals
        node.move(fact.member, fact.occurred_ms, colour_of(fact, offer))

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
            self._nodes[form.exhibit].mark(form)
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
        self._nodes[name] = ExhibitNode(
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

    def _come_of(self, fact: Fact, form: ExhibitForm, node: ExhibitNode) -> None:
        """Pieces, samples and what was removed come out of an exhibit; a dummy takes its place."""
        relation = _RELATIONS[form.event]
        parts = form.parts
        if not parts and relation in ("sample", "removed"):
            parts = (ExhibitPart(exhibit=f"{form.exhibit} {fact.step.digest[:8]}", amounts=form.amounts),)
        for part in parts:
            amounts = measured(part.amounts)
            if not amounts and len(parts) == 1 and relation != "dummy":  # amounts of a substitution are of the goods
                amounts = measured(form.amounts)
            holder = form.holder or (fact.member if relation in ("sample", "removed") else node.holder)
            if self._new(fact, part.exhibit, node.name, relation, amounts, part.not_counted_because, holder):
                self._nodes[part.exhibit].mark(form)
                if relation == "dummy":
                    continue
                self._take_out(fact, node, amounts)
                if relation != "piece" and not self._is_apart(node):
                    self._add("samples" if relation == "sample" else "removed", amounts)
        if relation == "dummy":
            node.stays = True  # the real goods stay an exhibit where they are

    def _end(self, fact: Fact, form: ExhibitForm, node: ExhibitNode) -> None:
        """Seized, destroyed, lost: so much of it, or all that is in it by the books."""
        amounts = measured(form.amounts) or dict(node.remaining)
        self._take_out(fact, node, amounts)
        if form.event is ExhibitEvent.LOST:
            node.lost = sum_of(node.lost, amounts)
        if not self._is_apart(node):
            self._add(form.event.value, amounts)
        if not form.amounts or not any(node.remaining.values()):
            node.ended = form.event.value

    def _find(self, fact: Fact, form: ExhibitForm, node: ExhibitNode) -> None:
        """What was lost is found: so much of it goes back into the books, and no more than was lost."""
        if not any(node.lost.values()):
            return
        zero, over = Decimal(0), []
        for measure, value in (measured(form.amounts) or dict(node.lost)).items():
            back = min(value, node.lost.get(measure, zero))
            node.lost[measure] = minus(node.lost.get(measure, zero), back)
            node.remaining[measure] = plus(node.remaining.get(measure, zero), back)
            if not self._is_apart(node):
                self._add("lost", {measure: -back})
            if value > back:
                over.append((measure, minus(value, back)))
        if over:
            self._wrong(ContradictionKind.WEIGHS_DIFFERENT, Colour.RED, fact, node.name, node.step, difference=over)
        if node.ended == ExhibitEvent.LOST.value:
            node.ended = None
        node.move(form.holder or fact.member, fact.occurred_ms, fact.colour)

    def _weigh(self, fact: Fact, form: ExhibitForm, node: ExhibitNode) -> None:
        amounts = measured(form.amounts)
        if not node.amounts:  # counted at last: what came out of it before was in it too
            left, amounts = amounts, sum_of(amounts, {measure: -value for measure, value in node.remaining.items()})
            node.amounts, node.remaining, node.not_counted_because = amounts, left, None
            if node.relation == "root":
                self._add("came_in", amounts)
            elif node.relation in ("sample", "removed") and not self._is_apart(self._parent(node)):
                self._add("samples" if node.relation == "sample" else "removed", amounts)
            if node.parent is not None and node.relation != "dummy":
                self._take_out(fact, self._parent(node), amounts)
            return
        differs = [
            (measure, minus(value, node.remaining.get(measure, Decimal(0))))
            for measure, value in sorted(amounts.items())
            if value != node.remaining.get(measure, Decimal(0))
        ]
        if differs:
            self._wrong(ContradictionKind.WEIGHS_DIFFERENT, Colour.RED, fact, node.name, node.step, difference=differs)

    def _take_out(self, fact: Fact, node: ExhibitNode, amounts: Amounts) -> None:
        short = []
        for measure, value in sorted(amounts.items()):
            left = minus(node.remaining.get(measure, Decimal(0)), value)
            node.remaining[measure] = left
            if left < 0 and node.amounts:
                short.append((measure, left))
        if short:
            self._wrong(ContradictionKind.MORE_OUT_THAN_IN, Colour.RED, fact, node.name, node.step, difference=short)

    def _parent(self, node: ExhibitNode) -> ExhibitNode:
        return self._nodes[node.parent] if node.parent is not None else node

    def _is_apart(self, node: ExhibitNode) -> bool:
        """Whether it is out of the consignment, by itself or by what it comes of: its column has all of it already."""
        while node.relation not in _APART and node.parent is not None:
            node = self._parent(node)
        return node.relation in _APART

    def _add(self, column: str, amounts: Amounts) -> None:
        for measure, value in amounts.items():
            self._columns[column][measure] = plus(self._columns[column].get(measure, Decimal(0)), value)

    def _silent(self, node: ExhibitNode) -> None:
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
        owner: Address | None = None,
        difference: Sequence[tuple[Measure, Decimal]] = (),
    ) -> None:
        steps = (fact.step.digest, *others)
        because = Because(Rule.F4 if kind is ContradictionKind.ONE_SIDED_HANDOVER else Rule.F5, steps)
        found = Contradiction(kind, colour, steps, owner or fact.member, because, about, tuple(difference))
        self._found.append(found)
