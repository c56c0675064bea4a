"""Carrying blobs: urgent first, on from where a cut was, and nothing that is not what it should be."""

from __future__ import annotations

import asyncio
import errno
import hashlib
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from clients.line.carrier import Carrier
from clients.mail.attaching import Waiting
from clients.mail.compose import BlobRef, DispatchDraft, draft_from_json
from clients.store import BlobState, Spool, StoredBlob
from schemas.encoding import Digest, encode_base64url
from schemas.errors import Code, SeraiError
from tests.support.desk import Desk
from tests.support.shelf import Shelf

SIZE = 300_000


def blob_of(number: int) -> tuple[str, bytes]:
    """Digest and bytes of a blob."""
    data = bytes([number]) * SIZE
    return encode_base64url(hashlib.sha256(data).digest()), data


def here(desk: Desk, number: int, *, urgent: bool = False) -> str:
    """A blob that is here and is to be uploaded."""
    digest, data = blob_of(number)
    desk.store.spool.make([data], lambda: Digest(hashlib.sha256(data).digest()), bytes([number]))
    desk.store.attachments.put(StoredBlob(digest, BlobState.SENDING, urgent, SIZE, number))
    return digest


def wanted(desk: Desk, number: int, *, urgent: bool = False) -> str:
    """A blob that is to be fetched."""
    digest, _ = blob_of(number)
    desk.store.attachments.put(StoredBlob(digest, BlobState.WANTED, urgent, SIZE, number))
    return digest


async def carry(desk: Desk, shelf: Shelf, until: Callable[[], bool]) -> None:
    """Carry until something holds; a second passes whenever nothing can be done."""
    carrier = Carrier(desk.state, lambda: shelf, lambda: True, lambda: None)
    task = asyncio.get_running_loop().create_task(carrier.run())
    try:
        async with asyncio.timeout(60):
            while not until():
                desk.now_s += 1
                await asyncio.sleep(0.001)
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def state_of(desk: Desk, digest: str) -> BlobState:
    """What has to be done with a blob."""
    blob = desk.store.attachments.get(digest, SIZE)
    assert blob is not None
    return blob.state


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    """Looking for work takes no time."""
    monkeypatch.setattr("clients.line.carrier._TICK_S", 0.001)


async def test_upload_comes_through_a_line_that_is_cut(kz: Desk) -> None:
    """An upload goes on where the hub says that it was cut, and ends with the bytes that were sealed."""
    digest = here(kz, 1)
    shelf = Shelf(cut_bytes=50_000)
    await carry(kz, shelf, lambda: state_of(kz, digest) is BlobState.SENT)
    assert bytes(shelf.kept[digest]) == blob_of(1)[1]
    assert [begin for method, _, begin in shelf.requests if method == "PUT"][:3] == [0, 50_000, 100_000]


async def test_download_comes_through_a_line_that_is_cut(kz: Desk) -> None:
    """A download goes on with what is on the disk, over restarts, and has its name when its digest holds."""
    digest, data = blob_of(2)
    wanted(kz, 2)
    shelf = Shelf(cut_bytes=50_000)
    shelf.add(digest, data)
    await carry(kz, shelf, lambda: kz.store.spool.part_bytes(digest, SIZE) >= 100_000)
    kz.restart()
    await carry(kz, shelf, lambda: state_of(kz, digest) is BlobState.KEPT)
    assert b"".join(kz.store.spool.read(digest)) == data
    assert [begin for method, _, begin in shelf.requests if method == "GET"][:3] == [0, 50_000, 100_000]


async def test_urgent_goes_first_and_between(kz: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Something urgent goes before what is larger and older, also where that is half-way."""
    monkeypatch.setattr("clients.line.carrier._MOST_BYTES", 1 << 16)
    monkeypatch.setattr("clients.line.carrier._FIRST_BYTES", 1 << 16)
    routine, shelf = here(kz, 1), Shelf()
    urgent: list[str] = []

    def come() -> None:
        if not urgent and len(shelf.kept.get(routine, b"")) >= 1 << 16:
            urgent.append(here(kz, 2, urgent=True))

    shelf.before = come
    await carry(kz, shelf, lambda: state_of(kz, routine) is BlobState.SENT)
    order = [digest for method, digest, _ in shelf.requests if method == "PUT"]
    last_urgent, last_routine = (len(order) - order[::-1].index(each) for each in (urgent[0], routine))
    assert last_urgent < last_routine
    between = order[order.index(urgent[0]) : last_urgent]
    assert set(between) == {urgent[0]}


async def test_hub_that_has_it_gets_no_bytes(kz: Desk) -> None:
    """What the hub has whole is not sent once more."""
    digest, shelf = here(kz, 1), Shelf()
    shelf.add(digest, blob_of(1)[1])
    await carry(kz, shelf, lambda: state_of(kz, digest) is BlobState.SENT)
    assert [method for method, *_ in shelf.requests] == ["HEAD"]


@pytest.mark.parametrize("code", [Code.NO_ROOM, Code.QUOTA_EXCEEDED, Code.RATE_LIMITED, Code.HUB_NOT_READY])
async def test_hub_without_room_is_waited_for(kz: Desk, code: Code) -> None:
    """What passes is waited out, and said as long as it lasts."""
    digest, shelf = here(kz, 1), Shelf()
    shelf.refuse = [SeraiError(code)] * 3
    said: set[str | None] = set()

    def is_sent() -> bool:
        blob = kz.store.attachments.get(digest, SIZE)
        assert blob is not None
        said.add(blob.code)
        return blob.state is BlobState.SENT

    await carry(kz, shelf, is_sent)
    assert said == {None, code.value}
    assert kz.alarms() == []


async def test_what_is_refused_for_good_is_an_alarm(kz: Desk) -> None:
    """A blob that the hub will never take is not tried again, and somebody is told."""
    digest, shelf = here(kz, 1), Shelf()
    shelf.refuse = [SeraiError(Code.ATTACHMENT_TOO_LARGE)]
    await carry(kz, shelf, lambda: state_of(kz, digest) is BlobState.LOST)
    assert kz.alarms() == ["refused"]


async def test_poisoned_blob_is_fetched_once_more_and_then_lost(kz: Desk) -> None:
    """Bytes under another blob's name are fetched once more; then it is lost, and nothing of them is here."""
    digest, shelf = wanted(kz, 1), Shelf()
    shelf.add(digest, blob_of(2)[1])
    await carry(kz, shelf, lambda: state_of(kz, digest) is BlobState.LOST)
    assert sum(begin == 0 for method, _, begin in shelf.requests if method == "GET") == 2
    assert list(kz.store.spool.folder.iterdir()) == []


@pytest.mark.parametrize("code", [Code.NOT_FOUND, Code.GONE, Code.ERASED])
async def test_what_the_hub_no_longer_has_is_lost(kz: Desk, code: Code) -> None:
    """What cannot be fetched any more says why."""
    digest, shelf = wanted(kz, 1), Shelf()
    shelf.refuse = [SeraiError(code)]
    await carry(kz, shelf, lambda: state_of(kz, digest) is BlobState.LOST)
    blob = kz.store.attachments.get(digest, SIZE)
    assert blob is not None
    assert blob.code == code.value


async def test_full_disk_is_waited_for(kz: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the disk is full a download waits, and goes on when there is room; nothing else ends."""
    digest, data = blob_of(1)
    wanted(kz, 1)
    shelf, full = Shelf(), [True]
    shelf.add(digest, data)
    real = Spool.append

    def append(spool: Spool, digest: str, size: int) -> object:
        if full:
            raise SeraiError(Code.STORAGE_FAILED, "No space left on device")
        return real(spool, digest, size)

    monkeypatch.setattr(Spool, "append", append)

    def come() -> bool:
        blob = kz.store.attachments.get(digest, SIZE)
        assert blob is not None
        if blob.code == "storage_failed":
            full.clear()
        return blob.state is BlobState.KEPT

    await carry(kz, shelf, come)
    assert kz.alarms() == []


async def test_others_do_not_fill_the_disk(kz: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """What nobody asked for is not fetched where the disk is nearly full; what a person asks for is."""
    usage = shutil.disk_usage(kz.path)._replace(free=1 << 20)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    routine, urgent = wanted(kz, 1), wanted(kz, 2, urgent=True)
    shelf = Shelf()
    for number in (1, 2):
        shelf.add(*blob_of(number))
    await carry(kz, shelf, lambda: state_of(kz, urgent) is BlobState.KEPT)
    assert state_of(kz, routine) is BlobState.WANTED


async def test_blob_that_is_gone_from_the_disk(kz: Desk) -> None:
    """A blob whose file is missing is lost, with an alarm, and is not waited for without end."""
    digest = here(kz, 1)
    kz.store.spool.drop(digest)
    await carry(kz, Shelf(), lambda: state_of(kz, digest) is BlobState.LOST)
    assert kz.alarms() == ["refused"]


async def test_broken_file_ends_nothing(kz: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that fails while an upload is read is waited for."""
    digest, shelf, broken = here(kz, 1), Shelf(), [True]
    real = Path.open

    def fail(path: Path, *args: object, **options: object) -> object:
        if broken and path.suffix == ".blob":
            broken.clear()
            raise OSError(errno.EIO, "Input/output error")
        return real(path, *args, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", fail)
    await carry(kz, shelf, lambda: state_of(kz, digest) is BlobState.SENT)


def test_waiting_is_made_urgent_by_what_is(kz: Desk) -> None:
    """A blob that waits for something routine goes first when something urgent needs it too."""
    digest = here(kz, 1)
    row = kz.send("UZ/NFP", precedence="flash")
    outgoing = kz.store.outbox.get(row)
    assert outgoing is not None
    draft = draft_from_json(outgoing.draft)
    assert isinstance(draft, DispatchDraft)
    Waiting(kz.store).keep(replace(draft, attachments=(BlobRef(digest, SIZE),)), 9)
    assert kz.store.attachments.get(digest, SIZE).urgent  # type: ignore[union-attr]
