"""The session table: which frame may come when (PROTOCOL 9).

Everything that decides about order on a line is in `TABLE`; the module does not know
which side it plays. An illegal frame changes nothing.
"""

from __future__ import annotations

from enum import Enum
from typing import Final, Literal

from schemas.errors import Code, SeraiError
from schemas.frames import Accepted, Ack, Deliver, Frame, Refused, Resume, Submit, Welcome

Side = Literal["hub", "client"]


class SessionState(Enum):
    """How far a line has got."""

    OPENING = "opening"
    GREETED = "greeted"
    LIVE = "live"


TABLE: Final[dict[tuple[SessionState, Side, type], SessionState]] = {
    (SessionState.OPENING, "hub", Welcome): SessionState.GREETED,
    (SessionState.GREETED, "client", Resume): SessionState.LIVE,
    (SessionState.LIVE, "client", Submit): SessionState.LIVE,
    (SessionState.LIVE, "client", Ack): SessionState.LIVE,
    (SessionState.LIVE, "hub", Accepted): SessionState.LIVE,
    (SessionState.LIVE, "hub", Refused): SessionState.LIVE,
    (SessionState.LIVE, "hub", Deliver): SessionState.LIVE,
}
"""(state, who sends, frame) to the next state; what is not here is ``unexpected_frame``."""


def step(state: SessionState, sender: Side, frame: Frame) -> SessionState:
    """The state after a frame.

    Raises:
        SeraiError: ``unexpected_frame``; the state stays.
    """
    try:
        return TABLE[state, sender, type(frame)]
    except KeyError:
        raise SeraiError(Code.UNEXPECTED_FRAME, f"{frame.type} from the {sender} while {state.value}") from None
