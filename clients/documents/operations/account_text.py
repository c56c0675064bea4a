"""The account of an operation in words, and what came of checking one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from clients.actions.numbers import spell_number
from clients.documents.operations.words import amount_text, flow, leg_text, measure_text, part_text, span_text, words_of
from clients.documents.plain import utc
from clients.documents.texts import _, label, label_of
from schemas.operations.account import (
    AccountedDecision,
    AccountedSpan,
    CitedStep,
    CountryAccount,
    JudgedAccount,
    OperationAccount,
)
from schemas.operations.books import Balance, Exhibit
from schemas.operations.terms import Colour, ContradictionKind
from schemas.operations.words import Decision
from schemas.reports.operations.codes import OperationOutcome, RefusalReason

_MOST = 20


class _Account:
    """Lines of one account.

    Args:
        account: which.
    """

    def __init__(self, account: OperationAccount) -> None:
        self._account = account
        self._numbers = {each.digest: each.number for each in account.steps}

    def lines(self) -> Iterator[str]:
        account = self._account
        text = _("Account of operation {number}, from {count} steps")
        yield text.format(number=self._number(account.operation), count=len(account.steps))
        if account.status != "actual":
            yield _("{status}, NOT REAL").format(status=words_of(account.status).upper())
        if account.unsure:
            parts = ", ".join(label(part) for part in account.unsure)
            yield _("NOT SURE: what is named and cannot be read here could change: {parts}").format(parts=parts)
        for country in account.countries:
            yield from self._country(country)
        is_over = any(each.kind is ContradictionKind.DOES_NOT_BALANCE for each in account.contradictions)
        for balance in account.custody.balances:
            yield _balance(balance, is_over=is_over)
        yield from (f"  {_exhibit(each)}" for each in account.custody.exhibits)
        for each in account.contradictions:
            steps = ", ".join(self._number(step) for step in each.steps)
            yield f"{label(each.colour)}: {label(each.kind)} ({each.owner or _('not known')}; {steps})"

    def _number(self, digest: str) -> str:
        number = self._numbers.get(digest)
        return words_of(digest)[:8] if number is None else spell_number(number, self._account.status)

    def _country(self, country: CountryAccount) -> Iterator[str]:
        yield f"{country.member} - {part_text(country.part)}"
        for decision in country.decisions:
            yield f"  {self._decision(decision)}"
        for span in country.route:
            yield "  " + _("On its soil {span}").format(span=self._span(span))
        for span in country.control:
            yield "  " + _("In its hands {span}").format(span=self._span(span))
        if country.exhibits:
            yield "  " + _("Exhibits in its hands: {names}").format(names=", ".join(map(words_of, country.exhibits)))
        for stated in country.outcomes:
            outcome = words_of(label_of(OperationOutcome, stated.outcome))
            yield "  " + _("Its result: {outcome}").format(outcome=outcome) + f" [{self._number(stated.step)}]"

    def _decision(self, decision: AccountedDecision) -> str:
        parts = [words_of(label_of(Decision, decision.decision))]
        if decision.is_oral:
            parts.append(_("oral"))
        if decision.reason is not None:
            parts.append(words_of(label_of(RefusalReason, decision.reason)))
        parts += [leg_text(leg) for leg in decision.legs]
        if decision.took_ms is not None:
            parts.append(_("after {span}").format(span=span_text(decision.took_ms)))
        return f"{', '.join(parts)} [{self._number(decision.step)}]"

    def _span(self, span: AccountedSpan) -> str:
        until = _("without end") if span.until_ms is None else utc(span.until_ms)
        text = f"{utc(span.since_ms)} - {until}"
        if span.is_lost:
            text += ", " + _("LOST FROM SIGHT")
        if span.colour != Colour.GREEN.value:
            text += f", {label_of(Colour, span.colour)}"
        return f"{text} [{self._number(span.step)}]"


def account_lines(account: OperationAccount) -> list[str]:
    """An account on paper: by country, then the goods, then what contradicts; steps by their numbers."""
    return [line.text for text in _Account(account).lines() for line in flow(text.lstrip(), " " * _depth(text))]


def _depth(text: str) -> int:
    return len(text) - len(text.lstrip())


def _balance(balance: Balance, *, is_over: bool) -> str:
    """What came in and became of it; what is left is still there until the operation is closed over it."""
    left = _("not accounted for") if is_over or balance.difference < 0 else _("still there")
    measure = balance.measure
    amounts = {
        _("came in"): balance.came_in,
        _("seized"): balance.seized,
        _("samples"): balance.samples,
        _("removed"): balance.removed,
        _("destroyed"): balance.destroyed,
        _("lost"): balance.lost,
        left: balance.difference,
    }
    shown = "; ".join(f"{name} {amount_text(amount, measure)}" for name, amount in amounts.items() if amount)
    return f"{words_of(measure_text(measure))}: {shown}"


def _exhibit(exhibit: Exhibit) -> str:
    text = _("Exhibit {name}: in the hands of {member}")
    text = text.format(name=words_of(exhibit.name), member=exhibit.holder or _("not known"))
    ends = {"seized": _("seized"), "destroyed": _("destroyed"), "lost": _("lost")}
    return f"{text}, {ends.get(exhibit.ended, exhibit.ended)}" if exhibit.ended is not None else text


def judged_lines(judged: JudgedAccount, status: str) -> list[str]:
    """What came of checking an account."""
    texts = []
    if judged.is_whole:
        texts.append(_("The account is what the steps say, and leaves out none that is here."))
    elif judged.holds:
        texts.append(_("The account is what the steps say up to the last one that it cites."))
    if judged.differs:
        paths = ", ".join(map(words_of, judged.differs[:_MOST]))
        texts.append(_("THE ACCOUNT IS NOT WHAT THE STEPS SAY: {paths}").format(paths=paths))
    if judged.left_out:
        texts.append(_("IT LEAVES OUT STEPS: {steps}").format(steps=_cited(judged.left_out, status)))
    if judged.unread:
        text = _("IT LEAVES OUT WHAT THESE STEPS SAY, WHICH CAN BE READ HERE: {steps}")
        texts.append(text.format(steps=_cited(judged.unread, status)))
    if judged.later:
        text = _("IT ENDS BEFORE LATER STEPS, WHICH ARE HERE: {steps}")
        texts.append(text.format(steps=_cited(judged.later, status)))
    if judged.not_here:
        steps = ", ".join(words_of(each)[:8] for each in judged.not_here[:_MOST])
        texts.append(
            _("It cites steps that are not here or cannot be read, and cannot be judged whole: {steps}").format(
                steps=steps
            )
        )
    return [line.text for text in texts for line in flow(text, "")]


def _cited(steps: Sequence[CitedStep], status: str) -> str:
    """Numbers of steps; of many, how many more there are."""
    shown = [spell_number(each.number, status) for each in steps[:_MOST]]
    return ", ".join([*shown, f"+{len(steps) - _MOST}"] if len(steps) > _MOST else shown)
