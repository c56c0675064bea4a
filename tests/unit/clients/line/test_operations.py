"""The hub's list of the steps of an operation: what was not sent to us is known, and nothing unproven is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from clients.line.ledger import LeafAlone, ShownPage
from clients.line.operations import StepReading, read_steps
from clients.mail.operations import hold_operation
from schemas.encoding import encode_base64url
from schemas.errors import Code
from schemas.frames import DeliverItem
from schemas.merkle import encode_proof
from schemas.operations.terms import MissingHow
from tests.support.desk import Desk, ScriptedHub, ScriptedReader
from tests.support.refusals import refused
from tests.support.world import inclusion_proof

PARTS = [{"member": member, "part": "transit"} for member in ("KZ/NFP", "UZ/NFP")]


class Shows(ScriptedReader):
    """A reader that shows what a test has it show."""

    def __init__(self, hub: ScriptedHub, page: ShownPage) -> None:
        super().__init__(hub, "KZ/NFP")
        self.page = page

    async def operation(self, digest: str, start: int) -> ShownPage:
        """The page that it has."""
        return self.page


def step(hub: ScriptedHub, *to: str, **claim: Any) -> str:
    """A step by RU; gives its digest."""
    sent = hub.world.dispatch("RU/NFP/DUTY-1", to, kind="operation", operation=claim)
    return hub.send(sent)


@pytest.fixture
def opened(kz: Desk, hub: ScriptedHub) -> str:
    """An operation that was sent to KZ, with one step that was not."""
    digest = step(hub, "KZ/NFP", "UZ/NFP", do="open", participants=PARTS)
    step(hub, "UZ/NFP", do="move", id=digest)
    kz.sync()
    return digest


async def page_of(hub: ScriptedHub, opened: str, member: str = "KZ/NFP") -> ShownPage:
    """What an honest hub shows."""
    return await ScriptedReader(hub, member).operation(opened, 0)


async def read(kz: Desk, hub: ScriptedHub, page: ShownPage, opened: str) -> int:
    """Read what is shown."""
    return await read_steps(kz.state, kz.intake, Shows(hub, page), opened)


async def test_what_was_not_sent_to_us_is_known_by_number(kz: Desk, hub: ScriptedHub, opened: str) -> None:
    """A step that went to others is kept with its number, and counts as not sent."""
    assert await read(kz, hub, await page_of(hub, opened), opened) == 1
    (leaf,) = hold_operation(kz.state, opened).leaves
    assert (leaf.number, leaf.how) == (len(hub.world.log) - 1, MissingHow.NOT_SENT)
    assert kz.store.operations.read_up_to(opened) == (len(hub.world.log), hub.world.time_ms)


async def test_a_cover_that_reaches_all_is_believed_by_its_signature(kz: Desk, hub: ScriptedHub, opened: str) -> None:
    """Of a step that is shown with its cover the cover counts; its content was not sent."""
    page = await page_of(hub, opened, "UZ/NFP")
    whole = page.steps[1]
    assert isinstance(whole, DeliverItem)
    cover = whole.model_copy(update={"sealed": None, "entry_proof": None})
    await read(kz, hub, replace(page, steps=(cover,)), opened)
    found = next(each for each in hold_operation(kz.state, opened).steps if each.number == whole.index)
    assert (found.cover.iss, found.content, "exchange" in found.roles) == (
        "RU/NFP/DUTY-1",
        MissingHow.NOT_SENT,
        True,
    )
    changed = cover.model_copy(update={"statement": (cover.statement or "")[:-4] + "AAAA"})
    kz.store.operations.drop_places(0)
    await read(kz, hub, replace(page, steps=(changed,)), opened)
    assert len(hold_operation(kz.state, opened).leaves) == 1
    assert "bad_statement" in kz.alarms()


async def test_a_step_of_another_operation_is_no_step_of_this_one(kz: Desk, hub: ScriptedHub, opened: str) -> None:
    """A cover counts in the operation that it names, whatever list it stands in."""
    other = step(hub, "UZ/NFP", do="open", participants=PARTS)
    (cover,) = (await page_of(hub, other, "UZ/NFP")).steps
    assert isinstance(cover, DeliverItem)
    page = ShownPage((cover.model_copy(update={"sealed": None, "entry_proof": None}),), None, hub.note())
    await read(kz, hub, page, opened)
    assert [each.digest for each in hold_operation(kz.state, opened).steps] == [opened]
    assert "bad_statement" in kz.alarms()


async def test_a_leaf_that_is_not_in_the_ledger_is_an_alarm(kz: Desk, hub: ScriptedHub, opened: str) -> None:
    """A leaf without a proof is refused with the whole list, and so is one that is no dispatch."""
    page = await page_of(hub, opened)
    moved = page.steps[1]
    assert isinstance(moved, LeafAlone)
    with refused(Code.BAD_PROOF):
        await read(kz, hub, replace(page, steps=(replace(moved, index=moved.index - 1),)), opened)
    proof = encode_proof(inclusion_proof(hub.world.hashes(), 1))
    credential = (await ScriptedReader(hub).leaves(0, 2))[1]
    with refused(Code.BAD_PROOF):
        await read(kz, hub, replace(page, steps=(LeafAlone(1, encode_base64url(credential), proof),)), opened)
    assert kz.alarms() == ["bad_proof", "bad_proof"]
    assert kz.store.operations.shown(opened) == []


async def test_what_is_lost_here_is_taken_in_again(kz: Desk, hub: ScriptedHub, opened: str) -> None:
    """A step that was sent to us and is not in the store comes back from the list; what is still to come does not."""
    page = await page_of(hub, opened)
    kz.store.items._rows.drop(opened)
    kz.store.operations._steps.drop(opened)
    await read(kz, hub, page, opened)
    assert [each.digest for each in hold_operation(kz.state, opened).steps] == [opened]
    late = step(hub, "KZ/NFP", do="note", id=opened)
    await read(kz, hub, await page_of(hub, opened), opened)
    assert kz.store.items.get(late) is None
    kz.sync()
    assert kz.store.items.get(late) is not None


async def test_an_older_checkpoint_is_no_fork(kz: Desk, hub: ScriptedHub, opened: str) -> None:
    """What the line brings while a list is on its way makes nobody suspect the hub; another tree does."""
    page = await page_of(hub, opened)
    step(hub, "KZ/NFP", do="note", id=opened)
    kz.sync()
    assert await read(kz, hub, page, opened) == 1
    assert kz.alarms() == []


async def test_the_line_may_bring_more_while_a_checkpoint_is_proven(kz: Desk, hub: ScriptedHub, opened: str) -> None:
    """A proof from a head that is not the trusted one any more is asked for anew; nobody suspects the hub."""

    class Slow(ScriptedReader):
        async def consistency(self, start: int, end: int) -> str:
            if kz.size == start:
                step(hub, "KZ/NFP", do="note", id=opened)
                kz.sync()
            return await super().consistency(start, end)

    step(hub, "UZ/NFP", do="note", id=opened)
    assert await read_steps(kz.state, kz.intake, Slow(hub, "KZ/NFP"), opened) == 2
    assert kz.alarms() == []


def test_a_list_is_read_when_something_came_or_it_is_old(kz: Desk, hub: ScriptedHub, opened: str) -> None:
    """An operation is due at first, after each step, and after ten minutes; not after a month of silence."""
    reading = StepReading(kz.state, kz.intake, lambda: ScriptedReader(hub), lambda: True, lambda: None)
    assert reading.due() == [opened]
    kz.store.operations.show(opened, [], len(hub.world.log), hub.world.time_ms)
    assert reading.due() == []
    hub.world.wait(601)
    assert reading.due() == [opened]
    hub.world.wait(31 * 24 * 3600)
    assert reading.due() == []
    step(hub, "KZ/NFP", do="note", id=opened)
    kz.sync()
    assert reading.due() == [opened]
