"""Operations and what follows from them: a whole one, and a small one for each rule and each contradiction."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from schemas.addresses import Address
from schemas.claims import Dispatch
from schemas.operations.asof import picture_of
from schemas.operations.encode import state_json
from schemas.operations.fold import fold
from schemas.operations.held import EpochStart, HeldOperation, HeldStep, LeafOnly, StepContent
from schemas.operations.terms import MissingHow
from schemas.reports.reading import read_members
from tests.support.story import NETWORK, PARTS, Story, at_ms, clock, content_of, digest_of, plan_content
from tests.unit.schemas.reports.operations.builders import LEGS

Vector = dict[str, Any]
Play = Callable[[Story], None]

UNSAID: Final = {
    "aud": NETWORK,
    "jti": "01939c2f-0000-7000-8000-000000000000",
    "kind": "operation",
    "status": "exercise",
    "precedence": "immediate",
    "handling": "H1",
    "content": {"digest": "A" * 43, "commitment": "A" * 43, "entries": "A" * 43, "size": 2_048},
}
"""Claims of the covers that these vectors leave out: nothing follows from them, but for the status."""


def kilograms(quantity: str) -> list[Vector]:
    """So much heroin."""
    return [{"group": "heroin", "quantity": quantity, "unit": "kilogram"}]


def whole(story: Story) -> None:
    """Four countries: request, decisions, a new plan, the way, a stop, custody, the result."""
    story.add("open", "TJ", "open", 0, plan_content(quantity_at_most=kilograms("15")), by=240)
    story.confirm("open", 6)
    story.decide("UZ conditions", "UZ!", "conditional", 40, ["2"], content={"conditions": ["Constant surveillance"]})
    story.confirm("conditions", 55, refs=[("reply", "UZ conditions")])
    story.decide("KZ grants", "KZ!", "granted", 70, ["3"], content={"valid_until": clock(3_000)})
    story.decide("RU refuses", "RU", "refused", 75, ["4"], content={"reason": {"code": "insufficient"}})
    legs = [{**leg, "destination": {"name": "Samara"}} if leg["leg"] == "4" else leg for leg in LEGS]
    changed = plan_content(quantity_at_most=kilograms("15"), legs=legs, changes="Samara is known")
    story.add("second", "TJ", "plan", 100, changed, refs=[("update", "open")], after=["RU refuses"], by=300)
    story.confirm("second", 104)
    story.decide("RU grants", "RU!", "granted", 150, ["4"], plan="second", after=["second"])
    story.exhibit("registered", "TJ", "registered", "TJ-7/1", 200, amounts=kilograms("12.000"))
    story.exhibit(
        "sampled", "TJ", "sampled", "TJ-7/1", 205, parts=[{"exhibit": "TJ-7/S", "amounts": kilograms("0.010")}]
    )
    story.move("departed", "TJ", "departed", 240, content={"leg": "1", "next_report": clock(400)})
    story.hand("offered", "TJ", "offered", "UZ", 380, content={"seals": ["0071"]})
    story.move("into UZ", "UZ", "crossed", 395, happened=390, content={"soil": "UZ/NFP", "ground": "planned"})
    story.hand("accepted", "UZ", "accepted", "TJ", 400, refs=[("reply", "offered")], content={"as_offered": True})
    story.add("stop", "KZ", "stop", 500, {"reason": {"code": "surveillance_lost"}, "wish": "hold", "until": clock(560)})
    story.add("cancel", "KZ!", None, 530, {"reason": "It is in sight again"}, refs=[("cancel", "stop")])
    story.move("into KZ", "KZ", "crossed", 900, happened=880, content={"soil": "KZ/NFP", "ground": "planned"})
    story.hand("by KZ alone", "KZ", "accepted", "UZ", 905, happened=882)
    story.hand("UZ signs", "UZ", "offered", "KZ", 960, happened=881)
    story.move("into RU", "RU", "crossed", 2_800, content={"soil": "RU/NFP"})
    story.hand("offered to RU", "KZ", "offered", "RU", 2_801)
    story.hand("RU accepts", "RU", "accepted", "KZ", 2_805, refs=[("reply", "offered to RU")])
    story.exhibit("seized", "RU", "seized", "TJ-7/1", 3_100)
    story.add("result", "RU", "result", 3_200, {"occurred_at": clock(3_100), "seized": kilograms("11.990")})
    story.add("close", "TJ", "close", 3_300, refs=[("reply", "second")])


def _going(story: Story) -> None:
    story.opened()
    story.granted()


def _in_force(story: Story) -> None:
    story.add("open", "TJ", "open", 0, plan_content())
    story.plan("second", 10)
    story.confirm("open", 20)


def _changed(story: Story) -> None:
    _going(story)
    goods = [{"group": "heroin", "name": "Heroin", "quantity": "40", "unit": "kilogram"}]
    story.plan("second", 10, plan={"goods": goods})


def _stops(story: Story) -> None:
    _going(story)
    story.add("cancelled", "UZ", "stop", 10)
    story.add("cancel", "UZ", None, 12, {}, refs=[("cancel", "cancelled")])
    story.add("by its time", "RU", "stop", 10, {"until": clock(30)})
    story.add("too long", "KZ", "stop", 10, {"until": clock(10_000)})
    story.decide("withdrawal", "TJ", "withdrawn", 15, ["1"])


def _gone(story: Story) -> None:
    _going(story)
    story.add("stop", "KZ", "stop", 10)
    story.add("left", "RU", "stop", 10)
    parts, legs = {**PARTS, "RU/NFP": "left"}, [leg for leg in LEGS if leg["member"] != "RU/NFP"]
    story.plan("second", 20, parts=parts, plan={"legs": legs})
    story.revoked = {Address("KZ/NFP"): at_ms(25)}
    story.plan("third", 30, parts=parts, plan={"legs": legs})


def _words(story: Story) -> None:
    _going(story)
    other = {"soil": "KZ/NFP", "fact_of": "KZ/NFP", "learned_from": "Duty officer"}
    story.move("by telephone", "UZ", "crossed", 60, happened=50, content=other)
    story.move("own", "KZ", "crossed", 90, happened=55, content={"soil": "KZ/NFP"})


def _order(story: Story) -> None:
    story.opened()
    story.decide("grant", "UZ!", "granted", 5, ["2"], number=400)
    story.add("note", "KZ", "note", 6, after=["grant"], number=300)
    story.decide("withdrawal", "UZ", "withdrawn", 7, ["2"], after=["note"], number=200)


def _crossings(story: Story) -> None:
    story.opened()
    story.move("before", "UZ", "crossed", 4, content={"soil": "UZ/NFP", "ground": "urgent"})
    story.granted(5)
    story.move("green", "KZ", "crossed", 20, content={"soil": "KZ/NFP"})
    story.decide("withdrawal", "RU", "withdrawn", 30, ["4"])
    story.move("late", "RU", "crossed", 40, happened=25, content={"soil": "RU/NFP"})


def _repeated(story: Story) -> None:
    story.opened()
    story.decide("grant", "UZ!", "granted", 5, ["2"])
    story.decide("withdrawal", "UZ", "withdrawn", 6, ["2"])
    story.repeated("withdrawal", "grant")


def _missing(story: Story) -> None:
    _going(story)
    story.leaves.append(LeafOnly(digest_of("not sent"), 140, at_ms(9)))
    story.add("exhibit", "KZ", "exhibit", 9, MissingHow.NOT_OPENED)
    story.add("note", "KZ", "note", 10, after=["kept from us"])
    story.add("later", "KZ", "pause", 11)


def _not_permitted(story: Story) -> None:
    story.add("open", "TJ!", "open", 0, plan_content())
    story.confirm("open", 1)


def _digests(story: Story) -> None:
    story.opened()
    story.decide("of KZ", "KZ!", "granted", 5, ["2"])
    story.decide("of nothing", "UZ!", "granted", 5, ["9"])


def _content(story: Story) -> None:
    _going(story)
    story.add("hidden", "UZ", "note", 10, says="stop")
    other = content_of("plan", plan_content(persons_at_risk="yes")).members
    story.plan("second", 20)
    story.add("again", "TJ", None, 30, other, refs=[("reseal", "second")], says="plan")


def _hands(story: Story) -> None:
    _going(story)
    story.hand("offered", "TJ", "offered", "UZ", 20)
    story.hand("differs", "UZ", "accepted", "TJ", 21, content={"differences": "The seal is broken"})
    story.hand("rival", "KZ", "accepted", "RU", 30)
    story.move("lost", "UZ", "lost", 40, content={"soil": "UZ/NFP"})


def _while_stopped(story: Story) -> None:
    _going(story)
    story.add("stop", "KZ", "stop", 10)
    story.move("departed", "TJ", "departed", 20)
    story.move("ahead", "TJ", "at", 30, happened=300)


def _custody(story: Story) -> None:
    story.opened(quantity_at_most=kilograms("10"))
    story.granted()
    story.exhibit("in", "TJ", "registered", "T-1", 10, amounts=kilograms("12"))
    story.exhibit("twice", "UZ", "registered", "T-1", 11, amounts=kilograms("1"))
    story.exhibit("silent", "TJ", "registered", "T-2", 12)
    story.exhibit("because", "TJ", "registered", "T-3", 12, not_counted_because="In the tank")
    story.exhibit("weighed", "UZ", "weighed", "T-1", 20, amounts=kilograms("11.5"))
    story.exhibit("too much", "UZ", "sampled", "T-1", 21, amounts=kilograms("12.5"))
    story.exhibit("unknown", "UZ", "seized", "T-9", 22)


def _unbalanced(story: Story) -> None:
    _going(story)
    story.exhibit("in", "TJ", "registered", "T-1", 10, amounts=kilograms("12"))
    story.exhibit("swap", "TJ", "substituted", "T-1", 11, parts=[{"exhibit": "T-1/D", "amounts": kilograms("12")}])
    story.exhibit("seized", "TJ", "seized", "T-1", 20, amounts=kilograms("5"))
    story.add("close", "TJ", "close", 30, refs=[("reply", "open")])


def _circle(story: Story) -> None:
    _going(story)
    story.add("one", "KZ", "note", 9, after=["two"])
    story.add("two", "KZ", "note", 9, after=["one"])


def _samples(story: Story) -> None:
    """Samples go from hand to hand by their names: both sides, one side, whoever has not got it; another seal."""
    story.opened()
    story.exhibit("in", "TJ", "registered", "T-1", 10, amounts=kilograms("12"))
    for name, minute in (("T-1/A", 11), ("T-1/B", 12)):
        part = [{"exhibit": name, "amounts": kilograms("0.01")}]
        story.exhibit(name, "TJ", "sampled", "T-1", minute, parts=part, seals=["S-1"], laboratory_reference="L-7")
    story.hand("offer A", "TJ", "offered", "RU", 20, content={"exhibits": ["T-1/A"], "seals": ["S-1"]})
    story.hand("accept A", "RU", "accepted", "TJ", 21, content={"exhibits": ["T-1/A"], "seals": ["S-2"]})
    story.hand("accept B", "UZ", "accepted", "TJ", 22, content={"exhibits": ["T-1/B"]})
    story.hand("not held", "KZ", "accepted", "TJ", 23, content={"exhibits": ["T-1/A"]})
    story.hand("offer B", "UZ", "offered", "KZ", 24, content={"exhibits": ["T-1/B"]})
    story.exhibit("elsewhere", "KZ", "weighed", "T-1/A", 25, amounts=kilograms("0.01"))


SMALL: Final[tuple[tuple[str, Play, float, tuple[str, ...]], ...]] = (
    ("F1: the last plan is in force, whatever is confirmed after it", _in_force, 30, ("plans",)),
    ("F2: goods change, and every decision with them", _changed, 15, ("decisions",)),
    ("F2: digests of another's leg, and of nothing", _digests, 10, ("decisions",)),
    ("F3: four ways of a stop", _stops, 60, ("stops",)),
    ("F3: stops of who was revoked, and of who has left", _gone, 40, ("stops",)),
    ("F4: a fact of another gives way", _words, 100, ("facts", "soil")),
    ("F4: handovers that do not fit, and goods that are lost", _hands, 50, ("control",)),
    ("F5: what names another is later, whatever its number", _order, 100, ("decisions", "steps")),
    ("F5: steps that name each other", _circle, 20, ()),
    ("F6: a crossing before authority, with it, and with one that had ended", _crossings, 50, ("crossings",)),
    ("F7: repeated after an epoch", _repeated, 10, ("steps", "decisions")),
    ("F8: not sent, not opened, only named, of a later version", _missing, 20, ("missing", "newer")),
    ("one person alone confirms nothing", _not_permitted, 5, ("steps",)),
    ("content of another step, and another text to some", _content, 40, ("missing",)),
    ("moved while it was stopped, and dated ahead", _while_stopped, 25, ("facts",)),
    ("custody: names, weights, silence, too much", _custody, 40, ("custody",)),
    ("custody: samples that go to other countries", _samples, 40, ("custody",)),
    ("custody: a dummy, and a difference at the close", _unbalanced, 40, ("custody", "phase")),
)
"""Name, steps, minute of the picture, and the members of the state that matter beside contradictions."""


def operations() -> Vector:
    """All operations of the vectors."""
    return {"whole": _whole(), "small": [_small(*each) for each in SMALL]}


def _whole() -> Vector:
    """The whole one: with each step the members of the state that are other than before it, and what holds then."""
    story = Story()
    whole(story)
    held = story.held()
    before: Vector = {}
    steps = []
    for place, step in enumerate(held.steps):
        folded = fold(HeldOperation(held.id, held.steps[: place + 1]))
        state = state_json(folded.state)
        picture = state_json(picture_of(folded, step.accepted_ms))
        changes = {name: each for name, each in state.items() if name != "steps" and before.get(name) != each}
        short = {name: picture[name] for name in ("may_go", "blocks", "whose_move")}
        steps.append({**step_json(step), "changes": changes, "picture": short})
        before = state
    return {"id": held.id, "steps": steps}


def _small(name: str, play: Play, minute: float, members: tuple[str, ...]) -> Vector:
    story = Story()
    play(story)
    held = story.held()
    folded = fold(held)
    state, picture = state_json(folded.state), state_json(picture_of(folded, at_ms(minute)))
    return {
        "name": name,
        "id": held.id,
        "epochs": [{"number": epoch.number, "stated_ms": epoch.stated_ms} for epoch in held.epochs],
        "revoked": dict(held.revoked),
        "steps": [step_json(step) for step in held.steps],
        "leaves": [
            {"digest": each.digest, "number": each.number, "accepted_ms": each.accepted_ms} for each in held.leaves
        ],
        "state": {member: state[member] for member in ("contradictions", *members) if member in state},
        "moment_ms": at_ms(minute),
        "picture": {member: picture[member] for member in ("may_go", "blocks", "authority")},
    }


def step_json(step: HeldStep) -> Vector:
    """What is here of a step."""
    cover = step.cover.model_dump(mode="json", exclude_none=True, by_alias=True)
    said = {name: cover[name] for name in ("iss", "to", "iat", "refs", "expects", "operation") if name in cover}
    content = (
        {"content": dict(step.content.members)} if isinstance(step.content, StepContent) else {"missing": step.content}
    )
    place = {"digest": step.digest, "number": step.number, "accepted_ms": step.accepted_ms}
    return {**place, "roles": sorted(step.roles), "cover": said, **content}


def held_of(vector: Mapping[str, Any], upto: int | None = None) -> HeldOperation:
    """What is here of an operation of the vectors.

    Args:
        vector: one of them.
        upto: how many steps are taken; all, if ``None``.
    """
    return HeldOperation(
        vector["id"],
        tuple(_held_step(step) for step in vector["steps"][:upto]),
        tuple(LeafOnly(**leaf) for leaf in vector.get("leaves", [])),
        tuple(EpochStart(**epoch) for epoch in vector.get("epochs", [])),
        {Address(member): at for member, at in vector.get("revoked", {}).items()},
    )


def _held_step(step: Mapping[str, Any]) -> HeldStep:
    cover = Dispatch.model_validate({**UNSAID, **step["cover"]}, context={"lenient": True})
    content: StepContent | MissingHow = MissingHow(step["missing"]) if "missing" in step else _read(step["content"])
    place = step["digest"], step["number"], step["accepted_ms"]
    return HeldStep(*place, cover, frozenset(step["roles"]), content)


def _read(members: Mapping[str, Any]) -> StepContent:
    return StepContent(members, read_members(members, "operation"))
