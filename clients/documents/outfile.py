"""Files that a command writes for people: their owner's alone, whole or not at all."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from clients.errors import ClientError, LocalCode
from clients.keys.wrapping import sync_directory


def check_free(path: Path, *, force: bool) -> None:
    """Refuse, before any work is done, to overwrite what is there.

    Raises:
        ClientError: ``output_exists``.
    """
    if os.path.lexists(path) and not force:
        raise ClientError(LocalCode.OUTPUT_EXISTS, path=path)


@contextmanager
def open_private(path: Path, *, force: bool = False) -> Iterator[BinaryIO]:
    """A file of mode 0600 that appears under its name when the block has ended well; on disk then.

    Args:
        path: its name.
        force: whether a file that is there is replaced.

    Raises:
        ClientError: ``output_exists`` if there is one and it may not be.
        OSError: it cannot be written.
    """
    check_free(path, force=force)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        if force:
            part.replace(path)
        else:
            _name(part, path)
    finally:
        part.unlink(missing_ok=True)
    sync_directory(path.parent)


def _name(part: Path, path: Path) -> None:
    """Give a whole file its name, unless there is one meanwhile: whoever made it keeps it."""
    try:
        os.link(part, path)
    except FileExistsError:
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path)) from None
    except OSError:  # a disk without links, such as most that are carried about
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        part.replace(path)
