"""Files that a member's own process writes for its officers: in one folder, for the owner alone, over nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from clients.actions.client import Client
from clients.errors import ClientError, LocalCode
from clients.formats.filenames import clean_name, numbered

_FOLDER: Final = "saved"
_MOST: Final = 1_000


def saved_folder(client: Client) -> Path:
    """The folder, within that of the client; made if it is not there.

    Raises:
        ClientError: ``open_to_others``.
        OSError: it cannot be made.
    """
    folder = client.home.path / _FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.stat().st_mode & 0o077:
        raise ClientError(LocalCode.OPEN_TO_OTHERS, path=folder, mode="700")
    return folder


def saved_path(client: Client, name: str, status: str) -> Path:
    """A name in it that nothing has yet.

    Args:
        client: whose.
        name: as it is wanted; of an exercise it begins with ``EX-``.
        status: of what is in the file.

    Raises:
        ClientError: ``output_exists`` if a thousand of that name are there.
    """
    folder, plain = saved_folder(client), clean_name(name, status=status)
    names = (plain, *(numbered(plain, count) for count in range(2, _MOST)))
    free = next((each for each in names if not (folder / each).exists() and not (folder / each).is_symlink()), None)
    if free is None:
        raise ClientError(LocalCode.OUTPUT_EXISTS, path=folder / plain)
    return folder / free
