"""The sequencer with operations: what it tells whom, what outlives erased texts, how long a step takes to decide."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from broker.service.erasing import make_erasure, plan_erasure
from broker.service.operator import begin_epoch, check_ledger, describe_epoch
from schemas.encoding import decode_digest, encode_base64url
from schemas.errors import Code
from tests.support.operations import (
    ADD,
    CLOSE,
    GRANT,
    HAND,
    MOVE,
    OPEN,
    PLAN,
    STOP,
    Draft,
    Thread,
    operating_world,
)
from tests.support.world import AZ, DAY_S, KG, KZ, RU, TJ, UZ, World
from tests.unit.broker.service.notary import Notary, codes, founded


@pytest.fixture
def notary(tmp_path: Path) -> Iterator[Notary]:
    """The notary of five members."""
    with founded(tmp_path, operating_world()) as made:
        yield made


@pytest.fixture
def world(notary: Notary) -> World:
    """Its world."""
    return notary.world


@pytest.fixture
def thread(world: World) -> Thread:
    """Drafts made into dispatches."""
    return Thread(world)


def accept(notary: Notary, thread: Thread, *drafts: Draft) -> None:
    """Have drafts admitted, all in one commit."""
    notary.accept(*[thread.make(draft) for draft in drafts])


def erase(notary: Notary, digest: str) -> None:
    """Have the operator erase a text."""
    for draft in plan_erasure(notary.store, [decode_digest(digest)], "law"):
        notary.sequencer.take_turn([make_erasure(draft, lambda _: None)])


def test_all_that_got_a_step_are_told_who_is_late(notary: Notary, world: World, thread: Thread) -> None:
    """An answer that is missing in an operation goes to sender and recipients, once, and to nobody after a close."""
    expects = {"by": world.time_s + 60, "from": [UZ, RU]}
    notary.accept(thread.make(OPEN, expects=expects), thread.make(replace(GRANT, decision="refused")))
    world.wait(61)
    [event] = [each for each in notary.events(notary.turn()) if each.missing == "reply"]
    assert (event.to, event.members) == ([KZ, RU, TJ, UZ], [RU])
    notary.accept(
        thread.make(PLAN, expects={"by": world.time_s + 60}), thread.make(replace(CLOSE, refs=(("reply", "plan"),)))
    )
    world.wait(61)
    assert [each for each in notary.events(notary.turn()) if each.missing == "reply"] == []


def test_who_cannot_read_a_stop_is_told_to_all(notary: Notary, world: World, thread: Thread) -> None:
    """With the stop, in the same commit; who has no key gets neither."""
    accept(notary, thread, OPEN)
    stop = thread.make(replace(STOP, to=(KZ, UZ, RU)))
    world.revoke(RU)
    notary.catch_up()
    commit = notary.turn(stop)
    assert codes(commit.verdicts) == [None]
    [event] = notary.events(commit)
    assert (event.event, event.member, event.to, event.digests) == ("undeliverable", RU, [TJ, KZ, UZ], [stop.digest])
    assert stop.text not in notary.mail(RU, "normal")
    assert stop.text in notary.mail(UZ, "normal")


def _restore(notary: Notary, backup: Path) -> None:
    """Put a backup in the place of the database, and begin the epoch that this takes."""
    notary.restore(backup)
    need = describe_epoch(notary.store, notary.register)
    root = encode_base64url(need.root)
    text = notary.world.epoch(epoch=need.epoch, index=need.index, root=root, last=need.last)
    ports = notary.store, notary.register, notary.signer, notary.clock
    assert codes([begin_epoch(*ports, notary.world.network, text)]) == [None]
    notary.sequencer = notary.make_sequencer()
    notary.world.directory = notary.sequencer.load().directory


def test_a_stop_after_a_restore(notary: Notary, world: World, thread: Thread, tmp_path: Path) -> None:
    """It is admitted before the step that named its member is there again; a week later that has to be there."""
    accept(notary, thread, OPEN)
    notary.store.backup(tmp_path / "backup.db")
    accept(notary, thread, ADD)
    _restore(notary, tmp_path / "backup.db")
    stop = replace(STOP, iss=f"{KG}/DUTY-1", to=(KZ,))
    assert codes(notary.submit(thread.make(replace(MOVE, iss=KG, to=(KZ,))), thread.make(stop))) == [
        Code.NOT_A_PARTICIPANT, None,
    ]  # fmt: skip
    world.wait(7 * DAY_S + 1)
    assert codes(notary.submit(thread.make(stop))) == [Code.NOT_A_PARTICIPANT]


def test_a_stop_before_its_recipient_is_there_again(
    notary: Notary, world: World, thread: Thread, tmp_path: Path
) -> None:
    """Where a recipient's credential is lost too, the stop is kept from it, and brought again under the same key."""
    notary.store.backup(tmp_path / "backup.db")
    world.enrol(AZ)
    notary.catch_up()
    accept(notary, thread, OPEN)
    stop, certified = thread.make(replace(STOP, to=(KZ, AZ))), world.log[-1].text
    _restore(notary, tmp_path / "backup.db")
    commit = notary.turn(stop)
    assert codes(commit.verdicts) == [None]
    assert [(each.member, each.to) for each in notary.events(commit)] == [(AZ, [TJ, KZ])]
    notary.accept(certified)
    assert notary.mail(AZ) == []
    state = notary.sequencer.load()
    world.directory = state.directory
    world.log += world.log[-1:] * (state.head.size - len(world.log))  # its place is the ledger's end
    again = thread.make(Draft("again", TJ, (AZ,), None, refs=(("reseal", "stop"),)))
    notary.accept(again)
    assert notary.mail(AZ) == [again.text]


def test_a_stop_that_was_kept_from_somebody_is_erased(notary: Notary, world: World, thread: Thread) -> None:
    """A check of the ledger finds no fault in mail that it cannot judge any more."""
    accept(notary, thread, OPEN)
    stop = thread.make(replace(STOP, to=(KZ, RU)))
    world.revoke(RU)
    notary.catch_up()
    notary.accept(stop)
    assert check_ledger(notary.store, world.network).faults == ()
    erase(notary, stop.digest)
    assert check_ledger(notary.store, world.network).faults == ()


@pytest.mark.parametrize("name", ["open", "add", "stop"])
def test_what_is_noted_outlives_its_text(notary: Notary, world: World, thread: Thread, name: str) -> None:
    """Later steps are judged as ever though what they name was erased, and a check of the ledger finds no fault."""
    accept(notary, thread, OPEN, ADD, STOP)
    erase(notary, thread.digests[name])
    late = Draft("late", f"{KG}/CHIEF", (KZ, UZ), "decide", "granted", refs=(("reply", "add"),))
    accept(notary, thread, GRANT, replace(MOVE, to=(KZ, RU, TJ, KG)), PLAN, late, replace(ADD, name="again"))
    refused = thread.make(replace(GRANT, name="short", to=(KZ,)))
    assert codes(notary.submit(refused)) == [Code.PARTICIPANTS_MISSING]
    report = check_ledger(notary.store, world.network)
    assert (report.faults, report.erased) == ((), 1)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE step SET do = 'note' WHERE do = 'move'",
        "UPDATE step SET decision = 'refused' WHERE do = 'decide'",
        "UPDATE step SET signer = 'RU/NFP' WHERE do = 'move'",
        "UPDATE step SET parts = '{}' WHERE do = 'open'",
        "UPDATE step SET audience = '[]' WHERE do = 'open'",
        "UPDATE step SET to_all = 1 WHERE do = 'move'",
        "UPDATE step SET operation = x'00' WHERE do = 'move'",
        "DELETE FROM step WHERE do = 'hand'",
        "DELETE FROM operation WHERE member = 'KG/NFP'",
        "UPDATE operation SET member = 'AZ/NFP' WHERE member = 'UZ/NFP'",
        "UPDATE operation SET lead = 1 WHERE member = 'UZ/NFP'",
    ],
)
def test_a_changed_row_is_noticed(notary: Notary, world: World, thread: Thread, change: str) -> None:
    """A check of the ledger names what was noted of a step and is not what its text says."""
    accept(notary, thread, OPEN, GRANT, MOVE, ADD, HAND)
    assert check_ledger(notary.store, world.network).faults == ()
    notary.damage(change)
    assert check_ledger(notary.store, world.network).faults != ()


def test_a_step_costs_no_more_in_a_long_operation(notary: Notary, world: World, thread: Thread) -> None:
    """The questions that a step asks of the database are as many, and each finds its rows by a key."""
    accept(notary, thread, OPEN, MOVE)
    follow = replace(MOVE, name="next", refs=(("reply", "move"),))
    before = _asked(notary, thread, follow)
    accept(notary, thread, *(replace(MOVE, name=f"move {number}") for number in range(100)))
    after = _asked(notary, thread, follow)
    assert len(before) == len(after)
    with notary.store._engine.connect() as connection:
        plans = [
            row[-1]
            for text, values in after
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", values)
            if " step" in text or " operation" in text
        ]
    assert plans
    assert [plan for plan in plans if plan.startswith("SCAN") and "CONSTANT" not in plan] == []


def _asked(notary: Notary, thread: Thread, draft: Draft) -> list[tuple[str, tuple[object, ...]]]:
    """What a step, one of those that are admitted, asks of the database."""
    asked: list[tuple[str, tuple[object, ...]]] = []

    def note(_c: object, _u: object, text: str, values: tuple[object, ...], _x: object, many: bool) -> None:
        if text.startswith(("SELECT", "UPDATE")) and not many:
            asked.append((text, values))

    sa.event.listen(notary.store._engine, "before_cursor_execute", note)
    accept(notary, thread, draft)
    sa.event.remove(notary.store._engine, "before_cursor_execute", note)
    return asked
