"""What a statement names by digest: references, its operation, what a receipt or event is about (PROTOCOL 6, 11)."""

from __future__ import annotations

from dataclasses import dataclass

from schemas.claims import Claims, Dispatch, Event, Receipt
from schemas.encoding import decode_digest
from schemas.errors import SeraiError
from schemas.operations.words import StepNaming
from schemas.statements import VerifiedStatement, read_payload


@dataclass(frozen=True, slots=True)
class Named:
    """Another statement, as one statement names it.

    Attributes:
        digest: of the other, base64url.
        how: the word under which it is named: relation, outcome, event, or one of `StepNaming`.
        is_judged: whether the rules of references hold for it; nobody judges ``after`` and ``id`` by them.
    """

    digest: str
    how: str
    is_judged: bool = True


def named_by(statement: VerifiedStatement[Claims]) -> tuple[Named, ...]:
    """Every statement that this one names, in its order, each pair once.

    Of an event that is not known here they are the digests in ``digests``, as far as they are some.

    Args:
        statement: whose signature has been checked.
    """
    claims = statement.claims
    if isinstance(claims, Dispatch):
        found = [Named(ref.digest, ref.rel) for ref in claims.refs or ()] + _in_operation(claims)
    elif isinstance(claims, Receipt):
        found = [Named(digest, claims.outcome) for digest in claims.digests]
    elif isinstance(claims, Event):
        found = [Named(digest, claims.event) for digest in claims.digests or _later_digests(statement.text)]
    else:
        found = []
    return tuple(dict.fromkeys(found))


def _in_operation(cover: Dispatch) -> list[Named]:
    """The open of its operation, and the steps that its signer had seen."""
    claim = cover.operation
    if claim is None:
        return []
    seen = [Named(digest, StepNaming.AFTER.value, is_judged=False) for digest in claim.after or ()]
    return ([] if claim.id is None else [Named(claim.id, StepNaming.ID.value, is_judged=False)]) + seen


def _later_digests(text: str) -> list[str]:
    """Of an event whose further claims are not judged."""
    named = read_payload(text).get("digests")
    return [each for each in named if _is_digest(each)] if isinstance(named, list) else []


def _is_digest(value: object) -> bool:
    try:
        return isinstance(value, str) and bool(decode_digest(value))
    except SeraiError:
        return False
