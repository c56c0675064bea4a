"""What is noted of a step, and to whom what rests on it goes."""

from __future__ import annotations

from dataclasses import replace

from schemas.encoding import sha256
from schemas.operations.answers import NO_STEP, asked_do, ends_asking
from schemas.operations.steps import is_step, note_step, operation_of
from schemas.rules.expecting import EVERYBODY
from tests.support.operations import ADD, CANCEL, GRANT, HAND, LEFT, MOVE, OPEN, REFUSE, WARNING, Draft, Rules
from tests.support.world import KG, KZ, RU, TJ, UZ

OTHER = sha256(b"other")


def rules(*drafts: Draft) -> Rules:
    """An operation with some steps."""
    made = Rules()
    for draft in (OPEN, *drafts):
        made.judge(draft)
    return made


def test_which_operation() -> None:
    """A request is of its own digest, a step of the one that it names, another dispatch of none."""
    made = rules()
    assert operation_of(made.cover(OPEN), OTHER) == OTHER
    assert operation_of(made.cover(MOVE), OTHER) == sha256(b"open")
    assert operation_of(made.cover(WARNING), OTHER) is None


def test_what_is_a_step() -> None:
    """What does something, and a cancel; neither a reseal nor another kind of dispatch."""
    made = rules(MOVE)
    again = Draft("again", UZ, (KZ,), None, refs=(("reseal", "move"),))
    found = [is_step(made.cover(draft)) for draft in (MOVE, CANCEL, again, WARNING)]
    assert found == [True, True, False, False]
    assert note_step(made.cover(again), OTHER) is None


def test_whom_what_rests_on_it_reaches() -> None:
    """Of a plan those who have not left; of a decision those of the plan, or who sent the movement; of a fact all."""
    made = rules(MOVE, ADD, HAND, GRANT)
    audiences = {draft.name: made.steps[made.digests[draft.name]] for draft in (OPEN, MOVE, ADD, HAND, GRANT)}
    assert {name: set(step.audience) for name, step in audiences.items() if step is not None} == {
        "open": {KZ, UZ, RU, TJ},
        "move": {UZ, KZ, RU},
        "add": {UZ, KZ, KG},
        "hand": {UZ, KZ, RU},
        "grant": {KZ, UZ, RU, TJ},
    }
    left = note_step(made.cover(LEFT), OTHER)
    assert left is not None
    assert set(left.audience) == {KZ, RU, TJ}
    late = note_step(made.cover(replace(REFUSE, refs=(("reply", "add"),))), OTHER, audiences["add"])
    assert late is not None
    assert late.audience == (UZ,)


def test_what_ends_a_clock() -> None:
    """The answer of the table, to the asker; a cancel; a plan that asks anew. Elsewhere it is as ever."""
    made = rules(MOVE)
    refuse, plan = made.cover(REFUSE), made.cover(replace(LEFT, claims={"expects": {"by": 5}}))
    assert ends_asking(refuse, "reply", KZ, "open") == UZ
    assert ends_asking(made.cover(replace(REFUSE, to=(TJ,))), "reply", KZ, "open") is None
    assert ends_asking(refuse, "related", KZ, "open") is None
    assert ends_asking(refuse, "reply", KZ, "note") is None
    assert ends_asking(plan, "update", KZ, "open") == EVERYBODY
    assert ends_asking(made.cover(CANCEL), "cancel", UZ, "move") == EVERYBODY
    reply = made.cover(replace(WARNING, iss=UZ, to=(KZ,), refs=(("reply", "open"),)))
    assert (ends_asking(reply, "reply", KZ, "open"), ends_asking(reply, "reply", KZ, NO_STEP)) == (None, UZ)
    assert [asked_do(made.cover(draft)) for draft in (MOVE, CANCEL, WARNING)] == ["move", None, NO_STEP]
