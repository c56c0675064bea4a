"""Whether a step may be taken: by its signer and by what it names, never by what is newest (PROTOCOL 16).

The hub judges with it what is submitted; a client judges before it signs, so that a refusal is no surprise.
What a step says, and when it comes, is not judged here: that is for the fold.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from typing import Final, NamedTuple

from schemas import limits
from schemas.addresses import Address, is_officer, member_of
from schemas.claims import Dispatch, OperationClaim
from schemas.encoding import decode_digest
from schemas.errors import Code, SeraiError
from schemas.operations.steps import NotedOperation, NotedStep
from schemas.operations.table import (
    AUTHORISING,
    CANCEL,
    DECIDERS,
    PLANS,
    STEPS,
    Naming,
    Reach,
    StepRule,
    needs_post,
    reach_of,
)
from schemas.rules.operating import MEANINGFUL

AMENDING: Final = frozenset({"update", "cancel", "countersign", "reseal"})
"""Relations by which only a dispatch of the same operation names a step."""


class NamedDispatch(NamedTuple):
    """What a dispatch names.

    Attributes:
        rel: how.
        step: what is noted of it, or of what it brings again; ``None`` if it is no step.
    """

    rel: str
    step: NotedStep | None


def judge_step(
    cover: Dispatch,
    roles: AbstractSet[str],
    operation: NotedOperation | None,
    named: Sequence[NamedDispatch],
    reachable: Callable[[Address], bool],
    *,
    restored: bool = False,
) -> tuple[Address, ...]:
    """Judge a dispatch as a step of an operation, or as one that is none and names steps.

    Args:
        cover: of the dispatch, its form checked (`schemas.rules.operating`).
        roles: of its signer.
        operation: that it names by ``id``; ``None`` if there is none, or this opens it.
        named: what stands in its ``refs``.
        reachable: whether a member can be sent to: whoever cannot is never missing.
        restored: whether a later epoch has begun less than `limits.REPEATED_S` ago, so that the step by which a
            member was named may not be there again yet: its stop is admitted all the same.

    Returns:
        The members that it names for the first time in its operation.

    Raises:
        SeraiError: ``operation_unknown``, ``not_a_participant``, ``post_missing``, ``participants_missing``,
            ``not_permitted``, ``reference_not_permitted``.
    """
    claim = cover.operation
    if claim is None:
        _judge_stranger(named)
        return ()
    if any(each.rel == "reseal" for each in named):
        _judge_reseal(claim, named)
        return ()
    member = member_of(cover.iss)
    if claim.do == "open":
        operation = NotedOperation(member, frozenset({member}))
    if claim.do == "stop":
        _judge_stop(cover, operation, restored=restored)
        return ()
    if operation is None:
        raise SeraiError(Code.OPERATION_UNKNOWN, str(claim.id))
    if member not in operation.named:
        raise SeraiError(Code.NOT_A_PARTICIPANT, member)
    _judge_signer(cover, claim, roles, operation)
    _judge_references(cover, claim, named)
    _judge_recipients(cover, claim, operation, named, reachable)
    return _joining(cover, claim, operation)


def _judge_stranger(named: Sequence[NamedDispatch]) -> None:
    """A dispatch of another kind answers and mentions steps; it changes none."""
    for each in named:
        if each.step is not None and each.rel in AMENDING:
            raise SeraiError(Code.REFERENCE_NOT_PERMITTED, f"{each.rel} of a step by another kind of dispatch")


def _judge_stop(cover: Dispatch, operation: NotedOperation | None, *, restored: bool) -> None:
    """An officer of any member that was ever named; where that cannot be known, the fold judges who was."""
    if not is_officer(cover.iss):
        raise SeraiError(Code.NOT_PERMITTED, "an officer signs this step")
    if operation is not None and not restored and member_of(cover.iss) not in operation.named:
        raise SeraiError(Code.NOT_A_PARTICIPANT, member_of(cover.iss))


def _judge_reseal(claim: OperationClaim, named: Sequence[NamedDispatch]) -> None:
    """It brings a step of its operation again, and does nothing by itself."""
    if claim.do is not None:
        raise SeraiError(Code.REFERENCE_NOT_PERMITTED, "a reseal does nothing")
    for each in named:
        if each.rel == "reseal" and not _is_of(claim, each.step):
            raise SeraiError(Code.REFERENCE_NOT_PERMITTED, "reseal: no step of this operation")
        if each.rel in MEANINGFUL - {"reseal"}:
            raise SeraiError(Code.REFERENCE_NOT_PERMITTED, each.rel)


def _rule_of(claim: OperationClaim) -> StepRule:
    return CANCEL if claim.do is None else STEPS[claim.do]


def _judge_signer(cover: Dispatch, claim: OperationClaim, roles: AbstractSet[str], operation: NotedOperation) -> None:
    rule = _rule_of(claim)
    if not rule.machine and not is_officer(cover.iss):
        raise SeraiError(Code.NOT_PERMITTED, "an officer signs this step")
    if rule.by == "lead" and member_of(cover.iss) != operation.lead:
        raise SeraiError(Code.NOT_PERMITTED, f"the lead takes this step, {operation.lead}")
    if claim.do is not None and needs_post(claim.do, claim.decision) and AUTHORISING not in roles:
        raise SeraiError(Code.POST_MISSING, AUTHORISING)


def _judge_references(cover: Dispatch, claim: OperationClaim, named: Sequence[NamedDispatch]) -> None:
    rule, counted = _rule_of(claim), dict[str, int]()
    for each in named:
        if each.rel not in MEANINGFUL:
            continue
        if not any(_fits(naming, each, cover, claim) for naming in rule.namings):
            raise SeraiError(Code.REFERENCE_NOT_PERMITTED, f"{each.rel}: not what this step names")
        counted[each.rel] = counted.get(each.rel, 0) + 1
    if sum(counted.values()) < rule.least:
        raise SeraiError(Code.REFERENCE_NOT_PERMITTED, "this step has to name what it rests on")
    if rule.most is not None and any(count > rule.most for count in counted.values()):
        raise SeraiError(Code.REFERENCE_NOT_PERMITTED, "this step names one")
    for each in named:
        if each.step is not None and each.rel in MEANINGFUL:
            _judge_persons(cover, claim, each.step)


def _is_of(claim: OperationClaim, step: NotedStep | None) -> bool:
    return step is not None and claim.id is not None and step.operation == decode_digest(claim.id)


def _fits(naming: Naming, each: NamedDispatch, cover: Dispatch, claim: OperationClaim) -> bool:
    step, member = each.step, member_of(cover.iss)
    if step is None or naming.rel != each.rel or step.do not in naming.names or not _is_of(claim, step):
        return False
    if naming.own and step.member != member:
        return False
    if naming.joining and member not in step.parts:
        return False
    return not naming.conditional or step.decision == "conditional"


def _judge_persons(cover: Dispatch, claim: OperationClaim, step: NotedStep) -> None:
    """Two persons confirm; and a member decides where its part in what it decides lets it."""
    if claim.do == "confirm" and step.signer == cover.iss:
        raise SeraiError(Code.NOT_PERMITTED, "another officer confirms than signed it")
    if claim.do == "decide" and step.do in PLANS:
        part = step.parts.get(member_of(cover.iss))
        if part not in DECIDERS:
            raise SeraiError(Code.NOT_PERMITTED, f"{part or 'no part in this plan'} decides nothing")


def _judge_recipients(
    cover: Dispatch,
    claim: OperationClaim,
    operation: NotedOperation,
    named: Sequence[NamedDispatch],
    reachable: Callable[[Address], bool],
) -> None:
    rests = [each.step for each in named if each.step is not None and each.rel in MEANINGFUL]
    needed = _needed(claim, operation, rests)
    reached = {*cover.to, member_of(cover.iss)}
    missing = [each for each in dict.fromkeys(needed) if each not in reached and reachable(each)]
    listed = _dropped(claim, rests)
    if missing or listed:
        raise SeraiError(Code.PARTICIPANTS_MISSING, ", ".join(sorted({*missing, *listed})))


def _needed(claim: OperationClaim, operation: NotedOperation, rests: Sequence[NotedStep]) -> tuple[Address, ...]:
    """Whom a step reaches at least."""
    of_move = any(step.do == "move" for step in rests)
    reach: Reach = "receivers" if claim.do is None else reach_of(claim.do, claim.decision, of_move=of_move)
    added = tuple(claim.parts()) if claim.do == "move" else ()
    if reach == "named":
        return tuple(each for each, part in claim.parts().items() if part != "left")
    if reach == "plan":
        deciders = tuple(step.member for step in rests if step.do == "decide")
        return (*(each for step in rests for each in step.audience), *deciders, operation.lead)
    if reach == "receivers":
        return tuple(each for step in rests for each in step.audience)
    if reach == "nobody":
        return ()
    movers = tuple(step.member for step in rests) if reach == "lead_and_mover" else ()
    return (operation.lead, *movers, *added)


def _dropped(claim: OperationClaim, rests: Sequence[NotedStep]) -> tuple[Address, ...]:
    """Those of the plan before whom a new one leaves out: a part may become `left`, nobody goes from the list."""
    if claim.do != "plan":
        return ()
    listed = claim.parts()
    return tuple(each for step in rests for each in step.parts if each not in listed)


def _joining(cover: Dispatch, claim: OperationClaim, operation: NotedOperation) -> tuple[Address, ...]:
    parts = claim.parts()
    if claim.do == "move" and not set(parts) <= set(cover.to):
        raise SeraiError(Code.PARTICIPANTS_MISSING, ", ".join(sorted(set(parts) - set(cover.to))))
    first = (operation.lead, *parts) if claim.do == "open" else tuple(parts)
    joining = tuple(each for each in dict.fromkeys(first) if claim.do == "open" or each not in operation.named)
    before = frozenset() if claim.do == "open" else operation.named
    if len(before) + len(joining) > limits.EVER_NAMED:
        raise SeraiError(Code.NOT_PERMITTED, f"more than {limits.EVER_NAMED} members would be named")
    return joining
