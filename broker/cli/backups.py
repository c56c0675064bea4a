"""What ``serai-hub backup`` and ``restore`` copy: settings, keys, the database, whole or not at all, and attachments.

Attachments are copied after the database that names them, so that what a copy names was there when it was made; what
the hub has let go of meanwhile is missing, and is told as lost.

A backup is made beside its name and gets it when all of it is on the disk: one that was cut is never taken for whole.

The register is never copied: it is what notices that a database has fallen behind.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from broker.adapters.db.store import SqlStore
from broker.adapters.register import FileRegister
from broker.core.tree import RightEdge
from broker.settings import HubFolder, HubSettings
from schemas.checkpoint import parse_note
from schemas.errors import Code, SeraiError


def make_backup(place: HubFolder, copy: HubFolder) -> None:
    """Copy a hub, which may be serving, to a new folder.

    Args:
        place: the hub.
        copy: where the backup goes; nothing may be there.

    Raises:
        SeraiError: ``not_permitted`` if something is there.
    """
    settings = place.read_settings()
    if copy.path.exists():
        raise SeraiError(Code.NOT_PERMITTED, f"{copy.path} is there already; a backup goes to a new folder")
    making = HubFolder(copy.path.with_name(copy.path.name + "-unfinished"))
    if making.path.exists():  # what a backup that was cut has left
        shutil.rmtree(making.path)
    making.path.mkdir(mode=0o700, parents=True)
    _fill(place, settings, making)
    making.path.rename(copy.path)
    _sync(copy.path.parent)


def _fill(place: HubFolder, settings: HubSettings, copy: HubFolder) -> None:
    """Everything into a new folder; the settings come last, without which nothing is restored from it."""
    store = SqlStore(place.database_url(settings))
    try:
        store.backup(copy.database)
    finally:
        store.close()
    copy.database.chmod(0o600)
    _sync(copy.database)
    shutil.copytree(place.keys, copy.keys)
    copied = SqlStore(f"sqlite:///{copy.database.absolute()}")
    try:
        _copy_blobs(copied, place, copy)
    finally:
        copied.close()
    shutil.copy2(place.settings_file, copy.settings_file)
    for path in (*copy.keys.iterdir(), copy.keys, copy.blobs, copy.settings_file, copy.path):
        _sync(path)


def _copy_blobs(store: SqlStore, source: HubFolder, target: HubFolder) -> None:
    """Copy the files that a database names as whole, and that the target lacks."""
    target.blobs.mkdir(mode=0o700, exist_ok=True)
    for blob in store.blobs.all():
        file, copy = source.blobs / blob.file, target.blobs / blob.file
        if not blob.whole or not file.exists() or (copy.exists() and copy.stat().st_size == blob.size):
            continue
        fresh = copy.with_suffix(".new")
        shutil.copy2(file, fresh)
        _sync(fresh)
        fresh.replace(copy)


def _sync(path: Path) -> None:
    """A file, or the names in a folder, on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def take_backup(place: HubFolder, copy: HubFolder) -> None:
    """Put the database of a backup into a hub that does not serve; a hub that is not there yet is made of it.

    Args:
        place: the hub.
        copy: the backup.

    Raises:
        SeraiError: ``not_found`` if there is no backup, ``not_permitted`` if the database is not in the hub's
            folder, ``damaged`` if the backup is not whole, ``hub_not_ready`` if a hub is using the folder.
    """
    if not (copy.database.exists() and copy.settings_file.exists()):
        raise SeraiError(Code.NOT_FOUND, f"no backup in {copy.path}")
    if not place.settings_file.exists():
        place.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        shutil.copytree(copy.keys, place.keys)
        shutil.copy2(copy.settings_file, place.settings_file)
    if place.read_settings().database:
        raise SeraiError(Code.NOT_PERMITTED, "this hub's database is not in its folder; restore it with its own tools")
    _put_database(place, copy)


def _check_database(path: Path) -> None:
    """Refuse a copy that is no whole database, before it takes the place of one; it is on disk after."""
    store = SqlStore(f"sqlite:///{path.absolute()}")
    try:
        head = store.head()
        if head.size and RightEdge.load(head.size, store).frontier.root() != parse_note(head.note).checkpoint.root:
            raise SeraiError(Code.DAMAGED, "the backup's tree is not that of its checkpoint")
    finally:
        store.close()
    _sync(path)


def _put_database(place: HubFolder, copy: HubFolder) -> None:
    """Replace the database file; the register's lock is taken first, so no hub is using it.

    The old one goes only once the new one is whole beside it.
    """
    register = FileRegister(place.register)
    fresh = place.database.with_name(place.database.name + "-new")
    try:
        shutil.copy2(copy.database, fresh)
        _check_database(fresh)
        for suffix in ("-wal", "-shm"):
            place.database.with_name(place.database.name + suffix).unlink(missing_ok=True)
        fresh.replace(place.database)
        store = SqlStore(f"sqlite:///{place.database.absolute()}")
        try:
            _copy_blobs(store, copy, place)
        finally:
            store.close()
    finally:
        fresh.unlink(missing_ok=True)
        register.close()
