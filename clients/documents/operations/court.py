"""What ``serai verify`` says of the operations in a file: folded anew, and what that does not show."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from clients.documents.operations.picture_text import picture_lines
from clients.documents.operations.state_json import view_json
from clients.documents.operations.view import OperationView
from clients.documents.operations.words import flow
from clients.documents.plain import utc
from clients.documents.texts import _, label
from schemas.operations.proven import ProvenOperation, operations_in
from schemas.proven import VerifiedEvidence


def court_lines(evidence: VerifiedEvidence) -> Iterator[str]:
    """Every operation in a file, computed from the file alone, line by line."""
    for each in operations_in(evidence):
        yield ""
        yield from _heading(each)
        yield from (line.text for line in picture_lines(OperationView.proven(each)))


def court_json(evidence: VerifiedEvidence) -> dict[str, Any]:
    """The same for programs."""
    return {
        "operations": [{**view_json(OperationView.proven(each)), **_seen(each)} for each in operations_in(evidence)]
    }


def _heading(proven: ProvenOperation) -> Iterator[str]:
    steps = _("Computed again from the steps in the file ({count}), as of {time}:").format(
        count=len(proven.held.steps), time=utc(proven.picture.moment_ms)
    )
    limit = _(
        "Its maker had verified the ledger up to number {number}. Steps that nothing in the file names may exist, and "
        "could change the result."
    ).format(number=proven.seen_up_to)
    texts = [steps, limit]
    if proven.picture.unsure:
        parts = ", ".join(label(part) for part in proven.picture.unsure)
        texts.append(_("NOT SURE: what is named and cannot be read here could change: {parts}").format(parts=parts))
    yield from (line.text for text in texts for line in flow(text, "", hang=""))


def _seen(proven: ProvenOperation) -> dict[str, Any]:
    return {"steps": len(proven.held.steps), "as_of": proven.picture.moment_ms, "seen_up_to": proven.seen_up_to}
