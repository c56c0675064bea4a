"""What ``serai verify`` says of the operations in a file: folded anew, and what that does not show."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from clients.documents.operations.account_text import judged_lines
from clients.documents.operations.picture_text import picture_lines
from clients.documents.operations.state_json import view_json
from clients.documents.operations.view import OperationView
from clients.documents.operations.words import flow
from clients.documents.plain import utc
from clients.documents.texts import _, label
from schemas.operations.account import judge_account
from schemas.operations.encode import state_json
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


@dataclass(frozen=True, slots=True)
class CheckedAccount:
    """An account that is held against the operation in a court's file.

    Attributes:
        claimed: its JSON; nothing of it is believed.
    """

    claimed: Mapping[str, Any]

    def lines(self, evidence: VerifiedEvidence) -> Iterator[str]:
        """What came of it, line by line."""
        found = self._find(evidence)
        yield ""
        if found is None:
            yield _("THE FILE HAS NO STEP OF THE OPERATION OF THIS ACCOUNT.")
        else:
            yield from judged_lines(judge_account(self.claimed, found.held), found.folded.state.status)

    def members(self, evidence: VerifiedEvidence) -> dict[str, Any]:
        """The same for programs; ``null`` if the operation is not in the file."""
        found = self._find(evidence)
        return {"account": None if found is None else state_json(judge_account(self.claimed, found.held))}

    def fails(self, evidence: VerifiedEvidence) -> bool:
        """Whether it is not what all steps in the file say."""
        found = self._find(evidence)
        return found is None or not judge_account(self.claimed, found.held).is_whole

    def _find(self, evidence: VerifiedEvidence) -> ProvenOperation | None:
        return next((each for each in operations_in(evidence) if each.held.id == self.claimed.get("operation")), None)
