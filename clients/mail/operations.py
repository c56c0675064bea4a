"""What this client holds of an operation: its own dispatches, and what the hub has shown (PROTOCOL 16)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from clients.errors import ClientError, LocalCode
from clients.mail.compose import DispatchDraft, draft_from_json
from clients.mail.state import State, cover_of, size_of
from clients.store import ShownStep, StoredItem
from schemas.addresses import Address, is_officer
from schemas.claims import Dispatch, StatementType
from schemas.directory import Position
from schemas.encoding import decode_object
from schemas.errors import Code, SeraiError
from schemas.leaf import Leaf
from schemas.operations.asof import picture_of
from schemas.operations.fold import Folded, fold
from schemas.operations.held import EpochStart, HeldOperation, HeldStep, LeafOnly, StepContent
from schemas.operations.picture import Picture
from schemas.operations.state import OperationState
from schemas.operations.terms import MissingHow
from schemas.reports import MAX_REPORT_BYTES, read_content
from schemas.rules.certifying import acting_roles
from schemas.statements import read_claims, read_header

_OPENING: tuple[int, ...] = (6, 7, 8, 9)
"""The recipient's steps that fail where something does not open; what fails later was opened and cannot be read."""


@dataclass(frozen=True, slots=True)
class WaitingStep:
    """A step of the own member that the hub has not accepted yet.

    Attributes:
        row: its number in the outbox.
        draft: what it is.
    """

    row: int
    draft: DispatchDraft


@dataclass(frozen=True, slots=True)
class OperationNow:
    """An operation as of a moment, as it follows from what is here.

    Attributes:
        held: what is here of it.
        folded: what follows from that, whenever it is looked at.
        picture: the same as of the moment.
    """

    held: HeldOperation
    folded: Folded
    picture: Picture

    @property
    def state(self) -> OperationState:
        """What follows from the steps that are here."""
        return self.folded.state


def fold_operation(state: State, operation: str, moment_ms: int | None = None) -> OperationNow:
    """An operation as of a moment.

    Args:
        state: what this client believes, with its store.
        operation: digest of the ``open``.
        moment_ms: milliseconds since 1970 UTC, by the network's time; now if ``None``.

    Raises:
        ClientError: ``no_operation`` if nothing of it is here.
    """
    held = hold_operation(state, operation)
    if not held.steps and not held.leaves:
        raise ClientError(LocalCode.NO_OPERATION, named=operation)
    folded = fold(held)
    now_ms = state.system.clock.time_ms() if moment_ms is None else moment_ms
    return OperationNow(held, folded, picture_of(folded, now_ms))


def hold_operation(state: State, operation: str) -> HeldOperation:
    """All that is here of an operation.

    Args:
        state: what this client believes, with its store.
        operation: digest of the ``open``.
    """
    found = hold_dispatches(state, state.store.operations.steps(operation))
    found += [_shown(state, each) for each in state.store.operations.shown(operation)]
    return HeldOperation(
        operation,
        tuple(each for each in found if isinstance(each, HeldStep)),
        tuple(each for each in found if isinstance(each, LeafOnly)),
        epochs_of(state),
        _revoked(state),
    )


def hold_dispatches(state: State, digests: Iterable[str]) -> list[HeldStep | LeafOnly]:
    """What is here of some dispatches; those that are not here are left out.

    What a new epoch has dropped, and nobody has offered again yet, counts as the last: it was accepted once, and a stop
    among it stands.

    Args:
        state: what this client believes, with its store.
        digests: of the dispatches.
    """
    items = [item for item in map(state.store.items.get, digests) if item is not None]
    dropped = sorted((item for item in items if item.index is None), key=lambda item: item.seq)
    numbers = {item.digest: item.index for item in items if item.index is not None}
    numbers |= {item.digest: size_of(state.head) + at for at, item in enumerate(dropped)}
    return [_held(state, item, numbers[item.digest]) for item in items]


def epochs_of(state: State) -> tuple[EpochStart, ...]:
    """Where each epoch of the ledger begins."""
    return tuple(EpochStart(each.statement.claims.index, 1000 * each.statement.claims.iat) for each in state.epochs)


def waiting_steps(state: State, operation: str, most: int = 1000) -> list[WaitingStep]:
    """Steps of an operation that wait in the outbox for the hub, in the order in which they go."""
    found = []
    for row in state.store.outbox.waiting(most):
        outgoing = state.store.outbox.get(row)
        draft = draft_from_json(outgoing.draft) if outgoing is not None and outgoing.is_open else None
        if isinstance(draft, DispatchDraft) and draft.operation is not None and draft.operation.id == operation:
            found.append(WaitingStep(row, draft))
    return found


def is_dropped(state: State, operation: str) -> bool:
    """Whether a new epoch has dropped any step of an operation, and nobody has offered it again yet."""
    return any(state.store.items.is_dropped(digest) for digest in state.store.operations.steps(operation))


def _held(state: State, item: StoredItem, number: int) -> HeldStep | LeafOnly:
    cover = cover_of(item)
    accepted_ms = item.leaf.accepted_at
    if cover is None:
        return LeafOnly(item.digest, number, accepted_ms, MissingHow.NOT_KEPT)
    if item.code == Code.UNJUDGED.value:  # its key may have been revoked: it changes nothing
        return LeafOnly(item.digest, number, accepted_ms, MissingHow.NOT_READ)
    roles = _roles(state, item.statement, item.index, item.leaf)
    return HeldStep(item.digest, number, accepted_ms, cover, roles, _content(state, item, cover))


def _shown(state: State, shown: ShownStep) -> HeldStep | LeafOnly:
    """What was not sent to us: by its cover, where that has to reach all; else that there is something."""
    cover = _read_cover(shown.statement)
    if cover is None:
        return LeafOnly(shown.digest, shown.index, shown.leaf.accepted_at)
    roles = _roles(state, shown.statement, shown.index, shown.leaf)
    return HeldStep(shown.digest, shown.index, shown.leaf.accepted_at, cover, roles, MissingHow.NOT_SENT)


def _read_cover(statement: str | None) -> Dispatch | None:
    if statement is None:
        return None
    try:
        claims = read_claims(statement, StatementType.DISPATCH, lenient=True)
    except SeraiError:
        return None
    return claims if isinstance(claims, Dispatch) else None


def _content(state: State, item: StoredItem, cover: Dispatch) -> StepContent | MissingHow:
    if item.step is not None:
        return MissingHow.NOT_OPENED if item.step in _OPENING else MissingHow.NOT_READ
    text = item.content if item.content is not None else _drafted(state, item)
    if text is None:
        return MissingHow.NOT_OPENED
    try:
        read = read_content(text.encode(), cover)
        return StepContent(decode_object(text.encode(), MAX_REPORT_BYTES, fractions=True), read)
    except SeraiError:
        return MissingHow.NOT_READ


def _drafted(state: State, item: StoredItem) -> str | None:
    """The content of what was sent just now: its own copy has not come yet."""
    outgoing = state.store.outbox.find(item.digest) if item.sent_by_us else None
    draft = draft_from_json(outgoing.draft) if outgoing is not None and outgoing.draft else None
    return draft.content if isinstance(draft, DispatchDraft) else None


def _roles(state: State, statement: str | None, index: int | None, leaf: Leaf) -> frozenset[str]:
    """What the signer could do when it was accepted; nothing, where that cannot be found."""
    place = state.place if index is None else Position(index, leaf.accepted_s)
    try:
        certified = state.directory.holder(read_header(statement or "").kid, place)
    except SeraiError:
        return frozenset()
    return frozenset(acting_roles(certified.address, certified.roles))


def _revoked(state: State) -> dict[Address, int]:
    """Members that have no good key any more, and since when, milliseconds since 1970 UTC."""
    found = {}
    for address in state.directory.addresses():
        held = state.directory.credentials(address)
        if is_officer(address) or state.directory.current(address, state.place) is not None or not held:
            continue
        at = max((each.revoked_at for each in held if each.revoked_at is not None), default=None)
        item = state.store.items.at(at) if at is not None else None
        if item is not None:
            found[address] = item.leaf.accepted_at
    return found
