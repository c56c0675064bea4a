"""Verifying an evidence file at a desk without network: what ``serai verify`` does.

It says in plain words what is proven and what is not. It opens no socket, and this module
needs none of the code that would.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from schemas.addresses import HUB, ROOT
from schemas.claims import Dispatch, Receipt
from schemas.encoding import encode_base64url
from schemas.errors import SeraiError
from schemas.evidence import parse_evidence
from schemas.limits import EVIDENCE_BYTES
from schemas.reports import encode_report
from schemas.verification import AnyReport, EvidenceError, EvidenceStep, VerifiedEvidence, VerifiedItem, verify_evidence

HOLDS: Final = 0
"""Exit status: everything in the file is proven."""

DOES_NOT_HOLD: Final = 1
"""Exit status: something in the file is wrong."""

NOT_READ: Final = 2
"""Exit status: there is no such file, or the command was wrong."""


def verify_file(path: Path, root_thumbprint: str) -> VerifiedEvidence:
    """Read and verify an evidence file.

    Raises:
        OSError: if it cannot be read.
        SeraiError: if it does not hold; an `EvidenceError` names the step.
    """
    with path.open("rb") as file:
        data = file.read(EVIDENCE_BYTES + 1)
    return verify_evidence(parse_evidence(data), root_thumbprint)


def describe(evidence: VerifiedEvidence) -> Iterator[str]:
    """What a file proves and what it does not, in plain words, line by line."""
    status = evidence.epoch.document.status
    yield "The file holds. It proves:"
    yield f"  network     {evidence.network}" + (" - AN EXERCISE NETWORK" if status == "exercise" else "")
    yield f"  ledger      epoch {evidence.epoch.number}, {evidence.checkpoint.size} statements"
    yield from _describe_item(evidence.said)
    yield from _describe_cover(evidence)
    yield from _describe_content(evidence)
    for receipt in evidence.receipts:
        claims = receipt.statement.claims
        said = claims.outcome if isinstance(claims, Receipt) else ""
        yield f"  receipt     {said} by {claims.iss}, {_time(receipt.accepted_at)}, place {receipt.index}"
    yield "It does not prove:"
    yield from (f"  - {limit.label.en}" for limit in evidence.limits)


def _describe_item(item: VerifiedItem) -> Iterator[str]:
    claims = item.statement.claims
    yield f"  statement   {claims.type.name.lower()} {encode_base64url(item.statement.digest)}"
    yield f"  signed by   {_signer(item)}"
    yield f"  certified   {' -> '.join(['ROOT', *(link.address for link in item.chain)])}"
    yield f"  accepted    {_time(item.accepted_at)}, place {item.index}"


def _signer(item: VerifiedItem) -> str:
    claims = item.statement.claims
    if item.chain:
        return f"{claims.iss} ({item.chain[-1].statement.claims.name})"
    return {ROOT: "the root", HUB: f"the hub, {HUB}"}.get(claims.iss, claims.iss)


def _describe_cover(evidence: VerifiedEvidence) -> Iterator[str]:
    cover = evidence.said.statement.claims
    if isinstance(cover, Dispatch):
        meant = "" if cover.status == "actual" else f" - {cover.status.upper()}, NOT REAL"
        yield f"  kind        {cover.kind}, {cover.precedence}, {cover.handling}{meant}"
    if evidence.recipients:
        yield f"  to          {', '.join(evidence.recipients)}"


def _describe_content(evidence: VerifiedEvidence) -> Iterator[str]:
    content = evidence.content
    if content is None:
        return
    yield f"  copy of     {content.recipient}"
    if content.report is not None:
        text = json.dumps(_report(content.report), ensure_ascii=False, indent=2)
        yield "  content"
        yield from (f"    {line}" for line in text.splitlines())
    elif content.disclosed is not None:
        yield f"  content     {len(content.disclosed)} bytes, not a report of a form known here"


def _report(report: AnyReport) -> Any:
    return json.loads(encode_report(report))


def _time(time_ms: int) -> str:
    try:
        return datetime.fromtimestamp(time_ms / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    except (OverflowError, ValueError):
        return f"{time_ms} ms"  # beyond the calendar: the ledger says what it says


def to_json(evidence: VerifiedEvidence) -> dict[str, Any]:
    """The same as `describe` for programs."""
    content = evidence.content
    value: dict[str, Any] = {
        "holds": True,
        "network": evidence.network,
        "network_status": evidence.epoch.document.status,
        "epoch": evidence.epoch.number,
        "size": evidence.checkpoint.size,
        "root": encode_base64url(evidence.checkpoint.root),
        "statement": _item_json(evidence.said),
        "recipients": list(evidence.recipients),
        "receipts": [_item_json(receipt) for receipt in evidence.receipts],
        "not_proven": [limit.value for limit in evidence.limits],
    }
    if content is not None:
        value["content"] = {"recipient": content.recipient, "disclosed": content.disclosed is not None}
        if content.report is not None:
            value["content"]["report"] = _report(content.report)
        elif content.disclosed is not None:
            value["content"]["bytes"] = encode_base64url(content.disclosed)
    return value


def _item_json(item: VerifiedItem) -> dict[str, Any]:
    claims = item.statement.claims
    return {
        "digest": encode_base64url(item.statement.digest),
        "type": claims.type.typ,
        "index": item.index,
        "accepted_at": item.accepted_at,
        "kid": item.statement.kid,
        "chain": [{"address": link.address, "kid": link.key.kid} for link in item.chain],
        "claims": claims.model_dump(mode="json", exclude_none=True),
    }


def _fault_json(error: SeraiError) -> dict[str, Any]:
    step = error.step if isinstance(error, EvidenceError) else None
    named = {} if step is None else {"step": step.value, "step_name": step.name.lower()}
    return {"holds": False, **named, "code": error.code.value, "title": error.problem.title, "detail": error.detail}


def _describe_fault(error: SeraiError) -> Iterator[str]:
    yield "The file does not hold; nothing in it is proven."
    if isinstance(error, EvidenceError):
        yield f"  failed at   step {error.step.value}, {error.step.name.lower()}"
    yield f"  because     {error.problem.title} ({error.code.value}{': ' if error.detail else ''}{error.detail})"
    yield f"  what to do  {_remedy(error)}"


def _remedy(error: SeraiError) -> str:
    if not isinstance(error, EvidenceError):
        return error.problem.remedy
    if error.step is EvidenceStep.EPOCHS:
        return "Check the thumbprint of the root. If it is right, do not rely on the file."
    return "Do not rely on the file; ask whoever gave it to you for another."


def _say(lines: Iterator[str]) -> None:
    # Names and texts are other people's: nothing in them may move the cursor or turn the line around.
    for line in lines:
        sys.stdout.write("".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in line) + "\n")


def report_file(path: Path, root_thumbprint: str, *, as_json: bool = False) -> int:
    """Verify a file, say the result on stdout, and give the exit status."""
    try:
        evidence = verify_file(path, root_thumbprint)
    except OSError as error:
        sys.stderr.write(f"{path}: {error.strerror}\n")
        return NOT_READ
    except SeraiError as error:
        _say(iter([json.dumps(_fault_json(error))]) if as_json else _describe_fault(error))
        return DOES_NOT_HOLD
    _say(iter([json.dumps(to_json(evidence))]) if as_json else describe(evidence))
    return HOLDS
