"""The hub's time and this machine's clock: how far they are apart, and a person's word for which is right."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime

from clients.actions.checks import ask_network
from clients.actions.client import Client
from clients.errors import ClientError, LocalCode
from clients.line.transport import parse_hub
from clients.system import may_correct
from schemas.errors import SeraiError
from schemas.rules.said_time import are_alike


@dataclass(frozen=True, slots=True)
class ClockState:
    """How the two stand, milliseconds since 1970 UTC.

    Attributes:
        machine_ms: what this machine's clock says.
        hub_ms: what the hub says; ``None`` if no hub says a time.
        confirmed_ms: what has to be added to this machine's clock, as a person has confirmed; 0 if nobody has.
    """

    machine_ms: int
    hub_ms: int | None
    confirmed_ms: int

    @property
    def is_corrected(self) -> bool:
        """Whether the hub's time is used without asking a person."""
        return self.hub_ms is not None and may_correct(self.hub_ms - self.machine_ms, self.confirmed_ms)


def compare_clocks(client: Client) -> ClockState:
    """Ask the hub for its time.

    Args:
        client: whose hub.
    """
    hub_ms = next((found for hub in client.settings.hubs if (found := _time_of(hub, client)) is not None), None)
    return ClockState(client.state.system.clock.local_ms(), hub_ms, client.store.trust.clock_confirmed_ms)


def _time_of(hub: str, client: Client) -> int | None:
    try:
        return asyncio.run(ask_network(parse_hub(hub), client)).time_ms
    except (SeraiError, OSError):
        return None


def confirm_time(client: Client, said_ms: int) -> ClockState:
    """Let the hub's time be used, however far it is from this machine's clock, because a person has compared it.

    Args:
        client: which client.
        said_ms: what another clock said, milliseconds since 1970 UTC.

    Raises:
        ClientError: ``hub_tells_no_time``; ``hub_clock_wrong`` if the other clock is with this machine's;
            ``time_of_neither``.
    """
    found = compare_clocks(client)
    if found.hub_ms is None:
        raise ClientError(LocalCode.HUB_TELLS_NO_TIME)
    if not are_alike(said_ms, found.hub_ms):
        hub = _utc(found.hub_ms)
        if are_alike(said_ms, found.machine_ms):
            raise ClientError(LocalCode.HUB_CLOCK_WRONG, hub=hub)
        raise ClientError(LocalCode.TIME_OF_NEITHER, said=_utc(said_ms), hub=hub, machine=_utc(found.machine_ms))
    confirmed_ms = found.hub_ms - found.machine_ms
    client.store.trust.set_clock_confirmed_ms(confirmed_ms)
    return ClockState(found.machine_ms, found.hub_ms, confirmed_ms)


def _utc(time_ms: int) -> str:
    """A time, as it is typed and compared."""
    try:
        return f"{datetime.fromtimestamp(time_ms / 1000, UTC):%Y-%m-%dT%H:%M} UTC"
    except (OverflowError, ValueError, OSError):
        return str(time_ms)
