"""Waiting for what was said."""

from __future__ import annotations

import asyncio

import pytest

from clients import OutState
from clients.errors import LocalCode
from clients.mail.sent import Acceptance, Sent, Settling
from schemas.errors import Code, SeraiError
from tests.support.desk import Desk
from tests.support.refusals import refused


@pytest.fixture
def settling(kz: Desk) -> Settling:
    """KZ's outbox."""
    return Settling(kz.store.outbox)


async def test_everybody_who_waits_gets_the_place(kz: Desk, settling: Settling) -> None:
    """Several may wait for one row, before it is settled and after; one who gives up takes nothing from the others."""
    row = kz.send("UZ/NFP")
    waiting = [asyncio.ensure_future(settling.settled(row)) for _ in range(3)]
    await asyncio.sleep(0)
    settling.settle(row)
    waiting.pop().cancel()
    kz.flush()
    settling.settle(row)
    place = Acceptance(kz.digest_of(row), 7)
    async with asyncio.timeout(60):
        assert await asyncio.gather(*waiting, Sent(settling, row)) == [place] * 3


async def test_refusal_is_raised_with_its_code(kz: Desk, settling: Settling) -> None:
    """What the hub refused for good raises its code; one that is not known here is internal."""
    for code, expected in (("suspended", Code.SUSPENDED), ("a_code_of_tomorrow", Code.INTERNAL)):
        sent = Sent(settling, kz.send("UZ/NFP"))
        kz.store.outbox.set_refused(sent.id, code, "KZ/NFP")
        async with asyncio.timeout(60):
            with refused(expected, "KZ/NFP"):
                await sent


async def test_end_is_the_answer_for_what_is_not_settled(kz: Desk, settling: Settling) -> None:
    """Who waits when nothing more will come, or asks after, gets the first reason; what is settled stays settled."""
    done, open_ = Sent(settling, kz.send("UZ/NFP")), kz.send("UZ/NFP", reference="W-2")
    kz.flush()
    kz.store.outbox.set_drafted(open_)
    waiting = asyncio.ensure_future(settling.settled(open_))
    await asyncio.sleep(0)
    settling.end(SeraiError(Code.REPLACED, "first"))
    settling.end(asyncio.CancelledError())
    async with asyncio.timeout(60):
        for wait in (waiting, Sent(settling, open_)):
            with refused(Code.REPLACED, "first"):
                await wait
        assert (await done).index == 7
    assert Sent(settling, open_).outgoing.state is OutState.DRAFTED


async def test_rows_are_not_made_up(settling: Settling) -> None:
    """A number that nothing has is not found."""
    with refused(LocalCode.NOT_IN_OUTBOX):
        settling.outgoing(99)
