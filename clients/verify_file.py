"""Verifying an evidence file at a desk without network: what ``serai verify`` does.

It says in plain words what is proven and what is not. It opens no socket, and this module
needs none of the code that would.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

from schemas.addresses import HUB, ROOT
from schemas.claims import Dispatch, Receipt
from schemas.encoding import encode_base64url
from schemas.errors import SeraiError
from schemas.evidence import parse_evidence
from schemas.labels import CodedValue, HandlingCode, Kind, Outcome, Precedence
from schemas.limits import EVIDENCE_BYTES
from schemas.reports import encode_report
from schemas.verification import (
    AnyReport,
    EvidenceError,
    EvidenceStep,
    Limit,
    VerifiedEvidence,
    VerifiedItem,
    verify_evidence,
)

HOLDS: Final = 0
"""Exit status: everything in the file is proven."""

DOES_NOT_HOLD: Final = 1
"""Exit status: something in the file is wrong."""

NOT_READ: Final = 2
"""Exit status: there is no such file, or the command was wrong."""


def _english(codes: type[CodedValue], value: str) -> str:
    return next((code.label.en for code in codes if code.value == value), value)


class Speech(NamedTuple):
    """The language in which a file is described.

    Attributes:
        text: a text of this module in that language.
        label: what a person reads for a code.
    """

    text: Callable[[str], str] = str
    label: Callable[[type[CodedValue], str], str] = _english


ENGLISH: Final = Speech()
"""The language of this module."""


def verify_file(path: Path, root_thumbprint: str) -> VerifiedEvidence:
    """Read and verify an evidence file.

    Raises:
        OSError: if it cannot be read.
        SeraiError: if it does not hold; an `EvidenceError` names the step.
    """
    with path.open("rb") as file:
        data = file.read(EVIDENCE_BYTES + 1)
    return verify_evidence(parse_evidence(data), root_thumbprint)


def describe(evidence: VerifiedEvidence, speech: Speech = ENGLISH) -> Iterator[str]:
    """What a file proves and what it does not, in plain words, line by line."""
    _ = speech.text
    network, checkpoint = evidence.epoch.document, evidence.checkpoint
    yield _("The file holds. It proves:")
    meant = "" if network.status == "actual" else " - " + _("AN EXERCISE NETWORK")
    yield _named(_("network"), evidence.network + meant)
    size = _("epoch {number}, {count} statements").format(number=evidence.epoch.number, count=checkpoint.size)
    yield _named(_("ledger"), size)
    yield from _describe_item(evidence.said, speech)
    yield from _describe_cover(evidence, speech)
    yield from _describe_content(evidence, speech)
    yield from (_named(_("receipt"), _receipt(receipt, speech)) for receipt in evidence.receipts)
    yield _("It does not prove:")
    yield from (f"  - {speech.label(Limit, limit.value)}" for limit in evidence.limits)


def _named(name: str, value: str) -> str:
    return f"  {name:<11} {value}".rstrip()


def _receipt(receipt: VerifiedItem, speech: Speech) -> str:
    _ = speech.text
    claims = receipt.statement.claims
    outcome = speech.label(Outcome, claims.outcome).lower() if isinstance(claims, Receipt) else ""
    text = _("{outcome} by {who}, {time}, place {place}")
    return text.format(outcome=outcome, who=claims.iss, time=_time(receipt.accepted_at), place=receipt.index)


def _describe_item(item: VerifiedItem, speech: Speech) -> Iterator[str]:
    _ = speech.text
    claims = item.statement.claims
    yield _named(_("statement"), f"{claims.type.name.lower()} {encode_base64url(item.statement.digest)}")
    yield _named(_("signed by"), _signer(item, speech))
    yield _named(_("certified"), " -> ".join(["ROOT", *(link.address for link in item.chain)]))
    accepted = _("{time}, place {place}").format(time=_time(item.accepted_at), place=item.index)
    yield _named(_("accepted"), accepted)


def _signer(item: VerifiedItem, speech: Speech) -> str:
    _ = speech.text
    claims = item.statement.claims
    if item.chain:
        return f"{claims.iss} ({item.chain[-1].statement.claims.name})"
    return {ROOT: _("the root"), HUB: _("the hub, {address}").format(address=HUB)}.get(claims.iss, claims.iss)


def _describe_cover(evidence: VerifiedEvidence, speech: Speech) -> Iterator[str]:
    _ = speech.text
    cover = evidence.said.statement.claims
    if isinstance(cover, Dispatch):
        meant = "" if cover.status == "actual" else " - " + _("{status}, NOT REAL").format(status=cover.status.upper())
        kind, precedence = speech.label(Kind, cover.kind), speech.label(Precedence, cover.precedence)
        yield _named(_("kind"), f"{kind}, {precedence}{meant}")
        yield _named(_("handling"), speech.label(HandlingCode, cover.handling))
    if evidence.recipients:
        yield _named(_("to"), ", ".join(evidence.recipients))


def _describe_content(evidence: VerifiedEvidence, speech: Speech) -> Iterator[str]:
    _ = speech.text
    content = evidence.content
    if content is None:
        return
    yield _named(_("copy of"), content.recipient)
    if content.report is not None:
        text = json.dumps(_report(content.report), ensure_ascii=False, indent=2)
        yield f"  {_('content')}"
        yield from (f"    {line}" for line in text.splitlines())
    elif content.disclosed is not None:
        size = _("{count} bytes, not a report of a form known here").format(count=len(content.disclosed))
        yield _named(_("content"), size)


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


def _describe_fault(error: SeraiError, speech: Speech) -> Iterator[str]:
    _ = speech.text
    yield _("The file does not hold; nothing in it is proven.")
    if isinstance(error, EvidenceError):
        step = _("step {number}, {name}").format(number=error.step.value, name=error.step.name.lower())
        yield _named(_("failed at"), step)
    detail = f"{error.code.value}{': ' if error.detail else ''}{_(error.detail)}"
    yield _named(_("because"), f"{_(error.problem.title)} ({detail})")
    yield _named(_("what to do"), _remedy(error, speech))


def _remedy(error: SeraiError, speech: Speech) -> str:
    _ = speech.text
    if not isinstance(error, EvidenceError):
        return _(error.problem.remedy)
    if error.step is EvidenceStep.EPOCHS:
        return _("Check the thumbprint of the root. If it is right, do not rely on the file.")
    return _("Do not rely on the file; ask whoever gave it to you for another.")


def _say(lines: Iterator[str]) -> None:
    # Names and texts are other people's: nothing in them may move the cursor or turn the line around.
    for line in lines:
        sys.stdout.write("".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in line) + "\n")


def report_file(path: Path, root_thumbprint: str, *, as_json: bool = False, speech: Speech = ENGLISH) -> int:
    """Verify a file, say the result on stdout, and give the exit status."""
    try:
        evidence = verify_file(path, root_thumbprint)
    except OSError as error:
        sys.stderr.write(f"{path}: {error.strerror}\n")
        return NOT_READ
    except SeraiError as error:
        _say(iter([json.dumps(_fault_json(error))]) if as_json else _describe_fault(error, speech))
        return DOES_NOT_HOLD
    _say(iter([json.dumps(to_json(evidence))]) if as_json else describe(evidence, speech))
    return HOLDS
