"""An operation as this client knows it: the fold of what is here, as of a moment."""

from __future__ import annotations

from dataclasses import dataclass

from clients.actions.client import Client
from clients.actions.operations.finding import number_of, reference_of
from clients.mail.operations import WaitingStep, fold_operation, is_dropped, waiting_steps
from schemas.addresses import Address
from schemas.operations.fold import Folded
from schemas.operations.held import HeldOperation, HeldStep
from schemas.operations.picture import Picture
from schemas.operations.state import OperationState
from schemas.operations.terms import MissingHow


@dataclass(frozen=True, slots=True)
class KnownOperation:
    """An operation as this client knows it.

    Attributes:
        held: what it was computed from.
        folded: what follows from that.
        picture: the same as of the moment.
        number: of its request, as it is spoken; the beginning of its digest if that is not here.
        reference: the lead's own; empty if it cannot be read.
        waiting: own steps that the hub has not accepted yet.
        is_dropped: whether a new epoch has dropped steps that nobody has offered again yet.
        read_ms: when the hub's list of its steps was read last, milliseconds since 1970 UTC; 0 if never.
        goes_on_from: digests of operations that it goes on from, because their lead is gone.
        goes_on_in: digests of operations that go on from it.
    """

    held: HeldOperation
    folded: Folded
    picture: Picture
    number: str
    reference: str
    waiting: tuple[WaitingStep, ...] = ()
    is_dropped: bool = False
    read_ms: int = 0
    goes_on_from: tuple[str, ...] = ()
    goes_on_in: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """Digest of its ``open``."""
        return self.held.id

    @property
    def state(self) -> OperationState:
        """What follows from the steps that are here, whenever it is looked at."""
        return self.folded.state

    @property
    def not_sent(self) -> tuple[int, ...]:
        """Numbers of the steps that were not sent to us."""
        return tuple(leaf.number for leaf in self.held.leaves if leaf.how is MissingHow.NOT_SENT)

    def step(self, digest: str | None) -> HeldStep | None:
        """A step that is here, by its digest."""
        return next((step for step in self.held.steps if step.digest == digest), None)

    def part_of(self, member: Address) -> str | None:
        """The part of a member; ``None`` if nobody has named it."""
        return self.state.parts.get(member)


def read_operation(client: Client, operation: str, moment_ms: int | None = None) -> KnownOperation:
    """An operation as of a moment.

    Args:
        client: whose.
        operation: digest of its ``open``.
        moment_ms: milliseconds since 1970 UTC, by the hub's time; now if ``None``.

    Raises:
        ClientError: ``no_operation`` if nothing of it is here.
    """
    state, now = client.state, fold_operation(client.state, operation, moment_ms)
    return KnownOperation(
        now.held,
        now.folded,
        now.picture,
        number_of(client, operation),
        reference_of(client, operation),
        tuple(waiting_steps(state, operation)),
        is_dropped(state, operation),
        client.store.operations.read_up_to(operation)[1],
        tuple(each for each in _related_to(now.held, operation) if _is_open(client, each)),
        tuple(
            each.source
            for each in client.store.references.to(operation, "related")
            if each.status == now.state.status and _is_open(client, each.source)
        ),
    )


def _related_to(held: HeldOperation, operation: str) -> tuple[str, ...]:
    """What its request is related to."""
    opened = next((step for step in held.steps if step.digest == operation), None)
    return tuple(ref.digest for ref in (opened.cover.refs or () if opened else ()) if ref.rel == "related")


def _is_open(client: Client, digest: str) -> bool:
    """Whether a dispatch opens an operation."""
    return client.store.operations.operation_of(digest) == digest
