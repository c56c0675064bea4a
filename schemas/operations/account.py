"""The account of an operation: a result of each country, from the facts (PROTOCOL 16). Pure.

It cites every step that it was computed from by digest and number. Whoever has these computes it again and sees
whether it is what they say.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Any, Final

from schemas.addresses import Address
from schemas.operations.books import Custody
from schemas.operations.encode import state_json
from schemas.operations.fold import Folded, fold
from schemas.operations.held import HeldOperation, HeldStep, StepContent
from schemas.operations.results import DecisionState
from schemas.operations.state import Contradiction
from schemas.operations.terms import MissingHow, ResultPart
from schemas.operations.thread import CountedStep
from schemas.reports.operations import DecideForm, ResultForm

_ABSENT: Final = object()


@dataclass(frozen=True, slots=True)
class CitedStep:
    """A step that an account was computed from.

    Attributes:
        digest: of the statement.
        number: in the ledger.
        is_read: whether its content was.
    """

    digest: str
    number: int
    is_read: bool


@dataclass(frozen=True, slots=True)
class AccountedDecision:
    """A decision of a country.

    Attributes:
        step: its digest.
        decision: ``granted``, ``conditional``, ``refused``, ``withdrawn``; as written, if it is another word.
        legs: on which it decides; without any: all of the country, or a movement.
        is_oral: whether it was made by word of mouth.
        reason: code of a refusal or withdrawal.
        asked: what it answers.
        took_ms: from when that counted until the decision did.
    """

    step: str
    decision: str
    legs: tuple[str, ...]
    is_oral: bool
    reason: str | None
    asked: str | None
    took_ms: int | None


@dataclass(frozen=True, slots=True)
class AccountedSpan:
    """When the goods were in a country's hands, or on its soil.

    Attributes:
        step: from which it follows.
        since_ms: from when, milliseconds since 1970 UTC.
        until_ms: until when; ``None`` if nothing ends it.
        is_lost: whether they were lost from sight in it.
        colour: amber or red where it is contradicted, or one side alone signed.
    """

    step: str
    since_ms: int
    until_ms: int | None
    is_lost: bool
    colour: str


@dataclass(frozen=True, slots=True)
class AccountedOutcome:
    """A result that a country has stated itself.

    Attributes:
        step: its digest.
        outcome: its code.
    """

    step: str
    outcome: str


@dataclass(frozen=True, slots=True)
class CountryAccount:
    """What a country did in an operation.

    Attributes:
        member: which.
        part: its part.
        decisions: in their order.
        route: when the goods were on its soil.
        control: when they were in its hands.
        exhibits: in its hands at the end, by name.
        outcomes: results that it has stated.
    """

    member: Address
    part: str
    decisions: tuple[AccountedDecision, ...]
    route: tuple[AccountedSpan, ...]
    control: tuple[AccountedSpan, ...]
    exhibits: tuple[str, ...]
    outcomes: tuple[AccountedOutcome, ...]


@dataclass(frozen=True, slots=True)
class OperationAccount:
    """A result of each country, and of all together.

    Attributes:
        operation: digest of the open.
        status: ``actual`` or ``exercise``; as written, if it is another word.
        countries: in the order of their names.
        custody: exhibits, and what balances: came in, seized, samples, removed, destroyed, lost, the rest.
        contradictions: red first.
        unsure: what steps that are named or not read could change.
        steps: everything that it was computed from, by number.
    """

    operation: str
    status: str
    countries: tuple[CountryAccount, ...]
    custody: Custody
    contradictions: tuple[Contradiction, ...]
    unsure: tuple[ResultPart, ...]
    steps: tuple[CitedStep, ...]


@dataclass(frozen=True, slots=True)
class JudgedAccount:
    """How an account stands to the steps that are here.

    Attributes:
        differs: where it is not what the steps say that it cites: paths in its JSON.
        left_out: steps that are here, up to the last one cited, and are not cited.
        not_here: digests that it cites, of steps that are not here or cannot be read here.
        unread: steps that it cites as not read, and that can be read here.
        later: steps that are here, with a number above the last one cited: what they say is no part of it.
    """

    differs: tuple[str, ...]
    left_out: tuple[CitedStep, ...]
    not_here: tuple[str, ...]
    unread: tuple[CitedStep, ...] = ()
    later: tuple[CitedStep, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether it is what all steps say up to the last one cited: as of then it is honest."""
        return not (self.differs or self.left_out or self.not_here or self.unread)

    @property
    def is_whole(self) -> bool:
        """Whether it is what all steps say that are here."""
        return self.holds and not self.later


def account_of(held: HeldOperation) -> OperationAccount:
    """What each country did, as far as the steps say that are here with their covers.

    Args:
        held: in any order; leaves alone are no part of it.
    """
    folded = fold(replace(held, leaves=(), revoked={}))
    state = folded.state
    return OperationAccount(
        operation=state.id,
        status=state.status,
        countries=tuple(_country(member, part, folded) for member, part in sorted(state.parts.items())),
        custody=state.custody,
        contradictions=state.contradictions,
        unsure=tuple(part for part in ResultPart if part in state.uncertain),
        steps=_cite(held.steps),
    )


def judge_account(claimed: Mapping[str, Any], held: HeldOperation) -> JudgedAccount:
    """Compute an account again from the steps that it cites, and compare.

    Args:
        claimed: its JSON, by whomever; nothing of it is believed.
        held: what is here of the operation.
    """
    steps = {each.digest: each for each in held.steps}
    cited = dict(_cited(claimed.get("steps")))
    read = {digest for digest, is_read in cited.items() if is_read}
    not_here = [each for each in cited if each not in steps]
    not_here += [each for each in read if each in steps and not isinstance(steps[each].content, StepContent)]
    used = [
        step if digest in read else replace(step, content=MissingHow.NOT_KEPT)
        for digest, step in steps.items()
        if digest in cited
    ]
    computed = state_json(account_of(replace(held, steps=tuple(used))))
    last = max((step.number for step in used), default=-1)
    uncited = [step for step in held.steps if step.digest not in cited]
    unread = [step for step in used if step.digest not in read and isinstance(steps[step.digest].content, StepContent)]
    return JudgedAccount(
        tuple(_differences(claimed, computed)),
        _cite(step for step in uncited if step.number <= last),
        tuple(sorted(not_here)),
        _cite(steps[step.digest] for step in unread),
        _cite(step for step in uncited if step.number > last),
    )


def _cite(steps: Iterable[HeldStep]) -> tuple[CitedStep, ...]:
    """Steps by number, each as an account cites it."""
    cited = (CitedStep(each.digest, each.number, isinstance(each.content, StepContent)) for each in steps)
    return tuple(sorted(cited, key=lambda each: (each.number, each.digest)))


# One country


def _country(member: Address, part: str, folded: Folded) -> CountryAccount:
    state, thread = folded.state, folded.thread
    results = [step for step in thread.doing("result") if step.member == member]
    stated = [(step, step.form) for step in results if isinstance(step.form, ResultForm)]
    soil = [(each.since_ms, each.member, each.step, False, each.colour.value) for each in state.soil]
    hands = [
        (each.since_ms, each.holder, each.step, each.lost_ms is not None, each.colour.value) for each in state.control
    ]
    return CountryAccount(
        member=member,
        part=part,
        decisions=tuple(_decisions(member, folded)),
        route=tuple(_spans(soil, member)),
        control=tuple(_spans(hands, member)),
        exhibits=tuple(each.name for each in state.custody.exhibits if each.holder == member and each.ended is None),
        outcomes=tuple(AccountedOutcome(step.digest, form.outcome.code.value) for step, form in stated),
    )


def _decisions(member: Address, folded: Folded) -> Iterator[AccountedDecision]:
    by_step: dict[str, list[DecisionState]] = {}
    for each in folded.state.decisions:
        if each.member == member:
            by_step.setdefault(each.step, []).append(each)
    for digest, states in by_step.items():
        step = folded.thread.steps[digest]
        asked = next((folded.thread.steps.get(each) for each in step.refers("reply")), None)
        form = step.form if isinstance(step.form, DecideForm) else None
        yield AccountedDecision(
            step=digest,
            decision=states[0].decision,
            legs=tuple(each.leg for each in states if each.leg is not None),
            is_oral=any(each.is_oral for each in states),
            reason=form.reason.code.value if form is not None and form.reason is not None else None,
            asked=asked.digest if asked is not None else None,
            took_ms=_took(asked, states[0]),
        )


def _took(asked: CountedStep | None, decided: DecisionState) -> int | None:
    return None if asked is None else decided.effective_ms - asked.effective_ms


_Span = tuple[int, Address | None, str, bool, str]


def _spans(spans: Sequence[_Span], member: Address) -> Iterator[AccountedSpan]:
    """Those of a member, each until the next of anybody."""
    ends: list[int | None] = [since_ms for since_ms, *_rest in spans[1:]]
    for (since_ms, whose, step, is_lost, colour), until_ms in zip(spans, [*ends, None], strict=False):
        if whose == member:
            yield AccountedSpan(step, since_ms, until_ms, is_lost, colour)


# Comparing


def _cited(steps: object) -> Iterator[tuple[str, bool]]:
    for each in steps if isinstance(steps, list) else ():
        if isinstance(each, dict) and isinstance(each.get("digest"), str):
            yield each["digest"], each.get("is_read") is True


def _differences(claimed: object, computed: object, path: str = "") -> Iterator[str]:
    """Paths at which two JSON values differ."""
    if isinstance(claimed, Mapping) and isinstance(computed, Mapping):
        for name in dict.fromkeys((*computed, *claimed)):
            yield from _differences(
                claimed.get(name, _ABSENT), computed.get(name, _ABSENT), f"{path}.{name}".strip(".")
            )
    elif isinstance(claimed, list) and isinstance(computed, list):
        for place, (one, other) in enumerate(zip_longest(claimed, computed, fillvalue=_ABSENT)):
            yield from _differences(one, other, f"{path}.{place}")
    elif type(claimed) is not type(computed) or claimed != computed:
        yield path
