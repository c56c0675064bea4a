"""Steps of operations at the hub: who is heard, what a batch sees of itself, stops, statuses, what is noted."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from broker.core.admission.effects import StepNote
from schemas.addresses import Address
from schemas.encoding import decode_digest
from schemas.errors import Code, SeraiError
from tests.support.operations import (
    ADD,
    CASES,
    CONFIRM,
    GRANT,
    MEMBERS,
    MOVE,
    NOTE,
    OPEN,
    PARTS,
    PLAN,
    REFUSE,
    STOP,
    WARNING,
    Case,
    Draft,
    Thread,
    operating_world,
)
from tests.support.world import DAY_S, KG, KZ, RU, TJ, UZ, World
from tests.unit.broker.core.book import Book, Result, codes

Scene = tuple[Book, Thread]


@pytest.fixture(params=[True, False], ids=["apart", "one-batch"])
def scene(request: pytest.FixtureRequest) -> Scene:
    """A ledger of five members; what a test enters together is decided in batches apart, or in one."""
    world = operating_world()
    return Book(world, apart=request.param), Thread(world)


def enter(scene: Scene, *drafts: Draft, **claims: Any) -> list[Result]:
    """Make drafts, the last one with further claims, and submit them."""
    book, thread = scene
    *before, last = drafts
    return book.enter(*[thread.make(draft) for draft in before], thread.make(last, **claims))


def last(scene: Scene, *drafts: Draft, **claims: Any) -> Code | None:
    """What became of the last draft, when those before it were admitted."""
    *before, found = codes(enter(scene, *drafts, **claims))
    assert set(before) <= {None}
    return found


def note(result: Result) -> StepNote:
    """What is noted of what was admitted."""
    assert not isinstance(result, SeraiError), result
    assert result.step is not None
    return result.step


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.says.replace(" ", "-"))
def test_case(scene: Scene, case: Case) -> None:
    """The hub judges as the rules do, whether what is named stands in the ledger or in the same batch."""
    *_, found = enter(scene, *case.before, case.step)
    if case.code is None:
        assert not isinstance(found, SeraiError), found
    else:
        assert isinstance(found, SeraiError)
        assert (found.code, case.detail in found.detail) == (case.code, True)


def test_what_is_noted(scene: Scene) -> None:
    """Of each step what later ones are judged by; of a cancel no more than that it is one."""
    cancel = Draft("cancel", f"{UZ}/DUTY-1", (KZ, RU), None, refs=(("cancel", "move"),))
    results = enter(scene, OPEN, GRANT, MOVE, ADD, cancel)
    opened, granted, moved, added, taken_back = (note(result) for result in results)
    digest = decode_digest(scene[1].digests["open"])
    assert {each.step.operation for each in (opened, granted, moved, added, taken_back)} == {digest}
    assert (opened.step.parts, opened.step.audience, opened.joining) == (PARTS, (KZ, UZ, RU, TJ), (KZ, UZ, RU, TJ))
    assert (granted.step.do, granted.step.decision, granted.step.signer) == ("decide", "granted", f"{UZ}/CHIEF")
    assert granted.step.audience == opened.step.audience
    assert (moved.step.audience, moved.joining) == ((UZ, KZ, RU), ())
    assert (added.step.parts, added.joining) == ({KG: "transit"}, (KG,))
    assert (taken_back.step.do, taken_back.step.audience) == (None, ())
    assert [each.to_all for each in (opened, granted, moved, added, taken_back)] == [True, True, False, False, False]


def test_what_went_to_everybody_is_noted_so(scene: Scene) -> None:
    """A movement that reached all that were named so far is no secret among them."""
    results = enter(scene, OPEN, replace(MOVE, to=(KZ, RU, TJ)), ADD, replace(MOVE, name="next", to=(KZ, RU, TJ)))
    assert [note(result).to_all for result in results] == [True, True, False, False]


def test_a_reseal_of_a_plan_counts_as_the_plan(scene: Scene) -> None:
    """Who got it only so decides what it brings again; the reseal itself is no step."""
    book, thread = scene
    book.admit(thread.make(OPEN))
    book.world.rotate(UZ)
    again = Draft("again", KZ, (UZ,), None, refs=(("reseal", "open"),))
    (found,) = enter(scene, again)
    assert not isinstance(found, SeraiError), found
    assert found.step is None
    assert last(scene, replace(GRANT, refs=(("reply", "again"),))) is None


def test_a_reseal_is_of_its_operation(scene: Scene) -> None:
    """It brings a step of the operation that it names again, and nothing else."""
    book, thread = scene
    book.admit(thread.make(OPEN), thread.make(replace(OPEN, name="second")), thread.make(WARNING))
    book.world.rotate(UZ)
    for name, code in (("second", Code.REFERENCE_NOT_PERMITTED), ("warning", Code.REFERENCE_NOT_PERMITTED)):
        assert last(scene, Draft("again", KZ, (UZ,), None, refs=(("reseal", name),))) is code
    plain = Draft("plain", KZ, (UZ,), None, of=None, refs=(("reseal", "open"),), claims={"kind": "warning"})
    assert last(scene, plain) is Code.REFERENCE_NOT_PERMITTED


@pytest.mark.parametrize(("first", "then"), [("actual", "exercise"), ("exercise", "actual")])
def test_exercise_and_actual_never_meet(scene: Scene, first: str, then: str) -> None:
    """A step has the status of its operation, whatever it names, a stop too."""
    assert last(scene, OPEN, status=first) is None
    for draft in (replace(MOVE, refs=()), STOP, PLAN):
        assert last(scene, draft, status=then) is Code.STATUS_MISMATCH
    interrupting = Draft("real", f"{KZ}/DUTY-1", (UZ, RU, TJ), "open", parts=PARTS, of=None)
    refused = last(scene, replace(interrupting, refs=(("interrupts", "open"),)), status=then)
    assert refused in (Code.STATUS_MISMATCH, Code.REFERENCE_NOT_PERMITTED)


def test_an_operation_is_no_test(scene: Scene) -> None:
    """Tests have no operations."""
    book, thread = scene
    with pytest.raises(SeraiError) as caught:
        book.verify(thread.make(OPEN, status="test"))
    assert caught.value.code is Code.STATUS_NOT_ALLOWED


@pytest.mark.parametrize("claims", [{"kind": "operation"}, {"operation": {"do": "note", "id": "A" * 43}}])
def test_kind_and_claim_come_together(scene: Scene, claims: dict[str, Any]) -> None:
    """The kind without the claim, or the claim under another kind, is malformed."""
    book, _ = scene
    with pytest.raises(SeraiError) as caught:
        book.verify(book.world.dispatch(KZ, [UZ], **claims))
    assert caught.value.code is Code.MALFORMED_STATEMENT


# Stop


def unread(book: Book) -> list[tuple[str, tuple[str, ...]]]:
    """Of whom the hub has told that they cannot read something, and whom."""
    claims = [event.statement.claims for event in book.events]
    return [(str(each.member), tuple(each.to or ())) for each in claims if each.event == "undeliverable"]  # type: ignore[attr-defined]


def test_a_stop_reaches_the_others_though_one_was_revoked(scene: Scene) -> None:
    """It is admitted, kept from who has no key, and all who get it are told; another step is refused."""
    book, thread = scene
    book.admit(thread.make(OPEN))
    stop, move = thread.make(replace(STOP, to=(KZ, UZ, RU))), thread.make(replace(MOVE, to=(KZ, TJ, RU)))
    book.enter(book.world.revocation(book.world.party(RU)))
    stopped, moved = book.enter(stop, move)
    assert isinstance(moved, SeraiError)
    assert moved.code is Code.UNKNOWN_RECIPIENT
    assert not isinstance(stopped, SeraiError), stopped
    assert [(each.member, each.withdrawn) for each in stopped.deliveries] == [
        (KZ, False), (UZ, False), (RU, True), (TJ, False),
    ]  # fmt: skip
    assert unread(book)[-1] == (RU, (TJ, KZ, UZ))


def test_a_stop_under_an_old_key_is_told_and_sent_again(scene: Scene) -> None:
    """Whose entry is under a key of long ago gets it all the same, is named, and is brought it again."""
    book, thread = scene
    book.admit(thread.make(OPEN))
    stop = thread.make(replace(STOP, to=(KZ, UZ)))
    book.world.rotate(UZ)
    book.world.wait(7 * DAY_S)
    (stopped,) = book.enter(stop)
    assert not isinstance(stopped, SeraiError), stopped
    assert [each.withdrawn for each in stopped.deliveries] == [False] * 3
    assert unread(book) == [(UZ, (TJ, KZ, UZ))]
    again = Draft("again", TJ, (UZ,), None, refs=(("reseal", "stop"),))
    assert last(scene, again) is None


def test_a_stop_is_sealed_again_for_another_key_only(scene: Scene) -> None:
    """Who has the key of its entry needs no other; what is no stop asks for a key that came later."""
    book, thread = scene
    book.admit(thread.make(OPEN), thread.make(STOP), thread.make(replace(MOVE, to=(KZ, RU))))
    for name, iss, to in (("stop", TJ, UZ), ("move", UZ, RU)):
        again = Draft("again", iss, (to,), None, refs=(("reseal", name),))
        assert last(scene, again) is Code.REFERENCE_NOT_PERMITTED


def test_a_stop_to_more_than_can_be_named_is_as_any_dispatch() -> None:
    """Nobody has the hub tell thousands who cannot read something."""
    world = World([*MEMBERS, *(Address(f"KZ/U{number}") for number in range(65))])
    book, thread = Book(world), Thread(world)
    stop = thread.make(
        replace(STOP, of=None, to=[f"KZ/U{number}" for number in range(65)]), operation={"id": "A" * 43, "do": "stop"}
    )
    book.enter(world.revocation(world.party("KZ/U7")))
    assert codes(book.enter(stop)) == [Code.UNKNOWN_RECIPIENT]


# Revoked participants


def test_who_was_revoked_is_never_missing(scene: Scene) -> None:
    """A plan goes on without a participant that has no key left."""
    book, thread = scene
    book.admit(thread.make(OPEN))
    book.enter(book.world.revocation(book.world.party(RU)))
    assert last(scene, replace(PLAN, to=(UZ, TJ))) is None
    assert last(scene, replace(CONFIRM, to=(UZ,))) is Code.PARTICIPANTS_MISSING


def test_who_was_revoked_takes_no_step(scene: Scene) -> None:
    """What a participant signs under a revoked key is refused, a stop too."""
    book, thread = scene
    book.admit(thread.make(OPEN))
    drafts = thread.make(replace(MOVE, refs=())), thread.make(replace(STOP, iss=f"{UZ}/DUTY-1", to=(KZ,)))
    book.enter(book.world.revocation(book.world.party(UZ)))
    assert codes(book.enter(*drafts)) == [Code.CREDENTIAL_REVOKED] * 2


def test_a_closed_word_that_is_not_known_is_refused(scene: Scene) -> None:
    """The hub takes no step, decision or part of a later version."""
    book, thread = scene
    book.admit(thread.make(OPEN))
    opened = thread.digests["open"]
    for claim in (
        {"id": opened, "do": "seize"},
        {"id": opened, "do": "decide", "decision": "perhaps"},
        {"do": "open", "participants": [{"member": UZ, "part": "escort"}]},
    ):
        with pytest.raises(SeraiError) as caught:
            book.verify(thread.make(NOTE, refs=[], operation=claim))
        assert caught.value.code is Code.MALFORMED_STATEMENT


# Clocks


@pytest.mark.parametrize(
    ("step", "ended"),
    [
        (REFUSE, True),
        (replace(REFUSE, decision="withdrawn"), True),
        (replace(NOTE, to=(KZ,)), False),
        (Draft("reply", UZ, (KZ,), None, of=None, refs=(("reply", "open"),), claims={"kind": "reply"}), False),
    ],
    ids=["refused", "withdrawn", "note", "other-kind"],
)
def test_a_clock_is_met_by_the_answer_of_the_table(scene: Scene, step: Draft, ended: bool) -> None:
    """A decision meets the clock of a request; a note does not, and no dispatch of another kind."""
    book, _ = scene
    by_s = book.world.time_s + 3600
    (opened,) = enter(scene, OPEN, expects={"by": by_s, "from": [UZ]})
    assert not isinstance(opened, SeraiError), opened
    (answered,) = enter(scene, step)
    assert not isinstance(answered, SeraiError), answered
    assert [(each.target, each.member) for each in answered.endings] == ([(opened.index, UZ)] if ended else [])


def test_an_own_clock_is_met_by_the_own_next_step(scene: Scene) -> None:
    """A check-in by the next movement that answers it; a plan's own confirmation by its countersignature."""
    book, thread = scene
    by_s = book.world.time_s + 3600
    book.admit(thread.make(OPEN, expects={"by": by_s, "from": [KZ]}))
    start = book.world.place.index - 1
    (confirmed,) = enter(scene, CONFIRM)
    (moved,) = enter(scene, MOVE, expects={"by": by_s, "from": [UZ]})
    (arrived,) = enter(scene, replace(MOVE, name="next", refs=(("reply", "move"),)))
    for result in (confirmed, moved, arrived):
        assert not isinstance(result, SeraiError), result
    assert [(each.target, each.member) for each in confirmed.endings] == [(start, KZ)]  # type: ignore[union-attr]
    assert [(each.target, each.member) for each in arrived.endings] == [(moved.index, UZ)]  # type: ignore[union-attr]


def test_a_decline_meets_no_clock_of_an_operation(scene: Scene) -> None:
    """Who will not decide says so by a decision; a receipt ends nothing."""
    book, thread = scene
    book.admit(thread.make(OPEN, expects={"by": book.world.time_s + 3600}))
    receipt = book.world.receipt(f"{UZ}/DUTY-1", KZ, [thread.digests["open"]], "declined", reason="not_ours")
    (declined,) = book.admit(receipt)
    assert declined.endings == ()
