"""A client that is killed while it seals, uploads, fetches or saves: nothing half is ever taken for whole."""

from __future__ import annotations

import asyncio
import hashlib
import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from clients.documents.outfile import open_private
from clients.line.carrier import Carrier
from clients.mail.attached import open_file
from clients.mail.attaching import FileToAttach, measure, seal_file
from clients.mail.state import State
from clients.store import BlobState, Store, StoredBlob
from clients.system import System
from schemas.encoding import Digest, encode_base64url
from tests.support.crash import server
from tests.support.desk import make_store, open_store
from tests.support.pictures import photograph
from tests.support.shelf import Shelf
from tests.support.world import KZ, World

SIZE = 400_000
BLOB = b"a blob that is sealed " * (SIZE // 22)
DIGEST = encode_base64url(hashlib.sha256(BLOB).digest())
ENTROPY = System().entropy


def dies_in(job: Callable[[Store, int], None], store: Path, passage: int) -> None:
    """Run a job on a store in a process that is killed at a passage."""
    process = server().Process(target=_run, args=(job, store, passage))
    process.start()
    process.join(60)
    assert process.exitcode == -signal.SIGKILL


def _run(job: Callable[[Store, int], None], store: Path, passage: int) -> None:
    with open_store(store) as opened:
        job(opened, passage)


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A store of KZ."""
    store = make_store(tmp_path, World([KZ]), "KZ/NFP")
    store.close()
    return store.path


def _photo(folder: Path) -> FileToAttach:
    file = folder / "photo.jpg"
    file.write_bytes(photograph())
    return FileToAttach(file)


def _seal(store: Store, passage: int) -> None:
    measured, made = measure(_photo(store.path.parent)), store.spool.make

    def make(pieces: object, name: Callable[[], Digest], entropy: bytes) -> str:
        def broken() -> object:
            for piece in pieces:  # type: ignore[attr-defined]
                yield piece[: len(piece) // 2] if passage == 1 else piece
                _die()

        return made(broken(), name, entropy)  # type: ignore[arg-type]

    store.spool.make = make  # type: ignore[method-assign]
    seal_file(measured, store, ENTROPY)


@pytest.mark.parametrize("passage", [1, 2])
def test_killed_while_it_seals(path: Path, passage: int) -> None:
    """No blob is there, nothing waits, what is left is swept a day later, and the same file is sealed then."""
    dies_in(_seal, path, passage)
    with open_store(path) as store:
        assert [each.suffix for each in store.spool.folder.iterdir()] == [".making"]
        assert not list(store.attachments.all())
        assert store.spool.sweep(set(), 1e12) == 1
        attachment = seal_file(measure(_photo(path.parent)), store, ENTROPY)
        assert len(b"".join(open_file(attachment, store.spool))) == attachment.size


def _carry(store: Store, shelf: Shelf, state: BlobState) -> None:
    async def carry() -> None:
        moved = asyncio.Event()
        carrier = Carrier(State(store, System()), lambda: shelf, lambda: True, moved.set)
        task = asyncio.get_running_loop().create_task(carrier.run())
        async with asyncio.timeout(60):
            while store.attachments.get(DIGEST, len(BLOB)).state is not state:  # type: ignore[union-attr]
                moved.clear()
                await moved.wait()
        task.cancel()

    asyncio.run(carry())


def _shelf(passage: int = 0, *, full: bool) -> Shelf:
    shelf, passed = Shelf(), 0
    if full:
        shelf.add(DIGEST, BLOB)

    def before() -> None:
        nonlocal passed
        passed += 1
        if passed == passage:
            _die()

    shelf.before = before
    return shelf


def _upload(store: Store, passage: int) -> None:
    _carry(store, _shelf(passage, full=False), BlobState.SENT)


def _fetch(store: Store, passage: int) -> None:
    _carry(store, _shelf(passage, full=True), BlobState.KEPT)


@pytest.mark.parametrize("passage", [1, 2, 3])
def test_killed_while_it_uploads(path: Path, passage: int) -> None:
    """The blob is still to be sent, and the next process sends all of it."""
    with open_store(path) as store:
        store.spool.make([BLOB], lambda: Digest(hashlib.sha256(BLOB).digest()), b"1")
        store.attachments.put(StoredBlob(DIGEST, BlobState.SENDING, urgent=False, size=len(BLOB), at_ms=1))
    dies_in(_upload, path, passage)
    with open_store(path) as store:
        shelf = _shelf(full=False)
        _carry(store, shelf, BlobState.SENT)
        assert bytes(shelf.kept[DIGEST]) == BLOB


@pytest.mark.parametrize("passage", [1, 2])
def test_killed_while_it_fetches(path: Path, passage: int) -> None:
    """What has come stays, is no blob before its digest holds, and the next process goes on behind it."""
    with open_store(path) as store:
        store.attachments.put(StoredBlob(DIGEST, BlobState.WANTED, urgent=False, size=len(BLOB), at_ms=1))
    dies_in(_fetch, path, passage)
    with open_store(path) as store:
        assert store.spool.size(DIGEST) is None
        came = store.spool.part_bytes(DIGEST, len(BLOB))
        shelf = _shelf(full=True)
        _carry(store, shelf, BlobState.KEPT)
        assert b"".join(store.spool.read(DIGEST)) == BLOB
        assert shelf.requests[0] == ("GET", DIGEST, came)


def _save(store: Store, passage: int) -> None:
    attachment = seal_file(measure(_photo(store.path.parent)), store, ENTROPY)
    with open_private(store.path.parent / "saved.jpg") as out:
        for piece in open_file(attachment, store.spool):
            out.write(piece[:passage])
            out.flush()
            _die()


def test_killed_while_it_saves(path: Path) -> None:
    """No file has the name before all of it is on the disk."""
    dies_in(_save, path, 100)
    assert not (path.parent / "saved.jpg").exists()
