"""Forms of the steps of operations, and what is asked to fill them in (PROTOCOL 16).

| module | what |
|---|---|
| `codes` | coded values with their labels |
| `parts` | groups of which forms are made |
| `forms` | their base |
| `acts` | open, plan, confirm, decide, stop, close; note, cancel |
| `facts` | move, hand, exhibit, result |
"""

from __future__ import annotations

from typing import Final

from schemas.reports.operations.acts import (
    COMMON,
    CancelForm,
    CloseForm,
    ConfirmForm,
    DecideForm,
    NoteForm,
    OpenForm,
    PlanContent,
    PlanForm,
    StopForm,
)
from schemas.reports.operations.facts import ExhibitForm, HandForm, MoveForm, ResultForm
from schemas.reports.operations.forms import FactForm, OperationForm

__all__ = [
    "COMMON",
    "STEP_FORMS",
    "CancelForm",
    "CloseForm",
    "ConfirmForm",
    "DecideForm",
    "ExhibitForm",
    "FactForm",
    "HandForm",
    "MoveForm",
    "NoteForm",
    "OpenForm",
    "OperationForm",
    "PlanContent",
    "PlanForm",
    "ResultForm",
    "StopForm",
]

STEP_FORMS: Final[dict[str, type[OperationForm]]] = {
    "open": OpenForm,
    "plan": PlanForm,
    "confirm": ConfirmForm,
    "decide": DecideForm,
    "stop": StopForm,
    "move": MoveForm,
    "hand": HandForm,
    "exhibit": ExhibitForm,
    "result": ResultForm,
    "note": NoteForm,
    "close": CloseForm,
    "cancel": CancelForm,
}
"""The form of each step by what it does; a ``cancel`` says so in its content alone."""
