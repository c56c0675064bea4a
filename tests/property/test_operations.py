"""The fold of an operation, whatever was done and in whatever order it is learnt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from schemas.operations.asof import picture_of
from schemas.operations.books import Custody
from schemas.operations.encode import state_json
from schemas.operations.fold import Folded, fold
from schemas.operations.held import EpochStart, HeldOperation, HeldStep, LeafOnly
from schemas.operations.order import named_by
from schemas.operations.terms import Colour, MissingHow
from schemas.reports.operations import STEP_FORMS
from schemas.reports.operations.codes import ExhibitEvent
from tests.support.story import PARTS, Story, at_ms, clock, digest_of

COUNTRIES = ("TJ", "UZ", "KZ", "RU")
OWN_LEG = dict(zip(COUNTRIES, "1234", strict=True))
EXHIBITS = ("A", "B", "C", "D")

act = st.fixed_dictionaries(
    {
        "do": st.sampled_from(("plan", "grant", "refuse", "stop", "cancel", "move", "hand", "exhibit", "note")),
        "who": st.sampled_from(COUNTRIES),
        "other": st.sampled_from(COUNTRIES),
        "word": st.sampled_from(("crossed", "at", "lost", "found", "departed")),
        "event": st.sampled_from([each.value for each in ExhibitEvent]),
        "exhibit": st.sampled_from(EXHIBITS),
        "part": st.sampled_from(EXHIBITS),
        "stage": st.sampled_from(("offered", "accepted")),
        "quantity": st.sampled_from((None, "0.5", "1", "12.25")),
        "own": st.booleans(),
        "back": st.integers(0, 30),
    }
)
scripts = st.lists(act, max_size=14)


class Player:
    """Plays a script: every member names its last step, so that its acts reach each other."""

    def __init__(self) -> None:
        self.story = Story()
        self.story.opened(0)
        self._last = {"TJ": "confirm open"}
        self._stops: dict[str, list[str]] = {}
        self._plan = "open"

    def play(self, each: Mapping[str, Any], place: int) -> None:
        """One step."""
        name, who, minute = f"step {place}", each["who"], 10 + 10 * place
        after: dict[str, Any] = {"after": [self._last[who]]} if who in self._last else {}
        happened = clock(minute - each["back"] + place / 60)
        if each["do"] == "plan":
            goods = {"persons_at_risk": "yes"} if each["own"] else {}
            self.story.plan(name, minute, updates=self._plan, plan=goods, after=[self._last["TJ"]])
            self._plan, self._last["TJ"] = name, f"confirm {name}"
            return
        if not self._act(each, name, minute, after):
            self._fact(each, name, minute, happened, after)
        self._last[who] = name

    def _act(self, each: Mapping[str, Any], name: str, minute: int, after: dict[str, Any]) -> bool:
        who, leg = each["who"], [OWN_LEG[each["who"]]]
        match each["do"]:
            case "grant":
                self.story.decide(name, f"{who}!", "granted", minute, leg, plan=self._plan, **after)
            case "refuse":
                legs = leg if each["own"] else []
                self.story.decide(name, who, "withdrawn", minute, legs, plan=self._plan, **after)
            case "stop":
                content = {"until": clock(minute + 50)} if each["own"] else {}
                self.story.add(name, who, "stop", minute, content, **after)
                self._stops.setdefault(who, []).append(name)
            case "cancel" if self._stops.get(who):
                self.story.add(name, who, None, minute, {}, refs=[("cancel", self._stops[who].pop())], **after)
            case _:
                return False
        return True

    def _fact(self, each: Mapping[str, Any], name: str, minute: int, happened: str, after: dict[str, Any]) -> None:
        other = f"{each['other']}/NFP"
        content: dict[str, Any] = {"occurred_at": happened}
        match each["do"]:
            case "move":
                of = {} if each["own"] else {"fact_of": other}
                content |= {"movement": each["word"], "soil": other, **of}
            case "hand":
                content |= {"stage": each["stage"], "other": other}
            case "exhibit":
                content = exhibit(each, happened)
            case _:
                content = {}
        do = each["do"] if content else "note"
        self.story.add(name, each["who"], do, minute, content, **after)


def played(script: Sequence[Mapping[str, Any]]) -> Story:
    """The story of a script."""
    player = Player()
    for place, each in enumerate(script):
        player.play(each, place)
    return player.story


def exhibit(each: Mapping[str, Any], happened: str) -> dict[str, Any]:
    """The content of a fact of an exhibit."""
    amounts = [{"group": "heroin", "quantity": each["quantity"], "unit": "kilogram"}] if each["quantity"] else []
    content = {"event": each["event"], "exhibit": each["exhibit"], "occurred_at": happened, "amounts": amounts}
    if each["event"] in ("split", "sampled", "removed", "substituted"):
        content |= {"parts": [{"exhibit": each["part"], "amounts": amounts}]}
    return content


def verdict(folded: Folded) -> Any:
    """All that follows, but for numbers in the ledger and times of acceptance."""
    return without(state_json(folded.state) | {"steps": None})


def without(value: Any) -> Any:
    """A value without what tells when it was admitted."""
    if isinstance(value, dict):
        return {name: without(each) for name, each in value.items() if name not in ("number", "accepted_ms")}
    return list(map(without, value)) if isinstance(value, list) else value


def admitted(story: Story, priorities: Sequence[int]) -> list[HeldStep]:
    """The steps in another order of admission that keeps what is named before what names it."""
    left = list(enumerate(story.steps))
    known = {step.digest for step in story.steps}
    done: list[HeldStep] = []
    placed: set[str] = set()
    while left:
        free = [each for each in left if not ({*named_by(each[1], {})} & known) - placed]
        chosen = min(free, key=lambda each: (priorities[each[0] % len(priorities)], each[0]))
        left.remove(chosen)
        done.append(chosen[1])
        placed.add(chosen[1].digest)
    return done


orders = st.lists(st.integers(0, 9), min_size=1, max_size=20)


@given(scripts, st.randoms(use_true_random=False))
def test_the_order_in_which_steps_are_held_is_nothing(script: list[Any], chance: Any) -> None:
    """Whoever holds the same steps computes the same, in whatever order they came."""
    story = played(script)
    before = story.folded().state
    chance.shuffle(story.steps)
    assert story.folded().state == before


@given(scripts, orders)
def test_every_order_of_admission_after_a_restore_gives_the_same(script: list[Any], order: list[int]) -> None:
    """All steps come back in another order: the same fold, by the signers' clocks (rules F5 and F7)."""
    story = played(script)
    names = [step.digest for step in admitted(story, order)]
    verdicts = []
    for digests in ([step.digest for step in story.steps], names):
        stated = at_ms(20_000)
        numbers = {digest: 10_001 + place for place, digest in enumerate(digests)}
        back = [
            replace(step, number=numbers[step.digest], accepted_ms=stated + numbers[step.digest])
            for step in story.steps
        ]
        epochs = (EpochStart(10_000, stated),)
        verdicts.append(verdict(fold(HeldOperation(digest_of("open"), tuple(back), epochs=epochs))))
    assert verdicts[0] == verdicts[1]


@given(scripts, orders)
def test_every_order_of_admission_at_one_moment_gives_the_same(script: list[Any], order: list[int]) -> None:
    """What is admitted together counts by what names what, not by its numbers."""
    story = played(script)
    verdicts = []
    for steps in (story.steps, admitted(story, order)):
        together = [replace(step, number=100 + at, accepted_ms=at_ms(500)) for at, step in enumerate(steps)]
        verdicts.append(verdict(fold(HeldOperation(digest_of("open"), tuple(together)))))
    assert verdicts[0] == verdicts[1]


@given(scripts)
def test_exactly_one_has_control_or_it_is_red(script: list[Any]) -> None:
    """From the beginning on there is one holder at every moment; rivals are red."""
    spans = played(script).folded().state.control
    assert spans
    assert [span.since_ms for span in spans] == sorted(span.since_ms for span in spans)
    for span in spans:
        assert span.holder is not None
        assert (span.colour is Colour.RED) >= bool(span.rivals)
        assert span.holder not in span.rivals


@given(scripts)
def test_custody_balances_or_prints_the_difference(script: list[Any]) -> None:
    """What came in is in a column, or in an exhibit that is there still, to the last digit."""
    custody: Custody = played(script).folded().state.custody
    for balance in custody.balances:
        parts = [each for each in custody.exhibits if each.relation in ("root", "piece")]
        left = sum((each.remaining.get(balance.measure, Decimal(0)) for each in parts), Decimal(0))
        assert balance.difference == left


@given(scripts, st.integers(-10, 400))
def test_what_may_go_has_nothing_against_it(script: list[Any], minute: int) -> None:
    """No stop, no contradiction of control, no leg ahead without authority, whenever somebody asks."""
    picture = played(script).at(minute)
    assert picture.may_go == (not picture.blocks)
    if picture.may_go:
        assert picture.in_force is not None
        assert not picture.stops
        assert picture.control is None or (not picture.control.rivals and picture.control.lost_ms is None)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=5) | st.sampled_from(sorted(PARTS)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)
FIELDS = sorted({name for form in STEP_FORMS.values() for name in form.model_fields})
RELS = ("reply", "update", "cancel", "countersign", "reseal")
NAMES = st.integers(0, 12).map("hostile {}".format)
CONTENTS = st.dictionaries(st.sampled_from(FIELDS), JSON, max_size=5)
PART_WORDS = st.sampled_from(("left", "transit", "later"))
hostile = st.fixed_dictionaries(
    {
        "do": st.sampled_from((*STEP_FORMS, "later", None)),
        "who": st.sampled_from(("TJ", "TJ!", "TJ.", "UZ!", "KZ", "AZ!")),
        "minute": st.integers(-1_000, 100_000),
        "signed": st.integers(0, 100_000),
        "decision": st.sampled_from(("granted", "conditional", "refused", "withdrawn", "later")),
        "refs": st.lists(st.tuples(st.sampled_from(RELS), NAMES), max_size=3, unique=True),
        "after": st.lists(NAMES, max_size=4, unique=True),
        "content": CONTENTS | st.sampled_from((MissingHow.NOT_SENT, MissingHow.NOT_OPENED)),
        "parts": st.dictionaries(st.sampled_from(("KZ/NFP", "AZ/NFP")), PART_WORDS, min_size=1),
        "says": st.sampled_from(("", *STEP_FORMS)),
    }
)


@given(st.lists(hostile, max_size=12), st.booleans(), st.integers(-1_000, 200_000))
def test_no_content_breaks_the_fold(steps: list[Any], has_open: bool, minute: int) -> None:
    """Circles, references to nothing, dates of no calendar, contents of another step: it answers, whatever comes."""
    story = Story()
    if has_open:
        story.opened()
    for place, each in enumerate(steps):
        do = each["do"] if each["do"] != "cancel" else None
        refs = list(dict.fromkeys((rel, f"hostile {at}") for rel, at in each["refs"]))
        more: dict[str, Any] = {
            "refs": refs,
            "after": [f"hostile {at}" for at in each["after"]],
            "signed": each["signed"],
        }
        more |= {"decision": each["decision"]} if do == "decide" else {}
        more |= {"parts": each["parts"]} if do in ("open", "plan") else {}
        more |= {"says": each["says"]} if each["says"] else {}
        story.add(f"hostile {place}", each["who"], do, each["minute"], each["content"], **more)
    story.leaves.append(LeafOnly(digest_of("hostile 3"), 7, at_ms(1)))
    story.epochs.append(EpochStart(104, at_ms(50_000)))
    folded = story.folded()
    picture_of(folded, at_ms(minute))
    assert {step.digest for step in folded.state.steps} == {step.digest for step in story.steps}


def test_a_thousand_steps_with_huge_legs() -> None:
    """A thousand steps, each with as many legs as a plan may have, are folded like any."""
    legs = [{"leg": str(at), "member": sorted(PARTS)[at % 4]} for at in range(64)]
    story = Story()
    story.opened(legs=legs)
    for at in range(100):
        story.plan(f"plan {at}", 10 + at, plan={"legs": legs})
    for at in range(800):
        story.decide(f"grant {at}", "KZ!", "granted", 200 + at, [leg["leg"] for leg in legs], plan="plan 99")
    picture = picture_of(story.folded(), at_ms(2_000))
    assert [each.stands for each in picture.authority if each.member == "KZ/NFP"] == [True] * 16
