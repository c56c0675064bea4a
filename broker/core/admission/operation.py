"""Steps of operations: who takes them, what they name, whom they reach, and what is noted of them (PROTOCOL 16)."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import Final

from broker.core.admission.effects import EventDraft, StepNote
from broker.core.admission.view import View
from broker.core.facts import AcceptedStatement
from broker.core.verification import SubmittedContent
from schemas import limits
from schemas.addresses import Address, member_of
from schemas.claims import Dispatch, Reference
from schemas.encoding import Digest
from schemas.errors import Code, SeraiError
from schemas.operations.judging import NamedDispatch, judge_step
from schemas.operations.steps import NotedStep, is_stop, note_step, operation_of
from schemas.operations.table import reach_of
from schemas.rules.status import check_inherited

_UNREAD: Final = frozenset({Code.UNKNOWN_RECIPIENT, Code.STALE_KEY, Code.UNJUDGED, Code.UNSUPPORTED_KEY})
"""Faults of an entry's key that do not keep a stop from those who can read it."""


def unreadable(cover: Dispatch, content: SubmittedContent, view: View) -> tuple[Address, ...]:
    """The recipients that cannot read a dispatch: nobody, but of a stop to no more than may ever be named.

    Raises:
        SeraiError: those of `Directory.verify_entry_key`.
    """
    if not is_stop(cover) or len(cover.to) > limits.EVER_NAMED:
        view.standing.check_entry_keys(content, view.place)
        return ()
    found = []
    for member, (kid, alg) in zip(content.recipients, content.kids, strict=True):
        try:
            view.directory.verify_entry_key(member, kid, alg, view.place)
        except SeraiError as error:
            if error.code not in _UNREAD:
                raise
            found.append(member)
    return tuple(member for member in found if member in cover.to)


def unread_events(digest: Digest, cover: Dispatch, unread: Sequence[Address], view: View) -> tuple[EventDraft, ...]:
    """The events that tell the sender of a stop, and everybody who got it, who cannot read it."""
    reached = (member_of(cover.iss), *cover.to)
    to = tuple(each for each in dict.fromkeys(reached) if view.directory.current(each, view.place) is not None)
    return tuple(EventDraft("undeliverable", to, (digest,), cover.lane(), member=member) for member in unread)


def admit_step(
    digest: Digest,
    cover: Dispatch,
    roles: AbstractSet[str],
    named: Sequence[tuple[Reference, AcceptedStatement]],
    view: View,
) -> StepNote | None:
    """Decide a dispatch as a step; ``None`` if it is none.

    Args:
        digest: its own.
        cover: of the dispatch.
        roles: of its signer.
        named: what it refers to.
        view: the ledger below its place.

    Raises:
        SeraiError: those of `judge_step`; ``status_mismatch``.
    """
    operation = operation_of(cover, digest)
    if operation is not None and (known := view.known.get(operation)) is not None:
        check_inherited("related", known.status, cover.status)
    noted = view.operations.get(operation) if operation is not None else None
    steps = [NamedDispatch(reference.rel, view.step_named(known)) for reference, known in named]
    joining = judge_step(cover, roles, noted, steps, lambda each: _is_reachable(each, view), restored=_restored(view))
    step = note_step(cover, digest, _decided(steps))
    if step is None:
        return None
    everybody = frozenset() if noted is None else noted.named
    return StepNote(step, joining, _is_to_all(cover, step, steps, everybody))


def _decided(steps: Sequence[NamedDispatch]) -> NotedStep | None:
    return next((each.step for each in steps if each.rel == "reply"), None)


def _is_to_all(
    cover: Dispatch, step: NotedStep, steps: Sequence[NamedDispatch], everybody: AbstractSet[Address]
) -> bool:
    """Whether the table has it reach all of a plan, or it did reach everybody named so far."""
    of_move = any(each.step is not None and each.step.do == "move" for each in steps if each.rel == "reply")
    if step.do is not None and reach_of(step.do, step.decision, of_move=of_move) in ("named", "plan"):
        return True
    return bool(everybody) and everybody <= {member_of(cover.iss), *cover.to}


def _is_reachable(member: Address, view: View) -> bool:
    try:
        view.directory.encryption_key(member, view.place)
    except SeraiError:
        return False
    return True


def _restored(view: View) -> bool:
    """Whether what was lost with an earlier epoch may still come again."""
    epoch = view.directory.epoch
    return epoch.number > 0 and view.place.time_s <= epoch.statement.claims.iat + limits.REPEATED_S
