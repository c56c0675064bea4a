"""Operations at the hub's core in any order: what is admitted, what is noted, and stops whatever happened to whom."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from schemas.errors import Code, SeraiError
from tests.support.operations import Draft, Rules, Thread, operating_world
from tests.support.folding import hold, seen
from tests.support.steps import fork, operations, orders
from tests.support.world import Sent, World
from tests.unit.broker.core.book import Book, Result

Verdicts = dict[str, tuple[str, str]]
"""Of each step by its name: why it is refused, if it is."""

DATA = st.data()


def made(world: World, drafts: list[Draft]) -> dict[str, Sent]:
    """The steps, signed and sealed, by name."""
    thread = Thread(world)
    return {draft.name: thread.make(draft) for draft in drafts}


def admitted(world: World, drafts: list[Draft], sent: dict[str, Sent], *, apart: bool) -> Verdicts:
    """What a hub makes of steps that come in this order."""
    results = Book(fork(world), apart=apart).enter(*[sent[draft.name] for draft in drafts])
    return {draft.name: verdict(result) for draft, result in zip(drafts, results, strict=True)}


def verdict(result: Result) -> tuple[str, str]:
    """Why something was refused; two empty words if it was admitted."""
    return (result.code, result.detail) if isinstance(result, SeraiError) else ("", "")


def judged(drafts: list[Draft]) -> Verdicts:
    """What the rules say of steps, as a client asks them before it signs."""
    rules, verdicts = Rules(), Verdicts()
    for draft in drafts:
        if any(name not in rules.digests for _, name in draft.refs):
            continue  # it names what was refused, which no client holds
        try:
            rules.judge(draft)
            verdicts[draft.name] = ("", "")
        except SeraiError as error:
            verdicts[draft.name] = (error.code, error.detail)
    return verdicts


@given(operations(), DATA)
def test_every_order_has_the_same_verdicts(drafts: list[Draft], data: st.DataObject) -> None:
    """In one batch or each apart, a hub decides the same of each step, and for the same reason."""
    world = operating_world()
    sent = made(world, drafts)
    expected = admitted(world, drafts, sent, apart=True)
    other = data.draw(orders(drafts))
    assert admitted(world, other, sent, apart=data.draw(st.booleans())) == expected


@given(operations())
def test_a_client_judges_as_the_hub_does(drafts: list[Draft]) -> None:
    """What the rules say before a step is signed is what the hub answers, in code and detail."""
    world = operating_world()
    verdicts = admitted(world, drafts, made(world, drafts), apart=True)
    expected = judged(drafts)
    assert expected == {name: verdicts[name] for name in expected}


def same(state: dict[str, object], expected: dict[str, object]) -> None:
    """What follows is the same: compared piece by piece, so that a difference is short."""
    for name, piece in expected.items():
        assert state[name] == piece, name


def results_of(world: World, drafts: list[Draft], sent: dict[str, Sent]) -> dict[str, Result]:
    """What became of steps that come in this order, by name."""
    book = Book(world)
    return {draft.name: book.enter(sent[draft.name])[0] for draft in drafts}


@given(operations(wrong=False), DATA)
def test_every_order_folds_alike(drafts: list[Draft], data: st.DataObject) -> None:
    """Where the acts of each member reach each other, the order of admission changes nothing that follows."""
    world = operating_world()
    sent = made(world, drafts)
    expected = seen(hold(world, drafts, results_of(fork(world), drafts, sent)))
    other = data.draw(orders(drafts))
    same(seen(hold(world, drafts, results_of(fork(world), other, sent))), expected)


RETRIED = {Code.OPERATION_UNKNOWN, Code.NOT_A_PARTICIPANT}
"""Refusals after which a client submits the same again, so soon after a new epoch (PROTOCOL 13)."""


def resubmit(book: Book, order: list[Draft], sent: dict[str, Sent]) -> dict[str, Result]:
    """What becomes of steps that clients submit again, each as soon as all that it refers to is there."""
    found: dict[str, Result] = {}
    waiting = list(order)
    while waiting:
        lost = {draft.name for draft in waiting}
        ready = [each for each in waiting if not {*[name for _, name in each.refs], each.of} & lost - {each.name}]
        results = {each.name: book.enter(sent[each.name])[0] for each in ready}
        done = {name for name, result in results.items() if not _comes_again(result)}
        assert done, f"{[verdict(each) for each in results.values()]} for ever"
        found |= {name: results[name] for name in done}
        waiting = [each for each in waiting if each.name not in done]
    return found


def _comes_again(result: Result) -> bool:
    return isinstance(result, SeraiError) and result.code in RETRIED


@given(operations(wrong=False), DATA)
def test_a_restore_to_every_prefix_folds_alike(drafts: list[Draft], data: st.DataObject) -> None:
    """Whatever a hub lost, and in whatever order clients submit it again, the same follows but for its being repeated."""
    world = operating_world()
    book, thread, sent, first = Book(fork(world)), Thread(world), {}, {}
    for draft in drafts:
        world.wait(61)
        sent[draft.name] = thread.make(draft)
        book.world.time_ms = world.time_ms
        first[draft.name] = book.enter(sent[draft.name])[0]
    there = [draft for draft in drafts if not isinstance(first[draft.name], SeraiError)]
    expected = seen(hold(book.world, drafts, first))
    keeps = data.draw(st.integers(0, len(there)))
    restored = Book(fork(operating_world()))
    kept = {}
    for draft in there[:keeps]:
        leaf = first[draft.name].leaf  # type: ignore[union-attr]
        restored.world.time_ms = leaf.accepted_at
        kept[draft.name] = restored.enter(sent[draft.name])[0]
    restored.world.time_ms = world.time_ms + 3_600_000
    restored.world.turn_root()
    again = resubmit(restored, data.draw(st.permutations(there[keeps:])), sent)
    assert {name: verdict(each) for name, each in again.items() if isinstance(each, SeraiError)} == {}
    same(seen(hold(restored.world, drafts, {**kept, **again})), expected)
