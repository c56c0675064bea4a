"""Steps of operations before they are signed: judged with the hub's own rules (PROTOCOL 16)."""

from __future__ import annotations

from collections.abc import Sequence

from clients.mail.compose import DispatchDraft, Ref, StepMark, cover_of_draft
from clients.mail.operations import hold_operation
from clients.mail.state import State
from schemas.addresses import Address, member_of
from schemas.claims import Dispatch
from schemas.errors import Code, SeraiError
from schemas.operations.held import HeldOperation
from schemas.operations.judging import NamedDispatch, judge_step
from schemas.operations.steps import NotedOperation, NotedStep
from schemas.operations.table import CANCEL, PLANS, STEPS
from schemas.operations.writing import choose_after, noted
from schemas.rules.certifying import acting_roles


def mark_step(state: State, held: HeldOperation, mark: StepMark) -> StepMark:
    """A mark with what its signer held: the steps that nothing else names.

    Args:
        state: what this client believes.
        held: what is here of the operation.
        mark: of the step that is about to be signed.
    """
    return StepMark(mark.id, mark.do, mark.decision, mark.participants, choose_after(held, state.member))


def noted_operation(held: HeldOperation) -> NotedOperation | None:
    """An operation as a hub has noted it, as far as that follows from what is here.

    ``None`` if it does not follow who leads it: then nothing can be judged here.
    """
    named: dict[Address, None] = {}
    lead = None
    for step in sorted(held.steps, key=lambda each: each.number):
        claim = step.cover.operation
        if claim is not None and claim.do in PLANS:
            lead = lead or member_of(step.cover.iss)
        named |= dict.fromkeys(claim.parts() if claim is not None else ())
    return None if lead is None else NotedOperation(lead, frozenset({lead, *named}))


def judge_draft(state: State, draft: DispatchDraft, held: HeldOperation | None = None) -> None:
    """Refuse what the hub would refuse of a step, as far as that can be known here; nothing of another dispatch.

    Args:
        state: what this client believes.
        draft: what is about to be kept.
        held: what is here of the operation; read anew if ``None``.

    Raises:
        SeraiError: those of `schemas.operations.judging.judge_step`.
    """
    mark = draft.operation
    if mark is None:
        return
    held = held if held is not None or mark.id is None else hold_operation(state, mark.id)
    operation = noted_operation(held) if held is not None else None
    if mark.id is not None and operation is None:
        return
    cover = cover_of_draft(draft, state.keys.network)
    judge_step(cover, _roles(state, draft.iss), operation, _named(cover, held), lambda each: _is_reachable(state, each))


def _named(cover: Dispatch, held: HeldOperation | None) -> list[NamedDispatch]:
    known = noted(held) if held is not None else {}
    steps = {step.digest: step for step in held.steps} if held is not None else {}

    def find(digest: str) -> NotedStep | None:
        step = steps.get(digest)
        first = next((ref.digest for ref in step.cover.refs or () if ref.rel == "reseal"), None) if step else None
        return known.get(first or digest)

    return [NamedDispatch(ref.rel, find(ref.digest)) for ref in cover.refs or ()]


def _roles(state: State, signer: Address) -> frozenset[str]:
    current = state.directory.current(signer, state.place)
    return frozenset(acting_roles(signer, current.roles)) if current is not None else frozenset()


def _is_reachable(state: State, member: Address) -> bool:
    try:
        state.directory.encryption_key(member, state.place)
    except SeraiError:
        return False
    return True


def left_out_by(state: State, members: Sequence[Address]) -> tuple[Address, ...]:
    """Which of these members nothing can be sealed to now."""
    return tuple(each for each in members if not _is_reachable(state, each))


def rel_of(do: str | None, named: NotedStep) -> str:
    """How a step names another, by the table.

    Raises:
        SeraiError: ``reference_not_permitted`` if it does not name such a step.
    """
    rule = CANCEL if do is None else STEPS[do]
    for naming in rule.namings:
        if named.do in naming.names:
            return naming.rel
    raise SeraiError(Code.REFERENCE_NOT_PERMITTED, f"{do} does not name a {named.do}")


def reference_to(do: str | None, digest: str, named: NotedStep) -> Ref:
    """The reference by which a step names another; raises as `rel_of`."""
    return Ref(rel_of(do, named), digest)
