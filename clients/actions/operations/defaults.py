"""What is known already of a step before anything is asked: from the operation, and from the clock."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from clients.actions.moments import NOW
from clients.actions.operations.known import KnownOperation
from clients.errors import ClientError, LocalCode
from schemas.addresses import Address
from schemas.operations.books import Exhibit
from schemas.operations.held import StepContent
from schemas.reports.operations import STEP_FORMS, FactForm


def standing_answers(known: KnownOperation | None) -> dict[str, str]:
    """What is not asked for at all, unless it was typed: the operation is called as its lead calls it."""
    return {"reference": known.reference or known.number} if known is not None else {}


def known_answers(do: str, known: KnownOperation | None, own: Address) -> dict[str, str]:
    """What is proposed, and accepted by Enter: facts happened just now, where the goods are by the last facts.

    Args:
        do: what the step does.
        known: the operation; ``None`` where this opens one.
        own: the own member.
    """
    found = {"occurred_at": NOW} if issubclass(STEP_FORMS[do], FactForm) else {}
    if do == "decide":
        found["manner"] = "electronic"
    if known is None:
        return found
    soil, control = known.picture.soil, known.picture.control
    if do == "move" and soil is not None and soil.member is not None:
        found |= {"movement": "at", "soil": soil.member}
        found |= {"leg": soil.leg} if soil.leg else {}
    if do == "hand" and control is not None:
        if control.offered_to == own and control.holder is not None:
            found |= {"stage": "accepted", "other": control.holder}
        elif exhibit := _offered_to(known, own):
            found |= {"stage": "accepted", "other": str(exhibit.holder), "exhibit": exhibit.name}
        elif control.holder == own:
            found |= {"stage": "offered"}
    return found


def accepted_answers(
    suggested: Mapping[str, str], lacking: Collection[str], answers: Mapping[str, str]
) -> dict[str, str]:
    """What of the proposals stands where nobody is asked: for what is needed, and what goes with that.

    Args:
        suggested: as `known_answers` has it.
        lacking: keys that are needed and have no answer.
        answers: those that there are.
    """
    found = {key: suggested[key] for key in lacking if key in suggested}
    if "stage" in found and "exhibit" in suggested and not answers.get("exhibit"):
        found["exhibit"] = suggested["exhibit"]  # what was offered is accepted, and not the whole consignment
    return found


def _offered_to(known: KnownOperation, own: Address) -> Exhibit | None:
    """The first exhibit that somebody offers to the own member by its name."""
    exhibits = known.state.custody.exhibits
    return next((each for each in exhibits if each.offered_to == own and each.holder is not None), None)


def plan_before(known: KnownOperation) -> dict[str, Any]:
    """The members of the newest plan, with which a new one begins.

    Raises:
        ClientError: ``plan_unreadable``, ``no_operation``.
    """
    newest = known.step(known.state.plans[-1].step) if known.state.plans else None
    if newest is None:
        raise ClientError(LocalCode.NO_OPERATION, named=known.number)
    if not isinstance(newest.content, StepContent) or newest.content.read.form is None:
        raise ClientError(LocalCode.PLAN_UNREADABLE)
    return {**newest.content.members, "do": "plan"}
