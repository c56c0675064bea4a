"""Who may do what in an operation, as data (PROTOCOL 16): for hub, clients and the README of this folder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from schemas.claims.operations import FACTS

By = Literal["founder", "lead", "deciders", "anybody"]
"""Who takes a step.

``founder`` becomes the lead by it; ``lead`` is who has opened the operation; ``deciders`` have one of `DECIDERS` as
part in the plan that they decide, or are added by the movement that they decide; ``anybody`` was ever named.
"""

Reach = Literal["named", "plan", "lead", "lead_and_mover", "receivers", "nobody"]
"""Whom a step reaches at least, its own member aside.

``named`` are those whom it names itself and that are not `left`; ``plan`` those of the plan that it rests on; ``lead``
the lead; ``lead_and_mover`` it and the sender of the movement that is decided; ``receivers`` all that got what it takes
back; ``nobody`` in particular.
"""

Advice = Literal["named", "plan", "everybody", "coordinator", "chosen", "receivers"]
"""To whom a client sends a step unless its officer chooses others: ``everybody`` that it knows of, as ``flash``."""

DECIDERS: Final = frozenset({"origin", "transit", "destination", "left"})
"""Parts that decide."""

GRANTS: Final = frozenset({"granted", "conditional"})
"""Decisions that open a way: an authorising officer signs them, and they reach all of the plan."""

AUTHORISING: Final = "authorising_officer"
"""The post of who confirms a plan, or signs one of `GRANTS`."""


@dataclass(frozen=True, slots=True)
class Naming:
    """A relation by which a step names earlier steps of its operation.

    Attributes:
        rel: the relation.
        names: what the named steps do.
        own: whether they have to be of the own member.
        conditional: whether a decision has to be a conditional one.
        joining: whether a movement has to add the own member.
    """

    rel: str
    names: frozenset[str]
    own: bool = False
    conditional: bool = False
    joining: bool = False


@dataclass(frozen=True, slots=True)
class StepRule:
    """A line of the table.

    Attributes:
        by: who takes the step.
        reach: whom it reaches at least.
        advice: to whom a client sends it.
        machine: whether a member's machine signs it too; else an officer does.
        post: whether the officer has to be an authorising one; of a decision, for `GRANTS` only.
        namings: how it names earlier steps; beside these any step may be ``related`` to anything.
        least: how many it names so at least.
        most: how many it names so at most, by each relation; ``None`` as many as a cover has room for.
    """

    by: By
    reach: Reach
    advice: Advice
    machine: bool = False
    post: bool = False
    namings: tuple[Naming, ...] = ()
    least: int = 0
    most: int | None = None


PLANS: Final = frozenset({"open", "plan"})
"""Steps that are a plan: the request is the first one."""

FACTS_AND_STOPS: Final = FACTS | {"stop"}
"""Steps that are taken back by a cancel, and stay, struck out."""

_OFFER = Naming("reply", frozenset({"hand"}))
_FACT = StepRule("anybody", "lead", "coordinator", namings=(_OFFER,))

STEPS: Final[Mapping[str, StepRule]] = {
    "open": StepRule("founder", "named", "named"),
    "plan": StepRule("lead", "named", "named", namings=(Naming("update", PLANS, own=True),), least=1, most=1),
    "confirm": StepRule(
        "lead",
        "plan",
        "plan",
        post=True,
        namings=(
            Naming("countersign", PLANS, own=True),
            Naming("reply", frozenset({"decide"}), conditional=True),
        ),
        least=1,
        most=1,
    ),
    "decide": StepRule(
        "deciders",
        "plan",
        "everybody",
        post=True,
        namings=(Naming("reply", PLANS), Naming("reply", frozenset({"move"}), joining=True)),
        least=1,
        most=1,
    ),
    "stop": StepRule("anybody", "nobody", "everybody"),
    "move": StepRule(
        "anybody",
        "lead",
        "coordinator",
        machine=True,
        namings=(Naming("reply", frozenset({"move", "hand"}), own=True),),
    ),
    "hand": _FACT,
    "exhibit": _FACT,
    "result": _FACT,
    "note": StepRule("anybody", "nobody", "chosen", machine=True),
    "close": StepRule("lead", "plan", "plan", namings=(Naming("reply", PLANS),), least=1, most=1),
}
"""The table, by what a step does; `reach_of` and `needs_post` say it of each decision."""

CANCEL: Final = StepRule(
    "anybody",
    "receivers",
    "receivers",
    namings=(Naming("cancel", FACTS_AND_STOPS, own=True),),
    least=1,
)
"""A cancel, which does nothing else: it takes back a fact or a stop of the own member, which stays, struck out."""


def reach_of(do: str, decision: str | None, *, of_move: bool = False) -> Reach:
    """Whom a step reaches at least.

    Args:
        do: what it does.
        decision: of a ``decide``.
        of_move: whether that is about a movement.
    """
    if do != "decide":
        return STEPS[do].reach
    if of_move:
        return "lead_and_mover"
    return "plan" if decision in GRANTS else "lead"


def advice_of(do: str, decision: str | None) -> Advice:
    """To whom a client sends a step unless its officer chooses others.

    Args:
        do: what it does.
        decision: of a ``decide``: a refusal concerns everybody, a grant the plan.
    """
    return "plan" if decision in GRANTS else STEPS[do].advice


def needs_post(do: str, decision: str | None) -> bool:
    """Whether an authorising officer signs a step."""
    return STEPS[do].post and (decision is None or decision in GRANTS)


def is_answer(do: str | None, rel: str, asked: str | None, *, own: bool) -> bool:
    """Whether a step is the answer that the table names, so that it meets a clock.

    Args:
        do: what it does; ``None`` where it does nothing, or is no step.
        rel: how it names the step that asked.
        asked: what that one does.
        own: whether both are of one member: its confirmation names the plan by ``countersign``.
    """
    rule = STEPS.get(do or "")
    if rule is None or not (rel == "reply" or (own and rel == "countersign")):
        return False
    return any(naming.rel == rel and asked in naming.names and (own or not naming.own) for naming in rule.namings)
