"""From admitted statements to rows, and from rows to items. Pure translation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from pydantic import TypeAdapter, ValidationError

from broker.core.admission.effects import Admitted, StepNote
from broker.ports import Kept, LedgerItem, StoredCopy, StoredEvent, StoredText
from schemas.addresses import Address
from schemas.claims import LANES, Claims, Dispatch, Event, Lane, Receipt
from schemas.encoding import Digest, encode_json
from schemas.errors import Code, SeraiError
from schemas.operations.steps import NotedStep

Row = dict[str, Any]

STATEMENT_COLUMNS = ("lane", "index", "leaf", "text", "body", "content_digest", "entries_root", "entries")
EVENT_COLUMNS = ("index", "leaf", "text")
MAILBOX_COLUMNS = ("entry", "entry_proof", "position")

LANE_CODES: dict[Lane, int] = {lane: code for code, lane in enumerate(LANES)}
"""How lanes are written in tables: 0 public, 1 urgent, 2 normal."""

_BY_CODE = dict(enumerate(LANES))
_PARTS = TypeAdapter(dict[Address, str])
_MEMBERS = TypeAdapter(tuple[Address, ...])


def statement_row(admitted: Admitted) -> Row:
    """The row of `tables.StatementRow`."""
    claims, content = admitted.statement.claims, admitted.content
    return {
        "index": admitted.index,
        "digest": admitted.statement.digest,
        "leaf": admitted.leaf.to_bytes(),
        "type": admitted.leaf.code,
        "sender": admitted.sender,
        "jti": claims.jti,
        "lane": LANE_CODES[admitted.lane],
        "status": claims.status if isinstance(claims, Dispatch) else None,
        "content_digest": content.claim.digest if content else None,
        "entries_root": content.claim.entries if content else None,
        "entries": len(content.entries) if content else None,
        "text": admitted.statement.text,
        "body": content.body if content else None,
        "origin": admitted.origin,
        "erased": None,
    }


def mailbox_rows(admitted: Admitted) -> Iterator[Row]:
    """The rows of `tables.MailboxRow`."""
    for position, delivery in enumerate(admitted.deliveries):
        yield {
            "member": delivery.member,
            "lane": LANE_CODES[admitted.lane],
            "index": admitted.index,
            "addressed": delivery.addressed,
            "withdrawn": delivery.withdrawn,
            "position": position if delivery.entry else None,
            "entry": delivery.entry.data if delivery.entry else None,
            "entry_proof": delivery.entry.proof if delivery.entry else None,
        }


KEPT_CODES: dict[Kept, int] = {"mail": 0, "receipts": 1}
"""How kinds of texts are written in tables."""


def retention_rows(batch: Iterable[Admitted]) -> list[Row]:
    """The rows of `tables.RetentionRow`: a dispatch waits for its recipients, a receipt or event for nobody.

    Steps of operations are kept, and `erased` events too.
    """
    rows: list[Row] = []
    for item in batch:
        claims = item.statement.claims
        if isinstance(claims, Dispatch) and claims.kind != "operation":
            rows.append({"index": item.index, "kind": KEPT_CODES["mail"], "since_ms": None})
        elif item.lane != "public" and (isinstance(claims, Receipt) or _is_ordinary(claims)):
            rows.append({"index": item.index, "kind": KEPT_CODES["receipts"], "since_ms": item.leaf.accepted_at})
    return rows


def _is_ordinary(claims: Claims) -> bool:
    return isinstance(claims, Event) and claims.event != "erased"


def effect_rows(batch: Iterable[Admitted]) -> dict[str, list[Row]]:
    """The rows of outcomes, references, answers owed, watches and steps, by table."""
    rows: dict[str, list[Row]] = {name: [] for name in ("outcome", "reference", "owing", "watch", "operation", "step")}
    for item in batch:
        member = item.sender
        rows["outcome"] += [
            {"target": target, "member": member, "outcome": outcome, "index": item.index}
            for target, outcome in item.outcomes
        ]
        rows["reference"] += [
            {"target": target, "index": item.index, "rel": rel, "member": member} for target, rel in item.references
        ]
        rows["owing"] += [{"index": item.index, "member": owing, "ended": None} for owing in item.owing]
        rows["watch"] += [
            {"sender": member, "due_ms": watch.due_ms, "index": watch.index, "missing": watch.missing}
            for watch in item.watches
        ]
        if item.step is not None:
            rows["operation"] += _operation_rows(item.index, item.step)
            rows["step"].append(_step_row(item.index, item.step))
    return rows


def _operation_rows(index: int, note: StepNote) -> list[Row]:
    step = note.step
    return [
        {
            "operation": step.operation,
            "member": member,
            "lead": step.do == "open" and member == step.member,
            "index": index,
        }
        for member in note.joining
    ]


def _step_row(index: int, note: StepNote) -> Row:
    step = note.step
    return {
        "index": index,
        "operation": step.operation,
        "do": step.do,
        "decision": step.decision,
        "signer": step.signer,
        "parts": encode_json(dict(step.parts)),
        "audience": encode_json(list(step.audience)),
        "to_all": note.to_all,
    }


STEP_COLUMNS = ("index", "operation", "do", "decision", "signer", "parts", "audience")


def step_of(row: Any) -> NotedStep:
    """What is noted of a step, from a row of `STEP_COLUMNS`.

    Raises:
        SeraiError: ``damaged`` if it cannot be read.
    """
    index, operation, do, decision, signer, parts, audience = row
    try:
        return NotedStep(
            Digest(operation),
            do,
            decision,
            Address(signer),
            _PARTS.validate_json(parts),
            _MEMBERS.validate_json(audience),
        )
    except ValidationError as error:
        raise SeraiError(Code.DAMAGED, f"the step at {index}") from error


def item_of(row: Any) -> LedgerItem:
    """An item from a row of `STATEMENT_COLUMNS`, `MAILBOX_COLUMNS`, and `EVENT_COLUMNS` where they were asked for.

    An entry beside a statement that has no content came to a wrong row: the text counts as gone.

    Raises:
        SeraiError: ``damaged`` if it is on no lane.
    """
    lane, index, leaf, text, body, content_digest, entries_root, entries, entry, entry_proof, position, *event = row
    if lane not in _BY_CODE:
        raise SeraiError(Code.DAMAGED, f"the lane of {index}")
    copy = None
    if entry is not None and body is None:
        text = None
    elif entry is not None:
        roots = (Digest(content_digest), Digest(entries_root))
        copy = StoredCopy(body, entry, entry_proof, position, entries, *roots)
    erased = StoredEvent(*event) if event and event[-1] is not None else None
    return LedgerItem(_BY_CODE[lane], index, leaf, text, copy, erased)


def text_of(row: Any, entries: Iterable[Any]) -> StoredText:
    """A statement from a row of `STATEMENT_COLUMNS`, and rows of `MAILBOX_COLUMNS` that have entries.

    Raises:
        SeraiError: ``damaged`` if it is on no lane.
    """
    copies = tuple(copy for entry in entries if (copy := item_of((*row, *entry)).copy) is not None)
    item = item_of((*row, *(None,) * len(MAILBOX_COLUMNS)))
    return StoredText(item.lane, item.index, item.leaf, item.statement, row.body, copies)
