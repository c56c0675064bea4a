"""The committed JSON Schemas are what the models say today."""

from __future__ import annotations

import json

import pytest

from schemas.jsonschema import all_models, generate_json_schemas
from schemas.reports.kinds import KINDS
from tests.support.generate_json_schema import SCHEMA_DIRECTORY
from tests.support.toy import TOY


def test_no_drift() -> None:
    """Files and generator agree to the letter, and neither has a schema that the other lacks."""
    committed = {path.name: path.read_text(encoding="utf-8") for path in SCHEMA_DIRECTORY.glob("*.json")}
    assert committed == generate_json_schemas()


def test_names_are_distinct() -> None:
    """Each line of the registry makes a file of its own."""
    assert len(generate_json_schemas()) == len(all_models())


@pytest.mark.parametrize("kind", ["warning", "seizure", "feedback"])
def test_schema_of_a_report(kind: str) -> None:
    """A report's schema is closed, requires kind and version, and knows no null."""
    text = generate_json_schemas()[f"{kind}.schema.json"]
    schema = json.loads(text)
    assert schema["$id"] == f"urn:serai:schema:v1:{kind}"
    assert schema["additionalProperties"] is False
    assert {"report", "version", "our_reference"} <= set(schema["required"])
    assert schema["properties"]["report"]["const"] == kind
    assert '"null"' not in text


def test_a_new_kind_has_a_schema(monkeypatch: pytest.MonkeyPatch) -> None:
    """A kind that is registered makes a file."""
    assert "toy.schema.json" not in generate_json_schemas()
    monkeypatch.setitem(KINDS, TOY.name, TOY)
    assert '"const": "toy"' in generate_json_schemas()["toy.schema.json"]
