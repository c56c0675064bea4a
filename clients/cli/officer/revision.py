"""A report of the minimal form opened again: its answers, and the report with some of them changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from clients.cli.officer.steps import STEPS, build_report

_MEMBERS: Final[Mapping[str, str]] = {
    "reference": "our_reference",
    "action": "requested_action",
    "action_words": "requested_action",
    "outcome": "outcome",
    "outcome_words": "outcome",
    "group": "goods",
    "goods": "goods",
    "quantity": "goods",
    "unit": "goods",
    "unit_words": "goods",
    "plate": "identifiers",
    "container": "identifiers",
}
_GOODS: Final = {
    "group": "group",
    "goods": "name",
    "quantity": "quantity",
    "unit": "unit",
    "unit_words": "unit_as_written",
}
_CODED: Final = {"requested_action": ("action", "action_words"), "outcome": ("outcome", "outcome_words")}
_IDENTIFIERS: Final = {"plate": "vehicle_plate", "container": "container"}
_FALLS_WITH: Final = {
    "action": ("action_words",),
    "outcome": ("outcome_words",),
    "unit": ("unit_words",),
}


def answers_of(kind: str, report: Mapping[str, Any]) -> dict[str, str]:
    """The answers that would make a report, as far as there is a step for each.

    Args:
        kind: of the report.
        report: its members, as in JSON.
    """
    answers: dict[str, Any] = {}
    for member, (code, words) in _CODED.items():
        said = report.get(member) or {}
        answers |= {code: said.get("code"), words: said.get("as_written")}
    first: Mapping[str, Any] = next(iter(report.get("goods", ())), {})
    answers |= {key: first.get(member) for key, member in _GOODS.items()}
    answers |= {key: (_find(report, code) or {}).get("value") for key, code in _IDENTIFIERS.items()}
    plain = {step.key: report.get(_MEMBERS.get(step.key, step.key)) for step in STEPS[kind]}
    found = {step.key: answers.get(step.key) or plain[step.key] for step in STEPS[kind]}
    return {key: value for key, value in found.items() if isinstance(value, str)}


def revise(kind: str, report: Mapping[str, Any], changes: Mapping[str, str]) -> dict[str, Any]:
    """A report in which some answers are others; everything else stays as it was, to the letter.

    Args:
        kind: of the report.
        report: its members, as in JSON.
        changes: by the key of the step; an empty answer takes away what was there.
    """
    answers = {**answers_of(kind, report), **_with_dependents(changes)}
    new, kept = build_report(kind, answers), dict(report)
    for member in dict.fromkeys(_MEMBERS.get(key, key) for key in changes):
        value = new.get(member)
        if member == "goods":
            value = _goods(report.get("goods", ()), new)
        elif member == "identifiers":
            value = _identifiers(report.get("identifiers", ()), changes)
        if value:
            kept[member] = value
        else:
            kept.pop(member, None)
    return kept


def _with_dependents(changes: Mapping[str, str]) -> dict[str, str]:
    """Words that explained a code fall with it, and a unit with its quantity."""
    fallen = {word: "" for key in changes for word in _FALLS_WITH.get(key, ())}
    if changes.get("quantity") == "":
        fallen |= {"unit": "", "unit_words": ""}
    return {**fallen, **changes}


def _goods(before: Sequence[Mapping[str, Any]], new: Mapping[str, Any]) -> list[Any]:
    """The first kind of goods as it is answered now, with what no step asks for; the others as they were."""
    first = next(iter(before), {})
    kept = {name: value for name, value in first.items() if name not in _GOODS.values()}
    return [{**kept, **next(iter(new.get("goods", ())), {})}, *before[1:]]


def _identifiers(before: Sequence[Mapping[str, Any]], changes: Mapping[str, str]) -> list[Any]:
    found = list(before)
    for key, code in _IDENTIFIERS.items():
        if key not in changes:
            continue
        old = _find({"identifiers": found}, code)
        new = [{**(old or {"kind": code}), "value": changes[key]}] if changes[key] else []
        at = len(found) if old is None else found.index(old)
        found[at : at + 1] = new
    return found


def _find(report: Mapping[str, Any], code: str) -> Mapping[str, Any] | None:
    """The first identifier of a kind."""
    return next((each for each in report.get("identifiers", ()) if each.get("kind") == code), None)
