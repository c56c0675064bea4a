"""A real disk that can be filled: a small file system of its own."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest


class SmallDisk:
    """A mounted file system.

    Args:
        path: where it is mounted.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._filler = path / "filler"

    def fill(self, but_bytes: int = 0) -> None:
        """Fill it but for so much."""
        with self._filler.open("ab", buffering=0) as file:
            try:
                while True:
                    file.write(bytes(4096))
            except OSError:
                file.truncate(max(0, file.seek(0, 2) - but_bytes))

    def fill_up(self, file: Path) -> None:
        """Take what is left in the last block of a file, on a disk that is full."""
        with file.open("ab", buffering=0) as open_file, suppress(OSError):
            while True:
                open_file.write(b"\n")

    def make_room(self) -> None:
        """Take what filled it away."""
        self._filler.unlink(missing_ok=True)


@contextmanager
def small_disk(path: Path, kib: int) -> Iterator[SmallDisk]:
    """A file system of a size, as long as the block lasts; needs root."""
    path.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={kib}k,mode=700", "tmpfs", str(path)], capture_output=True, check=False
    )
    if made.returncode:
        pytest.skip(f"no small file system can be mounted: {made.stderr.decode().strip()}")
    try:
        yield SmallDisk(path)
    finally:
        subprocess.run(["umount", "--lazy", str(path)], check=True)
