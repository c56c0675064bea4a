"""Reading an account of an operation that somebody else has made."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from schemas.encoding import decode_object
from schemas.limits import EVIDENCE_BYTES, EVIDENCE_MEMBERS


def read_account(path: Path) -> dict[str, Any]:
    """The JSON of an account, as ``--out`` or ``--json`` writes it; nothing in it is believed.

    Raises:
        OSError: if it cannot be read.
        SeraiError: ``malformed_json``.
    """
    with path.open("rb") as file:
        value = decode_object(file.read(EVIDENCE_BYTES), EVIDENCE_MEMBERS)
    inner = value.get("account")
    return inner if isinstance(inner, dict) else value
