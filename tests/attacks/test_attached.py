"""Attachments in the hands of a lying sender or hub: a reader is given the file that was named, or nothing."""

from __future__ import annotations

import asyncio
import hashlib
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from clients.line.blobs import Blobs, HubBlobs
from clients.line.carrier import Carrier
from clients.mail.attached import AttachedFile, attached_files, open_file, want_attachments
from clients.store import BlobState, Spool, StoredBlob
from schemas.blobs import TAG_BYTES, BlobSealer
from schemas.claims import Dispatch
from schemas.encoding import Digest, decode_json, encode_base64url, encode_json
from schemas.errors import Code, SeraiError
from schemas.limits import CHUNK_BYTES
from schemas.reports import encode_report, read_report
from schemas.reports.attachments import Attachment
from tests.attacks.salamander import seal_for_two
from tests.support.desk import Desk, ScriptedHub, warning
from tests.support.shelf import Shelf
from tests.support.world import HUB_ORIGIN, KZ, UZ, World

KEY = b"k" * 32
SEALED = CHUNK_BYTES + TAG_BYTES
FILE = bytes(range(251)) * 700  # three chunks


@dataclass(frozen=True)
class Named:
    """A file, its blob, and how a report names it."""

    attachment: Attachment
    blob: bytes


def named(blob: bytes, file: bytes = FILE, key: bytes = KEY, digest: bytes | None = None) -> Named:
    """A report names this file in this blob; ``digest`` is the name of another blob."""
    attachment = Attachment(
        name="photo.jpg",
        media_type="image/jpeg",
        size=len(file),
        sha256=encode_base64url(hashlib.sha256(file).digest()),
        blob=encode_base64url(digest or hashlib.sha256(blob).digest()),
        key=encode_base64url(key),
    )
    return Named(attachment, blob)


def seal(file: bytes = FILE, key: bytes = KEY) -> bytes:
    """An honest blob."""
    return b"".join(BlobSealer(key, len(file)).seal([file]))


def chunk(number: int, data: bytes, *, last: bool) -> bytes:
    """One sealed chunk, as a liar may make it."""
    return AESGCM(KEY).encrypt(number.to_bytes(11) + bytes([last]), data, None)


def spooled(folder: Path, blob: bytes, name: str) -> Spool:
    """A spool that has bytes under a name."""
    spool = Spool(folder / "spool")
    digest = Digest(hashlib.sha256(blob).digest())
    spool.make([blob], lambda: digest, b"12345678")
    if name != encode_base64url(digest):
        spool._path(encode_base64url(digest), ".blob").rename(spool._path(name, ".blob"))
    return spool


def padded(file: bytes) -> bytes:
    """A file with its zeros."""
    return file + bytes(BlobSealer(KEY, len(file)).padded_bytes - len(file))


def lies() -> Iterator[tuple[str, Named]]:
    """Blobs that are not the file that the report names."""
    blob, whole = seal(), padded(FILE)
    chunks = [whole[at : at + CHUNK_BYTES] for at in range(0, len(whole), CHUNK_BYTES)]
    last = len(chunks) - 1
    honest = [chunk(n, data, last=n == last) for n, data in enumerate(chunks)]
    assert b"".join(honest) == blob
    yield "cut after a chunk", named(b"".join(honest[:-1]))
    yield "cut, and sealed as whole", named(b"".join([honest[0], chunk(1, chunks[1], last=True)]))
    yield "cut within a chunk", named(blob[:-7])
    yield "in another order", named(honest[1] + honest[0] + honest[2])
    yield "extended", named(blob + chunk(last + 1, bytes(1000), last=True))
    yield "extended behind its end", named(blob + bytes(64))
    yield "a chunk twice", named(honest[0] + honest[0] + honest[1] + honest[2])
    marked = whole[: len(FILE)] + b"x" + whole[len(FILE) + 1 :]
    parts = [marked[at : at + CHUNK_BYTES] for at in range(0, len(marked), CHUNK_BYTES)]
    yield "padded with words", named(b"".join(chunk(n, data, last=n == last) for n, data in enumerate(parts)))
    yield "not padded", named(chunk(0, FILE[:2050], last=True), file=FILE[:2050])
    yield "an empty chunk at its end", named(chunk(0, whole[:CHUNK_BYTES], last=False) + chunk(1, b"", last=True))
    yield "another file under the same key", named(seal(b"another" * 25_100))
    yield "another blob under its name", named(seal(), digest=hashlib.sha256(b"other").digest())
    yield "under another key", named(seal(), key=b"x" * 32)


LIES = dict(lies())


@pytest.mark.parametrize("what", LIES)
def test_blob_that_is_not_the_file(tmp_path: Path, what: str) -> None:
    """Cut, extended, in another order, padded with words, another file: nothing of it is given."""
    case = LIES[what]
    spool = spooled(tmp_path, case.blob, case.attachment.blob)
    given = b""
    pieces = open_file(case.attachment, spool)
    with pytest.raises(SeraiError) as caught:
        given = next(pieces)
    assert (caught.value.code, given) == (Code.ATTACHMENT_MISMATCH, b"")


def test_one_blob_for_two_keys(tmp_path: Path) -> None:
    """A blob that opens under two keys opens, for one report, to the file that this report names, or to nothing."""
    keys = (KEY, b"j" * 32)
    iv = bytes(11) + b"\1"
    blob = seal_for_two(b"a harmless picture".ljust(2048, b"."), keys, iv, b"", 4)
    first, second = (AESGCM(key).decrypt(iv, blob, None) for key in keys)
    assert first != second
    spool = spooled(tmp_path, blob, named(blob).attachment.blob)
    assert b"".join(open_file(named(blob, file=first).attachment, spool)) == first
    with pytest.raises(SeraiError):
        list(open_file(named(blob, file=first, key=keys[1]).attachment, spool))


def test_size_that_promises_too_much(tmp_path: Path) -> None:
    """A small blob under a large size is refused in no more memory than itself, and no size goes beyond the limit."""
    case = named(seal())
    huge = case.attachment.model_copy(update={"size": 256 << 20})
    with pytest.raises(SeraiError):
        list(open_file(huge, spooled(tmp_path, case.blob, huge.blob)))
    with pytest.raises(ValueError, match="size"):
        Attachment.model_validate({**case.attachment.model_dump(), "size": (256 << 20) + 1})


# What a hub serves


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A desk of UZ."""
    return Desk(tmp_path, ScriptedHub(World([KZ, UZ])), "UZ/NFP")


async def carry(desk: Desk, make: Callable[[], Blobs], until: Callable[[], bool]) -> None:
    """Carry until something holds; time passes whenever nothing can be done."""
    task = asyncio.get_running_loop().create_task(Carrier(desk.state, make, lambda: True, lambda: None).run())
    try:
        async with asyncio.timeout(60):
            while not until():
                desk.now_s += 1
                await asyncio.sleep(0.001)
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def want(desk: Desk, case: Named, *, urgent: bool = False) -> Callable[[], BlobState]:
    """A blob is to be fetched; gives what has to be done with it."""
    digest = case.attachment.blob
    desk.store.attachments.put(StoredBlob(digest, BlobState.WANTED, urgent, len(case.blob), 1))
    return lambda: desk.store.attachments.get(digest, len(case.blob)).state  # type: ignore[union-attr]


async def test_poisoned_digest(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Bytes that a hub serves under another name are never kept under it."""
    monkeypatch.setattr("clients.line.carrier._TICK_S", 0.001)
    case, shelf = named(seal()), Shelf()
    shelf.add(case.attachment.blob, case.blob[:-1] + b"x")
    state = want(desk, case)
    await carry(desk, lambda: shelf, lambda: state() is not BlobState.WANTED)
    assert state() is BlobState.LOST
    assert desk.store.spool.size(case.attachment.blob) is None


async def test_hub_that_serves_without_end(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a blob no more is taken than the length that follows from its report."""
    monkeypatch.setattr("clients.line.carrier._TICK_S", 0.001)
    case, served = named(seal()), 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal served
        while served < 1 << 26:
            served += 1 << 16
            yield bytes(1 << 16)
            await asyncio.sleep(0)

    def answer(request: httpx.Request) -> httpx.Response:
        part = request.headers["Range"].removeprefix("bytes=")
        return httpx.Response(206, headers={"Content-Range": f"bytes {part}/*"}, content=endless())

    def make() -> Blobs:
        return HubBlobs(HUB_ORIGIN, lambda _: "token", transport=httpx.MockTransport(answer))

    state = want(desk, case)
    await carry(desk, make, lambda: state() is not BlobState.WANTED or served > 8 * len(case.blob))
    assert state() is BlobState.LOST
    assert served < 4 * len(case.blob)


async def test_attachments_that_fill_the_disk(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """What nobody asked for is not fetched where the disk is nearly full."""
    monkeypatch.setattr("clients.line.carrier._TICK_S", 0.001)
    usage = shutil.disk_usage(desk.path)._replace(free=1 << 20)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    case, asked = named(seal()), named(seal(b"asked for"), file=b"asked for")
    shelf = Shelf()
    for each in (case, asked):
        shelf.add(each.attachment.blob, each.blob)
    state, done = want(desk, case), want(desk, asked, urgent=True)
    await carry(desk, lambda: shelf, lambda: done() is BlobState.KEPT and desk.now_s > 100)
    assert state() is BlobState.WANTED
    assert desk.store.spool.part_bytes(case.attachment.blob, len(case.blob)) == 0


def come(desk: Desk, attachment: Attachment) -> AttachedFile:
    """A dispatch comes that names an attachment in cover and report; how it stands then."""
    world, size = desk.hub.world, BlobSealer(KEY, attachment.size).padded_bytes
    sent = world.dispatch("KZ/NFP", ["UZ/NFP"], attachments=[{"digest": attachment.blob, "size": size}])
    cover = world.verified(sent.text).claims
    assert isinstance(cover, Dispatch)
    report = decode_json(encode_report(warning()), 1000)
    report["attachments"] = [attachment.model_dump(mode="json", exclude_none=True)]
    want_attachments(desk.state, cover, encode_json(report), urgent=False)
    (file,) = attached_files(cover, read_report(encode_json(report).encode(), cover.kind).form, desk.store)
    return file


@pytest.mark.parametrize("lie", [2_000, 70_000, 900_000])
async def test_length_that_another_names(desk: Desk, monkeypatch: pytest.MonkeyPatch, lie: int) -> None:
    """Another member names the same blob with a wrong length, first and once more: the right one is fetched."""
    monkeypatch.setattr("clients.line.carrier._TICK_S", 0.001)
    case, shelf = named(seal()), Shelf()
    shelf.add(case.attachment.blob, case.blob)
    desk.state.fetch_bytes = 1 << 24
    liar = case.attachment.model_copy(update={"size": lie})
    come(desk, liar)
    key = case.attachment.blob, come(desk, case.attachment).size
    rows = desk.store.attachments
    await carry(desk, lambda: shelf, lambda: all(blob.state is not BlobState.WANTED for blob in rows.all()))
    assert rows.get(*key).state is BlobState.KEPT  # type: ignore[union-attr]
    wrong = come(desk, liar)
    assert (wrong.is_here, wrong.blob.state if wrong.blob else None) == (False, BlobState.LOST)
    assert b"".join(open_file(case.attachment, desk.store.spool)) == FILE


def test_attachments_beyond_what_is_permitted(desk: Desk) -> None:
    """What comes with dispatches is fetched by itself as far as the member permits, and no further."""
    desk.state.fetch_bytes = 500_000
    for number in range(6):
        key = bytes([number]) * 32
        come(desk, named(seal(FILE, key), key=key).attachment)
    assert 0 < desk.store.attachments.fetched_bytes() <= 500_000
