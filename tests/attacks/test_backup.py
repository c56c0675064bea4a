"""A copy of a hub that was cut while it was made is never put in the place of the hub."""

from __future__ import annotations

import shutil
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from broker.adapters.blobs.folder import BlobFolder
from broker.adapters.db.store import SqlStore
from broker.cli import backups
from broker.core.quota import Quota
from broker.settings import HubFolder
from schemas.addresses import Address
from schemas.encoding import decode_digest
from schemas.errors import SeraiError
from tests.support.blobs import blob_of
from tests.support.hub import make_folder
from tests.support.world import KZ, World


class CutError(Exception):
    """The machine goes down here."""


@pytest.fixture
def folder(world: World, tmp_path: Path) -> HubFolder:
    """A hub with an attachment."""
    made, blob = make_folder(tmp_path / "hub", world), blob_of()
    store, files = SqlStore(f"sqlite:///{made.database}"), BlobFolder(made.blobs)
    try:
        size = len(blob.data)
        upload = store.blobs.begin(Address(KZ), decode_digest(blob.name), size, files.new_name(), 1, Quota())
        files.write(upload.file, 0, [blob.data])
        store.blobs.complete(upload, 1)
    finally:
        store.close()
    return made


def back_up_until(folder: HubFolder, target: HubFolder, step: int) -> bool:
    """Make a backup that is cut before its n-th change on the disk; false if it has come to its end."""
    left = count(step, -1)

    def cut(change: Any) -> Any:
        def made(*what: Any, **how: Any) -> Any:
            if next(left) == 1:
                raise CutError
            return change(*what, **how)

        return made

    with pytest.MonkeyPatch.context() as patch:
        for owner, name in ((SqlStore, "backup"), (shutil, "copy2"), (shutil, "copytree"), (backups, "_sync")):
            patch.setattr(owner, name, cut(getattr(owner, name)))
        for name in ("rename", "replace", "mkdir"):
            patch.setattr(Path, name, cut(getattr(Path, name)))
        try:
            backups.make_backup(folder, target)
        except CutError:
            return True
    return False


def is_restored_whole(copy: HubFolder, place: HubFolder) -> bool:
    """Whether a hub is made of a copy; if so, demands that nothing is missing."""
    try:
        backups.take_backup(place, copy)
    except SeraiError:
        return False
    assert len(list(place.blobs.iterdir())) == 1
    assert sorted(each.name for each in place.keys.iterdir()) == sorted(each.name for each in copy.keys.iterdir())
    return True


def test_backup_that_was_cut(folder: HubFolder, tmp_path: Path) -> None:
    """Under its name is nothing until all is there; of what was cut no hub is made that lacks any."""
    target, step = HubFolder(tmp_path / "copy"), 1
    while back_up_until(folder, target, step):
        for left in tmp_path.glob("copy-*"):
            is_restored_whole(HubFolder(left), HubFolder(tmp_path / f"left-{step}"))
        if target.path.exists():
            assert is_restored_whole(target, HubFolder(tmp_path / f"named-{step}"))
        shutil.rmtree(target.path, ignore_errors=True)
        step += 1
    assert step > 10
    assert is_restored_whole(target, HubFolder(tmp_path / "restored"))
