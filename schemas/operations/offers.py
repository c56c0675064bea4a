"""Two sides of a handover: which offer an acceptance answers, and what both are worth (rule F4, PROTOCOL 16)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from schemas.addresses import Address
from schemas.operations.facts import Fact
from schemas.operations.terms import Colour
from schemas.reports.operations import HandForm
from schemas.reports.operations.codes import HandStage


class Offers:
    """Offers of handovers: of the whole consignment, and of exhibits by name.

    Args:
        facts: those that count, in their order.
    """

    def __init__(self, facts: Iterable[Fact]) -> None:
        self._by_matter: dict[tuple[Address, Address, str | None], list[Fact]] = defaultdict(list)
        for fact in facts:
            if isinstance(fact.form, HandForm) and fact.form.stage is HandStage.OFFERED:
                for exhibit in fact.form.exhibits or (None,):
                    self._by_matter[fact.member, fact.form.other, exhibit].append(fact)

    def answered_by(self, fact: Fact, form: HandForm, exhibit: str | None = None) -> Fact | None:
        """The offer that an acceptance answers: the one that it names, else the newest one to this member.

        Args:
            fact: the acceptance.
            form: what it says.
            exhibit: of which exhibit; ``None``: of the whole consignment.
        """
        offers = self._by_matter.get((form.other, fact.member, exhibit), [])
        named = fact.step.refers("reply")
        exact = next((each for each in offers if each.step.digest in named), None)
        before = [each for each in offers if each.occurred_ms <= fact.occurred_ms]
        return exact or (before[-1] if before else next(iter(offers), None))


def both_signed(fact: Fact, offer: Fact | None) -> bool:
    """Whether each side has stated a handover itself."""
    return fact.is_own and offer is not None and offer.is_own


def who_owes(fact: Fact, form: HandForm) -> Address:
    """Whose signature is missing, where one side alone has stated it."""
    return fact.member if not fact.is_own else form.other


def colour_of(fact: Fact, offer: Fact | None) -> Colour:
    """Green if both have signed, else amber."""
    return Colour.GREEN if both_signed(fact, offer) else Colour.AMBER


def differs(form: HandForm, offer: Fact | None) -> bool:
    """Whether what came is not what was offered: by the word of who received it, or by the numbers of the seals."""
    given = offer.form if offer is not None else None
    seals = set(given.seals) if isinstance(given, HandForm) else set[str]()
    has_other_seals = bool(seals and form.seals) and seals != set(form.seals)
    return form.differences is not None or form.as_offered is False or has_other_seals
