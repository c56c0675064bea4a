"""The batch: statements decided in order, each against the ledger as the earlier ones leave it.

`Admitter` alone changes what the next decision sees. It leaves to others: signatures and content
(`broker.core.verification`), recognising repeats (the sequencer does, before any other check),
signing events, and writing.
"""

from __future__ import annotations

from dataclasses import replace

from broker.core.admission.decision import decide
from broker.core.admission.effects import Admission, Admitted, EventDraft
from broker.core.admission.events import admit_event
from broker.core.admission.view import Standing, View
from broker.core.facts import AcceptedStatement, Facts, Unreceived
from broker.core.verification import SubmittedContent, VerifiedSubmission
from schemas.addresses import Address, member_of
from schemas.claims import Claims, Dispatch, Receipt, is_public
from schemas.directory import Directory, Position
from schemas.encoding import Digest
from schemas.leaf import Leaf
from schemas.operations.steps import NotedOperation
from schemas.rules.deadlines import CONFIRMS
from schemas.statements import VerifiedStatement


class Admitter:
    """One batch being decided. A statement is admitted whole or changes nothing.

    Args:
        directory: as of ``size``.
        size: leaves in the ledger before the batch.
        accepted_at: milliseconds; the time of every statement in the batch.
        facts: what the ledger holds of what the batch names.
        new_epoch: whether an epoch statement may be admitted (only while the hub serves
            nobody, see `broker.service.operator`).
    """

    def __init__(
        self, directory: Directory, size: int, accepted_at: int, facts: Facts, *, new_epoch: bool = False
    ) -> None:
        self.directory = directory
        self.admitted: list[Admitted] = []
        self.owed: list[EventDraft] = []
        self.ceased: list[tuple[Address, int]] = []
        self._size = size
        self._accepted_at = accepted_at
        self._new_epoch = new_epoch
        self._known = dict(facts.known)
        self._jtis = dict(facts.jtis)
        self._readers = set(facts.readers)
        self._outcomes = set(facts.outcomes)
        self._unreceived = {member: list(items) for member, items in facts.unreceived.items()}
        self._blobs = facts.blobs
        self._blob_statuses = dict(facts.blob_statuses)
        self._operations = dict(facts.operations)
        self._steps = dict(facts.steps)
        self._entry_kids = dict(facts.entry_kids)
        self._standing = Standing(directory)

    @property
    def place(self) -> Position:
        """Where the next statement would stand."""
        return Position(self._size + len(self.admitted), self._accepted_at // 1000)

    def repeat(self, digest: Digest) -> AcceptedStatement | None:
        """The statement of this digest, if it has been accepted."""
        return self._known.get(digest)

    def admit(self, submission: VerifiedSubmission, submitter: Address | None) -> Admitted:
        """Decide one statement, and take it in.

        Args:
            submission: verified in itself.
            submitter: member of the session it came by; ``None`` for the operator.

        Raises:
            SeraiError: the reason of the refusal; nothing has changed.
        """
        admission = decide(submission, submitter, self._view())
        return self._append(submission.statement, submission.content, admission)

    def append_event(self, statement: VerifiedStatement[Claims], draft: EventDraft) -> Admitted:
        """Append an event that the hub has signed for a draft of its own."""
        return self._append(statement, None, admit_event(statement, draft, self._view()))

    def _view(self) -> View:
        return View(
            self.directory, self.place, self._accepted_at, self._standing, self._known, self._jtis,
            self._readers, self._outcomes, self._unreceived, self._new_epoch,
            self._blobs, self._blob_statuses, self._operations, self._steps, self._entry_kids,
        )  # fmt: skip

    def _append(
        self, statement: VerifiedStatement[Claims], content: SubmittedContent | None, admission: Admission
    ) -> Admitted:
        claims = statement.claims
        leaf = Leaf(self._accepted_at, claims.type.code, is_public(claims), statement.digest)
        admitted = Admitted(
            self._size + len(self.admitted), leaf, statement, member_of(claims.iss), admission.lane, content,
            admission.deliveries, admission.references, admission.outcomes, admission.watches,
            admission.owing, admission.endings, admission.origin, admission.links, admission.step,
        )  # fmt: skip
        self._remember(admitted, admission)
        self.admitted.append(admitted)
        return admitted

    def _remember(self, admitted: Admitted, admission: Admission) -> None:
        claims, digest = admitted.statement.claims, admitted.statement.digest
        status = claims.status if isinstance(claims, Dispatch) else None
        self._known[digest] = AcceptedStatement(
            admitted.index, admitted.leaf, admitted.sender, admitted.lane, status, admitted.origin
        )
        self._jtis[admitted.sender, claims.jti] = digest
        if isinstance(claims, Dispatch):
            self._remember_readers(admitted, digest)
            self._blob_statuses.update(dict.fromkeys((link.digest for link in admitted.links), claims.status))
            self._remember_step(admitted)
        elif isinstance(claims, Receipt):
            self._remember_outcomes(member_of(claims.iss), claims.outcome, admission.answered)
        if admission.directory is not None:
            self.directory = admission.directory
            self._standing = Standing(self.directory)
        self.owed.extend(admission.owed)
        for member in admission.ceased:
            self.ceased.append((member, admitted.index))
            self._unreceived[member] = []

    def _remember_step(self, admitted: Admitted) -> None:
        if (note := admitted.step) is None:
            return
        self._steps[admitted.index] = note.step
        before = self._operations.get(note.step.operation)
        if note.step.do == "open":
            self._operations[note.step.operation] = NotedOperation(note.step.member, frozenset(note.joining))
        elif before is not None:
            self._operations[note.step.operation] = replace(before, named=before.named.union(note.joining))

    def _remember_readers(self, admitted: Admitted, digest: Digest) -> None:
        kids = admitted.content.kids if admitted.content else ()
        for delivery, (kid, _) in zip(admitted.deliveries, kids, strict=True):
            if delivery.addressed:
                self._readers.add((digest, delivery.member))
            if not delivery.withdrawn:
                self._entry_kids[digest, delivery.member] = kid
            if delivery.addressed and not delivery.withdrawn:
                item = Unreceived(admitted.index, digest, Address(admitted.sender), admitted.lane)
                self._unreceived.setdefault(delivery.member, []).append(item)

    def _remember_outcomes(self, member: Address, outcome: str, answered: tuple[Digest, ...]) -> None:
        self._outcomes.update((digest, member, outcome) for digest in answered)
        if outcome not in CONFIRMS:
            return  # it came and could not be opened, or a later word says something else: nothing was received
        waiting = self._unreceived.get(member, [])
        waiting[:] = [item for item in waiting if item.digest not in answered]
