"""All operations, by what is due next; and reading the hub's list of their steps now."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass

from clients.actions.client import Client
from clients.actions.operations.known import KnownOperation, read_operation
from clients.errors import ClientError, LocalCode
from clients.focalpoint import FocalPoint
from schemas.addresses import Address
from schemas.operations.picture import OwedStep
from schemas.operations.state import DueClock
from schemas.operations.terms import Colour, Phase

_NEVER: int = 1 << 62


@dataclass(frozen=True, slots=True)
class OperationEntry:
    """A line of the list of operations.

    Attributes:
        known: the operation.
        next_clock: what is due next, or is overdue; ``None`` if nothing is.
        stopped_by: who has stopped it.
        ours: what the own member has to do.
        reds: how many contradictions are red.
        ambers: how many are amber.
        last_ms: when the last step was accepted, milliseconds since 1970 UTC.
    """

    known: KnownOperation
    next_clock: DueClock | None
    stopped_by: tuple[Address, ...]
    ours: tuple[OwedStep, ...]
    reds: int
    ambers: int
    last_ms: int

    @property
    def is_closed(self) -> bool:
        """Whether its lead has closed it."""
        return self.known.state.phase is Phase.CLOSED

    @property
    def order(self) -> tuple[bool, int, int]:
        """By what lists are sorted: what is open first, by its next clock; then the newest."""
        due_ms = _NEVER if self.next_clock is None else self.next_clock.due_ms
        return self.is_closed, due_ms, -self.last_ms


def list_operations(client: Client, *, closed: bool = False) -> list[OperationEntry]:
    """Operations of which anything is here, the next due first.

    Args:
        client: whose.
        closed: whether those that are closed are in it too.
    """
    known = (read_operation(client, each) for each in client.store.operations.all())
    entries = (entry_of(client.member, each) for each in known)
    return sorted((each for each in entries if closed or not each.is_closed), key=lambda each: each.order)


def entry_of(member: Address, known: KnownOperation) -> OperationEntry:
    """A line of the list.

    Args:
        member: whose list it is.
        known: the operation.
    """
    picture, state = known.picture, known.state
    due = sorted((*picture.overdue, *picture.running), key=lambda clock: clock.due_ms)
    colours = [each.colour for each in state.contradictions]
    return OperationEntry(
        known,
        due[0] if due and state.phase is not Phase.CLOSED else None,
        tuple(dict.fromkeys(stop.member for stop in picture.stops)),
        tuple(owed for owed in picture.whose_move if owed.member == member),
        colours.count(Colour.RED),
        colours.count(Colour.AMBER),
        max((*(step.accepted_ms for step in known.held.steps), *(leaf.accepted_ms for leaf in known.held.leaves))),
    )


def read_lists(client: Client, operations: Iterable[str], wait_s: float) -> None:
    """Read the hub's lists of the steps of operations now; a connected process does that by itself.

    Args:
        client: whose.
        operations: digests of their opens.
        wait_s: how long at most.

    Raises:
        ClientError: ``no_line`` if the hub could not be reached in that time.
        SeraiError: the hub refused.
    """
    if client.holder is None:
        asyncio.run(_read(client, list(operations), wait_s))
        client.reread()


async def _read(client: Client, operations: list[str], wait_s: float) -> None:
    async with FocalPoint.open(client.store, client.settings.hubs, **client.holding) as point:
        try:
            async with asyncio.timeout(wait_s):
                await point.wait_live()
                for each in operations:
                    await point.read_steps(each)
        except (TimeoutError, OSError):
            raise point.fault or ClientError(LocalCode.NO_LINE) from None
