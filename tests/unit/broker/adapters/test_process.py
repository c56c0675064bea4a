"""The process as the machine sees it: what systemd is told, and what other processes may not see."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from broker.adapters.process import keep_watchdog, notify, watchdog_s


class Systemd:
    """The other end of the socket."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(str(path))
        self.socket.setblocking(False)

    def heard(self) -> list[str]:
        """All that has come."""
        found = []
        while True:
            try:
                found.append(self.socket.recv(100).decode())
            except BlockingIOError:
                return found


@pytest.fixture
def systemd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Systemd]:
    """A systemd that has started this process and waits a tenth of a second for its watchdog."""
    made = Systemd(tmp_path / "notify")
    monkeypatch.setenv("NOTIFY_SOCKET", str(made.path))
    monkeypatch.setenv("WATCHDOG_USEC", "100000")
    monkeypatch.setenv("WATCHDOG_PID", str(os.getpid()))
    yield made
    made.socket.close()


def test_systemd_is_told_if_it_waits(systemd: Systemd, monkeypatch: pytest.MonkeyPatch) -> None:
    """A line arrives; without systemd, or when it has gone, nothing happens."""
    notify("READY=1")
    assert systemd.heard() == ["READY=1"]
    systemd.path.unlink()
    notify("READY=1")
    monkeypatch.delenv("NOTIFY_SOCKET")
    notify("READY=1")
    assert systemd.heard() == []


def test_an_abstract_socket_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its name begins with an at sign for a zero."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as heard:
        heard.bind(f"\0serai-{os.getpid()}")
        monkeypatch.setenv("NOTIFY_SOCKET", f"@serai-{os.getpid()}")
        notify("WATCHDOG=1")
        assert heard.recv(100) == b"WATCHDOG=1"


@pytest.mark.parametrize(
    ("after", "pid", "seconds"),
    [
        ("30000000", None, 30.0),
        ("30000000", "own", 30.0),
        ("30000000", "1", None),
        ("0", None, None),
        ("soon", None, None),
        (None, None, None),
    ],
)
def test_the_watchdog_is_ours_or_nobodys(
    monkeypatch: pytest.MonkeyPatch, after: str | None, pid: str | None, seconds: float | None
) -> None:
    """What systemd has set counts if it is meant for this process, and makes sense."""
    for name, value in (("WATCHDOG_USEC", after), ("WATCHDOG_PID", str(os.getpid()) if pid == "own" else pid)):
        if value is None:
            monkeypatch.delenv(name, raising=False)
        else:
            monkeypatch.setenv(name, value)
    assert watchdog_s() == seconds


async def test_the_watchdog_is_fed_only_while_work_is_done(systemd: Systemd) -> None:
    """Often enough while all is well, and not once more when it is not."""
    alive = True
    task = asyncio.create_task(keep_watchdog(lambda: alive))
    await asyncio.sleep(0.2)
    assert len(systemd.heard()) >= 3
    alive = False
    await asyncio.sleep(0.05)
    systemd.heard()
    await asyncio.sleep(0.1)
    assert systemd.heard() == []
    assert not task.done()
    task.cancel()


async def test_without_a_watchdog_nothing_is_fed(systemd: Systemd, monkeypatch: pytest.MonkeyPatch) -> None:
    """It returns at once."""
    monkeypatch.delenv("WATCHDOG_USEC")
    await keep_watchdog(lambda: True)
    assert systemd.heard() == []


def test_memory_is_hidden() -> None:
    """The system then gives neither a core file nor the memory to other processes of the same user."""
    code = (
        "from broker.adapters.process import hide_memory, is_memory_hidden; "
        "print(is_memory_hidden()); hide_memory(); print(is_memory_hidden())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True"]


@pytest.mark.parametrize("package", ["broker", "clients"])
def test_whoever_holds_keys_hides_its_memory(package: str) -> None:
    """Hub and client do so before they read anything, whatever the command."""
    code = (
        "import sys; from broker.adapters.process import is_memory_hidden as hidden\n"
        f"from {package}.cli import main\n"
        "sys.argv = ['it', '--help']\n"
        "try: main()\n"
        "except SystemExit: print(hidden())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split()[-1] == "True"
