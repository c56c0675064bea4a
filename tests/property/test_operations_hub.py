"""Operations at the hub's core in any order: what is admitted, what is noted, and stops whatever happened to whom."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from broker.core.admission.effects import Admitted
from broker.service.erasing import ErasureRefused, make_erasure, plan_erasure
from broker.service.operator import make_suspension
from clients.mail.steps import noted_operation
from schemas.addresses import Address, member_of
from schemas.claims import StatementType
from schemas.errors import Code, SeraiError
from schemas.leaf import parse_leaf
from schemas.operations.fold import fold
from schemas.operations.judging import NamedDispatch, judge_step
from schemas.operations.writing import noted
from tests.support.folding import control_is_one, hold, roles_of, seen
from tests.support.operations import DUTY, MEMBERS, PARTS, Draft, Rules, Thread, operating_world
from tests.support.steps import fork, operations, orders
from tests.support.world import DAY_S, Sent, World, cover_of
from tests.unit.broker.core.book import Book, Result
from tests.unit.broker.service.notary import Notary, codes, founded

Verdicts = dict[str, tuple[str, str]]
"""Of each step by its name: why it is refused, if it is."""

DATA = st.data()
TRIED = settings(max_examples=40, phases=[Phase.explicit, Phase.reuse, Phase.generate])
"""To make an example smaller takes minutes, and it can be read as it is."""


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


@TRIED
@given(operations(), DATA)
def test_every_order_has_the_same_verdicts(drafts: list[Draft], data: st.DataObject) -> None:
    """In one batch or each apart, a hub decides the same of each step, and for the same reason."""
    world = operating_world()
    sent = made(world, drafts)
    expected = admitted(world, drafts, sent, apart=True)
    other = data.draw(orders(drafts))
    assert admitted(world, other, sent, apart=data.draw(st.booleans())) == expected


@TRIED
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


@TRIED
@given(operations())
def test_what_a_client_holds_lets_it_judge_as_the_hub(drafts: list[Draft]) -> None:
    """What a client works out of the steps that it got is what the hub notes: neither refuses what the other admits."""
    world = operating_world()
    sent = made(world, drafts)
    book, results = Book(fork(world)), dict[str, Result]()
    for draft in drafts:
        code = held_verdict(world, drafts, results, draft, sent[draft.name])
        results[draft.name] = book.enter(sent[draft.name])[0]
        found = verdict(results[draft.name])[0]
        assert code == found or found in NOT_HERE, (draft.name, code, found)


NOT_HERE = {Code.UNKNOWN_REFERENCE, Code.REFERENCE_NOT_PERMITTED}
"""How a hub refuses first what was not sent to its signer, or may not be named so by any dispatch."""


def held_verdict(world: World, drafts: list[Draft], results: dict[str, Result], draft: Draft, sent: Sent) -> str:
    """With which code a client refuses a step before it is signed, by what it holds; empty if it does not."""
    cover = cover_of(world.verified(sent.text))
    of = draft.of or draft.name
    held = hold(world, drafts, results, of) if of in results else None
    known = noted(held) if held is not None else {}
    named = [NamedDispatch(ref.rel, known.get(ref.digest)) for ref in cover.refs or ()]
    operation = noted_operation(held) if held is not None else None
    try:
        judge_step(cover, roles_of(cover), operation, [] if draft.do == "stop" else named, lambda _: True)
    except SeraiError as error:
        return error.code
    return ""


def results_of(world: World, drafts: list[Draft], sent: dict[str, Sent]) -> dict[str, Result]:
    """What became of steps that come in this order, by name."""
    book = Book(world)
    return {draft.name: book.enter(sent[draft.name])[0] for draft in drafts}


@TRIED
@given(operations(wrong=False), DATA)
def test_every_order_folds_alike(drafts: list[Draft], data: st.DataObject) -> None:
    """Where the acts of each member reach each other, the order of admission changes nothing that follows."""
    world = operating_world()
    sent = made(world, drafts)
    held = hold(world, drafts, results_of(fork(world), drafts, sent))
    expected = seen(held)
    assert control_is_one(fold(held))
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


@TRIED
@given(operations(wrong=False), DATA)
def test_a_restore_to_every_prefix_folds_alike(drafts: list[Draft], data: st.DataObject) -> None:
    """Whatever a hub lost, and in whatever order clients submit it again, the same follows, but that it is repeated."""
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
        result = first[draft.name]
        assert isinstance(result, Admitted)
        restored.world.time_ms = result.leaf.accepted_at
        kept[draft.name] = restored.enter(sent[draft.name])[0]
    restored.world.time_ms = world.time_ms + 3_600_000
    restored.world.turn_root()
    again = resubmit(restored, data.draw(st.permutations(there[keeps:])), sent)
    assert {name: verdict(each) for name, each in again.items() if isinstance(each, SeraiError)} == {}
    same(seen(hold(restored.world, drafts, {**kept, **again})), expected)


# Stops

HAPPENS = st.sampled_from(["revoke", "rotate", "suspend", "erase"])


@settings(TRIED, max_examples=20)
@given(operations(wrong=False), st.lists(st.tuples(HAPPENS, st.integers(0, 4)), max_size=6), DATA)
def test_no_stop_is_refused(drafts: list[Draft], happens: list[tuple[str, int]], data: st.DataObject) -> None:
    """Whatever was lost, erased, revoked or suspended before, the stop of any participant who may sign is admitted."""
    world = operating_world()
    last = [
        Draft(f"stop of {member}", f"{member}/{DUTY}", [each for each in MEMBERS if each != member], "stop")
        for member in PARTS
    ]
    sent = made(world, [*drafts, *last])
    with TemporaryDirectory() as folder, founded(Path(folder), world) as notary:
        steps = [each for each in drafts if each.do != "stop"]
        notary.submit(*[sent[each.name] for each in data.draw(st.lists(st.sampled_from(steps), unique_by=id))])
        gone = {MEMBERS[at] for what, at in happens if what in ("revoke", "suspend")}
        for what, at in dict.fromkeys(happens):
            happen(notary, what, MEMBERS[at])
        speaking = [each for each in last if member_of(Address(each.iss)) not in gone]
        verdicts = notary.submit(*[sent[each.name] for each in data.draw(st.permutations(speaking))])
        assert codes(verdicts) == [None] * len(speaking)


def happen(notary: Notary, what: str, member: Address) -> None:
    """Something befalls a member, a text or the ledger."""
    world = notary.world
    if what == "erase":
        texts = [parse_leaf(leaf) for leaf in notary.leaves()]
        digests = [leaf.digest for leaf in texts if leaf.type is StatementType.DISPATCH]
        with suppress(ErasureRefused):  # it was erased before
            for draft in plan_erasure(notary.store, digests, "law"):
                notary.sequencer.take_turn([make_erasure(draft, lambda _: None)])
    elif what == "suspend":
        notary.sequencer.take_turn([make_suspension(member, lambda _: None)])
    elif what == "rotate":
        world.rotate(member)
        world.wait(8 * DAY_S)
        notary.catch_up()
    elif world.directory.current(member, world.place) is not None:
        world.revoke(member)
        notary.catch_up()
