"""Alarms as a person works them off: what is open, what one says, and closing it with a reason."""

from __future__ import annotations

from dataclasses import dataclass

from clients.actions.client import Client
from clients.errors import ClientError, LocalCode
from clients.store import Closing, KeptAlarm
from schemas.addresses import Address

MOST_REASON = 400
"""Characters of a reason."""


@dataclass(frozen=True, slots=True)
class AlarmList:
    """Alarms, those that are open first.

    Attributes:
        open: the newest first.
        closed: the same of those that a person has closed.
        open_left: how many open ones are left out.
        closed_left: how many closed ones are left out.
    """

    open: tuple[KeptAlarm, ...]
    closed: tuple[KeptAlarm, ...]
    open_left: int
    closed_left: int


def list_alarms(client: Client, limit: int, *, closed: bool = False) -> AlarmList:
    """What there is: open ones first, then, if they are wanted, closed ones as far as there is room.

    Args:
        client: whose.
        limit: at most so many in all.
        closed: whether closed ones are wanted.
    """
    alarms = client.store.alarms
    count = alarms.open_count()
    first = alarms.newest(limit)
    rest = alarms.newest(limit - len(first), closed=True) if closed else []
    return AlarmList(tuple(first), tuple(rest), count - len(first), alarms.count() - count - len(rest))


def find_alarm(client: Client, number: int) -> KeptAlarm:
    """An alarm by its number.

    Raises:
        ClientError: ``no_alarm``.
    """
    found = client.store.alarms.get(number)
    if found is None:
        raise ClientError(LocalCode.NO_ALARM, number=number)
    return found


def check_closable(client: Client, number: int) -> KeptAlarm:
    """An alarm that is open.

    Raises:
        ClientError: ``no_alarm``; ``alarm_closed`` if somebody has closed it already.
    """
    found = find_alarm(client, number)
    if found.closing is not None:
        raise ClientError(LocalCode.ALARM_CLOSED, number=number, by=found.closing.by)
    return found


def close_alarm(client: Client, number: int, reason: str, officer: Address | None) -> KeptAlarm:
    """Close an alarm: who, when and why are kept with it, and it is counted no more.

    Args:
        client: whose.
        number: of the alarm.
        reason: in words.
        officer: who closes it; who signs here if ``None``.

    Raises:
        ClientError: ``reason_missing``; those of `check_closable`, `Client.signer` and `Client.unlock`.
    """
    words = " ".join(reason.split())[:MOST_REASON]
    if not words:
        raise ClientError(LocalCode.REASON_MISSING)
    check_closable(client, number)
    signer = client.signer(officer)
    client.unlock(signer)
    with client.store.transaction():
        check_closable(client, number)
        closing = Closing(signer, client.state.system.clock.time_ms(), words)
        client.store.alarms.close(number, closing)
    return find_alarm(client, number)
