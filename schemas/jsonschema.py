"""JSON Schemas of what travels as JSON, made from the models (PROTOCOL 2).

Frames, problems, the claims of each type of statement, evidence files and reports.
The files in `schemas/json/v1/` are this module's output, committed; a test compares
them. Schemas say what can be said without a program (`schemas.jsonrules`): that a code is of
a known country or that H3 has a text is checked by the models alone.
"""

from __future__ import annotations

import json
from typing import Any

from pydantic import BaseModel, TypeAdapter

from schemas.claims import CLAIMS
from schemas.evidence import EvidenceModel
from schemas.frames import FRAME_ADAPTER, Problem
from schemas.jsonrules import with_rules
from schemas.reports.kinds import forms

Model = type[BaseModel] | TypeAdapter[Any]


def all_models() -> list[tuple[str, Model]]:
    """Name and model of each schema; each makes a file."""
    return [
        ("frame", FRAME_ADAPTER),
        ("problem", Problem),
        *((kind.name.lower(), model) for kind, model in CLAIMS.items()),
        ("evidence", EvidenceModel),
        *forms().items(),
    ]


def generate_json_schemas() -> dict[str, str]:
    """File name (``seizure.schema.json``) to text of each of `all_models`."""
    return {f"{name}.schema.json": _text(name, model) for name, model in all_models()}


def _text(name: str, model: Model) -> str:
    schema = model.json_schema() if isinstance(model, TypeAdapter) else model.model_json_schema()
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": f"urn:serai:schema:v1:{name}"}
    parts = {part: _stated(with_rules(part, inner)) for part, inner in schema.get("$defs", {}).items()}
    whole = _stated(with_rules(name, schema)) | ({"$defs": parts} if parts else {})
    return json.dumps(head | _tidy(whole), ensure_ascii=False, indent=1) + "\n"


def _stated(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema with every constant member required: a reader never guesses kind or version."""
    constants = [key for key, value in schema.get("properties", {}).items() if "const" in value]
    required = constants + [key for key in schema.get("required", []) if key not in constants]
    return schema | {"required": required} if required else schema


def _tidy(value: Any) -> Any:
    """Without ``null``, which is never sent, and what is OpenAPI's; with the first paragraph of each description."""
    if isinstance(value, list):
        return [_tidy(item) for item in value]
    if not isinstance(value, dict):
        return value
    kept = {key: _tidy(item) for key, item in value.items() if not _is_noise(key, item)}
    if isinstance(kept.get("description"), str):
        kept["description"] = kept["description"].split("\n\n")[0].replace("\n", " ")
    if "anyOf" not in kept or value.get("default", ...) is not None:
        return kept  # a member that is required and may be null keeps it
    options = [option for option in kept.pop("anyOf") if option != {"type": "null"}]
    return options[0] | kept if len(options) == 1 else kept | {"anyOf": options}


def _is_noise(key: str, item: Any) -> bool:
    if key == "discriminator":
        return isinstance(item, dict) and "propertyName" in item
    return (key == "title" and isinstance(item, str)) or (key == "default" and item in (None, []))
