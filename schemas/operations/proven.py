"""Operations in verified evidence: what a court's file has of them, for the fold (PROTOCOL 11 and 16)."""

from __future__ import annotations

from dataclasses import dataclass

from schemas.claims import Dispatch
from schemas.encoding import decode_object
from schemas.errors import SeraiError
from schemas.operations.asof import picture_of
from schemas.operations.fold import Folded, fold
from schemas.operations.held import EpochStart, HeldOperation, HeldStep, StepContent
from schemas.operations.picture import Picture
from schemas.operations.terms import MissingHow
from schemas.proven import VerifiedContent, VerifiedEvidence, VerifiedItem
from schemas.reports import MAX_REPORT_BYTES
from schemas.rules.certifying import acting_roles


@dataclass(frozen=True, slots=True)
class ProvenOperation:
    """An operation, as it follows from what a verified file has of it.

    Attributes:
        held: its steps in the file.
        folded: what follows from them.
        picture: the same as of the moment at which the last statement in the file was accepted.
        seen_up_to: the last number of the ledger that the file's maker had verified.
    """

    held: HeldOperation
    folded: Folded
    picture: Picture
    seen_up_to: int


def operations_in(evidence: VerifiedEvidence) -> tuple[ProvenOperation, ...]:
    """Every operation of which a file has a step, folded anew, in the order of their first steps.

    Revocations are no part of it: the stop of a member that was revoked stands.
    """
    steps: dict[str, list[HeldStep]] = {}
    for item in evidence.items:
        cover = item.statement.claims
        if isinstance(cover, Dispatch) and cover.operation is not None:
            steps.setdefault(cover.operation.id or item.digest, []).append(_step(item, cover))
    return tuple(_proven(operation, tuple(found), evidence) for operation, found in steps.items())


def _proven(operation: str, steps: tuple[HeldStep, ...], evidence: VerifiedEvidence) -> ProvenOperation:
    claims = [epoch.statement.claims for epoch in evidence.epochs]
    held = HeldOperation(operation, steps, epochs=tuple(EpochStart(each.index, 1_000 * each.iat) for each in claims))
    folded = fold(held)
    picture = picture_of(folded, max(item.accepted_at for item in evidence.items))
    return ProvenOperation(held, folded, picture, evidence.checkpoint.size - 1)


def _step(item: VerifiedItem, cover: Dispatch) -> HeldStep:
    signer = item.chain[-1]
    roles = frozenset(acting_roles(signer.address, signer.roles))
    return HeldStep(item.digest, item.index, item.accepted_at, cover, roles, _content(item.content))


def _content(content: VerifiedContent | None) -> StepContent | MissingHow:
    if content is None or content.disclosed is None:
        return MissingHow.NOT_DISCLOSED
    if content.report is None:
        return MissingHow.NOT_READ
    try:
        return StepContent(
            decode_object(content.disclosed.rstrip(b" "), MAX_REPORT_BYTES, fractions=True), content.report
        )
    except SeraiError:
        return MissingHow.NOT_READ
