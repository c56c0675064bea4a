"""Private servers of the peers: on loopback, on ports that nobody else uses, in a temporary folder.

They are found where Debian puts them, started as children, and ended by their process ids.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

LOOPBACK = "127.0.0.1"
_START_S = 60.0
_STOP_S = 30.0


class MissingServerError(Exception):
    """A server is not installed; the message names it and says how to get it."""


class ServerError(Exception):
    """A server did not start."""


def find_program(name: str, package: str, pattern: str | None = None, root: Path = Path("/")) -> str:
    """Where a program is.

    Args:
        name: of the program.
        package: of Debian, that has it.
        pattern: where else to look below ``root``, a glob; looked for there alone if it is given.
        root: of the file system.

    Raises:
        MissingServerError: it is nowhere.
    """
    found = shutil.which(name) if pattern is None else next(map(str, sorted(root.glob(pattern))), None)
    if found is None:
        raise MissingServerError(f"{name} is not installed; try: apt-get install -y {package}")
    return found


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as one:
        one.bind((LOOPBACK, 0))
        port: int = one.getsockname()[1]
        return port


@contextmanager
def serve(command: Sequence[str], folder: Path, port: int, env: Mapping[str, str] | None = None) -> Iterator[int]:
    """A server that listens, for as long as the block runs; its output goes to a file in its folder.

    Args:
        command: what to start; it must not leave its process.
        folder: where it works.
        port: that it will listen on.
        env: added to the environment.

    Yields:
        Its process id.

    Raises:
        ServerError: it ended, or does not listen in time.
    """
    log = folder / f"{Path(command[0]).name}.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            command, cwd=folder, env={**os.environ, **(env or {})}, stdin=subprocess.DEVNULL, stdout=out, stderr=out
        )
        try:
            _wait_until_listens(process, port, log)
            yield process.pid
        finally:
            _end(process)


def _wait_until_listens(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    last = time.monotonic() + _START_S
    while process.poll() is None and time.monotonic() < last:
        with socket.socket() as one:
            if one.connect_ex((LOOPBACK, port)) == 0:
                return
        time.sleep(0.05)
    raise ServerError(f"{process.args!r} does not serve: {log.read_text(errors='replace')[-800:]}")


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(_STOP_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
