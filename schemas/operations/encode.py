"""The folded state as JSON: for vectors, exports and whoever compares two clients (PROTOCOL 16)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from decimal import Decimal
from enum import Enum
from typing import Any

from schemas.operations.books import Measure


def state_json(state: object) -> dict[str, Any]:
    """A state, a picture of a moment, or an account as JSON; any of the values of this package.

    Each member is called as in the code. What is ``None`` is absent, codes are their words, quantities are text in
    plain notation, and quantities by kind and unit are lists, each entry with its ``quantity``.
    """
    return _members(state)


def _members(value: Any) -> dict[str, Any]:
    named = ((each.name, getattr(value, each.name)) for each in fields(value))
    return {name: _plain(each) for name, each in named if each is not None}


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return _members(value)
    if isinstance(value, Mapping):
        measures = [_measured(key, each) for key, each in sorted(value.items()) if isinstance(key, Measure)]
        return measures or {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, tuple | list):
        is_measured = len(value) == 2 and isinstance(value[0], Measure)
        return _measured(*value) if is_measured else [_plain(each) for each in value]
    return _scalar(value)


def _scalar(value: Any) -> Any:
    return f"{value:f}" if isinstance(value, Decimal) else value.value if isinstance(value, Enum) else value


def _measured(measure: Measure, quantity: Decimal) -> dict[str, Any]:
    return {**_members(measure), "quantity": f"{quantity:f}"}
