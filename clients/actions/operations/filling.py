"""What is asked of a step, and what stands on its cover and in no form: decision, participants, guarantees."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from clients.actions.client import Client
from clients.actions.operations.guarantees import Ticks
from clients.actions.operations.known import KnownOperation
from clients.actions.operations.participants import propose_parts
from clients.actions.writing import reachable_members
from schemas.addresses import Address
from schemas.reports import ReportModel
from schemas.reports.kinds import find_entry
from schemas.reports.operations import DecideForm, OperationForm

DECISION: Final = "decision"
"""Key under which a draft keeps the decision, which stands on the cover."""

PARTS: Final = "parts"
"""Key under which a draft keeps who takes part, which stands on the cover."""

GUARANTEES: Final = "guarantees"
"""Key under which a draft keeps the guarantees, of which a form has a list of groups."""

BESIDE: Final = (DECISION, PARTS, GUARANTEES)
"""Keys of what a draft keeps beside the answers of its form."""

STOP_KEYS: Final = ("reason", "reason_words", "wish")
"""What is asked of a stop: nothing that could wait."""

_OF_REFUSALS: Final = ("reason", "reason_words")
_OF_GRANTS: Final = ("condition", "valid_from", "valid_until")
_NOT_ASKED: Final[Mapping[str, tuple[str, ...]]] = {
    "granted": (*_OF_REFUSALS, "condition"),
    "conditional": _OF_REFUSALS,
    "refused": _OF_GRANTS,
    "withdrawn": _OF_GRANTS,
}
_NEEDED: Final[Mapping[str, tuple[str, ...]]] = {
    "conditional": ("condition",),
    "refused": ("reason",),
    "withdrawn": ("reason",),
}


def asked_keys(kind: str, decision: str) -> tuple[str, ...]:
    """The keys that go with a decision: a refusal has no conditions, a grant no reason.

    Args:
        kind: name of the form.
        decision: which; a later word is asked everything.
    """
    skipped = _NOT_ASKED.get(decision, ())
    return tuple(step.key for step in find_entry(kind).steps if step.key not in skipped)


def needed_keys(decision: str) -> tuple[str, ...]:
    """The keys without which a decision means nothing, though its form can do without them."""
    return _NEEDED.get(decision, ())


def step_form(report: ReportModel) -> OperationForm:
    """The form of a step, of a report whose kind is that of operations."""
    assert isinstance(report, OperationForm)  # noqa: S101 - of this kind there are no others
    return report


def with_guarantees(form: OperationForm, ticks: Ticks) -> OperationForm:
    """A decision with what was ticked beside it; any other form as it is."""
    if not isinstance(form, DecideForm):
        return form
    as_in_profile = True if ticks.as_in_profile else None
    return form.model_copy(update={"guarantees": ticks.guarantees, "as_in_profile": as_in_profile})


def proposed_parts(client: Client, known: KnownOperation | None, form: OperationForm) -> dict[Address, str]:
    """Who takes part, as the form and the plan before it have it.

    Args:
        client: whose.
        known: the operation; ``None`` where this opens one.
        form: the plan.
    """
    before = known.state.plan(known.state.plans[-1].step) if known is not None and known.state.plans else None
    return propose_parts(form, reachable_members(client)) | dict(before.parts if before is not None else {})
