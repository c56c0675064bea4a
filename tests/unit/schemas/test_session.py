"""The session table: every frame in every state from either side."""

from __future__ import annotations

from typing import Final

import pytest

from schemas.errors import Code
from schemas.frames import (
    Accepted,
    AcceptedItem,
    Ack,
    Cursors,
    Deliver,
    Frame,
    Limits,
    Problem,
    Refused,
    Resume,
    Submit,
    Welcome,
)
from schemas.session import SessionState, Side, step
from tests.support.refusals import refused

CURSORS = Cursors(public=0, urgent=0, normal=0)
FRAMES: Final[tuple[Frame, ...]] = (
    Welcome(
        protocol="serai.v1",
        network="toy/" + "A" * 43,
        epoch=0,
        time=0,
        limits=Limits(frame=2_097_152, in_flight=128, blob=268_435_456),
        features=[],
    ),
    Resume(epoch=0, cursors=CURSORS, checkpoint=None, features=[]),
    Submit(statement="a.b.c"),
    Accepted(items=[AcceptedItem(digest="A" * 43, index=0, leaf="A" * 58, proof="")], checkpoint="", consistency=""),
    Refused(digest=None, problem=Problem(code="internal", title="", detail="")),
    Deliver(items=[], checkpoint="", consistency=""),
    Ack(cursors=CURSORS),
)
SIDES: Final[tuple[Side, ...]] = ("hub", "client")

# The table of PROTOCOL 9, written out a second time.
LEGAL: Final = {
    ("opening", "hub", "welcome"): "greeted",
    ("greeted", "client", "resume"): "live",
    **{("live", "client", kind): "live" for kind in ("submit", "ack")},
    **{("live", "hub", kind): "live" for kind in ("accepted", "refused", "deliver")},
}


@pytest.mark.parametrize("state", SessionState)
@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("frame", FRAMES, ids=lambda frame: frame.type)
def test_table(state: SessionState, side: Side, frame: Frame) -> None:
    """Each of the 42 cases goes where the protocol says, or is an unexpected frame."""
    due = LEGAL.get((state.value, side, frame.type))
    if due is None:
        with refused(Code.UNEXPECTED_FRAME, f"{frame.type} from the {side}"):
            step(state, side, frame)
    else:
        assert step(state, side, frame).value == due
