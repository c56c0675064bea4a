"""Answers of a person to what the forms of operations ask."""

from __future__ import annotations

_REFERENCE = {"reference": "TJ-CD-7"}
_WHEN = {"occurred_at": "2026-11-24T11:40+05:00"}
_PLAN = {
    **_REFERENCE,
    "group": "heroin",
    "goods": "Heroin",
    "quantity": "12",
    "unit": "kilogram",
    "place": "Dushanbe",
    "next_place": "Fotehobod",
    "next_from": "2026-11-24T11:00+05:00",
    "ask_member": "UZ/NFP",
    "ask": "decide",
    "persons_at_risk": "none",
    "stop_when": "Two hours without sight",
    "stop_by": "TJ/NFP",
    "leg": "1",
    "leg_member": "TJ/NFP",
    "plate": "A 1",
}

STEP_ANSWERS: dict[str, dict[str, str]] = {
    "operation-open": _PLAN,
    "operation-plan": {**_PLAN, "changes": "Another lorry"},
    "operation-confirm": {**_REFERENCE, "post": "Head"},
    "operation-decide": {
        **_REFERENCE,
        "post": "Prosecutor",
        "manner": "oral",
        "spoken_by": "Prosecutor",
        "received_by": "Duty officer",
        "spoken_at": "2026-11-24T01:00Z",
        "confirmed_until": "2026-11-25T01:00Z",
        "condition": "Constant surveillance",
    },
    "operation-stop": {**_REFERENCE, "reason": "danger", "wish": "hold"},
    "operation-move": {**_REFERENCE, **_WHEN, "movement": "crossed", "ground": "planned"},
    "operation-hand": {**_REFERENCE, **_WHEN, "stage": "offered", "other": "UZ/NFP", "seal": "0071"},
    "operation-exhibit": {
        **_REFERENCE,
        **_WHEN,
        "event": "sampled",
        "exhibit": "TJ-1",
        "group": "heroin",
        "quantity": "1",
        "unit": "gram",
        "part": "TJ-1/1",
    },
    "operation-result": {**_REFERENCE, **_WHEN, "outcome": "seized"},
    "operation-note": {**_REFERENCE, "summary": "Rain."},
    "operation-close": {**_REFERENCE, "outcome": "other", "outcome_words": "Sent back"},
    "operation-cancel": {**_REFERENCE, "reason": "Wrong lorry"},
}
"""By the name of the form."""
