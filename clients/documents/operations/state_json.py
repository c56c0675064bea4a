"""An operation as programs get it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from decimal import Decimal
from enum import Enum
from typing import Any

from clients.documents.operations.list_text import next_clock_ms
from clients.documents.operations.view import OperationView
from schemas.operations.books import Measure
from schemas.operations.results import StepRecord


def view_json(view: OperationView) -> dict[str, Any]:
    """The folded state and the picture, each member as it is called there."""
    return {**row_json(view), "state": to_json(view.state), "picture": to_json(view.picture)}


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
        "red": sum(each.colour.value == "red" for each in view.state.contradictions),
        "next_clock_ms": next_clock_ms(view),
        "our_move": [each.kind.value for each in view.picture.whose_move if each.member == view.own],
        "waiting": list(view.waiting),
    }


def to_json(value: Any) -> Any:
    """A value of the folded state; what is counted stands in a list, with its measure."""
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: to_json(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, Mapping):
        return _mapping(value)
    if isinstance(value, list | tuple | set | frozenset):
        return [to_json(each) for each in value]
    if isinstance(value, Decimal):
        return format(value, "f")
    return value.value if isinstance(value, Enum) else value


def _mapping(value: Mapping[Any, Any]) -> Any:
    if any(isinstance(key, Measure) for key in value):
        return [{**to_json(key), "amount": to_json(amount)} for key, amount in value.items()]
    return {str(key): to_json(each) for key, each in value.items()}


def step_json(view: OperationView, record: StepRecord) -> dict[str, Any]:
    """A step, with the operation that it belongs to and whether the goods may go on after it."""
    return {"operation": view.state.id, "status": view.state.status, "may_go": view.picture.may_go, **to_json(record)}
