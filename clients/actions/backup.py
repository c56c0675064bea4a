"""Copying a client, and making it again from a copy."""

from __future__ import annotations

import shutil

from clients.actions.client import Client
from clients.actions.enrolment import refuse_existing
from clients.actions.home import ClientSettings, Home
from clients.actions.progress import ShowProgress, Work, silent
from clients.errors import ClientError, LocalCode
from clients.store import BlobState, CopyMade, Store
from clients.store.spool import spool_folder

_HERE = (BlobState.SENDING, BlobState.SENT, BlobState.KEPT)


def check_target(copy: Home) -> None:
    """A backup goes into a new folder.

    Raises:
        ClientError: ``file_exists``.
    """
    if copy.path.exists():
        raise ClientError(LocalCode.FILE_EXISTS, path=copy.path)


def back_up(client: Client, copy: Home) -> int:
    """Copy a client to a new folder; the connected process may go on.

    Args:
        client: what is copied.
        copy: as `check_target` has found it.

    Returns:
        How many attachments are not in the copy, because they were not here: those that must still be uploaded go
        out from here only; others can be fetched again as long as the hub has them.
    """
    copy.make()
    with client.progress(Work.COPYING):
        client.store.copy_to(copy.store)
        missing = _copy_blobs(client.store, copy)
    copy.write_settings(client.settings)
    _copy_network(client.home, copy)
    made = CopyMade(client.state.system.clock.time_ms(), str(copy.path.resolve()))
    client.store.deletions.add_copy(made)
    return missing


def check_restore(copy: Home, home: Home) -> ClientSettings:
    """The settings of a backup, if it can be restored here.

    Raises:
        ClientError: ``file_exists`` if a client is here; `Home.read_settings` says the rest.
    """
    refuse_existing(home)
    return copy.read_settings()


def restore(copy: Home, home: Home, passphrase: str, progress: ShowProgress = silent) -> int:
    """Make a client from a backup.

    Args:
        copy: the backup.
        home: as `check_restore` has found it.
        passphrase: of the backup, and of the client then.
        progress: shows that it goes on.

    Returns:
        How many attachments the backup does not have.

    Raises:
        SeraiError: another passphrase, or the backup is damaged.
    """
    settings = check_restore(copy, home)
    with progress(Work.RESTORING), Store.open(copy.store, passphrase) as store:
        home.make()
        store.copy_to(home.store)
        missing = _copy_blobs(store, home)
    home.write_settings(settings)
    _copy_network(copy, home)
    return missing


def _copy_blobs(store: Store, target: Home) -> int:
    rows = {blob.digest for blob in store.attachments.all() if blob.state in _HERE}
    return len(store.spool.copy_to(spool_folder(target.store), rows | store.drafts.blobs()))


def _copy_network(source: Home, target: Home) -> None:
    if source.network.exists():
        shutil.copyfile(source.network, target.network)
