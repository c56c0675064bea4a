"""Facts in their order, and which gives way to which (rules F4 and F5, PROTOCOL 16)."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from schemas.addresses import Address
from schemas.claims.operations import FACTS
from schemas.operations.moments import DAY_MS, moment_ms
from schemas.operations.results import Because, FactState
from schemas.operations.state import Contradiction
from schemas.operations.terms import Colour, ContradictionKind, Rule
from schemas.operations.thread import CountedStep, Thread
from schemas.reports.operations import ExhibitForm, FactForm, HandForm, MoveForm, ResultForm

SAME_MATTER_MS: Final = DAY_MS
"""How far apart two facts of one matter may say that it happened, to be of one matter."""

AHEAD_MS: Final = 3_600_000
"""How far a fact may be dated after its acceptance before that is a contradiction: clocks differ."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact whose content is here, in its place.

    Attributes:
        step: that states it.
        form: its content.
        member: whose fact it is.
        occurred_ms: when it happened.
        is_own: whether its sender is that member.
        gives_way_to: the own fact that goes before it.
    """

    step: CountedStep
    form: FactForm
    member: Address
    occurred_ms: int
    is_own: bool
    gives_way_to: str | None = None

    @property
    def colour(self) -> Colour:
        """Amber for a fact of another."""
        return Colour.GREEN if self.is_own else Colour.AMBER

    def state(self) -> FactState:
        """The same for the state."""
        steps = (self.step.digest,) if self.gives_way_to is None else (self.step.digest, self.gives_way_to)
        return FactState(
            step=self.step.digest,
            do=self.step.do or "",
            member=self.member,
            signer=self.step.held.cover.iss,
            occurred_ms=self.occurred_ms,
            accepted_ms=self.step.effective_ms,
            colour=self.colour,
            gives_way_to=self.gives_way_to,
            because=Because(Rule.F5 if self.is_own else Rule.F4, steps),
        )


def facts_of(thread: Thread) -> tuple[tuple[Fact, ...], list[Contradiction]]:
    """All facts that are here and not struck out, in their order: when they happened, then by number."""
    read = [_read(step, step.form) for step in thread.doing(*FACTS) if isinstance(step.form, FactForm)]
    read.sort(key=lambda fact: (fact.occurred_ms, fact.step.held.number))
    own = _Own(fact for fact in read if fact.is_own)
    facts, found = [], []
    for fact in read:
        better = None if fact.is_own else own.nearest(fact)
        facts.append(fact if better is None else _behind(fact, better))
        if better is not None and better.occurred_ms != fact.occurred_ms:
            found.append(_found(ContradictionKind.FACTS_DIFFER, fact, Rule.F4, better.step.digest))
        if fact.occurred_ms > fact.step.effective_ms + AHEAD_MS:
            found.append(_found(ContradictionKind.DATED_AHEAD, fact, Rule.F5))
    return tuple(facts), found


def _found(kind: ContradictionKind, fact: Fact, rule: Rule, *others: str) -> Contradiction:
    steps = (fact.step.digest, *others)
    return Contradiction(kind, Colour.AMBER, steps, fact.step.member, Because(rule, steps))


def _read(step: CountedStep, form: FactForm) -> Fact:
    member = form.fact_of or step.member
    return Fact(step, form, member, moment_ms(form.occurred_at), member == step.member)


def _behind(fact: Fact, better: Fact) -> Fact:
    return Fact(fact.step, fact.form, fact.member, fact.occurred_ms, fact.is_own, better.step.digest)


class _Own:
    """Own facts, to find the one of the same matter.

    Args:
        facts: of members of themselves.
    """

    def __init__(self, facts: Iterable[Fact]) -> None:
        self._by_matter: dict[tuple[object, ...], list[tuple[int, int]]] = defaultdict(list)
        self._facts: list[Fact] = []
        for fact in facts:
            insort(self._by_matter[_matter(fact)], (fact.occurred_ms, len(self._facts)))
            self._facts.append(fact)

    def nearest(self, fact: Fact) -> Fact | None:
        """The own fact of the same matter that is nearest in time, if one is near."""
        rows = self._by_matter.get(_matter(fact), [])
        at = bisect_left(rows, (fact.occurred_ms, 0))
        near = sorted(rows[max(0, at - 1) : at + 1], key=lambda row: abs(row[0] - fact.occurred_ms))
        if not near or abs(near[0][0] - fact.occurred_ms) > SAME_MATTER_MS:
            return None
        return self._facts[near[0][1]]


def _matter(fact: Fact) -> tuple[object, ...]:
    """What a fact is about: two facts of one matter say the same, or contradict each other."""
    match fact.form:
        case MoveForm(movement=movement, soil=soil, leg=leg):
            return (fact.member, "move", movement, soil or leg)
        case HandForm(stage=stage, other=other, exhibits=exhibits):
            return (fact.member, "hand", stage, other, exhibits)
        case ExhibitForm(event=event, exhibit=exhibit):
            return (fact.member, "exhibit", event, exhibit)
        case ResultForm():
            return (fact.member, "result")
        case _:
            return (fact.member, fact.step.digest)
