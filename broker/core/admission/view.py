"""The ledger as a decision sees it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from broker.core.facts import AcceptedStatement, HeldBlob, Unreceived
from broker.core.verification import SubmittedContent
from schemas.addresses import Address
from schemas.claims import Claims
from schemas.directory import Certified, Directory, Position
from schemas.encoding import Digest
from schemas.keys import Kid
from schemas.operations.steps import NotedOperation, NotedStep
from schemas.statements import VerifiedStatement


class Standing:
    """What one directory says of signers and keys at one time, asked once each.

    At every place of a batch it says the same, because the time is the same.

    Args:
        directory: as of the statements before.
    """

    def __init__(self, directory: Directory) -> None:
        self._directory = directory
        self._signers: dict[tuple[Kid, str], Certified] = {}
        self._entry_keys: set[tuple[Address, Kid, str]] = set()

    def signer(self, statement: VerifiedStatement[Claims], place: Position) -> Certified:
        """See `Directory.signer`."""
        key = (statement.kid, statement.claims.iss)
        if key not in self._signers:
            self._signers[key] = self._directory.signer(statement, place)
        return self._signers[key]

    def check_entry_keys(self, content: SubmittedContent, place: Position) -> None:
        """Check each entry's key; see `Directory.verify_entry_key`."""
        for member, (kid, alg) in zip(content.recipients, content.kids, strict=True):
            if (member, kid, alg) not in self._entry_keys:
                self._directory.verify_entry_key(member, kid, alg, place)
                self._entry_keys.add((member, kid, alg))


class View(NamedTuple):
    """The ledger below the place of a statement that is to be decided; nobody changes it while that goes on.

    A tuple, because one is made for each statement.

    Attributes:
        directory: as of the statements before.
        place: where the statement would stand.
        accepted_at: its time, in milliseconds.
        standing: the directory, asked once each.
        known: accepted statements by digest.
        jtis: (issuing member, jti) to the digest that used it.
        readers: (dispatch, member) pairs in which the member is a recipient.
        outcomes: (dispatch, member, outcome) that have been given.
        unreceived: what a member that may cease has not confirmed.
        new_epoch: whether an epoch may begin.
        blobs: (blob, member) to the blob, where the member may name it.
        blob_statuses: by blob, the status of the dispatches that name it.
        operations: by the digest of what opens them.
        steps: what is noted of steps, by place.
        entry_kids: (dispatch, member) to the key that the member's entry is under, of what may be brought again.
    """

    directory: Directory
    place: Position
    accepted_at: int
    standing: Standing
    known: Mapping[Digest, AcceptedStatement]
    jtis: Mapping[tuple[str, str], Digest]
    readers: AbstractSet[tuple[Digest, Address]]
    outcomes: AbstractSet[tuple[Digest, Address, str]]
    unreceived: Mapping[Address, Sequence[Unreceived]]
    new_epoch: bool
    blobs: Mapping[tuple[Digest, Address], HeldBlob] = {}
    blob_statuses: Mapping[Digest, str] = {}
    operations: Mapping[Digest, NotedOperation] = {}
    steps: Mapping[int, NotedStep] = {}
    entry_kids: Mapping[tuple[Digest, Address], Kid] = {}

    def step_named(self, known: AcceptedStatement) -> NotedStep | None:
        """What is noted of an accepted dispatch as a step, or of what it brings again."""
        return self.steps.get(known.asked_at)
