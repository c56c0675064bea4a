"""Sessions of any frames: the table is followed, and an illegal frame changes nothing."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from schemas.errors import Code
from schemas.frames import Frame, parse_frame
from schemas.session import TABLE, SessionState, Side, step
from tests.support.refusals import outcome
from tests.support.world import World

_CURSORS = '"cursors":{"public":0,"urgent":0,"normal":0}'
_ITEM = f'{{"digest":"{"A" * 43}","index":0,"leaf":"{"A" * 58}","proof":""}}'
_GREETING = f'"protocol":"serai.v1","network":"{World([]).network}","epoch":0,"time":0'
_TEXTS = (
    f'{{"type":"welcome",{_GREETING},"limits":{{"frame":1,"in_flight":1,"blob":1}},"features":[]}}',
    f'{{"type":"resume","epoch":0,{_CURSORS},"checkpoint":null,"features":[]}}',
    '{"type":"submit","statement":"a.b.c"}',
    f'{{"type":"accepted","items":[{_ITEM}],"checkpoint":"","consistency":""}}',
    '{"type":"refused","digest":null,"problem":{"code":"internal","title":"","detail":""}}',
    '{"type":"deliver","items":[],"checkpoint":"","consistency":""}',
    f'{{"type":"ack",{_CURSORS}}}',
)
FRAMES: tuple[Frame, ...] = tuple(map(parse_frame, _TEXTS))
sides = st.sampled_from(["hub", "client"])
lines = st.lists(st.tuples(sides, st.sampled_from(FRAMES)), max_size=30)


def _run(line: list[tuple[Side, Frame]]) -> list[SessionState]:
    """The states a line goes through, illegal frames left out by whoever gets them."""
    states = [SessionState.OPENING]
    for side, frame in line:
        after = outcome(lambda state=states[-1], side=side, frame=frame: step(state, side, frame))  # type: ignore[misc]
        states.append(states[-1] if isinstance(after, Code) else after)
    return states


@given(lines)
def test_never_goes_back(line: list[tuple[Side, Frame]]) -> None:
    """Opening, greeted, live: a line only gets further, one state at a time."""
    order = list(SessionState)
    places = [order.index(state) for state in _run(line)]
    assert all(0 <= later - earlier <= 1 for earlier, later in pairwise(places))


@given(lines)
def test_live_after_welcome_and_resume(line: list[tuple[Side, Frame]]) -> None:
    """A line is live just if the hub's welcome and then the client's resume were among what was said."""
    said = [(side, frame.type) for side, frame in line]
    welcomed = said.index(("hub", "welcome")) if ("hub", "welcome") in said else len(said)
    assert (_run(line)[-1] is SessionState.LIVE) is (("client", "resume") in said[welcomed:])


@given(lines)
def test_illegal_frames_change_nothing(line: list[tuple[Side, Frame]]) -> None:
    """Without its illegal frames a line ends in the same state, and none is left."""
    states = _run(line)
    legal = [said for said, state in zip(line, states, strict=False) if (state, said[0], type(said[1])) in TABLE]
    assert _run(legal)[-1] is states[-1]
    assert [side for side, frame in legal if frame.type == "welcome"] in ([], ["hub"])
