"""An operation as programs get it."""

from __future__ import annotations

from typing import Any

from clients.documents.operations.list_text import next_clock_ms
from clients.documents.operations.view import OperationView
from schemas.operations.encode import state_json
from schemas.operations.results import StepRecord
from schemas.operations.terms import Colour


def view_json(view: OperationView) -> dict[str, Any]:
    """The folded state and the picture, as PROTOCOL 16 has them."""
    return {**row_json(view), "state": state_json(view.state), "picture": state_json(view.picture)}


def row_json(view: OperationView) -> dict[str, Any]:
    """An operation in a list."""
    return {
        "operation": view.state.id,
        "number": view.number_of(view.state.id),
        "reference": None if view.plan is None else view.plan.our_reference,
        "status": view.state.status,
        "lead": view.state.lead,
        "phase": view.state.phase.value,
        "may_go": view.picture.may_go,
        "stopped": bool(view.picture.stops),
        "red": sum(each.colour is Colour.RED for each in view.state.contradictions),
        "next_clock_ms": next_clock_ms(view),
        "our_move": [each.kind.value for each in view.picture.whose_move if each.member == view.own],
        "not_sent": len([each for each in view.state.missing if each.number is not None]),
        "waiting": list(view.waiting),
    }


def step_json(view: OperationView, record: StepRecord) -> dict[str, Any]:
    """A step, and whether the goods may go on after it."""
    return {
        "operation": view.state.id,
        "status": view.state.status,
        "number": record.number,
        "digest": record.digest,
        "do": record.do,
        "decision": record.decision,
        "signer": record.signer,
        "accepted_at_ms": record.accepted_ms,
        "struck_out_by": record.struck_out_by,
        "without_effect": record.void is not None,
        "may_go": view.picture.may_go,
    }
