"""Steps in any order, and again after a restore: the same verdicts, and no stop refused (PROTOCOL 16)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.encoding import encode_base64url, sha256
from schemas.errors import Code, SeraiError
from tests.support.operations import (
    ADD,
    CHIEF,
    CLOSE,
    CONFIRM,
    DUTY,
    GRANT,
    HAND,
    MOVE,
    NOTE,
    OPEN,
    OTHERS,
    PARTS,
    PLAN,
    REFUSE,
    STOP,
    Draft,
    Rules,
)
from tests.support.world import KG, KZ, RU, TJ, UZ

EVERYBODY = (KZ, UZ, RU, TJ, KG)
PATTERNS = (PLAN, CONFIRM, GRANT, REFUSE, STOP, MOVE, ADD, HAND, NOTE, CLOSE)
FULL = {**PARTS, KG: "transit"}


@st.composite
def histories(draw: st.DrawFn) -> list[Draft]:
    """A request, who joins, then steps of any member that name any earlier ones, rightly or not; and a stop."""
    history = [OPEN, ADD]
    for number in range(draw(st.integers(3, 10))):
        pattern = draw(st.sampled_from(PATTERNS))
        member = draw(st.sampled_from(EVERYBODY)) if draw(st.booleans()) else pattern.iss.rpartition("/")[0]
        iss = draw(st.sampled_from((f"{member}/{DUTY}", f"{member}/{CHIEF}", member)))
        to = [each for each in EVERYBODY if each != member and draw(st.sampled_from((True, True, False)))]
        rels = [rel for rel, _ in pattern.refs] or draw(st.sampled_from(([], ["reply"], ["related"], ["cancel"])))
        refs = tuple((rel, draw(st.sampled_from(history)).name) for rel in rels)
        parts = draw(st.sampled_from((PARTS, FULL))) if pattern.do == "plan" else pattern.parts
        do = None if rels == ["cancel"] else pattern.do
        decision = pattern.decision if do == "decide" else None
        chosen = parts if do in ("plan", "move") else None
        history.append(Draft(f"step {number}", iss, to or OTHERS, do, decision, chosen, refs))
    return [*history, replace(STOP, name="stop of who joined", iss=f"{KG}/{DUTY}")]


def verdict(rules: Rules, draft: Draft) -> Code | None:
    """Why a step is refused; ``None`` if it is admitted."""
    for _, name in draft.refs:
        rules.digests.setdefault(name, encode_base64url(sha256(name.encode())))
    rules.digests.setdefault("open", encode_base64url(sha256(b"open")))
    try:
        rules.judge(draft)
    except SeraiError as error:
        return error.code
    return None


def named_before(earlier: Draft, later: Draft) -> bool:
    """Whether the order of two steps matters: the later one names the earlier, or is by a member that it names."""
    member = "/".join(later.iss.split("/")[:2])
    names = earlier.name in ("open", *(name for _, name in later.refs))
    return names or member in (earlier.parts or {})


def reordered(draw: st.DrawFn, history: Sequence[Draft]) -> list[Draft]:
    """The same steps in another order, which keeps what matters."""
    left, found = list(history), list[Draft]()
    while left:
        free = [
            draft
            for at, draft in enumerate(left)
            if not any(named_before(earlier, draft) or named_before(draft, earlier) for earlier in left[:at])
        ]
        chosen = draw(st.sampled_from(free))
        left.remove(chosen)
        found.append(chosen)
    return found


@given(data=st.data())
@settings(max_examples=80, deadline=None)
def test_no_order_changes_a_verdict(data: st.DataObject) -> None:
    """Whatever comes first, as long as what is named does, each step has the verdict that it had."""
    history = data.draw(histories())
    first, again = Rules(), Rules()
    expected = {draft.name: verdict(first, draft) for draft in history}
    order = reordered(data.draw, history)  # type: ignore[arg-type]
    assert {draft.name: verdict(again, draft) for draft in order} == expected
    assert (again.steps, again.operations) == (first.steps, first.operations)


@given(data=st.data())
@settings(max_examples=80, deadline=None)
def test_a_restore_loses_no_step(data: st.DataObject) -> None:
    """From any point, with all submitting what they had in any order, and again what has to wait: all is as it was.

    A stop is admitted whenever it comes.
    """
    history = data.draw(histories())
    first = Rules()
    admitted = [draft for draft in history if verdict(first, draft) is None]
    cut = data.draw(st.integers(0, len(admitted)))
    again = Rules(restored=True)
    assert all(verdict(again, draft) is None for draft in admitted[:cut])
    waiting = data.draw(st.permutations(admitted[cut:]))
    while waiting:
        refused = []
        for draft in waiting:
            code = verdict(again, draft)
            if code is not None:
                assert draft.do != "stop"
                assert code in (Code.OPERATION_UNKNOWN, Code.UNKNOWN_REFERENCE, Code.NOT_A_PARTICIPANT)
                refused.append(draft)
        assert len(refused) < len(waiting)
        waiting = refused
    assert again.steps == first.steps
    assert {digest: noted.named for digest, noted in again.operations.items()} == {
        digest: noted.named for digest, noted in first.operations.items()
    }


def test_the_histories_have_what_they_are_for() -> None:
    """A history of right steps is admitted whole, so that the properties say something."""
    rules = Rules()
    late = Draft("late", f"{KG}/{CHIEF}", (KZ, UZ), "decide", "granted", refs=(("reply", "add"),))
    for draft in (OPEN, PLAN, CONFIRM, GRANT, ADD, late, STOP, HAND, NOTE, CLOSE):
        assert verdict(rules, draft) is None, draft
