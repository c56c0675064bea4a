"""The vectors of operations: what follows from steps."""

from __future__ import annotations

import json
from typing import Any

from schemas.operations.asof import picture_of
from schemas.operations.encode import state_json
from schemas.operations.fold import fold
from schemas.operations.terms import ContradictionKind, Rule
from tests.vectors.generate import DIRECTORY
from tests.vectors.operations import held_of


def vectors() -> dict[str, Any]:
    """The committed ones."""
    read: dict[str, Any] = json.loads((DIRECTORY / "operations.json").read_text(encoding="utf-8"))
    return read


def test_a_whole_operation() -> None:
    """After each step the state is the one before with what has changed, and says the same of that moment."""
    vector, state = vectors()["whole"], dict[str, Any]()
    for place, step in enumerate(vector["steps"]):
        folded = fold(held_of(vector, place + 1))
        state |= step["changes"]
        read = state_json(folded.state)
        assert {name: each for name, each in read.items() if name != "steps"} == state
        picture = state_json(picture_of(folded, step["accepted_ms"]))
        assert {name: picture[name] for name in step["picture"]} == step["picture"]


def test_every_rule_of_the_fold() -> None:
    """Each small operation folds to what it says, and every rule and every contradiction has one."""
    found, kinds = set(), set()
    for vector in vectors()["small"]:
        folded = fold(held_of(vector))
        state, picture = state_json(folded.state), state_json(picture_of(folded, vector["moment_ms"]))
        assert {name: state[name] for name in vector["state"]} == vector["state"], vector["name"]
        assert {name: picture[name] for name in vector["picture"]} == vector["picture"], vector["name"]
        found.add(vector["name"][:2])
        kinds |= {each["kind"] for each in vector["state"]["contradictions"]}
    assert {rule.value for rule in Rule} <= found
    assert {kind.value for kind in ContradictionKind} == kinds
