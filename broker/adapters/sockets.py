"""Unix sockets in a folder however long its path is: an address of unix(7) has 107 bytes, a path may have 4,095."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def short_address(path: Path) -> Iterator[str]:
    """An address for a socket that is short, by its folder held open; it holds within the block.

    Args:
        path: where the socket is, or will be; its folder is there.

    Raises:
        OSError: the folder cannot be opened.
    """
    folder = os.open(path.parent, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)


def listens(address: str) -> bool:
    """Whether anybody answers at a socket; one that was left behind by a process that was killed is nobody."""
    with socket.socket(socket.AF_UNIX) as probe, suppress(OSError):
        probe.connect(address)
        return True
    return False
