"""Contents of steps to test with: the least of each, as JSON values."""

from __future__ import annotations

from typing import Any

GOODS = [{"group": "heroin", "name": "Heroin", "quantity": "12", "unit": "kilogram"}]
LEGS = [
    {"leg": "1", "member": "TJ/NFP", "origin": {"name": "Dushanbe"}, "destination": {"name": "Fotehobod"}},
    {"leg": "2", "member": "UZ/NFP", "border": {"un_locode": "UZTAS"}, "enters": "2026-11-24T12:00+05:00"},
    {"leg": "3", "member": "KZ/NFP", "border": {"name": "Zhibek Zholy"}, "enters": "2026-11-24T20:00+05:00"},
    {"leg": "4", "member": "RU/NFP", "border": {"name": "Mashtakovo"}, "enters": "2026-11-26T08:00+05:00"},
]
PLAN: dict[str, Any] = {
    "report": "operation",
    "version": 1,
    "our_reference": "TJ-CD-7",
    "goods": GOODS,
    "place": {"country": {"code": "TJ"}, "name": "Dushanbe, yard of a warehouse"},
    "next_point": {"place": {"name": "Fotehobod"}, "earliest": "2026-11-24T11:00+05:00"},
    "asks": [{"member": "UZ/NFP", "what": {"code": "decide"}, "until": "2026-11-24T23:00+05:00"}],
    "persons_at_risk": "none",
    "stop_rule": {"when": "Two hours without sight of the lorry", "decided_by": "TJ/NFP"},
}
_STEP: dict[str, Any] = {"report": "operation", "version": 1, "our_reference": "TJ-CD-7"}
_FACT: dict[str, Any] = {**_STEP, "occurred_at": "2026-11-24T11:40+05:00"}
AUTHORITY = {"post": "Deputy prosecutor", "reference": "44/1"}

LEAST: dict[str, dict[str, Any]] = {
    "open": {**PLAN, "do": "open"},
    "plan": {**PLAN, "do": "plan"},
    "confirm": {**_STEP, "do": "confirm"},
    "decide": {**_STEP, "do": "decide", "authority": AUTHORITY, "manner": "written"},
    "stop": {**_STEP, "do": "stop", "reason": {"code": "danger"}},
    "move": {**_FACT, "do": "move", "movement": "at"},
    "hand": {**_FACT, "do": "hand", "stage": "offered", "other": "UZ/NFP"},
    "exhibit": {**_FACT, "do": "exhibit", "event": "registered", "exhibit": "TJ-1"},
    "result": {**_FACT, "do": "result", "outcome": {"code": "seized"}},
    "note": {**_STEP, "do": "note", "summary": "The driver changed the tyre."},
    "close": {**_STEP, "do": "close", "outcome": {"code": "delivered"}},
    "cancel": {**_STEP, "do": "cancel", "reason": "Wrong lorry."},
}
"""The least of each step."""
