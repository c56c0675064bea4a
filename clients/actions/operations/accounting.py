"""Checking an account of an operation that somebody else has made."""

from __future__ import annotations

from pathlib import Path

from schemas.encoding import decode_object
from schemas.limits import EVIDENCE_BYTES, EVIDENCE_MEMBERS
from schemas.operations.account import JudgedAccount, judge_account
from schemas.operations.held import HeldOperation


def judge_file(path: Path, held: HeldOperation) -> JudgedAccount:
    """Compare an account with what the steps say that are here.

    Args:
        path: of its JSON; nothing in it is believed.
        held: what is here of the operation.

    Raises:
        OSError: if it cannot be read.
        SeraiError: ``malformed_json``.
    """
    with path.open("rb") as file:
        value = decode_object(file.read(EVIDENCE_BYTES), EVIDENCE_MEMBERS)
    inner = value.get("account")
    return judge_account(inner if isinstance(inner, dict) else value, held)
