"""A PostgreSQL server of the tests' own: in a temporary folder, behind a Unix socket, with databases made by number.

PostgreSQL refuses to run as root; then it runs as the user that Debian's package makes, or as ``nobody``.
Nothing of the machine's own server, if there is one, is used or touched.
"""

from __future__ import annotations

import itertools
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import psycopg

from tests.support.machine import find_postgresql

USER: Final = "serai"
"""Who owns the databases."""

_START_S: Final = 60.0
_STOP_S: Final = 30.0
_OWNERS: Final = ("postgres", "nobody")


def _owner() -> dict[str, Any]:
    """As whom the server runs, for `subprocess`: nothing to change unless this is root."""
    if os.geteuid() != 0:
        return {}
    users = {entry.pw_name: entry for entry in pwd.getpwall()}
    user = next(users[name] for name in _OWNERS if name in users)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


class PostgresServer:
    """A server that runs.

    Args:
        folder: of its socket.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = itertools.count(1)

    def make_database(self) -> str:
        """Make an empty database; gives its URL."""
        name = f"test{next(self._numbers)}"
        with self._connect() as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return f"postgresql+psycopg://{USER}@/{name}?host={self._folder}"

    def cut_connections(self) -> None:
        """End every connection but this one."""
        query = "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE usename = %s AND pid <> %s"
        with self._connect() as connection:
            connection.execute(query, (USER, connection.info.backend_pid)).fetchall()

    def is_ready(self) -> bool:
        """Whether it answers."""
        try:
            self._connect().close()
        except psycopg.OperationalError:
            return False
        return True

    def _connect(self) -> psycopg.Connection:
        return psycopg.connect(host=str(self._folder), user=USER, dbname="postgres", autocommit=True)


@contextmanager
def postgres() -> Iterator[PostgresServer]:
    """A server, for as long as the block runs.

    Raises:
        AssertionError: it did not start; the message holds its log.
    """
    programs, owner = find_postgresql(), _owner()
    assert programs is not None, "PostgreSQL is not installed"
    # Not below pytest's folder: only its owner may enter that, and the path of a socket must be short.
    folder = Path(tempfile.mkdtemp(prefix="serai-postgres-"))
    if owner:
        os.chown(folder, owner["user"], owner["group"])
    try:
        data = folder / "data"
        words = ["-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]
        command: list[str | Path] = [programs / "initdb", "-D", data, *words]
        made = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, **owner)
        assert made.returncode == 0, made.stdout + made.stderr
        with _running(programs, folder, owner) as server:
            yield server
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _running(programs: Path, folder: Path, owner: dict[str, Any]) -> Iterator[PostgresServer]:
    # What the disk holds after a loss of power is not what these tests ask about.
    settings = {"listen_addresses": "", "unix_socket_directories": str(folder), "fsync": "off"}
    words = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    log = folder / "log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [programs / "postgres", "-D", folder / "data", *words],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            **owner,
        )
    try:
        server, last = PostgresServer(folder), time.monotonic() + _START_S
        while not server.is_ready():
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < last, log.read_text()
            time.sleep(0.05)
        yield server
    finally:
        process.send_signal(signal.SIGQUIT)
        process.wait(_STOP_S)
