"""A client that is killed while it deletes: the text is there as a whole, or gone as a whole, and its file with it."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest

from clients.actions.client import Client
from clients.actions.home import ClientSettings, Home
from clients.actions.numbers import SpokenNumber
from clients.actions.retention import delete_dispatch
from clients.store import BlobState, Store, StoredBlob
from tests.support.crash import server
from tests.support.desk import Desk, ScriptedHub, open_store
from tests.support.world import KZ, UZ, World
from tests.unit.clients.actions.test_attachments import send, upload


def _die(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _client(store: Store) -> Client:
    keys = store.keys
    settings = ClientSettings(member=keys.member, network=keys.network, hubs=["ws://127.0.0.1:1"])
    return Client(Home(store.path.parent), settings, store)


def _delete(path: Path, index: int, *, committed: bool) -> None:
    with open_store(path) as store:
        if committed:
            store.spool.drop = _die  # type: ignore[assignment, method-assign]
        else:
            store.attachments.drop = _die  # type: ignore[assignment, method-assign]
        delete_dispatch(_client(store), SpokenNumber(index, None), "order 17", None)


@pytest.mark.parametrize("committed", [False, True], ids=["before the commit", "after the commit"])
def test_killed_while_it_deletes(tmp_path: Path, *, committed: bool) -> None:
    """Before the commit nothing has changed; after it the text is gone, and what is left of its file is swept."""
    hub = ScriptedHub(World([KZ, UZ]))
    desks = []
    for member in (KZ, UZ):
        (tmp_path / member[:2]).mkdir()
        desks.append(Desk(tmp_path / member[:2], hub, member, f"{member}/DUTY-1"))
        desks[-1].sync()
    kz, uz = desks
    [sent] = send(kz, tmp_path, "routine")
    upload(kz, uz)
    [blob] = kz.store.attachments.all(BlobState.SENT)
    uz.confirm()
    digest, index, path = sent.digest or "", sent.outgoing.index or 0, uz.store.path
    uz.store.attachments.put(StoredBlob(blob.digest, BlobState.KEPT, urgent=False, size=blob.size, at_ms=1))
    uz.store.close()
    process = server().Process(target=_delete, args=(path, index), kwargs={"committed": committed})
    process.start()
    process.join(60)
    assert process.exitcode == -signal.SIGKILL
    with open_store(path) as store:
        item = store.items.get(digest)
        assert item is not None
        assert (item.content is None, store.deletions.get(digest) is not None) == (committed, committed)
        assert store.spool.size(blob.digest) is not None
        known = {each.digest for each in store.attachments.all()}
        assert store.spool.sweep(known, time.time() + 1) == int(committed)
        if not committed:
            assert delete_dispatch(_client(store), SpokenNumber(index, None), "order 17", None).files == 1
        assert store.spool.size(blob.digest) is None
        assert not store.alarms.raised()
