"""Which dispatches belong to which operation, and what a person is called for."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from clients.mail.compose import StepMark
from clients.store import OperationCall, ShownStep
from schemas.encoding import Digest
from schemas.errors import Code
from schemas.leaf import Leaf
from tests.support.desk import Desk, ScriptedHub
from tests.support.refusals import refused
from tests.support.world import KZ

ID, OTHER = "o" * 42 + "A", "p" * 42 + "A"


def shown(number: int) -> ShownStep:
    """A step that was not sent to us."""
    return ShownStep(number, Leaf(1000 * number, 4, False, Digest(bytes([number]) * 32)), f"proof {number}", "note")


def call(kind: str, about: str = "") -> OperationCall:
    """Something that a person is called for."""
    return OperationCall(ID, kind, about, 7, ID, (KZ,))


def step(desk: Desk, sender: str, to: str, **claim: Any) -> str:
    """A step that came."""
    return desk.hub.send(desk.hub.world.dispatch(sender, [to], kind="operation", operation=claim, precedence="flash"))


def test_steps_belong_to_their_operation(kz: Desk, hub: ScriptedHub) -> None:
    """An open belongs to itself, everything else to the open that it names; of a stranger nothing is known."""
    opened = step(kz, "UZ/NFP/DUTY-1", "KZ/NFP", do="open", participants=[{"member": "KZ/NFP", "part": "transit"}])
    moved = step(kz, "UZ/NFP/DUTY-1", "KZ/NFP", do="move", id=opened)
    other = step(kz, "UZ/NFP/DUTY-1", "KZ/NFP", do="note", id=OTHER)
    warned = hub.send(hub.world.dispatch("UZ/NFP", ["KZ/NFP"]))
    kz.sync()
    operations = kz.store.operations
    assert sorted(operations.steps(opened)) == sorted([opened, moved])
    assert (operations.steps(OTHER), operations.operation_of(warned)) == ([other], None)
    assert sorted(operations.all()) == sorted([opened, OTHER])


def test_own_steps_belong_before_their_copy_comes(kz: Desk) -> None:
    """What the hub has accepted is a step of its operation, though the own mailbox did not bring it yet."""
    row = kz.send("UZ/NFP", kind="operation", operation=StepMark(ID, "move"))
    assert kz.store.operations.all() == []
    kz.flush()
    assert kz.store.operations.steps(ID) == [kz.digest_of(row)]


def test_what_cannot_be_opened_belongs(kz: Desk, hub: ScriptedHub) -> None:
    """A step that was sent to us and does not open counts with its cover."""
    digest = step(kz, "UZ/NFP", "KZ/NFP", do="move", id=ID)
    del hub.sealed[digest]
    kz.sync()
    assert kz.store.operations.steps(ID) == [digest]


def test_steps_are_found_again_after_rows_were_lost(kz: Desk) -> None:
    """Who deletes rows of the table hides no step: the mail is asked for again."""
    digest = step(kz, "UZ/NFP", "KZ/NFP", do="move", id=ID)
    kz.sync()
    kz.store._database.execute("DELETE FROM step")
    alarm = kz.store.check()
    assert alarm is not None
    kz.restart()
    kz.state.start_anew()
    kz.sync()
    assert kz.store.operations.steps(ID) == [digest]


def test_what_was_not_sent_to_us_is_known_by_number(kz: Desk) -> None:
    """The list of the hub is kept, and how far it was read; what comes after all is here, and a new epoch drops."""
    operations = kz.store.operations
    assert operations.read_up_to(ID) == (0, 0)
    operations.show(ID, [shown(5), shown(3)], 9, 77)
    operations.show(ID, [shown(5)], 12, 78)
    assert operations.read_up_to(ID) == (12, 78)
    assert operations.shown(ID) == [shown(3), shown(5)]
    assert (operations.steps(ID), operations.all()) == ([], [ID])
    operations.add(shown(3).digest, ID)
    assert (operations.steps(ID), operations.shown(ID)) == ([shown(3).digest], [shown(5)])
    operations.drop_places(5)
    assert operations.shown(ID) == []


def test_a_hub_takes_back_nothing_that_it_has_shown(kz: Desk) -> None:
    """A step that it lists no more stays, so does a cover that it holds back later, and what it lists elsewhere."""
    operations = kz.store.operations
    covered = replace(shown(5), statement="a cover")
    operations.show(ID, [covered, shown(3)], 9, 77)
    operations.show(ID, [shown(5)], 12, 78)
    operations.show(OTHER, [shown(3)], 12, 78)
    assert operations.shown(ID) == [shown(3), covered]
    operations.show(OTHER, [replace(shown(3), statement="its own cover")], 12, 79)
    assert operations.shown(ID) == [covered]


def test_each_call_is_kept_once(kz: Desk) -> None:
    """Something of one kind about one thing calls once, in its order, whoever finds it again."""
    operations = kz.store.operations
    assert operations.call(call("overdue", "a"))
    assert operations.call(call("overdue", "b"))
    assert not operations.call(call("overdue", "a"))
    (first, found), (second, _) = operations.calls_after(0)
    assert found == call("overdue", "a")
    assert [row for row, _ in operations.calls_after(first)] == [second]


def test_changed_rows_are_noticed(kz: Desk) -> None:
    """A step that was moved to another operation from outside is refused."""
    kz.store.operations.add(ID, ID)
    kz.store._database.execute("UPDATE step SET thread = 'x'")
    with refused(Code.DAMAGED):
        kz.store.operations.operation_of(ID)


@pytest.mark.parametrize("claim", [StepMark(ID, "stop"), StepMark(ID, "note")])
def test_only_a_stop_goes_before_what_is_urgent(kz: Desk, claim: StepMark) -> None:
    """A stop goes before everything urgent that was queued before it; nothing else of an operation does."""
    for number in range(3):
        kz.send("UZ/NFP", precedence="flash", reference=f"W-{number}")
    last = kz.send("UZ/NFP", kind="operation", precedence="flash", operation=claim)
    assert (kz.store.outbox.waiting(1) == [last]) is claim.is_stop
