"""Write the JSON Schemas of `schemas.jsonschema` to their place.

``python -m tests.support.generate_json_schema`` after a change of a model; the drift test
compares and never writes.
"""

from __future__ import annotations

from pathlib import Path

import schemas
from schemas.jsonschema import generate_json_schemas

SCHEMA_DIRECTORY = Path(schemas.__file__).parent / "json" / "v1"
"""Where the committed schemas lie."""


def write_json_schemas() -> None:
    """Write every schema; files of schemas that are no more are left for a person to remove."""
    for name, text in generate_json_schemas().items():
        (SCHEMA_DIRECTORY / name).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    write_json_schemas()
