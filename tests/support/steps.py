"""Operations as Hypothesis makes them: steps that name each other, right and wrong, and the orders they may come in."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

from hypothesis import strategies as st

from schemas import limits
from schemas.addresses import Address, member_of
from schemas.claims.operations import FACTS
from schemas.operations.table import DECIDERS, FACTS_AND_STOPS, PLANS
from tests.support.operations import CHIEF, DUTY, MEMBERS, OPEN, PARTS, Draft
from tests.support.world import KG, KZ, START_S, World
from tests.unit.schemas.reports.operations.builders import LEGS

MOST: Final = 12
"""Most steps after the requests."""

_WORDS: Final = ("origin", "transit", "destination", "coordinator", "observer", "left")
_DECISIONS: Final = ("granted", "conditional", "refused", "withdrawn")
_DOES: Final = ("plan", "confirm", "decide", "stop", "move", "hand", "exhibit", "result", "note", "close", None)
_OTHERS: Final[tuple[Address, ...]] = tuple(each for each in MEMBERS if each != KZ)

ELSEWHERE: Final = replace(OPEN, name="elsewhere", to=_OTHERS)
"""The request of another operation, that is admitted first."""


def moment(minute: int) -> str:
    """A minute of a world, as forms have it."""
    return datetime.fromtimestamp(START_S + 60 * minute, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@st.composite
def operations(draw: st.DrawFn, *, wrong: bool = True) -> list[Draft]:
    """An operation of five members, one of whom its request does not name.

    Args:
        draw: Hypothesis.
        wrong: whether some steps break the table in one point.
    """
    drafts = [ELSEWHERE, replace(OPEN, to=_OTHERS, content={"legs": LEGS})]
    right = drafts[1:]
    for number in range(draw(st.integers(1, MOST))):
        step = draw(_step(f"step {number}", right))
        step = replace(step, after=_own_acts(step, right), content=draw(_content(step, drafts)))
        if wrong and draw(st.integers(0, 3)) == 0:
            step = draw(_bent(step, drafts))
        else:
            right.append(step)
        drafts.append(step)
    return drafts


# Steps by the table


@st.composite
def _step(draw: st.DrawFn, name: str, right: Sequence[Draft]) -> Draft:
    """A step that follows the table, and goes to everybody; or without the one who may be named late."""
    do = draw(st.sampled_from(_DOES))
    if do in ("plan", "confirm", "close"):
        step = draw(_of_lead(name, do, right))
    elif do == "decide":
        step = draw(_decision(name, right))
    else:
        step = draw(_of_anybody(name, do, right))
    spared = {member_of(Address(step.iss))}
    if do is not None and not _concerns(step, right) and draw(st.integers(0, 2)) == 0:
        spared.add(KG)
    return replace(step, to=[each for each in MEMBERS if each not in spared])


def _concerns(step: Draft, right: Sequence[Draft]) -> bool:
    """Whether a step, or what it rests on, names the one who may be named late, or is of it."""
    names = {name for _, name in step.refs}
    rests = [each for each in right if each.name in names]
    is_of_it = KG in (step.parts or {}) or member_of(Address(step.iss)) == KG
    return is_of_it or any(_concerns(each, right) for each in rests if each.name != "open")


@st.composite
def _of_lead(draw: st.DrawFn, name: str, do: str, right: Sequence[Draft]) -> Draft:
    plan = draw(st.sampled_from([each for each in right if each.do in PLANS]))
    if do == "close":
        return Draft(name, f"{KZ}/{DUTY}", (), do, refs=(("reply", plan.name),))
    if do == "plan":
        words = st.sampled_from(_WORDS)
        listed = [*(plan.parts or {}), *([KG] if draw(st.booleans()) else [])]
        parts = {each: draw(words) for each in dict.fromkeys(listed)}
        return Draft(name, f"{KZ}/{DUTY}", (), do, parts=parts, refs=(("update", plan.name),))
    open_ = [each for each in right if each.decision == "conditional" and each.refs[0][1] in _plans(right)]
    if bool(open_) and draw(st.booleans()):
        return Draft(name, f"{KZ}/{CHIEF}", (), do, refs=(("reply", draw(st.sampled_from(open_)).name),))
    return Draft(name, f"{KZ}/{CHIEF}", (), do, refs=(("countersign", plan.name),))


def _plans(right: Sequence[Draft]) -> set[str]:
    return {each.name for each in right if each.do in PLANS}


@st.composite
def _decision(draw: st.DrawFn, name: str, right: Sequence[Draft]) -> Draft:
    plans = [each for each in right if each.do in PLANS and DECIDERS & set((each.parts or {}).values())]
    moves = [each for each in right if each.do == "move" and each.parts]
    named = draw(st.sampled_from([*plans, *moves]))
    deciders = [member for member, part in (named.parts or {}).items() if part in DECIDERS]
    member, decision = draw(st.sampled_from(deciders)), draw(st.sampled_from(_DECISIONS))
    return Draft(name, f"{member}/{CHIEF}", (), "decide", decision, refs=(("reply", named.name),))


@st.composite
def _of_anybody(draw: st.DrawFn, name: str, do: str | None, right: Sequence[Draft]) -> Draft:
    mine = [each for each in right if each.do in FACTS_AND_STOPS]
    if do is None and mine:
        first = draw(st.sampled_from(mine))
        return Draft(name, f"{member_of(Address(first.iss))}/{DUTY}", (), None, refs=(("cancel", first.name),))
    named = list(dict.fromkeys(member for each in right for member in each.parts or ()))
    member = draw(st.sampled_from(named))
    seat = str(member) if do in ("move", "note") and draw(st.booleans()) else f"{member}/{DUTY}"
    parts = {KG: "transit"} if do == "move" and member != KG and draw(st.booleans()) else None
    refs: tuple[tuple[str, str], ...] = ()
    before = [each for each in right if each.do in ("move", "hand") and member_of(Address(each.iss)) == member]
    offers = [each for each in right if each.do == "hand"]
    if do == "move" and before and draw(st.booleans()):
        refs = (("reply", draw(st.sampled_from(before)).name),)
    elif do in ("hand", "exhibit", "result") and offers and draw(st.booleans()):
        refs = (("reply", draw(st.sampled_from(offers)).name),)
    return Draft(name, seat, (), do or "note", parts=parts, refs=refs)


def _own_acts(step: Draft, right: Sequence[Draft]) -> tuple[str, ...]:
    """The last acts of its member, so that each of them reaches all before."""
    member = member_of(Address(step.iss))
    acts = [each.name for each in right if each.do not in FACTS and member_of(Address(each.iss)) == member]
    return tuple(acts[: -1 - limits.AFTER : -1])


@st.composite
def _content(draw: st.DrawFn, step: Draft, before: Sequence[Draft]) -> dict[str, Any]:
    """What a step says: facts happened each in a minute of its own, and not in the order in which they are told."""
    minute = 60 * draw(st.integers(0, 48)) + len(before)
    when = {"occurred_at": moment(minute)}
    if step.do in PLANS:
        return {"legs": [{**leg, **({"enters": moment(minute)} if draw(st.booleans()) else {})} for leg in LEGS]}
    if step.do == "decide":
        until = {"valid_until": moment(minute)} if draw(st.booleans()) else {}
        return {**until, "reason": {"code": "law"}}
    if step.do == "stop":
        return {"until": moment(minute)} if draw(st.booleans()) else {}
    if step.do == "move":
        movement = draw(st.sampled_from(["departed", "at", "crossed", "crossed", "lost", "found", "arrived"]))
        soil = {"soil": draw(st.sampled_from(list(PARTS)))} if draw(st.booleans()) else {}
        return {**when, **soil, "movement": movement}
    if step.do == "hand":
        stage = "accepted" if step.refs else draw(st.sampled_from(["offered", "offered", "accepted"]))
        others = [each for each in PARTS if each != member_of(Address(step.iss))]
        return {**when, "stage": stage, "other": draw(st.sampled_from(others))}
    return when if step.do in FACTS else {}


# Steps that break it


@st.composite
def _bent(draw: st.DrawFn, step: Draft, before: Sequence[Draft]) -> Draft:
    """A step that breaks the table in one point, or only looks so."""
    how = draw(st.sampled_from(["signer", "to", "refs", "of", "parts", "decision"]))
    changes: dict[str, Any] = {}
    if how == "signer":
        member = draw(st.sampled_from(MEMBERS))
        iss = draw(st.sampled_from([f"{member}/{DUTY}", f"{member}/{CHIEF}", str(member)]))
        changes = {"iss": iss, "to": [each for each in MEMBERS if each != member]}
    elif how == "to":
        changes = {"to": draw(st.lists(st.sampled_from(list(step.to)), min_size=1, unique=True))}
    elif how == "refs" and step.do not in (None, "stop"):  # what these name is judged with their form
        rels = st.sampled_from(["reply", "update", "countersign", "cancel", "related", "succeeds"])
        names = draw(st.lists(st.sampled_from([each.name for each in before]), max_size=2, unique=True))
        changes = {"refs": tuple((draw(rels), name) for name in names)}
    elif how == "of":
        changes = {"of": ELSEWHERE.name}
    elif how == "parts" and step.do == "plan":
        changes = {"parts": dict(list((step.parts or {}).items())[1:]) or {KZ: "origin"}}
    elif how == "decision" and step.do == "decide":
        changes = {"iss": step.iss.replace(CHIEF, DUTY)}
    return replace(step, **changes)


# Orders


@st.composite
def orders(draw: st.DrawFn, drafts: Sequence[Draft]) -> list[Draft]:
    """The same steps in another order, that keeps named before naming: steps, and the members that speak."""
    wanted = {each.name: draw(st.integers(0, 99)) for each in drafts}
    found: list[Draft] = []
    waiting = list(drafts)
    while waiting:
        ready = [each for at, each in enumerate(waiting) if not any(_stays(other, each) for other in waiting[:at])]
        found.append(min(ready, key=lambda each: wanted[each.name]))
        waiting.remove(found[-1])
    return found


def _stays(first: Draft, second: Draft) -> bool:
    """Whether an earlier step stays before a later one: it is named by it, or one of them names who signs the other."""
    named = first.name in (name for _, name in second.refs) or first.name == second.of
    return named or _names_signer(first, second) or _names_signer(second, first)


def _names_signer(naming: Draft, speaking: Draft) -> bool:
    """Whether a step names who signs another, and the request does not."""
    member = member_of(Address(speaking.iss))
    return member not in PARTS and member in (naming.parts or {}) and naming.of == speaking.of


def fork(world: World) -> World:
    """A world as it is, whose ledger goes on by itself."""
    other = copy(world)
    other.log, other.parties = list(world.log), dict(world.parties)
    return other
