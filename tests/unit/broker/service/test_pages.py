"""Pages of a lane: cut by size, read ahead within bounds, proven at the head they are sent under."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Iterator
from pathlib import Path

import pytest

from broker.core.prover import TileCache
from broker.service import pages as module
from broker.service.head import LedgerHead
from broker.service.items import encode_stored
from broker.service.pages import Page, PageReader, Pages, read_page
from schemas import limits
from schemas.claims import Lane
from schemas.errors import Code
from tests.support.refusals import refused
from tests.support.world import KZ, RU, UZ, World
from tests.unit.broker.service.notary import Notary, founded

ROOM = 512 * 1024
COUNT = 9


@pytest.fixture
def notary(tmp_path: Path) -> Iterator[Notary]:
    """Three members; of nine dispatches to one of them every third is urgent."""
    with founded(tmp_path, World([KZ, UZ, RU])) as made:
        for number in range(COUNT):
            made.accept(made.world.dispatch(KZ, [UZ], precedence="routine" if number % 3 else "flash"))
        yield made


@pytest.fixture
def pages(notary: Notary) -> Pages:
    """Where its pages are read."""
    return Pages(notary.store)


def _head(notary: Notary) -> LedgerHead:
    head = notary.store.head()
    return LedgerHead(head.size, head.note, notary.store, TileCache())


def _read(notary: Notary, lane: Lane, start: int = 0, room_bytes: int = ROOM) -> Page:
    head = _head(notary)
    return read_page(notary.store, head, UZ, lane, start, head.size, room_bytes)


def _places(page: Page) -> list[int]:
    return [index for index, _, _ in page.items]


async def _drain(reader: PageReader, head: LedgerHead, lane: Lane, room_bytes: int) -> list[int]:
    places: list[int] = []
    start = 0
    while start < head.size:
        page = await reader.read(head, lane, start, head.size, room_bytes)
        assert page.start == start
        places += _places(page)
        start = page.following
    return places


# One page


@pytest.mark.parametrize("lane", ["public", "urgent", "normal"])
def test_all_of_a_lane(notary: Notary, lane: Lane) -> None:
    """With room for everything a page is the whole lane, to the end, each item as it stands in a `deliver`."""
    page, head = _read(notary, lane), _head(notary)
    stored = notary.store.public(0, head.size, 100) if lane == "public" else notary.store.mailbox(UZ, lane, 0, 99, 100)
    assert page.texts(head) == [encode_stored(item, head) for item in stored]
    assert (page.following, page.faults) == (head.size, [])
    assert len(page.items) > 2


@pytest.mark.parametrize("lane", ["public", "urgent", "normal"])
def test_cut_by_size(notary: Notary, lane: Lane) -> None:
    """The item that passes the room is the last of its page, and the next page goes on behind it."""
    whole, start = _places(_read(notary, lane)), 0
    for place in whole:
        page = _read(notary, lane, start, room_bytes=0)
        assert _places(page) == [place]
        assert page.following == place + 1
        start = page.following
    assert _places(_read(notary, lane, start)) == []


def test_cut_by_count(notary: Notary, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page has no more items than a frame may have."""
    monkeypatch.setattr(limits, "ITEMS", 2)
    first = _read(notary, "normal")
    assert len(first.items) == 2
    assert first.following == _places(first)[-1] + 1


def test_proofs_at_a_later_head(notary: Notary) -> None:
    """A page that was read before a commit is sent with proofs at the head after it."""
    page = _read(notary, "normal")
    notary.accept(notary.world.dispatch(RU, [KZ]))
    head = _head(notary)
    stored = notary.store.mailbox(UZ, "normal", 0, 99, 100)
    assert page.texts(head) == [encode_stored(item, head) for item in stored]


def test_damaged_leaves_are_told_apart(notary: Notary) -> None:
    """A leaf that does not fit the tree is named and left out."""
    bad, *rest = _places(_read(notary, "normal"))
    notary.damage('UPDATE statement SET leaf = zeroblob(43) WHERE "index" = ?', bad)
    page = _read(notary, "normal")
    assert [index for index, _ in page.faults] == [bad]
    assert _places(page) == rest


# Reading ahead


@pytest.mark.parametrize("room_bytes", [0, 9_000, ROOM])
@pytest.mark.parametrize("ahead", [0, 1, 16])
async def test_nothing_is_left_out_or_read_twice(
    notary: Notary, pages: Pages, monkeypatch: pytest.MonkeyPatch, room_bytes: int, ahead: int
) -> None:
    """One page after the other gives the lane, whether or not it was read ahead; nothing is kept in the end."""
    monkeypatch.setattr(module, "AHEAD", ahead)
    head, reader = _head(notary), PageReader(pages, UZ)
    assert await _drain(reader, head, "normal", room_bytes) == _places(_read(notary, "normal"))
    reader.close()
    assert pages.ahead == 0


async def test_what_was_read_ahead_waits_while_another_lane_goes_first(notary: Notary, pages: Pages) -> None:
    """A page of one lane that waits is given out after pages of another lane."""
    head, reader = _head(notary), PageReader(pages, UZ)
    first = await reader.read(head, "normal", 0, head.size, 0)
    assert await _drain(reader, head, "urgent", 0) == _places(_read(notary, "urgent"))
    assert pages.ahead == 1
    notary.damage("DELETE FROM mailbox")
    following = await reader.read(head, "normal", first.following, head.size, 0)
    assert len(following.items) == 1
    reader.close()


async def test_pages_that_wait_are_bounded(notary: Notary, pages: Pages, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond the bound a session reads when it comes to it; one that goes makes room."""
    monkeypatch.setattr(module, "AHEAD", 2)
    head = _head(notary)
    readers = [PageReader(pages, UZ) for _ in range(4)]
    for reader in readers:
        await reader.read(head, "normal", 0, head.size, 0)
    assert pages.ahead == 2
    for reader in readers:
        assert await _drain(reader, head, "urgent", ROOM) == _places(_read(notary, "urgent"))
        reader.close()
    assert pages.ahead == 0


async def test_a_fault_ahead_is_told_when_its_page_is_wanted(notary: Notary, pages: Pages) -> None:
    """What cannot be read ahead fails when it is asked for, and goes unsaid if it never is."""
    said: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: said.append(context))
    head, readers = _head(notary), [PageReader(pages, UZ) for _ in range(2)]
    following = [(await reader.read(head, "normal", 0, head.size, 0)).following for reader in readers]
    waiting = [reader._next for reader in readers if reader._next]
    notary.damage("DROP TABLE mailbox")
    await asyncio.wait(waiting)
    readers[0].close()
    with refused(Code.STORAGE_FAILED):
        await readers[1].read(head, "normal", following[1], head.size, 0)
    assert (len(waiting), pages.ahead) == (2, 0)
    del readers, waiting
    gc.collect()
    assert said == []
