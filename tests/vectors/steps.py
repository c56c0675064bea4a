"""Steps of operations: covers in the order in which they are submitted, and what becomes of the last one."""

from __future__ import annotations

from typing import Any

from schemas.encoding import encode_base64url, sha256
from schemas.errors import SeraiError
from schemas.operations.table import STEPS, is_answer
from schemas.rules.writing import check_written
from tests.support.operations import CASES, GONE, OPEN, Case, Draft, Rules
from tests.vectors.covers import read_cover

Vector = dict[str, Any]


def step_vectors() -> dict[str, Vector]:
    """The vectors by the name of their file."""
    cases = [_case(case) for case in CASES]
    return {"steps": {"unreachable": [GONE], "cases": cases, "malformed": _malformed(), "answers": _answers()}}


def _case(case: Case) -> Vector:
    rules = Rules()
    before = [_said(rules, draft) for draft in case.before]
    for draft in case.before:
        rules.judge(draft)
    vector = {"says": case.says, "before": before, "step": _said(rules, case.step)}
    code, missing = _judged(rules, case.step)
    return {**vector, "code": code, "missing": missing}


def _said(rules: Rules, draft: Draft) -> Vector:
    """A dispatch with the digest that others name it by, which is no digest of a statement, and its signer's roles."""
    for name in {draft.of, *(name for _, name in draft.refs)} - {None}:
        rules.digests.setdefault(str(name), _digest(str(name)))
    cover = rules.cover(draft).model_dump(mode="json", by_alias=True, exclude_none=True)
    return {"digest": _digest(draft.name), "roles": sorted(rules.roles(draft)), "cover": cover}


def _digest(name: str) -> str:
    return encode_base64url(sha256(name.encode()))


def _judged(rules: Rules, draft: Draft) -> tuple[str | None, list[str]]:
    try:
        rules.judge(draft)
    except SeraiError as error:
        named = error.detail.split(", ") if error.code == "participants_missing" else []
        return error.code.value, named
    return None, []


def _malformed() -> list[Vector]:
    """Covers that composer and hub refuse for their form, and what they say of it."""
    rules, opened = Rules(), _digest("open")
    rules.digests["open"] = opened
    ref = {"digest": opened}
    changes: list[Vector] = [
        {"kind": "warning"},
        {"operation": None},
        {"operation": {"do": "open", "id": opened, "participants": [{"member": "UZ/NFP", "part": "transit"}]}},
        {"operation": {"do": "move"}},
        {"operation": {"do": "open"}},
        {"operation": {"do": "open", "participants": [{"member": "UZ/NFP", "part": "left"}]}},
        {"operation": {"do": "plan", "id": opened}},
        {"operation": {"do": "decide", "id": opened}},
        {"operation": {"do": "move", "id": opened, "decision": "granted"}},
        {"operation": {"do": "note", "id": opened, "participants": [{"member": "UZ/NFP", "part": "transit"}]}},
        {"operation": {"do": "move", "id": opened, "participants": [{"member": "UZ/NFP", "part": "observer"}]}},
        {"operation": {"id": opened}},
        {"operation": {"id": opened, "do": "stop"}, "refs": [{"rel": "reseal", **ref}]},
        {"operation": {"id": opened}, "refs": [{"rel": "related", **ref}]},
        {"operation": {"id": opened}, "refs": [{"rel": "cancel", **ref}, {"rel": "reseal", **ref}]},
        {"status": "test"},
    ]
    plain = rules.cover(OPEN).model_dump(mode="json", by_alias=True, exclude_none=True)
    covers = [{name: value for name, value in {**plain, **each}.items() if value is not None} for each in changes]
    return [{"cover": cover, "code": refusal(cover)} for cover in covers]


def refusal(claims: Vector) -> str | None:
    """The code with which composer and hub refuse a cover for its form."""
    try:
        check_written(read_cover(claims))
    except SeraiError as error:
        return error.code.value
    return None


def _answers() -> list[Vector]:
    """Which steps meet the clock of which."""
    asked = [*STEPS, None]
    return [
        {"do": do, "rel": rel, "asked": each, "own": own}
        for do in STEPS
        for rel in ("reply", "countersign", "related")
        for each in asked
        for own in (True, False)
        if is_answer(do, rel, each, own=own)
    ]
