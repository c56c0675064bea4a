"""What happened, for whoever is to hear of it."""

from __future__ import annotations

from dataclasses import dataclass

from clients.store import Alarm, Answer


@dataclass(frozen=True, slots=True)
class Arrived:
    """A dispatch for the own member is in the store."""

    lane: str
    digest: str


@dataclass(frozen=True, slots=True)
class Settled:
    """Something in the outbox was accepted or refused."""

    outgoing: int


@dataclass(frozen=True, slots=True)
class Answered:
    """Somebody did something with a dispatch."""

    digest: str
    answer: Answer


Notice = Arrived | Settled | Answered | Alarm
