"""Authority for a leg at a moment (rules F1 and F2, PROTOCOL 16)."""

from __future__ import annotations

from typing import Final

from schemas.addresses import Address
from schemas.operations.decisions import GRANTS, Decisions
from schemas.operations.moments import HOUR_MS, moment_or_none
from schemas.operations.picture import LegAuthority
from schemas.operations.plans import Plans
from schemas.operations.results import Because, DecisionState, PlanLeg, PlanState
from schemas.operations.terms import AuthorityState, Rule
from schemas.operations.thread import Thread
from schemas.reports.operations import PlanContent

ENDING_MS: Final = 2 * HOUR_MS
"""How long before its end an authority is shown as ending."""

_STANDS: Final = frozenset({AuthorityState.GRANTED, AuthorityState.CONFIRMED, AuthorityState.ENDING})


class Authorities:
    """Authority for legs and moves at any moment.

    Args:
        thread: of the operation.
        plans: of it.
        decisions: of it.
    """

    def __init__(self, thread: Thread, plans: Plans, decisions: Decisions) -> None:
        self._thread = thread
        self._plans = plans
        self._decisions = decisions

    def of_leg(self, plan: PlanState, leg: PlanLeg, at_ms: int) -> LegAuthority:
        """Authority for a leg of a plan at a moment.

        The lead's confirm is its decision on its own legs, unless it decides otherwise.
        """
        decision = self._decisions.newest(leg, plan.common, at_ms)
        if decision is not None:
            return _judged(decision, at_ms, leg)
        if leg.member == self._thread.lead and plan.confirmed_by is not None and plan.confirmed_ms is not None:
            stands = plan.confirmed_ms <= at_ms
            return self._without(
                leg,
                AuthorityState.GRANTED if stands else AuthorityState.WAITING,
                Because(Rule.F1, (plan.confirmed_by,)),
                plan.confirmed_ms if stands else None,
                plan.confirmed_by,
            )
        earlier = [each for each in self._decisions.by_member.get(leg.member, ()) if each.effective_ms <= at_ms]
        word = self._by_leads_word(plan, leg, at_ms)
        if any(each.decision in GRANTS and each.move is None for each in earlier):
            steps = tuple(dict.fromkeys(each.step for each in earlier))[-1:]
            return self._without(leg, AuthorityState.DECIDE_AGAIN, Because(Rule.F2, steps))
        if word is not None:
            return self._without(leg, AuthorityState.LEADS_WORD, Because(Rule.F8, (plan.step,)), None, word)
        state = AuthorityState.WAITING if leg.member in plan.parts else AuthorityState.NOT_ASKED
        return self._without(leg, state, Because(Rule.F2, (plan.step,)))

    def of_move(self, member: Address, move: str, at_ms: int) -> LegAuthority:
        """Authority of a member for a move that added it, at a moment."""
        decision = self._decisions.on_move(member, move, at_ms)
        if decision is not None:
            return _judged(decision, at_ms, move=move)
        return LegAuthority("", member, AuthorityState.WAITING, False, Because(Rule.F2, (move,)), move=move)  # noqa: FBT003

    def _without(
        self,
        leg: PlanLeg,
        state: AuthorityState,
        because: Because,
        since_ms: int | None = None,
        decision: str | None = None,
    ) -> LegAuthority:
        return LegAuthority(
            leg=leg.leg,
            member=leg.member,
            state=state,
            stands=state in _STANDS,
            because=because,
            since_ms=since_ms,
            decision=decision,
            by_word_of=leg.member if leg.spoken_for else None,
        )

    def _by_leads_word(self, plan: PlanState, leg: PlanLeg, at_ms: int) -> str | None:
        """The earlier decision that the plan names for a leg and that is not here."""
        form = self._thread.steps[plan.step].form
        earlier = form.earlier_decisions if isinstance(form, PlanContent) else ()
        for each in earlier:
            until = moment_or_none(each.valid_until)
            is_of_leg = each.member == leg.member and (not each.legs or leg.leg in each.legs)
            if is_of_leg and each.decision in GRANTS and (until is None or at_ms < until):
                return each.digest if each.digest not in self._thread.steps else None
        return None


def _judged(decision: DecisionState, at_ms: int, leg: PlanLeg | None = None, move: str | None = None) -> LegAuthority:
    """Authority by a decision that counts."""
    state, since_ms = _state(decision, at_ms)
    return LegAuthority(
        leg=leg.leg if leg is not None else "",
        member=decision.member,
        state=state,
        stands=state in _STANDS,
        because=Because(Rule.F2, (decision.step,)),
        since_ms=since_ms,
        until_ms=decision.valid_until_ms,
        decision=decision.step,
        move=move,
        by_word_of=decision.member if leg is not None and leg.spoken_for else None,
    )


def _state(decision: DecisionState, at_ms: int) -> tuple[AuthorityState, int]:
    if decision.decision not in GRANTS:
        word = AuthorityState.WITHDRAWN if decision.decision == "withdrawn" else AuthorityState.REFUSED
        return word, decision.effective_ms
    end = decision.valid_until_ms
    since = decision.valid_from_ms
    if end is not None and end <= at_ms:
        return AuthorityState.LAPSED if decision.is_oral else AuthorityState.ENDED, end
    if decision.decision == "conditional" and (decision.confirmed_ms is None or at_ms < decision.confirmed_ms):
        return AuthorityState.CONDITIONAL, since
    since = max(since, decision.confirmed_ms or since)
    if at_ms < since:
        return AuthorityState.NOT_YET, since
    if end is not None and end - at_ms <= ENDING_MS:
        return AuthorityState.ENDING, since
    is_confirmed = decision.decision == "conditional"
    return AuthorityState.CONFIRMED if is_confirmed else AuthorityState.GRANTED, since
