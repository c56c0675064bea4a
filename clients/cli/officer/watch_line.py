"""A line of the live screen, and what it is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Tone(Enum):
    """What a line is, for whoever gives it a colour."""

    PLAIN = "plain"
    HEAD = "head"
    OPEN = "open"
    FAULT = "fault"
    AMBER = "amber"
    URGENT = "urgent"
    EXERCISE = "exercise"
    QUIET = "quiet"


@dataclass(frozen=True, slots=True)
class ScreenLine:
    """A line of the screen.

    Attributes:
        text: within the screen's columns.
        tone: what it is.
    """

    text: str
    tone: Tone = Tone.PLAIN
